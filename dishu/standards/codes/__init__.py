"""Codes everybody shares: places by day (`divisions`), industries (`industry`) and the forms' lists (`kinds`)."""

from dishu.standards.codes.kinds import KINDS

__all__ = ["KINDS"]
