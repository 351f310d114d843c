"""Who needs no planning and who does: three full members form their own branch, none get an instructor, the rest is planned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dishu.engine.plan import limits
from dishu.engine.plan.model import Host, Unit
from dishu.standards import law
from dishu.standards.qualify import Qualification, qualify


@dataclass(frozen=True)
class MarketBranch:
    """A market that qualifies as a whole: its small units, their full members and members.

    More of them than one joint branch covers as a rule, three full members together, and no organization there yet.
    """

    market: str
    units: tuple[Unit, ...]
    full: int
    members: int


@dataclass(frozen=True)
class Classes:
    """`planned`: too few full members for a branch of their own, but some; `own`: should form their own; `none`: no full
    member, to be given an instructor or cared for nearby; `markets`: should form a branch before their units are shared
    out, most full members first."""

    planned: tuple[Unit, ...]
    own: tuple[tuple[Unit, Qualification], ...]
    none: tuple[tuple[Unit, Qualification], ...]
    markets: tuple[MarketBranch, ...]


def classify(units: Iterable[Unit], hosts: Iterable[Host], day: date) -> Classes:
    """Sort the units by what they qualify for on a day. ValueError where full members exceed members.

    >>> def unit(name, full): return Unit(name, 0, 0, "t", "p", "F", full, full)
    >>> found = classify([unit("a", 3), unit("b", 0), unit("c", 2)], [], date(2026, 1, 1))
    >>> [u.unit_id for u in found.planned], found.own[0][1].form, found.none[0][1].reason
    (['c'], 'single', '没有党员，应选派党建工作指导员')
    """
    judged = [(unit, qualify(unit.full, unit.members, day)) for unit in units]
    planned = tuple(unit for unit, found in judged if found.form == "joint" and unit.full)
    return Classes(
        planned,
        tuple(pair for pair in judged if pair[1].form not in ("joint", "none")),
        tuple(pair for pair in judged if not pair[0].full),
        _markets(planned, hosts, day),
    )


def aside(unit: Unit, found: Qualification) -> str:
    """Why a unit is not planned, and what is to be done with it.

    >>> aside(Unit("a", 0, 0, "t", "p", "F", 0, 2), qualify(0, 2, date(2026, 1, 1)))
    '党员2名中没有正式党员，单独或联合组建都不能算数；可由附近党支部管理'
    """
    if unit.full or not unit.members:
        return found.reason
    return f"党员{unit.members}名中没有正式党员，单独或联合组建都不能算数；可由附近党支部管理"


def _markets(planned: Iterable[Unit], hosts: Iterable[Host], day: date) -> tuple[MarketBranch, ...]:
    """支部工作条例 第五条: 专业市场、商业街区、商务楼宇等，符合条件的，应当成立党支部."""
    allowed, organized = limits.at(day), {host.market for host in hosts if host.kind == "market"}
    inside: dict[str, list[Unit]] = {}
    for unit in planned:
        if unit.market and unit.market not in organized:
            inside.setdefault(unit.market, []).append(unit)
    found = [
        MarketBranch(market, tuple(group), sum(u.full for u in group), sum(u.members for u in group))
        for market, group in inside.items()
        if len(group) > allowed.usual_units and sum(u.full for u in group) >= allowed.least_full
    ]
    return tuple(sorted(found, key=lambda branch: (-branch.full, branch.market)))


def as_host(unit: Unit, day: date) -> Host:
    """A unit that forms its own branch, as one that could take in small units.

    >>> host = as_host(Unit("a", 0, 0, "t", "p", "F", 3, 5), date(2026, 1, 1))
    >>> host.org_id, host.room_members, host.room_units
    ('a', 45, 4)
    """
    rules = law.at(day)
    room = max(0, limits.at(day).most_members - unit.members)
    return Host(
        unit.unit_id, unit.x, unit.y, unit.committee, unit.place, "enterprise", room,
        limits.host_units(rules)["enterprise"], unit.industry, unit.market,
    )  # fmt: skip
