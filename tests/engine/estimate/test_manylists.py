"""Three and more lists: published tables reproduced, likelihood equations kept, and refusals where no estimate exists."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.engine.estimate import manyanswers
from dishu.engine.estimate.cells import Cells
from dishu.engine.estimate.fitting import fit
from dishu.engine.estimate.manylists import lists, lower_bound
from dishu.engine.estimate.models import design, formula, models, terms
from dishu.engine.estimate.profile import profile

#: HIV in Rome 1990 by four kinds of centres (Abeni, Brancato & Perucci 1994; the example of Rcapture's manual).
ROME = dict(pair.split(":") for pair in ["1111:0", "1110:3", "1101:1", "1100:33", "1011:0", "1010:20", "1001:6", "1000:403", "0111:3", "0110:35", "0101:10", "0100:545", "0011:11", "0010:621", "0001:205"])  # fmt: skip
MAIN = "c1 + c2 + c3 + c4"


def rome() -> Cells:
    return Cells.of(["c1", "c2", "c3", "c4"], {history: int(count) for history, count in ROME.items()})


def named(found) -> dict[str, dict]:
    return {model["formula"]: model for model in found.models()}


@pytest.mark.parametrize(
    ("model", "total", "se", "deviance", "df"),
    [(MAIN, 11_124.6, 904.8, 13.03, 10), (f"{MAIN} + c1:c2", 12_318.5, 1_188.7, 7.61, 9)],
)
def test_rome_is_as_published(model, total, se, deviance, df):
    one = named(lists(rome()))[model]
    assert one["total"] == pytest.approx(total, rel=1e-5)
    assert one["se"] == pytest.approx(se, rel=1e-4)
    assert one["deviance"] == pytest.approx(deviance, abs=0.005)
    assert one["df"] == df


def test_in_rome_the_fit_picks_the_model_of_the_manual():
    best = lists(rome()).models()[0]
    assert (best["formula"], round(best["aic"], 2)) == (f"{MAIN} + c1:c2", 86.65)


def test_the_profile_of_rome_is_as_published():
    one = profile(rome(), models(4)[1])
    assert [round(end) for end in (one.value, one.lower, one.upper)] == [12_308, 10_266, 14_992]


def test_what_is_shown_of_rome_is_wider_than_the_best_model_alone():
    found = lists(rome())
    own = profile(rome(), models(4)[1])
    assert found.shown.lower < own.lower
    assert own.upper < found.shown.upper
    assert found.envelope[0] < found.averaged.value < found.envelope[1]


@pytest.mark.parametrize(("k", "many"), [(3, 8), (4, 113), (5, 1_024)])
def test_there_are_so_many_models_each_with_its_lower_terms(k, many):
    rows = models(k)
    assert len(rows) == len({tuple(row) for row in rows}) == many
    place = {term: n for n, term in enumerate(terms(k))}
    for term in terms(k):
        for left_out in term:
            lower = tuple(i for i in term if i != left_out)
            assert (rows[:, place[lower]] | ~rows[:, place[term]]).all()


@pytest.mark.parametrize("k", [2, 6])
def test_of_two_or_six_lists_there_are_no_models(k):
    with pytest.raises(ValueError, match="3 到 5 份名单"):
        models(k)


TABLES = st.integers(3, 4).flatmap(
    lambda k: st.lists(st.integers(1, 60), min_size=2**k - 1, max_size=2**k - 1).map(
        lambda counts: Cells(tuple("abcd"[:k]), np.array([0.0, *counts]), np.array([False] + [True] * len(counts)))
    )
)


@given(TABLES)
@settings(max_examples=12, deadline=None)
def test_every_model_gives_back_the_sums_it_is_made_of(cells):
    """The likelihood equations: for each term of the model, as many people expected as seen with all its lists."""
    k = len(cells.names)
    rows, counts = design(k)[1:], cells.counts[1:]
    found = fit(cells)
    for chosen, unseen, deviance in zip(found.chosen, found.unseen, found.deviance, strict=True):
        if np.isnan(unseen):
            continue
        means = refit(rows[:, chosen], counts)
        assert rows[:, chosen].T @ means == pytest.approx(rows[:, chosen].T @ counts, rel=1e-6)
        assert 2 * np.sum(counts * np.log(counts / means) - counts + means) == pytest.approx(deviance, abs=1e-5)


def refit(rows, counts):
    """One model on its own, plainly."""
    beta = np.linalg.lstsq(rows, np.log(counts + 0.5), rcond=None)[0]
    for _ in range(100):
        means = np.exp(rows @ beta)
        beta = beta + np.linalg.solve(rows.T @ (means[:, None] * rows), rows.T @ (counts - means))
    return np.exp(rows @ beta)


@given(TABLES.filter(lambda cells: len(cells.names) == 3))
@settings(max_examples=40, deadline=None)
def test_two_pairs_of_three_lists_have_a_closed_form(cells):
    """With a:b and a:c, outside a the lists b and c are independent: unseen = n010 n001 / n011."""
    found = fit(cells)
    at = next(i for i, chosen in enumerate(found.chosen) if formula("abc", chosen) == "a + b + c + a:b + a:c")
    by_hand = cells.counts[0b010] * cells.counts[0b001] / cells.counts[0b011]
    assert found.unseen[at] == pytest.approx(by_hand, rel=1e-6)


@given(TABLES, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_the_lists_does_not_matter(cells, random):
    k = len(cells.names)
    order = random.choice(list(permutations(range(k))))
    turned = Cells(
        tuple(cells.names[i] for i in order),
        np.array([cells.counts[sum(1 << (k - 1 - order[at]) for at in range(k) if history >> (k - 1 - at) & 1)]
                  for history in range(2**k)]),
        cells.possible,
    )  # fmt: skip
    one, other = lists(cells), lists(turned)
    assert lower_bound(turned) == pytest.approx(lower_bound(cells))
    if one.shown is None:
        assert other.shown is None
    else:
        ends = (other.shown.value, other.shown.lower, other.shown.upper)
        assert ends == pytest.approx((one.shown.value, one.shown.lower, one.shown.upper), rel=1e-6)


@given(TABLES)
@settings(max_examples=40, deadline=None)
def test_what_is_shown_holds_the_average_and_the_envelope_and_more_than_was_seen(cells):
    found = lists(cells)
    if found.shown:
        assert cells.seen < found.shown.lower < found.shown.value < found.shown.upper
        assert found.shown.lower <= min(found.averaged.lower, found.envelope[0])
        assert found.shown.upper >= max(found.averaged.upper, found.envelope[1])


def test_with_true_means_for_counts_the_true_total_comes_out():
    """Expected counts of 10,000 people, independent lists: every model finds the 10,000."""
    chances = np.array([0.3, 0.4, 0.2, 0.25])
    on = Cells.of("abcd", {}).histories
    counts = 10_000 * np.prod(np.where(on, chances, 1 - chances), axis=1)
    cells = Cells(tuple("abcd"), np.where(np.arange(16), counts, 0), np.arange(16) > 0)
    found = fit(cells)
    assert cells.counts.sum() + found.unseen[found.usable] == pytest.approx(np.full(len(found.usable), 10_000))


@pytest.mark.parametrize(
    ("counted", "reason"),
    [
        ({"100": 30, "010": 20, "001": 25, "101": 8, "011": 7}, "no_overlap"),
        ({"100": 30, "010": 20, "001": 25, "110": 6, "101": 8, "011": 7, "111": 3}, "saturated"),
        ({"100": 30, "010": 20, "001": 25, "110": 1, "101": 1, "011": 1}, "imprecise"),
    ],
)
def test_models_without_an_estimate_are_named(counted, reason):
    assert reason in set(fit(Cells.of("abc", counted)).refusal)


def test_lists_that_never_meet_give_no_estimate_but_a_bound():
    found = lists(Cells.of("abc", {"100": 30, "010": 20, "001": 25}))
    numbers = manyanswers.numbers(found)
    assert (numbers["shown"], numbers["averaged"], numbers["envelope"], numbers["models"]) == (None, None, None, [])
    assert numbers["lower_bound"] > 75
    assert any("不显示总数" in warning for warning in numbers["warnings"])
    assert "估计应有" not in "".join(manyanswers.sentences(found))


@pytest.mark.parametrize(
    ("once", "twice", "bound"),
    [(60, 30, 60 + 30 + 2 / 3 * 60**2 / 60), (10, 0, 10 + 2 / 3 * 10 * 9 / 2)],
)
def test_the_lower_bound_by_hand(once, twice, bound):
    assert lower_bound(Cells.of("abc", {"100": once, "011": twice})) == pytest.approx(bound)


def test_the_lower_bound_is_the_truth_for_equal_lists_and_below_it_for_unequal_people():
    def expected(chance, people):
        on = Cells.of("abcd", {}).histories
        return people * np.prod(np.where(on, chance, 1 - chance), axis=1)

    equal = expected(0.3, 1_000)
    mixed = expected(0.5, 500) + expected(0.1, 500)
    bounds = [
        lower_bound(Cells(tuple("abcd"), np.where(np.arange(16), n, 0), np.arange(16) > 0)) for n in (equal, mixed)
    ]
    assert bounds[0] == pytest.approx(1_000, abs=1)
    assert bounds[1] < 950


# Lists that are no second source


DUES = {
    "1100": 80,
    "1000": 300,
    "1010": 60,
    "1110": 20,
    "0010": 90,
    "0001": 30,
    "1001": 40,
    "0011": 12,
    "1101": 9,
    "1011": 9,
    "1111": 3,
}


def test_a_nested_list_leaves_the_models():
    cells = Cells.of(["register", "dues", "visit", "payroll"], DUES)
    found = lists(cells)
    assert found.nested == (("dues", "register"),)
    assert found.cells.names == ("register", "visit", "payroll")
    assert found.cells.seen == cells.seen
    assert "dues" in manyanswers.warnings(found)[0]


def test_a_short_list_that_happens_to_lie_in_another_is_no_nested_one():
    assert Cells.of("abc", {"110": 3, "100": 300, "010": 30, "001": 90, "101": 200, "011": 30}).nested() == []
    assert Cells.of("abc", {"110": 3, "100": 300, "001": 30, "101": 200}).nested() == []


def test_an_impossible_history_is_not_a_history_nobody_had():
    """With dues possible only within the register, the model of independence is fitted to the other cells alone."""
    counted = {"111": 20, "110": 80, "101": 60, "100": 240, "001": 90}
    as_zero = Cells.of("rdv", counted)
    left_out = Cells.of("rdv", counted, impossible=["011", "010"])
    chosen = models(3)[0]
    # r and v alone: 300 only in r, 20 + 60 in both... the dues then say nothing about who is missing
    plain = (80 + 240) * 90 / (20 + 60)
    assert fit(left_out, chosen).unseen[0] == pytest.approx(plain, rel=1e-6)
    assert abs(fit(as_zero, chosen).unseen[0] - plain) > 10


def test_a_list_with_nobody_is_refused():
    with pytest.raises(ValueError, match="“c”上一个人也没有"):
        lists(Cells.of("abc", {"100": 30, "010": 20, "110": 5}))


@pytest.mark.parametrize(("k", "words"), [(2, "estimate two"), (6, "超过 5 份")])
def test_two_lists_or_six_show_nothing_but_the_bound(k, words):
    counted = {format(1 << i, f"0{k}b"): 10 for i in range(k)} | {"1" * k: 4}
    found = lists(Cells.of("abcdef"[:k], counted))
    assert found.shown is None
    assert words in manyanswers.warnings(found)[-1]
