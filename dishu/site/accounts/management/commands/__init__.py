"""The first accounts from a terminal."""
