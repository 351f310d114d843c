"""Dishu (底数): the true base of Party building in the non-public sector."""

__version__ = "0.1.0"
