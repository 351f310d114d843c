"""Which industry a code means: letters A-T and the 97 two-digit classes of GB/T 4754-2017 (修改单2019).

Sources: ranges and names of A-J are from general knowledge [K], the ranges of K-T from secondary sources [S]; so a code
that is not found here is a reason to ask, not to refuse. Three- and four-digit classes are accepted and cut to two.

Only the edition of 2017 is shipped. The same two digits meant other things before: 36 is 汽车制造业 since 2017 but was
专用设备制造业 in the edition of 2002. So a roster older than 2017 should give the letter; `edition_at` says what ruled.
"""

import csv
import re
import unicodedata
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Industry(NamedTuple):
    """A letter (门类) and, where known, its two-digit class (大类)."""

    letter: str
    klass: str | None
    name: str


class Edition(NamedTuple):
    """An edition of GB/T 4754 and since when it is in force (days are [K])."""

    number: str
    since: date


EDITIONS = (
    Edition("GB/T 4754-2002", date(2002, 10, 1)),
    Edition("GB/T 4754-2011", date(2011, 11, 1)),
    Edition("GB/T 4754-2017", date(2017, 10, 1)),
)


def edition_at(day: date) -> Edition | None:
    """The edition in force on a day; None before October 2002.

    >>> edition_at(date(2007, 8, 1)).number
    'GB/T 4754-2002'
    """
    return next((edition for edition in reversed(EDITIONS) if edition.since <= day), None)


def industries() -> tuple[Industry, ...]:
    """All letters and classes, each letter before its classes.

    >>> len(industries())
    117
    """
    return _table()


def letter_of(klass: str) -> str | None:
    """The letter a class of two to four digits lies in; None if there is no such class.

    >>> letter_of("13"), letter_of("5211"), letter_of("99")
    ('C', 'F', None)
    """
    found = industry(klass) if klass.isascii() and klass.isdigit() else None
    return found.letter if found else None


def industry(text: str) -> Industry | None:
    """The industry meant by a letter, a class with or without its letter, or a name; None if there is none such.

    A letter that does not go with its class ("A13") is None. A name both a letter and a class bear is the letter's.

    >>> industry("C13")
    Industry(letter='C', klass='13', name='农副食品加工业')
    >>> industry("1310") == industry("13") == industry("Ｃ１３")
    True
    >>> industry("制造业")
    Industry(letter='C', klass=None, name='制造业')
    """
    tidy = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    code = re.fullmatch(r"([A-T]?)(\d{2})\d{0,2}|([A-T])", tidy)
    if not code:
        return _by_name().get(_plain(tidy))
    found = _by_code().get(code[3] or code[2])
    return found if found and code[1] in (None, "", found.letter) else None


@cache
def _table() -> tuple[Industry, ...]:
    text = files("dishu.standards.codes").joinpath("industry.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(Industry(row["letter"], row["class"] or None, row["name"]) for row in rows)


@cache
def _by_code() -> dict[str, Industry]:
    return {entry.klass or entry.letter: entry for entry in _table()}


@cache
def _by_name() -> dict[str, Industry]:
    return {_plain(entry.name): entry for entry in reversed(_table())}


def _plain(name: str) -> str:
    return re.sub("[、,，和及]", "", unicodedata.normalize("NFKC", name))
