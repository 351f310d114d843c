"""Writes rosters as workbooks and CSV files: title rows, two-row headers, hidden sheets; the same bytes each time."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from dishu.worlds.dirt import Cell, Formula

CREATED = datetime(2000, 1, 1)  # a workbook carries a moment; ours is always the same

Title = str | tuple[str, str]  # a column's title, or group and title of a two-row header


@dataclass(slots=True)
class Sheet:
    """One sheet: titles above the header, the header, the rows."""

    name: str
    header: list[Title]
    rows: list[list[Cell]]
    above: list[str] = field(default_factory=list)
    hidden: bool = False

    @property
    def first_row(self) -> int:
        """Number of the first data row, counted from 1 as spreadsheets do."""
        return len(self.above) + (2 if self.two_rows else 1) + 1

    @property
    def two_rows(self) -> bool:
        return any(isinstance(title, tuple) for title in self.header)


def workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """Writes the sheets; rows go to disk as they come, so a large roster needs no memory."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lean = not any(sheet.two_rows or sheet.above for sheet in sheets)  # merged cells need the whole sheet
    with xlsxwriter.Workbook(path, {"constant_memory": lean, "strings_to_numbers": False}) as book:
        book.set_properties({"created": CREATED, "author": "演示数据", "comments": "虚构数据，与任何人无关"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            _head(book, page, sheet)
            for number, row in enumerate(sheet.rows, sheet.first_row - 1):
                _row(page, number, row, day)
            if sheet.hidden:
                page.hide()


def _row(page: Worksheet, number: int, row: list[Cell], day: object) -> None:
    for column, cell in enumerate(row):
        if cell is None:
            continue
        if isinstance(cell, str):
            page.write_string(number, column, cell)
        elif isinstance(cell, date):
            page.write_datetime(number, column, cell, day)
        elif isinstance(cell, Formula):
            page.write_formula(number, column, cell.text, None, cell.value)
        else:
            page.write_number(number, column, cell)


def _head(book: xlsxwriter.Workbook, page: Worksheet, sheet: Sheet) -> None:
    bold = book.add_format({"bold": True, "align": "center", "valign": "vcenter"})
    width = len(sheet.header)
    for row, text in enumerate(sheet.above):
        page.merge_range(row, 0, row, width - 1, text, bold)
    top = len(sheet.above)
    if not sheet.two_rows:
        for column, title in enumerate(sheet.header):
            page.write_string(top, column, str(title), bold)
        return
    for first, last, group in _groups(sheet.header):
        if group is None:
            page.merge_range(top, first, top + 1, first, str(sheet.header[first]), bold)
            continue
        page.merge_range(top, first, top, last, group, bold)
        for column in range(first, last + 1):
            page.write_string(top + 1, column, sheet.header[column][1], bold)


def _groups(header: list[Title]) -> list[tuple[int, int, str | None]]:
    """Neighbouring columns under one group title: first, last, title (None for a column of its own)."""
    found: list[tuple[int, int, str | None]] = []
    for column, title in enumerate(header):
        group = title[0] if isinstance(title, tuple) else None
        if group is not None and found and found[-1][2] == group:
            found[-1] = (found[-1][0], column, group)
        else:
            found.append((column, column, group))
    return found


def csv_file(path: Path, sheet: Sheet, encoding: str = "utf-8-sig") -> None:
    """Writes one sheet as text; formulas become their values, dates ISO days."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        out = csv.writer(file)
        for text in sheet.above:
            out.writerow([text] + [""] * (len(sheet.header) - 1))
        out.writerow([title if isinstance(title, str) else "".join(title) for title in sheet.header])
        out.writerows([_plain(cell) for cell in row] for row in sheet.rows)


def _plain(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, Formula):
        return cell.value
    return cell.isoformat() if isinstance(cell, date) else cell
