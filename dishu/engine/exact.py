"""Intervals for a share from a count alone, exact: of a process (Clopper-Pearson) or of a list of known length."""

from __future__ import annotations

from bisect import bisect_left
from fractions import Fraction

from scipy import special

from dishu.engine.hypergeometric import unlikely

LEVEL = 0.95


def clopper_pearson(hits: int, trials: int, level: float = LEVEL) -> tuple[float, float]:
    """The two-sided exact interval of a share (0..1) of which `hits` of `trials` were seen.

    Each tail holds at most (1 - level) / 2 (Clopper & Pearson 1934). ValueError where nothing was tried or the counts
    contradict each other.

    >>> low, high = clopper_pearson(164, 180)
    >>> round(low, 3), round(high, 3)
    (0.86, 0.948)
    """
    _check(hits, trials, level)
    tail = (1 - level) / 2
    low = float(special.betaincinv(hits, trials - hits + 1, tail)) if hits else 0.0
    high = float(special.betaincinv(hits + 1, trials - hits, 1 - tail)) if hits < trials else 1.0
    return low, high


def at_least(hits: int, trials: int, level: float = LEVEL) -> float:
    """The one-sided lower bound of the share: what may be said when all trials hit, and 100 % may not.

    >>> round(at_least(60, 60), 3)
    0.951
    """
    _check(hits, trials, level)
    return float(special.betaincinv(hits, trials - hits + 1, 1 - level)) if hits else 0.0


def hypergeometric_interval(hits: int, drawn: int, size: int, level: float = LEVEL) -> tuple[int, int]:
    """How many of a list of `size` may be hits, when a simple random draw of `drawn` without return showed `hits`.

    Two tails of (1 - level) / 2 turned round (Buonaccorsi 1987): the ends are counts, and the whole list drawn leaves
    no doubt. ValueError as `clopper_pearson`, and where more were drawn than there are.

    >>> hypergeometric_interval(0, 56, 842)
    (0, 51)
    >>> hypergeometric_interval(3, 10, 10)
    (3, 3)
    """
    return _least(hits, drawn, size, level, 2), size - _least(drawn - hits, drawn, size, level, 2)


def at_least_of(hits: int, drawn: int, size: int, level: float = LEVEL) -> int:
    """The one-sided lower bound of the number of hits in a list of `size`, after a simple random draw.

    >>> at_least_of(56, 56, 500)
    476
    """
    return _least(hits, drawn, size, level, 1)


def at_most_of(hits: int, drawn: int, size: int, level: float = LEVEL) -> int:
    """The one-sided upper bound of the number of hits in a list of `size`, after a simple random draw.

    >>> at_most_of(0, 56, 500)
    24
    """
    return size - _least(drawn - hits, drawn, size, level, 1)


def _least(hits: int, drawn: int, size: int, level: float, tails: int) -> int:
    """The fewest hits in the list for which so many or more in the draw are likelier than the tail, found by halving."""
    _check(hits, drawn, level)
    if drawn > size:
        raise ValueError(f"抽取数 {drawn} 大于名单总数 {size}，请核对")
    tail = (1 - Fraction(str(level))) / tails  # one twentieth for 0.95, not the binary number next to it
    possible = range(hits, size - (drawn - hits))
    # so many hits or more: so many misses or fewer
    return hits + bisect_left(possible, True, key=lambda k: not unlikely(drawn - hits, size, size - k, drawn, tail))


def _check(hits: int, trials: int, level: float) -> None:
    if trials < 1 or not 0 <= hits <= trials:
        raise ValueError(f"人数不合：{trials} 人中有 {hits} 人；人数不能为负，也不能多于总数，总数至少 1 人")
    if not 0.5 <= level < 1:
        raise ValueError(f"把握程度应在 50% 到 100% 之间（不含 100%），现在是 {level}")
