"""What the compiled parts of the plan read: all about units and hosts in arrays of whole numbers, and the prices."""

from __future__ import annotations

from typing import Any, NamedTuple

Array = Any
#: Dearer than any plan: what is not allowed.
NEVER = 1 << 40


class Ground(NamedTuple):
    """What the compiled parts read. Per unit: place, codes, members, `opening` (what leading costs); per host the same.

    `branch`, `host`: today's, -1 none (-2 a host that is not among the hosts). `near`: the cheapest other units for each
    unit as lead, `near_start` where each list begins; `take`: the cheapest hosts. `mates`: who is locked together with a
    unit, itself included; `apart`: whom it must not meet.
    """

    x: Array
    y: Array
    committee: Array
    county: Array
    industry: Array
    spot: Array
    branch: Array
    host: Array
    full: Array
    members: Array
    opening: Array
    near_start: Array
    near: Array
    take_start: Array
    take: Array
    mates_start: Array
    mates: Array
    apart_start: Array
    apart: Array
    host_x: Array
    host_y: Array
    host_committee: Array
    host_county: Array
    host_industry: Array
    host_spot: Array
    host_base: Array
    host_per_km: Array
    host_other_industry: Array
    host_other_place: Array
    host_most: Array
    per_km: float
    other_industry: int
    other_place: int
    moved: int
    above_usual: int
    fragile: int
    uncovered: int
    most_metres: int
    least_full: int
    usual_units: int
    most_units: int
    most_members: int
