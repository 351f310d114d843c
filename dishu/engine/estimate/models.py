"""Which lists may depend on which: every hierarchical log-linear model of three, four or five lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain, combinations
from typing import Any

import numpy as np

Array = Any
Term = tuple[int, ...]
#: Of more lists there are too many models; with five, only pairs may depend.
MOST_LISTS = 5


@cache
def terms(lists: int) -> tuple[Term, ...]:
    """All terms a model may have: none, each list, pairs, and with up to four lists also triples (below the whole).

    >>> [len(terms(k)) for k in (3, 4, 5)]
    [7, 15, 16]
    """
    highest = min(lists - 1, 3 if lists < MOST_LISTS else 2)
    return tuple(chain.from_iterable(combinations(range(lists), size) for size in range(highest + 1)))


@cache
def design(lists: int) -> Array:
    """One row per history (the empty one first), one column per term: 1 where all lists of the term hold the person."""
    numbers = np.arange(2**lists)
    on = (numbers[:, None] >> np.arange(lists - 1, -1, -1)) & 1
    return np.stack([on[:, list(term)].all(axis=1) for term in terms(lists)], axis=1).astype(float)


@cache
def models(lists: int) -> Array:
    """All models as rows of yes and no over `terms`: a triple only where its three pairs are in.

    >>> [len(models(k)) for k in (3, 4, 5)]
    [8, 113, 1024]
    """
    if not 3 <= lists <= MOST_LISTS:
        raise ValueError(f"多名单估计要 3 到 {MOST_LISTS} 份名单，现在是 {lists} 份；两份名单请用 dishu estimate two")
    place = {term: n for n, term in enumerate(terms(lists))}
    rows = []
    for chosen in _chosen(lists):
        row: Array = np.zeros(len(place), dtype=bool)
        row[: lists + 1] = True
        row[[place[term] for term in chosen]] = True
        rows.append(row)
    return np.array(rows)


def _chosen(lists: int) -> Iterator[tuple[Term, ...]]:
    """Which pairs and triples are in, fewest first."""
    pairs = [term for term in terms(lists) if len(term) == 2]
    triples = [term for term in terms(lists) if len(term) == 3]
    for some in _subsets(pairs):
        allowed = [term for term in triples if set(combinations(term, 2)) <= set(some)]
        for more in _subsets(allowed):
            yield (*some, *more)


def _subsets(these: Sequence[Term]) -> Iterator[tuple[Term, ...]]:
    return chain.from_iterable(combinations(these, size) for size in range(len(these) + 1))


def formula(names: Sequence[str], chosen: Array) -> str:
    """A model as people write it.

    >>> formula(["a", "b", "c"], models(3)[1])
    'a + b + c + a:b'
    """
    some = (term for term, yes in zip(terms(len(names)), chosen, strict=True) if yes and term)
    return " + ".join(":".join(names[i] for i in term) for term in some)
