"""A plan made by hand, so to speak: nearest neighbours together, the rest left over. For tests of what stands around a plan."""

from __future__ import annotations

from dishu.engine.plan.check import price, way
from dishu.engine.plan.model import Group, Scheme


def solve(units, hosts, prices, limits, locks, *, seed=1, effort=None, before=None, **more):
    """Each unit in turn takes its nearest free neighbours until they are three full members; keeps no locks."""
    free = sorted(units, key=lambda u: u.unit_id)
    groups = []
    while free:
        lead = free.pop(0)
        near = [u for u in free if u.committee == lead.committee and way(u, lead) <= prices.max_km * 1000]
        inside = [lead]
        for unit in sorted(near, key=lambda u: (way(u, lead), u.unit_id)):
            if sum(u.full for u in inside) >= limits.least_full:
                break
            inside.append(unit)
        if sum(u.full for u in inside) < limits.least_full:
            inside = [lead]
        names = tuple(u.unit_id for u in inside)
        joint = len(inside) > 1
        groups.append(
            Group(f"n-{lead.unit_id}", "joint" if joint else "uncovered", names, lead.unit_id if joint else None)
        )
        free = [u for u in free if u.unit_id not in names]
    known, at = {u.unit_id: u for u in units}, {h.org_id: h for h in hosts}
    return Scheme(tuple(groups), sum(price(g, known, at, prices, limits) for g in groups) / 1000)
