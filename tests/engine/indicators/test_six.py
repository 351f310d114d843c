"""The six 100 %, on a market street at the end of 2011: who counts, who passes, of whom nobody knows."""

from datetime import date

import asked
import pytest
import smallworld

UNITS = """
unit | kind                | surveyed | since      | until
1    | enterprise          | known    | 2005-01-01 |
2    | enterprise          | known    | 2005-01-01 |
3    | individual_business | known    | 2005-01-01 |
4    | individual_business | unclear  | 2005-01-01 |
5    | market              | known    | 2005-01-01 |
6    | individual_business |          | 2005-01-01 |
7    | enterprise          |          | 2005-01-01 |
8    | individual_business | known    | 2005-01-01 |
9    | individual_business | known    | 2005-01-01 |
10   | enterprise          | known    | 2005-01-01 |
11   | enterprise          | known    | 2005-01-01 | 2011-06-30
12   | enterprise          | known    | 2005-01-01 |
"""
ORGS = """
org | kind              | system
90  | branch            | enterprise
91  | joint_branch      | association
92  | branch            | territory
93  | branch            | origin
94  | functional_branch | association
95  | branch            | association
"""
COVERAGE = """
unit | org | mode
1    | 90  | single
3    | 91  | joint
5    | 94  | functional
12   | 95  | attached
"""
# 2 could have its own branch and has none; in 4 the third is probationary; in 10 all three belong to their village.
MEMBERS = asked.people("""
member | standing     | unit | org   | shown
101    | full         | 1    | 90    | yes
102    | full         | 1    | 90    | yes
103    | full         | 1    | 90    | no
201    | full         | 2    | 91    | yes
202    | full         | 2    | 91    |
203    | full         | 2    | 91    |
301    | full         | 3    | 91    | yes
401    | full         | 4    | 91    |
402    | full         | 4    | 91    | no
403    | probationary | 4    | 91    | no
1001   | full         | 10   | 92    | yes
1002   | full         | 10   | 92    | yes
1003   | full         | 10   | 92    | yes
1201   | full         | 12   | 93    | yes
1202   | full         | 12   | 91 93 | yes
1203   | full         | 12   |       | yes
1204   | full         | 12   | 99    | yes
""")
INSTRUCTORS = "instructor | unit\n7 | 7"
# Work counts for a year: 9 was last visited in 2009.
WORK = """
unit | since
8    | 2011-03-01
9    | 2009-03-01
"""
EXPECTED = """
indicator              | held                 | failed            | unknown
base_known             | 1 2 3 5 8 9 10 12    | 4                 | 6 7
identity_shown         | 101 102 201 301 1001 1002 1003 1201 1202 1203 1204 | 103 402 403 | 202 203 401
affiliation_held       | 101 102 103 201 202 203 301 401 402 403 1001 1002 1003 1201 | 1202 1204 | 1203
single_formed          | 1                    | 2                 |
joint_formed           | 3 12                 | 4 10              |
work_covered           | 1 3 5 7 8 12         | 2 4 9 10          | 6
single_condition_known | 1 2 3 10             | 4 12              |
single_formed_present  | 1                    | 2 10 12           |
"""


@pytest.fixture(scope="module")
def answers():
    day = date(2011, 12, 31)
    return asked.ask(day, unit=UNITS, org=ORGS, coverage=COVERAGE, instructor=INSTRUCTORS, work=WORK, **MEMBERS)


@pytest.mark.parametrize("line", smallworld.drawn(EXPECTED), ids=lambda line: line["indicator"])
def test_the_rows_behind_each_figure(answers, line):
    asked.agrees(answers, line)


def test_the_share_is_of_all_and_unknown_helps_nobody(answers):
    figure = answers.numbers["base_known"]
    assert (figure["total"], figure["share"]) == (11, round(8 / 11, 6))


def test_a_unit_closed_before_the_day_is_counted_nowhere(answers):
    assert 11 not in set.union(
        *(keys for code in ("base_known", "work_covered") for keys in answers.rows[code].values())
    )
