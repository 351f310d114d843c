"""Find the same person or unit across rosters: rules first, a held model for the rest, doubt left to people."""
