"""Log-linear models fitted, all at once: Poisson counts by history, those on no list foretold (Fienberg 1972)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from dishu.engine.estimate.cells import Cells
from dishu.engine.estimate.models import design, models, terms

Array = Any
#: A model whose number of unseen people is off by more than this part of itself says nothing.
WORST_ERROR = 0.5
ROUNDS, CLOSE = 60, 1e-10
#: Further than this no count's logarithm lies: what runs away has no estimate.
FAR = 30.0


@dataclass(frozen=True)
class Fits:
    """One row per model, see `models`: `unseen` people, `se_log` of its logarithm, deviance, df, AIC; why refused.

    `refusal`: "" where the model may be used, else `no_overlap` (a pair of the model has nobody in common),
    `rank` (the histories that occur do not settle it), `saturated` (nothing left to check it by), `imprecise`,
    `diverged`.
    """

    chosen: Array
    unseen: Array
    se_log: Array
    deviance: Array
    df: Array
    aic: Array
    refusal: Array

    @property
    def se(self) -> Array:
        """The standard error of the total: se^2 = f0 + f0^2 var(u) (Rivest & Levesque 2001)."""
        return np.sqrt(self.unseen + (self.unseen * self.se_log) ** 2)

    @property
    def usable(self) -> Array:
        """The numbers of the models that may be used."""
        return np.flatnonzero(self.refusal == "")


def fit(cells: Cells, chosen: Array | None = None) -> Fits:
    """Fit the models (all there are, unless `chosen` rows say which), with what must be refused named.

    AIC is of the whole Poisson likelihood, -2 log L + 2 p.
    """
    lists = len(cells.names)
    chosen = models(lists) if chosen is None else np.atleast_2d(chosen)
    rows = design(lists)[cells.possible]
    counts = cells.counts[cells.possible]
    refusal = _refused(cells, chosen, rows, counts)
    fitted = np.flatnonzero(refusal == "")
    log_means, cover = _irls(rows, counts, chosen[fitted])
    means = np.exp(log_means @ rows.T)
    deviance = _all(len(chosen), fitted, 2 * (special.xlogy(counts, counts / means) - counts + means).sum(axis=1))
    likelihood = (special.xlogy(counts, means) - means - special.gammaln(counts + 1)).sum(axis=1)
    size = chosen.sum(axis=1)
    unseen = _all(len(chosen), fitted, np.exp(log_means[:, 0]))
    se_log = _all(len(chosen), fitted, np.sqrt(cover))
    refusal[fitted[~np.isfinite(cover) | (np.abs(log_means).max(axis=1, initial=0) > FAR)]] = "diverged"
    refusal[(refusal == "") & (se_log > WORST_ERROR)] = "imprecise"
    aic = _all(len(chosen), fitted, -2 * likelihood) + 2 * size
    return Fits(chosen, unseen, se_log, deviance, len(counts) - size, aic, refusal)


def _all(many: int, at: Array, values: Array) -> Array:
    """Values of some models among all, the others not a number."""
    full: Array = np.full(many, np.nan)
    full[at] = values
    return full


def _refused(cells: Cells, chosen: Array, rows: Array, counts: Array) -> Array:
    """Why each model has no estimate, before any fitting."""
    refusal: Array = np.full(len(chosen), "", dtype=object)
    occurring = rows[counts > 0]
    size = chosen.sum(axis=1)
    ranks = np.linalg.matrix_rank(occurring[None] * chosen[:, None, :]) if len(occurring) else np.zeros(len(chosen))
    refusal[ranks < size] = "rank"
    refusal[size >= len(counts)] = "saturated"
    empty = np.array([cells.on(*term) == 0 for term in terms(len(cells.names))])
    refusal[(chosen & empty).any(axis=1)] = "no_overlap"
    return refusal


def _irls(rows: Array, counts: Array, chosen: Array) -> tuple[Array, Array]:
    """Parameters (0 where not in the model) and the variance of the first one, for all models together.

    Iteratively weighted least squares; a parameter not in a model keeps its own 1 on the diagonal and stays 0.
    """
    keep = chosen.astype(float)
    ones = np.eye(rows.shape[1]) * (1 - keep)[:, :, None]
    both = keep[:, :, None] * keep[:, None, :]
    beta = np.zeros_like(keep)
    means: Array = np.broadcast_to(counts + 0.5, (len(keep), len(counts)))
    target = np.log(means) + (counts - means) / means
    crossed = (rows[:, :, None] * rows[:, None, :]).reshape(len(rows), -1)
    information = ones
    for _ in range(ROUNDS):
        information = (means @ crossed).reshape(-1, *ones.shape[1:]) * both + ones
        stepped = np.linalg.solve(information, ((means * target) @ rows * keep)[:, :, None])[:, :, 0]
        stepped = np.clip(stepped, -2 * FAR, 2 * FAR)
        moved = np.abs(stepped - beta).max(initial=0)
        beta = stepped
        linear = np.clip(beta @ rows.T, -FAR, FAR)
        means = np.exp(linear)
        target = linear + (counts - means) / means
        if moved < CLOSE:
            break
    information = (means @ crossed).reshape(-1, *ones.shape[1:]) * both + ones
    return beta, np.linalg.inv(information)[:, 0, 0]
