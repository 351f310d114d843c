"""Tables for the terminal, aligned in spite of double-width Chinese characters: the six 100 %, and any other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .content import Content
from .sheets.overview import state
from .words import NOTHING, day, share, verified

NO_ROWS = "（没有行）"
SIX_COLUMNS = ("指标", "对象总数", "已达到", "未达到", "情况不明", "比例", "核实比例", "期限", "状态")


def six(content: Content) -> Table:
    """The six 100 % of the top place; gaps stand out, and the numbers are those of every other report."""
    rows = [
        (
            d.plain_name,
            *(f"{n} {d.unit_of_count}" for n in (f.total, f.held, f.failed, f.unknown)),
            share(f),
            verified(f.verified_share),
            d.deadline,
            state(d, f, content.day),
        )
        for d, f in content.six
    ]
    title = f"{content.place_name}“六个100%”　截至{day(content.day)}　版次{content.edition}"
    drawn = table(SIX_COLUMNS, rows, title=title, right=SIX_COLUMNS[1:7])
    for row, (_, figure) in enumerate(content.six):
        drawn.rows[row].style = "green" if figure.complete else ("yellow" if figure.total else "dim")
    return drawn


def table(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str | None = None, right: Sequence[str] = ()
) -> Table:
    """Any table: numbers to the right, nothing as a dash, a line that says so when there are no rows.

    Texts are shown as they are, brackets too (no markup). `right` names text columns to be set to the right.

    >>> print(draw(table(["地区", "户数"], [("曾都区", 800), ("广水市", None)]), width=30))
     地区     户数
    ───────────────
     曾都区    800
     广水市      —
    """
    values = [tuple(row) for row in rows]
    drawn = Table(title=title, box=box.SIMPLE_HEAD, show_edge=False, title_justify="left", caption_justify="left")
    for at, name in enumerate(columns):
        numeric = any(isinstance(row[at], int | float) and not isinstance(row[at], bool) for row in values)
        drawn.add_column(Text(name), justify="right" if numeric or name in right else "left", overflow="fold")
    for row in values:
        drawn.add_row(*(Text(_cell(value)) for value in row))
    if not values:
        drawn.caption, drawn.min_width = NO_ROWS, cell_len(NO_ROWS)
    return drawn


def draw(drawn: Table, width: int = 120) -> str:
    """A table as plain text without colours, lines not padded at the end."""
    console = Console(width=width, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(drawn)
    return "\n".join(line.rstrip() for line in capture.get().rstrip("\n").split("\n"))


def _cell(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.4f}"
    return value.isoformat() if isinstance(value, date) else str(value)
