"""分地区: places by indicators with share and gap, coloured by how much is missing, and a chart of the shares."""

from __future__ import annotations

from typing import Any

from ..book import FANGSONG, HEI, Book, Column, Kind
from ..content import LEVELS, Definition, Place
from .overview import colour_gap

PLACES = (Column("地区", width=20), Column("级别", width=13), Column("上级", width=14))
FIRST, LEFT = 4, len(PLACES)
PARTS: tuple[tuple[str, Kind], ...] = (("比例", "share"), ("缺口", "int"))
MOST_IN_CHART = 40
COLOURS = ("#5B8DB8", "#E3A857", "#7FA98F", "#B57F9C", "#8C8FBF", "#B4BBC4")
NOW = 0.9  # below this share a cell is marked as urgent; a matter of looks, not of any rule


def write(book: Book) -> None:
    """Two columns (share, gap) for each of the six; the top place first, then level by level."""
    content = book.content
    six = [d for d, _ in content.six]
    columns = (*PLACES, *(Column(part, kind, 9.5) for _ in six for part, kind in PARTS))
    sheet = book.sheet("分地区", f"{content.place_name}“六个100%”分地区情况", columns, head_rows=2)
    _heads(book, sheet, six)
    if not six:
        book.wide(sheet, FIRST, columns, "本版次没有可分地区汇总的数字", look="none")
        book.foot(sheet, FIRST + 1, columns)
        return
    for row, place in enumerate(content.places, start=FIRST):
        _row(book, sheet, row, place, six)
    last = FIRST + len(content.places) - 1
    sheet.autofilter(3, 0, last, len(columns) - 1)
    _colour(book, sheet, last, len(six))
    after = book.foot(sheet, last + 1, columns)
    _legend(book, sheet, after, columns)
    if content.children:
        sheet.insert_chart(after + 2, 0, _chart(book, six), {"x_offset": 2, "y_offset": 6})


def _heads(book: Book, sheet: Any, six: list[Definition]) -> None:
    sheet.set_row(2, 44)
    for at, column in enumerate(PLACES):
        sheet.merge_range(2, at, 3, at, column.title, book.looks["head"])
    for number, definition in enumerate(six):
        left = LEFT + 2 * number
        sheet.merge_range(2, left, 2, left + 1, definition.name, book.looks["head"])
        for offset, (part, _) in enumerate(PARTS):
            sheet.write_string(3, left + offset, part, book.looks["head"])


def _row(book: Book, sheet: Any, row: int, place: Place, six: list[Definition]) -> None:
    names = {p.code: p.name for p in book.content.places}
    sheet.set_row(row, 20)
    for at, text in enumerate((place.name, LEVELS.get(place.level, place.level), names.get(place.parent or ""))):
        book.cell(sheet, row, at, text)
    for number, definition in enumerate(six):
        figure = book.content.at(definition.code, place)
        counted = figure if figure and figure.total else None
        book.cell(sheet, row, LEFT + 2 * number, counted.share if counted else None, "share")
        book.cell(sheet, row, LEFT + 2 * number + 1, counted.gap if counted else None, "int")


def _colour(book: Book, sheet: Any, last: int, indicators: int) -> None:
    """Shares by how much is missing, gaps by whether there is one; texts (no data) stay uncoloured."""
    for number in range(indicators):
        left = LEFT + 2 * number
        for criteria, value, look in (("==", 1, "good"), ("<", NOW, "bad"), ("<", 1, "warn")):
            rule = {
                "type": "cell",
                "criteria": criteria,
                "value": value,
                "format": book.looks[look],
                "stop_if_true": True,
            }
            sheet.conditional_format(FIRST, left, last, left, rule)
        colour_gap(book, sheet, FIRST, left + 1, last, left + 1)


def _legend(book: Book, sheet: Any, row: int, columns: tuple[Column, ...]) -> None:
    words = "颜色：绿为没有缺口，黄为有缺口，红为比例低于90%。缺口＝未达到＋情况不明。下级之和小于上级的，差额为未落到下级地区的记录。"
    book.wide(sheet, row, columns, words)


def _chart(book: Book, six: list[Definition]) -> Any:
    """Shares of the places right beneath the top one, side by side: gaps are of units and of people, never added up."""
    places = book.content.places
    rows = [FIRST + at for at, place in enumerate(places) if place in book.content.children][:MOST_IN_CHART]
    first, last = rows[0], rows[-1]
    chart = book.workbook.add_chart({"type": "column"})
    for number, definition in enumerate(six):
        column = LEFT + 2 * number
        chart.add_series(
            {
                "name": definition.plain_name,
                "categories": ["分地区", first, 0, last, 0],
                "values": ["分地区", first, column, last, column],
                "fill": {"color": COLOURS[number % len(COLOURS)]},
                "gap": 60,
                "overlap": -5,
            }
        )
    font = {"name": FANGSONG, "size": 10}
    chart.set_title({"name": "各地区比例", "name_font": {"name": HEI, "size": 12, "bold": False}})
    chart.set_legend({"position": "right", "font": font})
    chart.set_x_axis({"num_font": font, "line": {"color": "#9AA3AD"}})
    grid = {"visible": True, "line": {"color": "#E2E6EA"}}
    chart.set_y_axis({"min": 0, "max": 1, "num_format": "0%", "num_font": font, "major_gridlines": grid})
    chart.set_size({"width": 1060, "height": 360})
    return chart
