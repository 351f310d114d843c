"""Progress against a plan with its three denominators: frozen, due today, all; and the newcomers nobody planned for."""

from datetime import date

import asked
import pytest
import smallworld

# 1 to 4 were planned in January. 5 is above size too but was never planned; 6 opened and 7 grew above size after the
# plan was made; 8 opened but is no industry; 2 has shrunk since and stays in the plan.
UNITS = """
unit | industry | turnover | since      | until
1    | C13      | 8000000  | 2005-01-01 |
2    | C13      | 8000000  | 2005-01-01 | 2007-05-01
2    | C13      | 1000000  | 2007-05-01 |
3    | C17      | 8000000  | 2005-01-01 |
4    | D44      | 8000000  | 2005-01-01 |
5    | C13      | 8000000  | 2005-01-01 |
6    | B06      | 8000000  | 2007-03-01 |
7    | C13      | 1000000  | 2005-01-01 | 2007-04-01
7    | C13      | 8000000  | 2007-04-01 |
8    | H62      | 8000000  | 2007-03-01 |
"""
PLAN = """
unit | since
1    | 2007-01-10
2    | 2007-01-10
3    | 2007-01-10
4    | 2007-01-10
"""
ORGS = """
org | kind         | since
90  | branch       | 2005-01-01
91  | joint_branch | 2007-02-01
92  | branch       | 2007-06-01
"""
# 1 had its branch before the plan; 2 and 3 came under the joint branch since; 7, a newcomer, formed its own.
COVERAGE = """
unit | org | mode   | since
1    | 90  | single | 2005-01-01
2    | 91  | joint  | 2007-02-01
3    | 91  | joint  | 2007-02-01
7    | 92  | single | 2007-06-01
"""
EXPECTED = """
indicator                | held    | failed | unknown
plan_progress            | 1 2 3   | 4      |
plan_progress_qualifying | 1 2 3 7 | 4 6    |
plan_progress_all        | 1 3 7   | 4 5 6  |
newcomers_formed         | 7       | 6      |
"""


@pytest.fixture(scope="module")
def answers():
    return asked.ask(date(2007, 7, 31), unit=UNITS, plan=PLAN, org=ORGS, coverage=COVERAGE)


@pytest.mark.parametrize("line", smallworld.drawn(EXPECTED), ids=lambda line: line["indicator"])
def test_the_rows_behind_each_figure(answers, line):
    asked.agrees(answers, line)


def test_the_same_work_has_three_shares(answers):
    codes = ("plan_progress", "plan_progress_qualifying", "plan_progress_all")
    assert [answers.numbers[code]["share"] for code in codes] == [0.75, round(4 / 6, 6), 0.5]
