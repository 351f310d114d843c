"""May the audit stop now? A rule that may be looked at after every record and still keeps its risk (ALPHA, Stark 2023).

Records are drawn without putting back, each scored 1 (good), 0 (bad) or between. The claim to disprove is "the mean is
no better than t = 1 - K0/N", K0 being the least unacceptable number. m is what the rest would have to average for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, log
from typing import Any, Final, Literal

import numpy as np

from dishu.engine.sample.audit import Audit, Share, share
from dishu.engine.sample.fixed import first_true

Decision = Literal["pass", "fail", "continue"]

#: How good the records are thought to be before the first is seen, and how many records that thought weighs.
EXPECTED: Final = 0.99
WEIGHT: Final = 100.0
_ALMOST_ONE: Final = 1 - np.finfo(float).eps
# sums of scores written with a few decimals must meet whole numbers exactly
_DECIMALS: Final = 9


@dataclass(frozen=True)
class Course:
    """An audit, or many at once, record by record; arrays of the scores' shape.

    `evidence`: log T against "unacceptable"; `cleared`: too many good records seen for the frame to be unacceptable;
    `refuted`: as many bad ones seen as are unacceptable.
    """

    evidence: Any
    cleared: Any
    refuted: Any

    @property
    def risk(self) -> Any:
        """The risk attained after each record: min(1, 1 / greatest T so far)."""
        return np.exp(-np.maximum(np.maximum.accumulate(self.evidence, -1), 0))

    def passed(self, risk: float) -> Any:
        """Whether an audit that looks after each record has passed by then."""
        now = (self.evidence >= -log(risk)) & ~self.refuted
        return np.logical_or.accumulate(now, -1)


@dataclass(frozen=True)
class Assessment:
    """Where an audit stands: records seen, how many of them bad, the risk attained, and what to do."""

    n: int
    bad: float
    attained_risk: float
    decision: Decision


def course(scores: Any, audit: Audit) -> Course:
    """How the evidence grows. `scores`: 0 to 1 in drawn order along the last axis.

    ValueError for more scores than there are records.

    >>> course([1.0] * 65, Audit.of(842, "0.05", "0.05")).risk[[0, 63, 64]].round(4).tolist()
    [0.9585, 0.0502, 0.0477]
    """
    x: Any = np.asarray(scores, np.float64)
    drawn: Any = np.arange(1, x.shape[-1] + 1)
    if audit.size is not None and len(drawn) > audit.size:
        raise ValueError(f"结果有 {len(drawn)} 条，多于总数 {audit.size} 条：请核对总数，或是否混入了别的记录")
    seen = np.round(np.cumsum(x, -1), _DECIMALS)
    factor = _factor(x, np.round(seen - x, _DECIMALS), drawn, audit)
    with np.errstate(divide="ignore"):
        evidence = np.cumsum(np.log(factor), -1)
    if audit.size is None or audit.unacceptable is None:
        never = np.zeros(x.shape, bool)
        return Course(evidence, never, never)
    cleared = seen > audit.size - audit.unacceptable
    return Course(np.where(cleared, np.inf, evidence), cleared, np.round(drawn - seen, _DECIMALS) >= audit.unacceptable)


def _factor(x: Any, before: Any, drawn: Any, audit: Audit) -> Any:
    """What each record multiplies T by; 1 where the claim is already known to be true or false."""
    t = audit.least_mean
    m = np.full(x.shape, t)
    if audit.size is not None and audit.unacceptable is not None:
        m = (audit.size - audit.unacceptable - before) / (audit.size - drawn + 1)
    known = (m < 0) | (m >= 1)
    # a hope below the claim would bet on the claim; so for tolerances of 1 % and less it lies between claim and 1
    hope = EXPECTED if t < EXPECTED else (1 + t) / 2
    guess = (WEIGHT * hope + before) / (WEIGHT + drawn - 1)
    margin = (hope - t) / 2 / np.sqrt(WEIGHT + drawn - 1)
    eta = np.minimum(_ALMOST_ONE, np.maximum(guess, m + margin))
    with np.errstate(divide="ignore", invalid="ignore"):
        good = np.where(x > 0, x * eta / m, 0.0)
        bad = np.where(x < 1, (1 - x) * (1 - eta) / (1 - m), 0.0)
    return np.where(known, 1.0, good + bad)


def assess(scores: Any, audit: Audit) -> Assessment:
    """Pass, fail or continue after these scores (0 to 1, in drawn order). ValueError as `course`.

    `pass` once the risk attained is within the limit; `fail` once as many bad records are seen as are unacceptable,
    also if that comes to light after a pass.

    >>> assess([1] * 65, Audit.of(842, "0.05", "0.05")).decision
    'pass'
    >>> assess([0] * 43, Audit.of(842, "0.05", "0.05")).decision
    'fail'
    """
    x: Any = np.asarray(scores, np.float64)
    if not len(x):
        return Assessment(0, 0, 1.0, "continue")
    run = course(x, audit)
    bad = round(float(len(x) - x.sum()), _DECIMALS)
    decision: Decision = "fail" if run.refuted[-1] else "pass" if run.passed(float(audit.risk))[-1] else "continue"
    return Assessment(len(x), int(bad) if bad == int(bad) else bad, float(run.risk[-1]), decision)


def most_bad(scores: Any, size: int, risk: Share) -> int:
    """The most bad records there may be among `size`, after these scores: valid whenever one looks.

    The largest number the same rule has not yet disproved, found by halving (the more bad records are claimed, the
    sooner they are disproved). The limits for a fixed draw (`dishu.engine.exact`) hold for one look only. ValueError as
    `course`.

    >>> most_bad([1] * 65, 842, "0.05"), most_bad([0] + [1] * 64, 842, "0.05")
    (42, 75)
    """
    exact = share(risk, "误判风险")
    x: Any = np.asarray(scores, np.float64)

    def disproved(bad: int) -> bool:
        return bad > size or bool(course(x, Audit(size, Fraction(bad, size), exact)).risk[-1] <= exact)

    if not len(x):
        return size
    # what was seen since outweighs a claim disproved before
    return max(ceil(round(float(len(x) - x.sum()), _DECIMALS)), first_true(1, size + 1, disproved) - 1)


def first_stop(audit: Audit, early: int = 0) -> int | None:
    """The earliest record at which the audit can pass when the first `early` records are bad and all others good.

    None where it cannot pass any more.

    >>> [first_stop(Audit.of(842, "0.05", "0.05"), early) for early in (0, 1, 2)]
    [65, 113, 153]
    """
    if audit.unacceptable is not None and early >= audit.unacceptable:
        return None
    length = 256
    while True:
        length = length * 2 if audit.size is None else min(length * 2, audit.size)
        scores: Any = np.ones(length)
        scores[:early] = 0
        passed = course(scores, audit).passed(float(audit.risk))
        if passed[-1]:
            return int(np.argmax(passed)) + 1
