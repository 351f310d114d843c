"""Where the made-up units stand: real townships and villages of the day, made-up streets and markets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from dishu.standards.codes import divisions
from dishu.worlds.dice import Dice, Weighted
from dishu.worlds.names import pool


@dataclass(frozen=True, slots=True)
class Place:
    """A division: code of 4, 6, 9 or 12 digits, its name, its level."""

    code: str
    name: str
    level: str


@dataclass(slots=True)
class Towns:
    """The tree of one scope, with the townships weighted: a few hold most of the trade."""

    counties: list[Place]
    townships: dict[str, list[Place]]
    villages: dict[str, list[Place]]
    by_code: dict[str, Place]
    size: dict[str, Weighted[Place]] = field(default_factory=dict)

    def township(self, village: Place) -> Place:
        return self.by_code[village.code[:9]]

    def county(self, place: Place) -> Place:
        return self.by_code[place.code[:6]]

    def village_in(self, dice: Dice, county: Place) -> Place:
        """A village or community of the county, likelier in its larger townships."""
        return dice.pick(self.villages[self.size[county.code].pick(dice).code])


def places(day: date, scope: str) -> list[Place]:
    """Prefecture, counties, townships and villages within the scope (a code of 4 or 6 digits) on that day."""
    return [Place(d.code, d.name, d.level) for d in divisions.at(day, scope) if d.level != "province"]


def towns(dice: Dice, day: date, scope: str) -> Towns:
    """The tree of the scope, without townships that have no villages."""
    all_places = places(day, scope)
    chosen = [p for p in all_places if p.level == "county"]
    codes = {p.code for p in chosen}
    below = [p for p in all_places if p.code[:6] in codes]
    villages = _children(below, "village", 9)
    townships = _children([p for p in below if p.level != "township" or p.code in villages], "township", 6)
    chosen = [p for p in chosen if p.code in townships]
    tree = Towns(chosen, townships, villages, {p.code: p for p in all_places})
    for county in chosen:
        tree.size[county.code] = Weighted({t: _weight(dice, t, len(villages[t.code])) for t in townships[county.code]})
    return tree


def _children(of: list[Place], level: str, width: int) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for place in of:
        if place.level == level:
            found[place.code[:width]].append(place)
    return dict(found)


def _weight(dice: Dice, township: Place, villages: int) -> float:
    urban = 6.0 if township.name.endswith(("街道", "开发区")) else 1.0
    return urban * villages * (0.5 + dice.throw())


def home(dice: Dice, village: Place, township: Place) -> str:
    """A home address in the village or community."""
    where = township.name + village.name
    if village.name.endswith(("村", "村委会", "村民委员会")):
        return f"{where}{dice.between(1, 12)}组"
    return f"{where}{dice.between(1, 30)}幢{dice.between(1, 6)}单元{dice.between(1, 6)}0{dice.between(1, 4)}室"


def market_names(dice: Dice, tree: Towns, number: int) -> list[tuple[str, Place]]:
    """So many markets with different names, each with the village or community it stands in."""
    found: dict[str, Place] = {}
    while len(found) < number:
        village = tree.village_in(dice, tree.counties[len(found) % len(tree.counties)])
        stem = tree.township(village).name.removesuffix("街道").removesuffix("镇").removesuffix("乡")
        found.setdefault(f"{stem}{dice.pick(pool('goods'))}市场", village)
    return list(found.items())
