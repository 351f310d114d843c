"""Wald's lines: the published sample sizes, and a card for the pocket."""

from math import log

import numpy as np
import pytest

from dishu.engine.sample import sprt


@pytest.mark.parametrize(("reported", "expected"), [("0.505", 46_151), ("0.52", 2_902), ("0.60", 119)])
def test_margins_of_1_4_and_20_percent_at_risk_10_percent(reported, expected):
    """BRAVO, Table 1 (Lindeman, Stark & Yates 2012)."""
    assert sprt.expected_sample(reported, "0.1") == expected


def test_the_lines_are_where_the_likelihood_ratio_says():
    p1, p2, a, b = 0.01, 0.05, 0.05, 0.1
    found = sprt.lines(str(p1), str(p2), str(a), str(b))
    for n in (10, 100, 1000):
        for line, bound in (
            (found.slope * n - found.accept, b / (1 - a)),
            (found.slope * n + found.reject, (1 - b) / a),
        ):
            ratio = line * log(p2 / p1) + (n - line) * log((1 - p2) / (1 - p1))
            assert ratio == pytest.approx(log(bound))


def test_both_risks_are_kept():
    """5,000 audits of a good and of a bad stream; Wald's bounds are approximate, a tenth of leave."""
    card, n = sprt.lines("0.01", "0.05", "0.05", "0.1"), np.arange(1, 3001)
    rng = np.random.default_rng(20261122)

    def accepted(share):
        bad = np.cumsum(rng.random((5000, 3000)) < share, axis=1)
        accepts, rejects = bad <= card.slope * n - card.accept, bad >= card.slope * n + card.reject
        return (np.argmax(accepts, 1) < np.where(rejects.any(1), np.argmax(rejects, 1), 3001)) & accepts.any(1)

    assert 1 - accepted(0.01).mean() < 0.055
    assert accepted(0.05).mean() < 0.11


def test_the_card():
    card = sprt.lines("0.01", "0.05", "0.05", "0.1")
    assert [card.at(n) for n in (20, 54, 55, 95)] == [(None, 3), (None, 4), (0, 4), (1, 5)]


@pytest.mark.parametrize("wrong", [("0.05", "0.01", "0.05", "0.1"), ("0.01", "0.05", "0.5", "0.5")])
def test_lines_that_cannot_be(wrong):
    with pytest.raises(ValueError, match="应小于"):
        sprt.lines(*wrong)
    with pytest.raises(ValueError, match="应大于"):
        sprt.expected_sample("0.5", "0.1")
