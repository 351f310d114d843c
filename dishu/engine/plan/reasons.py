"""Why a unit is where the plan puts it, what the next best would have been, and which groups a person should look at first.

Codes and numbers only; `phrases` says them in Chinese. Costs are whole metres of way, as everywhere in a plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from dishu.engine.plan.alternatives import Alternatives, Case, NextBest
from dishu.engine.plan.check import attaching, gathering, joining, leading, price, way
from dishu.engine.plan.ground import metres, terrain
from dishu.engine.plan.model import Group, Host, Limits, Locks, Prices, Scheme, Unit

ExceptionCode = Literal["above_usual", "fragile", "far", "uncovered", "unlocated", "nowhere"]


@dataclass(frozen=True)
class UnitReason:
    """One unit: what it pays itself (`terms`), how far it lies from its lead unit or host, its next best place.

    `saved`: what the plan would cost less without it. `regret`: how much dearer the next best is, or, where the branch
    could not stand without the unit (`needed`), how much dearer it would be to dissolve the branch. None where people
    have locked it.
    """

    unit: Unit
    group: Group
    terms: Mapping[str, int]
    metres: int
    next_best: NextBest | None
    saved: int
    regret: int | None
    needed: bool


@dataclass(frozen=True)
class GroupReason:
    """One group: how large, where, which trade, how far at most, how many of its units go on with which branch of today."""

    group: Group
    full: int
    members: int
    spot: str | None
    at_spot: int
    industry: str
    in_industry: int
    radius: int
    located: bool
    branch: str | None
    stay: int
    kept_lead: bool
    cost: int


class Exceptional(NamedTuple):
    """What an official should look at: a code, the group, the unit where it is one, the number and the limit it meets."""

    code: ExceptionCode
    group_id: str
    unit_id: str | None
    number: float
    limit: float


@dataclass(frozen=True)
class Explained:
    """Reasons of all units in the order of their groups, of all groups by id, and the exceptions."""

    units: tuple[UnitReason, ...]
    groups: Mapping[str, GroupReason]
    exceptions: tuple[Exceptional, ...]


def explain(
    scheme: Scheme, units: Sequence[Unit], hosts: Sequence[Host], prices: Prices, limits: Limits, locks: Locks | None = None
) -> Explained:  # fmt: skip
    """Reasons for a plan that has passed its check; about a tenth of a millisecond per unit.

    >>> def unit(name, x): return Unit(name, x, 0, "t", "p", "F", 1, 1)
    >>> village = Host("v", 500, 0, "t", "p", "village", 9, 4)
    >>> plan = Scheme((Group("n1", "joint", ("a", "b", "c"), lead="b"),), objective=4.3)
    >>> found = explain(plan, [unit("a", 0), unit("b", 500), unit("c", 1000)], [village], Prices(), Limits())
    >>> a = found.units[0]
    >>> a.metres, a.terms["way"], a.needed, a.next_best.id, a.next_best.cost, a.regret
    (500, 500, True, 'v', 1700, 300)
    """
    case = Case(scheme, {u.unit_id: u for u in units}, {h.org_id: h for h in hosts}, prices, limits)
    groups = {group.group_id: _group(case, group) for group in scheme.groups}
    land = terrain(units, hosts, prices, limits, Locks(), near=1, take=1)
    best = Alternatives(case, land).all()
    held = _held(locks or Locks(), units)
    reasons = [reason for group in scheme.groups for reason in _units(case, groups[group.group_id], best, held)]
    return Explained(tuple(reasons), groups, tuple(_exceptions(case, groups, reasons)))


def _group(case: Case, group: Group) -> GroupReason:
    inside = case.inside(group)
    spots, trades = Counter(u.market or u.place for u in inside), Counter(u.industry for u in inside)
    branches = Counter(u.branch for u in inside if u.branch)
    (spot, at_spot), (trade, in_trade) = spots.most_common(1)[0], trades.most_common(1)[0]
    branch, stay = branches.most_common(1)[0] if branches else (None, 0)
    if group.kind == "attached":
        branch, stay = None, sum(u.host == group.host for u in inside)
    middle = _middle(case, group)
    return GroupReason(
        group, sum(u.full for u in inside), sum(u.members for u in inside), spot, at_spot, trade, in_trade,
        max((way(u, middle) for u in inside), default=0) if middle else 0, all(u.located for u in inside), branch, stay,
        bool(group.lead and case.units[group.lead].secretary),
        price(group, case.units, case.hosts, case.prices, case.limits),
    )  # fmt: skip


def _middle(case: Case, group: Group) -> Unit | Host | None:
    """The lead unit or the host."""
    return case.units[group.lead] if group.lead else case.hosts[group.host] if group.host else None


def _held(locks: Locks, units: Sequence[Unit]) -> set[str]:
    """Units about which people have decided."""
    together = {unit for group in locks.together for unit in group}
    return together | set(locks.hosts) | {u.unit_id for u in units if u.branch in locks.branches}


def _units(case: Case, reason: GroupReason, best: Mapping[str, NextBest], held: set[str]) -> Iterator[UnitReason]:
    """The reasons of a group's units."""
    group, middle = reason.group, _middle(case, reason.group)
    dissolved = sum(best[name].cost for name in group.units) - reason.cost
    for unit in case.inside(group):
        saved = _saved(case, group, unit)
        cost, needed = (0, True) if saved is None else (saved, False)
        regret = dissolved if needed else best[unit.unit_id].cost - cost
        locked = unit.unit_id in held
        yield UnitReason(
            unit, group, _terms(case, group, unit), way(unit, middle) if middle else 0,
            None if locked else best[unit.unit_id], cost, None if locked else regret, needed,
        )  # fmt: skip


def _terms(case: Case, group: Group, unit: Unit) -> Mapping[str, int]:
    """What the unit itself pays; the lead unit pays the founding."""
    if group.kind == "uncovered":
        return {"uncovered": metres(case.prices.uncovered)}
    if group.host:
        return attaching(unit, case.hosts[group.host], case.prices)
    if unit.unit_id == group.lead:
        return leading(unit, case.prices)
    return joining(unit, case.units[group.lead or ""], case.prices)


def _saved(case: Case, group: Group, unit: Unit) -> int | None:
    """What the plan would cost less without the unit; None where its joint branch could not stand without it."""
    if group.kind != "joint":
        return sum(_terms(case, group, unit).values())
    rest = [other for other in case.inside(group) if other is not unit]
    if sum(other.full for other in rest) < case.limits.least_full:
        return None
    leads = rest if unit.unit_id == group.lead else [case.units[group.lead or ""]]
    costs = [cost for lead in leads if (cost := _led(case, rest, lead)) is not None]
    if not costs:
        return None
    return price(group, case.units, case.hosts, case.prices, case.limits) - min(costs)


def _led(case: Case, inside: Sequence[Unit], lead: Unit) -> int | None:
    """What these units cost under a lead of theirs; None where one lies too far."""
    others = [unit for unit in inside if unit is not lead]
    if any(way(unit, lead) > metres(case.prices.max_km) for unit in others):
        return None
    total = sum(leading(lead, case.prices).values()) + sum(gathering(inside, case.prices, case.limits).values())
    return total + sum(sum(joining(unit, lead, case.prices).values()) for unit in others)


def _exceptions(case: Case, groups: Mapping[str, GroupReason], reasons: Sequence[UnitReason]) -> Iterator[Exceptional]:
    """What needs approval or a look: uncovered first, then larger than usual, fragile, far, badly located."""
    limits, half = case.limits, case.prices.max_km / 2
    for name, reason in groups.items():
        if reason.group.kind == "uncovered":
            yield Exceptional("uncovered", name, reason.group.units[0], 1, 0)
    joint = {name: reason for name, reason in groups.items() if reason.group.kind == "joint"}
    for name, reason in joint.items():
        if len(reason.group.units) > limits.usual_units:
            yield Exceptional("above_usual", name, None, len(reason.group.units), limits.usual_units)
    for name, reason in joint.items():
        if reason.full == limits.least_full:
            yield Exceptional("fragile", name, None, reason.full, limits.least_full)
    for one in reasons:
        if one.metres > metres(half):
            yield Exceptional("far", one.group.group_id, one.unit.unit_id, one.metres / 1000, half)
    lost = [one for one in reasons if not one.unit.located]
    if lost and len(lost) == len(reasons):
        yield Exceptional("nowhere", "", None, len(lost), 0)
        return
    for one in lost:
        yield Exceptional("unlocated", one.group.group_id, one.unit.unit_id, 0, 0)
