"""Rows that come again: the whole row, or only a code that should stand once."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from dishu.engine.intake.findings import Findings
from dishu.standards import problems
from dishu.standards.forms import Check, Layout

_MIXER: Final = np.uint64(0x9E3779B97F4A7C15)
_SHIFT: Final = np.uint64(29)
# (sheet, row) of the first time something was seen, in one number: a file has fewer than 2**32 rows.
_ROW_BITS: Final = 32


class Repeats:
    """What one file has shown so far; sheets of one layout share it."""

    def __init__(self) -> None:
        self._sheets: list[str] = []
        self._rows: dict[int, int] = {}
        self._codes: dict[str, dict[str, int]] = {}

    def begin(self, sheet: str) -> None:
        """Start a sheet."""
        self._sheets.append(sheet)

    def rows(self, marks: list[Any], first: int, heeded: Any, findings: Findings) -> None:
        """Refuse rows whose columns all have the same marks as an earlier row (see `columns.Column.marks`)."""
        at = np.flatnonzero(heeded)
        again, firsts = self._again(self._rows, at, _mixed(marks)[at].tolist(), first)
        findings.each(again, "duplicate_row", firsts)

    def codes(self, layout: Layout, columns: dict[str, pa.Array], first: int, findings: Findings) -> None:
        """Remark codes that an earlier row has too, among the rows that are not refused."""
        for check in layout.checks:
            if check.kind == "unique":
                self._code(layout, check, columns, first, findings)

    def _code(self, layout: Layout, check: Check, columns: dict[str, pa.Array], first: int, findings: Findings) -> None:
        name = check.use["field"]
        values = columns[name]
        at = np.flatnonzero(~findings.refused & values.is_valid().to_numpy(zero_copy_only=False))
        seen = self._codes.setdefault(name, {})
        again, firsts = self._again(seen, at, values.take(pa.array(at)).to_pylist(), first)
        findings.each(again, check.code, firsts, name, layout.field(name).title, check.severity)

    def _again(self, seen: dict[Any, int], at: Any, keys: list[Any], first: int) -> tuple[list[int], list[str]]:
        here = (len(self._sheets) - 1) << _ROW_BITS
        again, firsts = [], []
        for place, key in zip(at.tolist(), keys, strict=True):
            own = here + first + place
            before = seen.setdefault(key, own)
            if before != own:
                again.append(place)
                firsts.append(self._name(before))
        return again, firsts

    def _name(self, seen: int) -> str:
        sheet, row = seen >> _ROW_BITS, seen & ((1 << _ROW_BITS) - 1)
        same = sheet == len(self._sheets) - 1
        here = problems.ROW.format(row=row)
        return here if same else f"工作表“{self._sheets[sheet]}”{here}"


def _mixed(marks: list[Any]) -> Any:
    """One number per row out of the marks of its columns; order of columns counts."""
    mixed: Any = np.zeros(len(marks[0]), dtype=np.uint64)
    for mark in marks:
        mixed = (mixed ^ mark) * _MIXER
        mixed ^= mixed >> _SHIFT
    return mixed
