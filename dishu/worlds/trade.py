"""Made-up trade of a prefecture or county: enterprises, individual businesses, markets and their stalls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from dishu.worlds.dice import Dice, Weighted, apportion
from dishu.worlds.folk import Folk
from dishu.worlds.model import Unit
from dishu.worlds.names import Signs, pool, street
from dishu.worlds.numbers import Numbers
from dishu.worlds.towns import Place, Towns

SHOP_TRADES = Weighted({"F52": 48, "F51": 12, "H62": 18, "H61": 2, "O80": 9, "O81": 4, "C18": 3, "C13": 2, "G54": 2})
FIRM_TRADES = Weighted(
    {"F51": 20, "F52": 15, "C33": 7, "L72": 6, "C17": 5, "C34": 5}
    | dict.fromkeys(("C13", "C18", "C29", "C38", "E47", "I65"), 4)
    | dict.fromkeys(("C36", "E50", "G54", "H62"), 3)
    | dict.fromkeys(("C20", "C22", "C39", "K70", "O81"), 2)
    | {"P83": 1}
)
OWNERS = (date(1952, 1, 1), date(1988, 12, 31))


@dataclass(slots=True)
class Maker:
    """Makes the units of one world; `code` gives a unit's code by its county and kind."""

    dice: Dice
    tree: Towns
    folk: Folk
    day: date
    code: Callable[[Place, str], str]
    signs: Signs
    number: int = 0
    closed: float = 0.04  # share struck off before the day, on top of those asked for

    def enterprises(self, number: int) -> list[Unit]:
        """So many open enterprises, and the closed ones on top."""
        return [self._enterprise(county, i >= number) for i, county in self._spread(number)]

    def shops(self, number: int) -> list[Unit]:
        """So many open individual businesses, and the closed ones on top."""
        return [self._shop(county, i >= number) for i, county in self._spread(number)]

    def _spread(self, number: int) -> list[tuple[int, Place]]:
        sizes = Weighted({c: 1.0 + len(self.tree.townships[c.code]) for c in self.tree.counties})
        return [(i, sizes.pick(self.dice)) for i in range(number + int(number * self.closed))]

    def _key(self) -> str:
        self.number += 1
        return f"u{self.number:06d}"

    def _enterprise(self, county: Place, gone: bool) -> Unit:
        dice, village = self.dice, self.tree.village_in(self.dice, county)
        industry = FIRM_TRADES.pick(dice)
        name = self.signs.enterprise(county.name, industry)
        unit = Unit(self._key(), "enterprise", name, self.code(county, "enterprise"), village, "", industry)
        unit.control = "private" if dice.chance(0.93) else "private_sole"
        unit.employees = max(3, int(dice.many.lognormal(2.7, 0.9)))
        unit.turnover = 10_000 * max(2, int(unit.employees * dice.many.lognormal(2.4, 0.8)))
        unit.assets = int(unit.turnover * (0.3 + dice.throw())) // 100 * 100
        return self._dated(unit, gone)

    def _shop(self, county: Place, gone: bool) -> Unit:
        dice, village = self.dice, self.tree.village_in(self.dice, county)
        industry = SHOP_TRADES.pick(dice)
        unit = Unit(
            self._key(), "individual_business", "", self.code(county, "individual_business"), village, "", industry
        )
        unit.employees = 1 + int(dice.throw() ** 2.2 * 6)
        unit.turnover = 1_000 * dice.between(20, 900) if dice.chance(0.7) else None
        unit = self._dated(unit, gone)
        assert unit.owner is not None
        unit.name = self.signs.shop(county.name, industry, unit.owner.name)
        return unit

    def _dated(self, unit: Unit, gone: bool) -> Unit:
        dice, day = self.dice, self.day
        unit.owner = self.folk.person(unit.place, *OWNERS)
        grown = date(unit.owner.birth.year + 18, 1, 1)
        first = max(grown, day - timedelta(days=365 * (6 if dice.chance(0.6) else 16)))
        unit.opened_on = dice.day(min(first, day - timedelta(days=200)), day - timedelta(days=60))
        if gone:
            unit.closed_on = dice.day(unit.opened_on + timedelta(days=20), day - timedelta(days=10))
        unit.address = f"{self.tree.county(unit.place).name}{self.tree.township(unit.place).name}{street(dice)}"
        return unit

    def markets(self, number: int) -> list[Unit]:
        """So many markets, spread over the counties."""
        found: dict[str, Unit] = {}
        while len(found) < number:
            county = self.tree.counties[len(found) % len(self.tree.counties)]
            village = self.tree.village_in(self.dice, county)
            stem = self.tree.township(village).name
            for ending in ("街道", "镇", "乡"):
                stem = stem.removesuffix(ending)
            name = f"{stem}{self.dice.pick(pool('goods'))}市场"
            if name not in found:
                found[name] = Unit(self._key(), "market", name, "", village, "", "F52", opened_on=date(1990, 1, 1))
        return list(found.values())

    def let(self, markets: list[Unit], shops: list[Unit], share: float) -> None:
        """Lets stalls to a share of the retail and wholesale shops of the market's county."""
        for county in self.tree.counties:
            there = [m for m in markets if m.place.code[:6] == county.code]
            here = [s for s in shops if s.place.code[:6] == county.code and s.industry[0] == "F"]
            holders = self.dice.sample(here, int(len(here) * share)) if there else []
            weights = [0.4 + self.dice.throw() for _ in there]
            sizes = apportion(weights, len(holders), [0] * len(there), [len(holders)] * len(there)) if there else []
            for market, size in zip(there, sizes, strict=True):
                for number in range(size):
                    self._stall(holders.pop(), market, number)

    def _stall(self, shop: Unit, market: Unit, number: int) -> None:
        shop.market, shop.place = market, market.place
        shop.stall = f"{'ABCDEFGH'[number // 100 % 8]}{number // 800 + 1}-{number % 100 + 1:03d}"
        shop.address = f"{self.tree.county(market.place).name}{market.name}{shop.stall}"


def maker(seed: int, tree: Towns, day: date, modern: bool) -> Maker:
    """A maker with codes of the time: credit codes since October 2015, registration numbers before."""
    numbers = Numbers(Dice(seed, 2))

    def code(county: Place, kind: str) -> str:
        if modern:
            return numbers.credit("91" if kind == "enterprise" else "92", county.code)
        return numbers.registration(county.code, kind)

    dice = Dice(seed, 4)
    return Maker(dice, tree, Folk(Dice(seed, 3), numbers, tree), day, code, Signs(dice))
