"""Rows that are no records: blank, sums, signatures below the table, the header printed again, cells too many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dishu.engine.intake.findings import Findings
from dishu.engine.intake.header import Head, key

_SUM: Final = frozenset({"合计", "总计", "小计", "共计", "本页合计", "本页小计"})
# Cheap tests over whole columns first; few cells are left to look at.
_MAYBE_SUM: Final = r"[合总小共]\s*计"
_FOOTER: Final = (
    r"^\s*(?:(?:填表|制表|填报|审核|复核|报送|统计|单位负责)(?:人|单位|日期|时间)?\s?[:：]|(?:注|说明|备注)[:：])"
)
# Sums and signatures stand at the left; further right the same words may be a remark about a record.
_LEFT: Final = 3


def blank_rows(cells: pa.Table) -> Any:
    """Which rows hold nothing but blanks."""
    blank: Any = np.ones(cells.num_rows, dtype=bool)
    for column in cells.columns:
        filled = pc.greater(pc.utf8_length(pc.utf8_trim_whitespace(column)), 0)
        blank &= ~pc.fill_null(filled, False).to_numpy()
    return blank


def find(cells: pa.Table, head: Head, delimited: bool, findings: Findings) -> Any:
    """Which rows are no records; each is noted as refused with its own code.

    In a `delimited` text file a cell too many shifts the others; in a workbook it is a word beside the table.
    """
    left = cells.columns[:_LEFT]
    kinds = {
        "total_row": _any(left, _is_sum),
        "footer_row": _any(left, lambda column: pc.match_substring_regex(column, _FOOTER)),
        "header_again": _header_again(cells, head),
    }
    if delimited:
        kinds["cells_shifted"] = _too_many(cells, head.width)
    aside: Any = np.zeros(cells.num_rows, dtype=bool)
    for code, rows in kinds.items():
        findings.rows(np.flatnonzero(rows & ~aside), code)
        aside |= rows
    return aside


def _any(columns: list[pa.ChunkedArray], test: Callable[[pa.ChunkedArray], pa.ChunkedArray]) -> Any:
    found: Any = np.zeros(len(columns[0]), dtype=bool)
    for column in columns:
        found |= pc.fill_null(test(column), False).to_numpy()
    return found


def _is_sum(column: pa.ChunkedArray) -> pa.ChunkedArray:
    maybe = column.filter(pc.match_substring_regex(column, _MAYBE_SUM)).unique().to_pylist()
    return pc.is_in(column, value_set=pa.array([text for text in maybe if key(text) in _SUM], pa.string()))


def _header_again(cells: pa.Table, head: Head) -> Any:
    """Rows where every column with a field shows that column's own title."""
    rows: Any = np.ones(cells.num_rows, dtype=bool)
    for place, (title, field) in enumerate(zip(head.titles, head.fields, strict=True)):
        if field and place < cells.num_columns:
            same = pc.equal(cells.column(place), title)
            rows &= pc.fill_null(same, False).to_numpy()
    return rows


def _too_many(cells: pa.Table, width: int) -> Any:
    """Rows with something right of the last column of the header."""
    beyond = cells.columns[width:]
    if not beyond:
        return np.zeros(cells.num_rows, dtype=bool)
    return ~blank_rows(pa.table(beyond, names=[str(place) for place in range(len(beyond))]))
