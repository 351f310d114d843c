"""What else is wrong with the lists: records invented, links missed, and the estimate put right for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from dishu.engine import exact
from dishu.engine.estimate.twolists import Counts, Range, chapman, interval

#: No true record at all would leave no estimate.
TINY = 1e-9


@dataclass(frozen=True)
class Audit:
    """A random audit of the register: `good` of `drawn` records were confirmed by the auditor."""

    drawn: int
    good: int

    def share(self, register: int, level: float = exact.LEVEL) -> Range:
        """The confirmed share (0..1) of a register of so many records, with its exact interval."""
        lower, upper = exact.hypergeometric_interval(self.good, self.drawn, register, level)
        return Range(self.good / self.drawn, lower / register, upper / register)


def corrected(counts: Counts, confirmed: float = 1.0, missed_links: float = 0.0) -> Counts:
    """The counts as they would be without invented records and missed links.

    `confirmed`: share of the register's records that are true ("CE/E" of census evaluation); `missed_links`: share of
    true matches not found, from clerical review. ValueError for shares outside 0..1.

    >>> corrected(Counts(1000, 500, 380), confirmed=0.9, missed_links=0.05)
    Counts(register=900.0, recount=500, both=400.0)
    """
    if not 0 < confirmed <= 1:
        raise ValueError(f"属实率应大于 0、不超过 1，现在是 {confirmed:g}")
    if not 0 <= missed_links < 1:
        raise ValueError(f"漏配率应在 0 到 1 之间（不含 1），现在是 {missed_links:g}")
    register = counts.register * confirmed
    both = min(counts.both / (1 - missed_links), register, counts.recount)
    return Counts(register, counts.recount, both) if (confirmed, missed_links) != (1.0, 0.0) else counts


def audited(counts: Counts, audit: Audit, missed_links: float = 0.0, level: float = exact.LEVEL) -> tuple[Range, Range]:
    """The total and those missing from the true records, after an audit of the register.

    Their ranges hold the doubt of both the lists and the audit. The two doubts are independent: their distances from
    the estimate add up as squares (Zou & Donner 2008).
    """
    share = audit.share(int(counts.register), level)
    middle, *ends = (corrected(counts, max(one, TINY), missed_links) for one in (share.value, share.lower, share.upper))
    lower, upper = interval(middle, level)
    seen, true = middle.seen, middle.register
    all_ = _both(Range(chapman(middle), lower, upper), [chapman(one) for one in ends])
    lacking = Range(chapman(middle) - true, lower - true, upper - true)
    without = _both(lacking, [chapman(one) - one.register for one in ends])
    return Range(all_.value, max(seen, all_.lower), all_.upper), Range(
        without.value, max(seen - true, without.lower), without.upper
    )


def _both(one: Range, other: Sequence[float]) -> Range:
    """One range widened by another doubt, given as the ends it alone would lead to."""
    low, high = min(other), max(other)
    lower = one.value - hypot(one.value - one.lower, one.value - low)
    return Range(one.value, lower, one.value + hypot(one.upper - one.value, high - one.value))


def trimmed(counts: Counts, suspicious: Sequence[bool]) -> list[float | None]:
    """The plain total after leaving out the first 1, 2, … suspicious records (Zhang & Dunne's trimmed estimate).

    `suspicious`: for each record, most suspicious first, whether it was matched in the re-count. Trim while the total
    falls; where it rises again, more true records than invented ones are being left out. None: nobody is left in both.

    >>> [round(n) for n in trimmed(Counts(100, 50, 40), [False, False, True])]
    [124, 122, 124]
    """
    totals: list[float | None] = []
    matched = 0
    for dropped, was_matched in enumerate(suspicious, 1):
        matched += was_matched
        left = counts.both - matched
        totals.append(counts.recount * (counts.register - dropped) / left if left > 0 else None)
    return totals


def where_to_stop(totals: Sequence[float | None], first: float) -> int:
    """How many suspicious records to leave out: as many as make the total smallest; 0 where none helps.

    >>> where_to_stop([124, 122, 124], first=125)
    2
    """
    known = [first, *(float("inf") if one is None else one for one in totals)]
    return known.index(min(known))
