"""Figures, the rows behind them, editions: what is read, compared, sealed and reported."""
