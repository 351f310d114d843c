"""Made-up people on lists, many populations at once: what an estimate is tried on, since here the truth is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = Any


@dataclass(frozen=True)
class TwoLists:
    """How a register and a re-count come about, and what may go wrong.

    `people`: how many there are; `register`, `recount`: each person's chance to be on the list; `odds_ratio`: how much
    being on one goes with being on the other (1: not at all); `hidden`: share who can be on none; `hard`: share whose
    chances are half; `padded`: invented records as a share of the register; `missed_links`: share of true matches not
    found; `copied`: share of the registered people the visit did not meet whom it wrote down all the same.
    """

    people: int
    register: float
    recount: float
    odds_ratio: float = 1.0
    hidden: float = 0.0
    hard: float = 0.0
    padded: float = 0.0
    missed_links: float = 0.0
    copied: float = 0.0

    def drawn(self, populations: int, seed: int) -> Array:
        """Register, re-count and both: one row of three counts per population; the same seed gives the same rows."""
        dice = np.random.default_rng(seed)
        reachable = round(self.people * (1 - self.hidden))
        hard = round(reachable * self.hard)
        cells = self._cells(dice, populations, reachable - hard, 1.0) + self._cells(dice, populations, hard, 0.5)
        both, one, two = cells[:, 0], cells[:, 1], cells[:, 2]
        copied = dice.binomial(one, self.copied)
        both, one = both + copied, one - copied
        found = dice.binomial(both, 1 - self.missed_links)
        register = both + one
        return np.stack([register + np.rint(register * self.padded).astype(int), both + two, found], axis=1)

    def _cells(self, dice: Any, populations: int, people: int, part: float) -> Array:
        one, two = self.register * part, self.recount * part
        both = together(one, two, self.odds_ratio)
        shares = [both, one - both, two - both, 1 - one - two + both]
        return dice.multinomial(people, shares, size=populations)


def together(one: float, two: float, odds_ratio: float) -> float:
    """The chance to be on both lists, by the chances of each and the odds ratio between them.

    >>> together(0.8, 0.5, 1.0), round(together(0.8, 0.5, 3.0), 3)
    (0.4, 0.442)
    """
    if odds_ratio == 1:
        return one * two
    b = 1 + (one + two) * (odds_ratio - 1)
    return float((b - np.sqrt(b * b - 4 * odds_ratio * (odds_ratio - 1) * one * two)) / (2 * (odds_ratio - 1)))


@dataclass(frozen=True)
class ManyLists:
    """How three and more lists come about: chances per list, and by pairs of lists the odds ratio between them.

    Chances are those of a list where no pair depends; `classes`: kinds of people as (share, what their odds are
    multiplied by).
    """

    people: int
    chances: Sequence[float]
    odds_ratios: Mapping[tuple[int, int], float]
    classes: Sequence[tuple[float, float]] = ((1.0, 1.0),)

    def drawn(self, populations: int, seed: int) -> Array:
        """Counts by capture history (the first, on no list, put to 0), one row per population."""
        counts = np.random.default_rng(seed).multinomial(self.people, self.shares(), size=populations).astype(float)
        counts[:, 0] = 0
        return counts

    def shares(self) -> Array:
        """The chance of each capture history."""
        return np.sum([share * self._of(times) for share, times in self.classes], axis=0)

    def _of(self, times: float) -> Array:
        lists = len(self.chances)
        on = (np.arange(2**lists)[:, None] >> np.arange(lists - 1, -1, -1)) & 1
        odds = times * np.asarray(self.chances) / (1 - np.asarray(self.chances))
        weights = np.prod(np.where(on, odds, 1.0), axis=1)
        for (i, j), ratio in self.odds_ratios.items():
            weights = weights * np.where(on[:, i] & on[:, j], ratio, 1.0)
        return weights / weights.sum()


@dataclass(frozen=True)
class AreaSample:
    """A re-count of whole areas drawn by lot: `areas` in all of some `people` each, their registers unequally good."""

    areas: int
    people: int
    register: float
    recount: float

    def drawn(self, sample: int, dice: Any) -> tuple[int, int, Array]:
        """People in all, records in the register, and for each drawn area people found and those of them registered."""
        sizes = dice.poisson(self.people * dice.gamma(4, 0.25, self.areas)) + 1
        goodness = dice.beta(20 * self.register, 20 * (1 - self.register), self.areas)
        registered = dice.binomial(sizes, goodness)
        chosen = dice.choice(self.areas, sample, replace=False)
        both = dice.binomial(registered[chosen], self.recount)
        found = both + dice.binomial(sizes[chosen] - registered[chosen], self.recount)
        return int(sizes.sum()), int(registered.sum()), np.stack([found, both], axis=1)


#: Settings an estimate must hold in. People, chance to be registered, chance to be found by the re-count.
PAIRS = [(100, 0.6, 0.6), (100, 0.9, 0.4), (200, 0.95, 0.3), (300, 0.8, 0.2), (300, 0.9, 0.5), (1000, 0.7, 0.3),
         (1000, 0.98, 0.6), (3000, 0.6, 0.2), (3000, 0.95, 0.3)]  # fmt: skip
#: Number of strata, people in each, and chances that differ from stratum to stratum.
STRATA = [(40, 30, 0.9, 0.8), (40, 60, 0.8, 0.5), (12, 200, 0.9, 0.3), (25, 100, 0.7, 0.4)]
#: People, chances, dependent pairs, kinds of people.
LISTS = {
    "3 lists, independent": ManyLists(1000, (0.5, 0.4, 0.3), {}),
    "3 lists, one pair, odds 3": ManyLists(1000, (0.5, 0.4, 0.3), {(0, 1): 3.0}),
    "3 lists, two pairs, odds 2 and 0.5": ManyLists(2000, (0.5, 0.4, 0.3), {(0, 1): 2.0, (0, 2): 0.5}),
    "4 lists, independent": ManyLists(1000, (0.4, 0.3, 0.3, 0.2), {}),
    "4 lists, one pair, odds 4": ManyLists(1000, (0.4, 0.3, 0.3, 0.2), {(0, 1): 4.0}),
    "4 lists, two pairs, odds 3 and 0.5": ManyLists(2000, (0.4, 0.3, 0.3, 0.2), {(0, 1): 3.0, (2, 3): 0.5}),
}  # fmt: skip
