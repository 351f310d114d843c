"""How many to draw: the printed table to the record, and every edge counted in whole numbers."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.engine import hypergeometric
from dishu.engine.sample import Audit, fixed
from dishu.engine.sample.audit import share


def chance(found: int, size: int, bad: int, n: int) -> Fraction:
    """At most `found` bad among n drawn of size, by the definition."""
    ways = sum(comb(bad, i) * comb(size - bad, n - i) for i in range(found + 1) if i <= n)
    return Fraction(ways, comb(size, n))


# tolerance 5 %, risk 5 %, with 0, 1, 2 errors; None: without end (binomial)
TABLE = {
    50: (31, 43, 50), 100: (45, 65, 81), 200: (51, 78, 101), 500: (56, 87, 114), 842: (56, 88, 116),
    1000: (57, 90, 119), 5000: (59, 93, 123), None: (59, 93, 124),
}  # fmt: skip


@pytest.mark.parametrize(("size", "numbers"), TABLE.items())
def test_the_table_of_plans(size, numbers):
    assert fixed.table(Audit.of(size, "0.05", "0.05")) == list(enumerate(numbers))


@pytest.mark.parametrize(
    ("size", "tolerance", "bad"),
    [
        (100, 0.07, 7),  # 100 * 0.07 is 7.000000000000001 in binary: eight would be a laxer audit
        (100, 0.29, 29),
        (1000, "0.057", 57),
        (842, "5%", 43),
        (10, "0.01", 1),
        (3, "1/3", 1),
    ],
)
def test_what_is_unacceptable_is_counted_without_binary_fractions(size, tolerance, bad):
    assert Audit.of(size, tolerance, "0.05").unacceptable == bad


@pytest.mark.parametrize("text", ["0", "1", "5", "-0.1", "五", "", "1/0", "nan"])
def test_a_share_that_is_none_is_refused_in_chinese(text):
    with pytest.raises(ValueError, match="容许差错率"):
        share(text, "容许差错率")


def test_no_records_cannot_be_audited():
    with pytest.raises(ValueError, match="至少要有 1 条"):
        Audit.of(0, "0.05", "0.05")


def test_as_many_errors_as_are_unacceptable_have_no_plan():
    """Ten records, one bad is too many: with one error allowed nothing could be disproved."""
    assert fixed.table(Audit.of(10, "0.05", "0.05")) == [(0, 10)]


settled = settings(max_examples=60, deadline=None)
audits = st.builds(
    Audit.of, st.integers(1, 300), st.fractions(Fraction(1, 100), Fraction(1, 2)), st.sampled_from([0.01, 0.05, 0.1])
)


@settled
@given(audits, st.integers(0, 3))
def test_the_plan_keeps_its_risk_and_one_record_less_would_not(audit, errors):
    n = fixed.sample_size(audit, errors)
    if n is None:
        assert errors >= audit.unacceptable
        return
    assert chance(errors, audit.size, audit.unacceptable, n) <= audit.risk
    assert chance(errors, audit.size, audit.unacceptable, n - 1) > audit.risk


@settled
@given(st.integers(1, 400), st.fractions(Fraction(1, 50), Fraction(1, 2)))
def test_less_tolerance_less_risk_or_more_errors_need_more_records(size, tolerance):
    base = fixed.sample_size(Audit.of(size, tolerance, "0.05"))
    assert fixed.sample_size(Audit.of(size, tolerance / 2, "0.05")) >= base
    assert fixed.sample_size(Audit.of(size, tolerance, "0.01")) >= base
    assert (fixed.sample_size(Audit.of(size, tolerance, "0.05"), 1) or size) >= base


@pytest.mark.parametrize("errors", [0, 1, 2])
def test_longer_lists_with_the_same_share_of_bad_records_need_no_fewer(errors):
    numbers = [fixed.sample_size(Audit.of(size, "0.05", "0.05"), errors) for size in range(100, 4000, 20)]
    assert numbers == sorted(numbers)
    assert numbers[-1] <= fixed.sample_size(Audit.of(None, "0.05", "0.05"), errors)


@settled
@given(st.integers(0, 40), st.integers(1, 2500), st.integers(501, 2000), st.integers(501, 2000))
def test_logarithms_decide_as_whole_numbers_do(found, more, bad, n):
    size = max(bad, n) + more
    exact = hypergeometric.at_most(found, size, bad, n)
    for risk in (Fraction(1, 20), Fraction(1, 1000)):
        assert hypergeometric.unlikely(found, size, bad, n, risk) == (Fraction(*exact) <= risk)


def test_at_the_very_edge_the_whole_numbers_decide():
    """The risk set to exactly the chance, and a hair below."""
    risk = Fraction(*hypergeometric.at_most(30, 40_000, 1000, 1200))
    hair = risk * Fraction(10**15 - 1, 10**15)
    assert hypergeometric.unlikely(30, 40_000, 1000, 1200, risk)
    assert not hypergeometric.unlikely(30, 40_000, 1000, 1200, hair)


@pytest.mark.parametrize(
    ("tolerance", "n"), [("0.05", 59), ("0.001", 2990), ("0.00001", 258_865), ("0.000001", 950_000)]
)
def test_a_million_records(tolerance, n):
    assert fixed.sample_size(Audit.of(10**6, tolerance, "0.05")) == n


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="坏 11"):
        hypergeometric.at_most(0, 10, 11, 2)
