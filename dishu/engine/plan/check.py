"""Is a plan right? Every unit once, every limit kept, every lock held, its price added up again: plain Python, no optimiser.

Written apart from what makes plans and sharing nothing with it but the words of the model. What it finds is a reason
not to publish: either the plan or this checker is wrong, and a person has to look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor, sqrt

from dishu.engine.plan.model import Group, Host, Limits, Locks, Prices, Scheme, Unit
from dishu.engine.wording import say

#: How far the added-up price may lie from the plan's own, per kilometre of price (at least one).
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Violation:
    """One thing that is wrong: its code, where, and what it says in Chinese."""

    code: str
    text: str
    group_id: str | None = None
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Case:
    """A plan with what it must be held against."""

    scheme: Scheme
    units: Mapping[str, Unit]
    hosts: Mapping[str, Host]
    prices: Prices
    limits: Limits
    locks: Locks


def check(
    scheme: Scheme, units: Sequence[Unit], hosts: Sequence[Host], prices: Prices, limits: Limits, locks: Locks
) -> list[Violation]:
    """All that is wrong with a plan for these units; empty when it may be published.

    The price is added up only where the groups themselves hold together. Formula: see `price`.

    >>> def unit(name, x): return Unit(name, x, 0, "t", "p", "F", 1, 1)
    >>> three = [unit("a", 0), unit("b", 500), unit("c", 1000)]
    >>> plan = Scheme((Group("n1", "joint", ("a", "b", "c"), lead="b"),), objective=4.3)
    >>> check(plan, three, [], Prices(), Limits(), Locks())
    []
    >>> [v.code for v in check(plan, [*three, unit("d", 0)], [], Prices(), Limits(), Locks())]
    ['unit_missing']
    """
    case = _Case(
        scheme, {u.unit_id: u for u in units}, {h.org_id: h for h in hosts}, prices, limits, locks
    )  # fmt: skip
    broken = [*_once(case), *_shapes(case)]
    if any(v.code in ("unit_unknown", "group_shape", "host_unknown") for v in broken):
        return broken
    return [*broken, *_groups(case), *_rooms(case), *_locks(case), *_prices(case)]


def _found(code: str, group: Group | None = None, units: Sequence[str] = (), **values: object) -> Violation:
    values |= {"group": group.group_id if group else "", "units": "、".join(units)}
    return Violation(code, say(f"plan_wrong_{code}", **values), group.group_id if group else None, tuple(units))


def _once(case: _Case) -> Iterator[Violation]:
    """Each unit in exactly one group."""
    seen = Counter(unit for group in case.scheme.groups for unit in group.units)
    if twice := sorted(unit for unit, times in seen.items() if times > 1):
        yield _found("unit_twice", units=twice)
    if missing := sorted(case.units.keys() - seen.keys()):
        yield _found("unit_missing", units=missing)
    if unknown := sorted(seen.keys() - case.units.keys()):
        yield _found("unit_unknown", units=unknown)


def _shapes(case: _Case) -> Iterator[Violation]:
    """Each group is one of the three kinds, named once, and each host stands in one group."""
    names = Counter(group.group_id for group in case.scheme.groups)
    taken = Counter(group.host for group in case.scheme.groups if group.host)
    for group in case.scheme.groups:
        if not _whole(group):
            yield _found("group_shape", group, group.units)
        elif group.host is not None and group.host not in case.hosts:
            yield _found("host_unknown", group, group.units, host=group.host)
        elif names[group.group_id] > 1 or (group.host and taken[group.host] > 1):
            yield _found("group_twice", group, group.units)


def _whole(group: Group) -> bool:
    if group.kind == "joint":
        return group.host is None and group.lead in group.units
    if group.kind == "attached":
        return group.host is not None and group.lead is None and bool(group.units)
    return group.host is None and group.lead is None and len(group.units) == 1


def _groups(case: _Case) -> Iterator[Violation]:
    for group in case.scheme.groups:
        if group.kind == "joint":
            yield from _joint(case, group)
        elif group.host is not None:
            yield from _attached(case, group, case.hosts[group.host])


def _joint(case: _Case, group: Group) -> Iterator[Violation]:
    """Limits of a joint branch: full members, units, members, one committee, distance to the lead unit."""
    limits, inside = case.limits, [case.units[unit] for unit in group.units]
    lead = case.units[group.lead or ""]
    full, members = sum(unit.full for unit in inside), sum(unit.members for unit in inside)
    if full < limits.least_full:
        yield _found("too_few_full", group, group.units, full=full, least=limits.least_full)
    if len(inside) > limits.most_units:
        yield _found("too_many_units", group, group.units, number=len(inside), most=limits.most_units)
    if members > limits.most_members:
        yield _found("too_many_members", group, group.units, members=members, most=limits.most_members)
    for unit in inside:
        if unit.committee != lead.committee:
            yield _found("other_committee", group, (unit.unit_id,))
        if (far := way(unit, lead)) > _metres(case.prices.max_km):
            yield _found("too_far", group, (unit.unit_id,), km=far / 1000, most=case.prices.max_km)


def _attached(case: _Case, group: Group, host: Host) -> Iterator[Violation]:
    """A host takes in units of its own committee, nearer than `max_km`; a county-wide one of its county, nearer than `far_km`."""
    most = case.prices.far_km if host.committee is None else case.prices.max_km
    for unit in (case.units[name] for name in group.units):
        if host.committee is not None and unit.committee != host.committee:
            yield _found("other_committee", group, (unit.unit_id,))
        if host.county and unit.county and unit.county != host.county:
            yield _found("other_county", group, (unit.unit_id,))
        if (far := way(unit, host)) > _metres(most):
            yield _found("too_far", group, (unit.unit_id,), km=far / 1000, most=most)


def _rooms(case: _Case) -> Iterator[Violation]:
    """No host takes in more units or members than it has room for."""
    for group in case.scheme.groups:
        if group.host is None:
            continue
        host = case.hosts[group.host]
        members = sum(case.units[name].members for name in group.units)
        if len(group.units) > host.room_units:
            yield _found("host_units", group, group.units, number=len(group.units), room=host.room_units)
        if members > host.room_members:
            yield _found("host_members", group, group.units, members=members, room=host.room_members)


def _locks(case: _Case) -> Iterator[Violation]:
    """What people have decided: together, apart, at this host, this branch as it is."""
    group_of = {unit: group for group in case.scheme.groups for unit in group.units}
    at = {unit: group.group_id for unit, group in group_of.items()}
    for units in case.locks.together:
        if len({at.get(unit) for unit in units}) > 1 or any(unit not in at for unit in units):
            yield _found("lock_together", units=sorted(units))
    for units in case.locks.apart:
        groups = [at[unit] for unit in units if unit in at]
        if len(set(groups)) < len(groups):
            yield _found("lock_apart", units=sorted(units))
    for unit, host in case.locks.hosts.items():
        if unit not in group_of or group_of[unit].host != host:
            yield _found("lock_host", units=(unit,), host=host)
    for branch in sorted(case.locks.branches):
        yield from _kept(case, branch, group_of)


def _kept(case: _Case, branch: str, group_of: Mapping[str, Group]) -> Iterator[Violation]:
    """A locked branch: its units of today, all of them and no other, as one joint branch."""
    today = {unit.unit_id for unit in case.units.values() if unit.branch == branch}
    groups = {group_of[unit].group_id: group_of[unit] for unit in today if unit in group_of}
    only = next(iter(groups.values()), None)
    if len(groups) != 1 or only is None or only.kind != "joint" or set(only.units) != today:
        yield _found("lock_branch", units=sorted(today), branch=branch)


def _prices(case: _Case) -> Iterator[Violation]:
    """The plan costs what it says, and the proven bound lies below it."""
    total = sum(price(g, case.units, case.hosts, case.prices, case.limits) for g in case.scheme.groups) / 1000
    stated = case.scheme.objective
    slack = TOLERANCE * max(1.0, abs(total))
    if not abs(total - stated) <= slack:  # so that a price that is no number is found too
        yield _found("price", total=total, stated=stated)
    bound = case.scheme.lower_bound
    if case.scheme.bound_valid and bound is not None and not bound <= total + slack:
        yield _found("bound", total=total, bound=bound)


def price(
    group: Group, units: Mapping[str, Unit], hosts: Mapping[str, Host], prices: Prices, limits: Limits
) -> int:  # fmt: skip
    """What one group costs, in metres, added up term by term; ways, prices and their products are rounded to the metre.

    Joint: founding it (less where the lead unit is today's secretary's), each unit to the lead unit, each unit above the
    usual number, exactly the least number of full members. Attached: each unit to the host. Uncovered: a fixed price.
    """
    inside = [units[name] for name in group.units]
    if group.kind == "uncovered":
        return _metres(prices.uncovered) * len(inside)
    if group.kind == "attached":
        return sum(sum(attaching(unit, hosts[group.host or ""], prices).values()) for unit in inside)
    lead = units[group.lead or ""]
    total = sum(leading(lead, prices).values())
    total += sum(sum(joining(unit, lead, prices).values()) for unit in inside if unit is not lead)
    return total + sum(gathering(inside, prices, limits).values())


Terms = dict[str, int]


def leading(lead: Unit, prices: Prices) -> Terms:
    """What the lead unit pays: the founding, and leaving the host it is attached to today."""
    kept = lead.secretary and lead.branch is not None
    opening = {"kept_branch": _metres(prices.kept_branch)} if kept else {"new_branch": _metres(prices.new_branch)}
    return opening | {"moved": _metres(prices.moved) * (lead.host is not None)}


def joining(unit: Unit, lead: Unit, prices: Prices) -> Terms:
    """What a unit pays to be led by another."""
    moves = unit.host is not None or (unit.branch is not None and unit.branch != lead.branch)
    return {
        "way": floor(prices.per_km * way(unit, lead) + 0.5),
        "other_industry": _metres(prices.other_industry) * (unit.industry != lead.industry),
        "other_place": _metres(prices.other_place) * _elsewhere(unit, lead),
        "moved": _metres(prices.moved) * moves,
    }


def gathering(inside: Sequence[Unit], prices: Prices, limits: Limits) -> Terms:
    """What a joint branch pays as a whole: units above the usual number; exactly the least number of full members."""
    bare = sum(unit.full for unit in inside) == limits.least_full
    return {
        "above_usual": _metres(prices.above_usual) * max(0, len(inside) - limits.usual_units),
        "fragile": _metres(prices.fragile) * bare,
    }


def attaching(unit: Unit, host: Host, prices: Prices) -> Terms:
    """What a unit pays to be attached to a host."""
    kind = prices.attach[host.kind]
    moves = unit.branch is not None or (unit.host is not None and unit.host != host.org_id)
    other_industry = host.industry is not None and host.industry != unit.industry
    return {
        "base": _metres(kind.base),
        "way": floor(kind.per_km * way(unit, host) + 0.5),
        "other_industry": _metres(kind.other_industry) * other_industry,
        "other_place": _metres(kind.other_place) * _elsewhere(unit, host),
        "moved": _metres(prices.moved) * moves,
    }


def _elsewhere(one: Unit, other: Unit | Host) -> bool:
    """Another market; or, where neither is in a market, another place."""
    if not one.market and not other.market:
        return one.place != other.place
    return one.market != other.market


def _metres(km: float) -> int:
    return floor(km * 1000 + 0.5)


def way(one: Unit, other: Unit | Host) -> int:
    """Metres as the crow flies."""
    dx, dy = one.x - other.x, one.y - other.y
    return floor(sqrt(dx * dx + dy * dy) + 0.5)
