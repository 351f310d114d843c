"""What an audit says to officials, before the draw, while it runs and at its end: sentences of the one catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from dishu.engine.sample import fixed, stopping
from dishu.engine.sample.audit import Audit
from dishu.engine.wording import say


def percent(share: float, digits: int = 4) -> str:
    """A share in percent without needless zeros.

    >>> percent(0.05), percent(0.025), percent(0.3656, 2), percent(1, 2)
    ('5%', '2.5%', '37%', '100%')
    """
    return f"{float(f'{share * 100:.{digits}g}'):g}%"


def plan(audit: Audit) -> list[str]:
    """What may be said of an audit not yet begun."""
    n, stops = fixed.sample_size(audit), [stopping.first_stop(audit, early) for early in (0, 1)]
    if audit.size is not None and (n is None or n >= audit.size):
        return [say("audit_plan_all", size=f"{audit.size:,}")]
    said = [
        say(
            "audit_plan",
            size="很多" if audit.size is None else f"{audit.size:,}",
            n=n,
            confidence=percent(1 - float(audit.risk)),
            tolerance=percent(float(audit.tolerance)),
        )
    ]
    if stops[1] is not None:
        said.append(say("audit_plan_sequential", stop=stops[0], stop_one=stops[1]))
    return [*said, say("audit_before")]


def frame(size: int, digest: str) -> str:
    """What to publish before the seed is rolled."""
    return say("audit_frame", size=f"{size:,}", hash=digest)


def drawn(size: int, n: int, seed: str, digest: str) -> str:
    """What anyone needs to draw again."""
    return say("audit_drawn", size=f"{size:,}", n=n, seed=seed, hash=digest)


def standing(found: stopping.Assessment, audit: Audit) -> list[str]:
    """What may be said of an audit with so many records seen: attained risk rounded up, never down."""
    if found.decision == "fail":
        return [say("audit_failed")]
    risk = percent(float(audit.risk))
    if found.decision == "pass":
        rest = say("audit_passed_errors", bad=f"{found.bad:g}") if found.bad else say("audit_passed_clean")
        return [say("audit_passed", risk=risk, remaining=rest)]
    running = say(
        "audit_running",
        n=found.n,
        bad=f"{found.bad:g}",
        attained=_above(found.attained_risk, float(audit.risk)),
        risk=risk,
    )
    to = audit.next_round(found.n)
    return [running, say("audit_next_all") if to in (None, audit.size) else say("audit_next_round", to=to)]


def bound(scores: Sequence[float], audit: Audit) -> list[str]:
    """How many bad records there may be at most, as far as the audit has come; nothing before that says anything."""
    if audit.size is None or not scores:
        return []
    most = stopping.most_bad(scores, audit.size, audit.risk)
    share = percent(ceil(most / audit.size * 1000) / 1000)
    sure = percent(1 - float(audit.risk))
    return [say("audit_bound", confidence=sure, size=f"{audit.size:,}", most=f"{most:,}", share=share)]


def _above(attained: float, limit: float) -> str:
    """A risk that has not reached its limit, with as many digits as it takes to see that.

    >>> _above(0.3656, 0.05), _above(0.0502, 0.05), _above(1.0, 0.05)
    ('37%', '5.02%', '100%')
    """
    texts = (percent(attained, digits) for digits in range(2, 8))
    return next((text for text in texts if float(text[:-1]) > limit * 100), percent(attained, 8))
