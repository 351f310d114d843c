"""The members of Suizhou 2007: who works where, in which organization, who has looked."""

from __future__ import annotations

from datetime import date, timedelta

from dishu.worlds.dice import Dice, Weighted
from dishu.worlds.folk import Folk, check, member, show
from dishu.worlds.model import Member, Org, Unit, World
from dishu.worlds.orgtree import OrgTree
from dishu.worlds.suizhou_heads import Head, Heads
from dishu.worlds.towns import Place

LEFT = 140  # left their enterprise before the day: in the rosters, in no figure
ELSEWHERE = Weighted({"territory": 0.77, "origin": 0.12, "contradicting": 0.02, "unknown": 0.09})
YEAR = date(2007, 1, 1)
MONTH = date(2007, 7, 1)  # the month of checks
CHECKED = {"reported": 0.32, "phoned": 0.2, "visited": 0.3, "confirmed": 0.1}


class Settler:
    """Puts members into one world: one call per unit."""

    def __init__(self, dice: Dice, made: World, folk: Folk, orgs: OrgTree) -> None:
        self._dice, self._made, self._folk, self._orgs = dice, made, folk, orgs

    def unit(self, unit: Unit, head: Head, org: Org | None) -> None:
        """All members of the unit; in some, its owner is the first of them."""
        owner = head.all > 0 and self._dice.chance(0.18)
        unit.owner_is_member = owner
        unit.owner_is_secretary = bool(owner and org and org.mode == "single" and self._dice.chance(0.35)) or None
        for i in range(head.here):
            self._here(unit, org, "full" if i < head.full else "probationary", owner and i == 0)
        for _ in range(head.association):
            self._here(unit, self._association(unit), "full", False)
        for i in range(head.away):
            self._away(unit, org, owner and head.here == 0 and i == 0)

    def left(self, unit: Unit) -> None:
        """Somebody who worked there once and lives in the village."""
        who = self._new(unit, "full", False)
        first, last = unit.opened_on + timedelta(days=60), self._made.day - timedelta(days=20)
        who.employed_until = self._dice.day(max(first, date(2006, 6, 1)), last)
        who.employed_since = self._dice.day(unit.opened_on, who.employed_until - timedelta(days=30))
        who.claims = [self._orgs.village(who.person.home)]

    def _here(self, unit: Unit, org: Org | None, standing: str, owner: bool) -> None:
        assert org is not None
        who = self._new(unit, standing, owner)
        who.claims = [org]
        first = max(org.founded_on, who.employed_since + timedelta(days=10))
        who.org_since = self._dice.day(first, self._made.day - timedelta(days=3))

    def _away(self, unit: Unit, org: Org | None, owner: bool) -> None:
        standing = "full" if unit.above_size or self._dice.chance(0.94) else "probationary"
        who = self._new(unit, standing, owner)
        who.claims = self._claims(who)
        if who.claims:
            part = 0.55 if org else 0.25
            who.participates_in = (org or who.claims[0]) if self._dice.chance(part) else None

    def _claims(self, who: Member) -> list[Org]:
        where, orgs = ELSEWHERE.pick(self._dice), self._orgs
        if where == "unknown":
            return []
        home = orgs.origin() if where == "origin" else orgs.village(who.person.home)
        if where != "contradicting":
            return [home]
        return [home, orgs.origin() if self._dice.chance(0.5) else orgs.village(self._other(who))]

    def _other(self, who: Member) -> Place:
        tree, home = self._made.towns, who.person.home
        while (village := tree.village_in(self._dice, tree.county(home))) == home:
            pass
        return village

    def _association(self, unit: Unit) -> Org:
        """The branch of the county's association: another superior than the township's."""
        county = self._made.towns.county(unit.place)
        name = f"{county.name}个体私营企业协会党支部"
        known = [o for o in self._orgs.orgs if o.name == name]
        if known:
            return known[0]
        return self._orgs.found(name, "branch", "association", county, date(2004, 5, 1), self._orgs.sector(unit.place))

    def _new(self, unit: Unit, standing: str, owner: bool) -> Member:
        dice, made = self._dice, self._made
        person = unit.owner if owner else self._folk.person(unit.place, date(1946, 1, 1), date(1986, 12, 31))
        assert person is not None
        key = f"m{len(made.members) + 1:05d}"
        who = member(dice, made.day, key, person, unit, "owner" if owner else "employee", standing)
        check(dice, who, CHECKED, MONTH, made.day)
        show(dice, who, 0.46, 0.17, date(2007, 3, 1), made.day)
        made.members.append(who)
        return who


def settle(dice: Dice, made: World, folk: Folk, orgs: OrgTree, heads: Heads) -> None:
    """Founds the organizations and fills the units."""
    settler = Settler(dice, made, folk, orgs)
    covered: dict[str, Org] = {}
    for group in heads.joint:
        latest = max(u.opened_on for u in group) + timedelta(days=60)
        on = dice.day(max(latest, date(2003, 1, 1)), date(2007, 6, 30))
        org = orgs.joint(group, on, orgs.township(group[0].place))
        covered |= {u.key: org for u in group}
    for unit in made.units:
        if unit.role in ("formed", "organized", "organized_small"):
            covered[unit.key] = _own(dice, orgs, unit, heads.of[unit.key])
    for unit in made.units:
        if unit.role != "closed":
            settler.unit(unit, heads.of[unit.key], covered.get(unit.key))
    for unit in dice.sample([u for u in made.units if u.role == "other"], LEFT):
        settler.left(unit)


def _own(dice: Dice, orgs: OrgTree, unit: Unit, head: Head) -> Org:
    superior = orgs.township(unit.place) if dice.chance(0.65) else orgs.sector(unit.place)
    if unit.role == "formed":
        on = dice.day(date(2007, 2, 1), date(2007, 7, 20))
    else:
        on = dice.day(max(unit.opened_on + timedelta(days=90), date(1998, 7, 1)), date(2006, 12, 20))
    return orgs.own(unit, head.here, on, superior)
