"""What follows from the facts: pure functions over tables, no clock, no web."""

from __future__ import annotations

import sys
from typing import Any

import pyarrow as pa


class _NoPandas:
    """What finds that pandas is not installed."""

    def find_spec(self, name: str, *_: Any) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name=name)


def _first_array() -> None:
    """Let Arrow make its first array as if pandas were not installed.

    It looks for it then, and would load it: 30 MB and a quarter of a second, for which nothing here has a use. Whoever
    asks Arrow for a data frame afterwards still gets one.
    """
    if "pandas" not in sys.modules:
        nothing: Any = _NoPandas()
        sys.meta_path.insert(0, nothing)
        try:
            pa.array([])
        finally:
            sys.meta_path.remove(nothing)


_first_array()
