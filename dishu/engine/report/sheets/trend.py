"""趋势: the six 100 % over time as a table of days by indicators and a line chart; left out without a trend."""

from __future__ import annotations

from typing import Any

from ..book import FANGSONG, HEI, Book, Column
from .regions import COLOURS


def write(book: Book) -> None:
    """One row per day, one column per indicator that the trend has."""
    trend = book.content.trend
    if trend is None or not trend.num_rows:
        return
    points = {(r["day"], r["indicator"]): r["share"] for r in trend.to_pylist()}
    shown = [d for d, _ in book.content.six if any(code == d.code for _, code in points)]
    days = sorted({day for day, _ in points})
    columns = (Column("日期", "day", 14), *(Column(d.plain_name, "share", 19) for d in shown))
    sheet = book.sheet("趋势", f"{book.content.place_name}“六个100%”趋势", columns)
    rows = [(day, *(points.get((day, d.code)) for d in shown)) for day in days]
    after = book.table(sheet, 2, columns, rows, "没有趋势数据", filters=True)
    last = after - 1
    for row, values in enumerate(rows, start=3):
        for at, value in enumerate(values):
            if value is None:
                sheet.write_blank(row, at, None, book.looks["share"])  # a dash would be drawn as zero
    after = book.foot(sheet, after, columns)
    sheet.fit_to_pages(1, 1)  # table and chart on one page: a chart cut by a page break says nothing
    if len(days) > 1 and shown:
        sheet.insert_chart(after, 0, _chart(book, [d.plain_name for d in shown], last), {"x_offset": 2, "y_offset": 6})


def _chart(book: Book, names: list[str], last: int) -> Any:
    chart = book.workbook.add_chart({"type": "line"})
    for number, name in enumerate(names):
        chart.add_series(
            {
                "name": name,
                "categories": ["趋势", 3, 0, last, 0],
                "values": ["趋势", 3, number + 1, last, number + 1],
                "line": {"color": COLOURS[number % len(COLOURS)], "width": 2},
                "marker": {"type": "circle", "size": 4, "fill": {"color": COLOURS[number % len(COLOURS)]}},
            }
        )
    font = {"name": FANGSONG, "size": 10}
    chart.set_title({"name": "各指标比例", "name_font": {"name": HEI, "size": 12, "bold": False}})
    chart.set_legend({"position": "right", "font": font})
    chart.set_x_axis({"num_font": font, "num_format": "yyyy-mm-dd", "text_axis": True})
    grid = {"visible": True, "line": {"color": "#E2E6EA"}}
    chart.set_y_axis({"min": 0, "max": 1, "num_format": "0%", "num_font": font, "major_gridlines": grid})
    chart.set_size({"width": 940, "height": 340})
    return chart
