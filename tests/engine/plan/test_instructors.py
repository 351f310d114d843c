"""Instructors: nobody over the cap, loads fair where they can be, the shortest ways of all, gaps shown and not hidden."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.engine.plan.instructors import assign

TWO = [(0, 0), (1000, 0)]


@pytest.mark.parametrize(
    ("units", "most", "least", "expected", "why"),
    [
        ([0, 100, 900], 3, 0, [0, 0, 1], "each to the nearest"),
        ([0, 100, 200], 2, 0, [0, 0, 1], "the cap sends the one on who has the least to lose"),
        ([0, 100, 200, 300], [1, 2], 0, [0, -1, 1, 1], "one too many: the one whose absence saves most"),
        ([0, 100, 200, 300], 4, 2, [0, 0, 1, 1], "fair loads are worth the way"),
        ([0, 100, 200], 4, 2, [0, 0, 1], "where there are too few units for all, the shorter ways"),
        ([], 3, 1, [], "no units"),
    ],
)
def test_small_postings(units, most, least, expected, why):
    found = assign([(x, 0) for x in units], TWO, most, least)
    assert found.instructor.tolist() == expected, why


def test_who_is_below_the_fair_load_is_named():
    assert assign([(0, 0), (100, 0), (200, 0)], TWO, 4, 2).below.tolist() == [1]


def test_without_instructors_everybody_is_alone():
    assert assign([(0, 0), (1, 1)], np.zeros((0, 2)), 5).alone.tolist() == [0, 1]


@pytest.mark.parametrize(("stay", "instructor", "moved"), [(600, 0, 0), (100, 1, 1)])
def test_staying_is_worth_some_way(stay, instructor, moved):
    """The present instructor is 400 metres farther."""
    found = assign([(700, 0)], TWO, 5, today=[0], stay_metres=stay)
    assert (found.instructor.tolist(), found.moved) == ([instructor], moved)


def test_too_far_is_nobody_even_for_the_present_instructor():
    assert assign([(5000, 0)], TWO, 5, today=[0], far_metres=3000).alone.tolist() == [0]


def test_when_the_nearest_are_full_farther_ones_are_tried():
    """Thirty units on one spot, the twelve nearest take one each: the others must be found."""
    instructors = [(i, 0) for i in range(12)] + [(5000, 0)]
    found = assign([(0, 0)] * 30, instructors, [1] * 12 + [18])
    assert found.loads.tolist() == [1] * 12 + [18]


@pytest.mark.parametrize(
    ("given", "word"),
    [
        (dict(units=[(0, float("nan"))], most=1), "坐标"),
        (dict(units=[(0, 0)], most=-1), "负数"),
        (dict(units=[(0, 0)], most=1, least=2), "最少"),
        (dict(units=[(0, 0)], most=1, today=[2]), "-1至1"),
        (dict(units=[(0, 0)], most=1, today=[0, 0]), "每个单位一个"),
    ],
)
def test_what_makes_no_sense_is_refused(given, word):
    with pytest.raises(ValueError, match=word):
        assign(instructors=TWO, **given)


spots = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=5)


@settings(max_examples=40, deadline=None)
@given(spots, spots.map(lambda s: s[:3]), st.integers(0, 3), st.integers(0, 3))
def test_no_posting_is_better(units, instructors, least, more):
    """Against all postings there are: units alone first, then places missing to a fair load, then metres."""
    most, numbers = least + more, range(-1, len(instructors))

    def judged(chosen):
        loads = [chosen.count(i) for i in range(len(instructors))]
        way = sum(int(np.hypot(*np.subtract(units[u], instructors[i])) + 0.5) for u, i in enumerate(chosen) if i >= 0)
        return chosen.count(-1), sum(max(0, least - load) for load in loads), way, max(loads)

    best = min(j[:3] for c in product(numbers, repeat=len(units)) if (j := judged(list(c)))[3] <= most)
    found = assign(units, instructors, most, least)
    assert judged(found.instructor.tolist())[:3] == best
    assert found.loads.max() <= most


def test_the_same_again():
    throw = np.random.default_rng(5)
    units, instructors = throw.uniform(0, 9999, (300, 2)), throw.uniform(0, 9999, (20, 2))
    one, two = (assign(units, instructors, 16, 10).instructor for _ in range(2))
    assert (one == two).all()
