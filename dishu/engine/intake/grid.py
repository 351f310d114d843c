"""A sheet as text cells, before anyone knows what it means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

Row = list[str | None]
HEAD_ROWS = 30
BLOCK_ROWS = 65_536


@dataclass(frozen=True)
class Marks:
    """Cells of a sheet that its text does not show: formulas without value, spoilt numbers, error values.

    For each problem code two arrays: row (1 is the first of the sheet) and column (0 is the first of the grid).
    """

    by_code: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def in_column(self, code: str, column: int) -> Any:
        """Rows of one column that carry the mark, ascending."""
        rows, columns = self.by_code.get(code, (np.empty(0, np.int64), np.empty(0, np.int64)))
        return np.unique(rows[columns == column])


@dataclass(frozen=True)
class Block:
    """Some rows of a sheet as text columns c0, c1, … (null: empty cell); `first` is the number of the first row."""

    first: int
    cells: pa.Table


class Grid(Protocol):
    """A sheet: its name ("" in a text file), its first rows (of one width), and all rows in blocks.

    `floats`: numbers cannot be told from text. `delimited`: cells are told apart by a separator.
    """

    name: str
    floats: bool
    delimited: bool

    @property
    def head(self) -> list[Row]:
        """The first rows, at most `HEAD_ROWS`."""

    @property
    def marks(self) -> Marks:
        """Cells with something the text does not show."""

    def blocks(self) -> Iterator[Block]:
        """All rows, from row 1."""


def column_names(width: int) -> list[str]:
    """The names of text columns.

    >>> column_names(3)
    ['c0', 'c1', 'c2']
    """
    return [f"c{place}" for place in range(width)]
