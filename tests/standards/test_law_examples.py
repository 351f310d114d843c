"""Rules as the documents state them, typed off the documents and not off the law files."""

from datetime import date

import pytest
import smallworld

from dishu.standards import law

PLAIN = """
rule                           | day        | value
dues_back_payment_max_months   | 2008-04-01 | 6
affiliations_max               | 2007-07-31 | 1
affiliations_max               | 2019-05-06 | 1
joint_branch_planned_max_units | 2012-01-01 | 8
recruit_min_age                | 2014-06-11 | 18
above_quota_wholesale_wan      | 2011-01-01 | 2000
above_quota_retail_wan         | 2011-01-01 | 500
above_quota_hotel_catering_wan | 2011-01-01 | 200
"""
# 统计上大中小微型企业划分办法（2017）: X employees, Y turnover, Z assets (万元); large / medium / small, "at least".
SIZES = """
rule                      | X            | Y                | Z
size_agriculture          |              | 20000 500 50     |
size_industry             | 1000 300 20  | 40000 2000 300   |
size_construction         |              | 80000 6000 300   | 80000 5000 300
size_wholesale            | 200 20 5     | 40000 5000 1000  |
size_retail               | 300 50 10    | 20000 500 100    |
size_transport            | 1000 300 20  | 30000 3000 200   |
size_storage              | 200 100 20   | 30000 1000 100   |
size_post                 | 1000 300 20  | 30000 2000 100   |
size_hotel_catering       | 300 100 10   | 10000 2000 100   |
size_telecom_internet     | 2000 100 10  | 100000 1000 100  |
size_software             | 300 100 10   | 10000 1000 50    |
size_property_development |              | 200000 1000 100  | 10000 5000 2000
size_property_management  | 1000 300 100 | 5000 1000 500    |
size_leasing_business     | 300 100 10   |                  | 120000 8000 100
size_other                | 300 100 10   |                  |
"""
MEASURES = {"X": "employees", "Y": "turnover_wan", "Z": "assets_wan"}


@pytest.mark.parametrize("line", smallworld.drawn(PLAIN), ids=lambda line: f"{line['rule']} {line['day']}")
def test_a_number_on_a_day(line):
    assert law.at(date.fromisoformat(line["day"])).value(line["rule"]) == int(line["value"])


@pytest.mark.parametrize("line", smallworld.drawn(SIZES), ids=lambda line: line["rule"])
def test_bounds_of_the_size_classes_of_2017(line):
    expected = {name: tuple(map(int, line[key].split())) for key, name in MEASURES.items() if key in line}
    assert law.at(date(2018, 1, 1)).value(line["rule"]) == expected


def test_small_units_a_host_looks_after_by_its_kind():
    """No text says so: a default of ours, to be changed with whoever plans."""
    expected = {"village": 4, "enterprise": 4, "association": 10, "market": 10}
    assert law.at(date(2026, 1, 1)).value("host_planned_max_units") == expected


def test_units_an_instructor_looks_after_when_their_number_is_estimated():
    """No text says so: a default of ours, to be changed with whoever plans."""
    assert law.at(date(2026, 1, 1)).value("instructor_planned_max_units") == 20
