"""A sheet with a known header made a roster: every row goes on, goes back or is blank, none is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from dishu.engine.intake import asides, checks
from dishu.engine.intake.columns import Column, marks_of_text, read_column
from dishu.engine.intake.findings import Findings
from dishu.engine.intake.grid import Block, Grid, Marks, column_names
from dishu.engine.intake.header import Head, is_ignored, key, titles_of, unit_of
from dishu.engine.intake.numbers import WAN
from dishu.engine.intake.readers import Reader, reader_for
from dishu.engine.intake.repeats import Repeats
from dishu.engine.intake.result import Note, Roster, arrow_type, table_schema
from dishu.standards.forms import Field


@dataclass(frozen=True)
class _Plan:
    """What to do with each column: read it as a field, compare rows by it, or nothing."""

    place: int
    title: str
    field: Field | None
    read: Reader | None
    compared: bool


@dataclass
class _Sheet:
    """A roster in the making."""

    path: Path
    head: Head
    name: str
    floats: bool
    delimited: bool
    marks: Marks
    repeats: Repeats
    plans: list[_Plan]
    findings: Findings = field(default_factory=Findings)
    good: list[pa.Table] = field(default_factory=list)
    refused: list[pa.Table] = field(default_factory=list)
    rows: int = 0
    blank: int = 0

    def take(self, block: Block) -> None:
        """Take in the rows of a block that lie below the header."""
        skipped = max(0, self.head.row + self.head.depth - block.first)
        cells, first = block.cells.slice(skipped), block.first + skipped
        rows = cells.num_rows
        if rows <= 0:
            return
        self.findings.begin(first, rows)
        blank = asides.blank_rows(cells)
        heeded = ~blank & ~asides.find(cells, self.head, self.delimited, self.findings)
        columns = self._typed(cells, first, heeded)
        checks.run(self.head.layout, columns, heeded, self.findings)
        self.repeats.codes(self.head.layout, columns, first, self.findings)
        self._keep(cells, columns, first, blank)

    def _typed(self, cells: pa.Table, first: int, heeded: Any) -> dict[str, pa.Array]:
        """The block's typed columns by name; problems noted, repeated rows found."""
        rows, layout = cells.num_rows, self.head.layout
        columns = {entry.name: pa.nulls(rows, arrow_type(entry)) for entry in layout.fields}
        marks = []
        for plan in self.plans:
            text = _column(cells, plan.place)
            if plan.field and plan.read:
                column = read_column(plan.field, text, plan.read, self.floats)
                spoilt = self._marked(plan.field, plan, first, heeded)
                self.findings.cells(plan.field, plan.title, column, heeded & ~spoilt)
                columns |= _named(plan.field, column)
                marks.append(column.marks)
            elif plan.compared:
                marks.append(marks_of_text(text))
        self.repeats.rows(marks, first, heeded, self.findings)
        return columns

    def _marked(self, entry: Field, plan: _Plan, first: int, heeded: Any) -> Any:
        """Note what only the workbook's own XML shows of this column; the rows whose cell is not worth reading."""
        spoilt: Any = np.zeros(len(heeded), dtype=bool)
        for code in ("formula_without_value", "cell_error", "number_lost_digits"):
            if code == "number_lost_digits" and entry.type in ("int", "wan", "date", "bool"):
                continue
            at = self.marks.in_column(code, plan.place) - first
            at = at[(at >= 0) & (at < len(heeded))]
            at = at[heeded[at]]
            self.findings.rows(at, code, entry.name, plan.title)
            if code != "cell_error":  # an error value is an empty cell, which may be a problem of its own
                spoilt[at] = True
        return spoilt

    def _keep(self, cells: pa.Table, columns: dict[str, pa.Array], first: int, blank: Any) -> None:
        refused = self.findings.refused
        numbers = np.arange(first, first + cells.num_rows)
        self.rows += cells.num_rows
        self.blank += int(blank.sum())
        schema = table_schema(self.head.layout)
        good = pa.array(~blank & ~refused)
        columns = columns | {
            "source_file": pa.repeat(pa.scalar(self.path.name), cells.num_rows),
            "source_sheet": pa.repeat(pa.scalar(self.name), cells.num_rows),
            "source_row": pa.array(numbers, pa.int64()),
        }
        for name in schema.names:
            if name not in columns:
                columns[name] = pa.nulls(cells.num_rows, pa.string())
        self.good.append(pa.table(columns).select(schema.names).cast(schema).filter(good))
        if refused.any():
            back = pa.array(refused)
            self.refused.append(cells.append_column("source_row", pa.array(numbers, pa.int64())).filter(back))


def read_sheet(path: Path, grid: Grid, head: Head, repeats: Repeats) -> Roster:
    """Take in all rows below the header of a sheet."""
    repeats.begin(grid.name)
    sheet = _Sheet(path, head, grid.name, grid.floats, grid.delimited, grid.marks, repeats, _plans(head, grid.floats))
    for block in grid.blocks():
        sheet.take(block)
    notes = _notes(head, grid.name)
    if sheet.rows == sheet.blank:
        notes.append(Note.of("sheet_no_rows", grid.name))
    return Roster(
        layout=head.layout,
        path=path,
        sheet=grid.name,
        table=pa.concat_tables([table_schema(head.layout).empty_table(), *sheet.good]),
        problems=sheet.findings.table(path.name, grid.name),
        refused=_stacked(sheet.refused, len(head.titles)),
        fields=tuple(field.name if field else None for field in head.fields),
        header=tuple(tuple(row) for row in grid.head[head.row - 1 : head.row - 1 + head.depth]),
        rows=sheet.rows,
        blank_rows=sheet.blank,
        notes=tuple(notes),
    )


def _plans(head: Head, floats: bool) -> list[_Plan]:
    """The columns in the order of their fields, so that rows compare alike wherever a column stands."""
    plans = []
    for place, (title, entry) in enumerate(zip(head.titles, head.fields, strict=True)):
        read = reader_for(entry, unit_of(title) or WAN, floats) if entry else None
        plans.append(_Plan(place, title, entry, read, compared=bool(title) and not is_ignored(title)))
    return sorted(plans, key=lambda plan: (plan.field.name if plan.field else "", key(plan.title)))


def _notes(head: Head, sheet: str) -> list[Note]:
    """Columns not used, and money whose unit is taken for granted."""
    known = titles_of(head.layout)
    notes = []
    for place in head.unused:
        code = "column_twice" if key(head.titles[place]) in known else "column_unknown"
        notes.append(Note.of(code, sheet, title=head.titles[place], layout=head.layout.title))
    for title, entry in zip(head.titles, head.fields, strict=True):
        if entry and entry.type == "wan" and unit_of(title) is None:
            notes.append(Note.of("unit_assumed", sheet, title=title, unit="万元"))
    return notes


def _column(cells: pa.Table, place: int) -> pa.Array:
    if place >= cells.num_columns:
        return pa.nulls(cells.num_rows, pa.string())
    return pa.concat_arrays(cells.column(place).chunks) if cells.num_rows else pa.array([], pa.string())


def _named(entry: Field, column: Column) -> dict[str, pa.Array]:
    named = {entry.name: column.values}
    return named | {f"{entry.name}_written": column.written} if entry.keep_written else named


def _stacked(tables: list[pa.Table], width: int) -> pa.Table:
    """The refused rows of all blocks: source_row, then as many text columns as the widest row has cells."""
    width = max([width, *(table.num_columns - 1 for table in tables)])
    names = ["source_row", *column_names(width)]
    schema = pa.schema([(name, pa.int64() if name == "source_row" else pa.string()) for name in names])
    whole = pa.concat_tables([schema.empty_table(), *tables], promote_options="default")
    return whole.select(names).cast(schema)
