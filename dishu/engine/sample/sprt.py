"""Two straight lines on a card: count the bad ones, and stop when a line is crossed (Wald 1945). For audits on paper.

Only for draws with putting back, or from so many records that it makes no difference; else use `stopping`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log

from dishu.engine.sample.audit import Share, share


@dataclass(frozen=True)
class Lines:
    """After n records: accept with at most `slope` n - `accept` bad ones, reject with at least `slope` n + `reject`."""

    accept: float
    reject: float
    slope: float

    def at(self, n: int) -> tuple[int | None, int]:
        """Accept with at most so many bad ones (None: not yet), reject with at least so many.

        >>> [lines("0.01", "0.05", "0.05", "0.1").at(n) for n in (50, 100)]
        [(None, 4), (1, 5)]
        """
        least = floor(self.slope * n - self.accept)
        return (least if least >= 0 else None), ceil(self.slope * n + self.reject)


def lines(good: Share, bad: Share, reject_good: Share, accept_bad: Share) -> Lines:
    """The lines between a good and a bad share of errors, and the risks of taking one for the other.

    ValueError unless good < bad and both risks together are below 1.

    >>> found = lines("0.01", "0.05", "0.05", "0.1")
    >>> round(found.accept, 3), round(found.reject, 3), round(found.slope, 4)
    (1.364, 1.751, 0.025)
    """
    p1, p2 = share(good, "合格差错率"), share(bad, "不合格差错率")
    a, b = share(reject_good, "错判合格的风险"), share(accept_bad, "错放不合格的风险")
    if p1 >= p2 or a + b >= 1:
        raise ValueError(f"合格差错率 {good} 应小于不合格差错率 {bad}，两种风险之和应小于 1")
    k = log(p2 * (1 - p1) / (p1 * (1 - p2)))
    return Lines(log((1 - a) / b) / k, log((1 - b) / a) / k, log((1 - p1) / (1 - p2)) / k)


def expected_sample(reported: Share, risk: Share, least: Share = "0.5") -> int:
    """How many records it takes on average to show that a share is above `least`, where it is `reported` indeed.

    Wald's approximation with half a step of overshoot (Lindeman, Stark & Yates 2012). ValueError unless reported > least.

    >>> expected_sample("0.52", "0.1")
    2902
    """
    p, floor_, alpha = (float(share(value, "比例")) for value in (reported, least, risk))
    if p <= floor_:
        raise ValueError(f"上报的比例 {reported} 应大于 {least}")
    up, down = log(p / floor_), log((1 - p) / (1 - floor_))
    return ceil((log(1 / alpha) + up / 2) / (p * up + (1 - p) * down))
