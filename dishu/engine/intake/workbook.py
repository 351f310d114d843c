"""Workbooks (.xlsx, .xls) and Parquet: every cell as text, hidden sheets left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import fastexcel
import pyarrow as pa
import pyarrow.parquet as pq

from dishu.engine.intake.grid import BLOCK_ROWS, HEAD_ROWS, Block, Marks, Row, column_names
from dishu.engine.intake.guard import Limits
from dishu.engine.intake.marks import scan
from dishu.engine.intake.parts import sheet_parts
from dishu.engine.intake.result import FileRefused, Note


class WorkbookSheet:
    """One visible sheet of a workbook (a `grid.Grid`)."""

    delimited = False

    def __init__(self, name: str, cells: pa.Table, marks: Marks, floats: bool) -> None:
        self.name, self.marks, self.floats = name, marks, floats
        self._cells = cells

    @cached_property
    def head(self) -> list[Row]:
        """The first rows."""
        first = self._cells.slice(0, HEAD_ROWS)
        return [list(row) for row in zip(*(column.to_pylist() for column in first.columns), strict=True)]

    def blocks(self) -> Iterator[Block]:
        """All rows, from row 1."""
        for start in range(0, self._cells.num_rows, BLOCK_ROWS):
            yield Block(start + 1, self._cells.slice(start, BLOCK_ROWS))


def open_xlsx(path: Path, limits: Limits, notes: list[Note]) -> Iterator[WorkbookSheet]:
    """The visible sheets that hold anything, one after the other; `notes` gets a word on the others.

    Raises FileRefused: file_truncated, file_unreadable, zip_bomb.
    """
    parts = sheet_parts(path)
    book = _guarded(path, lambda: fastexcel.read_excel(path))
    for name, part in parts.items():
        if not part.visible:
            notes.append(Note.of("sheet_hidden", name))
        elif part.entry is None:
            notes.append(Note.of("sheet_empty", name))
        else:
            marks = scan(path, part.entry, limits)
            yield from _shown(path, book, name, marks, notes)


def open_xls(path: Path, notes: list[Note]) -> Iterator[WorkbookSheet]:
    """As `open_xlsx` for the older format, where numbers cannot be told from text.

    Raises FileRefused: file_password, file_truncated, file_unreadable.
    """
    book = _guarded(path, lambda: fastexcel.read_excel(path))
    for name in book.sheet_names:
        yield from _shown(path, book, name, None, notes)


def open_parquet(path: Path) -> WorkbookSheet:
    """A Parquet file as one sheet: its column names as the header, its values as text.

    Raises FileRefused: file_truncated.
    """
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as broken:
        raise FileRefused("file_truncated", path) from broken
    columns = [pa.concat_arrays([pa.array([name]), *_texts(table[name]).chunks]) for name in table.column_names]
    return WorkbookSheet("", pa.table(columns, names=column_names(len(columns))), Marks(), floats=False)


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string())


def _shown(path: Path, book: Any, name: str, marks: Marks | None, notes: list[Note]) -> Iterator[WorkbookSheet]:
    sheet = _guarded(path, lambda: book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string"))
    if sheet.visible != "visible":
        notes.append(Note.of("sheet_hidden", name))
    elif sheet.height == 0:
        notes.append(Note.of("sheet_empty", name))
    else:
        batch = sheet.to_arrow()
        cells = pa.Table.from_batches([batch]).rename_columns(column_names(batch.num_columns))
        yield WorkbookSheet(name, cells, marks or Marks(), floats=marks is None)


def _guarded[T](path: Path, read: Callable[[], T]) -> T:
    """The reader's errors, and its crashes on broken files, in our words."""
    try:
        return read()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a crash of the reader is no Exception
        words = str(error).lower()
        if "password" in words:
            raise FileRefused("file_password", path) from error
        broken = ("eof", "zip", "cfb", "past end", "slice index", "out of range", "xml error")
        if any(word in words for word in broken):
            raise FileRefused("file_truncated", path) from error
        raise FileRefused("file_unreadable", path, reason="内容不合格式") from error
