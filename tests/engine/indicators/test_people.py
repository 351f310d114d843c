"""Members: where their affiliation lies, whether that is clear, and units whose members answer to different superiors."""

from datetime import date

import asked
import pytest
import smallworld

UNITS = """
unit
1
2
3
"""
# 99 is named by a roster, but no roster of organizations knows it.
ORGS = """
org | kind   | system      | superior
10  | branch | enterprise  | 1
20  | branch | association | 2
30  | branch | territory   | 3
40  | branch | origin      |
"""
# 1 is split between two superiors; 2 has two under the same; in 3 only one belongs to the system.
MEMBERS = asked.people("""
member | standing     | unit | org   | activity
1      | full         | 1    | 10    |
2      | probationary | 1    | 20    |
3      | full         | 2    | 10    |
4      | full         | 2    | 10    |
5      | full         | 3    | 10    |
6      | full         | 3    | 30    | 20
7      | full         | 3    | 30    |
8      | full         | 3    | 40    | 20
9      | full         | 3    |       |
10     | full         | 3    | 10 30 | 20
11     | full         |      | 99    |
""")
EXPECTED = """
indicator                 | held                   | failed               | unknown
members                   | 1 2 3 4 5 6 7 8 9 10 11 |                     |
full_members              | 1 3 4 5 6 7 8 9 10 11  | 2                    |
affiliation_clear         | 1 2 3 4 5 6 8          | 7 10 11              | 9
affiliation_here          | 1 2 3 4 5              | 6 7 8                |
affiliation_unknown       | 9                      | 1 2 3 4 5 6 7 8 10 11 |
affiliation_contradicting | 10                     | 1 2 3 4 5 6 7 8 9 11 |
affiliation_split         | 1                      | 2                    |
members_verified          | 2 4                    | 1 3 5 6 7 8 9 10 11  |
"""
# Seen within a year by telephone or at the door; a report by the one concerned, or an old look, does not count.
LOOKS = """
member | standing     | verified_on | channel
1      | full         | 2011-05-01  | reported
2      | probationary | 2011-05-01  | phoned
3      | full         | 2010-05-01  | visited
4      | full         | 2011-05-31  | confirmed
"""


@pytest.fixture(scope="module")
def answers():
    unseen = [row for row in MEMBERS["member"].splitlines()[1:] if int(row.split("|")[0]) > 4]
    member = LOOKS + "\n".join(f"{row} | | " for row in unseen)
    return asked.ask(date(2011, 6, 1), unit=UNITS, org=ORGS, **MEMBERS | {"member": member})


@pytest.mark.parametrize("line", smallworld.drawn(EXPECTED), ids=lambda line: line["indicator"])
def test_the_rows_behind_each_figure(answers, line):
    asked.agrees(answers, line)
