"""How many members each enterprise of Suizhou 2007 has: decided first, since people and money must leave room."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from dishu.worlds.dice import Dice, apportion
from dishu.worlds.model import Unit

MEMBERS = 4_056
JUST_THREE = 24  # of the 61 new organizations: "near 40 % have only about 3 members"
JOINT_BRANCHES = 84
OVERDUE = 8  # three full members of a joint branch work there: due an organization of its own
SPLIT = 16  # two members of one enterprise under different superiors
AT_MOST = 5  # members of an enterprise that no organization covers


@dataclass(slots=True)
class Head:
    """Members of one unit by where their affiliation lies: in its own or joint organization (full, probationary),
    in a branch of the association, elsewhere."""

    full: int = 0
    probationary: int = 0
    association: int = 0
    away: int = 0

    @property
    def here(self) -> int:
        return self.full + self.probationary

    @property
    def all(self) -> int:
        return self.here + self.association + self.away


@dataclass(slots=True)
class Heads:
    """The counts of all units, and which units share a joint branch."""

    of: dict[str, Head] = field(default_factory=dict)
    joint: list[list[Unit]] = field(default_factory=list)


def decide(dice: Dice, units: list[Unit]) -> Heads:
    """The counts, adding up to 4,056; the enterprises that no organization covers share what the others leave."""
    heads = Heads({u.key: _by_part(dice, u.role) for u in units if u.role not in ("other", "closed")})
    formed = [u for u in units if u.role == "formed"]
    for unit in dice.sample(formed, JUST_THREE):
        heads.of[unit.key].full = 3
    _large(dice, heads, [u for u in units if u.role == "organized"])
    others = [u for u in units if u.role == "other"]
    heads.joint = _groups(dice, others)
    _joint_heads(dice, heads)
    rest = [u for u in others if u.key not in heads.of]
    left = MEMBERS - sum(head.all for head in heads.of.values())
    weights = [dice.throw() + 0.15 if dice.chance(0.62) else 0.0 for _ in rest]
    for unit, number in zip(rest, apportion(weights, left, [0] * len(rest), _most(weights)), strict=True):
        heads.of[unit.key] = Head(away=number)
    return heads


def _most(weights: list[float]) -> list[int]:
    return [AT_MOST if w else 0 for w in weights]


def _by_part(dice: Dice, part: str) -> Head:
    few = int(dice.chance(0.3))
    if part in ("unformed", "newcomer"):
        return Head(away=dice.between(3, 6))
    if part == "organized_small":
        return Head(dice.between(3, 8), few, away=dice.between(0, 3))
    least, spread = (4, 14) if part == "formed" else (5, 32)
    return Head(least + int(spread * dice.throw() ** 2), few + dice.below(2), away=dice.between(0, 4))


def _large(dice: Dice, heads: Heads, organized: list[Unit]) -> None:
    """A few are large enough for a general branch, one for a committee."""
    for unit, full in zip(dice.sample(organized, 4), (108, 71, 58, 52), strict=True):
        heads.of[unit.key].full = full


def _groups(dice: Dice, others: list[Unit]) -> list[list[Unit]]:
    """Neighbours of one township, two to five together (the law of 2007 knew no upper bound)."""
    by_town: dict[str, list[Unit]] = defaultdict(list)
    for unit in dice.shuffled(others):
        by_town[unit.place.code[:9]].append(unit)
    groups = []
    for units in by_town.values():
        units = units[: len(units) // 3]
        while len(units) >= 2:
            size = min(dice.between(2, 5), len(units))
            groups.append(units[:size])
            units = units[size:]
    return dice.sample(groups, JOINT_BRANCHES)


def _joint_heads(dice: Dice, heads: Heads) -> None:
    """One or two full members per unit, at least three in the branch."""
    for group in heads.joint:
        for unit in group:
            heads.of[unit.key] = Head(dice.between(1, 2), int(dice.chance(0.1)), away=int(dice.chance(0.3)))
        while sum(heads.of[u.key].full for u in group) < 3:
            heads.of[dice.pick([u for u in group if heads.of[u.key].full < 2]).key].full = 2
    joint = [u for group in heads.joint for u in group]
    for unit in dice.sample(joint, OVERDUE):
        heads.of[unit.key].full = dice.between(3, 4)
    single = [u for u in joint if heads.of[u.key].full == 1]
    for unit in dice.sample(single, SPLIT):
        heads.of[unit.key].association = 1
