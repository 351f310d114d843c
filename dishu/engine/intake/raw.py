"""A file as it is: its first sheet as text under its own titles, for questions that need no layout."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from dishu.engine.intake import files
from dishu.engine.intake.asides import blank_rows
from dishu.engine.intake.grid import Grid, Row
from dishu.engine.intake.guard import Limits
from dishu.engine.intake.header import SEARCHED_ROWS, Head
from dishu.engine.intake.result import FileRefused
from dishu.engine.intake.text import clean


def raw(path: Path, limits: Limits | None = None) -> pa.Table:
    """The first visible sheet that holds anything: text columns by title, `_row` the row number in the sheet.

    The header is the one a layout would find, else the first row at least half as full as the fullest; cells are
    left as written, blank rows are left out, columns without title too. Raises FileRefused as `files.read`.
    """
    for grid, head in files.sheets(path, None, None, limits or Limits(), []):
        return _table(grid, *_titles(grid.head, head))
    raise FileRefused("file_empty", path)


def _titles(rows: list[Row], head: Head | None) -> tuple[Sequence[str], int]:
    """The titles and the number of the row below them."""
    if head:
        return head.titles, head.row + head.depth
    filled = [sum(1 for cell in row if cell) for row in rows[:SEARCHED_ROWS]]
    at = next(at for at, cells in enumerate(filled) if cells * 2 >= max(filled))
    return [clean(cell) for cell in rows[at]], at + 2


def _table(grid: Grid, titles: Sequence[str], first: int) -> pa.Table:
    names = dict.fromkeys(title for title in titles if title)
    schema = pa.schema([*((name, pa.string()) for name in names), ("_row", pa.int64())])
    tables = [schema.empty_table()]
    for block in grid.blocks():
        cells = block.cells.slice(max(0, first - block.first))
        numbers: Any = np.arange(cells.num_rows) + max(first, block.first)
        columns = {name: _cells(cells, titles.index(name)) for name in names}
        table = pa.table({**columns, "_row": pa.array(numbers, pa.int64())}, schema=schema)
        tables.append(table.filter(pa.array(~blank_rows(cells))))
    return pa.concat_tables(tables)


def _cells(cells: pa.Table, place: int) -> pa.ChunkedArray | pa.Array:
    return cells.column(place) if place < cells.num_columns else pa.nulls(cells.num_rows, pa.string())
