"""Rosters as they arrived: kept as they are, read row by row, previewed, committed, undone."""
