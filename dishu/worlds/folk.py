"""Made-up people, and what makes a member of somebody: standing, employment, checks, showing identity."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from dishu.worlds import name_pool
from dishu.worlds.dice import Dice
from dishu.worlds.model import Member, Person, Unit
from dishu.worlds.numbers import Numbers
from dishu.worlds.towns import Place, Towns, home

SPAN_YEARS = (1955, 1965, 1980, 1990)  # a year within each of the name pool's spans


class Folk:
    """Makes people of one world; no two share a name and a birth date, so that the three of name, birth date and
    phone tell everybody."""

    def __init__(self, dice: Dice, numbers: Numbers, tree: Towns) -> None:
        self._dice, self._numbers, self._tree = dice, numbers, tree
        self._names: dict[tuple[bool, int], list[str]] = {}
        self._seen: set[tuple[str, date]] = set()

    def person(self, village: Place, oldest: date, youngest: date, men: float = 0.68) -> Person:
        """Somebody who lives in the village (or, one time in five, elsewhere in the county)."""
        dice = self._dice
        if dice.chance(0.2):
            village = self._tree.village_in(dice, self._tree.county(village))
        sex = "male" if dice.chance(men) else "female"
        birth = dice.day(oldest, youngest)
        while ((name := self.name(sex, birth)), birth) in self._seen:
            pass
        self._seen.add((name, birth))
        address = home(dice, village, self._tree.township(village))
        numbers = self._numbers
        return Person(name, sex, birth, numbers.citizen(birth, sex), numbers.phone(), address, village)

    def name(self, sex: str, birth: date) -> str:
        """A full name as given in the years around that birth date."""
        span = int(np.searchsorted((1960, 1970, 1985), birth.year, side="right"))
        key = (sex == "female", span)
        if not self._names.get(key):
            drawn = name_pool.draw(self._dice.many, np.full(512, key[0]), np.full(512, SPAN_YEARS[span]))
            self._names[key] = [str(name) for name in drawn.full]
        return self._names[key].pop()


def member(dice: Dice, day: date, key: str, person: Person, unit: Unit, role: str, standing: str) -> Member:
    """A member employed in the unit on the day, full or probationary; no affiliation yet."""
    joined, full = _joined(dice, day, person.birth, standing)
    grown = date(person.birth.year + 19, 1, 1)
    since = unit.opened_on if role == "owner" else dice.day(max(unit.opened_on, grown), day - timedelta(days=45))
    return Member(key, person, unit, role, standing, joined, full, min(since, day - timedelta(days=45)))


def _joined(dice: Dice, day: date, birth: date, standing: str) -> tuple[date, date | None]:
    if standing == "probationary":
        return dice.day(day - timedelta(days=340), day - timedelta(days=20)), None
    first = date(birth.year + 19, birth.month, 1)
    joined = dice.day(first, max(first, day - timedelta(days=500)))
    return joined, joined + timedelta(days=365)


def check(dice: Dice, who: Member | Unit, shares: dict[str, float], first: date, last: date) -> None:
    """How and when it was looked at: a channel by its share, or none where the shares leave a rest."""
    throw = dice.throw()
    for channel, share in shares.items():
        throw -= share
        if throw < 0:
            who.channel = channel
            on = dice.day(first, last)
            if isinstance(who, Member):
                who.verified_on = on
            else:
                who.surveyed_on = on
            return


def show(dice: Dice, who: Member, yes: float, no: float, first: date, last: date) -> None:
    """Identity shown, declined, or not asked (the rest)."""
    throw = dice.throw()
    who.shown = "yes" if throw < yes else "no" if throw < yes + no else None
    who.shown_on = dice.day(first, last) if who.shown else None
