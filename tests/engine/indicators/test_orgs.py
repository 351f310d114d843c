"""Organizations: how many, which are joint, which stand or fall with one member; and the instructors."""

from datetime import date

import asked
import pytest
import smallworld

UNITS = """
unit | since      | until
1    | 2005-01-01 |
2    | 2005-01-01 |
3    | 2005-01-01 | 2007-06-01
"""
# 50 belongs to a village, not to the sector. 60 has been dissolved.
ORGS = """
org | kind         | system      | since      | until
10  | branch       | enterprise  | 2005-01-01 |
20  | joint_branch | association | 2007-02-01 |
30  | branch       | market      | 2007-02-01 |
40  | committee    | enterprise  | 2005-01-01 |
50  | branch       | territory   | 2005-01-01 |
60  | branch       | enterprise  | 2005-01-01 | 2007-01-01
"""
PLAN = """
unit | since
1    | 2007-01-10
2    | 2007-01-10
"""
COVERAGE = """
unit | org | mode   | since
1    | 30  | single | 2007-02-01
2    | 20  | joint  | 2007-02-01
"""
# Full members: four in 10, three in 20 (a fourth is probationary), two in 30, none in 40.
MEMBERS = asked.people("""
member | standing     | org
11     | full         | 10
12     | full         | 10
13     | full         | 10
14     | full         | 10
21     | full         | 20
22     | full         | 20
23     | full         | 20
24     | probationary | 20
31     | full         | 30
32     | full         | 30
51     | full         | 50
""")
# 2 serves only a unit that has closed; 3 comes next year.
INSTRUCTORS = """
instructor | unit | since
1          | 1    | 2007-01-01
1          | 2    | 2007-01-01
2          | 3    | 2007-01-01
3          | 1    | 2008-01-01
"""
EXPECTED = """
indicator              | held        | failed   | unknown
orgs                   | 10 20 30 40 |          |
joint_branches         | 20          | 10 30 40 |
branches_at_risk       | 20          | 10 30    |
new_branches_at_risk   | 20          | 30       |
branches_below_minimum | 30          | 10 20    |
instructors            | 1           |          |
"""


@pytest.fixture(scope="module")
def answers():
    day = date(2007, 7, 31)
    return asked.ask(day, unit=UNITS, org=ORGS, plan=PLAN, coverage=COVERAGE, instructor=INSTRUCTORS, **MEMBERS)


@pytest.mark.parametrize("line", smallworld.drawn(EXPECTED), ids=lambda line: line["indicator"])
def test_the_rows_behind_each_figure(answers, line):
    asked.agrees(answers, line)
