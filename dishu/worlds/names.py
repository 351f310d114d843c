"""Made-up names: enterprises and shops by trade, far villages, streets and markets. People's names: `name_pool`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from dishu.worlds.dice import Dice


@cache
def pool(name: str) -> list[str]:
    """The words of one list of pools.yaml."""
    return str(_pools()[name]).split()


@cache
def trades(name: str) -> dict[str, list[str]]:
    """Words by industry: "trades" of enterprises, "shops" of individual businesses."""
    return {industry: words.split() for industry, words in _pools()[name].items()}


@cache
def _pools() -> dict:
    return yaml.safe_load(Path(__file__).with_name("pools.yaml").read_text("utf-8"))


@cache
def _brands() -> str:
    return "".join(pool("brands"))


class Signs:
    """Names of enterprises and shops whose core (brand and trade) is never given twice.

    The core alone must tell a unit: rosters write place and form of organization as they like.

    >>> Signs(Dice(1)).enterprise("随州市", "C34").startswith("随州市")
    True
    """

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._used: set[str] = set()

    def enterprise(self, place: str, industry: str) -> str:
        """E.g. 随州市宏达机械有限公司."""
        trade = self._dice.pick(trades("trades")[industry])
        form = "有限责任公司" if self._dice.chance(0.12) else "有限公司"
        return f"{place}{self._brand(trade)}{trade}{form}"

    def shop(self, place: str, industry: str, owner: str) -> str:
        """E.g. 海曙区建军水果店; a third are called after their owner."""
        trade = self._dice.pick(trades("shops")[industry])
        given = owner[-2:]
        if self._dice.chance(0.33) and given + trade not in self._used:
            self._used.add(given + trade)
            return f"{place}{given}{trade}"
        return f"{place}{self._brand(trade)}{trade}"

    def _brand(self, trade: str) -> str:
        brands = _brands()
        while True:
            brand = self._dice.pick(brands) + self._dice.pick(brands)
            if self._dice.chance(0.3) or len(self._used) > 8000:
                brand += self._dice.pick(brands)
            if brand + trade not in self._used:
                self._used.add(brand + trade)
                return brand


def origin_village(dice: Dice) -> str:
    """A village far away, made up, e.g. 河南省清和县永安镇柳林村."""
    county, town, village = (dice.pick(_brands()) + dice.pick(_brands()) for _ in range(3))
    return f"{dice.pick(pool('provinces'))}{county}县{town}镇{village}村"


def street(dice: Dice) -> str:
    """A street and a number, e.g. 人民路118号."""
    return f"{dice.pick(pool('streets'))}{dice.between(1, 399)}号"
