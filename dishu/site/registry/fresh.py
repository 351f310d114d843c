"""Which records count as verified on a day: somebody looked, and not too long ago; the figures say the same."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from dishu.engine.facts import LOOKED
from dishu.standards import calendar, law


def oldest(day: date) -> date:
    """The first day on which a look still counts on `day`, by the rule of that day.

    >>> oldest(date(2026, 11, 23)), oldest(date(2025, 2, 28))
    (datetime.date(2025, 11, 24), datetime.date(2024, 3, 1))
    """
    months = law.at(day).value("verification_valid_months")
    first = calendar.add_months(day, -months)
    while calendar.add_months(first, months) <= day:
        first += timedelta(days=1)
    return first


def fresh(day: date) -> Q:
    """States (of units, of members) that were verified as of a day."""
    return Q(verified_on__gte=oldest(day), verified_on__lte=day, channel__in=LOOKED)


def is_fresh(state: object, day: date, since: date | None = None) -> bool:
    """The same of one state at hand. `since`: the `oldest` of that day, where many states are asked about."""
    looked = getattr(state, "verified_on", None)
    return looked is not None and (since or oldest(day)) <= looked <= day and getattr(state, "channel", None) in LOOKED


def why_not(state: object, day: date, since: date | None = None) -> str:
    """Why what a state says does not count as verified, in words; empty where it does."""
    if is_fresh(state, day, since):
        return ""
    return _("已过有效期") if getattr(state, "channel", None) in LOOKED else _("未核实")
