"""How many are missing: coverage and totals from lists that were made independently, always with their range."""
