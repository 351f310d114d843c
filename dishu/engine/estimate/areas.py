"""A re-count in areas drawn by lot: what it says about all areas, and how to share out the next one's visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import Any

import numpy as np
from scipy import stats

from dishu.engine import exact
from dishu.engine.estimate.twolists import Range

Array = Any


@dataclass(frozen=True)
class Area:
    """One drawn area: people found there, how many of them stand in the register, how likely it was to be drawn."""

    recount: int
    both: int
    chance: float


def total_of(values: Sequence[float], chances: Sequence[float]) -> float:
    """The sum over all areas from the drawn ones, each counted 1/chance times (Horvitz & Thompson 1952).

    >>> total_of([4, 6], [0.5, 0.25])
    32.0
    """
    return float(np.sum(np.asarray(values, float) / np.asarray(chances, float)))


def variance_of(values: Sequence[float], chances: Sequence[float], together: Array) -> float:
    """The variance of `total_of` (Sen-Yates-Grundy); `together`: matrix of the chances that two are drawn both."""
    pi: Array = np.asarray(chances, float)
    joint: Array = np.asarray(together, float)
    y = np.asarray(values, float) / pi
    pairs = (np.outer(pi, pi) - joint) / joint * np.subtract.outer(y, y) ** 2
    return float(np.triu(pairs, 1).sum())


def from_areas(
    register: float, areas: Sequence[Area], frame: int, confirmed: float = 1.0, level: float = exact.LEVEL
) -> Range:
    """The total of all `frame` areas, from a full re-count in those drawn.

    `register`: records in all areas, `confirmed`: their true share. The range leaves out one area at a time
    (jackknife), Student's t, on the log of the people not registered; ValueError with fewer than two areas or where
    nobody found is registered. Where nobody was missed the range is the one-sided exact one, never of zero width.

    >>> drawn = [Area(20, 18, 0.1), Area(30, 28, 0.1), Area(25, 21, 0.1), Area(40, 37, 0.1)]
    >>> one = from_areas(900, drawn, 40)
    >>> [round(n) for n in (one.value, one.lower, one.upper)]
    [995, 947, 1092]
    """
    true = register * confirmed
    found, both = _weighted(areas)
    if len(areas) < 2 or len(areas) > frame or both.sum() == 0:
        raise ValueError("至少要抽两个片区（不多于全部片区），且其中至少有一人在册，才能推算")
    value = true * found.sum() / both.sum()
    if value <= true:
        recount = sum(one.recount for one in areas)
        return Range(value, true, true / exact.at_least(recount, recount, level))
    without = true * (found.sum() - found) / (both.sum() - both)
    count, unseen = len(areas), value - true
    spread = sqrt((1 - count / frame) * (count - 1) / count * np.sum((without - without.mean()) ** 2))
    factor = exp(float(stats.t.ppf((1 + level) / 2, count - 1)) * spread / unseen)
    return Range(value, true + unseen / factor, true + unseen * factor)


def _weighted(areas: Sequence[Area]) -> tuple[Array, Array]:
    found = np.array([one.recount / one.chance for one in areas], dtype=float)
    return found, np.array([one.both / one.chance for one in areas], dtype=float)


def neyman(visits: int, sizes: Sequence[int], spreads: Sequence[float]) -> list[int]:
    """How many of `visits` each stratum gets, so that the total is known best (Neyman 1934).

    In proportion to size times spread, whole numbers by largest remainder, at least 2 and at most all of a stratum.
    ValueError where that many visits cannot be shared out so.

    >>> neyman(20, [100, 100, 5], [1.0, 3.0, 9.0])
    [5, 13, 2]
    """
    least, most = np.minimum(2, sizes), np.asarray(sizes)
    if not least.sum() <= visits <= most.sum():
        raise ValueError(
            f"{visits} 次走访分不下去：每层至少 2 次、至多全部，合计应在 {least.sum()} 到 {most.sum()} 之间"
        )
    weight = np.asarray(sizes, float) * np.asarray(spreads, float)
    shares = _between(visits, np.where(weight > 0, weight, weight.sum() * 1e-12 + 1e-12), least, most)
    given = np.clip(np.floor(shares + 1e-9).astype(int), least, most)
    order = np.lexsort((np.arange(len(given)), -(shares - given)))
    while given.sum() < visits:
        for i in order[: visits - given.sum()]:
            given[i] += given[i] < most[i]
    return [int(n) for n in given]


def _between(visits: int, weight: Array, least: Array, most: Array) -> Array:
    """Shares in proportion to weight, none under its least or over its most: the scale is found by halving."""
    low, high = 0.0, float((most / weight).max())
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if np.clip(middle * weight, least, most).sum() < visits else (low, middle)
    return np.clip(high * weight, least, most)
