"""Who is covered and who is not: every published number is declared here once, as a population and a test."""

from __future__ import annotations

from dishu.engine.indicators.coverage import COVERAGE, PLAN, SUMS
from dishu.engine.indicators.definition import PARTS, Indicator
from dishu.engine.indicators.people import CHECKS, ORGS, PEOPLE
from dishu.engine.indicators.six import SIX, VARIANTS
from dishu.engine.indicators.table27 import LINES

#: All indicators, in the order in which a reader wants them.
ALL: tuple[Indicator, ...] = (*SIX, *VARIANTS, *COVERAGE, *PLAN, *PEOPLE, *ORGS, *CHECKS, *SUMS, *LINES)
BY_CODE: dict[str, Indicator] = {i.code: i for i in ALL}


class UnknownIndicator(LookupError):
    """No indicator has this code; the message lists those that exist."""

    def __init__(self, code: str) -> None:
        super().__init__(f"没有指标 {code}。现有指标：{'、'.join(BY_CODE)}")


def get(code: str) -> Indicator:
    """The indicator of that code.

    >>> get("base_known").name
    '党组织和党员底数100%摸清'
    """
    if code not in BY_CODE:
        raise UnknownIndicator(code)
    return BY_CODE[code]


__all__ = ["ALL", "BY_CODE", "PARTS", "SIX", "Indicator", "UnknownIndicator", "get"]
