"""The tree of places and its changes: who lay where, when, by which document."""
