"""What is true in a made-up world, before any roster is written: units, people, organizations and their ties."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from dishu.worlds.towns import Place, Towns


@dataclass(slots=True, eq=False)
class Person:
    """Somebody: an owner, an employee; a member only if a `Member` says so."""

    name: str
    sex: str
    birth: date
    citizen_id: str
    phone: str
    address: str
    home: Place


@dataclass(slots=True, eq=False)
class Unit:
    """An enterprise, an individual business or a market; money in yuan."""

    key: str
    kind: str
    name: str
    code: str
    place: Place
    address: str
    industry: str
    owner: Person | None = None
    control: str | None = None
    employees: int = 0
    assets: int | None = None
    turnover: int | None = None
    opened_on: date = date(2000, 1, 1)
    closed_on: date | None = None
    surveyed: str | None = None
    surveyed_on: date | None = None
    channel: str | None = None
    market: Unit | None = None
    stall: str | None = None
    owner_is_member: bool | None = None
    owner_is_secretary: bool | None = None
    instructor: str | None = None
    instructor_since: date | None = None
    work_on: date | None = None
    role: str = ""  # the part it plays in the world's plot, e.g. "newcomer"
    above_size: bool = False


@dataclass(slots=True, eq=False)
class Org:
    """A Party organization; `units` are those it covers, `superior` the next higher one."""

    key: str
    name: str
    kind: str
    system: str
    place: Place | None
    founded_on: date
    superior: Org | None = None
    dissolved_on: date | None = None
    mode: str | None = None
    units: list[Unit] = field(default_factory=list)
    approval_no: str | None = None


@dataclass(slots=True, eq=False)
class Member:
    """A member: standing, employment, affiliation as claimed (two claims contradict), participation, identity."""

    key: str
    person: Person
    unit: Unit
    role: str
    standing: str
    joined_on: date
    full_on: date | None
    employed_since: date
    employed_until: date | None = None
    claims: list[Org] = field(default_factory=list)
    org_since: date | None = None
    participates_in: Org | None = None
    shown: str | None = None
    shown_on: date | None = None
    channel: str | None = None
    verified_on: date | None = None

    @property
    def org(self) -> Org | None:
        """Where the affiliation lies, if that is clear."""
        return self.claims[0] if len(self.claims) == 1 else None


@dataclass(slots=True, eq=False)
class Plan:
    """Units among which organizations are to be formed, frozen on a day, with a deadline."""

    name: str
    units: list[Unit]
    frozen_on: date
    deadline: date


@dataclass(slots=True, eq=False)
class World:
    """A made-up place on a day, with everything that is true there."""

    name: str
    day: date
    scope: str
    towns: Towns
    units: list[Unit] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    orgs: list[Org] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    note: str = ""

    def at_work(self) -> list[Member]:
        """Members employed on the day."""
        return [m for m in self.members if m.employed_until is None or m.employed_until > self.day]
