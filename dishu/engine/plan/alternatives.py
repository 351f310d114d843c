"""Where else each unit of a plan could go, and what that would cost: every joint branch and every host looked at, on arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from dishu.engine.plan.arrays import NEVER
from dishu.engine.plan.check import attaching, joining, way
from dishu.engine.plan.ground import Terrain, blocks, host_costs, metres, pair_costs
from dishu.engine.plan.model import Group, GroupKind, Host, Limits, Prices, Scheme, Unit

Array = Any


class NextBest(NamedTuple):
    """The cheapest other place for one unit, all else as planned: a joint branch, a host or nowhere; what it would cost."""

    kind: GroupKind
    id: str | None
    cost: int
    terms: Mapping[str, int]
    metres: int


@dataclass(frozen=True)
class Case:
    """A plan with what it was made from."""

    scheme: Scheme
    units: Mapping[str, Unit]
    hosts: Mapping[str, Host]
    prices: Prices
    limits: Limits

    def inside(self, group: Group) -> list[Unit]:
        """The units of a group."""
        return [self.units[name] for name in group.units]


class Alternatives:
    """The cheapest other place of each unit, worked out committee by committee on arrays."""

    def __init__(self, case: Case, land: Terrain) -> None:
        self.case, self.land = case, land
        self.joint = [group for group in case.scheme.groups if group.kind == "joint"]
        taken = {group.host: case.inside(group) for group in case.scheme.groups if group.host}
        rooms, members = land.room
        self.units_left = rooms - np.array([len(taken.get(h.org_id, ())) for h in land.hosts], np.int64)
        self.members_left = members - np.array(
            [sum(u.members for u in taken.get(h.org_id, ())) for h in land.hosts], np.int64
        )
        self.at: Array = np.full(len(land.units), -1)  # the joint group of each unit
        self.hosted: Array = np.full(len(land.units), -1)
        for n, group in enumerate(self.joint):
            self.at[[land.unit_number[u] for u in group.units]] = n
        for group in case.scheme.groups:
            if group.host:
                self.hosted[[land.unit_number[u] for u in group.units]] = land.host_number[group.host]
        self.leads: Array = np.array([land.unit_number[g.lead or ""] for g in self.joint], np.int64)
        inside = [case.inside(group) for group in self.joint]
        self.extra, self.places, self.spare = (np.array(x, np.int64) for x in _growth(case, inside))

    def all(self) -> dict[str, NextBest]:
        """By unit id."""
        everywhere = np.flatnonzero(self.land.ground.host_committee < 0)
        found: dict[str, NextBest] = {}
        for first, end in self.land.shards:
            groups = np.flatnonzero((self.leads >= first) & (self.leads < end))
            own = np.flatnonzero(self.land.ground.host_committee == self.land.ground.committee[first])
            hosts = np.concatenate([own, everywhere])
            for units in blocks(np.arange(first, end), len(groups) + len(hosts)):
                joins, takes = self._joins(groups, units), self._takes(hosts, units)
                for column, unit in enumerate(units.tolist()):
                    one = self._best(groups, hosts, joins[:, column], takes[:, column], unit)
                    found[self.land.units[unit].unit_id] = one
        return found

    def _joins(self, groups: Array, units: Array) -> Array:
        """What each unit would add to each group's cost; NEVER where it may not join or is in it."""
        members = self.land.ground.members[units][None, :]
        cost = pair_costs(self.land.ground, self.leads[groups], units) + self.extra[groups][:, None]
        no = (self.places[groups] < 1)[:, None] | (members > self.spare[groups][:, None])
        cost[no | (cost >= NEVER // 2) | (self.at[units][None, :] == groups[:, None])] = NEVER
        return cost

    def _takes(self, hosts: Array, units: Array) -> Array:
        cost = host_costs(self.land.ground, hosts, units)
        members = self.land.ground.members[units][None, :]
        no = (self.units_left[hosts] < 1)[:, None] | (members > self.members_left[hosts][:, None])
        cost[no | (self.hosted[units][None, :] == hosts[:, None])] = NEVER
        return cost

    def _best(self, groups: Array, hosts: Array, joins: Array, takes: Array, unit: int) -> NextBest:
        case, this = self.case, self.land.units[unit]
        join = int(joins.argmin()) if len(joins) else -1
        take = int(takes.argmin()) if len(takes) else -1
        by_join = int(joins[join]) if join >= 0 else NEVER
        by_take = int(takes[take]) if take >= 0 else NEVER
        if min(by_join, by_take, metres(case.prices.uncovered)) == metres(case.prices.uncovered):
            return NextBest("uncovered", None, metres(case.prices.uncovered), {}, 0)
        if by_join <= by_take:
            group = self.joint[int(groups[join])]
            lead = case.units[group.lead or ""]
            return NextBest("joint", group.group_id, by_join, joining(this, lead, case.prices), way(this, lead))
        host = self.land.hosts[int(hosts[take])]
        return NextBest("attached", host.org_id, by_take, attaching(this, host, case.prices), way(this, host))


def _growth(case: Case, groups: Sequence[Sequence[Unit]]) -> tuple[list[int], list[int], list[int]]:
    """Of each joint group: what one more unit adds besides its way, how many more units and members it may have."""
    limits, prices = case.limits, case.prices
    extra = [
        metres(prices.above_usual) * (len(inside) >= limits.usual_units)
        - metres(prices.fragile) * (sum(u.full for u in inside) == limits.least_full)
        for inside in groups
    ]
    places = [limits.most_units - len(inside) for inside in groups]
    return extra, places, [limits.most_members - sum(u.members for u in inside) for inside in groups]
