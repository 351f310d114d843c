"""Would chance alone give a collector such a mean? The records are dealt out anew, many times, to collectors as large.

Records are dealt only within blocks (records of the same time), so that what changes from block to block is nobody's
doing. One shuffle deals a whole hand of disjoint heaps of the collector's size: each heap is a fair random collector,
and several from one shuffle make the p-value no smaller than as many separate shuffles would (heaps drawn without
return are negatively associated). Where collectors differ more than chance allows, because their streets differ,
the distance is divided by how much they ordinarily do (genomic control, Devlin & Roeder 1999).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

PEERS: Final = 10  # collectors, whose median tells how much collectors ordinarily differ
_MEDIAN_CHI2: Final = 0.4549  # of one degree of freedom
_ENOUGH: Final = 100  # random collectors as far out: then it is chance, and no more are dealt
_CELLS: Final = 400_000  # numbers shuffled at once


def against_shuffled(
    scores: Any, who: Any, blocks: Any, draws: int, seed: int, seen: Any | None = None
) -> tuple[Any, Any]:
    """For each collector the distance of the mean score from chance, and how often chance alone reaches it.

    `scores`: one float per record, NaN where there is none; `who`: places of the collectors 0..C-1; `blocks`: whole
    numbers. `seen`: what the collector in fact scores, where that hangs on who it is (default: the same). At least
    `draws` random collectors each, fewer for who is plainly ordinary (Besag & Clifford 1991). Returns `z` in standard deviations, already divided by the
    ordinary difference, and one-sided p-values for high means; NaN and 1 for who has no score. Names and the order of
    collectors do not matter. (Kuriakose & Robbins 2016 ask the question; the permutation answers it.)

    >>> z, p = against_shuffled(np.r_[np.zeros(90), np.ones(10)], np.arange(100) // 10, np.zeros(100, int), 999, 1)
    >>> bool(p[9] <= 0.002), bool(p[0] > 0.5)
    (True, True)
    """
    scored = ~np.isnan(scores)
    order = np.argsort(blocks[scored], kind="stable")
    values, owner, block = scores[scored][order], who[scored][order], blocks[scored][order]
    own = values if seen is None else seen[scored][order]
    edges = np.r_[np.flatnonzero(np.r_[True, np.diff(block) != 0]), len(block)].astype(np.int64)
    people = int(who.max()) + 1
    held = np.stack([np.bincount(owner[a:b], minlength=people) for a, b in zip(edges, edges[1:], strict=False)], axis=1)
    mean, spread = _expected(values, edges, held)
    tested = (held.sum(axis=1) > 0) & (spread > 1e-9)
    z = np.full(people, np.nan)
    z[tested] = (np.bincount(owner, own, people) - mean)[tested] / spread[tested]
    z[tested] /= _ordinary(z[tested])
    p = np.ones(people)
    random = np.random.default_rng(seed)
    high: Any = np.zeros(people, dtype=np.int64)
    dealt = high.copy()
    while (short := np.flatnonzero(tested & (dealt < draws) & (high < _ENOUGH))).size:
        sums = _shuffled_sums(values, edges, random)
        for one in short:
            heaps = (_heaps(sums, edges, held[one]) - mean[one]) / spread[one]
            high[one] += int((heaps >= z[one] - 1e-9).sum())
            dealt[one] += heaps.size
    p[tested] = (1 + high[tested]) / (1 + dealt[tested])
    return z, p


def _expected(values: Any, edges: Any, held: Any) -> tuple[Any, Any]:
    """Mean and standard deviation of the sum of a heap dealt without return from each block."""
    parts = [values[a:b] for a, b in zip(edges, edges[1:], strict=False)]
    sizes = np.diff(edges)
    means = np.array([part.mean() for part in parts])
    variances = np.array([part.var(ddof=1) if len(part) > 1 else 0.0 for part in parts])
    return held @ means, np.sqrt((held * variances * (1 - held / sizes)).sum(axis=1))


def _ordinary(z: Any) -> Any:
    """How much wider than chance the collectors' distances ordinarily spread, at least 1: by their median, which a few
    conspicuous ones do not move, or, where they are few, for each by the mean of the others."""
    if len(z) >= PEERS:
        return max(1.0, float(np.sqrt(np.median(z**2) / _MEDIAN_CHI2)))
    return np.maximum(1.0, np.sqrt(((z**2).sum() - z**2) / max(len(z) - 1, 1)))


def _shuffled_sums(values: Any, edges: Any, random: Any) -> Any:
    """Running sums of shuffled records, one line per shuffle, beginning with 0."""
    lines = max(1, _CELLS // (len(values) + 1))
    sums = np.zeros((lines, len(values) + 1))
    for a, b in zip(edges, edges[1:], strict=False):
        random.permuted(np.broadcast_to(values[a:b], (lines, b - a)), axis=1, out=sums[:, a + 1 : b + 1])
    return np.cumsum(sums, axis=1, out=sums)


def _heaps(sums: Any, edges: Any, held: Any) -> Any:
    """The sums of all disjoint heaps of `held` records per block."""
    from_blocks = np.flatnonzero(held)
    heaps = np.arange(int((np.diff(edges)[from_blocks] // held[from_blocks]).min()))
    total = np.zeros((len(sums), len(heaps)))
    for block in from_blocks:
        start = edges[block] + heaps * held[block]
        total += sums[:, start + held[block]] - sums[:, start]
    return total
