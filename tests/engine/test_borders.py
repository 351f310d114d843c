"""Borders of then and of now: what was reported for a day does not move when the map does."""

from __future__ import annotations

from datetime import date

import pytest
import smallworld

from dishu.engine.figures import Counts, figures, states_at
from dishu.engine.territory import Tree

# In 2009 Zengdu was divided: 421302 ended, its townships went to a new district and to a new county.
PLACES = """
place     | name   | level      | parent | successor     | since      | until
4213      | 随州市 | prefecture |        |               | 2000-01-01 |
421302    | 曾都区 | county     | 4213   | 421303;421321 | 2000-01-01 | 2009-01-01
421303    | 曾都区 | county     | 4213   |               | 2009-01-01 |
421321    | 随县   | county     | 4213   |               | 2009-01-01 |
421302001 | 东城   | township   | 421302 | 421303001     | 2000-01-01 | 2009-01-01
421302100 | 厉山   | township   | 421302 | 421321100     | 2000-01-01 | 2009-01-01
421303001 | 东城   | township   | 421303 |               | 2009-01-01 |
421321100 | 厉山镇 | township   | 421321 |               | 2009-01-01 |
"""
UNITS = """
unit | place     | since      | until
1    | 421302001 | 2005-01-01 | 2009-01-01
1    | 421303001 | 2009-01-01 |
2    | 421302100 | 2005-01-01 | 2009-01-01
2    | 421321100 | 2009-01-01 |
3    | 421302100 | 2005-01-01 | 2008-01-01
4    | 421302    | 2005-01-01 | 2008-01-01
"""
THEN, NOW = date(2007, 7, 31), date(2011, 1, 1)


@pytest.fixture(scope="module")
def counts():
    facts = smallworld.facts(place=PLACES, unit=UNITS)
    return {day: Counts.of(states_at(facts, day)) for day in (THEN, NOW)}


# facts of which day, borders of which day, and how many units each county then has
CASES = [
    (THEN, THEN, {"421302": 4}),
    (THEN, NOW, {"421303": 2, "421321": 2}),  # unit 4 lay in no township: it counts at the first successor
    (NOW, NOW, {"421303": 1, "421321": 1}),
]


@pytest.mark.parametrize(("day", "borders", "expected"), CASES, ids=["then-then", "then-now", "now-now"])
def test_units_by_county(counts, day, borders, expected):
    tree = Tree(smallworld.arrow("place", PLACES), borders)
    found = figures(counts[day], tree, ["units"], by="county").to_pylist()
    assert {row["place"]: row["total"] for row in found} == expected


@pytest.mark.parametrize("borders", [THEN, NOW])
def test_the_city_has_all_of_them_whatever_the_borders(counts, borders):
    tree = Tree(smallworld.arrow("place", PLACES), borders)
    (city,) = figures(counts[THEN], tree, ["units"], by="prefecture").to_pylist()
    assert city["total"] == 4
