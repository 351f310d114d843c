"""Memory that is free again goes back to the system, where much was needed for a short time."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any


def give_back() -> None:
    """Let go of what the allocator keeps for later: after many columns of many sizes, as much again as is in use.

    Takes milliseconds; does nothing where the system's library cannot.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Any:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):  # not the GNU library; on Windows there is none of this name
        return None
