"""The tree as numbers agrees with the tree walked place by place."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import smallworld

from dishu.engine.territory import Tree

PLACES = """
place        | name | level      | parent    | successor    | since      | until
42           | 省   | province   |           |              | 2000-01-01 |
4213         | 市   | prefecture | 42        |              | 2000-01-01 |
421302       | 甲县 | county     | 4213      |              | 2000-01-01 |
421303       | 乙县 | county     | 4213      |              | 2010-01-01 |
421302001    | 东乡 | township   | 421302    | 421303001    | 2000-01-01 | 2010-01-01
421303001    | 东乡 | township   | 421303    |              | 2010-01-01 |
421302001001 | 村   | village    | 421302001 |              | 2000-01-01 | 2010-01-01
"""
CODES = ["421302001001", "421302001", "421303001", "421302", "421399", "4213", "4290", "99"]
DAYS = [date(2005, 1, 1), date(2010, 1, 1), date(2020, 1, 1)]


@pytest.fixture(scope="module")
def places():
    return smallworld.tables(place=PLACES)["place"]


@pytest.mark.parametrize("day", DAYS)
def test_sums_go_to_every_place_of_the_path(places, day):
    tree = Tree(places, day)
    codes = [code for code in CODES if tree.path(code)]
    values = np.array([[10.0**n] for n in range(len(codes))])
    sums = (tree.lattice.located(codes) @ values)[:, 0]
    for place, total in zip(tree.lattice.codes, sums, strict=True):
        assert total == sum(10.0**n for n, code in enumerate(codes) if place in tree.path(code)), place


@pytest.mark.parametrize("day", DAYS)
def test_what_lies_under_a_place(places, day):
    tree = Tree(places, day)
    for top in [*tree.now, "421301"]:
        assert tree.under(top, CODES) == [code for code in CODES if top in tree.path(code)], top


def test_the_tree_of_another_day_is_the_one_made_for_that_day(places):
    for day in DAYS:
        for other in DAYS:
            moved, made = Tree(places, day).at(other), Tree(places, other)
            assert {code: moved.path(code) for code in CODES} == {code: made.path(code) for code in CODES}
            assert (moved.day, moved.tops(), moved.lattice.codes) == (other, made.tops(), made.lattice.codes)
