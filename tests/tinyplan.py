"""Tiny counties for planning, and their best plan found by looking at every plan there is."""

from __future__ import annotations

import random
from functools import cache

from dishu.engine.plan.check import check, price
from dishu.engine.plan.model import Group, Host, Limits, Locks, Prices, Scheme, Unit

LAW = Limits()
NO_LOCKS = Locks()
KINDS = ("village", "enterprise", "association", "market")


def county(seed: int, units: int = 8, hosts: int = 2, committees: int = 1) -> tuple[list[Unit], list[Host]]:
    """Random units and hosts within a few kilometres, many of them at the same spot, some with a branch or host today."""
    dice = random.Random(seed)
    made = [host(dice, i, committees) for i in range(hosts)]
    return [unit(dice, i, committees, made) for i in range(units)], made


def unit(dice: random.Random, i: int, committees: int, hosts: list[Host]) -> Unit:
    full = dice.choice([1, 1, 2])
    today = dice.random()
    committee = dice.randrange(committees)
    return Unit(
        f"u{i:02d}", float(dice.randrange(8) * 450), float(dice.randrange(8) * 450), f"T{committee}", dice.choice("甲乙"),
        dice.choice("FIH"), full, full + dice.randrange(2), dice.choice([None, None, "大市场"]),
        branch=f"b{committee}{dice.randrange(2)}" if today < 0.5 else None,
        host=dice.choice(hosts).org_id if hosts and today > 0.8 else None, secretary=dice.random() < 0.3,
    )  # fmt: skip


def host(dice: random.Random, i: int, committees: int) -> Host:
    kind = dice.choice(KINDS)
    committee = None if kind == "association" else f"T{dice.randrange(committees)}"
    return Host(
        f"h{i}", float(dice.randrange(3600)), float(dice.randrange(3600)), committee, dice.choice("甲乙"), kind,
        dice.randrange(7), dice.randrange(4), dice.choice([None, "F", "I"]), "大市场" if kind == "market" else None,
    )  # fmt: skip


def best(units: list[Unit], hosts: list[Host], prices: Prices, limits: Limits = LAW) -> float:
    """The price of the best plan, in kilometres: every set of units as a branch, every set at every host."""
    every = range(1 << len(units))

    @cache
    def inside(mask: int) -> tuple[Unit, ...]:
        return tuple(unit for i, unit in enumerate(units) if mask >> i & 1)

    def cheapest(*groups: Group) -> int:
        """What the cheapest allowed one of these groups costs; more than any plan if none is allowed."""
        named = {unit.unit_id: unit for unit in units}
        by_id = {host.org_id: host for host in hosts}
        fine = [g for g in groups if not broken(g, [named[u] for u in g.units], hosts, prices, limits)]
        return min((price(g, named, by_id, prices, limits) for g in fine), default=10**9)

    joint = [0] * len(every)
    at = [[0] * len(every) for _ in hosts]
    for mask in every[1:]:
        ids = tuple(unit.unit_id for unit in inside(mask))
        joint[mask] = cheapest(*(Group("g", "joint", ids, lead=lead) for lead in ids)) if len(ids) <= 8 else 10**9
        for h, one in enumerate(hosts):
            at[h][mask] = cheapest(Group(one.org_id, "attached", ids, host=one.org_id))
    found = [0] + [10**9] * (len(every) - 1)
    for mask in every[1:]:
        low = mask & -mask
        found[mask] = found[mask ^ low] + round(prices.uncovered * 1000)
        for sub in subsets(mask):
            if sub & low:
                found[mask] = min(found[mask], joint[sub] + found[mask ^ sub])
    for row in at:
        found = [min(found[mask ^ sub] + row[sub] for sub in (0, *subsets(mask))) for mask in every]
    return found[-1] / 1000


def broken(group: Group, units: list[Unit], hosts: list[Host], prices: Prices, limits: Limits) -> bool:
    """Whether the checker finds a rule broken by this group alone."""
    found = check(Scheme((group,), 0.0), units, hosts, prices, limits, NO_LOCKS)
    return any(violation.code != "price" for violation in found)


def subsets(mask: int):
    sub = mask
    while sub:
        yield sub
        sub = (sub - 1) & mask
