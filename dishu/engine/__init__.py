"""What follows from the facts: pure functions over tables, no clock, no web."""
