"""Members put to work in made-up units: who they are, where their affiliation lies, who covers the unit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from dishu.worlds.dice import Dice
from dishu.worlds.folk import Folk, check, member, show
from dishu.worlds.model import Member, Org, Unit, World

CHECKED = {"reported": 0.3, "phoned": 0.2, "visited": 0.32, "confirmed": 0.12}


@dataclass(slots=True)
class Staff:
    """Hires members into the units of one world. `asked_since`: the first day identity was asked for."""

    dice: Dice
    made: World
    folk: Folk
    asked_since: date
    hired: Counter[str] = field(default_factory=Counter)

    def hire(self, unit: Unit, owner: bool, open_share: float, full: bool | None = None) -> Member:
        """A member, as the unit's owner or as an employee, with no affiliation yet.

        `open_share`: how many show their identity; of the others a third decline, the rest were not asked.
        """
        dice, made = self.dice, self.made
        youngest = date(made.day.year - 24, 12, 31)
        person = unit.owner if owner else self.folk.person(unit.place, date(1950, 1, 1), youngest)
        assert person is not None
        standing = "full" if dice.chance(0.95) or full else "probationary"
        key = f"m{len(made.members) + 1:05d}"
        who = member(dice, made.day, key, person, unit, "owner" if owner else "employee", standing)
        if owner:
            unit.owner_is_member = True
        check(dice, who, CHECKED, self.asked_since, made.day)
        declined = (1 - open_share) / 3
        show(dice, who, open_share, declined, max(self.asked_since, who.employed_since), made.day)
        made.members.append(who)
        self.hired[unit.key] += 1
        unit.employees = max(unit.employees, self.hired[unit.key] + owner)  # an owner who works with somebody
        return who

    def belong(self, who: Member, *claims: Org) -> None:
        """Where the affiliation lies; two claims contradict, none is unknown."""
        who.claims = list(claims)
        if len(claims) == 1:
            first = max(claims[0].founded_on, who.joined_on)
            who.org_since = self.dice.day(first, max(first, self.made.day - timedelta(days=5)))
