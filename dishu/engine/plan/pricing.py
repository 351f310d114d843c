"""The cheapest group each lead could make and the cheapest guests each host could take, when every unit has its own price.

Exact, because small units have one or two full members: the best group of a lead is its n1 best followers with one and
its n2 best with two, for some n1 and n2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from dishu.engine.compiling import compiled, part

Array = Any
FAR = 1e18


class Offers(NamedTuple):
    """Who may follow whom. Per lead: `opening`, its list from `start`, sorted by cost, and the first cost `omitted` (-1: none).

    Hosts follow the leads, with rooms in units and members. `ones`: units with one full member; `singles`: with one member.
    """

    opening: Array
    start: Array
    unit: Array
    cost: Array
    omitted: Array
    room_units: Array
    room_members: Array
    ones: Array
    singles: Array
    above_usual: float
    fragile: float
    least_full: int
    usual_units: int
    most_units: int


class Bench(NamedTuple):
    """Room to work in: the best of either class with their units, and the sums of the first 0, 1, 2, … of them."""

    value: Array
    unit: Array
    upto: Array


@part
def _keep(b, row, most, value, unit):  # type: ignore[no-untyped-def]
    """Keep the `most` smallest values of a class in order, the last first to leave."""
    if value >= b.value[row, most - 1]:
        return
    k = most - 1
    while k > 0 and b.value[row, k - 1] > value:
        b.value[row, k], b.unit[row, k] = b.value[row, k - 1], b.unit[row, k - 1]
        k -= 1
    b.value[row, k], b.unit[row, k] = value, unit


@part
def _clear(b, most):  # type: ignore[no-untyped-def]
    for row in range(2):
        for k in range(max(2, most)):
            b.value[row, k], b.unit[row, k] = FAR, -1


@part
def _add_up(b, most):  # type: ignore[no-untyped-def]
    for row in range(2):
        b.upto[row, 0] = 0.0
        for k in range(most):
            b.upto[row, k + 1] = min(FAR, b.upto[row, k] + b.value[row, k])


@part
def _count(b, n1, n2, taken):  # type: ignore[no-untyped-def]
    for row, n in ((0, n1), (1, n2)):
        for k in range(n):
            if b.unit[row, k] >= 0:
                taken[b.unit[row, k]] += 1


@part
def _followers(o, pi, dearest, j, b):  # type: ignore[no-untyped-def]
    """The best followers of a lead in both classes; stops where no later one could matter."""
    most = o.most_units - 1
    _clear(b, most)
    if o.omitted[j] >= 0:  # whoever was left out costs at least so much; counted as if there were many
        for _ in range(most):
            _keep(b, 1, most, o.omitted[j] - dearest, -1)
    for k in range(o.start[j], o.start[j + 1]):
        least = o.cost[k] - dearest
        if least >= o.fragile and least >= b.value[0, 1] and least >= b.value[1, 0]:
            break
        u = o.unit[k]
        _keep(b, 0 if o.ones[u] else 1, most, o.cost[k] - pi[u], u)
    _add_up(b, most)


@part
def _lead(o, pi, dearest, j, b, taken):  # type: ignore[no-untyped-def]
    """The least a group led by j costs beyond its units' prices, if that is below nothing; its units are counted."""
    _followers(o, pi, dearest, j, b)
    best, best1, best2 = 0.0, -1, -1
    own = 1 if o.ones[j] else 2
    for n1 in range(o.most_units):
        for n2 in range(o.most_units - n1):
            full = own + n1 + 2 * n2
            if full < o.least_full:
                continue
            value = o.opening[j] - pi[j] + b.upto[0, n1] + b.upto[1, n2]
            value += o.above_usual * max(0, n1 + n2 + 1 - o.usual_units)
            if full == o.least_full:
                value += o.fragile
            if value < best:
                best, best1, best2 = value, n1, n2
    if best1 >= 0:
        taken[j] += 1
        _count(b, best1, best2, taken)
    return best


@part
def _guests(o, pi, row, a, b, taken):  # type: ignore[no-untyped-def]
    """The least the guests of host a cost beyond their prices; units with several members count two against its room."""
    most = min(o.room_units[a], o.room_members[a])
    if most < 1:
        return 0.0
    _clear(b, most)
    for k in range(o.start[row], o.start[row + 1]):
        u = o.unit[k]
        value = o.cost[k] - pi[u]
        if value < 0.0:
            _keep(b, 0 if o.singles[u] else 1, most, value, u)
    _add_up(b, most)
    best, best1, best2 = 0.0, 0, 0
    for n1 in range(most + 1):
        for n2 in range(most - n1 + 1):
            if n1 + 2 * n2 <= o.room_members[a] and b.upto[0, n1] + b.upto[1, n2] < best:
                best, best1, best2 = b.upto[0, n1] + b.upto[1, n2], n1, n2
    _count(b, best1, best2, taken)
    return best


def price_out(o: Offers, pi: Array, dearest: float, b: Bench, taken: Array, first: int, end: int) -> float:
    """Sum over leads and hosts `first` to `end` of what each could save at the prices `pi`; `taken` counts the units."""
    total = 0.0
    leads = len(o.opening)
    for row in range(first, end):
        if row < leads:
            total += _lead(o, pi, dearest, row, b, taken)
        else:
            total += _guests(o, pi, row, row - leads, b, taken)
    return total


def fast() -> Callable[..., float]:
    """`price_out`, compiled."""
    return compiled(price_out)
