"""Where is the header, and which column is which: found by names and synonyms, in one or two rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from dishu.engine.intake.grid import Row
from dishu.engine.intake.numbers import factor_of
from dishu.engine.intake.text import clean, tight
from dishu.standards.forms import Field, Layout

SEARCHED_ROWS: Final = 20
_TITLE_CELLS: Final = 3
# Columns that every office has and no layout needs; a returned workbook has the first two.
IGNORED: Final = frozenset({"退回原因", "如何改正", "序号", "编号", "备注", "说明", "行号"})
_BRACKETED: Final = re.compile(r"[（(\[【〔](.*?)[)）\]】〕]")
_SIGNS: Final = re.compile(r"[\s（）()\[\]【】〔〕*:：、,，/／\\.。·_\-—“”\"'《》<>?？!！;；]")


@dataclass(frozen=True)
class Head:
    """A header found: `row` (1 is the first of the sheet), `depth` in rows, a title and perhaps a field per column."""

    layout: Layout
    row: int
    depth: int
    titles: tuple[str, ...]
    fields: tuple[Field | None, ...]
    score: float

    @property
    def missing(self) -> tuple[str, ...]:
        """Titles of required columns that are not there."""
        there = {field.name for field in self.fields if field}
        return tuple(field.title for field in self.layout.fields if field.required and field.name not in there)

    @property
    def width(self) -> int:
        """Columns up to the last one with a title."""
        return max((place + 1 for place, title in enumerate(self.titles) if title), default=0)

    @property
    def unused(self) -> tuple[int, ...]:
        """Places of columns with a title that no field claims and that are not of the ignored ones."""
        pairs = enumerate(zip(self.titles, self.fields, strict=True))
        return tuple(at for at, (title, field) in pairs if title and field is None and not is_ignored(title))


@lru_cache(maxsize=10_000)
def key(title: str) -> str:
    """What counts of a title: no blanks, signs, width or brackets.

    >>> key(" *县(市、区)"), key("县（市、区）")
    ('县市区', '县市区')
    """
    return _SIGNS.sub("", tight(clean(title))).casefold()


def is_ignored(title: str) -> bool:
    """Whether a column of this title is of no concern: serial numbers, remarks, reasons of an earlier return.

    >>> is_ignored("序 号")
    True
    """
    return key(title) in IGNORED


def unit_of(title: str) -> int | None:
    """The yuan of the unit of money in the brackets of a title; None where it names none.

    >>> unit_of("营业收入（万元）"), unit_of("资产总额(单位：元)"), unit_of("营业收入")
    (10000, 1, None)
    """
    for inside in _BRACKETED.findall(clean(title)):
        factor = factor_of(re.split(r"[:：]", tight(inside))[-1])
        if factor:
            return factor
    return None


def find(
    rows: list[Row], layouts: Iterable[Layout], hints: str = "", mapping: Mapping[str, str | None] | None = None
) -> Head | None:
    """The best header among the first rows, over all `layouts`; None where nothing looks like one.

    `hints` are words around the table (title, sheet); `mapping` says for a column's title which field it is, or None.
    """
    heads = [head for layout in layouts for head in _heads(rows, layout, hints, mapping or {})]
    return max(heads, key=lambda head: head.score, default=None)


def _heads(rows: list[Row], layout: Layout, hints: str, mapping: Mapping[str, str | None]) -> Iterable[Head]:
    known = titles_of(layout)
    for at in range(min(len(rows), SEARCHED_ROWS)):
        above = hints + "".join(_title_words(row) for row in rows[:at])
        for depth in (1, 2) if at + 1 < len(rows) else (1,):
            head = _head(rows, at, depth, layout, known, mapping)
            if head and sum(field is not None for field in head.fields) > 1:
                yield _scored(head, above)


def _title_words(row: Row) -> str:
    """The words of a row above the table: a title stands alone or nearly so, a row of data does not."""
    words = [cell for cell in row if cell]
    return "".join(words) if len(words) <= _TITLE_CELLS else ""


def _head(
    rows: list[Row], at: int, depth: int, layout: Layout, known: dict[str, str], mapping: Mapping[str, str | None]
) -> Head | None:
    lower = rows[at + depth - 1]
    upper = _spread(rows[at], lower) if depth == 2 else [""] * len(lower)
    if depth == 2 and not (any(upper) and any(lower)):
        return None
    ways = [_ways(over or "", under or "") for over, under in zip(upper, lower, strict=True)]
    titles = tuple((way[0] if way else "") for way in ways)
    claims = _claims([tuple(key(way) for way in options) for options in ways], titles, known, mapping)
    by_place = {place: layout.field(name) for name, place in claims.items()}
    fields = tuple(by_place.get(place) for place in range(len(ways)))
    return Head(layout, at + 1, depth, titles, fields, 0.0)


def _spread(upper: Row, lower: Row) -> Row:
    """The upper row of a merged header: a title over several columns stands only in the first of them."""
    out: Row = []
    group = None
    for over, under in zip(upper, lower, strict=True):
        if over:
            group = over if under else None
        out.append(over or (group if under else None))
    return out


def _ways(over: str, under: str) -> list[str]:
    """How a column may be called, best first: both rows together, the lower, the same without what is in brackets."""
    over, under = clean(over), clean(under)
    ways = [over + under, under] if over and under else [over or under]
    return list(dict.fromkeys(way for full in ways for way in (full, _BRACKETED.sub("", full)) if way))


def _claims(
    keys: list[tuple[str, ...]], titles: tuple[str, ...], known: dict[str, str], mapping: Mapping[str, str | None]
) -> dict[str, int]:
    """Each field to one column: as told, else the column with the better name, else the first."""
    fields = set(known.values())  # what was said of another layout does not hold here
    told = {key(title): name for title, name in mapping.items() if name is None or name in fields}
    claims: dict[str, tuple[int, int]] = {}
    for place, ways in enumerate(keys):
        named: list[tuple[int, str | None]] = [(rank, known[way]) for rank, way in enumerate(ways) if way in known]
        if key(titles[place]) in told:
            named = [(-1, told[key(titles[place])])]
        for rank, name in named[:1]:
            if name:
                claims[name] = min(claims.get(name, (99, 0)), (rank, place))
    return {name: place for name, (_, place) in claims.items()}


def titles_of(layout: Layout) -> dict[str, str]:
    """The field that each known title leads to."""
    return {key(title): field.name for field in layout.fields for title in field.titles}


def _scored(head: Head, above: str) -> Head:
    """Columns recognised, more for the official title; less for each required one missing; a word above the table."""
    claimed = [(field, title) for field, title in zip(head.fields, head.titles, strict=True) if field]
    score = sum(1.5 if key(title) == key(field.title) else 1.0 for field, title in claimed)
    score -= 2 * len(head.missing)
    score += any(word in above for word in (head.layout.title, *head.layout.words))
    # The same columns found in one row are a better header than in two.
    return Head(head.layout, head.row, head.depth, head.titles, head.fields, score - 0.1 * head.depth)
