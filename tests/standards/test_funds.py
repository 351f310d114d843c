"""Where the money goes: every fen can be followed to the centre and back, and all parts add up."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.standards import funds, law, money

YEAR = date(2026, 12, 31)
HALVES = {"省": Fraction(1, 10), "市": Fraction(1, 5), "县": Fraction(7, 10)}
payments = st.lists(
    st.builds(funds.Payment, st.text("甲乙丙", min_size=1), st.sampled_from(["一支部", "二支部"]), st.integers(0, 200_000), st.booleans()),
    min_size=1, max_size=30,
).map(tuple)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(payments, st.fractions(0, 1))
def test_every_fen_arrives_somewhere_by_payment_and_by_level(paid, back):
    year = funds.flow(paid, YEAR, HALVES, {"县": back})
    for at, one in enumerate(paid):
        lines = [line for line in year.lines if line.payment == at and line.kind == "share"]
        assert sum(line.amount for line in lines) == one.amount
        assert all(line.branch == one.branch and line.amount > 0 for line in lines)
        returned = sum(line.amount for line in year.lines if line.payment == at and line.kind == "return")
        assert returned <= sum(line.amount for line in lines if line.level == "县")
    whole = sum(one.amount for one in paid)
    assert year.total("share") == whole
    assert sum(year.kept(level) for level in ("centre", *HALVES)) + year.total("return") == whole


@settings(max_examples=80, deadline=None)
@given(payments)
def test_the_centre_gets_its_five_percent_and_the_large_voluntary_payments_whole(paid):
    year = funds.flow(paid, YEAR, HALVES)
    large = sum(one.amount for one in paid if one.voluntary and one.amount >= 100_000)
    ordinary = sum(one.amount for one in paid) - large
    assert abs(year.total("share", "centre") - large - ordinary * Fraction(1, 20)) < 1


@pytest.mark.parametrize(
    ("amount", "voluntary", "centre"), [(99_999, True, 5000), (100_000, True, 100_000), (100_000, False, 5000)]
)
def test_a_single_voluntary_payment_of_1000_yuan_goes_whole_to_the_centre(amount, voluntary, centre):
    paid = (funds.Payment("甲", "一支部", amount, voluntary),)
    assert funds.flow(paid, YEAR, {"县": Fraction(1)}).total("share", "centre") == centre


def test_everything_but_the_centres_share_may_come_back_to_the_branch():
    paid = (funds.Payment("甲", "企业支部", 12_000), funds.Payment("乙", "机关支部", 8_000))
    year = funds.flow(paid, YEAR, HALVES, dict.fromkeys(HALVES, Fraction(1)))
    assert (year.total("return", branch="企业支部"), year.total("share", "centre")) == (11_400, 1_000)
    assert [year.kept(level) for level in HALVES] == [0, 0, 0]


def test_before_the_opinion_of_2012_no_rule_names_a_return():
    paid = (funds.Payment("甲", "企业支部", 12_000),)
    with pytest.raises(law.OutsideDates, match="2012-05-25起"):
        funds.flow(paid, date(2011, 12, 31), HALVES, {"县": Fraction(1, 2)})
    assert funds.flow(paid, date(2011, 12, 31), HALVES).total("share", "centre") == 600


@pytest.mark.parametrize(
    "shares", [{}, {"县": Fraction(1, 2)}, {"县": Fraction(3, 2), "市": Fraction(-1, 2)}, {"centre": Fraction(1)}]
)
def test_shares_that_are_not_one_together_are_refused(shares):
    with pytest.raises(ValueError, match="合计为 1"):
        funds.flow((funds.Payment("甲", "一支部", 100),), YEAR, shares)


@pytest.mark.parametrize("back", [Fraction(-1, 10), Fraction(11, 10)])
def test_more_than_all_cannot_come_back(back):
    with pytest.raises(ValueError, match="县 的返还比例"):
        funds.flow((funds.Payment("甲", "一支部", 100),), YEAR, {"县": Fraction(1)}, {"县": back})


def test_a_payment_below_nothing_is_refused():
    with pytest.raises(ValueError, match="甲 交纳 -1 分"):
        funds.flow((funds.Payment("甲", "一支部", -1),), YEAR, {"县": Fraction(1)})


def test_the_centres_share_is_due_by_the_end_of_april_of_the_next_year():
    for year in (2007, 2026):
        found = funds.remittance(100_010, year)
        assert (found.amount, found.due) == (5_001, date(year + 1, 4, 30))  # 50.005 yuan, half up


@pytest.mark.parametrize(("spent", "short"), [(0, 30_000), (29_999, 1), (30_000, 0), (60_000, 0)])
def test_an_association_below_three_percent_falls_short(spent, short):
    assert funds.association_shortfall(1_000_000, spent, date(2011, 12, 31)).amount == short


@pytest.mark.parametrize(("spent", "deducted"), [(0, 0), (9_999, 9_999), (10_000, 10_000), (50_000, 10_000)])
def test_an_enterprise_deducts_what_it_spent_up_to_one_percent_of_wages(spent, deducted):
    assert funds.deductible(1_000_099, spent, date(2015, 12, 31)).amount == deducted


def test_before_their_rules_there_is_neither_fund():
    for ask in (funds.association_shortfall, funds.deductible):
        with pytest.raises(law.OutsideDates):
            ask(1000, 0, date(2007, 12, 31))
    with pytest.raises(ValueError, match="不能小于 0"):
        funds.deductible(-1, 0, YEAR)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.integers(0, 100), min_size=1, max_size=8).filter(any))
def test_parts_add_up_and_none_is_a_fen_off(total, weights):
    parts = money.apportion(total, weights)
    assert sum(parts) == total
    assert all(
        abs(part - Fraction(total * weight, sum(weights))) < 1 for part, weight in zip(parts, weights, strict=True)
    )


def test_nothing_can_be_shared_out_by_no_weights():
    with pytest.raises(ValueError, match="没有可以据以分配的比例"):
        money.apportion(1, [0, 0])
