"""Organizations of the small sector: association branches in townships, market branches, and what they cover."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from dishu.worlds.dice import Dice
from dishu.worlds.model import Member, Org, Unit
from dishu.worlds.orgtree import OrgTree, numeral
from dishu.worlds.towns import Place, Towns

Days = tuple[date, date]


@dataclass(slots=True)
class Sector:
    """The association's and the markets' organizations of one world."""

    dice: Dice
    tree: Towns
    orgs: OrgTree
    founded: Days
    heads: dict[str, Org] = field(default_factory=dict)  # the association's committee or general branch, by county
    branches: dict[str, Org] = field(default_factory=dict)  # the association's branch, by township
    markets: dict[str, list[Org]] = field(default_factory=lambda: defaultdict(list))  # a market's branches
    covering: dict[str, Org] = field(default_factory=dict)  # by unit

    def association(self, units: Sequence[Unit], committees: int, general: int, branches: int) -> None:
        """So many committees and general branches in the counties with most trade, branches in the townships."""
        for i, county in enumerate(_largest(units, 6)[: committees + general]):
            place = self.tree.by_code[county]
            kind, word = ("committee", "党委") if i < committees else ("general_branch", "党总支")
            name = f"{place.name}个体私营企业协会{word}"
            self.heads[county] = self._found(name, kind, "association", place, self.orgs.county(place))
        for town in _largest(units, 9)[:branches]:
            place = self.tree.by_code[town]
            name = f"{place.name}个体私营企业协会分会党支部"
            superior = self.heads.get(town[:6]) or self.orgs.township(place)
            org = self._found(name, "branch", "association", place, superior)
            org.mode, org.approval_no = "joint", self.orgs.approval(org.founded_on)
            self.branches[town] = org

    def in_markets(self, markets: Sequence[Unit], committees: int, general: int, branches: int) -> None:
        """Every market gets a branch while they last; the larger ones several under a committee or general branch."""
        markets = markets[:branches]
        above = {m.key: self._market_head(m, i < committees) for i, m in enumerate(markets[: committees + general])}
        for i in range(branches):
            large = markets[: len(above)] or markets
            market = markets[i] if i < len(markets) else large[i % len(large)]
            self._market_branch(market, above.get(market.key) or self._superior(market))

    def _market_head(self, market: Unit, committee: bool) -> Org:
        kind, word = ("committee", "党委") if committee else ("general_branch", "党总支")
        return self._found(f"{market.name}{word}", kind, "market", market.place, self._superior(market))

    def _superior(self, unit: Unit) -> Org:
        return self.heads.get(unit.place.code[:6]) or self.orgs.township(unit.place)

    def _market_branch(self, market: Unit, superior: Org) -> None:
        number = len(self.markets[market.key]) + 1
        org = self._found(f"{market.name}第{numeral(number)}党支部", "branch", "market", market.place, superior)
        org.mode, org.approval_no = "joint", self.orgs.approval(org.founded_on)
        if number == 1:
            org.units.append(market)
        self.markets[market.key].append(org)

    def _found(self, name: str, kind: str, system: str, place: Place, superior: Org) -> Org:
        return self.orgs.found(name, kind, system, place, self.dice.day(*self.founded), superior)

    def cover(self, who: Member, diligence: float, most: int | None = None) -> None:
        """Puts the member's unit under an organization, if the county is diligent: its own branch always, else the
        market's, the village's (association and village together), the association's. `most`: units of a branch."""
        unit = who.unit
        if unit.key in self.covering or unit.role == "organized":
            return
        org = who.org if who.org and who.org.system in ("association", "market") else None
        if org is None and self.dice.chance(diligence):
            org = self._near(unit, who)
        if org and (most is None or len(org.units) < most):
            org.mode = org.mode or "joint"
            org.units.append(unit)
            self.covering[unit.key] = org

    def _near(self, unit: Unit, who: Member) -> Org | None:
        if unit.market and self.markets.get(unit.market.key):
            return self.markets[unit.market.key][0]
        branch = self.branches.get(unit.place.code[:9])
        if who.org and who.org.system == "territory" and (branch is None or self.dice.chance(0.5)):
            return who.org
        county = unit.place.code[:6]
        return branch or next((org for code, org in self.branches.items() if code.startswith(county)), None)


def _largest(units: Sequence[Unit], width: int) -> list[str]:
    """Codes of the places with most units, ties by code."""
    count = Counter(u.place.code[:width] for u in units)
    return sorted(count, key=lambda code: (-count[code], code))
