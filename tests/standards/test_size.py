"""Size classes of 2017 and above designated size by year, as tables."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.standards import law, size

# Industry, then the lower bounds of large, medium and small for employees (X), turnover (Y), assets (Z), in 万元.
TABLE_2017 = [
    ("A", None, (20_000, 500, 50), None),
    ("B06", (1_000, 300, 20), (40_000, 2_000, 300), None),
    ("C13", (1_000, 300, 20), (40_000, 2_000, 300), None),
    ("D", (1_000, 300, 20), (40_000, 2_000, 300), None),
    ("E47", None, (80_000, 6_000, 300), (80_000, 5_000, 300)),
    ("51", (200, 20, 5), (40_000, 5_000, 1_000), None),
    ("F52", (300, 50, 10), (20_000, 500, 100), None),
    ("54", (1_000, 300, 20), (30_000, 3_000, 200), None),
    ("5810", (1_000, 300, 20), (30_000, 3_000, 200), None),
    ("59", (200, 100, 20), (30_000, 1_000, 100), None),
    ("60", (1_000, 300, 20), (30_000, 2_000, 100), None),
    ("61", (300, 100, 10), (10_000, 2_000, 100), None),
    ("H62", (300, 100, 10), (10_000, 2_000, 100), None),
    ("63", (2_000, 100, 10), (100_000, 1_000, 100), None),
    ("64", (2_000, 100, 10), (100_000, 1_000, 100), None),
    ("65", (300, 100, 10), (10_000, 1_000, 50), None),
    ("7010", None, (200_000, 1_000, 100), (10_000, 5_000, 2_000)),
    ("702", (1_000, 300, 100), (5_000, 1_000, 500), None),
    ("L", (300, 100, 10), None, (120_000, 8_000, 100)),
    ("M73", (300, 100, 10), None, None),
    ("O80", (300, 100, 10), None, None),
    ("R", (300, 100, 10), None, None),
    ("85", (300, 100, 10), None, None),
    ("703", (300, 100, 10), None, None),
    ("K709", (300, 100, 10), None, None),
]
CLASSES = ("large", "medium", "small")


@pytest.mark.parametrize(("industry", "x", "y", "z"), TABLE_2017)
@pytest.mark.parametrize("rank", range(3))
def test_at_the_lower_bounds_of_a_class(industry: str, x: tuple, y: tuple, z: tuple, rank: int) -> None:
    figures = [None if bounds is None else bounds[rank] for bounds in (x, y, z)]
    assert size.size_class(industry, *figures) == CLASSES[rank]


@pytest.mark.parametrize(("industry", "x", "y", "z"), TABLE_2017)
@pytest.mark.parametrize("rank", range(3))
@pytest.mark.parametrize("short", range(3))
def test_one_figure_below_its_bound_is_one_class_down(
    industry: str, x: tuple, y: tuple, z: tuple, rank: int, short: int
) -> None:
    figures = [None if bounds is None else bounds[rank] for bounds in (x, y, z)]
    if figures[short] is not None:
        figures[short] -= 1
        assert size.size_class(industry, *figures) == (*CLASSES, "micro")[rank + 1]


@pytest.mark.parametrize(
    ("industry", "employees", "turnover_wan", "expected"),
    [("52", 60, 400, "small"), ("65", 103, 15_735.28, "medium"), ("c13", 5, 100, "micro"), (" F52 ", 300, 1, "micro")],
)
def test_worked_examples(industry: str, employees: int, turnover_wan: float, expected: str) -> None:
    assert size.size_class(industry, employees, turnover_wan, None) == expected


@pytest.mark.parametrize("industry", ["J", "J66", "83", "P", "S91", "84", "53", "70", "704", "F", "G", "Q", "A52"])
def test_a_trade_outside_the_table_is_refused(industry: str) -> None:
    with pytest.raises(size.NotClassed, match="不在划分办法的行业之内"):
        size.size_class(industry, 100, 100, 100)


@pytest.mark.parametrize("industry", ["", "Z13", "C1", "零售", "13C", "C 13", "C13456"])
def test_what_is_no_industry_code_is_refused(industry: str) -> None:
    with pytest.raises(size.NotClassed, match="不是国民经济行业分类的代码"):
        size.size_class(industry, 100, 100, 100)


def test_a_figure_that_counts_must_be_known() -> None:
    with pytest.raises(size.NotClassed, match="缺少营业收入"):
        size.size_class("C13", 100, None, 100)
    assert size.size_class("M", 100, None, None) == "medium"


def test_before_the_edition_of_2017_there_is_no_answer() -> None:
    assert size.size_class("52", 60, 400, None, day=date(2018, 1, 1)) == "small"
    with pytest.raises(law.OutsideDates):
        size.size_class("52", 60, 400, None, day=date(2011, 10, 1))


@settings(max_examples=200)
@given(
    st.sampled_from([row[0] for row in TABLE_2017]),
    *[st.integers(0, 250_000) for _ in range(3)],
    *[st.integers(0, 5_000) for _ in range(3)],
)
def test_more_of_anything_never_makes_an_enterprise_smaller(
    industry: str, x: int, y: int, z: int, more_x: int, more_y: int, more_z: int
) -> None:
    order = ("micro", "small", "medium", "large")
    before = size.size_class(industry, x, y, z)
    after = size.size_class(industry, x + more_x, y + more_y, z + more_z)
    assert order.index(after) >= order.index(before)


# --- above designated size ---


@pytest.mark.parametrize(
    ("industry", "turnover_wan", "day", "state_owned", "expected"),
    [
        ("C13", 499.99, date(1998, 1, 1), False, False),
        ("C13", 500, date(2006, 12, 31), False, True),
        ("C13", 0, date(2006, 12, 31), True, True),
        ("C13", 0, date(2007, 1, 1), True, False),
        ("C13", 499.99, date(2007, 7, 31), False, False),
        ("C13", 500, date(2007, 7, 31), False, True),
        ("D44", 1_999, date(2010, 12, 31), False, True),
        ("D44", 1_999, date(2011, 1, 1), False, False),
        ("B06", 2_000, date(2011, 1, 1), False, True),
        ("13", 2_000, date(2025, 1, 1), False, True),
        ("52", 1_000_000, date(2007, 7, 31), False, False),
        ("E47", 1_000_000, date(1998, 1, 1), True, False),
    ],
)
def test_above_designated_size(
    industry: str, turnover_wan: float, day: date, state_owned: bool, expected: bool
) -> None:
    assert size.above_size(industry, turnover_wan, day, state_owned) is expected


def test_designated_size_before_1998_is_not_known() -> None:
    with pytest.raises(law.OutsideDates):
        size.above_size("C13", 500, date(1997, 12, 31))


@settings(max_examples=200)
@given(
    st.sampled_from(["B", "C13", "D44", "52", "E"]),
    st.dates(date(1998, 1, 1), date(2026, 1, 1)),
    st.booleans(),
    st.floats(0, 5_000),
    st.floats(0, 5_000),
)
def test_more_turnover_never_takes_an_enterprise_below_size(
    industry: str, day: date, state_owned: bool, turnover: float, more: float
) -> None:
    assert size.above_size(industry, turnover + more, day, state_owned) >= size.above_size(
        industry, turnover, day, state_owned
    )


@pytest.mark.parametrize(
    ("industry", "turnover_wan", "expected"),
    [("51", 1_999, False), ("F51", 2_000, True), ("5211", 500, True), ("61", 200, True), ("62", 199, False),
     ("C13", 10_000, False)],
)  # fmt: skip
def test_above_quota_in_trade_and_catering(industry: str, turnover_wan: float, expected: bool) -> None:
    assert size.above_quota(industry, turnover_wan, date(2012, 1, 1)) is expected
