"""Who stands on which lists, counted: one number per capture history, the people on no list being what is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

Array = Any
#: So many people of a list would be expected outside another if they were independent: none there is no accident.
NESTED_EXPECTED = 5.0


@dataclass(frozen=True)
class Cells:
    """Counts of people by capture history.

    `names`: the lists; `counts`: 2^k numbers, list i being bit k-1-i of the index (so 1100 of four lists is 12);
    `possible`: which histories can occur at all. Index 0, on no list, is not known and not possible to count.
    """

    names: tuple[str, ...]
    counts: Array
    possible: Array

    @classmethod
    def of(cls, names: Sequence[str], counted: Mapping[str, int], impossible: Iterable[str] = ()) -> Cells:
        """From histories written as text, those not named counting 0.

        >>> Cells.of(["a", "b"], {"11": 4, "10": 3}).counts.tolist()
        [0.0, 0.0, 3.0, 4.0]
        """
        size = 2 ** len(names)
        counts, possible = np.zeros(size), np.ones(size, dtype=bool)
        for history, count in counted.items():
            counts[int(history, 2)] += count
        possible[[0, *(int(history, 2) for history in impossible)]] = False
        return cls(tuple(names), counts, possible)

    @property
    def seen(self) -> int:
        """People on at least one list."""
        return int(self.counts[self.possible].sum())

    @cached_property
    def histories(self) -> Array:
        """One row of 0/1 per history, one column per list."""
        lists = len(self.names)
        return (np.arange(2**lists)[:, None] >> np.arange(lists - 1, -1, -1)) & 1

    def on(self, *lists: int) -> float:
        """People on all of these lists (by number)."""
        return float(self.counts[self.histories[:, list(lists)].all(axis=1)].sum())

    def without(self, left_out: int) -> Cells:
        """The other lists alone; whoever was only on the one left out is then on none."""
        kept = [i for i in range(len(self.names)) if i != left_out]
        index = self.histories[:, kept] @ (1 << np.arange(len(kept) - 1, -1, -1))
        counts, possible = np.zeros(2 ** len(kept)), np.zeros(2 ** len(kept), dtype=bool)
        np.add.at(counts, index, self.counts)
        np.logical_or.at(possible, index, self.possible)
        counts[0], possible[0] = 0, False
        return Cells(tuple(self.names[i] for i in kept), counts, possible)

    def nested(self) -> list[tuple[int, int]]:
        """Pairs (inner, outer): everybody on the inner list stands on the outer one, which is no accident.

        >>> dues = {"110": 80, "100": 300, "101": 60, "111": 20, "001": 90}
        >>> Cells.of(["register", "dues", "visit"], dues).nested()
        [(1, 0)]
        """
        lists = range(len(self.names))
        return [(i, j) for i in lists for j in lists if i != j and self._inside(i, j)]

    def _inside(self, inner: int, outer: int) -> bool:
        """Judged by those on further lists: of them the outer list lacks a known share."""
        if self.on(inner) == 0 or self.on(inner, outer) < self.on(inner):
            return False
        others = self.histories[:, [i for i in range(len(self.names)) if i not in (inner, outer)]].any(axis=1)
        reached = self.counts[others].sum()
        held = self.counts[others & (self.histories[:, outer] == 1)].sum()
        return bool(reached and self.on(inner) * (1 - held / reached) >= NESTED_EXPECTED)
