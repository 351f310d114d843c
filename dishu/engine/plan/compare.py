"""What changes between two plans, or between today and a plan: branches kept, changed, new, ended; who moves; how far people go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot

from dishu.engine.plan.model import Group, Host, Unit


@dataclass(frozen=True)
class Move:
    """A unit that changes: the groups it leaves and joins; `before` None: it is new, `after` None: it is gone."""

    unit_id: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Difference:
    """Joint branches by their ids: `kept` with the same units, `changed` units, `new`, `dissolved`; the units that move.

    `km_before`, `km_after`: all ways from units to their lead units and hosts together.
    """

    kept: tuple[str, ...]
    changed: tuple[str, ...]
    new: tuple[str, ...]
    dissolved: tuple[str, ...]
    moved: tuple[Move, ...]
    km_before: float
    km_after: float


def today(units: Iterable[Unit]) -> tuple[Group, ...]:
    """The groups as they are: joint branches under their secretary's unit (else the first id), units at hosts, the rest.

    >>> today([Unit("a", 0, 0, "t", "p", "F", 1, 1), Unit("b", 0, 0, "t", "p", "F", 1, 1, branch="b1")])[0].units
    ('b',)
    """
    joint: dict[str, list[Unit]] = {}
    attached: dict[str, list[Unit]] = {}
    alone = []
    for unit in sorted(units, key=lambda unit: (not unit.secretary, unit.unit_id)):
        if unit.branch is not None:
            joint.setdefault(unit.branch, []).append(unit)
        elif unit.host is not None:
            attached.setdefault(unit.host, []).append(unit)
        else:
            alone.append(Group(f"open-{unit.unit_id}", "uncovered", (unit.unit_id,)))
    return (
        *(Group(name, "joint", _ids(inside), lead=inside[0].unit_id) for name, inside in sorted(joint.items())),
        *(Group(name, "attached", _ids(inside), host=name) for name, inside in sorted(attached.items())),
        *alone,
    )


def _ids(units: Sequence[Unit]) -> tuple[str, ...]:
    return tuple(sorted(unit.unit_id for unit in units))


def difference(
    before: Sequence[Group], after: Sequence[Group], units: Iterable[Unit], hosts: Iterable[Host]
) -> Difference:
    """What changes from one plan's groups to another's. Units and hosts that are gone count no way.

    >>> units = [Unit(name, x, 0, "t", "p", "F", 1, 1) for name, x in (("a", 0), ("b", 500), ("c", 900), ("d", 1000))]
    >>> old, new = Group("b1", "joint", ("a", "b", "c"), lead="b"), Group("b1", "joint", ("b", "c", "d"), lead="c")
    >>> found = difference([old, Group("open-d", "uncovered", ("d",))], [new, Group("open-a", "uncovered", ("a",))], units, [])
    >>> found.changed, [(m.unit_id, m.before, m.after) for m in found.moved], found.km_before, found.km_after
    (('b1',), [('a', 'b1', 'open-a'), ('d', 'open-d', 'b1')], 0.9, 0.5)
    """
    first, second = _joint(before), _joint(after)
    both = sorted(first.keys() & second.keys())
    was, becomes = _where(before), _where(after)
    places = {unit.unit_id: (unit.x, unit.y) for unit in units}
    of_hosts = {host.org_id: (host.x, host.y) for host in hosts}
    return Difference(
        tuple(name for name in both if first[name] == second[name]),
        tuple(name for name in both if first[name] != second[name]),
        tuple(sorted(second.keys() - first.keys())),
        tuple(sorted(first.keys() - second.keys())),
        tuple(
            Move(unit, was.get(unit), becomes.get(unit))
            for unit in sorted(was.keys() | becomes.keys())
            if was.get(unit) != becomes.get(unit)
        ),
        _km(before, places, of_hosts),
        _km(after, places, of_hosts),
    )


def _joint(groups: Iterable[Group]) -> dict[str, frozenset[str]]:
    return {group.group_id: frozenset(group.units) for group in groups if group.kind == "joint"}


def _where(groups: Iterable[Group]) -> dict[str, str]:
    return {unit: group.group_id for group in groups for unit in group.units}


Places = Mapping[str, tuple[float, float]]


def _km(groups: Iterable[Group], units: Places, hosts: Places) -> float:
    total = 0
    for group in groups:
        middle = hosts.get(group.host) if group.host else units.get(group.lead or "")
        inside = [units[unit] for unit in group.units if unit in units]
        total += sum(round(hypot(x - middle[0], y - middle[1])) for x, y in inside) if middle else 0
    return total / 1000
