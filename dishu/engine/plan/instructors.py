"""Which instructor looks after which unit: the exactly cheapest posting with caps and fair loads. OR-tools' only door.

Units without members get a Party-building instructor (党建工作指导员). A posting is a flow of least cost in whole metres:
each unit to one of the nearest instructors, or to nobody at a high price, which shows where instructors are missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from scipy.spatial import cKDTree

Array = Any
#: Metres; more than any way, so that nobody is left alone for a shorter way, nor a fair load given up for one.
ALONE, UNFAIR = 100_000_000, 10_000_000


@dataclass(frozen=True)
class Posting:
    """Who looks after whom.

    `instructor`: per unit the instructor's number, -1 for nobody; `ways`: metres, 0 for nobody; `loads`: units per
    instructor; `moved`: units that change their instructor; `below`: instructors with fewer units than they should.
    """

    instructor: Array
    ways: Array
    loads: Array
    moved: int
    below: Array

    @property
    def alone(self) -> Array:
        """The units nobody could take: here instructors are missing."""
        return np.flatnonzero(self.instructor < 0)


def assign(
    units: Array, instructors: Array, most: Array | int, least: Array | int = 0, *, today: Array | None = None,
    stay_metres: int = 600, far_metres: float = np.inf, nearest: int = 12,
) -> Posting:  # fmt: skip
    """The posting of least total way in which nobody has more than `most` units or, where possible, fewer than `least`.

    `units` (n, 2) and `instructors` (k, 2): metres. `today`: per unit the number of its present instructor, -1 for none;
    staying is worth `stay_metres` of way. Each unit may go to the `nearest` instructors up to `far_metres` away and to
    its own of today; where units stay alone although somebody near enough has room, more are tried. Exact among the
    pairs so allowed. First as few units alone as possible, then as fair as possible, then the shortest ways.
    ValueError for places that are no numbers, bad caps, or a `today` that is no instructor.

    >>> found = assign([(0, 0), (10, 0), (900, 0)], [(0, 0), (1000, 0)], most=[1, 5])
    >>> found.instructor.tolist(), found.ways.tolist(), found.loads.tolist()
    ([0, 1, 1], [0, 990, 100], [1, 2])
    """
    units, instructors = _points(units), _points(instructors)
    most, least = (_loads(load, len(instructors)) for load in (most, least))
    today = _today(today, len(units), len(instructors))
    if (least > most).any():
        raise ValueError("指导员最少联系的单位数不能大于最多联系的单位数")
    if not len(units) or not len(instructors):
        return _posting(np.full(len(units), -1), units, instructors, least, today)
    tried = -1
    while True:
        pairs = _pairs(units, instructors, today, nearest, far_metres)
        chosen = _flow(pairs, len(units), most, least, today, stay_metres)
        found = _posting(chosen, units, instructors, least, today)
        if len(pairs[0]) == tried or not (len(found.alone) and (found.loads < most).any()):
            return found
        tried, nearest = len(pairs[0]), nearest * 4


def _points(given: Array) -> Array:
    points: Array = np.asarray(given, np.float64).reshape(-1, 2)
    if not np.isfinite(points).all():
        raise ValueError("单位和指导员的坐标必须是数（米），不能空着")
    return points


def _loads(given: Array | int, number: int) -> Array:
    loads = np.broadcast_to(np.asarray(given, np.int64), number)
    if (loads < 0).any():
        raise ValueError("指导员联系的单位数不能是负数")
    return loads


def _today(given: Array | None, units: int, instructors: int) -> Array:
    today = np.full(units, -1) if given is None else np.asarray(given, np.int64)
    if today.shape != (units,) or (today < -1).any() or (today >= instructors).any():
        raise ValueError(f"现有指导员应每个单位一个编号（-1至{instructors - 1}，-1表示没有）")
    return today


def _pairs(units: Array, instructors: Array, today: Array, nearest: int, far: float) -> tuple[Array, Array, Array]:
    """Who may go to whom and how far it is, whole metres; equal ways in the order of the instructors' numbers."""
    near = min(nearest, len(instructors))
    _, found = cKDTree(instructors).query(units, k=near, distance_upper_bound=far + 1)
    who: Array = np.repeat(np.arange(len(units)), near)
    whom: Array = np.asarray(found).reshape(-1)
    who, whom = who[whom < len(instructors)], whom[whom < len(instructors)]  # the tree's word for "nobody there"
    has = np.flatnonzero(today >= 0)
    keys = np.unique(np.concatenate([who, has]) * len(instructors) + np.concatenate([whom, today[has]]))
    who, whom = keys // len(instructors), keys % len(instructors)
    ways = _ways(units[who], instructors[whom])
    allowed = ways <= far
    return who[allowed], whom[allowed], ways[allowed]


def _ways(some: Array, others: Array) -> Array:
    return np.floor(np.hypot(*(some - others).T) + 0.5).astype(np.int64)


def _flow(
    pairs: tuple[Array, Array, Array], units: int, most: Array, least: Array, today: Array, stay: int
) -> Array:  # fmt: skip
    """Nodes: units, then instructors, then the sink. The first `least` units of an instructor are rewarded."""
    who, whom, ways = pairs
    sink = units + len(most)
    here, posts = np.arange(units), np.arange(units, sink)
    flow = SimpleMinCostFlow()
    costs = ways - stay * (today[who] == whom)
    flow.add_arcs_with_capacity_and_unit_cost(who, units + whom, np.ones(len(who), np.int64), costs)
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([here, posts, posts]),
        np.full(units + 2 * len(most), sink),
        np.concatenate([np.ones(units, np.int64), least, most - least]),
        np.concatenate([np.full(units, ALONE), np.full(len(most), -UNFAIR), np.zeros(len(most), np.int64)]),
    )
    flow.set_nodes_supplies(np.append(here, sink), np.append(np.ones(units, np.int64), -units))
    if (status := flow.solve()) != flow.OPTIMAL:
        raise RuntimeError(f"指导员分配没有求得结果（{status}）")
    chosen = np.full(units, -1)
    used = flow.flows(np.arange(len(who))) > 0
    chosen[who[used]] = whom[used]
    return chosen


def _posting(chosen: Array, units: Array, instructors: Array, least: Array, today: Array) -> Posting:
    served: Array = chosen >= 0
    ways: Array = np.zeros(len(units), np.int64)
    if served.any():
        ways[served] = _ways(units[served], instructors[chosen[served]])
    loads = np.bincount(chosen[served], minlength=len(instructors))
    moved = int(((today >= 0) & (chosen != today)).sum())
    return Posting(chosen, ways, loads, moved, np.flatnonzero(loads < least))
