"""Two lists place by place: each estimated or pooled with its neighbour, and a sum that the places add up to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

from dishu.engine import exact
from dishu.engine.estimate.answers import of, too_few
from dishu.engine.estimate.strata import Stratum, pooled, summed
from dishu.engine.estimate.twolists import Counts, coverage
from dishu.engine.wording import say

#: What a place's row holds besides its names, in people and shares of 0..1; empty where nothing may be shown.
SHOWN = ("total", "lower", "upper", "missing", "missing_lower", "missing_upper",
         "coverage", "coverage_lower", "coverage_upper")  # fmt: skip


def by_place(strata: Sequence[Stratum], names: Mapping[str, str], level: float = exact.LEVEL) -> list[dict[str, Any]]:
    """One row per place or pooled group and a last one, 合计; the groups' totals add up to it.

    `names`: what a place is called. Places in which nobody was found are pooled like small ones.

    >>> from dishu.engine.estimate.twolists import Counts
    >>> rows = by_place([Stratum(("a",), Counts(30, 10, 4)), Stratum(("b",), Counts(90, 40, 30))], {})
    >>> [(row["name"], round(row["total"])) for row in rows]
    [('a、b', 175), ('合计', 175)]
    """
    groups = pooled(strata)
    rows = [_row(group, names, level) for group in groups]
    return [*rows, _sum(groups, level)]


def _row(group: Stratum, names: Mapping[str, str], level: float) -> dict[str, Any]:
    called = "、".join(names.get(place, place) or "地区不明" for place in group.names)
    row = _counted(";".join(group.names), called, group.counts)
    if not group.counts.enough:
        return row | dict.fromkeys(SHOWN) | {"warnings": too_few(group.counts)}
    found = of(group.counts, level)
    pool = [say("estimate_pooled")] if len(group.names) > 1 else []
    numbers = found.numbers()
    return row | {name: numbers[name] for name in SHOWN} | {"warnings": [*pool, *found.warnings()]}


def _counted(place: str, name: str, counts: Counts) -> dict[str, Any]:
    register, recount, both = (int(n) for n in (counts.register, counts.recount, counts.both))
    seen = register + recount - both
    return {"place": place, "name": name, "register": register, "recount": recount, "both": both, "seen": seen}


def _sum(groups: Sequence[Stratum], level: float) -> dict[str, Any]:
    """All groups together: totals added, the coverage rate of all re-counted people."""
    counts = reduce(add, (group.counts for group in groups))
    row = _counted("", "合计", counts)
    if not all(group.counts.enough for group in groups):
        return row | dict.fromkeys(SHOWN) | {"warnings": too_few(counts)}
    total, rate = summed([group.counts for group in groups], level), coverage(row["recount"], row["both"], level)
    ends = (total.value, total.lower, total.upper)
    shown = (*ends, *(end - row["register"] for end in ends), rate.share, rate.lower, rate.upper)
    return row | dict(zip(SHOWN, shown, strict=True)) | {"warnings": []}
