"""Where the search begins: what people have locked, then the plan at hand or today's branches as far as they are allowed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dishu.engine.plan.arrays import NEVER
from dishu.engine.plan.costs import OPEN, group_cost, place_cost
from dishu.engine.plan.draft import State
from dishu.engine.plan.ground import Terrain
from dishu.engine.plan.model import Host, Locks, Scheme, Unit

Array = Any


@dataclass(frozen=True)
class Start:
    """A first plan, which units are fixed in it, and under which name each unit is known today (for the groups' ids)."""

    state: State
    fixed: Array
    known_as: tuple[str | None, ...]


def start(land: Terrain, locks: Locks, before: Scheme | None) -> Start:
    """The locked groups, then those of `before` (without one: today's branches and hosts) that break no rule.

    All others are left uncovered for now. ValueError where locks contradict each other or cannot be kept.
    """
    count, wide = len(land.units), land.ground.most_units
    room_units, room_members = (room.copy() for room in land.room)
    state = State(
        np.full(count, OPEN, np.int64), np.zeros((count, wide), np.int64), np.zeros(count, np.int64),
        np.zeros(count, np.int64), room_units, room_members,
    )  # fmt: skip
    fixed: Array = np.zeros(count, np.bool_)
    _lock_hosts(land, locks, state, fixed)
    _lock_branches(land, locks, state, fixed)
    joint, attached = _groups(land, before)
    for group in joint:
        if _movable(land, group, state) and joint_cost(land, group) < NEVER:
            _join(land, state, group)
    for group, host in attached:
        _attach_together(land, state, group, host)
    return Start(state, fixed, _known_as(land, joint, before))


def _groups(land: Terrain, before: Scheme | None) -> tuple[list[list[int]], list[tuple[list[int], int]]]:
    """Unit numbers of the joint branches, and of the attached units with their host, as they are now."""
    joint: dict[str, list[int]] = {}
    attached: dict[str, list[int]] = {}
    if before is None:
        for i, unit in enumerate(land.units):
            if unit.branch is not None:
                joint.setdefault(unit.branch, []).append(i)
            elif unit.host is not None:
                attached.setdefault(unit.host, []).append(i)
    else:
        for group in before.groups:
            numbers = sorted(land.unit_number[unit] for unit in group.units if unit in land.unit_number)
            if group.kind == "joint":
                joint[group.group_id] = numbers
            elif group.host is not None:
                attached[group.host] = numbers
    found = [(numbers, land.host_number[host]) for host, numbers in attached.items() if host in land.host_number]
    return [group for group in joint.values() if group], found


def _known_as(land: Terrain, joint: Iterable[Sequence[int]], before: Scheme | None) -> tuple[str | None, ...]:
    names = [unit.branch for unit in land.units]
    if before is not None:
        for group in before.groups:
            if group.kind == "joint":
                for unit in group.units:
                    if unit in land.unit_number:
                        names[land.unit_number[unit]] = group.group_id
    return tuple(names)


def joint_cost(land: Terrain, group: Sequence[int]) -> int:
    """The price of a joint branch of these units, metres; NEVER if they cannot form one."""
    g, units = land.ground, np.array(group, np.int64)
    if len(group) > g.most_units or len(set(g.committee[units].tolist())) > 1:
        return NEVER
    return int(group_cost(g, units, len(units), np.zeros(len(units), np.int64)))


def _movable(land: Terrain, group: Sequence[int], state: State) -> bool:
    """Whether all of them are still free and none is locked to a unit outside."""
    return all(state.where[u] == OPEN and _mates(land, u) <= set(group) for u in group)


def _mates(land: Terrain, u: int) -> set[int]:
    g = land.ground
    return set(g.mates[g.mates_start[u] : g.mates_start[u + 1]].tolist())


def _join(land: Terrain, state: State, group: Sequence[int]) -> None:
    slot = group[0]  # each unit's number is a slot of its own committee's
    state.units[slot, : len(group)] = group
    state.size[slot], state.cost[slot] = len(group), joint_cost(land, group)
    state.where[list(group)] = slot


def _attach_together(land: Terrain, state: State, group: Sequence[int], host: int) -> None:
    """Attach the units to the host one by one (locked ones at once) as far as it may and can take them in."""
    for u in group:
        mates = _mates(land, u)
        if state.where[u] == OPEN and mates <= set(group) and _welcome(land, state, sorted(mates), host) is None:
            _attach(land, state, sorted(mates), host)


def _welcome(land: Terrain, state: State, units: Sequence[int], host: int) -> str | None:
    """Why a host cannot take these units in; None if it can."""
    g = land.ground
    if any(place_cost(g, u, -2 - host) >= NEVER for u in units):
        return "不属同一上级党组织，或者超过距离上限"
    if state.left_units[host] < len(units) or state.left_members[host] < g.members[list(units)].sum():
        return "接纳不下"
    for u in units:
        others = g.apart[g.apart_start[u] : g.apart_start[u + 1]]
        if (state.where[others] == -2 - host).any():
            return "与已锁定分开的单位碰到一起"
    return None


def _attach(land: Terrain, state: State, units: Sequence[int], host: int) -> None:
    state.where[list(units)] = -2 - host
    state.left_units[host] -= len(units)
    state.left_members[host] -= land.ground.members[list(units)].sum()


def _lock_hosts(land: Terrain, locks: Locks, state: State, fixed: Array) -> None:
    for unit, org in sorted(locks.hosts.items()):
        u, host = land.unit_number[unit], land.host_number[org]
        if state.where[u] == -2 - host:
            continue
        units = sorted(_mates(land, u))
        reason = "与它锁定在一起的单位已锁定到别处" if fixed[units].any() else _welcome(land, state, units, host)
        if reason:
            raise ValueError(f"单位 {unit} 不能锁定挂靠到 {org}：{reason}。请改锁定，或者改该组织的接纳数")
        _attach(land, state, units, host)
        fixed[units] = True


def _lock_branches(land: Terrain, locks: Locks, state: State, fixed: Array) -> None:
    for branch in sorted(locks.branches):
        group = [i for i, unit in enumerate(land.units) if unit.branch == branch]
        if not group:
            raise ValueError(f"锁定的支部 {branch} 没有单位。请核对编号")
        if not _movable(land, group, state):
            raise ValueError(f"支部 {branch} 不能原样保留：它的单位另有锁定。请去掉其中一个锁定")
        if joint_cost(land, group) >= NEVER:
            raise ValueError(f"支部 {branch} 不能原样保留：人数、单位数、距离或者上级党组织不合规定。请去掉这个锁定")
        _join(land, state, group)
        fixed[group] = True


def check_names(units: Iterable[Unit], hosts: Iterable[Host], locks: Locks) -> None:
    """ValueError where a lock names what is not there."""
    known, orgs = {unit.unit_id for unit in units}, {host.org_id for host in hosts}
    named = set(locks.hosts).union(*locks.together, *locks.apart)
    if unknown := sorted(named - known):
        raise ValueError(f"锁定里的单位不在名单中：{'、'.join(unknown[:5])}。请核对单位编号")
    if unknown := sorted(set(locks.hosts.values()) - orgs):
        raise ValueError(f"锁定里的挂靠组织不在名单中：{'、'.join(unknown[:5])}。请核对组织编号")


def check_locks(land: Terrain, locks: Locks) -> None:
    """ValueError where locks contradict each other or the limits."""
    g = land.ground
    for ids in locks.together:
        u = land.unit_number[min(ids)]
        mates = _mates(land, u)
        names = "、".join(sorted(land.units[i].unit_id for i in mates)[:5])
        if len(set(g.committee[sorted(mates)].tolist())) > 1:
            raise ValueError(f"锁定在一起的单位不属同一上级党组织：{names}。请改锁定")
        if len(mates) > g.most_units:
            raise ValueError(f"锁定在一起的单位超过{g.most_units}个：{names} 等。请改锁定")
        if any(mates & set(g.apart[g.apart_start[i] : g.apart_start[i + 1]].tolist()) for i in mates):
            raise ValueError(f"有单位既锁定在一起又锁定分开：{names}。请改锁定")
