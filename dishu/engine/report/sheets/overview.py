"""总览: the six 100 % in one table, each number a link to its list, with a chart of held, failed and unknown."""

from __future__ import annotations

from datetime import date
from typing import Any

from ..book import FANGSONG, HEI, Book, Column
from ..content import Definition, Figure
from ..sentences import reached

COLUMNS = (
    Column("指标", width=40),
    Column("单位", width=6),
    Column("对象总数", "int", 11),
    Column("已达到", "int", 11),
    Column("未达到", "int", 10),
    Column("情况不明", "int", 10),
    Column("比例", "share", 11),
    Column("核实比例", "share", 11),
    Column("缺口", "int", 10),
    Column("期限", "day", 12),
    Column("状态", width=15),
)
PARTS = (("已达到", 3, "#5B8DB8"), ("未达到", 4, "#E3A857"), ("情况不明", 5, "#B4BBC4"))
FIRST = 3
SMALL_TITLE = "其中：个体工商户和市场"


def write(book: Book) -> None:
    """One row for each of the six that was counted."""
    content = book.content
    sheet = book.sheet("总览", f"{content.place_name}“六个100%”总览", COLUMNS)
    six = content.six
    if not six:
        after = book.table(sheet, 2, COLUMNS, (), "本版次没有可汇总的“六个100%”数字", filters=False)
        book.foot(sheet, after, COLUMNS)
        return
    book.heads(sheet, 2, COLUMNS)
    for row, (definition, figure) in enumerate(six, start=FIRST):
        _row(book, sheet, row, definition, figure)
    last = FIRST + len(six) - 1
    sheet.autofilter(2, 0, last, len(COLUMNS) - 1)
    colour_gap(book, sheet, FIRST, 8, last, 8)
    after = book.foot(sheet, _small(book, sheet, last + 1), COLUMNS)
    sheet.insert_chart(after, 0, _chart(book, last), {"x_offset": 2, "y_offset": 6})


def _small(book: Book, sheet: Any, row: int) -> int:
    """The same six of individual businesses and markets only, where there are any; returns the row after."""
    small = book.content.small
    if small is None:
        return row
    sheet.set_row(row, 10)
    sheet.set_row(row + 1, 22)
    sheet.write_string(row + 1, 0, SMALL_TITLE, book.looks["part"])
    book.heads(sheet, row + 2, COLUMNS)
    first = row + 3
    for at, (definition, figure) in enumerate(small.six, start=first):
        _row(book, sheet, at, definition, figure, linked=False)
    last = first + len(small.six) - 1
    colour_gap(book, sheet, first, 8, last, 8)
    return last + 1


def _row(book: Book, sheet: Any, row: int, definition: Definition, figure: Figure, *, linked: bool = True) -> None:
    """`linked`: the lists hold all units, so a part of them leads nowhere."""
    link = book.lists.get(definition.code) if linked else None
    sheet.set_row(row, 24)
    book.cell(sheet, row, 0, definition.name, link=link)
    book.cell(sheet, row, 1, definition.unit_of_count)
    for at, value in ((2, figure.total), (3, figure.held), (8, figure.gap)):
        book.cell(sheet, row, at, value, "int", link)
    for at, value, part in ((4, figure.failed, "未达到"), (5, figure.unknown, "情况不明")):
        book.cell(sheet, row, at, value, "int", book.lists.get(f"{definition.code}/{part}", link) if link else None)
    book.cell(sheet, row, 6, figure.share, "share")
    book.cell(sheet, row, 7, figure.verified_share, "share")
    book.cell(sheet, row, 9, definition.deadline, "day")
    book.cell(sheet, row, 10, state(definition, figure, book.content.day))


def state(definition: Definition, figure: Figure, at: date) -> str | None:
    """Where an indicator stands: never called reached for sure while part of it is unverified.

    >>> d = Definition("base_known", "底数摸清", "六个100%", "单位", "已摸清", "", 1.0, date(2011, 12, 31))
    >>> f = Figure("base_known", "1", "甲", "county", None, 4, 3, 1, 0, None)
    >>> state(d, f, date(2011, 12, 31)), state(d, f, date(2012, 1, 1))
    ('推进中', '期限已过')
    """
    if definition.goal is None or not figure.total:
        return None
    if reached(definition, figure):
        return "已达到" if figure.verified_share == 1.0 else "账面达到，待核实"
    return "期限已过" if definition.deadline and definition.deadline < at else "推进中"


def colour_gap(book: Book, sheet: Any, first: int, left: int, last: int, right: int) -> None:
    """No gap pale green, any gap pale amber."""
    for criteria, look in (("==", "good"), (">", "warn")):
        rule = {"type": "cell", "criteria": criteria, "value": 0, "format": book.looks[look]}
        sheet.conditional_format(first, left, last, right, rule)


def _chart(book: Book, last: int) -> Any:
    chart = book.workbook.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for name, column, colour in PARTS:
        chart.add_series(
            {
                "name": name,
                "categories": ["总览", FIRST, 0, last, 0],
                "values": ["总览", FIRST, column, last, column],
                "fill": {"color": colour},
                "gap": 45,
            }
        )
    font = {"name": FANGSONG, "size": 10}
    chart.set_title({"name": "已达到、未达到和情况不明的构成", "name_font": {"name": HEI, "size": 12, "bold": False}})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": "#9AA3AD"}})
    chart.set_x_axis(
        {"label_position": "high", "num_font": font, "major_gridlines": {"visible": True, "line": {"color": "#E2E6EA"}}}
    )
    chart.set_size({"width": 1060, "height": 330})
    return chart
