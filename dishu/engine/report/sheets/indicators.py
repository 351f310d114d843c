"""指标: every indicator counted for the top place, grouped, money in 万元."""

from __future__ import annotations

from typing import Any

from ..book import Book, Column, Kind
from ..content import Definition, Figure
from .overview import state

COLUMNS = (
    Column("分组", width=13),
    Column("指标", width=42),
    Column("单位", width=7),
    Column("对象总数", "int", 14),
    Column("已达到", "int", 14),
    Column("未达到", "int", 12),
    Column("情况不明", "int", 11),
    Column("比例", "share", 11),
    Column("核实比例", "share", 11),
    Column("目标", "share", 8),
    Column("期限", "day", 12),
    Column("状态", width=15),
)
EMPTY = "本版次没有可列的指标"


def write(book: Book) -> None:
    """One row per definition that has a figure."""
    content = book.content
    sheet = book.sheet("指标", f"{content.place_name}全部指标", COLUMNS)
    pairs = content.counted(content.definitions)
    if not pairs:
        after = book.table(sheet, 2, COLUMNS, (), EMPTY, filters=False)
    else:
        book.heads(sheet, 2, COLUMNS)
        for row, (definition, figure) in enumerate(pairs, start=3):
            _row(book, sheet, row, definition, figure)
        after = 3 + len(pairs)
        sheet.autofilter(2, 0, after - 1, len(COLUMNS) - 1)
    book.foot(sheet, after, COLUMNS)


def _row(book: Book, sheet: Any, row: int, definition: Definition, figure: Figure) -> None:
    money = definition.unit_of_count == "元"
    kind: Kind = "wan" if money else "int"
    link = book.lists.get(definition.code)
    sheet.set_row(row, 20)
    book.cell(sheet, row, 0, definition.group)
    book.cell(sheet, row, 1, definition.name.replace("（元）", ""), link=link)
    book.cell(sheet, row, 2, "万元" if money else definition.unit_of_count)
    for at, value in enumerate((figure.total, figure.held, figure.failed, figure.unknown), start=3):
        book.cell(sheet, row, at, value / 10_000 if money else value, kind, None if money else link)
    for at, ratio in ((7, figure.share), (8, figure.verified_share), (9, definition.goal)):
        book.cell(sheet, row, at, ratio, "share")
    book.cell(sheet, row, 10, definition.deadline, "day")
    book.cell(sheet, row, 11, state(definition, figure, book.content.day))
