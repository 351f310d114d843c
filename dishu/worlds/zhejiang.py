"""A prefecture of Zhejiang on 8 May 2012: individual businesses, markets, where their members' affiliation lies.

The province counted 56,590 members in individual businesses: 3,428 with the association, 2,784 in markets, 43,853 in
villages, communities and sub-districts, 6,525 at their place of origin. Here everything is a tenth of that, in one
prefecture, rounded by largest remainder; who they are is made up.

Its ten counties: no prefecture of Zhejiang had exactly ten in 2011 and 2012; two had eleven. In one of those, ten have
kept their code since 2002, so that today's townships and villages stand in for those of 2012; the eleventh became a
district under another code in 2015, what was inside it is not in the register, and it is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta

from dishu.worlds.dice import Dice, apportion
from dishu.worlds.folk import check
from dishu.worlds.model import Member, Org, Unit, World
from dishu.worlds.orgtree import OrgTree
from dishu.worlds.smallsector import Sector
from dishu.worlds.staff import CHECKED, Staff
from dishu.worlds.towns import towns
from dishu.worlds.trade import maker

DAY = date(2012, 5, 8)
SCOPE = "3303"
SCALE = 10
PROVINCE = {"association": 3_428, "market": 2_784, "territory": 43_853, "origin": 6_525}
ASSOCIATION = {"committees": 18, "general": 45, "branches": 420}  # the province's organizations
MARKETS = {"committees": 33, "general": 48, "branches": 428}

SHOPS, FIRMS, MARKET_PLACES = 40_000, 2_000, 30
FIRM_MEMBERS, OWN, WAITING = 240, 27, 3  # in enterprises: with an organization of their own, due one
DILIGENCE = (1.0, 0.995, 0.97, 0.93, 0.88, 0.82, 0.75, 0.67, 0.57, 0.45)  # how far each of the ten counties has come
DRIVE = date(2011, 8, 1)  # the month of the survey
NOTE = """比例：个体工商户党员及其组织关系去向、协会和市场党组织数，取2012年5月8日浙江省统计数的十分之一
（最大余数法取整），放在一个设区市的十个县（市、区）内；
该市当时有十一个，其中2015年改用新代码的一个，因旧代码下的乡镇、村未知而略去。
县（市、区）名称取自区划代码；企业、人员、组织、各县工作进度均为虚构，与真实情况无关。"""


def tenth(numbers: dict[str, int]) -> dict[str, int]:
    """A tenth of each, adding up to a tenth of the sum.

    >>> tenth(PROVINCE)
    {'association': 343, 'market': 278, 'territory': 4385, 'origin': 653}
    """
    total = (sum(numbers.values()) + SCALE // 2) // SCALE
    size = len(numbers)
    return dict(zip(numbers, apportion(list(numbers.values()), total, [0] * size, [total] * size), strict=True))


def world(seed: int = 1) -> World:
    """All that is true in the prefecture on the day; the same for the same seed."""
    tree = towns(Dice(seed, 1), DAY, SCOPE)
    made = World("zhejiang-2012", DAY, SCOPE, tree, note=NOTE)
    make = maker(seed, tree, DAY, modern=False)
    firms, shops, markets = make.enterprises(FIRMS), make.shops(SHOPS), make.markets(MARKET_PLACES)
    still = [s for s in shops if s.closed_on is None]
    make.let(markets, still, 0.3)
    made.units = [*firms, *shops, *markets]
    orgs = OrgTree(Dice(seed, 7), tree, tree.by_code[SCOPE].name)
    sector = Sector(Dice(seed, 10), tree, orgs, (date(2008, 1, 1), date(2012, 3, 31)))
    let = {m.key: 0 for m in markets}
    for shop in still:
        if shop.market:
            let[shop.market.key] += 1
    sector.association(still, **tenth(ASSOCIATION))
    sector.in_markets(sorted(markets, key=lambda m: (-let[m.key], m.key)), **tenth(MARKETS))
    pace = dict(zip((c.code for c in Dice(seed, 11).shuffled(tree.counties)), DILIGENCE, strict=True))
    staff = Staff(Dice(seed, 12), made, make.folk, DRIVE)
    Posts(staff, sector, pace).fill(still, [f for f in firms if f.closed_on is None])
    made.orgs = orgs.orgs
    care(Dice(seed, 13), made, pace, [make.folk.name("male", date(1965, 1, 1)) for _ in range(90)])
    return made


def _by(shops: list[Unit], key: Callable[[Unit], str]) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = defaultdict(list)
    for shop in shops:
        found[key(shop)].append(shop)
    return found


class Posts:
    """Puts the members of each system into shops that suit it."""

    def __init__(self, staff: Staff, sector: Sector, pace: dict[str, float]) -> None:
        self._staff, self._sector, self._pace = staff, sector, pace
        self._dice = staff.dice
        self._taken: set[str] = set()

    def fill(self, shops: list[Unit], firms: list[Unit]) -> None:
        """All members: those whose organization is near first, then those of villages and origins anywhere."""
        split = tenth(PROVINCE)
        shops = self._dice.shuffled(shops)
        by_market, by_town = (
            _by(shops, lambda s: s.market.key if s.market else ""),
            _by(shops, lambda s: s.place.code[:9]),
        )
        of_market = [(org, by_market[key]) for key, orgs in self._sector.markets.items() for org in orgs]
        self._at_orgs(of_market, split["market"])
        self._at_orgs([(org, by_town[town]) for town, org in self._sector.branches.items()], split["association"])
        self._anywhere(shops, split["territory"], split["origin"])
        self._firms(firms)

    def _at_orgs(self, orgs: list[tuple[Org, list[Unit]]], number: int) -> None:
        """Members of these organizations, in the shops near each; four at least, so that a branch can stand."""
        weights = [0.3 + self._dice.throw() for _ in orgs]
        sizes = apportion(weights, number, [4] * len(orgs), [len(near) // 2 for _, near in orgs])
        for (org, near), size in zip(orgs, sizes, strict=True):
            free = [s for s in near if s.key not in self._taken]
            for unit in free[:size]:
                self._staff.belong(self._hire(unit, self._dice.chance(0.8)), org)
        self._cover()

    def _anywhere(self, shops: list[Unit], territory: int, origin: int) -> None:
        """One shop in twelve has a second member."""
        free = iter([s for s in shops if s.key not in self._taken])
        unit = next(free)
        for system in self._dice.shuffled(["territory"] * territory + ["origin"] * origin):
            second = unit.key in self._taken and self._dice.chance(0.08)
            unit = unit if second else next(free)
            who = self._hire(unit, not second and self._dice.chance(0.75))
            orgs = self._sector.orgs
            self._staff.belong(who, orgs.origin() if system == "origin" else orgs.village(who.person.home))
        self._cover()

    def _firms(self, firms: list[Unit]) -> None:
        chosen = self._dice.sample([f for f in firms if f.employees >= 20], OWN + WAITING)
        sizes = apportion(
            [0.2 + self._dice.throw() for _ in chosen], FIRM_MEMBERS, [3] * len(chosen), [49] * len(chosen)
        )
        orgs, staff = self._sector.orgs, self._staff
        for i, (unit, size) in enumerate(zip(chosen, sizes, strict=True)):
            unit.role, unit.employees = "organized", max(unit.employees, size * 2)
            on = self._dice.day(unit.opened_on + timedelta(days=30), DAY - timedelta(days=30))
            superior = self._sector.heads.get(unit.place.code[:6]) or orgs.township(unit.place)
            org = orgs.own(unit, size, on, superior) if i < OWN else orgs.joint([unit], on, superior)
            for number in range(size):
                staff.belong(self._hire(unit, number == 0 and self._dice.chance(0.3), full=number < 3), org)

    def _hire(self, unit: Unit, owner: bool, full: bool = False) -> Member:
        self._taken.add(unit.key)
        return self._staff.hire(unit, owner, 0.1 + 0.9 * self._pace[unit.place.code[:6]] ** 1.5, full)

    def _cover(self) -> None:
        """Who is not covered yet, as far as the county has come; members elsewhere take part where they are covered."""
        for who in self._staff.made.members:
            pace = self._pace[who.unit.place.code[:6]]
            self._sector.cover(who, pace)
            near = self._sector.covering.get(who.unit.key)
            if near and who.org is not near and self._dice.chance(0.9 * pace):
                who.participates_in = near


def care(dice: Dice, made: World, pace: dict[str, float], teachers: list[str]) -> None:
    """The survey, instructors and Party work, as far as each county has come."""
    staffed = {m.unit.key for m in made.members}
    covered = {u.key for org in made.orgs for u in org.units}
    for unit in made.units:
        if unit.closed_on or unit.kind == "market":
            continue
        done, throw = pace[unit.place.code[:6]], dice.throw()
        known = unit.key in staffed or throw < done
        unit.surveyed = "known" if known else "unclear" if throw < done + (1 - done) * 0.4 else None
        if unit.surveyed:
            check(dice, unit, CHECKED, DRIVE, DAY)
            unit.surveyed_on = unit.surveyed_on or dice.day(DRIVE, DAY)
        if known and unit.owner_is_member is None:
            unit.owner_is_member = False
        if unit.key not in covered and dice.chance(done):
            unit.work_on = dice.day(DRIVE, DAY - timedelta(days=5))
            if dice.chance(0.1):
                unit.instructor, unit.instructor_since = dice.pick(teachers), dice.day(DRIVE, DAY - timedelta(days=9))
