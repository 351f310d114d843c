"""Long work from a terminal."""
