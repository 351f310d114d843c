"""清单: the rows behind each gap, one sheet per indicator, so that a number can be opened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from ..book import Book, Column, Kind, fitted
from ..content import Definition, Rows

SAMPLE = 300  # rows looked at for the width of a column
PART = "情况"
FIRST = 4


def names(book: Book) -> list[tuple[Definition, Rows]]:
    """Give each list its sheet name and note where links lead: code -> its top, code/part -> the part's first row."""
    found = []
    for definition in book.content.definitions:
        rows = book.content.rows.get(definition.code)
        if rows is None:
            continue
        name = book.name(f"清单-{definition.plain_name}")
        book.lists[definition.code] = f"'{name}'!A1"
        for part, row in _parts(rows.table):
            book.lists[f"{definition.code}/{part}"] = f"'{name}'!A{row + 1}"
        found.append((definition, rows))
    return found


def _parts(table: pa.Table) -> Iterator[tuple[str, int]]:
    seen: set[str] = set()
    for at, part in enumerate(table.column(PART).to_pylist() if PART in table.column_names else ()):
        if part not in seen:
            seen.add(part)
            yield part, FIRST + at


def write(book: Book, definition: Definition, rows: Rows) -> None:
    """One list: what it holds, how many there are in all, the rows."""
    columns = [_column(rows.table, name) for name in rows.table.column_names] or [Column("清单")]
    name = book.lists[definition.code].split("'")[1]
    sheet = book.sheet(name, f"清单：{definition.name}", columns, head_rows=2)
    sheet.write_url(1, 0, "internal:'总览'!A1", book.looks["sub"], "← 返回总览", "返回总览")
    sheet.write_string(2, 0, _note(book, definition, rows), book.looks["sub"])
    values = zip(*(column.to_pylist() for column in rows.table.columns), strict=True)
    after = book.table(sheet, 3, columns, values, "没有缺口，无需列出", filters=True)
    book.foot(sheet, after, columns, book.content.at(definition.code))


def _note(book: Book, definition: Definition, rows: Rows) -> str:
    figure = book.content.at(definition.code)
    unit = definition.unit_of_count
    told = ""
    if figure and definition.bad:
        told = f"对象{figure.total}{unit}，其中{definition.name}{figure.held}，情况不明{figure.unknown}。"
    elif figure:
        told = f"对象{figure.total}{unit}，已达到{figure.held}，未达到{figure.failed}，情况不明{figure.unknown}。"
    kind = "需要处理的" if definition.bad else "未达到和情况不明的"
    shown = f"本表列{kind}，共{rows.full_count}行"
    if rows.truncated:
        shown += f"，此处只列前{rows.table.num_rows}行" + (f"，全部见 {rows.csv_name}" if rows.csv_name else "")
    return f"{told}{shown}。姓名、证件号码和电话已脱敏。"


def _column(table: pa.Table, name: str) -> Column:
    field = table.schema.field(name).type
    kind: Kind = "text"
    if pa.types.is_integer(field) or pa.types.is_floating(field):
        kind = "int" if pa.types.is_integer(field) else "wan"
    elif pa.types.is_date(field):
        kind = "day"
    sample: list[Any] = table.column(name).slice(0, SAMPLE).to_pylist()
    return Column(name, kind, max(fitted(name, sample), 12 if kind == "day" else 0))
