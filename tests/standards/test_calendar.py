"""Months, terms of office and working days."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.standards import calendar, law

days = st.dates(date(1950, 1, 1), date(2049, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2012, 1, 31), 1, date(2012, 2, 29)),
        (date(2011, 1, 31), 1, date(2011, 2, 28)),
        (date(2007, 7, 31), 12, date(2008, 7, 31)),
        (date(2012, 3, 31), -1, date(2012, 2, 29)),
        (date(2012, 1, 15), -13, date(2010, 12, 15)),
        (date(2012, 12, 1), 0, date(2012, 12, 1)),
    ],
)
def test_months_later(day: date, months: int, expected: date) -> None:
    assert calendar.add_months(day, months) == expected


@settings(max_examples=200)
@given(days, st.integers(-240, 240))
def test_months_later_lies_in_the_right_month(day: date, months: int) -> None:
    later = calendar.add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or later == calendar.month_end(later)


@settings(max_examples=200)
@given(days, st.integers(0, 2000))
def test_month_ends_are_just_the_days_before_a_first_of_the_month(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    each = (first + timedelta(days=n) for n in range(length + 1))
    assert calendar.month_ends(first, last) == [day for day in each if (day + timedelta(days=1)).day == 1]


def test_no_month_ends_when_the_last_day_is_before_the_first() -> None:
    assert calendar.month_ends(date(2011, 5, 1), date(2010, 5, 1)) == []


# Kind, village?, elected on; earliest and latest end in years.
TERMS = [
    ("committee", False, date(2007, 7, 1), 3, 5),
    ("branch", False, date(2007, 7, 1), 2, 3),
    ("joint_branch", False, date(2007, 7, 1), 2, 3),
    ("branch", True, date(2007, 7, 1), 2, 3),
    ("general_branch", False, date(2017, 10, 23), 2, 3),
    ("general_branch", False, date(2017, 10, 24), 3, 5),
    ("branch", True, date(2018, 7, 11), 3, 5),
    ("branch", False, date(2018, 7, 11), 3, 5),
    ("branch", False, date(2018, 7, 12), 3, 3),
    ("mobile_branch", False, date(2018, 7, 12), 3, 3),
    ("branch", True, date(2018, 7, 12), 5, 5),
    ("committee", False, date(2018, 7, 12), 5, 5),
]


@pytest.mark.parametrize(("kind", "village", "began", "least", "most"), TERMS)
def test_a_term_runs_by_the_law_of_the_day_it_began(
    kind: calendar.OrgKind, village: bool, began: date, least: int, most: int
) -> None:
    term = calendar.term(kind, began, village)
    assert term.earliest_end == began.replace(year=began.year + least)
    assert term.end == began.replace(year=began.year + most) == calendar.term_end(kind, began, village)
    assert term.reading in law.steps("term_years")


def test_a_term_from_a_29th_of_february_ends_on_a_28th() -> None:
    assert calendar.term_end("branch", date(2020, 2, 29)) == date(2023, 2, 28)


@pytest.mark.parametrize("kind", ["temporary_branch", "functional_branch"])
def test_branches_without_elections_have_no_term(kind: calendar.OrgKind) -> None:
    with pytest.raises(ValueError, match="没有任期"):
        calendar.term(kind, date(2020, 1, 1))


def test_terms_before_2002_are_not_known() -> None:
    with pytest.raises(law.OutsideDates):
        calendar.term("branch", date(2002, 11, 13))


NATIONAL_DAY = [date(2011, 10, n) for n in range(1, 8)]


@pytest.mark.parametrize(
    ("month", "holidays", "working_weekends", "expected"),
    [
        (8, [], [], date(2011, 8, 1)),
        (10, [], [], date(2011, 10, 3)),
        (10, NATIONAL_DAY, [], date(2011, 10, 10)),
        (10, NATIONAL_DAY, [date(2011, 10, 8)], date(2011, 10, 8)),
    ],
)
def test_first_working_day(month: int, holidays: list[date], working_weekends: list[date], expected: date) -> None:
    assert calendar.first_working_day(2011, month, holidays, working_weekends) == expected
