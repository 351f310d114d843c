"""Was the register copied instead of the street visited? Nobody new, the register's order, the register's very spelling."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
from scipy import stats

from dishu.engine.flags.answers import collectors, columns, moments, numbers
from dishu.engine.flags.model import Asked, Look
from dishu.engine.flags.peers import shares

_YES: Final = ("是", "有", "新", "yes", "true", "y")
_OTHERS: Final = 200  # people the others met, before they may tell the rate


def counts(visits: pa.Table, name: str) -> Any:
    """A column of counts, or of yes and no, as floats; NaN where nothing is said."""
    x = numbers(visits, name)
    texts = visits[name].to_pylist()
    for at in np.flatnonzero(np.isnan(x)):
        if texts[at]:
            x[at] = 1.0 if texts[at].lower() in _YES else 0.0
    return x


def zero_discoveries(visits: pa.Table, asked: Asked) -> list[Look]:
    """Too few people met who were not registered: exact binomial tail at the coverage rate.

    `a_new`: how many of the people met on this visit were not in the register (or yes and no); `a_found`: how many were
    met, 1 where the column is missing. The rate comes from the case, else from all others together (`_OTHERS` people
    at least). `limit`: new people that must be expected; `least`: people met.
    """
    names, who = collectors(visits)
    new = counts(visits, "a_new")
    said = ~np.isnan(new)
    met = numbers(visits, "a_found") if columns(visits, "found") else np.ones(len(new))
    met = np.where(said, np.maximum(np.nan_to_num(met), np.nan_to_num(new)), 0.0)
    found: Any = np.bincount(who, np.nan_to_num(new), len(names)).astype(int)
    people: Any = np.bincount(who, met, len(names)).astype(int)
    looks = []
    for one in np.flatnonzero(people >= asked.least):
        covered = asked.case.coverage
        if covered is None:
            others = people.sum() - people[one]
            if others < _OTHERS:
                continue
            covered = 1 - (found.sum() - found[one]) / others
        expected = float(people[one] * (1 - covered))
        p = float(stats.binom.cdf(found[one], people[one], 1 - covered))
        values = {"n": int(people[one]), "k": int(found[one]), "expected": expected, "coverage": covered}
        looks.append(Look(names[one], p, expected - found[one], values, met=expected >= asked.limit))
    return looks


def register_order(visits: pa.Table, asked: Asked) -> list[Look]:
    """Share of steps that go to the very next unit of the collector's part of the register, against the others' share.

    `r_order`: the unit's place in the register. Against the others, because a register may run along the street.
    `least`: visits; `limit`: the share that is never remarkable.
    """
    names, who = collectors(visits)
    place, start = numbers(visits, "r_order"), moments(visits, "started_at")
    usable = np.flatnonzero(~np.isnan(place) & ~np.isnan(start))
    by_place = usable[np.lexsort((place[usable], who[usable]))]
    rank = np.full(len(who), -10)
    rank[by_place] = np.arange(len(by_place))
    by_time = usable[np.lexsort((place[usable], start[usable], who[usable]))]
    step: Any = np.zeros(len(who), dtype=bool)
    judged = step.copy()
    same = who[by_time][1:] == who[by_time][:-1]
    judged[by_time[1:][same]] = True
    step[by_time[1:]] = same & (np.diff(rank[by_time]) == 1)
    return shares(visits, step, judged, asked.limit, asked.least - 1, lambda one: {})


def register_echo(visits: pa.Table, asked: Asked) -> list[Look]:
    """Share of records that repeat the register to the letter, errors included, against the others' share.

    `r_x` is what the register says of the answer `a_x`. `least`: records; `limit`: the share that is never remarkable.
    """
    pairs = [(f"a_{name[2:]}", name) for name in visits.column_names if name.startswith("r_") and name != "r_order"]
    pairs = [(mine, theirs) for mine, theirs in pairs if mine in visits.column_names]
    equal, judged = np.ones(visits.num_rows, dtype=bool), np.zeros(visits.num_rows, dtype=bool)
    for mine, theirs in pairs:
        both = list(zip(visits[mine].to_pylist(), visits[theirs].to_pylist(), strict=True))
        there = np.array([a is not None and b is not None for a, b in both])
        judged |= there
        equal &= ~there | np.array([a == b for a, b in both])
    return shares(visits, equal, judged, asked.limit, asked.least, lambda one: {})
