"""Which answers are what: choices, numbers, free text, photos, telephones; and who collected which record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dishu.engine.flags.visits import number

Role = Literal["choice", "number", "text", "photo", "phone", "found", "new", "name"]
#: A column named so is what it says, whatever stands in it: people met, people met who were not registered, and so on.
NAMED: Final[dict[str, Role]] = {
    "a_new": "new", "a_found": "found", "a_phone": "phone", "a_photo": "photo", "a_text": "text", "a_note": "text",
    "a_name": "name",
}  # fmt: skip
_MOSTLY: Final = 0.9  # of the cells must look so
_MANY: Final = 12  # different numbers make a measure; fewer are codes of choices
_SENTENCE: Final = 6  # characters
_PHONE: Final = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")
_HASH: Final = re.compile(r"[0-9a-fA-F]{16,}")


def role(name: str, cells: list[str]) -> Role:
    """What a column of answers holds, by its name or else by most of its different cells.

    >>> role("a_mobile", ["19412345678", "19487654321"]), role("a_open", ["是", "否"]), role("a_phone2", ["无"])
    ('phone', 'choice', 'phone')
    """
    for start, meant in NAMED.items():
        if name == start or (name.startswith(start) and meant not in ("new", "found")):
            return meant
    kinds = set(cells)
    if _most(_PHONE.fullmatch(cell) is not None for cell in kinds):
        return "phone"
    if _most(_HASH.fullmatch(cell) is not None and not cell.isdecimal() for cell in kinds):
        return "photo"
    if _most(number(cell) is not None for cell in kinds):
        return "number" if len(kinds) > _MANY else "choice"
    return "text" if len(kinds) > _MANY and _most((len(cell) >= _SENTENCE for cell in kinds), 0.5) else "choice"


def _most(signs: Iterable[bool], share: float = _MOSTLY) -> bool:
    seen = list(signs)
    return bool(seen) and sum(seen) >= share * len(seen)


def columns(visits: pa.Table, *roles: Role) -> list[str]:
    """The answer columns with one of these roles, by name."""
    names = sorted(name for name in visits.column_names if name.startswith("a_"))
    return [name for name in names if role(name, _different(visits[name])) in roles]


def questions(visits: pa.Table) -> list[str]:
    """The answers in which two units may well agree: choices and numbers, without what is each unit's own, like its name."""
    asked = columns(visits, "choice", "number")
    return [name for name in asked if len(_different(visits[name])) <= max(_MANY, pc.count(visits[name]).as_py() / 2)]


def _different(column: pa.ChunkedArray) -> list[str]:
    found: list[str] = pc.unique(column.drop_null()).to_pylist()
    return found


def collectors(visits: pa.Table) -> tuple[list[str], Any]:
    """The collectors by name, and for each record the place of its collector in that list."""
    names, codes = np.unique(np.array(visits["collector"].to_pylist(), dtype=object), return_inverse=True)
    return list(names), codes


def numbers(visits: pa.Table, name: str) -> Any:
    """A column as floats, NaN where there is no number."""
    texts = visits[name].to_pylist()
    known = {text: number(text) for text in set(texts)}
    return np.array([known[text] for text in texts], dtype=float)


def coded(visits: pa.Table, names: list[str]) -> Any:
    """Choices as small whole numbers, one line per column; -1 where nothing was answered.

    Answers are numbered by how often they were given, so that at most the rarest share a number: beyond 32,000 different
    ones a column says nothing about likeness any more.
    """
    lines = np.full((len(names), visits.num_rows), -1, dtype=np.int16)
    for line, name in zip(lines, names, strict=True):
        column = visits[name].combine_chunks().dictionary_encode()
        place = np.asarray(pc.fill_null(column.indices, -1))
        counts = np.bincount(place[place >= 0], minlength=1)
        rank: Any = np.empty(len(counts), dtype=np.int64)
        rank[np.argsort(-counts, kind="stable")] = np.arange(len(counts))
        line[place >= 0] = np.minimum(rank[place[place >= 0]], np.iinfo(np.int16).max)
    return lines


def seconds(visits: pa.Table) -> Any:
    """How long each visit took; NaN where a time is missing."""
    return moments(visits, "ended_at") - moments(visits, "started_at")


def moments(visits: pa.Table, name: str) -> Any:
    """A column of times as seconds since 1970; NaN where there is none."""
    ticks = np.asarray(visits[name].cast(pa.int64()).fill_null(-1).combine_chunks(), dtype=np.int64)
    return np.where(ticks < 0, np.nan, ticks / 1e6)
