"""A move drafted before it is taken: units put elsewhere on paper, the change priced, and only then made the plan."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from dishu.engine.compiling import part
from dishu.engine.plan.arrays import NEVER
from dishu.engine.plan.costs import group_cost, place_cost

Array = Any


class State(NamedTuple):
    """A plan in the making. `where`: of each unit; `units`, `size`, `cost`: of each group; `left_*`: room of each host."""

    where: Array
    units: Array
    size: Array
    cost: Array
    left_units: Array
    left_members: Array


class Draft(NamedTuple):
    """One move before it is taken: the groups it touches as they would be, and which unit goes where."""

    count: Array  # groups touched, units moved, new groups
    slot: Array
    size: Array
    units: Array
    cost: Array
    unit: Array
    to: Array
    sums: Array
    pool: Array


def draft(most_units: int) -> Draft:
    """An empty draft for groups of at most `most_units`."""
    wide, many = 3 * most_units + 8, 6 * most_units + 16
    shapes: list[Any] = [3, many, many, (many, wide), many, many, many, wide, (3, many)]
    return Draft(*(np.zeros(shape, np.int64) for shape in shapes))


@part
def touch(s, d, slot):  # type: ignore[no-untyped-def]
    """The row of a group in the draft, copied there if it is new to it."""
    for k in range(d.count[0]):
        if d.slot[k] == slot:
            return k
    k = d.count[0]
    d.count[0] = k + 1
    d.slot[k] = slot
    d.size[k] = s.size[slot]
    d.cost[k] = s.cost[slot]
    for i in range(s.size[slot]):
        d.units[k, i] = s.units[slot, i]
    return k


@part
def put(g, s, d, u, to):  # type: ignore[no-untyped-def]
    """In the draft, move a unit and all that are locked to it; who has moved already stays."""
    for m in range(g.mates_start[u], g.mates_start[u + 1]):
        w = g.mates[m]
        seen = s.where[w] == to
        for i in range(d.count[1]):
            seen = seen or d.unit[i] == w
        if seen:
            continue
        if s.where[w] >= 0:
            k = touch(s, d, s.where[w])
            last = d.size[k] - 1
            for i in range(last):
                if d.units[k, i] == w:
                    d.units[k, i] = d.units[k, last]
                    break
            d.size[k] = last
        d.unit[d.count[1]] = w
        d.to[d.count[1]] = to
        d.count[1] += 1
        if to >= 0:
            k = touch(s, d, to)
            if d.size[k] < d.units.shape[1]:
                d.units[k, d.size[k]] = w
                d.size[k] += 1
            else:
                d.size[k] = NEVER  # too many by far; priced so


@part
def price(g, s, d, fixed):  # type: ignore[no-untyped-def]
    """What the draft would add to the plan's price; NEVER if it breaks a rule, a lock or a host's room."""
    total = 0
    for i in range(d.count[1]):
        u, to = d.unit[i], d.to[i]
        if fixed[u]:
            return NEVER
        if to <= -2 and not _room(g, s, d, i):
            return NEVER
        cost = place_cost(g, u, to)
        if cost >= NEVER:
            return NEVER
        total += cost - place_cost(g, u, s.where[u])
    for k in range(d.count[0]):
        if d.size[k] > g.most_units:
            return NEVER
        if s.size[d.slot[k]] > 0 and fixed[s.units[d.slot[k], 0]]:
            return NEVER
        d.cost[k] = group_cost(g, d.units[k], d.size[k], d.sums)
        if d.cost[k] >= NEVER:
            return NEVER
        total += d.cost[k] - s.cost[d.slot[k]]
    return total


@part
def _room(g, s, d, i):  # type: ignore[no-untyped-def]
    """Whether the host the i-th moved unit goes to has room for all that go there, and nobody it must not meet."""
    to = d.to[i]
    units, members = s.left_units[-2 - to], s.left_members[-2 - to]
    for k in range(d.count[1]):
        w = d.unit[k]
        if s.where[w] == to:
            units += 1
            members += g.members[w]
        if d.to[k] == to:
            units -= 1
            members -= g.members[w]
    if units < 0 or members < 0:
        return False
    for k in range(g.apart_start[d.unit[i]], g.apart_start[d.unit[i] + 1]):
        at = s.where[g.apart[k]]
        for j in range(d.count[1]):
            if d.unit[j] == g.apart[k]:
                at = d.to[j]
        if at == to:
            return False
    return True


@part
def take(g, s, d, free):  # type: ignore[no-untyped-def]
    """Make the draft the plan."""
    for i in range(d.count[1]):
        u, to, was = d.unit[i], d.to[i], s.where[d.unit[i]]
        if was <= -2:
            s.left_units[-2 - was] += 1
            s.left_members[-2 - was] += g.members[u]
        if to <= -2:
            s.left_units[-2 - to] -= 1
            s.left_members[-2 - to] -= g.members[u]
        s.where[u] = to
    free[0] -= d.count[2]
    for k in range(d.count[0]):
        slot = d.slot[k]
        s.size[slot] = d.size[k]
        s.cost[slot] = d.cost[k]
        for i in range(d.size[k]):
            s.units[slot, i] = d.units[k, i]
        if d.size[k] == 0:
            free[0] += 1
            free[free[0]] = slot


@part
def fresh(s, d, free):  # type: ignore[no-untyped-def]
    """An empty group, in the draft; -1 if none is left."""
    if free[0] - d.count[2] < 1:
        return -1
    slot = free[free[0] - d.count[2]]
    d.count[2] += 1
    touch(s, d, slot)
    return slot
