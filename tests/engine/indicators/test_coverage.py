"""The two coverages, the shares of the speech of 2007, the plain sums: seven units in the summer of 2007."""

from datetime import date

import asked
import pytest
import smallworld

# The line of 2007 is 5 million yuan a year, for industry (B, C, D) only; 4 writes down no employees.
UNITS = """
unit | kind                | industry | employees | assets  | turnover | verified_on | channel
1    | enterprise          | C13      | 100       | 9000000 | 8000000  | 2007-03-01  | visited
2    | enterprise          | C14      | 40        |         | 5000000  | 2007-03-01  | reported
3    | enterprise          | H62      | 30        | 1000000 | 9000000  | 2006-07-30  | phoned
4    | enterprise          | C15      |           |         | 4999999  | 2006-08-02  | phoned
5    | individual_business | C13      | 2         |         | 6000000  |             |
6    | market              |          | 5         |         |          | 2007-07-01  | confirmed
7    | enterprise          | F51      | 10        |         |          |             |
"""
ORGS = """
org | kind              | system
90  | committee         | enterprise
91  | joint_branch      | association
92  | functional_branch | market
"""
COVERAGE = """
unit | org | mode
1    | 90  | single
3    | 91  | joint
5    | 91  | attached
6    | 92  | functional
"""
# 2 has three full members of its own system and nothing formed; 5 has more members than employees.
MEMBERS = asked.people("""
member | unit | org
11     | 1    | 90
12     | 1    | 90
21     | 2    | 91
22     | 2    | 91
23     | 2    | 91
31     | 3    | 91
41     | 4    |
51     | 5    | 91
52     | 5    | 91
53     | 5    | 91
""")
EXPECTED = """
indicator                 | held  | failed    | unknown
org_coverage              | 1 3 5 | 2 4 6 7   |
org_coverage_due          | 1 3 5 | 2         |
org_coverage_with_members | 1 3 5 | 2 4       |
single_orgs_of_units      | 1     | 2 3 4 7   |
units                     | 1 2 3 4 5 6 7 |   |
enterprises               | 1 2 3 4 7 |       |
above_size_units          | 1 2   |           |
verified                  | 1 4 6 | 2 3 5 7   |
"""
# Sums: nobody guesses what was not written down. Of 187 employees 2+3+1+2 are members; the third of 5 is one too many.
SUMS = """
indicator            | total    | held     | failed | unknown
members_of_employees | 187      | 8        | 179    | 0
employees            | 187      | 187      | 0      | 0
assets               | 10000000 | 10000000 | 0      | 0
turnover             | 32999999 | 32999999 | 0      | 0
"""


@pytest.fixture(scope="module")
def answers():
    return asked.ask(date(2007, 7, 31), unit=UNITS, org=ORGS, coverage=COVERAGE, **MEMBERS)


@pytest.mark.parametrize("line", smallworld.drawn(EXPECTED), ids=lambda line: line["indicator"])
def test_the_rows_behind_each_figure(answers, line):
    asked.agrees(answers, line)


@pytest.mark.parametrize("line", smallworld.drawn(SUMS), ids=lambda line: line["indicator"])
def test_sums_of_what_was_written_down(answers, line):
    asked.adds_up(answers, line)
