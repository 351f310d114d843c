"""One verdict over several parts drawn separately: is the whole acceptable, wherever its bad records may lie?

"The whole has K0 bad records" can be true in many ways: so many in this part, so many in that. Each way is disproved by
the product of the parts' evidence, and the whole only when the hardest way is. To certify each part by itself, audit each
by itself; one simple draw over the whole needs fewer records than this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from dishu.engine.sample import stopping
from dishu.engine.sample.audit import Audit, Share


@dataclass(frozen=True)
class Stratum:
    """A part of `size` records, and the scores of those drawn from it so far, in drawn order.

    How draws alternate between parts is settled beforehand and does not follow what is found.
    """

    size: int
    scores: Sequence[float]


def overall(strata: Sequence[Stratum], tolerance: Share, risk: Share) -> stopping.Assessment:
    """Where the audit of the whole stands. The risk attained is that of this look; ValueError without strata.

    >>> parts = [Stratum(100, [1.0] * 60), Stratum(100, [1.0] * 60)]
    >>> found = overall(parts, "0.05", "0.05")
    >>> found.n, found.decision
    (120, 'pass')
    """
    audit = Audit.of(sum(one.size for one in strata), tolerance, risk)
    unacceptable = audit.unacceptable or 0
    n, bad = sum(len(one.scores) for one in strata), sum(len(one.scores) - sum(one.scores) for one in strata)
    hardest = 0.0 if not strata else float(_hardest([_by_bad(one, unacceptable) for one in strata], unacceptable))
    attained = float(np.exp(-max(hardest, 0.0)))
    decision: stopping.Decision = "pass" if attained <= audit.risk else "continue"
    if round(bad, 9) >= unacceptable:
        decision = "fail"
    return stopping.Assessment(n, int(bad) if bad == int(bad) else round(bad, 9), attained, decision)


def _by_bad(stratum: Stratum, most: int) -> Any:
    """log T of a stratum against "at least k bad records", for k = 0 up to what it can hold or `most`."""
    evidence: Any = np.zeros(min(stratum.size, most) + 1)
    if len(stratum.scores):
        for k in range(1, len(evidence)):
            audit = Audit(stratum.size, Fraction(k, stratum.size), Fraction(1, 2))
            evidence[k] = stopping.course(stratum.scores, audit).evidence[-1]
    return evidence


def _hardest(by_stratum: Sequence[Any], unacceptable: int) -> Any:
    """The least sum of evidence over all ways to lay the unacceptable number into the strata."""
    best: Any = np.full(unacceptable + 1, np.inf)
    best[0] = 0.0
    for evidence in by_stratum:
        longer: Any = np.full(unacceptable + 1, np.inf)
        for k, here in enumerate(evidence):
            longer[k:] = np.minimum(longer[k:], best[: unacceptable + 1 - k] + here)
        best = longer
    return best[unacceptable]
