"""The stop rule: the published stops, the risk it keeps when looked at after every record, and its two certainties."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.engine.sample import Audit, fixed, stopping

SEED = 20261122
FIVE = ("0.05", "0.05")


def by_the_book(scores, audit):
    """The formulas one record at a time, as printed: T after each, and why it ended."""
    size, bad = audit.size, audit.unacceptable
    t = 1 - bad / size
    eta0, d, total, evidence, out = 0.99, 100, 0.0, 1.0, []
    for j, x in enumerate(scores, 1):
        m = (size * t - total) / (size - j + 1)
        eta = min(1 - 2**-52, max((d * eta0 + total) / (d + j - 1), m + (eta0 - t) / 2 / (d + j - 1) ** 0.5))
        evidence *= x * eta / m + (1 - x) * (1 - eta) / (1 - m)
        total += x
        out.append(evidence)
    return out


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([1.0, 1.0, 1.0, 1.0, 0.5, 0.0]), min_size=1, max_size=40))
def test_the_evidence_is_that_of_the_printed_formulas(scores):
    audit = Audit.of(842, *FIVE)
    assert np.exp(stopping.course(scores, audit).evidence) == pytest.approx(by_the_book(scores, audit))


@pytest.mark.parametrize(("early", "stop"), [(0, 65), (1, 113), (2, 153)])
def test_the_first_possible_stops_of_a_register_of_842(early, stop):
    audit = Audit.of(842, *FIVE)
    assert stopping.first_stop(audit, early) == stop
    scores = [0] * early + [1] * (stop - early)
    assert [stopping.assess(scores[:n], audit).decision for n in (stop - 1, stop)] == ["continue", "pass"]


def test_a_clean_unit_of_500_may_stop_after_64_records_where_a_fixed_plan_takes_56():
    audit = Audit.of(500, *FIVE)
    assert (stopping.first_stop(audit), fixed.sample_size(audit)) == (64, 56)


def test_one_early_error_in_seventy_leaves_a_risk_of_37_percent():
    found = stopping.assess([0] + [1] * 69, Audit.of(842, *FIVE))
    assert (found.n, found.bad, found.decision) == (70, 1, "continue")
    assert found.attained_risk == pytest.approx(0.37, abs=0.005)


def test_nothing_seen_is_the_whole_risk():
    assert stopping.assess([], Audit.of(842, *FIVE)) == stopping.Assessment(0, 0, 1.0, "continue")


def test_more_results_than_records_are_refused():
    with pytest.raises(ValueError, match="多于总数 3 条"):
        stopping.assess([1] * 4, Audit.of(3, *FIVE))


def orders(size, bad, number, seed=SEED):
    """So many random orders of a frame, as rows of scores."""
    frame = np.ones(size)
    frame[:bad] = 0
    return np.random.default_rng(seed).permuted(np.tile(frame, (number, 1)), axis=1)


@pytest.mark.parametrize(
    ("size", "tolerance", "risk"),
    [(200, "0.05", "0.05"), (500, "0.05", "0.10"), (300, "0.1", "0.05"), (842, "0.05", "0.05")],
)
def test_a_frame_just_unacceptable_passes_no_oftener_than_the_risk(size, tolerance, risk):
    """10,000 orders, looked at after every record up to the last; three standard errors of leave."""
    audit = Audit.of(size, tolerance, risk)
    passed = stopping.course(orders(size, audit.unacceptable, 10_000), audit).passed(float(audit.risk))[:, -1].mean()
    limit = float(audit.risk)
    assert passed <= limit + 3 * (limit * (1 - limit) / 10_000) ** 0.5
    assert passed > limit / 3  # the rule is no empty promise that never passes anything


@pytest.mark.parametrize("risk", ["0.05", "0.2", "0.5"])
@pytest.mark.parametrize(("size", "bad"), [(6, 1), (10, 2), (12, 3), (14, 4)])
def test_every_order_of_a_small_frame(size, bad, risk):
    """All places the bad records can take, each as likely: the chance of a pass is counted, not simulated."""
    audit = Audit.of(size, f"{bad}/{size}", risk)
    places = list(combinations(range(size), bad))
    scores = np.ones((len(places), size))
    for row, at in enumerate(places):
        scores[row, list(at)] = 0
    assert stopping.course(scores, audit).passed(float(audit.risk))[:, -1].mean() <= float(audit.risk)


def test_looking_daily_with_a_fixed_plan_would_not_keep_the_risk():
    """Why there is a stop rule: the same frame tested anew after every record passes three times too often."""
    audit = Audit.of(500, *FIVE)
    errors = np.cumsum(1 - orders(500, audit.unacceptable, 2000), axis=1)
    enough = {allowed: fixed.sample_size(audit, allowed) for allowed in range(audit.unacceptable)}
    passed = [any(row[n - 1] <= allowed for allowed, n in enough.items() if n) for row in errors]
    assert np.mean(passed) > 0.12


def test_as_many_bad_records_as_are_unacceptable_fail_for_certain():
    audit = Audit.of(100, *FIVE)
    decisions = [stopping.assess([0] * n, audit).decision for n in (4, 5)]
    assert decisions == ["continue", "fail"]


def test_a_pass_does_not_outlive_the_proof_of_the_contrary():
    audit = Audit.of(100, *FIVE)
    good = stopping.first_stop(audit)
    assert stopping.assess([1] * good, audit).decision == "pass"
    assert stopping.assess([1] * good + [0] * 5, audit).decision == "fail"


def test_so_many_good_ones_that_the_rest_cannot_matter_pass_with_no_risk_at_all():
    found = stopping.assess([0] + [1] * 9, Audit.of(10, "0.2", "0.0001"))
    assert (found.attained_risk, found.decision) == (0.0, "pass")


@pytest.mark.parametrize("size", [1, 2, 5])
def test_whoever_has_seen_all_knows(size):
    for scores in product([0, 1], repeat=size):
        audit = Audit.of(size, "0.4", "0.05")
        expected = "fail" if scores.count(0) >= audit.unacceptable else "pass"
        assert stopping.assess(scores, audit).decision == expected


def test_ten_tenths_are_one_whole_record():
    """Scores between 0 and 1 add up without binary dust: nine points of ten are not more than nine."""
    audit = Audit.of(10, "0.1", "0.0001")
    assert stopping.assess([0.9] * 10, audit).decision == "fail"
    assert stopping.assess([0.9] * 9 + [1], audit).decision == "pass"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([0.0, 1.0, 1.0, 1.0]), min_size=2, max_size=80), st.data())
def test_a_better_score_never_raises_the_last_t_and_the_risk_never_rises(scores, data):
    audit = Audit.of(200, "0.1", "0.05")
    run = stopping.course(scores, audit)
    assert (np.diff(run.risk) <= 0).all()
    last = [*scores[:-1], 1.0]
    assert stopping.course(last, audit).evidence[-1] >= run.evidence[-1]


@settings(max_examples=40, deadline=None)
@given(st.integers(20, 400))
def test_less_tolerance_or_less_risk_stops_later(size):
    def stop(tolerance, risk):
        return stopping.first_stop(Audit.of(size, tolerance, risk))

    assert stop("0.1", "0.05") <= stop("0.05", "0.05") <= stop("0.05", "0.01")


@settings(max_examples=40, deadline=None)
@given(st.integers(20, 120), st.integers(0, 20), st.integers(1, 20), st.integers(0, 2**32))
def test_the_most_bad_records_are_the_last_claim_not_disproved(size, bad, drawn, seed):
    """Every claim tried one by one: those above are all disproved, and it is never below what was seen."""
    scores = orders(size, min(bad, size), 1, seed)[0][:drawn]
    audits = [Audit.of(size, f"{claim}/{size}", "0.05") for claim in range(1, size)]
    kept = [a.unacceptable for a in audits if stopping.course(scores, a).risk[-1] > 0.05]
    most = stopping.most_bad(scores, size, "0.05")
    assert most in (max(kept, default=0), size)
    assert drawn - scores.sum() <= most


def test_nothing_seen_may_all_be_bad_and_all_seen_is_counted():
    assert stopping.most_bad([], 10, "0.05") == 10
    assert stopping.most_bad([1, 0, 1, 1], 4, "0.05") == 1
    assert stopping.most_bad([1] * 70 + [0] * 45, 842, "0.05") >= 45


@pytest.mark.parametrize(("tolerance", "most"), [("0.02", 210), ("0.01", 400), ("0.001", 3400)])
def test_strict_tolerances_still_stop(tolerance, most):
    """With a tolerance of 1 % or less the hope must lie above what is to be disproved."""
    assert stopping.first_stop(Audit.of(10**6, tolerance, "0.05")) < most


def test_rounds_of_escalation():
    audit = Audit.of(842, *FIVE)
    assert [audit.next_round(done) for done in (0, 59, 60, 120, 240, 842)] == [60, 60, 120, 240, 842, None]
    assert Audit.of(50, *FIVE).next_round(0) == 50
