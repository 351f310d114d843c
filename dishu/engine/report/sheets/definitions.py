"""口径: what each indicator counts and by which rule as read on the day, so that a number can be explained."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..book import Book, Column
from ..content import Definition

COLUMNS = (
    Column("指标", width=24),
    Column("分组", width=10),
    Column("统计对象（分母）", width=26),
    Column("达到的条件（分子）", width=28),
    Column("单位", "no", 6),
    Column("来源", width=24),
    Column("依据的规定（截至日的读数）", width=36),
    Column("代码", width=27),
)


def write(book: Book) -> None:
    """One row per definition, also those without a figure."""
    content = book.content
    sheet = book.sheet("口径", "指标口径与依据", COLUMNS)
    after = book.table(sheet, 2, COLUMNS, _rows(content.definitions), "本版次没有指标定义", filters=True)
    book.foot(sheet, after, COLUMNS)


def _rows(definitions: tuple[Definition, ...]) -> Iterator[tuple[Any, ...]]:
    for d in definitions:
        yield d.name, d.group, d.among_text, d.holds_text, d.unit_of_count, d.source, "\n".join(d.law) or None, d.code
