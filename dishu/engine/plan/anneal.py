"""Better and better plans by chance moves at a falling temperature: shift, swap, attach, create, dissolve, split again.

Written in the part of Python that Numba compiles; the same text runs uncompiled, and gives the same plan. Whole numbers
and a random stream of its own, so that a seed means one plan on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dishu.engine.compiling import compiled, part
from dishu.engine.plan.arrays import NEVER, Ground
from dishu.engine.plan.costs import OPEN, group_cost, moving, pair_base, place_cost
from dishu.engine.plan.draft import Draft, State, fresh, price, put, take, touch

Array = Any
#: Temperatures from hot to cool, metres: what a move may cost and still be taken one time in e.
HOT, COOL, HEATS = 500.0, 20.0, 200
#: Of 128 moves so many are of each kind, in this order: shift, swap, attach, create, dissolve; the rest split again.
SHIFT, SWAP, ATTACH, CREATE, DISSOLVE = 48, 80, 92, 100, 106
_LUCKS = 4096
_MASK = 0xFFFFFFFF


@part
def draw(rng, n):  # type: ignore[no-untyped-def]
    """A number below n; xorshift on 32 bits held in 64, so that nothing overflows, compiled or not."""
    x = rng[0]
    x ^= (x << 13) & _MASK
    x ^= x >> 17
    x ^= (x << 5) & _MASK
    rng[0] = x
    return (x * n) >> 32


@part
def _near(g, u, rng):  # type: ignore[no-untyped-def]
    """A neighbour of a unit, a close one rather than a far one; -1 if it has none."""
    n = g.near_start[u + 1] - g.near_start[u]
    if n == 0:
        return -1
    return g.near[g.near_start[u] + min(draw(rng, n), draw(rng, n))]


@part
def _host(g, u, rng):  # type: ignore[no-untyped-def]
    """The place at a host of a unit, a cheap one rather than a dear one; OPEN if it has none."""
    n = g.take_start[u + 1] - g.take_start[u]
    if n == 0:
        return OPEN
    return -2 - g.take[g.take_start[u] + min(draw(rng, n), draw(rng, n))]


@part
def _shift(g, s, d, u, v, free):  # type: ignore[no-untyped-def]
    to = s.where[v]
    if to == OPEN:
        to = fresh(s, d, free)
        if to >= 0:
            put(g, s, d, v, to)
    if to != OPEN:
        put(g, s, d, u, to)


@part
def _swap(g, s, d, u, v, rng):  # type: ignore[no-untyped-def]
    there, here = s.where[v], s.where[u]
    if there == here:
        return
    w = v
    if there >= 0 and draw(rng, 2) == 0:
        w = s.units[there, draw(rng, s.size[there])]
    put(g, s, d, u, there)
    put(g, s, d, w, here)


@part
def _create(g, s, d, u, free, rng):  # type: ignore[no-untyped-def]
    """A new group of a unit and two to four of its neighbours."""
    to = fresh(s, d, free)
    if to < 0:
        return
    put(g, s, d, u, to)
    for _ in range(2 + draw(rng, 4)):
        v = _near(g, u, rng)
        if v >= 0:
            put(g, s, d, v, to)


@part
def _dissolve(g, s, d, u, rng):  # type: ignore[no-untyped-def]
    """End a group; each of its units goes where it is cheapest among some places tried, or nowhere."""
    old = s.where[u]
    if old < 0:
        return False
    n = s.size[old]
    for i in range(n):
        d.pool[0, i] = s.units[old, i]
    for i in range(n):
        w = d.pool[0, i]
        if g.mates_start[w + 1] - g.mates_start[w] > 1:
            return False
        best, to = g.uncovered, OPEN
        for _ in range(6):
            v = _near(g, w, rng)
            if v < 0 or s.where[v] == OPEN or s.where[v] == old:
                continue
            cost = _joining(g, s, d, w, s.where[v])
            if cost < best:
                best, to = cost, s.where[v]
        for _ in range(2):
            at = _host(g, w, rng)
            if at != OPEN and place_cost(g, w, at) < best and s.left_units[-2 - at] > 0:
                best, to = place_cost(g, w, at), at
        put(g, s, d, w, to)
        if to >= 0:
            k = touch(s, d, to)
            d.cost[k] = group_cost(g, d.units[k], d.size[k], d.sums)
    return True


@part
def _joining(g, s, d, w, to):  # type: ignore[no-untyped-def]
    """What one more unit costs a group as it is in the draft, or a host."""
    if to < 0:
        return place_cost(g, w, to)
    k = touch(s, d, to)
    if d.size[k] >= g.most_units:
        return NEVER
    d.units[k, d.size[k]] = w
    return group_cost(g, d.units[k], d.size[k] + 1, d.sums) - d.cost[k]


@part
def _split_again(g, s, d, u, v, free, rng):  # type: ignore[no-untyped-def]
    """Two groups shared out anew around a unit of each; one group, if it is the same, cut in two."""
    one, two = s.where[u], s.where[v]
    if one < 0 or two < 0:
        return
    n = 0
    for slot in (one, two):
        if slot == two and n > 0 and one == two:
            break
        for i in range(s.size[slot]):
            w = s.units[slot, i]
            if w != u and w != v:
                d.pool[0, n] = w
                d.pool[1, n] = pair_base(g, w, u) + moving(g, w, u) - pair_base(g, w, v) - moving(g, w, v)
                n += 1
    if one == two:
        two = fresh(s, d, free)
        if two < 0:
            return
        put(g, s, d, v, two)
    _order(d.pool, n)
    most = g.usual_units - 1 if n <= 2 * g.usual_units - 2 else g.most_units - 1
    first = 0
    while first < n and d.pool[1, first] < 0:
        first += 1
    first = min(max(first, n - most), most)
    for i in range(n):
        put(g, s, d, d.pool[0, i], one if i < first else two)


@part
def _order(pool, n):  # type: ignore[no-untyped-def]
    """Sort the first n columns by the second row, then by the first."""
    for i in range(1, n):
        unit, key = pool[0, i], pool[1, i]
        j = i - 1
        while j >= 0 and (pool[1, j] > key or (pool[1, j] == key and pool[0, j] > unit)):
            pool[0, j + 1], pool[1, j + 1] = pool[0, j], pool[1, j]
            j -= 1
        pool[0, j + 1], pool[1, j + 1] = unit, key


@part
def _propose(g, s, d, u, free, rng):  # type: ignore[no-untyped-def]
    """Draft a chance move of a unit; False if it is none."""
    d.count[0] = 0
    d.count[1] = 0
    d.count[2] = 0
    kind = draw(rng, 128)
    if kind >= SWAP and kind < ATTACH:
        put(g, s, d, u, OPEN if draw(rng, 16) == 0 else _host(g, u, rng))
        return d.count[1] > 0
    v = _near(g, u, rng)
    if v < 0:
        return False
    if kind < SHIFT:
        _shift(g, s, d, u, v, free)
    elif kind < SWAP:
        _swap(g, s, d, u, v, rng)
    elif kind < CREATE:
        _create(g, s, d, u, free, rng)
    elif kind < DISSOLVE:
        return _dissolve(g, s, d, u, rng)
    else:
        _split_again(g, s, d, u, v, free, rng)
    return d.count[1] > 0


def anneal(
    g: Ground,
    s: State,
    d: Draft,
    fixed: Array,
    first: int,
    end: int,
    moves: int,
    heats: Array,
    lucks: Array,
    rng: Array,
    free: Array,
) -> int:
    """Change the plan of units `first` to `end` by `moves` chance moves, one part at each heat; what it gained, metres.

    `fixed`: units that stay where they are. `lucks`: how many times the heat a move may cost, drawn for each. `rng`: where
    the random numbers begin, not 0. `free`: room to note empty groups, one more than units.
    """
    free[0] = 0
    for slot in range(end - 1, first - 1, -1):
        if s.size[slot] == 0:
            free[0] += 1
            free[free[0]] = slot
    total = 0
    for step in range(moves):
        heat = heats[step * len(heats) // moves]
        u = first + draw(rng, end - first)
        if fixed[u] or not _propose(g, s, d, u, free, rng):
            continue
        change = price(g, s, d, fixed)
        if change <= int(heat * lucks[draw(rng, len(lucks))]):
            take(g, s, d, free)
            total += change
    return total


def fast() -> Callable[..., int]:
    """`anneal`, compiled; it lets go of the interpreter's lock, so that threads run side by side."""
    return compiled(anneal)


def schedule(hot: float, cool: float) -> tuple[Array, Array]:
    """The heats from hot to cool with a little frost at the end, and the lucks."""
    heats = hot * (cool / hot) ** np.linspace(0, 1, HEATS)
    heats[-HEATS // 25 :] = 0.0
    lucks = -np.log((np.arange(_LUCKS) + 0.5) / _LUCKS)
    return heats, lucks
