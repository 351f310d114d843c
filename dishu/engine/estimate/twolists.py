"""Two lists: how many of those found independently were registered, how many there are, how many are missing.

Counts of people after linkage: `register` stands in the register, `recount` was found by people who did not carry it,
`both` stands in both. What no list can show (people who hide from both, lists that copied each other) is outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, sqrt
from statistics import NormalDist

from scipy import special

from dishu.engine import exact

#: Fewer in both lists, and the estimate is biased (Robson & Regier 1964); fewer re-counted, and it says nothing.
FEWEST_BOTH = 7
FEWEST_RECOUNT = 20
#: Beyond this power of e nothing is counted.
FARTHEST = 700.0
#: Odds ratios between the lists for which a total is offered: two lists alone cannot show which is true.
ODDS_RATIOS = (0.5, 1.0, 1.5, 2.0, 3.0)


@dataclass(frozen=True)
class Counts:
    """People in the register, in the independent re-count, and in both; fractions only after a correction."""

    register: float
    recount: float
    both: float

    def __post_init__(self) -> None:
        """Refuse (ValueError) counts that cannot be."""
        if min(self.register, self.recount, self.both) < 0:
            raise ValueError("人数不能为负：在册、复核、重合三个数都应是 0 或正整数")
        if self.both > min(self.register, self.recount):
            raise ValueError(
                f"重合 {self.both:g} 人多于在册（{self.register:g}）或复核（{self.recount:g}）的人数，请核对这三个数"
            )

    def __add__(self, other: Counts) -> Counts:
        """Both groups as one."""
        return Counts(self.register + other.register, self.recount + other.recount, self.both + other.both)

    @property
    def seen(self) -> float:
        """People on at least one list."""
        return self.register + self.recount - self.both

    @property
    def enough(self) -> bool:
        """Whether an estimate may be shown at all."""
        return self.both >= FEWEST_BOTH and self.recount >= FEWEST_RECOUNT

    @property
    def none_missed(self) -> bool:
        """Whether everyone found was registered: then there is a bound, and no estimate of what was missed."""
        return self.both == self.recount


@dataclass(frozen=True)
class Range:
    """A number and how far it may be off, in people."""

    value: float
    lower: float
    upper: float


def petersen(counts: Counts) -> float | None:
    """The plain estimate of the total; None where nobody is in both.

    >>> petersen(Counts(10, 15, 5))
    30.0
    """
    return counts.register * counts.recount / counts.both if counts.both else None


def chapman(counts: Counts) -> float:
    """The total, nearly without bias (Chapman 1951; Seber 1982, p. 60).

    >>> round(chapman(Counts(10, 15, 5)), 2)
    28.33
    """
    return (counts.register + 1) * (counts.recount + 1) / (counts.both + 1) - 1


def variance(counts: Counts) -> float:
    """The variance of `chapman`; 0 where nobody was missed, which is no certainty."""
    only_register, only_recount = counts.register - counts.both, counts.recount - counts.both
    ways = (counts.register + 1) * (counts.recount + 1) * only_register * only_recount
    return ways / ((counts.both + 1) ** 2 * (counts.both + 2))


def interval(counts: Counts, level: float = exact.LEVEL, odds_ratio: float = 1.0) -> tuple[float, float]:
    """The range of the total by the transformed logit (Sadinle 2009), never below the number of people seen.

    Holds in small places with nearly complete registers, where the usual intervals fail, and never has zero width.
    Where both lists are nearly complete its upper end runs away (998 of 1,000 and 1,000 in both: millions); there the
    exact bound of the coverage rate is the end.
    `odds_ratio`: the dependence assumed between the lists; 1 is none.

    >>> tuple(round(end) for end in interval(Counts(10, 15, 5)))
    (22, 65)
    """
    both, one, two = (n + 0.5 for n in (counts.both, counts.register - counts.both, counts.recount - counts.both))
    spread = normal(level) * sqrt(1 / both + 1 / one + 1 / two + both / (one * two))
    unseen, least = odds_ratio * one * two / both, counts.seen - 0.5
    middle = counts.seen + odds_ratio * (chapman(counts) - counts.seen)  # where nobody was missed, it lies lower
    low, high = least + unseen * exp(-spread), least + unseen * exp(min(spread, FARTHEST))
    high = min(high, counts.seen + odds_ratio * (_at_most(counts, level) - counts.seen))
    return max(counts.seen, min(middle, low)), max(middle, high)


def _at_most(counts: Counts, level: float) -> float:
    """The upper end of the total by the exact bound of either list's coverage, whichever says less."""
    if not counts.both:
        return inf
    tail, both = (1 - level) / 2, counts.both
    ends = ((counts.register, counts.recount), (counts.recount, counts.register))
    return max(float(one / special.betaincinv(both, other - both + 1, tail)) for one, other in ends)


def normal(level: float) -> float:
    """How many standard errors to each side hold that share of a normal distribution."""
    return NormalDist().inv_cdf((1 + level) / 2)


def total(counts: Counts, level: float = exact.LEVEL) -> Range:
    """The total with its range."""
    return Range(chapman(counts), *interval(counts, level))


@dataclass(frozen=True)
class Coverage:
    """The share of those found independently who were registered; invented records cannot move it.

    Where nobody was missed `share` and `upper` are None (whole coverage is never claimed) and `lower` is one-sided.
    """

    share: float | None
    lower: float
    upper: float | None


def coverage(
    recount: int, both: int, level: float = exact.LEVEL, frame: int | None = None, missed_links: float = 0.0
) -> Coverage:
    """The coverage rate (0..1) with its exact interval.

    `frame`: the length of the list from which the `recount` people were drawn at random, where it is known;
    `missed_links`: the share (0..1) of true matches the linkage did not find. ValueError for counts that cannot be.

    >>> coverage(60, 60).upper is None, round(coverage(60, 60).lower, 3)
    (True, 0.951)
    """
    if both == recount:
        return Coverage(None, exact.at_least(both, recount, level), None)
    ends = exact.clopper_pearson(both, recount, level)
    if frame is not None:
        low, high = exact.hypergeometric_interval(both, recount, frame, level)
        ends = low / frame, high / frame
    share, lower, upper = (part / (1 - missed_links) for part in (both / recount, *ends))
    return Coverage(share if share < 1 else None, min(lower, share), upper if upper < 1 else None)


def dependence(counts: Counts, level: float = exact.LEVEL) -> dict[float, Range]:
    """The total for each odds ratio between the lists: above 1 one list led to the other, below 1 it kept away.

    >>> [round(one.value) for one in dependence(Counts(842, 180, 164)).values()]
    [891, 924, 957, 989, 1055]
    """
    unseen = chapman(counts) - counts.seen
    return {odds: Range(counts.seen + odds * unseen, *interval(counts, level, odds)) for odds in ODDS_RATIOS}
