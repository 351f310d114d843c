"""What a group costs, and what a unit costs by itself, in whole metres; what is not allowed costs more than any plan.

Written in the part of Python that Numba compiles; the same text runs uncompiled.
"""

from __future__ import annotations

import numpy as np

from dishu.engine.compiling import part
from dishu.engine.plan.arrays import NEVER

OPEN = -1  # where a unit is: not covered; -2 - a: attached to host a; from 0: the number of its group


@part
def pair_base(g, i, j):  # type: ignore[no-untyped-def]
    """What a unit pays to be led by another, but for leaving its branch; the same both ways."""
    dx, dy = g.x[i] - g.x[j], g.y[i] - g.y[j]
    way = int(np.sqrt(dx * dx + dy * dy) + 0.5)
    if way > g.most_metres:
        return NEVER
    cost = int(g.per_km * way + 0.5)
    if g.industry[i] != g.industry[j]:
        cost += g.other_industry
    if g.spot[i] != g.spot[j]:
        cost += g.other_place
    return cost


@part
def moving(g, u, lead):  # type: ignore[no-untyped-def]
    """What a unit pays for leaving its branch or host of today."""
    if g.host[u] != -1 or (g.branch[u] >= 0 and g.branch[u] != g.branch[lead]):
        return g.moved
    return 0


@part
def group_cost(g, units, n, sums):  # type: ignore[no-untyped-def]
    """The price of a joint branch of the first n of `units` under its best lead; NEVER if it must not be."""
    if n == 0:
        return 0
    full, members = 0, 0
    for i in range(n):
        full += g.full[units[i]]
        members += g.members[units[i]]
    if n > g.most_units or full < g.least_full or members > g.most_members or _meets(g, units, n):
        return NEVER
    for i in range(n):
        sums[i] = g.opening[units[i]]
    for i in range(n):
        for j in range(i):
            base = pair_base(g, units[i], units[j])
            sums[i] += base + moving(g, units[j], units[i])
            sums[j] += base + moving(g, units[i], units[j])
    best = sums[0]
    for i in range(1, n):
        best = min(best, sums[i])
    if best >= NEVER:
        return NEVER
    if full == g.least_full:
        best += g.fragile
    return best + g.above_usual * max(0, n - g.usual_units)


@part
def _meets(g, units, n):  # type: ignore[no-untyped-def]
    """Whether two of the units must not meet."""
    if len(g.apart) == 0:
        return False
    for i in range(n):
        for k in range(g.apart_start[units[i]], g.apart_start[units[i] + 1]):
            for j in range(n):
                if units[j] == g.apart[k]:
                    return True
    return False


@part
def place_cost(g, u, to):  # type: ignore[no-untyped-def]
    """What a unit pays by itself: at a host, or uncovered; in a group nothing, the group pays."""
    if to >= 0:
        return 0
    if to == OPEN:
        return g.uncovered
    a = -2 - to
    if g.host_committee[a] >= 0 and g.host_committee[a] != g.committee[u]:
        return NEVER
    if g.host_county[a] >= 0 and g.county[u] >= 0 and g.host_county[a] != g.county[u]:
        return NEVER
    dx, dy = g.host_x[a] - g.x[u], g.host_y[a] - g.y[u]
    way = int(np.sqrt(dx * dx + dy * dy) + 0.5)
    if way > g.host_most[a]:
        return NEVER
    cost = int(g.host_per_km[a] * way + 0.5) + g.host_base[a]
    if g.host_industry[a] >= 0 and g.host_industry[a] != g.industry[u]:
        cost += g.host_other_industry[a]
    if g.host_spot[a] != g.spot[u]:
        cost += g.host_other_place[a]
    if g.branch[u] >= 0 or (g.host[u] != -1 and g.host[u] != a):
        cost += g.moved
    return cost
