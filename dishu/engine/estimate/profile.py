"""The range of the total under one known model: put so many people on no list, and see how badly it fits."""

from __future__ import annotations

from math import lgamma
from typing import Any

import numpy as np
from scipy import optimize, special, stats

from dishu.engine import exact
from dishu.engine.estimate.cells import Cells
from dishu.engine.estimate.models import design
from dishu.engine.estimate.twolists import Range

Array = Any


def profile(cells: Cells, chosen: Array, level: float = exact.LEVEL) -> Range:
    """The most likely total and its profile-likelihood range (Cormack 1992) under the model `chosen`.

    The multinomial likelihood of the completed table, dropped by half a chi-square of one degree of freedom. For a
    model known beforehand: after choosing one by its fit, this range is too narrow.
    """
    rows = design(len(cells.names))[:, chosen]
    there = cells.possible.copy()
    there[0] = True
    rows, counts, seen = rows[there], cells.counts[there], cells.seen
    beta: list[Array] = [np.zeros(rows.shape[1])]

    def logarithm(unseen: float) -> float:
        full = np.concatenate([[unseen], counts[1:]])
        beta[0] = _fit(rows, full, beta[0])
        share = np.exp(rows @ beta[0]) / full.sum()
        fixed = lgamma(seen + unseen + 1) - lgamma(unseen + 1)
        return fixed + float(special.xlogy(full, share).sum())

    reach = _reach(logarithm, seen)
    found = optimize.minimize_scalar(
        lambda f0: -logarithm(f0), bounds=(0, reach), method="bounded", options={"xatol": 1e-3}
    )
    best, floor = float(found.x), -float(found.fun) - float(stats.chi2.ppf(level, 1)) / 2
    lower = optimize.brentq(lambda f0: logarithm(f0) - floor, 0, best, xtol=1e-3) if logarithm(0) < floor else 0.0
    end = reach
    while logarithm(end) > floor:
        end *= 2
    upper = optimize.brentq(lambda f0: logarithm(f0) - floor, best, end, xtol=1e-3)
    return Range(seen + best, seen + lower, seen + upper)


def _reach(logarithm: Any, seen: int) -> float:
    """Some number of unseen people beyond the most likely one."""
    reach = float(seen)
    while logarithm(2 * reach) > logarithm(reach):
        reach *= 2
    return 2 * reach


def _fit(rows: Array, counts: Array, start: Array) -> Array:
    """The Poisson parameters of one whole table."""
    means = counts + 0.5 if not start.any() else np.exp(rows @ start)
    beta = start
    for _ in range(100):
        target = np.log(means) + (counts - means) / means
        weighted = rows.T * means
        beta, before = np.linalg.solve(weighted @ rows, weighted @ target), beta
        means = np.exp(np.clip(rows @ beta, -700, 700))
        if np.abs(beta - before).max() < 1e-9:
            break
    return beta
