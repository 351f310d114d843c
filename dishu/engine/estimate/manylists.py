"""Three lists and more: the total under every defensible model, averaged, with the range over all that fit.

The best-fitting model's own range is nowhere: it holds the truth far less often than it says, because it was chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dishu.engine import exact
from dishu.engine.estimate.cells import Cells
from dishu.engine.estimate.fitting import Fits, fit
from dishu.engine.estimate.models import MOST_LISTS, formula
from dishu.engine.estimate.twolists import Range, normal

Array = Any
#: Models whose AIC is at most so much above the best fit about as well.
AS_GOOD = 2.0


@dataclass(frozen=True)
class ManyLists:
    """What several lists say: all models that may be used, best first, their average, and the range over the good ones.

    `shown` is what may be shown (the average, with a range that holds both); None where no model gives an estimate,
    and `lower_bound` (people, those seen included) then stands alone. `nested`: lists left out since another held them.
    """

    cells: Cells
    fits: Fits | None
    order: Array
    averaged: Range | None
    envelope: tuple[float, float] | None
    shown: Range | None
    lower_bound: float
    nested: tuple[tuple[str, str], ...]

    def models(self) -> list[dict[str, Any]]:
        """Formula, total, its standard error, deviance, degrees of freedom and AIC of each model, best first."""
        fits, seen = self.fits, self.cells.seen
        if fits is None:
            return []
        return [
            {"formula": formula(self.cells.names, fits.chosen[i]), "total": float(seen + fits.unseen[i]),
             "se": float(fits.se[i]), "deviance": float(fits.deviance[i]), "df": int(fits.df[i]), "aic": float(fits.aic[i])}
            for i in self.order
        ]  # fmt: skip


def lists(cells: Cells, level: float = exact.LEVEL) -> ManyLists:
    """Estimate the total from three to five lists; nested lists are left out first.

    Fewer or more lists than that have no estimate here. ValueError where a list holds nobody.
    """
    if empty := [name for i, name in enumerate(cells.names) if not cells.on(i)]:
        raise ValueError(f"名单“{'、'.join(empty)}”上一个人也没有，不能作为一份名单；请去掉这一列，或核对人数")
    cells, nested = _unnested(cells)
    bound = lower_bound(cells)
    if not 3 <= len(cells.names) <= MOST_LISTS:
        return ManyLists(cells, None, np.array([], int), None, None, None, bound, nested)
    fits = fit(cells)
    order = fits.usable[np.argsort(fits.aic[fits.usable], kind="stable")]
    if not len(order) or _best_is_unsure(fits):
        return ManyLists(cells, fits, order, None, None, None, bound, nested)
    averaged, envelope = average(fits, order, cells.seen, level), widest(fits, order, cells.seen, level)
    shown = Range(averaged.value, min(averaged.lower, envelope[0]), max(averaged.upper, envelope[1]))
    return ManyLists(cells, fits, order, averaged, envelope, shown, bound, nested)


def _unnested(cells: Cells) -> tuple[Cells, tuple[tuple[str, str], ...]]:
    """Without lists that another holds wholly: who is on them tells nothing about who is on none."""
    left: list[tuple[str, str]] = []
    while inside := cells.nested():
        inner, outer = inside[0]
        left.append((cells.names[inner], cells.names[outer]))
        cells = cells.without(inner)
    return cells, tuple(left)


def _best_is_unsure(fits: Fits) -> bool:
    """Whether the best of all fitted models was refused as imprecise: then the others only look sure."""
    fitted = np.flatnonzero((fits.refusal == "") | (fits.refusal == "imprecise"))
    return bool(fits.refusal[fitted[np.argmin(fits.aic[fitted])]] == "imprecise")


def average(fits: Fits, order: Array, seen: int, level: float = exact.LEVEL) -> Range:
    """All models, weighed by AIC, on the log of the unseen; their disagreement widens the range.

    After Buckland, Burnham & Augustin 1997.
    """
    weight = np.exp((fits.aic[order].min() - fits.aic[order]) / 2)
    weight /= weight.sum()
    logs = np.log(fits.unseen[order])
    middle = float(weight @ logs)
    own = (fits.se[order] / fits.unseen[order]) ** 2
    spread = normal(level) * float(weight @ np.sqrt(own + (logs - middle) ** 2))
    value, lower, upper = (float(seen + np.exp(middle + step)) for step in (0.0, -spread, spread))
    return Range(value, lower, upper)


def widest(fits: Fits, order: Array, seen: int, level: float = exact.LEVEL) -> tuple[float, float]:
    """The envelope: from the lowest to the highest end of all models about as good as the best."""
    good = order[fits.aic[order] <= fits.aic[order].min() + AS_GOOD]
    unseen, se = fits.unseen[good], fits.se[good]
    factor = np.exp(normal(level) * np.sqrt(np.log1p((se / unseen) ** 2)))
    return float(seen + (unseen / factor).min()), float(seen + (unseen * factor).max())


def lower_bound(cells: Cells) -> float:
    """At least so many people there are, whoever differs from whom: from those on one list and on two (Chao 1987).

    >>> round(lower_bound(Cells.of("abc", {"100": 30, "010": 20, "001": 25, "110": 10, "101": 8, "011": 7, "111": 5})))
    180
    """
    times = cells.histories.sum(axis=1)
    once, twice = (float(cells.counts[times == n].sum()) for n in (1, 2))
    part = (len(cells.names) - 1) / len(cells.names)
    unseen = once**2 / (2 * twice) if twice else once * (once - 1) / 2
    return cells.seen + part * unseen
