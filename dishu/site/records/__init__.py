"""Records on screen and paper: lists of units, members and organizations, each record with its history, its editing, its form."""
