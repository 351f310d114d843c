"""A county of today (C1): 80,000 units and 8,000 members known to five offices, each in part and in its own way.

No figure is given beforehand: this world is for matching and for speed. Laws and codes are those of October 2026.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from dishu.worlds.dice import Dice, Weighted, apportion
from dishu.worlds.folk import check
from dishu.worlds.model import Member, Org, Unit, World
from dishu.worlds.orgtree import OrgTree
from dishu.worlds.smallsector import Sector
from dishu.worlds.staff import CHECKED, Staff
from dishu.worlds.towns import towns
from dishu.worlds.trade import maker

DAY = date(2026, 10, 31)
SCOPE = "421303"
UNITS, MARKET_PLACES = 80_000, 20
# Parts of the units: enterprises, members, members in enterprises, organizations of their own, joint branches.
FIRMS, MEMBERS, FIRM_MEMBERS, OWN, JOINT = 0.25, 0.1, 0.0325, 0.00125, 0.0016
AT_MOST = 5  # units of a joint branch since 2018
SHOP_CLAIMS = Weighted({"association": 8, "market": 5, "territory": 66, "origin": 11, "unknown": 7, "contradicting": 3})
FIRM_CLAIMS = Weighted({"territory": 66, "origin": 18, "unknown": 12, "contradicting": 4})
DRIVE = date(2026, 3, 1)
DILIGENCE, SHOWN = 0.6, 0.62


def world(seed: int = 1, units: int = UNITS) -> World:
    """All that is true in the county on the day, or in a smaller one; the same for the same seed."""
    tree = towns(Dice(seed, 1), DAY, SCOPE)
    made = World("county", DAY, SCOPE, tree, note="规模 C1：8万户、8千名党员。全部虚构，与任何真实的企业和个人无关。")
    make = maker(seed, tree, DAY, modern=True)
    make.closed = 0.02
    firms, markets = make.enterprises(int(units * FIRMS)), make.markets(MARKET_PLACES)
    shops = make.shops(units - int(units * FIRMS) - MARKET_PLACES)
    still = [s for s in shops if s.closed_on is None]
    make.let(markets, still, 0.14)
    made.units = [*firms, *shops, *markets]
    orgs = OrgTree(Dice(seed, 7), tree, "随州市")
    sector = Sector(Dice(seed, 10), tree, orgs, (date(2012, 1, 1), date(2026, 6, 30)))
    sector.association(still, 1, 0, len(tree.townships[SCOPE]))
    sector.in_markets(markets, 1, 2, 24)
    staff = Staff(Dice(seed, 12), made, make.folk, DRIVE)
    _firms(staff, orgs, [f for f in firms if f.closed_on is None], units)
    _shops(staff, sector, still, int(units * MEMBERS))
    for who in made.members:
        sector.cover(who, DILIGENCE, AT_MOST)
        if who.participates_in is None and staff.dice.chance(0.3):
            who.participates_in = sector.covering.get(who.unit.key) or who.org
    made.orgs = orgs.orgs
    _care(Dice(seed, 13), made, [make.folk.name("female", date(1985, 1, 1)) for _ in range(40)])
    return made


def _claims(dice: Dice, where: str, orgs: OrgTree, who: Member) -> list[Org]:
    """Affiliations away from the unit: at home, far away, unknown, or two that contradict."""
    if where == "unknown":
        return []
    home = orgs.origin() if where == "origin" else orgs.village(who.person.home)
    return [home, orgs.origin()] if where == "contradicting" else [home]


def _firms(staff: Staff, orgs: OrgTree, firms: list[Unit], units: int) -> None:
    """Members of enterprises: own organizations, joint branches, the others one or two in places without."""
    dice = staff.dice
    large = dice.sample([f for f in firms if f.employees >= 20], int(units * OWN))
    sizes = [3 + int(dice.throw() ** 4 * 40) for _ in large]
    for unit, size in zip(large, sizes, strict=True):
        unit.role, unit.employees = "organized", max(unit.employees, 2 * size)
        on = dice.day(unit.opened_on + timedelta(days=30), DAY - timedelta(days=30))
        org = orgs.own(unit, size, on, orgs.township(unit.place) if dice.chance(0.6) else orgs.sector(unit.place))
        _staffed(staff, unit, size, org)
    left = int(units * FIRM_MEMBERS) - sum(sizes)
    rest = [f for f in firms if f.role == ""]
    for group in _groups(dice, rest, int(units * JOINT)):
        org = orgs.joint(group, DAY - timedelta(days=dice.between(60, 1500)), orgs.township(group[0].place))
        for unit in group:
            unit.role, size = "organized", dice.between(1, 2)
            _staffed(staff, unit, size, org)
            left -= size
    alone = [f for f in rest if f.role == ""][: left * 2 // 3]
    few = apportion([1 + dice.throw() for _ in alone], left, [1] * len(alone), [6] * len(alone))
    for unit, size in zip(alone, few, strict=True):
        unit.employees = max(unit.employees, 2 * size)
        for number in range(size):
            who = staff.hire(unit, number == 0 and dice.chance(0.4), SHOWN)
            staff.belong(who, *_claims(dice, FIRM_CLAIMS.pick(dice), orgs, who))


def _staffed(staff: Staff, unit: Unit, size: int, org: Org) -> None:
    for number in range(size):
        staff.belong(staff.hire(unit, number == 0 and staff.dice.chance(0.3), SHOWN, full=number < 3), org)


def _groups(dice: Dice, firms: list[Unit], number: int) -> Iterator[list[Unit]]:
    """Neighbours of one township, three to five together."""
    by_town: dict[str, list[Unit]] = defaultdict(list)
    for unit in firms:
        by_town[unit.place.code[:9]].append(unit)
    for _ in range(number):
        town = by_town[dice.pick([code for code, units in by_town.items() if len(units) >= AT_MOST])]
        yield [town.pop() for _ in range(dice.between(3, AT_MOST))]


def _shops(staff: Staff, sector: Sector, shops: list[Unit], members: int) -> None:
    """Members of individual businesses, one shop in ten with a second one."""
    dice, orgs = staff.dice, sector.orgs
    free = iter(dice.shuffled(shops))
    unit, taken = next(free), 0
    for _ in range(members - len(staff.made.members)):
        second = taken == 1 and dice.chance(0.1)
        if not second:
            unit, taken = next(free), 0
        taken += 1
        who = staff.hire(unit, not second and dice.chance(0.75), SHOWN)
        where = SHOP_CLAIMS.pick(dice)
        here = sector.markets.get(unit.market.key) if unit.market else None
        if where == "market" and here:
            staff.belong(who, dice.pick(here))
        elif where in ("market", "association"):
            staff.belong(who, sector.branches[unit.place.code[:9]])
        else:
            staff.belong(who, *_claims(dice, where, orgs, who))


def _care(dice: Dice, made: World, teachers: list[str]) -> None:
    """The survey, instructors and Party work."""
    staffed = {m.unit.key for m in made.members}
    covered = {u.key for org in made.orgs for u in org.units}
    for unit in made.units:
        if unit.closed_on or unit.kind == "market":
            continue
        throw = dice.throw()
        known = unit.key in staffed or throw < 0.8
        unit.surveyed = "known" if known else "unclear" if throw < 0.9 else None
        if unit.surveyed:
            check(dice, unit, CHECKED, DRIVE, DAY)
            unit.surveyed_on = unit.surveyed_on or dice.day(DRIVE, DAY)
        if known and unit.owner_is_member is None:
            unit.owner_is_member = False
        if unit.key not in covered and dice.chance(0.35):
            unit.work_on = dice.day(DRIVE, DAY - timedelta(days=5))
            if dice.chance(0.08):
                unit.instructor, unit.instructor_since = dice.pick(teachers), dice.day(DRIVE, DAY - timedelta(days=9))
