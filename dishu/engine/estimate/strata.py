"""Many places at once: estimated one by one, those with too few people pooled with a neighbour, and added up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from math import exp, log, sqrt
from operator import add

from dishu.engine import exact
from dishu.engine.estimate.twolists import Counts, Range, chapman, interval, normal, total, variance


@dataclass(frozen=True)
class Stratum:
    """One place (or place by sector), or several pooled: their names, what they lie in, and their counts."""

    names: tuple[str, ...]
    counts: Counts
    parent: str = ""

    def joined(self, other: Stratum) -> Stratum:
        """Both as one; of different parents, the first's is kept."""
        return Stratum((*self.names, *other.names), self.counts + other.counts, self.parent)


def pooled(strata: Sequence[Stratum]) -> list[Stratum]:
    """Strata in which an estimate may be shown, as far as pooling neighbours gets.

    Neighbours stand next to each other in the order given; one with the same parent is preferred, then the one with
    fewer re-counted people. The order of the strata is kept; what remains too small is returned as it is.

    >>> few, many = Counts(30, 10, 4), Counts(90, 40, 30)
    >>> [one.names for one in pooled([Stratum(("a",), few), Stratum(("b",), many), Stratum(("c",), many)])]
    [('a', 'b'), ('c',)]
    """
    groups = list(strata)
    while len(groups) > 1 and any(not one.counts.enough for one in groups):
        at = min((i for i, one in enumerate(groups) if not one.counts.enough), key=lambda i: groups[i].counts.both)
        left = _better(groups, at)
        groups[left : left + 2] = [groups[left].joined(groups[left + 1])]
    return groups


def _better(groups: Sequence[Stratum], at: int) -> int:
    """The left one of the two to be joined: `at` with the neighbour that suits it better."""
    beside = [i for i in (at - 1, at + 1) if 0 <= i < len(groups)]
    best = min(beside, key=lambda i: (groups[i].parent != groups[at].parent, groups[i].counts.recount))
    return min(best, at)


def summed(strata: Iterable[Counts], level: float = exact.LEVEL) -> Range:
    """The total over strata, its range lognormal on the people unseen; one stratum keeps its own range.

    Where nobody was missed anywhere the range is that of all strata as one: never of zero width.

    >>> one = summed([Counts(842, 180, 164)] * 4)
    >>> [round(n) for n in (one.value, one.lower, one.upper)]
    [3695, 3630, 3781]
    """
    parts = list(strata)
    if len(parts) < 2:
        return total(parts[0], level)
    seen, value = sum(one.seen for one in parts), sum(map(chapman, parts))
    unseen = value - seen
    if unseen <= 0:
        return Range(value, *interval(reduce(add, parts), level))
    factor = exp(normal(level) * sqrt(log(1 + sum(map(variance, parts)) / unseen**2)))
    return Range(value, seen + unseen / factor, seen + unseen * factor)
