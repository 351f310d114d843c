"""What comes out of a file: typed rows, problems, refused rows, notes; and the word when it cannot be read at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from dishu.standards import problems
from dishu.standards.forms import Field, Layout

PROBLEMS = pa.schema(
    [("source_file", pa.string()), ("sheet", pa.string()), ("row", pa.int64()), ("field", pa.string())]
    + [(name, pa.string()) for name in ("column_title", "code", "severity", "text", "mend", "value")]
)
_ARROW = {"date": pa.date32(), "int": pa.int64(), "wan": pa.int64(), "bool": pa.bool_()}


class FileRefused(Exception):
    """A file that cannot be taken in: `code` and, in Chinese, what is wrong (`text`) and how to `mend` it."""

    def __init__(self, code: str, path: Path, **facts: object) -> None:
        self.code, self.path = code, path
        self.text, self.mend = problems.tell(code, **facts)
        super().__init__(f"{path.name}：{self.text}。{self.mend}。")


@dataclass(frozen=True)
class Note:
    """A remark about a sheet: skipped, a column not used, a unit taken for granted."""

    sheet: str
    code: str
    text: str
    mend: str

    @classmethod
    def of(cls, code: str, sheet: str, **facts: object) -> Note:
        """The note called `code` in the catalogue.

        >>> Note.of("sheet_hidden", "底稿").text
        '工作表“底稿”是隐藏的，没有读取'
        """
        return cls(sheet, code, *problems.tell(code, sheet=sheet, **facts))


@dataclass(frozen=True)
class Roster:
    """One sheet taken in.

    `table` holds the rows that go on, typed, with source_file, source_sheet, source_row (as a table program counts).
    `refused` holds the others as written: source_row and one text column per column of the file (c0, c1, …), under
    `header`, the header rows as written; `fields` says which field each of those columns was taken for. `rows` = rows of `table` + rows of `refused` + `blank_rows`.
    """

    layout: Layout
    path: Path
    sheet: str
    table: pa.Table
    problems: pa.Table
    refused: pa.Table
    header: tuple[tuple[str | None, ...], ...]
    fields: tuple[str | None, ...]
    rows: int
    blank_rows: int
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class ProposedColumn:
    """A column of a sheet: its title, the field it is taken for (None: not used), some values as written."""

    title: str
    field: str | None
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """What a sheet is taken for; `missing` are the titles of required columns that are not there."""

    sheet: str
    layout: str
    header_row: int
    columns: tuple[ProposedColumn, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class RosterFile:
    """A file taken in: its rosters, one for each sheet read, what is to be said about it, what each sheet was taken for."""

    path: Path
    rosters: tuple[Roster, ...]
    notes: tuple[Note, ...]
    proposals: tuple[Proposal, ...] = ()


def arrow_type(field: Field) -> pa.DataType:
    """The Arrow type of a column: date32, int64 (whole numbers; yuan), bool, else string."""
    return _ARROW.get(field.type, pa.string())


def table_schema(layout: Layout) -> pa.Schema:
    """The columns of a typed roster.

    All columns of the layout, `<name>_written` after those that keep what could not be read, then the source.

    >>> from dishu.standards import forms
    >>> table_schema(forms.layout("plan")).names
    ['plan', 'name', 'unit_code', 'frozen_on', 'deadline', 'source_file', 'source_sheet', 'source_row']
    """
    columns: list[tuple[str, pa.DataType]] = []
    for field in layout.fields:
        columns.append((field.name, arrow_type(field)))
        if field.keep_written:
            columns.append((f"{field.name}_written", pa.string()))
    return pa.schema(
        [*columns, ("source_file", pa.string()), ("source_sheet", pa.string()), ("source_row", pa.int64())]
    )


def rows_of(rosters: Iterable[Roster], layout: Layout) -> pa.Table:
    """The rows that go on of all rosters of one layout, in one table (empty where there is none)."""
    tables = [roster.table for roster in rosters if roster.layout.name == layout.name]
    return pa.concat_tables(tables) if tables else table_schema(layout).empty_table()


def problems_of(rosters: Iterable[Roster]) -> pa.Table:
    """The problems of all rosters in one table (columns as `PROBLEMS`)."""
    return pa.concat_tables([PROBLEMS.empty_table(), *(roster.problems for roster in rosters)])
