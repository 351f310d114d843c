"""Members, organizations, who belongs where since when, and which units are covered."""
