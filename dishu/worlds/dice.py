"""Chance by seed: the same seed throws the same numbers on every machine, so a world can be made again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

BLOCK = 1 << 16  # throws are drawn in blocks: one call to NumPy per throw would cost more than the whole world


class Dice:
    """A seeded generator for single throws (fast, from a block) and for whole arrays (`many`).

    >>> Dice(7).throw() == Dice(7).throw()
    True
    >>> Dice(7).pick("abc") in "abc"
    True
    """

    def __init__(self, seed: int, *stream: int) -> None:
        """`stream` names an independent stream of the same seed, so that one part's throws do not shift another's."""
        self.many = np.random.default_rng([seed, *stream])
        self._block: list[float] = []

    def throw(self) -> float:
        """A number in [0, 1)."""
        if not self._block:
            self._block = self.many.random(BLOCK).tolist()
        return self._block.pop()

    def chance(self, share: float) -> bool:
        return self.throw() < share

    def below(self, n: int) -> int:
        """A whole number 0 … n-1."""
        return int(self.throw() * n)

    def between(self, low: int, high: int) -> int:
        """A whole number low … high, both included."""
        return low + int(self.throw() * (high - low + 1))

    def pick[T](self, things: Sequence[T]) -> T:
        return things[int(self.throw() * len(things))]

    def day(self, first: date, last: date) -> date:
        """A day first … last, both included; `first` where the span is empty."""
        return first + timedelta(days=self.below(max((last - first).days, 0) + 1))

    def shuffled[T](self, things: Sequence[T]) -> list[T]:
        return [things[i] for i in self.many.permutation(len(things))]

    def sample[T](self, things: Sequence[T], n: int) -> list[T]:
        """n different ones of the things, in random order."""
        return [things[i] for i in self.many.permutation(len(things))[:n]]


class Weighted[T]:
    """Picks things by weight: surnames by frequency, townships by size.

    >>> Weighted({"a": 1, "b": 0}).pick(Dice(1))
    'a'
    """

    def __init__(self, weights: dict[T, float]) -> None:
        self.things = list(weights)
        total = np.cumsum(list(weights.values()), dtype=float)
        self._upto = total / total[-1]

    def pick(self, dice: Dice) -> T:
        at = int(np.searchsorted(self._upto, dice.throw(), side="right"))
        return self.things[min(at, len(self.things) - 1)]


def apportion(weights: Sequence[float], total: int, low: Sequence[int], high: Sequence[int]) -> list[int]:
    """Whole numbers that add up to `total`, as near to the weights as their bounds allow.

    What is left after rounding down goes to the largest remainders (ties: the earlier one), so nothing is typed as a
    total and the sum is still exact. Raises ValueError where the bounds cannot hold the total.

    >>> apportion([3428, 2784, 43853, 6525], 5659, [0] * 4, [9999] * 4)
    [343, 278, 4385, 653]
    >>> apportion([1, 1, 8], 10, [2, 0, 0], [9, 9, 5])
    [3, 2, 5]
    """
    floor, roof = np.asarray(low, dtype=np.int64), np.asarray(high, dtype=np.int64)
    if not floor.sum() <= total <= roof.sum():
        raise ValueError(f"{total} does not fit between {floor.sum()} and {roof.sum()}")
    weight = np.asarray(weights, dtype=float)
    exact = np.clip(weight * _scale(weight, total, floor, roof), floor, roof)
    whole = np.floor(exact + 1e-9).astype(np.int64)
    whole = np.clip(whole, floor, roof)
    order = np.lexsort((np.arange(len(whole)), -(exact - whole)))
    while (left := int(total - whole.sum())) != 0:
        step = 1 if left > 0 else -1
        free = [i for i in order if floor[i] <= whole[i] + step <= roof[i]]
        whole[free[: abs(left)]] += step
    return whole.tolist()


def _scale(weight: np.ndarray, total: int, floor: np.ndarray, roof: np.ndarray) -> float:
    """The factor at which the bounded weights add up to the total, by halving (their sum only grows with it)."""
    least, most = 0.0, 1.0
    while np.clip(weight * most, floor, roof).sum() < total and most < 1e18:
        most *= 2
    for _ in range(200):
        middle = (least + most) / 2
        if np.clip(weight * middle, floor, roof).sum() < total:
            least = middle
        else:
            most = middle
    return most
