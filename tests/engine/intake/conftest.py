"""Files for the intake tests, made as strange as real ones."""

import csv
import io

import openpyxl
import pytest

from dishu.engine import intake


@pytest.fixture
def text_file(tmp_path):
    """Write rows as a text file; the encoding and separator may be chosen."""

    def make(rows, name="名册.csv", encoding="utf-8", separator=","):
        path = tmp_path / name
        out = io.StringIO()
        csv.writer(out, delimiter=separator).writerows(rows)
        path.write_bytes(out.getvalue().encode(encoding))
        return path

    return make


@pytest.fixture
def book_file(tmp_path):
    """Write sheets {name: rows} as a workbook; `change` may do more to it."""

    def make(sheets, change=None, name="名册.xlsx"):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        if change:
            change(book)
        book.save(tmp_path / name)
        book.close()
        return tmp_path / name

    return make


@pytest.fixture
def take(text_file):
    """Read rows given as a list through a text file; one roster."""

    def read(rows, layout=None, **how):
        (roster,) = intake.read(text_file(rows, **how), layout).rosters
        return roster

    return read
