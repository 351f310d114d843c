"""The words of a formation plan: small units, hosts, prices in kilometres, limits of the law, and the groups that come out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

GroupKind = Literal["joint", "attached", "uncovered"]
HostKind = Literal["village", "enterprise", "association", "market"]
Spot = tuple[Literal["market", "place"], str]


def _spot(place: str, market: str | None) -> Spot:
    return ("market", market) if market else ("place", place)


@dataclass(frozen=True)
class Unit:
    """A unit with members, too few for a branch of its own.

    `x`, `y`: metres. `committee`: the superior Party committee (township, street, park); units join only under one.
    `place`: village, street or building; `market`: the market it stands in, None outside. `full`: full members (1 or
    2 for a small unit), `members`: all members. `branch`: the joint branch it belongs to today; `host`: the
    organization it is attached to today; `secretary`: today's branch is led from here. `located`: whether its
    coordinates are its own (else those of its place). `county`: its code, None where none is written.

    >>> Unit("u1", 0, 0, "T", "东街", "F52", 1, 1, market="编织市场").spot
    ('market', '编织市场')
    """

    unit_id: str
    x: float
    y: float
    committee: str
    place: str
    industry: str
    full: int
    members: int
    market: str | None = None
    branch: str | None = None
    host: str | None = None
    secretary: bool = False
    located: bool = True
    county: str | None = None

    @property
    def spot(self) -> Spot:
        """Where it counts as being: its market, outside markets its place. "Another place" means another spot."""
        return _spot(self.place, self.market)


@dataclass(frozen=True)
class Host:
    """An existing organization that could take in a few small units.

    `committee` None: works across its `county` (an association), up to `Prices.far_km`; without a county wherever a unit
    is. `room_members`, `room_units`: how many members and units of the plan it may take in, those attached to it today
    counted among them. `industry` None: of no one trade, so nobody is of another.
    """

    org_id: str
    x: float
    y: float
    committee: str | None
    place: str
    kind: HostKind
    room_members: int
    room_units: int
    industry: str | None = None
    market: str | None = None
    county: str | None = None

    @property
    def spot(self) -> Spot:
        """Where it counts as being, as for units."""
        return _spot(self.place, self.market)


@dataclass(frozen=True)
class Attach:
    """What joining a host of one kind costs, in kilometres: `base`, `per_km` of way, another industry, another place."""

    base: float
    per_km: float = 1.0
    other_industry: float = 0.0
    other_place: float = 0.0


def _attaching() -> dict[str, Attach]:
    return {
        "village": Attach(1.2),
        "enterprise": Attach(0.9, other_industry=0.5, other_place=0.4),
        "association": Attach(0.6, per_km=0.5, other_industry=2.0),
        "market": Attach(0.6, other_place=0.4),
    }


@dataclass(frozen=True)
class Prices:
    """What is dear and what is cheap, all in kilometres of way, so that people can argue about them.

    `new_branch`: founding one; `kept_branch`: going on with one that exists; `per_km`: each kilometre from a unit to its
    lead unit; `other_industry`, `other_place`: as the lead unit; `moved`: leaving today's branch or host; `above_usual`: each unit
    above the usual number; `fragile`: exactly the least number of full members; `uncovered`: a unit left for people
    to look at. `max_km`, `far_km`: no farther than this, and from county-wide hosts.

    Everything counts in whole metres, so that sums are exact in any order: ways are rounded to the metre, each price to
    the metre, and a way times its price again. Who leads a joint branch pays its founding (`kept_branch` where today's
    secretary of a branch sits, else `new_branch`), the others their way to the lead. `moved` is paid by a unit whose
    branch of today is not that of its lead unit, or that has a host today and is not attached to that host.
    """

    new_branch: float = 3.0
    kept_branch: float = 1.5
    per_km: float = 1.0
    other_industry: float = 0.5
    other_place: float = 0.4
    moved: float = 0.6
    above_usual: float = 1.0
    fragile: float = 0.3
    uncovered: float = 20.0
    max_km: float = 5.0
    far_km: float = 10.0
    attach: dict[str, Attach] = field(default_factory=_attaching)


@dataclass(frozen=True)
class Limits:
    """What the law of the day says of a branch: see `limits.at(day)`.

    `least_full`: full members of a branch, at least; `usual_units`: units of a joint branch as a rule; `most_units`: never
    more, each above the usual an exception to approve; `most_members`: all members of a branch.
    """

    least_full: int = 3
    usual_units: int = 5
    most_units: int = 8
    most_members: int = 50


@dataclass(frozen=True)
class Locks:
    """What people have already decided: these units together, these apart, this unit to this host, this branch as it is."""

    together: tuple[frozenset[str], ...] = ()
    apart: tuple[frozenset[str], ...] = ()
    hosts: dict[str, str] = field(default_factory=dict)
    branches: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Group:
    """One line of the plan: a joint branch of `units` led by `lead`, units `attached` to `host`, or one unit `uncovered`.

    `group_id` is that of the existing branch the most of them come from, else a new one; an attached group is all the
    plan's units of one host.
    """

    group_id: str
    kind: GroupKind
    units: tuple[str, ...]
    lead: str | None = None
    host: str | None = None


@dataclass(frozen=True)
class Scheme:
    """A whole plan: its groups, its price, a proven lower bound on any plan's price, and whether that proof is valid.

    `prints`: for each committee one word for all its part depends on, so that a later plan knows what has changed.
    """

    groups: tuple[Group, ...]
    objective: float
    lower_bound: float | None = None
    bound_valid: bool = False
    prints: dict[str, str] = field(default_factory=dict)

    @property
    def gap(self) -> float | None:
        """How far at most the plan is from the best there is, as a share of the bound; None without a valid bound."""
        if self.lower_bound is None or not self.bound_valid or self.lower_bound <= 0:
            return None
        return max(0.0, self.objective - self.lower_bound) / self.lower_bound
