"""Plan joint branches for a county: from units, hosts and prices to a plan and the proof how good it is at least.

The method and what the proof means: docs/explanation/the-best-plan.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import sha256
from math import isfinite
from typing import Any

import numpy as np

from dishu.engine.plan import bound
from dishu.engine.plan.ground import Terrain, terrain
from dishu.engine.plan.groups import groups, own_costs
from dishu.engine.plan.model import Host, Limits, Locks, Prices, Scheme, Unit
from dishu.engine.plan.search import search
from dishu.engine.plan.start import Start, check_locks, check_names, start

Array = Any
#: Chance moves per unit when nothing else is said, and when a plan at hand is only adapted.
EFFORT, WARM_EFFORT = 2000, 300
_MOVES_PER_SECOND, _FASTEST, _SLOWEST = 500_000, 50, 8000


def plan(
    units: Sequence[Unit], hosts: Sequence[Host], prices: Prices, limits: Limits, locks: Locks, *, seed: int = 1,
    effort: int | None = None, before: Scheme | None = None, certify: bool = True, workers: int = 2,
    told: Callable[[int], None] = lambda done: None,
) -> Scheme:  # fmt: skip
    """A plan for all `units`; the same for the same input and seed, whatever the order of rows or number of `workers`.

    `effort`: chance moves per unit. `before`: a plan to begin with; committees about which nothing has changed since are
    taken from it as they are, the others change as little as pays. Without one it begins with today's branches. Never
    dearer than what it begins with. `certify`: prove a lower bound. `told`: hears how many units are done, in parts.
    ValueError for double ids, units that need no planning, or locks that cannot be kept.

    >>> def unit(name, x): return Unit(name, x, 0, "t", "p", "F", 1, 1)
    >>> made = plan([unit("a", 0), unit("b", 500), unit("c", 1000)], [], Prices(), Limits(), Locks(), effort=20)
    >>> made.groups[0].units, made.groups[0].lead, made.objective, made.lower_bound, made.gap
    (('a', 'b', 'c'), 'b', 4.3, 4.3, 0.0)
    """
    _check(units, hosts, limits)
    check_names(units, hosts, locks)
    land = terrain(units, hosts, prices, limits, locks)
    check_locks(land, locks)
    begun = start(land, locks, before)
    prints = fingerprints(land, prices, limits, locks)
    touched = _touched(land, prints, before)
    search(land, begun, touched, effort or (WARM_EFFORT if before else EFFORT), seed, before is not None, workers, told)
    return _scheme(land, begun, prints, certify, workers)


def prepare() -> None:
    """Compile now what the first plan would have to wait for: some 15 seconds of one core, once per installation."""
    three = [Unit(name, 0, 0, "", "", "", 1, 1) for name in "abc"]
    plan(three, [], Prices(), Limits(), Locks(), effort=1)


def effort_for(seconds: float, units: int) -> int:
    """Chance moves per unit that fit into so many seconds on two cores, cautiously; the same on every machine.

    >>> effort_for(60, 8_000), effort_for(10, 2_000), effort_for(0.1, 8_000)
    (1750, 750, 50)
    """
    moves = max(0.0, seconds / 2 - 2) * _MOVES_PER_SECOND / max(1, units)
    return int(min(_SLOWEST, max(_FASTEST, moves)))


def _check(units: Sequence[Unit], hosts: Sequence[Host], limits: Limits) -> None:
    for what, ids in (("单位", [u.unit_id for u in units]), ("组织", [h.org_id for h in hosts])):
        if twice := sorted(one for one, times in Counter(ids).items() if times > 1):
            raise ValueError(f"{what}编号重复：{'、'.join(twice[:5])}。每个{what}一行，请去掉多余的")
    wrong = [u.unit_id for u in units if not 1 <= u.full < limits.least_full or u.members < u.full]
    if wrong:
        raise ValueError(
            f"只规划有正式党员1至{limits.least_full - 1}名的单位，党员总数不少于正式党员；不符合的：{'、'.join(wrong[:5])}"
        )
    places = [(u.unit_id, u.x, u.y) for u in units] + [(h.org_id, h.x, h.y) for h in hosts]
    if lost := [name for name, x, y in places if not (isfinite(x) and isfinite(y))]:
        raise ValueError(f"缺坐标：{'、'.join(lost[:5])}。请先按所在地补上")


def fingerprints(land: Terrain, prices: Prices, limits: Limits, locks: Locks) -> dict[str, str]:
    """Of each committee one short word for all that its part of the plan depends on."""
    common = repr((sorted(prices.attach.items()), [v for k, v in vars(prices).items() if k != "attach"], limits))
    found = {}
    for c, (first, end) in enumerate(land.shards):
        inside = {unit.unit_id for unit in land.units[first:end]}
        reach = land.ground.take[land.ground.take_start[first] : land.ground.take_start[end]]
        near = np.union1d(np.unique(reach), np.flatnonzero(land.ground.host_committee == c)).tolist()
        said = [common, *map(repr, land.units[first:end]), *(repr(land.hosts[a]) for a in near)]
        said += sorted(
            repr(sorted(ids)) + kind for kind in ("together", "apart") for ids in getattr(locks, kind) if ids & inside
        )
        said += sorted(repr(pair) for pair in locks.hosts.items() if pair[0] in inside)
        said += sorted(locks.branches & {unit.branch for unit in land.units[first:end] if unit.branch})
        found[land.units[first].committee] = sha256("\n".join(said).encode()).hexdigest()[:16]
    return found


def _touched(land: Terrain, prints: dict[str, str], before: Scheme | None) -> list[int]:
    known = before.prints if before is not None else {}
    return [c for c, name in enumerate(prints) if known.get(name) != prints[name]]


def _scheme(land: Terrain, begun: Start, prints: dict[str, str], certify: bool, workers: int) -> Scheme:
    costs = own_costs(land, begun.state)
    total = round(float(costs.sum()))
    lower, valid = None, False
    if certify and land.units:
        kept = round(float(costs[begun.fixed].sum()))
        rooms = land.room[0].copy(), land.room[1].copy()
        guests = begun.fixed & (begun.state.where <= -2)
        np.subtract.at(rooms[0], -2 - begun.state.where[guests], 1)
        np.subtract.at(rooms[1], -2 - begun.state.where[guests], land.ground.members[guests])
        proof = bound.bound(land, total - kept, costs, begun.fixed, rooms, workers=workers)
        lower, valid = min(proof.metres + kept, total) / 1000, proof.valid
    return Scheme(groups(land, begun), total / 1000, lower, valid, prints)
