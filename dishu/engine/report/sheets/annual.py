"""附表27: the annual table on non-public enterprises as the paper has it, with its failed checks beneath."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from ..book import Book, Column, row_height

TITLE = "非公有经济控制的企业法人单位建立党的基层组织情况"
#: Headings that stand over others on the paper: the group and the titles beneath it, the first being its total.
GROUPS = (
    ("其中", ("从业人员50人以上", "从业人员100人以上")),
    ("法定代表人", ("法定代表人是党员", "兼任党组织书记")),
    ("私有经济控制", ("私有经济控制", "私营独资", "港澳台商投资", "外商投资")),
    ("港澳台商经济控制", ("港澳台商经济控制", "港澳台商独资")),
    ("外商经济控制", ("外商经济控制", "外商独资")),
)
FIRST = 5


def write(book: Book) -> None:
    """Headings in two lines, a line of column numbers, the rows, the checks."""
    table = book.content.table27
    titles = table.column_names[2:] if table is not None else []
    columns = (Column("行次", "no", 6), Column("项目", width=30), *(Column(t, "int", 8.6) for t in titles))
    sheet = book.sheet("附表27", TITLE, columns, head_rows=3)
    if table is None or not table.num_rows:
        columns = columns * 6  # nothing but a note: give it room
        book.wide(sheet, 3, columns, "本版次没有编制附表27", look="none")
        book.foot(sheet, 4, columns)
        return
    _heads(book, sheet, titles)
    after = _rows(book, sheet, table, columns)
    after = _checks(book, sheet, after, columns)
    book.foot(sheet, after, columns)


def _heads(book: Book, sheet: Any, titles: list[str]) -> None:
    head = book.looks["head"]
    sheet.set_row(3, 44)
    groups = {title: (name, members) for name, members in GROUPS for title in members if set(members) <= set(titles)}
    for at, title in enumerate(("行次", "项目", *titles)):
        number = ("甲", "乙")[at] if at < 2 else str(at - 1)
        sheet.write_string(4, at, number, head)
        if title not in groups:
            sheet.merge_range(2, at, 3, at, title, head)
            continue
        name, members = groups[title]
        if title == members[0]:
            sheet.merge_range(2, at, 2, at + len(members) - 1, name, head)
        sheet.write_string(3, at, "小计" if title == name else title, head)


def _rows(book: Book, sheet: Any, table: pa.Table, columns: tuple[Column, ...]) -> int:
    row = FIRST
    for row, values in enumerate(zip(*(c.to_pylist() for c in table.columns), strict=True), start=FIRST):
        sheet.set_row(row, row_height(columns, values))
        for at, value in enumerate(values):
            book.cell(sheet, row, at, value, columns[at].kind)
    return row + 1


def _checks(book: Book, sheet: Any, row: int, columns: tuple[Column, ...]) -> int:
    """The failed checks, or that all hold."""
    checks = book.content.checks
    lines = [f"审核不符：{text}" for text in checks] or ["表内审核关系全部相符。"]
    lines = ["计量单位：户（企业法人单位）；第8行为个，第12至18行为人。", *lines]
    for offset, words in enumerate(lines):
        book.wide(sheet, row + offset, columns, words)
    return row + len(lines)
