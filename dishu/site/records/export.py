"""A list as a file: a workbook or CSV of the chosen columns, numbers masked, nothing that a program would run."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import IO, Any
from urllib.parse import quote

import xlsxwriter
from django.http import FileResponse
from django.utils.translation import gettext as _

from dishu.site.records.lists import Column, Row

#: A workbook of more rows opens on no ordinary machine; CSV has no such end.
MOST = {"xlsx": 200_000, "csv": 2_000_000}
_RUN = ("=", "+", "-", "@", "\t", "\r")
_WIDTH = {"text": 22, "int": 14, "day": 12}
Sheet = tuple[str, Sequence[Column], Iterable[Row]]


class TooMany(ValueError):
    """More rows than such a file may hold."""


def as_csv(columns: Sequence[Column], rows: Iterable[Row]) -> tuple[IO[bytes], int]:
    """The rows as CSV that a spreadsheet opens in Chinese; returns how many too."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([str(column.title) for column in columns])
    written = 0
    for row in limited(rows, "csv"):
        writer.writerow([_plain(row[column.key]) for column in columns])
        written += 1
    text.flush()
    text.detach()
    file.seek(0)
    return file, written


def as_book(sheets: Iterable[Sheet]) -> tuple[IO[bytes], int]:
    """A workbook with a sheet per list, row by row: memory stays small."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    written = 0
    with xlsxwriter.Workbook(file, {**options, "default_date_format": "yyyy-mm-dd"}) as book:
        look = {"font_name": "宋体", "font_size": 10.5, "border": 1, "border_color": "#C9CFD6"}
        head = book.add_format({**look, "bold": True, "bg_color": "#EEF1F5"})
        looks = {kind: book.add_format({**look, "num_format": number}) for kind, number in
                 (("text", "@"), ("int", "#,##0"), ("day", "yyyy-mm-dd"))}  # fmt: skip
        for name, columns, rows in sheets:
            written += _sheet(book.add_worksheet(str(name)), columns, rows, head, looks)
    file.seek(0)
    return file, written


def _sheet(sheet: Any, columns: Sequence[Column], rows: Iterable[Row], head: Any, looks: dict[str, Any]) -> int:
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, _WIDTH[column.kind])
        sheet.write_string(0, at, str(column.title), head)
    line = 0
    for line, row in enumerate(limited(rows, "xlsx"), 1):
        for at, column in enumerate(columns):
            _cell(sheet, line, at, row[column.key], looks[column.kind])
    return line


def _cell(sheet: Any, line: int, at: int, value: Any, look: Any) -> None:
    if value in (None, ""):
        sheet.write_blank(line, at, None, look)
    elif isinstance(value, date):
        sheet.write_datetime(line, at, value, look)
    elif isinstance(value, int):
        sheet.write_number(line, at, value, look)
    else:
        sheet.write_string(line, at, str(value), look)


def limited(rows: Iterable[Row], kind: str) -> Iterator[Row]:
    """The rows, as long as such a file may hold them."""
    for number, row in enumerate(rows):
        if number == MOST[kind]:
            raise TooMany(_("超过 {kind:,} 行，请先选定区域或加上筛选条件再导出。").format(kind=MOST[kind]))
        yield row


def _plain(value: Any) -> str:
    """A cell of CSV: what a spreadsheet would take for a formula stays text."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_RUN) and not isinstance(value, int) else text


def sent(file: IO[bytes], name: str) -> FileResponse:
    """A file to keep."""
    answer = FileResponse(file)
    answer["Content-Type"] = "text/csv" if name.endswith("csv") else (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )  # fmt: skip
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "no-store"
    return answer
