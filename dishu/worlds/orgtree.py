"""Made-up Party organizations: committees of the divisions, branches of the villages and far homes, those of units."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from dishu.worlds.dice import Dice
from dishu.worlds.model import Org, Unit
from dishu.worlds.names import origin_village
from dishu.worlds.towns import Place, Towns

LONG_AGO = date(1985, 1, 1)
NUMERALS = "一二三四五六七八九十"


class OrgTree:
    """Founds organizations on demand, each with its superior; names differ throughout the world."""

    def __init__(self, dice: Dice, tree: Towns, top: str) -> None:
        self.orgs: list[Org] = []
        self._dice, self._tree = dice, tree
        self._of: dict[str, Org] = {}
        self._far: list[Org] = []
        self._names: set[str] = set()
        self._turn: dict[str, int] = {}
        self.top = self.found(f"中共{top}委员会", "committee", "territory", None, LONG_AGO, None)

    def found(self, name: str, kind: str, system: str, place: Place | None, on: date, superior: Org | None) -> Org:
        """A new organization; where the name is taken, the county's name goes before it, then a numeral behind."""
        if name in self._names and place is not None:
            name = self._tree.county(place).name + name
        while name in self._names:
            name = f"{name}（{self.turn(name)}）"
        self._names.add(name)
        org = Org(f"o{len(self.orgs) + 1:05d}", name, kind, system, place, on, superior)
        self.orgs.append(org)
        return org

    def county(self, place: Place) -> Org:
        county = self._tree.county(place)
        return self._once(county, f"中共{county.name}委员会", "committee", lambda: self.top)

    def sector(self, place: Place) -> Org:
        """The county's committee for the non-public sector."""
        county = self._tree.county(place)
        key = f"{county.code}:sector"
        if key not in self._of:
            name = f"中共{county.name}非公有制企业委员会"
            self._of[key] = self.found(name, "committee", "enterprise", county, date(2001, 7, 1), self.county(place))
        return self._of[key]

    def township(self, place: Place) -> Org:
        town = self._tree.township(place)
        name = f"中共{town.name}{'工作' if town.name.endswith('街道') else ''}委员会"
        return self._once(town, name, "committee", lambda: self.county(place))

    def village(self, place: Place) -> Org:
        name = f"{self._tree.township(place).name}{place.name}党支部"
        return self._once(place, name, "branch", lambda: self.township(place))

    def origin(self) -> Org:
        """A branch at a far home; a third of the time one that is known already."""
        if self._far and self._dice.chance(0.33):
            return self._dice.pick(self._far)
        name = f"{origin_village(self._dice)}党支部"
        self._far.append(self.found(name, "branch", "origin", None, LONG_AGO, None))
        return self._far[-1]

    def own(self, unit: Unit, members: int, on: date, superior: Org) -> Org:
        """The unit's own organization, of the kind its number of members calls for."""
        kind, word = ("branch", "支部") if members < 50 else ("general_branch", "总支部")
        if members >= 100:
            kind, word = "committee", ""
        org = self.found(f"中共{unit.name}{word}委员会", kind, "enterprise", unit.place, on, superior)
        org.mode, org.units, org.approval_no = "single", [unit], self.approval(on)
        return org

    def joint(self, units: Sequence[Unit], on: date, superior: Org, system: str = "enterprise", word: str = "") -> Org:
        """A joint branch of several units of one township."""
        place = units[0].place
        stem = f"{self._tree.township(place).name}{word or '非公有制企业'}"
        org = self.found(f"{stem}第{numeral(self.turn(stem))}联合党支部", "joint_branch", system, place, on, superior)
        org.mode, org.units, org.approval_no = "joint", list(units), self.approval(on)
        return org

    def approval(self, on: date) -> str:
        """The number of the paper that approved it, e.g. 组批〔2007〕12号."""
        return f"组批〔{on.year}〕{self.turn(f'paper{on.year}')}号"

    def turn(self, series: str) -> int:
        self._turn[series] = self._turn.get(series, 0) + 1
        return self._turn[series]

    def _once(self, place: Place, name: str, kind: str, superior: Callable[[], Org]) -> Org:
        if place.code not in self._of:
            self._of[place.code] = self.found(name, kind, "territory", place, LONG_AGO, superior())
        return self._of[place.code]


def numeral(number: int) -> str:
    """Chinese numerals as in names.

    >>> numeral(3), numeral(10), numeral(12), numeral(20), numeral(35)
    ('三', '十', '十二', '二十', '三十五')
    """
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else NUMERALS[tens - 1] + "十"
    return head + (NUMERALS[ones - 1] if ones else "")
