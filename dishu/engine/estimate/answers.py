"""What two lists say, whole: numbers under plain names for machines, sentences with ranges for officials."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, sqrt
from typing import Any

from dishu.engine import exact
from dishu.engine.estimate import corrections, twolists
from dishu.engine.estimate.twolists import Counts, Coverage, Range
from dishu.engine.wording import say

METHOD = "Chapman 估计，变换 logit 区间（Sadinle 2009），摸清率用精确区间"


@dataclass(frozen=True)
class Two:
    """The answer of a register and an independent re-count; `given` are the counts before any correction."""

    given: Counts
    counts: Counts
    total: Range
    missing: Range
    coverage: Coverage
    method: str
    level: float

    def warnings(self) -> list[str]:
        """What must be said beside the numbers."""
        counts, said = self.given, too_few(self.given)
        if self.coverage.upper is None:
            said.append(say("estimate_bound_only"))
        if 0 < counts.both == counts.register < counts.recount:
            said.append(say("estimate_all_recounted"))
        return said

    def numbers(self) -> dict[str, Any]:
        """Every number by name (people; shares 0..1); where nobody was missed no share, upper end or error is given."""
        spread = sqrt(twolists.variance(self.counts))
        return {
            "seen": _whole(self.counts.seen),
            "petersen": twolists.petersen(self.counts),
            "total": self.total.value,
            "total_se": spread or None,
            "lower": self.total.lower,
            "upper": self.total.upper,
            "missing": self.missing.value,
            "missing_lower": self.missing.lower,
            "missing_upper": self.missing.upper,
            "coverage": self.coverage.share,
            "coverage_lower": self.coverage.lower,
            "coverage_upper": self.coverage.upper,
            "method": self.method,
            "warnings": self.warnings(),
        }

    def sentences(self) -> list[str]:
        """The same for officials; only that there are too few data where no estimate may be shown."""
        if not self.given.enough:
            return self.warnings()[:1]
        rounded = dict(register=_people(self.given.register), confirmed=_people(self.counts.register))
        confirmed = [say("estimate_confirmed", **rounded)] if self.counts.register != self.given.register else []
        return [self._coverage(), *confirmed, self._total(), say("estimate_floor")]

    def _coverage(self) -> str:
        rate, counts = self.coverage, self.given
        if rate.share is None or rate.upper is None:
            return say("estimate_none_missed", recount=counts.recount, lower=percent(rate.lower), level=self.level)
        return say("estimate_coverage", recount=counts.recount, both=counts.both, share=percent(rate.share),
                   lower=percent(rate.lower), upper=percent(rate.upper), level=self.level)  # fmt: skip

    def _total(self) -> str:
        ends = dict(register=_people(self.counts.register), lower=_people(self.total.lower),
                    upper=_people(self.total.upper), level=self.level)  # fmt: skip
        if self.coverage.share is None:
            return say("estimate_total_none_missed", **ends)
        lacking = self.missing
        return say("estimate_total", **ends, total=_people(self.total.value), missing=_people(lacking.value),
                   missing_lower=_people(lacking.lower), missing_upper=_people(lacking.upper),
                   known=_people(self.counts.recount - self.counts.both))  # fmt: skip


def two(
    register: int,
    recount: int,
    both: int,
    level: float = exact.LEVEL,
    frame: int | None = None,
    audit: corrections.Audit | None = None,
    missed_links: float = 0.0,
) -> Two:
    """Coverage, total and missing from two lists, with what is known to be wrong with them put right.

    Counts of people; `frame`: people on the list the re-count was drawn from; `audit` of the register's records;
    `missed_links` 0..1. ValueError for counts that cannot be.

    >>> one = two(842, 180, 164)
    >>> one.sentences()[1][:48]
    '已登记 842 人，估计应有约 924 人（95% 区间 896—977 人），还差约 82 人'
    """
    given = Counts(register, recount, both)
    confirmed = audit.share(register, level).value if audit else 1.0
    counts = corrections.corrected(given, confirmed, missed_links)
    total = twolists.total(counts, level)
    lacking = Range(*(n - counts.register for n in (total.value, total.lower, total.upper)))
    if audit:
        total, lacking = corrections.audited(given, audit, missed_links, level)
    rate = twolists.coverage(recount, both, level, frame, missed_links)
    done = [f"，按抽查属实率 {percent(confirmed)} 修正"] if audit else []
    done += [f"，按漏配率 {missed_links:.1%} 修正"] if missed_links else []
    return Two(given, counts, total, lacking, rate, METHOD + "".join(done), level)


def of(counts: Counts, level: float = exact.LEVEL) -> Two:
    """The answer of whole counts as they are."""
    return two(int(counts.register), int(counts.recount), int(counts.both), level)


def too_few(counts: Counts) -> list[str]:
    """Why no estimate may be shown; empty where one may."""
    few = []
    if counts.both < twolists.FEWEST_BOTH:
        few.append(say("estimate_few_both", both=counts.both, fewest=twolists.FEWEST_BOTH))
    if counts.recount < twolists.FEWEST_RECOUNT:
        few.append(say("estimate_few_recount", recount=counts.recount, fewest=twolists.FEWEST_RECOUNT))
    return few


def percent(share: float) -> str:
    """A share in percent; near the ends with more digits, cut off rather than rounded: never the whole.

    >>> percent(0.911), percent(0.9512), percent(0.9951), percent(0.99999), percent(0.0004)
    ('91.1%', '95.1%', '99.5%', '99.99%', '0.0%')
    """
    return f"{share:.1%}" if share < 0.9995 else f"{floor(min(share, 0.9999) * 10_000) / 10_000:.2%}"


def _people(number: float) -> int:
    return round(number)


def _whole(number: float) -> float | int:
    return int(number) if number == int(number) else number
