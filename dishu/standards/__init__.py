"""What the rules say: plain Python and data, every value dated and sourced."""
