"""Many places: pooled with neighbours, added up; areas drawn by lot; how the next visits are shared out."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.engine.estimate.areas import Area, from_areas, neyman, total_of, variance_of
from dishu.engine.estimate.places import by_place
from dishu.engine.estimate.strata import Stratum, pooled, summed
from dishu.engine.estimate.twolists import Counts, chapman, interval

FEW, MANY = Counts(30, 10, 4), Counts(90, 40, 30)


def strata(text: str) -> list[Stratum]:
    """`f` a place with too few people, `M` one with enough; a bar begins another county."""
    made, county = [], 0
    for letter in text:
        if letter == "|":
            county += 1
        else:
            made.append(Stratum((str(len(made)),), FEW if letter == "f" else MANY, f"county {county}"))
    return made


@pytest.mark.parametrize(
    ("drawn", "groups"),
    [
        ("MMM", ["0", "1", "2"]),
        ("fM", ["01"]),
        ("ffM", ["01", "2"]),  # two small ones are enough together
        ("M|fM", ["0", "12"]),  # its own county first
        ("Mf|M", ["01", "2"]),
        ("MfM", ["01", "2"]),
        ("f", ["0"]),  # nobody to pool with
    ],
)
def test_small_places_join_a_neighbour(drawn, groups):
    assert ["".join(one.names) for one in pooled(strata(drawn))] == groups


@given(
    st.lists(st.integers(0, 60).flatmap(lambda m: st.tuples(st.just(m), st.integers(0, 40))), min_size=1, max_size=12)
)
@settings(max_examples=60, deadline=None)
def test_pooling_loses_nobody_and_nothing_small_is_left_beside_another(drawn):
    made = [Stratum((str(i),), Counts(m + extra, m + 5, m)) for i, (m, extra) in enumerate(drawn)]
    groups = pooled(made)
    assert [name for group in groups for name in group.names] == [name for one in made for name in one.names]
    assert sum(group.counts.seen for group in groups) == sum(one.counts.seen for one in made)
    assert len(groups) == 1 or all(group.counts.enough for group in groups)


def test_parts_add_up_to_the_sum():
    rows = by_place(strata("fMM|fMf"), {})
    assert rows[-1]["name"] == "合计"
    for name in ("register", "recount", "both", "seen", "total", "missing"):
        assert rows[-1][name] == pytest.approx(sum(row[name] for row in rows[:-1])), name


def test_too_few_even_together_shows_no_total():
    rows = by_place([Stratum(("a",), Counts(5, 4, 3))], {"a": "东城"})
    assert [(row["name"], row["total"]) for row in rows] == [("东城", None), ("合计", None)]
    assert "暂不估计" in rows[0]["warnings"][0]


def test_one_stratum_keeps_its_own_range_and_nobody_missed_is_no_certainty():
    assert (summed([MANY]).lower, summed([MANY]).upper) == interval(MANY)
    whole = summed([Counts(90, 40, 40), Counts(50, 30, 30)])
    assert whole.value == whole.lower == 140
    assert whole.upper > 145


def test_the_order_of_strata_does_not_matter_and_their_sum_is_surer_than_the_parts():
    parts = [Counts(90, 40, 30), Counts(200, 60, 50), Counts(55, 33, 22)]
    one, other = summed(parts), summed(parts[::-1])
    assert (one.value, one.lower, one.upper) == pytest.approx((other.value, other.lower, other.upper))
    assert one.value == pytest.approx(sum(map(chapman, parts)))
    assert one.upper < sum(interval(part)[1] for part in parts)


# Areas drawn by lot


@pytest.mark.parametrize("drawn", [2, 3, 4])
def test_horvitz_thompson_and_its_variance_are_right_on_average_over_all_draws(drawn):
    """Every simple random sample of six areas, one by one: the mean is the true total, the mean variance the true one."""
    values = np.array([3.0, 8, 1, 5, 9, 2])
    size = len(values)
    chances = np.full(drawn, drawn / size)
    joint = np.full((drawn, drawn), drawn * (drawn - 1) / (size * (size - 1)))
    samples = [values[list(some)] for some in combinations(range(size), drawn)]
    totals = [total_of(some, chances) for some in samples]
    assert np.mean(totals) == pytest.approx(values.sum())
    assert np.mean([variance_of(some, chances, joint) for some in samples]) == pytest.approx(np.var(totals))


def areas(*pairs, chance=0.1):
    return [Area(found, both, chance) for found, both in pairs]


def test_an_area_sample_with_every_area_alike_is_the_plain_estimate():
    one = from_areas(900, areas((20, 18), (20, 18), (20, 18)), 30)
    assert one.value == pytest.approx(1000)
    assert one.lower == pytest.approx(1000)


def test_areas_of_unequal_chance_count_by_their_weight():
    one = from_areas(100, [Area(10, 5, 0.5), Area(10, 10, 0.25)], 8)
    assert one.value == pytest.approx(100 * (20 + 40) / (10 + 40))


def test_all_areas_drawn_leave_no_doubt_from_drawing_and_more_areas_less():
    pairs = ((20, 18), (30, 28), (25, 21), (40, 37))
    whole, few = from_areas(900, areas(*pairs), 4), from_areas(900, areas(*pairs), 40)
    assert whole.lower == pytest.approx(whole.value) == pytest.approx(few.value)
    assert few.lower < few.value < few.upper
    more = from_areas(900, areas(*pairs * 3), 40)
    assert few.lower < more.lower < more.upper < few.upper


def test_invented_records_are_taken_out_by_the_audited_share():
    assert from_areas(1000, areas((20, 18), (30, 27)), 30, confirmed=0.9).value == pytest.approx(1000)


def test_nobody_missed_in_the_areas_is_a_bound():
    one = from_areas(900, areas((20, 20), (40, 40)), 30)
    assert one.value == one.lower == 900
    assert one.upper == pytest.approx(900 / 0.05 ** (1 / 60))


@pytest.mark.parametrize(("drawn", "frame"), [(((20, 18),), 30), (((5, 0), (4, 0)), 30), (((5, 4), (4, 4)), 1)])
def test_too_little_for_an_area_sample_is_refused(drawn, frame):
    with pytest.raises(ValueError, match="至少要抽两个片区"):
        from_areas(900, areas(*drawn), frame)


# Sharing out visits


def variance_under(shares, sizes, spreads):
    return sum(size**2 * s**2 * (1 / n - 1 / size) for n, size, s in zip(shares, sizes, spreads, strict=True))


def test_equal_spreads_are_shared_in_proportion():
    assert neyman(30, [100, 200, 300], [1, 1, 1]) == [5, 10, 15]


def test_a_small_stratum_of_great_spread_is_visited_whole_and_none_less_than_twice():
    assert neyman(20, [6, 500, 500], [100, 1, 0]) == [6, 12, 2]


@given(st.lists(st.tuples(st.integers(2, 40), st.floats(0.1, 9)), min_size=2, max_size=6), st.integers(0, 60))
@settings(max_examples=80, deadline=None)
def test_shares_add_up_and_keep_their_bounds(strata, extra):
    sizes, spreads = zip(*strata, strict=True)
    visits = min(2 * len(sizes) + extra, sum(sizes))
    shares = neyman(visits, sizes, spreads)
    assert sum(shares) == visits
    assert all(min(2, size) <= n <= size for n, size in zip(shares, sizes, strict=True))


def test_no_other_shares_are_much_better():
    """Against every possible sharing of a small case: whole numbers cost at most a few percent."""
    sizes, spreads = [20, 35, 50], [2.0, 1.0, 3.0]
    ways = [w for w in product(*(range(2, size + 1) for size in sizes)) if sum(w) == 24]
    best = min(variance_under(way, sizes, spreads) for way in ways)
    assert variance_under(neyman(24, sizes, spreads), sizes, spreads) <= 1.02 * best


@pytest.mark.parametrize("visits", [3, 999])
def test_visits_that_do_not_go_round_are_refused(visits):
    with pytest.raises(ValueError, match="分不下去"):
        neyman(visits, [10, 20], [1, 1])
