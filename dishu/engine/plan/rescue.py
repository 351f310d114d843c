"""A unit left over though a host is near: the host is full, and one of its guests could go elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dishu.engine.plan.costs import OPEN, place_cost
from dishu.engine.plan.ground import Terrain
from dishu.engine.plan.start import Start


def rescue(land: Terrain, begun: Start) -> int:
    """Give units that are left over the place of a guest who has another host; what it gained, metres (0 or less).

    The search moves one unit at a time and, cool as it ends, takes no way over a dearer plan; guests of hosts at work
    across the county lie in other committees besides, where a unit has no neighbours. Units people have locked stay.
    """
    gained = 0
    for u in np.flatnonzero((begun.state.where == OPEN) & ~begun.fixed).tolist():
        gain, steps = min(_ways(land, begun, u), default=(0, ()))
        if gain < 0:
            for unit, to in steps:
                _go(land, begun, unit, to)
            gained += gain
    return gained


def _ways(land: Terrain, begun: Start, u: int) -> Iterator[tuple[int, tuple[tuple[int, int], ...]]]:
    """What each way to house a unit gains, and the moves it takes: straight in, or after a guest has left."""
    g = land.ground
    if not _free(land, u):
        return
    for a in _hosts(land, u):
        here = place_cost(g, u, -2 - a) - g.uncovered
        if _fits(land, begun, u, a):
            yield here, ((u, -2 - a),)
            continue
        for w in np.flatnonzero(begun.state.where == -2 - a).tolist():
            if begun.fixed[w] or not _free(land, w) or begun.state.left_members[a] + g.members[w] < g.members[u]:
                continue
            left = here - place_cost(g, w, -2 - a)
            yield from (
                (left + place_cost(g, w, -2 - b), ((w, -2 - b), (u, -2 - a)))
                for b in _hosts(land, w)
                if b != a and _fits(land, begun, w, b)
            )


def _hosts(land: Terrain, u: int) -> list[int]:
    g = land.ground
    return [int(a) for a in g.take[g.take_start[u] : g.take_start[u + 1]]]


def _fits(land: Terrain, begun: Start, u: int, a: int) -> bool:
    return bool(begun.state.left_units[a] >= 1 and begun.state.left_members[a] >= land.ground.members[u])


def _free(land: Terrain, u: int) -> bool:
    """Whether nobody has tied the unit to others or kept it apart from them."""
    g = land.ground
    alone = g.mates_start[u + 1] - g.mates_start[u] <= 1
    return bool(alone and g.apart_start[u] == g.apart_start[u + 1])


def _go(land: Terrain, begun: Start, u: int, to: int) -> None:
    state, members = begun.state, land.ground.members[u]
    if state.where[u] <= -2:
        state.left_units[-2 - state.where[u]] += 1
        state.left_members[-2 - state.where[u]] += members
    state.where[u] = to
    state.left_units[-2 - to] -= 1
    state.left_members[-2 - to] -= members
