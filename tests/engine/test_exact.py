"""Exact intervals: against enumeration in fractions, against what is printed, and in the way they must move."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.engine import exact


def probability(k: int, drawn: int, size: int, there: int) -> Fraction:
    return Fraction(comb(there, k) * comb(size - there, drawn - k), comb(size, drawn))


def enumerated(hits: int, drawn: int, size: int, tail: Fraction) -> tuple[int, int]:
    """Every number of hits in the list that neither tail rules out, counted one by one in whole numbers."""
    kept = [
        there
        for there in range(hits, size - drawn + hits + 1)
        if sum(probability(k, drawn, size, there) for k in range(hits, drawn + 1)) > tail
        and sum(probability(k, drawn, size, there) for k in range(hits + 1)) > tail
    ]
    return kept[0], kept[-1]


@pytest.mark.parametrize("size", [1, 2, 7, 20])
def test_the_interval_of_a_short_list_is_the_enumerated_one(size):
    for drawn in range(1, size + 1):
        for hits in range(drawn + 1):
            assert exact.hypergeometric_interval(hits, drawn, size, 0.95) == enumerated(
                hits, drawn, size, Fraction(25, 1000)
            )


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [
        (164, 180, 0.860, 0.948),  # the register of 842
        (0, 10, 0.0, 0.308),  # the "rule of three" and a bit: 1 - .025^(1/10)
        (10, 10, 0.692, 1.0),
        (5, 10, 0.187, 0.813),
    ],
)
def test_clopper_pearson_as_printed_in_tables(hits, trials, low, high):
    assert exact.clopper_pearson(hits, trials) == pytest.approx((low, high), abs=5e-4)


def test_sixty_of_sixty_is_at_least_95_1_percent():
    assert exact.at_least(60, 60) == pytest.approx(0.05 ** (1 / 60))
    assert exact.at_least(60, 60) == pytest.approx(0.951, abs=5e-4)


@pytest.mark.parametrize("share", [0.03, 0.2, 0.5, 0.9])
def test_the_interval_holds_the_truth_as_often_as_it_says(share):
    """Summed over everything that may be seen, not simulated."""
    from scipy.stats import binom

    held = sum(
        binom.pmf(hits, 40, share)
        for hits in range(41)
        if exact.clopper_pearson(hits, 40)[0] <= share <= exact.clopper_pearson(hits, 40)[1]
    )
    assert held >= 0.95


COUNTS = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(COUNTS, st.sampled_from([0.8, 0.95, 0.99]))
@settings(max_examples=100, deadline=None)
def test_it_holds_what_was_seen_mirrors_and_widens_with_the_level(counts, level):
    hits, trials = counts
    low, high = exact.clopper_pearson(hits, trials, level)
    assert 0 <= low <= hits / trials <= high <= 1
    assert exact.clopper_pearson(trials - hits, trials, level) == pytest.approx((1 - high, 1 - low))
    wider = exact.clopper_pearson(hits, trials, 0.995)
    assert wider[0] <= low
    assert high <= wider[1]


@given(COUNTS, st.integers(0, 500))
@settings(max_examples=60, deadline=None)
def test_one_more_hit_never_lowers_either_end(counts, more):
    hits, drawn = counts
    size = drawn + more
    ends = exact.hypergeometric_interval(hits, drawn, size)
    assert hits <= ends[0] <= ends[1] <= size - drawn + hits
    if hits < drawn:
        up = exact.hypergeometric_interval(hits + 1, drawn, size)
        assert ends[0] <= up[0]
        assert ends[1] <= up[1]


def test_a_long_list_gives_what_an_endless_one_gives():
    low, high = exact.hypergeometric_interval(164, 180, 1_000_000)
    assert (low / 1e6, high / 1e6) == pytest.approx(exact.clopper_pearson(164, 180), abs=1e-3)


@pytest.mark.parametrize(
    ("hits", "trials", "level"), [(1, 0, 0.95), (-1, 5, 0.95), (6, 5, 0.95), (1, 5, 1.0), (1, 5, 95)]
)
def test_what_cannot_be_is_refused_in_words(hits, trials, level):
    with pytest.raises(ValueError, match="人数不合|把握程度"):
        exact.clopper_pearson(hits, trials, level)


def test_more_drawn_than_there_are_is_refused():
    with pytest.raises(ValueError, match="抽取数 6 大于名单总数 5"):
        exact.hypergeometric_interval(1, 6, 5)
