"""A calm workbook for print: named Chinese fonts, frozen headings, filters, widths, A4 landscape, a note at the foot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import xlsxwriter

from .content import Content, Figure
from .words import NOTHING, day, share, verified

HEI, SONG, FANGSONG = "黑体", "宋体", "仿宋"
INK, LINE, HEAD, FAINT, LINK = "#222222", "#C9CFD6", "#EEF1F5", "#6B7280", "#1F4E8C"
GOOD, WARN, BAD = "#E4F1E8", "#FDF3DC", "#F9E1DC"
#: 100% only for a whole; what would round up to it says so.
PERCENT = '[=1]0%;[>=0.9995]"99.9%以上";0.0%'
Kind = Literal["text", "no", "int", "share", "day", "wan"]
LINE_HEIGHT = 14.0  # points of a line of 10.5 pt
LONGEST = 32_000  # characters; a cell holds 32,767

_BASE = {"font_name": SONG, "font_size": 10.5, "font_color": INK, "valign": "vcenter"}
_CELL = {**_BASE, "border": 1, "border_color": LINE}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {**_BASE, "font_name": HEI, "font_size": 16},
    "sub": {**_BASE, "font_name": FANGSONG, "font_color": FAINT},
    "part": {**_BASE, "font_name": HEI, "font_size": 12},
    "head": {**_CELL, "font_name": HEI, "bg_color": HEAD, "align": "center", "text_wrap": True},
    "note": {**_BASE, "font_name": FANGSONG, "font_size": 10, "font_color": FAINT, "text_wrap": True, "valign": "top"},
    "text": {**_CELL, "text_wrap": True, "indent": 1},
    "no": {**_CELL, "align": "center"},
    "none": {**_CELL, "align": "center", "font_color": FAINT},
    "int": {**_CELL, "num_format": "#,##0"},
    "share": {**_CELL, "num_format": PERCENT, "align": "right"},
    "day": {**_CELL, "num_format": "yyyy-mm-dd", "align": "center"},
    "wan": {**_CELL, "num_format": "#,##0.00"},
    "linked": {**_CELL, "num_format": "#,##0", "font_color": LINK},
    "linked_text": {**_CELL, "text_wrap": True, "indent": 1, "font_color": LINK},
    "good": {"bg_color": GOOD},
    "warn": {"bg_color": WARN},
    "bad": {"bg_color": BAD},
}


@dataclass(frozen=True)
class Column:
    """A column: its title, what its cells are, and its width in characters of Latin text."""

    title: str
    kind: Kind = "text"
    width: float = 12


@dataclass
class Book:
    """The open workbook, its formats, and the names of the sheets that numbers link to."""

    content: Content
    path: Path
    workbook: Any = field(init=False)
    looks: dict[str, Any] = field(init=False)
    lists: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.workbook = xlsxwriter.Workbook(str(self.path), {**plain, "default_date_format": "yyyy-mm-dd"})
        self.looks = {name: self.workbook.add_format(look) for name, look in _LOOKS.items()}
        at = self.content.day
        self.workbook.set_properties(
            {
                "title": self.content.title.replace("\n", ""),
                "comments": f"版次{self.content.edition}",
                "created": datetime(at.year, at.month, at.day),
            }
        )

    def name(self, wanted: str) -> str:
        """A sheet name that Excel takes and no other sheet has: at most 31 characters, without []:*?/\\ and quotes."""
        clean = "".join("_" if c in "[]:*?/\\'" else c for c in wanted)
        name, number = clean[:31], 1
        while name.casefold() in self.taken:
            number += 1
            name = f"{clean[: 30 - len(str(number))]}-{number}"
        self.taken.add(name.casefold())
        return name

    def sheet(self, name: str, title: str, columns: Sequence[Column], head_rows: int = 1) -> Any:
        """A new sheet with title, what it is of, column widths, frozen headings and print set-up; headings not yet."""
        sheet = self.workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_row(0, 27)
        sheet.set_row(1, 18)
        sheet.write_string(0, 0, title, self.looks["title"])
        sheet.write_string(1, 0, _origin(self.content), self.looks["sub"])
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
        sheet.freeze_panes(2 + head_rows, 1 if len(columns) > 4 else 0)
        self._print(sheet, name, head_rows)
        return sheet

    def _print(self, sheet: Any, name: str, head_rows: int) -> None:
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.8)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2, 1 + head_rows)
        left = f"{self.content.place_name}　{name}".replace("&", "&&")
        sheet.set_footer(f'&L&"{SONG}"&9{left}&C&"{SONG}"&9第&P页　共&N页&R&"{SONG}"&9版次{self.content.edition}')

    def heads(self, sheet: Any, row: int, columns: Sequence[Column]) -> None:
        """Write the headings of a table."""
        sheet.set_row(row, row_height(columns, [c.title for c in columns], bare=1) + 4)
        for at, column in enumerate(columns):
            sheet.write_string(row, at, column.title, self.looks["head"])

    def table(
        self,
        sheet: Any,
        row: int,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Any]],
        empty: str,
        *,
        filters: bool,
    ) -> int:
        """Headings and rows from `row` on, or a line that says why there are none; returns the row after the last."""
        self.heads(sheet, row, columns)
        at = row
        for at, values in enumerate(rows, start=row + 1):
            sheet.set_row(at, row_height(columns, values))
            for number, (column, value) in enumerate(zip(columns, values, strict=True)):
                self.cell(sheet, at, number, value, column.kind)
        if at == row:
            at += 1
            self.wide(sheet, at, columns, empty, look="none")
        elif filters:
            sheet.autofilter(row, 0, at, len(columns) - 1)
        return at + 1

    def cell(self, sheet: Any, row: int, column: int, value: Any, kind: Kind = "text", link: str | None = None) -> None:
        """One cell: numbers stay numbers, texts stay texts (also =…), nothing is a dash. `link` is Sheet!Cell."""
        if link:
            look = self.looks["linked" if kind == "int" else "linked_text"]
            sheet.write_url(row, column, f"internal:{link}", look, tip="打开清单")
        else:
            look = self.looks[kind]
        if value is None:
            sheet.write_string(row, column, NOTHING, self.looks["none"])
        elif isinstance(value, bool):
            sheet.write_string(row, column, "是" if value else "否", look)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self.looks["day"])
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, look)
        else:
            sheet.write_string(row, column, str(value)[:LONGEST], look)

    def wide(self, sheet: Any, row: int, columns: Sequence[Column], words: str, *, look: str = "note") -> None:
        """A text over the whole width of a table, as high as it needs."""
        lines = -(-display_width(words) // max(int(sum(c.width for c in columns) * 0.95), 1))
        sheet.set_row(row, LINE_HEIGHT * lines + 5)
        if len(columns) > 1:
            sheet.merge_range(row, 0, row, len(columns) - 1, "", self.looks[look])
        sheet.write_string(row, 0, words, self.looks[look])

    def paragraphs(self, sheet: Any, row: int, columns: Sequence[Column], texts: Iterable[str]) -> int:
        """Texts one under the other, each over the whole width; returns the row after them."""
        for words in texts:
            self.wide(sheet, row, columns, words)
            row += 1
        return row

    def foot(self, sheet: Any, row: int, columns: Sequence[Column], figure: Figure | None = None) -> int:
        """The note every sheet ends with, about one figure or about the base; returns the row after it."""
        sheet.set_row(row, 6)
        self.wide(sheet, row + 1, columns, foot_note(self.content, figure))
        return row + 2


def row_height(columns: Sequence[Column], values: Sequence[Any], bare: int = 2) -> float:
    """Points a row needs for its longest wrapped text; `bare` characters of each cell stay empty.

    >>> row_height([Column("甲", width=10)], ["短"]), row_height([Column("甲", width=10)], ["一二三四五六七八"])
    (20.0, 33.0)
    """
    lines = 1
    for column, value in zip(columns, values, strict=True):
        if isinstance(value, str):
            room = max(int(column.width) - bare, 1)
            lines = max(lines, sum(max(-(-display_width(part) // room), 1) for part in value.split("\n")))
    return max(20.0, LINE_HEIGHT * min(lines, 25) + 5)


def foot_note(content: Content, figure: Figure | None = None) -> str:
    """As of when, which edition, how much of it was verified, how much is unknown."""
    told = figure or content.at("base_known")
    definition = content.definition(told.indicator) if told else None
    about = f"（{definition.plain_name}）" if definition else ""
    unit = definition.unit_of_count if definition else ""
    checked = content.at("verified") if figure is None else None
    ratio = share(checked) if checked else verified(told.verified_share if told else None)
    unknown = f"{told.unknown}{unit}" if told else NOTHING
    return (
        f"数据截至{day(content.day)}，版次{content.edition}，核实比例{ratio}，未知{unknown}{about}。"
        "比例＝已达到÷对象总数；未知不计入已达到；“—”为没有对象或没有数据。"
    )


def _origin(content: Content) -> str:
    return f"{content.place_name}　　数据截至{day(content.day)}　　版次{content.edition}"


def display_width(words: str) -> int:
    """Width in characters of Latin text, Chinese ones counting two.

    >>> display_width("曾都区A")
    7
    """
    return sum(1 if c.isascii() else 2 for c in words)


def fitted(title: str, values: Iterable[Any], *, least: int = 7, most: int = 36) -> float:
    """A column width that shows most values; the title may take two lines, long values wrap.

    >>> fitted("名称", ["曾都区西城街道"]), fitted("名称", ["长" * 100]), fitted("是否规模以上企业", ["是"])
    (17.0, 36.0, 11.0)
    """
    texts = ["" if v is None else str(v) for v in values]
    widest = max((display_width(t) for t in texts), default=0)
    return float(min(most, max(least, widest + 3, display_width(title) // 2 + 3)))
