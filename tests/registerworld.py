"""A register of two counties filled at random: units, members, organizations and their ties, some in trouble."""

from __future__ import annotations

import random
from datetime import date, timedelta

from dishu.site.membership.models import (
    Affiliation,
    Coverage,
    Employment,
    Member,
    Organization,
    OrganizationState,
    Planned,
    Shown,
    Standing,
)
from dishu.site.registry.models import Instructor, Posting, Unit, UnitState, Work
from dishu.site.territory.models import Place
from dishu.site.trail import lines as trail

START = date(2007, 1, 1)
DAYS = (date(2007, 7, 31), date(2008, 12, 31), date(2011, 12, 31))


def fill(seed: int, counties: tuple[str, ...] = ("421302", "421381"), units: int = 60) -> None:
    """Fill the register; the same seed gives the same world. The first county ends in 2009 and counts at its successor."""
    chance = random.Random(seed)
    there = Place.objects.filter(level="township", states__since__lte=START, code__regex=f"^({'|'.join(counties)})")
    places = list(there.distinct())
    orgs = [_org(n, chance, places) for n in range(units // 5)]
    made = [_unit(n, chance, places, orgs) for n in range(units)]
    for n in range(units):
        _member(n, chance, made, orgs)
    trail.write(by=None, verb="loaded", subject=None)


def _day(chance: random.Random) -> date:
    return START + timedelta(days=chance.randrange(1800))


def _org(n: int, chance: random.Random, places: list[Place]) -> Organization:
    place = chance.choice(places)
    org = Organization.objects.create(name=f"第{n}支部", plain=f"第{n}支部", place=place)
    if n % 7:
        system = chance.choice(("enterprise", "association", "territory"))
        kind = chance.choice(("branch", "joint_branch", "committee"))
        superior = Organization.objects.order_by("pk").first() if n else None
        OrganizationState.objects.create(org=org, place=place, kind=kind, system=system, superior=superior, since=START)
    return org


def _unit(n: int, chance: random.Random, places: list[Place], orgs: list[Organization]) -> Unit:
    kind, place, since = (
        chance.choice(("enterprise", "enterprise", "individual_business")),
        chance.choice(places),
        START,
    )
    unit = Unit.objects.create(kind=kind, name=f"单位{n}", place=place)
    change = START + timedelta(days=chance.randrange(200, 1500))
    for begin, end in ((since, change), (change, None)):
        UnitState.objects.create(
            unit=unit, place=place, control="private", industry=chance.choice(("C", "F")), since=begin, until=end,
            employees=chance.choice((None, 3, 60, 200)), turnover=chance.choice((None, 30_000_000, 900_000)),
            surveyed=chance.choice(("known", "known", "unclear", None)), verified_on=chance.choice((None, begin)),
            channel=chance.choice(("visited", "reported")),
        )  # fmt: skip
    if chance.random() < 0.4:
        mode = chance.choice(("single", "joint", "attached"))
        Coverage.objects.create(
            unit=unit, org=chance.choice([o for o in orgs if o.states.exists()]), mode=mode, since=_day(chance)
        )
    if chance.random() < 0.3:
        Planned.objects.create(plan="计划", unit=unit, since=date(2007, 2, 1))
    if chance.random() < 0.3:
        Work.objects.create(unit=unit, kind="visit", on=_day(chance))
    if chance.random() < 0.2:
        guide = Instructor.objects.create(name=f"指导员{n}", place=place)
        Posting.objects.create(instructor=guide, unit=unit, since=_day(chance))
    return unit


def _member(n: int, chance: random.Random, units: list[Unit], orgs: list[Organization]) -> Member:
    unit = chance.choice(units[: len(units) // 2])
    member = Member.objects.create(name=f"党员{n}", place=unit.place)
    since = _day(chance)
    standing = chance.choice(("full", "full", "probationary"))
    Standing.objects.create(member=member, place=member.place, standing=standing, since=since)
    Employment.objects.create(member=member, unit=unit, role="employee", since=since)
    for org in chance.sample(orgs, chance.choice((0, 1, 1, 2))):
        Affiliation.objects.create(member=member, org=org, source="名册", since=since)
    if chance.random() < 0.5:
        Shown.objects.create(member=member, shown=chance.random() < 0.7, since=since)
    return member
