"""The dated register of places: which code stood for which place on a given day, and what it became.

Source: see SOURCES.md beside this file; made by scripts/make_divisions.py. Codes have 2, 4, 6, 9 or 12 digits, without
padding. The register begins on 2002-01-01: a `since` of that day means "then or earlier"; before it nothing is known.
"""

import csv
import gzip
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

LEVELS = ("province", "prefecture", "county", "township", "village")
_DIGITS = (2, 4, 6, 9, 12)
_FILES = ("counties", "counties", "counties", "townships", "villages")  # the file each number of digits lies in


class Division(NamedTuple):
    """One code under one name for one time: since <= day < until; `until` None means still.

    `successor` lists what the code became, separated by ";"; `official` is False for zones the statistics count as
    townships and for places inferred backwards; `source` says so in Chinese.
    """

    code: str
    name: str
    level: str
    parent: str | None
    since: date
    until: date | None
    successor: str | None
    source: str
    official: bool

    def holds(self, day: date) -> bool:
        """Whether the row is in force on the day.

        >>> get("421302", date(2007, 8, 1)).holds(date(2009, 1, 1))
        False
        """
        return self.since <= day and (self.until is None or day < self.until)


def table() -> Iterator[Division]:
    """All rows of the register, ended ones too, level by level.

    >>> sorted({row.level for row in table()})
    ['county', 'prefecture', 'province', 'township', 'village']
    """
    for name in dict.fromkeys(_FILES):
        yield from _parse(name, "")


def at(day: date, scope: str = "") -> list[Division]:
    """Places on a day: those whose code begins with `scope`, and the places `scope` lies in; top first.

    >>> [place.name for place in at(date(2007, 8, 1), "4213") if place.level == "county"]
    ['曾都区', '广水市']
    >>> [place.name for place in at(date(2010, 1, 1), "4213")][:5]
    ['湖北省', '随州市', '曾都区', '随县', '广水市']
    """
    return list(_at(day, scope))


def get(code: str, day: date) -> Division | None:
    """The place a code stood for on a day; None if the code was not in use.

    >>> get("421303", date(2007, 8, 1)) is None
    True
    >>> get("360402", date(2015, 6, 1)).name, get("360402", date(2020, 6, 1)).name
    ('庐山区', '濂溪区')
    """
    return next((row for row in _rows_of(code) if row.holds(day)), None)


def children(code: str, day: date) -> list[Division]:
    """Places directly under a code on a day.

    >>> [place.code for place in children("4213", date(2009, 1, 1))]
    ['421303', '421321', '421381']
    """
    return [place for place in _at(day, code) if place.parent == code]


def ancestors(code: str, day: date) -> list[Division]:
    """Places above a code on a day, top first; empty if the code was not in use.

    >>> [place.name for place in ancestors("110105", date(2020, 1, 1))]
    ['北京市']
    """
    result: list[Division] = []
    place = get(code, day)
    while place and place.parent and (place := get(place.parent, day)):
        result.insert(0, place)
    return result


def name_path(code: str, day: date) -> tuple[str, ...]:
    """Names from the province down to the place; empty if the code was not in use.

    >>> name_path("421302002", date(2007, 8, 1))
    ('湖北省', '随州市', '曾都区', '东城街道')
    """
    place = get(code, day)
    return (*(above.name for above in ancestors(code, day)), place.name) if place else ()


def successors(code: str, day: date | None = None) -> list[str]:
    """Codes of today for what the code stood for on `day` (or last); empty if it ended without a known successor.

    >>> successors("421302")
    ['421303', '421321']
    >>> successors("421302002")
    ['421303002']
    """
    rows = [row for row in _rows_of(code) if day is None or row.holds(day)]
    return _open_codes(rows[-1]) if rows else []


def _open_codes(row: Division) -> list[str]:
    if row.until is None:
        return [row.code]
    following = (get(code, row.until) for code in (row.successor or "").split(";"))
    return list(dict.fromkeys(code for next_row in following if next_row for code in _open_codes(next_row)))


@lru_cache(maxsize=64)
def _at(day: date, scope: str) -> tuple[Division, ...]:
    above = [row for digits in _DIGITS if digits < len(scope) for row in _rows_of(scope[:digits])]
    inside = [row for name in dict.fromkeys(_FILES) for row in _parse(name, scope)]
    living = [row for row in above + inside if row.holds(day)]
    return tuple(sorted(living, key=lambda row: (len(row.code), row.code)))


@lru_cache(maxsize=20_000)
def _rows_of(code: str) -> tuple[Division, ...]:
    if len(code) not in _DIGITS:
        return ()
    return tuple(_parse(_FILES[_DIGITS.index(len(code))], code + ","))


def _parse(name: str, start: str) -> Iterator[Division]:
    """Rows of a file whose line begins with `start`; lines are sorted, so only these are parsed."""
    lines = _lines(name)
    found = lines[bisect_left(lines, start) : bisect_left(lines, start + "\U0010ffff")]
    for code, place, level, parent, since, until, successor, source, official in csv.reader(found):
        end = _day(until) if until else None
        yield Division(code, place, level, parent or None, _day(since), end, successor or None, source, official == "1")


@cache
def _lines(name: str) -> list[str]:
    data = files("dishu.standards.codes").joinpath(f"{name}.csv.gz").read_bytes()
    return gzip.decompress(data).decode("utf-8").splitlines()[1:]


@cache
def _day(text: str) -> date:
    return date.fromisoformat(text)
