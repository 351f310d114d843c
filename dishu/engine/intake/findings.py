"""The problems found in a sheet, row by row, gathered column-wise and told in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pyarrow as pa

from dishu.engine.intake.columns import Column
from dishu.engine.intake.result import PROBLEMS
from dishu.engine.intake.value import Value
from dishu.standards import ids, problems
from dishu.standards.forms import Field

Facts = Mapping[str, object]
_Told = tuple[str, str, str, str, str]
_MASKS: Final = {"citizen_id": ids.mask_citizen_id, "phone": ids.mask_phone, "name": ids.mask_name}
_SHOWN_LENGTH: Final = 40
_WORDS: Final = ("code", "severity", "text", "mend", "value")
_NO_FACTS: Final[Facts] = MappingProxyType({})


class Findings:
    """Problems of a sheet; `refused` says which rows of the block at hand go back."""

    def __init__(self) -> None:
        self._pieces: list[pa.Table] = []
        self._first = 1
        self.refused: Any = np.zeros(0, dtype=bool)

    def begin(self, first: int, rows: int) -> None:
        """Start a block of `rows` rows; `first` is the number of its first row in the sheet."""
        self._first = first
        self.refused = np.zeros(rows, dtype=bool)

    def cells(self, field: Field, title: str, column: Column, heeded: Any) -> None:
        """The problems of a typed column, in the rows `heeded`."""
        at = np.flatnonzero((column.found_at > 0) & heeded)
        if len(at):
            told = [_tell(field, title, text, value) for text, value in column.found[1:]]
            self._add(at, field.name, title, told, column.found_at[at] - 1)

    def rows(
        self, at: Any, code: str, field: str = "", title: str = "", severity: str = "", facts: Facts = _NO_FACTS
    ) -> None:
        """One problem of the rows at places `at` of the block; `facts` fill its text."""
        if len(at):
            text, mend = problems.tell(code, **{"title": title, **facts})
            told = [(code, severity or problems.problem(code).severity, text, mend, "")]
            self._add(at, field, title, told, np.zeros(len(at), dtype=np.int64))

    def each(self, at: Any, code: str, firsts: list[str], field: str = "", title: str = "", severity: str = "") -> None:
        """One problem of several rows, each with its own earlier row (`firsts`)."""
        said = severity or problems.problem(code).severity
        told = [(code, said, *problems.tell(code, title=title, first_row=first), "") for first in firsts]
        if told:
            self._add(np.asarray(at), field, title, told, np.arange(len(told)))

    def _add(self, at: Any, field: str, title: str, told: list[_Told], which: Any) -> None:
        going_back: Any = np.fromiter((words[1] == "refused" for words in told), dtype=bool, count=len(told))
        self.refused[at[going_back[which]]] = True
        take = pa.array(which)
        columns = {"row": pa.array(at + self._first, pa.int64())}
        columns |= {name: _same(text, len(at)) for name, text in (("field", field), ("column_title", title))}
        for name, texts in zip(_WORDS, zip(*told, strict=True), strict=True):
            columns[name] = pa.array(texts, pa.string()).take(take)
        self._pieces.append(pa.table(columns))

    def table(self, source_file: str, sheet: str) -> pa.Table:
        """All problems, by row, as `PROBLEMS`."""
        if not self._pieces:
            return PROBLEMS.empty_table()
        found = pa.concat_tables(self._pieces).sort_by("row")
        columns = {"source_file": _same(source_file, found.num_rows), "sheet": _same(sheet, found.num_rows)}
        columns |= {name: found[name] for name in found.column_names}
        return pa.table(columns).select(PROBLEMS.names).cast(PROBLEMS)


def _same(text: str, rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), rows)


def _tell(field: Field, title: str, text: str, value: Value) -> _Told:
    """What is said of a cell: persons' numbers and names only masked, so that lists of problems can be passed on."""
    code = value.code or ""
    severity = problems.problem(code).severity
    shown = _MASKS[field.type](text) if field.type in _MASKS else text[:_SHOWN_LENGTH]
    choices = "、".join(words[0] for words in field.choices.values())
    told = problems.tell(code, title=title, value=shown, reason=value.reason, choices=choices)
    return code, field.invalid if severity == "layout" else severity, *told, shown
