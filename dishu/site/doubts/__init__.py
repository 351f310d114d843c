"""Records that may be one and the same: the doubtful pairs, and what people decided of them, remembered."""
