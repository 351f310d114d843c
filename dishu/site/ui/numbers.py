"""Whole numbers as addresses and forms carry them: a key, a page; nothing that is typed there breaks a page."""

from __future__ import annotations

#: No key of the database is larger.
LAST = 2**63 - 1
_PAGES = 100_000


def number(text: str) -> int | None:
    """The number written, nothing where it is none; what is larger than any key is the largest."""
    if not text.isdecimal():
        return None
    return min(int(text), LAST) if len(text) < len(str(LAST)) + 1 else LAST


def page(text: str) -> int:
    """The page asked for, the first where none is."""
    return max(1, min(number(text) or 1, _PAGES))
