"""Two lists: the printed examples, the ways an estimate must move, and what is never claimed."""

import json
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.engine.estimate import twolists
from dishu.engine.estimate.answers import two
from dishu.engine.estimate.corrections import Audit, audited, corrected, trimmed, where_to_stop
from dishu.engine.estimate.twolists import Counts, chapman, coverage, dependence, interval, petersen, variance


def test_the_textbook_example_of_10_and_15_with_5_in_both():
    counts = Counts(10, 15, 5)
    assert petersen(counts) == 30
    assert chapman(counts) == pytest.approx(28.33, abs=0.005)
    assert [round(end) for end in interval(counts)] == [22, 65]


def test_the_register_of_842():
    one = two(842, 180, 164).numbers()
    assert [round(one[name]) for name in ("total", "lower", "upper")] == [924, 896, 977]
    assert [round(one[name]) for name in ("missing", "missing_lower", "missing_upper")] == [82, 54, 135]
    rates = [one[name] for name in ("coverage", "coverage_lower", "coverage_upper")]
    assert rates == pytest.approx([0.911, 0.860, 0.948], abs=5e-4)
    assert one["warnings"] == []


def test_the_register_of_842_in_the_words_for_officials():
    assert two(842, 180, 164).sentences() == [
        "独立复核找到 180 人，其中 164 人已在册。摸清率约 91.1%（95% 把握：86.0%—94.8%）。",
        "已登记 842 人，估计应有约 924 人（95% 区间 896—977 人），还差约 82 人（54—135 人）；其中 16 人已由复核查明，请补登。",
        "这是下限性质的估计：各名单都查不到的人（如口袋党员）不在其中；名单之间若互相抄录，实际缺口会更大。",
    ]


@pytest.mark.parametrize(
    ("counts", "most"),
    [
        ((1_000, 1_000, 998), 1_012),  # the transformed logit alone says 10^9
        ((60, 60, 60), 64),
        ((1_005, 1_000, 1_000), 1_014),
        ((1_000_000, 1_000_000, 1_000_000), 1_000_005),
    ],
)
def test_two_nearly_complete_lists_leave_little_room(counts, most):
    lower, upper = interval(Counts(*counts))
    assert Counts(*counts).seen <= lower < upper <= most


COUNTS = st.tuples(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400)).map(
    lambda t: Counts(t[0] + t[2], t[1] + t[2], t[2])
)


@given(COUNTS)
@settings(max_examples=150, deadline=None)
def test_the_range_holds_the_estimate_and_everyone_seen_and_is_never_a_point(counts):
    lower, upper = interval(counts)
    assert counts.seen <= lower < upper
    assert lower <= chapman(counts) + 1e-9
    assert chapman(counts) <= upper


@given(COUNTS)
@settings(max_examples=100, deadline=None)
def test_the_two_lists_may_change_places(counts):
    turned = Counts(counts.recount, counts.register, counts.both)
    assert (chapman(turned), variance(turned)) == pytest.approx((chapman(counts), variance(counts)))
    assert interval(turned) == pytest.approx(interval(counts))


@given(COUNTS)
@settings(max_examples=100, deadline=None)
def test_one_more_person_found_in_both_lowers_the_total(counts):
    if counts.both < min(counts.register, counts.recount):
        assert chapman(Counts(counts.register, counts.recount, counts.both + 1)) < chapman(counts)


@given(COUNTS)
@settings(max_examples=60, deadline=None)
def test_the_more_one_list_led_to_the_other_the_more_are_missing(counts):
    totals = [one.value for one in dependence(counts).values()]
    assert totals == sorted(totals)
    assert dependence(counts)[1.0].value == pytest.approx(chapman(counts))


def test_chapman_is_right_on_average_over_everything_that_may_be_seen():
    """Exactly unbiased where both lists together are at least as long as the people are many (here 6 + 5 of 9)."""
    from scipy.stats import hypergeom

    mean = sum(hypergeom.pmf(m, 9, 6, 5) * chapman(Counts(6, 5, m)) for m in range(2, 6))
    assert mean == pytest.approx(9)


@pytest.mark.parametrize(("register", "found"), list(product([1, 60, 842], [1, 7, 20, 60])))
def test_where_nobody_was_missed_nothing_whole_is_claimed(register, found):
    if found > register:
        return
    one = two(register, found, found)
    numbers = one.numbers()
    assert (numbers["coverage"], numbers["coverage_upper"], numbers["total_se"]) == (None, None, None)
    assert numbers["coverage_lower"] == pytest.approx(0.05 ** (1 / found))
    assert numbers["upper"] > numbers["lower"] == register
    assert numbers["missing_upper"] > 0
    assert "100%" not in json.dumps(numbers, ensure_ascii=False).replace(" ", "")
    assert "不能说 100%" in "".join(one.sentences()) or not one.given.enough


@pytest.mark.parametrize(
    ("recount", "both", "shown", "said"),
    [
        (20, 7, True, []),
        (20, 6, False, ["重合人数只有 6 人，少于 7 人"]),
        (19, 7, False, ["独立复核只找到 19 人，少于 20 人"]),
        (15, 5, False, ["重合人数只有 5 人", "独立复核只找到 15 人"]),
    ],
)
def test_too_few_people_are_no_estimate(recount, both, shown, said):
    one = two(50, recount, both)
    assert one.given.enough is shown
    assert [warning.startswith(start) for warning, start in zip(one.warnings(), said, strict=True)] == [True] * len(
        said
    )
    assert ("估计应有" in "".join(one.sentences())) is shown


@pytest.mark.parametrize(
    ("counts", "words"), [((10, 5, 7), "重合 7 人多于"), ((5, 10, 7), "重合 7 人多于"), ((-1, 5, 0), "不能为负")]
)
def test_counts_that_cannot_be_are_refused(counts, words):
    with pytest.raises(ValueError, match=words):
        two(*counts)


def test_nobody_re_counted_is_refused():
    with pytest.raises(ValueError, match="至少 1 人"):
        two(50, 0, 0)


def test_a_draw_from_a_short_list_is_surer_than_one_from_an_endless_one():
    frame, endless = coverage(180, 164, frame=200), coverage(180, 164)
    assert endless.lower < frame.lower < frame.share < frame.upper < endless.upper


def test_more_were_drawn_than_there_are():
    with pytest.raises(ValueError, match="大于名单总数"):
        coverage(180, 164, frame=100)


# Corrections


def test_missed_links_take_their_share_off_the_total_and_add_it_to_the_coverage():
    counts = Counts(1000, 500, 380)
    assert petersen(corrected(counts, missed_links=0.05)) == pytest.approx(petersen(counts) * 0.95)
    assert coverage(500, 380, missed_links=0.05).share == pytest.approx(0.8)


def test_invented_records_move_the_total_and_not_the_coverage_and_the_audit_takes_them_out():
    true, padded = Counts(800, 500, 400), Counts(880, 500, 400)
    assert coverage(500, 400) == coverage(500, 400)
    assert petersen(padded) == pytest.approx(1.1 * petersen(true))
    assert petersen(corrected(padded, confirmed=800 / 880)) == pytest.approx(petersen(true))


def test_an_audit_adds_its_own_doubt():
    counts = Counts(880, 500, 400)
    sure, doubtful = (audited(counts, Audit(n, good))[0] for n, good in ((880, 801), (100, 91)))
    assert doubtful.lower < sure.lower < sure.value < sure.upper < doubtful.upper


def test_an_audit_of_everything_is_the_plain_correction():
    """The whole register looked at, 800 of 880 true: the range is that of a register of 800."""
    total, lacking = audited(Counts(880, 500, 400), Audit(880, 800))
    plain = Counts(800, 500, 400)
    assert (total.value, total.lower, total.upper) == pytest.approx((chapman(plain), *interval(plain)))
    assert (lacking.value, lacking.lower) == pytest.approx((total.value - 800, total.lower - 800))


def test_how_many_are_missing_is_surer_than_how_many_there_are_after_an_audit():
    """Both rise and fall with the number of true records, the difference less."""
    total, lacking = audited(Counts(880, 500, 400), Audit(100, 91))
    assert lacking.upper - lacking.lower < 0.6 * (total.upper - total.lower)


@pytest.mark.parametrize(("confirmed", "missed"), [(0, 0), (1.2, 0), (0.9, 1), (0.9, -0.1)])
def test_shares_outside_their_bounds_are_refused(confirmed, missed):
    with pytest.raises(ValueError, match="率应"):
        corrected(Counts(10, 10, 5), confirmed, missed)


def test_trimming_stops_before_true_records_are_left_out():
    """Ten invented records first (never found again), then true ones (found half the time): stop at ten."""
    suspicious = [False] * 10 + [True, False, True, True] * 3
    totals = trimmed(Counts(110, 50, 40), suspicious)
    assert where_to_stop(totals, petersen(Counts(110, 50, 40))) == 10
    assert totals[9] == pytest.approx(50 * 100 / 40)


def test_trimming_away_everybody_in_both_leaves_no_total():
    assert trimmed(Counts(3, 2, 1), [True, False]) == [None, None]


def test_the_odds_ratios_offered_are_those_of_the_method_page():
    assert twolists.ODDS_RATIOS == (0.5, 1.0, 1.5, 2.0, 3.0)
