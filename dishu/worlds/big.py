"""Editions as large as a small and a large province (R1, R10), made up straight as facts: for speed, not for matching.

R1: 1 million units, 100,000 members, 200,000 coverages, 6,400 places in five levels, 20 years of dated changes; R10 is
ten times that in everything. No names, no rosters; each county has its own dice, so one county needs no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa

from dishu.engine import edition
from dishu.engine.facts import TABLES
from dishu.worlds.big_rows import County
from dishu.worlds.big_tree import BigTree

DAY = date(2026, 10, 31)
BEGAN = date(2006, 11, 1)
#: Of one edition of scale 1.
UNITS, MEMBERS, COVERAGES = 1_000_000, 100_000, 200_000
NOTE = "全部虚构，与任何真实的企业、个人和组织无关。"


def write(out: Path, scale: int = 1, seed: int = 1, part: float = 1.0) -> edition.Edition:
    """Write R1 (`scale=1`) or R10 (`scale=10`) as a sealed edition into the folder `out`, which may not exist yet.

    `part`: so much of the counts, the places staying (for trying out).
    """
    source = {"world": f"r{scale}", "seed": seed, "part": part, "note": NOTE}
    return edition.write(parts(scale, seed, part), out, day=DAY, moment=f"{DAY}T00:00:00", source=source)


def parts(scale: int = 1, seed: int = 1, part: float = 1.0) -> Iterator[edition.Part]:
    """The facts county by county, each sorted by its first column.

    >>> county, tables = next(iter(parts(part=0.01)))
    >>> county, sorted(set(tables) ^ set(TABLES))
    ('elsewhere', [])
    """
    tree = BigTree(scale, seed)
    yield edition.ELSEWHERE, {**_nothing(), "place": tree.above_counties()}
    counts = [int(total * scale * part) for total in (UNITS, MEMBERS, COVERAGES)]
    for number, county in enumerate(tree.counties):
        share = [split(total, len(tree.counties), number) for total in counts]
        made = County(tree, number, seed, (BEGAN, DAY), *share)
        yield county, {**_nothing(), **made.tables(), "place": tree.of_county(number)}


def split(total: int, into: int, number: int) -> range:
    """The share of one of `into` parts of so many running numbers; all shares together are all numbers.

    >>> [split(10, 3, n) for n in range(3)]
    [range(0, 3), range(3, 6), range(6, 10)]
    """
    return range(total * number // into, total * (number + 1) // into)


def _nothing() -> dict[str, pa.Table]:
    from dishu.engine.facts import empty

    return {name: empty(name) for name in TABLES}
