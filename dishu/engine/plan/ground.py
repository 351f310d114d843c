"""The units and hosts of a plan as arrays of whole numbers: who is near whom, and which hosts take whom in.

Units are numbered by committee and id, so that a committee is one stretch of numbers and the order of the rows that
came in does not matter. Costs are whole metres; a unit's number breaks ties.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from dishu.engine.plan.arrays import NEVER, Ground
from dishu.engine.plan.model import Host, Limits, Locks, Prices, Unit

Array = Any
#: Pairs looked at together, to bound the memory.
BLOCK = 2_000_000
_NUMBER_BITS = 22


@dataclass(frozen=True)
class Terrain:
    """The sorted units and hosts with their arrays; `shards`: first and last-plus-one unit number of each committee."""

    units: tuple[Unit, ...]
    hosts: tuple[Host, ...]
    ground: Ground
    shards: tuple[tuple[int, int], ...]

    @cached_property
    def unit_number(self) -> dict[str, int]:
        """Number of each unit by its id."""
        return {unit.unit_id: i for i, unit in enumerate(self.units)}

    @cached_property
    def host_number(self) -> dict[str, int]:
        """Number of each host by its id."""
        return {host.org_id: i for i, host in enumerate(self.hosts)}

    @cached_property
    def room(self) -> tuple[Array, Array]:
        """Units and members each host may take in."""
        units = np.array([max(0, host.room_units) for host in self.hosts], np.int64)
        return units, np.array([max(0, host.room_members) for host in self.hosts], np.int64)


def metres(km: float) -> int:
    """A price in km as whole metres, halves up.

    >>> metres(0.6), metres(2.0005)
    (600, 2001)
    """
    return int(np.floor(km * 1000 + 0.5))


def codes(values: Iterable[object], known: dict[object, int]) -> Array:
    """Numbers for values, the same for the same; -1 for None. New values are added to `known`."""
    return np.array([-1 if v is None else known.setdefault(v, len(known)) for v in values], np.int32)


def terrain(
    units: Sequence[Unit], hosts: Sequence[Host], prices: Prices, limits: Limits, locks: Locks, near: int = 32,
    take: int = 12,
) -> Terrain:  # fmt: skip
    """Arrays of everything, with the `near` cheapest other units and the `take` cheapest hosts of each unit."""
    units = tuple(sorted(units, key=lambda unit: (unit.committee, unit.unit_id)))
    hosts = tuple(sorted(hosts, key=lambda host: (host.committee is None, host.committee or "", host.org_id)))
    columns: dict[str, Any] = {**_unit_columns(units, hosts, prices), **_host_columns(units, hosts, prices)}
    empty: Any = np.zeros(len(units) + 1, np.int64), np.zeros(0, np.int32)
    lists = dict(
        zip(
            ("near_start", "near", "take_start", "take", "mates_start", "mates", "apart_start", "apart"),
            empty * 4,
            strict=True,
        )
    )
    limit = {
        "least_full": limits.least_full,
        "usual_units": limits.usual_units,
        "most_units": limits.most_units,
        "most_members": limits.most_members,
    }
    ground = Ground(**columns, **lists, **limit, **_amounts(prices))
    edges = np.flatnonzero(np.diff(ground.committee, prepend=-1, append=-1))
    shards = tuple(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)) if units else ()
    land = Terrain(units, hosts, ground, shards)
    near_start, near_list, _ = neighbours(land, near)
    take_start, take_list, _ = takers(land, take)
    mates, apart = _locked(land, locks)
    ground = ground._replace(
        near_start=near_start, near=near_list, take_start=take_start, take=take_list, mates_start=mates[0],
        mates=mates[1], apart_start=apart[0], apart=apart[1],
    )  # fmt: skip
    return Terrain(units, hosts, ground, shards)


def _amounts(prices: Prices) -> dict[str, Any]:
    names = ("other_industry", "other_place", "moved", "above_usual", "fragile", "uncovered")
    amounts: dict[str, Any] = {name: metres(getattr(prices, name)) for name in names}
    return amounts | {"per_km": float(prices.per_km), "most_metres": metres(prices.max_km)}


def _unit_columns(units: Sequence[Unit], hosts: Sequence[Host], prices: Prices) -> dict[str, Array]:
    host_number: dict[object, int] = {host.org_id: i for i, host in enumerate(hosts)}
    opening = [
        metres(prices.kept_branch if u.secretary and u.branch is not None else prices.new_branch)
        + (metres(prices.moved) if u.host is not None else 0)
        for u in units
    ]
    return {
        "x": np.array([u.x for u in units], np.float64),
        "y": np.array([u.y for u in units], np.float64),
        "committee": codes((u.committee for u in units), {}),
        "branch": codes((u.branch for u in units), {}),
        "host": np.array([-1 if u.host is None else host_number.get(u.host, -2) for u in units], np.int32),
        "full": np.array([u.full for u in units], np.int32),
        "members": np.array([u.members for u in units], np.int32),
        "opening": np.array(opening, np.int64),
        **_shared_codes(units, hosts),
    }


def _shared_codes(units: Sequence[Unit], hosts: Sequence[Host]) -> dict[str, Array]:
    """Industries, spots and counties by number, the same numbers for units and hosts."""
    industries: dict[object, int] = {}
    spots: dict[object, int] = {}
    counties: dict[object, int] = {}
    return {
        "industry": codes((u.industry for u in units), industries),
        "spot": codes((u.spot for u in units), spots),
        "host_industry": codes((h.industry for h in hosts), industries),
        "host_spot": codes((h.spot for h in hosts), spots),
        "county": codes((u.county for u in units), counties),
        "host_county": codes((h.county for h in hosts), counties),
    }


def _host_columns(units: Sequence[Unit], hosts: Sequence[Host], prices: Prices) -> dict[str, Array]:
    known: dict[object, int] = {}
    codes((u.committee for u in units), known)
    attach = [prices.attach[h.kind] for h in hosts]
    far, near = metres(prices.far_km), metres(prices.max_km)
    return {
        "host_x": np.array([h.x for h in hosts], np.float64),
        "host_y": np.array([h.y for h in hosts], np.float64),
        "host_committee": codes((h.committee for h in hosts), known),
        "host_base": np.array([metres(a.base) for a in attach], np.int64),
        "host_per_km": np.array([a.per_km for a in attach], np.float64),
        "host_other_industry": np.array([metres(a.other_industry) for a in attach], np.int64),
        "host_other_place": np.array([metres(a.other_place) for a in attach], np.int64),
        "host_most": np.array([far if h.committee is None else near for h in hosts], np.int64),
    }


def pair_costs(g: Ground, leads: Array, others: Array) -> Array:
    """What each of `others` (columns) pays to be led by each of `leads` (rows), metres; NEVER where too far or itself."""
    j, u = leads[:, None], others[None, :]
    way = _ways(g.x[j] - g.x[u], g.y[j] - g.y[u])
    cost = np.floor(g.per_km * way + 0.5).astype(np.int64)
    cost += g.other_industry * (g.industry[j] != g.industry[u]) + g.other_place * (g.spot[j] != g.spot[u])
    cost += g.moved * ((g.host[u] != -1) | ((g.branch[u] >= 0) & (g.branch[u] != g.branch[j])))
    cost[(way > g.most_metres) | (j == u)] = NEVER
    return cost


def host_costs(g: Ground, hosts: Array, units: Array) -> Array:
    """What each of `units` (columns) pays to be attached to each of `hosts` (rows), metres; NEVER where not allowed."""
    a, u = hosts[:, None], units[None, :]
    way = _ways(g.host_x[a] - g.x[u], g.host_y[a] - g.y[u])
    cost = np.floor(g.host_per_km[a] * way + 0.5).astype(np.int64) + g.host_base[a]
    cost += g.host_other_industry[a] * ((g.host_industry[a] >= 0) & (g.host_industry[a] != g.industry[u]))
    cost += g.host_other_place[a] * (g.host_spot[a] != g.spot[u])
    cost += g.moved * ((g.branch[u] >= 0) | ((g.host[u] != -1) & (g.host[u] != a)))
    foreign = (g.host_committee[a] >= 0) & (g.host_committee[a] != g.committee[u])
    foreign |= (g.host_county[a] >= 0) & (g.county[u] >= 0) & (g.host_county[a] != g.county[u])
    cost[(way > g.host_most[a]) | foreign] = NEVER
    return cost


def _ways(dx: Array, dy: Array) -> Array:
    return np.floor(np.sqrt(dx * dx + dy * dy) + 0.5).astype(np.int64)


def neighbours(land: Terrain, most: int | None) -> tuple[Array, Array, Array]:
    """For each unit as lead the others of its committee that may follow it, the cheapest first: starts, units, costs."""
    rows = []
    for first, end in land.shards:
        others = np.arange(first, end)
        for leads in blocks(others, end - first):
            rows.append((pair_costs(land.ground, leads, others), first))
    return listed(rows, most)


def takers(land: Terrain, most: int | None) -> tuple[Array, Array, Array]:
    """For each unit the hosts that may take it in, the cheapest first: starts, hosts, costs; those without room are none."""
    rows = []
    roomy = (land.room[0] > 0) & (land.room[1] > 0)
    everywhere = np.flatnonzero(roomy & (land.ground.host_committee < 0))
    for first, end in land.shards:
        own = np.flatnonzero(roomy & (land.ground.host_committee == land.ground.committee[first]))
        hosts = np.concatenate([own, everywhere])
        for units in blocks(np.arange(first, end), len(hosts)):
            rows.append((host_costs(land.ground, hosts, units).T, hosts))
    return listed(rows, most)


def guests(land: Terrain) -> tuple[Array, Array, Array]:
    """For each host the units it may take in, the cheapest first: starts, units, costs."""
    committees, all_units = land.ground.host_committee, np.arange(len(land.units))
    edges = np.flatnonzero(np.diff(committees, prepend=-2, append=-2))
    rows = []
    for begin, stop in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        committee = int(committees[begin])
        first, end = (0, len(land.units)) if committee < 0 else _shard(land, committee)
        for hosts in blocks(np.arange(begin, stop), end - first):
            rows.append((host_costs(land.ground, hosts, all_units[first:end]), first))
    return listed(rows, None)


def _shard(land: Terrain, committee: int) -> tuple[int, int]:
    """First and last-plus-one unit of a committee; none if it has only hosts."""
    return land.shards[committee] if committee < len(land.shards) else (0, 0)


def blocks(numbers: Array, width: int) -> Iterator[Array]:
    """`numbers` in pieces of at most BLOCK pairs with `width` partners."""
    step = max(1, BLOCK // max(1, width))
    for start in range(0, len(numbers), step):
        yield numbers[start : start + step]


def listed(rows: Iterable[tuple[Array, Any]], most: int | None) -> tuple[Array, Array, Array]:
    """Rows of costs as one list after the other, each sorted by cost and number, without what is not allowed."""
    lengths: list[Array] = [np.zeros(1, np.int64)]
    numbers: list[Array] = [np.zeros(0, np.int32)]
    costs: list[Array] = [np.zeros(0, np.int32)]
    for cost, who in rows:
        keys = (np.minimum(cost, NEVER) << _NUMBER_BITS) | np.arange(cost.shape[1])
        if most is not None and most < keys.shape[1]:
            keys = np.partition(keys, most, axis=1)[:, :most]
        keys.sort(axis=1)
        allowed = keys < (NEVER << _NUMBER_BITS)
        lengths.append(allowed.sum(axis=1))
        chosen = keys[allowed]
        at = chosen & ((1 << _NUMBER_BITS) - 1)
        numbers.append((who + at if np.isscalar(who) else who[at]).astype(np.int32))
        costs.append((chosen >> _NUMBER_BITS).astype(np.int32))
    return np.cumsum(np.concatenate(lengths)), np.concatenate(numbers), np.concatenate(costs)


def _locked(land: Terrain, locks: Locks) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Who is locked together with each unit (itself included) and whom it must not meet, as lists one after the other."""
    number = land.unit_number
    mates = [{i} for i in range(len(land.units))]
    for ids in locks.together:
        joined = set().union(*(mates[number[u]] for u in ids))
        for i in joined:
            mates[i] = joined
    apart: list[set[int]] = [set() for _ in land.units]
    for ids in locks.apart:
        for u in ids:
            apart[number[u]] |= {number[v] for v in ids} - {number[u]}
    return _flat(mates), _flat(apart)


def _flat(lists: Sequence[set[int]]) -> tuple[Array, Array]:
    start: Array = np.cumsum([0, *map(len, lists)]).astype(np.int64)
    return start, np.array([v for one in lists for v in sorted(one)], np.int32)
