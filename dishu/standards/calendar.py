"""Days that matter: ends of months, when a term of office runs out, the first working day of a month."""

import calendar
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from dishu.standards import law

OrgKind = Literal["committee", "general_branch", "branch", "joint_branch", "mobile_branch"]

# How the law on terms calls a kind of organization; temporary and functional branches are not re-elected at all.
_TERM_OF: Final = {
    "committee": "committee",
    "general_branch": "general_branch",
    "branch": "branch",
    "joint_branch": "branch",
    "mobile_branch": "branch",
}


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months later (earlier when negative), or that month's last day.

    >>> add_months(date(2012, 1, 31), 1), add_months(date(2012, 3, 31), -1)
    (datetime.date(2012, 2, 29), datetime.date(2012, 2, 29))
    """
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def month_end(day: date) -> date:
    """The last day of the month a day lies in.

    >>> month_end(date(2008, 2, 3))
    datetime.date(2008, 2, 29)
    """
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def month_ends(first: date, last: date) -> list[date]:
    """The ends of months from `first` to `last`, both included.

    >>> [str(day) for day in month_ends(date(2007, 6, 30), date(2007, 8, 30))]
    ['2007-06-30', '2007-07-31']
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    ends = (month_end(add_months(first.replace(day=1), n)) for n in range(months + 1))
    return [end for end in ends if end <= last]


@dataclass(frozen=True)
class Term:
    """A term of office: the days on which it may and on which it must have run out, and the law it rests on."""

    began: date
    earliest_end: date
    end: date
    reading: law.Reading


def term(kind: OrgKind, began: date, village: bool = False) -> Term:
    """The term of office of an organization elected on `began`, by the law of that day (it holds to the term's end).

    `village`: the organization of a village or community. ValueError for kinds that hold no elections (temporary and
    functional branches); law.OutsideDates before 2002-11-14. Source: 党章, 关于党的基层组织任期的意见.

    >>> running = term("branch", date(2018, 7, 11))
    >>> str(running.earliest_end), str(running.end)
    ('2021-07-11', '2023-07-11')
    """
    if kind not in _TERM_OF:
        raise ValueError(f"{kind} 不换届，没有任期")
    reading = law.at(began).reading("term_years")
    years = reading.value
    least, most = years.get("village_community" if village else "", years[_TERM_OF[kind]])
    return Term(began, add_months(began, least * 12), add_months(began, most * 12), reading)


def term_end(kind: OrgKind, began: date, village: bool = False) -> date:
    """The day by which an organization elected on `began` must be elected anew. Errors as `term`.

    >>> term_end("branch", date(2007, 7, 1)), term_end("committee", date(2018, 7, 12))
    (datetime.date(2010, 7, 1), datetime.date(2023, 7, 12))
    """
    return term(kind, began, village).end


def first_working_day(
    year: int, month: int, holidays: Collection[date] = (), working_weekends: Collection[date] = ()
) -> date:
    """The first day of a month that is neither weekend nor holiday.

    Holidays, and the weekends worked in their place (调休), are set year by year: the caller gives them.

    >>> first_working_day(2011, 10), first_working_day(2011, 10, holidays=[date(2011, 10, n) for n in range(1, 8)])
    (datetime.date(2011, 10, 3), datetime.date(2011, 10, 10))
    """
    day = date(year, month, 1)
    while not _works(day, holidays, working_weekends):
        day += timedelta(days=1)
    return day


def _works(day: date, holidays: Collection[date], working_weekends: Collection[date]) -> bool:
    return day in working_weekends or (day.weekday() < 5 and day not in holidays)
