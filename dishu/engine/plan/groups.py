"""The finished plan in words: joint branches with their lead units and names, units at hosts, units left over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from dishu.engine.plan.costs import OPEN, place_cost
from dishu.engine.plan.draft import State
from dishu.engine.plan.ground import Terrain, pair_costs
from dishu.engine.plan.model import Group
from dishu.engine.plan.start import Start

Array = Any


def groups(land: Terrain, done: Start) -> tuple[Group, ...]:
    """All groups in the order of their first units."""
    joint = [sorted(done.state.units[slot, :size].tolist()) for slot, size in enumerate(done.state.size) if size]
    names = _names(land, sorted(joint), done.known_as)
    found = [
        (members[0], Group(names[members[0]], "joint", _ids(land, members), land.units[lead(land, members)].unit_id))
        for members in joint
    ]
    guests: dict[int, list[int]] = {}
    for u, at in enumerate(done.state.where.tolist()):
        if at == OPEN:
            found.append((u, Group(f"open-{land.units[u].unit_id}", "uncovered", _ids(land, [u]))))
        elif at <= -2:
            guests.setdefault(-2 - at, []).append(u)
    for a, members in guests.items():
        org = land.hosts[a].org_id
        found.append((members[0], Group(org, "attached", _ids(land, members), host=org)))
    return tuple(group for _, group in sorted(found, key=lambda pair: pair[0]))


def lead(land: Terrain, members: Sequence[int]) -> int:
    """The unit under which the group is cheapest; the first id of equals."""
    inside = np.array(members)
    costs = pair_costs(land.ground, inside, inside)
    np.fill_diagonal(costs, land.ground.opening[inside])
    return members[int(costs.sum(axis=1).argmin())]


def own_costs(land: Terrain, state: State) -> Array:
    """What the plan costs for each unit, metres: a group's price in equal parts. They sum up to the plan's price."""
    found = np.zeros(len(land.units))
    for u, at in enumerate(state.where.tolist()):
        found[u] = state.cost[at] / state.size[at] if at >= 0 else place_cost(land.ground, u, at)
    return found


def _ids(land: Terrain, members: Sequence[int]) -> tuple[str, ...]:
    return tuple(land.units[u].unit_id for u in members)


def _names(land: Terrain, joint: Sequence[Sequence[int]], known_as: Sequence[str | None]) -> dict[int, str]:
    """A name for each group, by its first unit: that of the branch the most of its units come from, each name once.

    Of groups with equally many the one whose lead unit comes from there goes first; then the one with the first unit.
    """
    claims = []
    for members in joint:
        of_lead = known_as[lead(land, members)]
        for name, many in Counter(known_as[u] for u in members).items():
            if name is not None:
                claims.append((-many, of_lead != name, members[0], name))
    names: dict[int, str] = {}
    taken: set[str] = set()
    for _, _, first, name in sorted(claims):
        if first not in names and name not in taken:
            names[first] = name
            taken.add(name)
    for members in joint:
        if members[0] not in names:
            name = f"new-{land.units[lead(land, members)].unit_id}"
            while name in taken:
                name += "-2"
            names[members[0]] = name
            taken.add(name)
    return names
