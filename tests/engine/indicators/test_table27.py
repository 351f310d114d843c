"""Annual table 27, line by line: enterprises are counted, never organizations (but for lines 8 and 12)."""

from datetime import date

import asked
import pytest
import smallworld

from dishu.engine.indicators.table27 import COLUMNS, LINES, failed_checks

# One enterprise for each way to be or not to be covered; 9 and 10 are individual businesses and in no line, nor is the
# joint branch that covers shops only, nor the instructor who serves only one.
UNITS = """
unit | kind                | employees | control
1    | enterprise          | 120       | private
2    | enterprise          | 60        | private
3    | enterprise          | 20        | private
4    | enterprise          | 15        | hmt
5    | enterprise          | 10        | foreign
6    | enterprise          | 30        | private
7    | enterprise          | 8         | private
8    | enterprise          | 5         |
9    | individual_business | 2         |
10   | individual_business | 2         |
"""
ORGS = """
org | kind           | system
10  | committee      | enterprise
20  | general_branch | enterprise
30  | branch         | enterprise
40  | joint_branch   | association
50  | joint_branch   | territory
60  | joint_branch   | association
"""
COVERAGE = """
unit | org | mode
1    | 10  | single
2    | 20  | single
3    | 30  | single
4    | 40  | joint
5    | 40  | attached
9    | 40  | joint
10   | 60  | joint
"""
# 4 could have its own; 6 ought to have one; 7 has three members, but only two are full: too few.
MEMBERS = asked.people("""
member | standing     | unit | org
11     | full         | 1    | 10
21     | full         | 2    | 20
31     | full         | 3    | 30
41     | full         | 4    | 40
42     | full         | 4    | 40
43     | full         | 4    | 40
51     | full         | 5    | 40
61     | full         | 6    | 40
62     | full         | 6    | 40
63     | full         | 6    | 40
71     | full         | 7    | 40
72     | full         | 7    | 40
73     | probationary | 7    | 40
91     | full         | 9    | 40
""")
INSTRUCTORS = """
instructor | unit
1          | 6
1          | 7
2          | 1
3          | 9
"""
EXPECTED = """
indicator | held            | failed          | unknown
t27_01    | 1 2 3 4 5 6 7 8 |                 |
t27_02    | 1 6 7           | 2 3 4 5 8       |
t27_03    | 1               | 2 3 4 5 6 7 8   |
t27_04    | 2               | 1 3 4 5 6 7 8   |
t27_05    | 3               | 1 2 4 5 6 7 8   |
t27_06    | 4 5             | 1 2 3 6 7 8     |
t27_07    | 4               | 1 2 3 5 6 7 8   |
t27_08    | 40              |                 |
t27_09    | 6               | 1 2 3 4 5 7 8   |
t27_10    | 7               | 1 2 3 4 5 6 8   |
t27_11    | 8               | 1 2 3 4 5 6 7   |
t27_12    | 1 2             |                 |
"""
# Employees and members: all, of covered enterprises, of those with an instructor only.
SUMS = """
indicator | total | held | failed | unknown
t27_13    | 268   | 268  | 0      | 0
t27_14    | 13    | 13   | 0      | 0
t27_15    | 268   | 225  | 43     | 0
t27_16    | 13    | 7    | 6      | 0
t27_17    | 268   | 38   | 230    | 0
t27_18    | 13    | 6    | 7      | 0
"""


@pytest.fixture(scope="module")
def answers():
    return asked.ask(
        date(2012, 12, 31), unit=UNITS, org=ORGS, coverage=COVERAGE, instructor=INSTRUCTORS, **MEMBERS
    )  # fmt: skip


@pytest.mark.parametrize("line", smallworld.drawn(EXPECTED), ids=lambda line: line["indicator"])
def test_the_rows_behind_each_line(answers, line):
    asked.agrees(answers, line)


@pytest.mark.parametrize("line", smallworld.drawn(SUMS), ids=lambda line: line["indicator"])
def test_lines_that_add_up_people(answers, line):
    asked.adds_up(answers, line)


def test_a_form_filled_from_the_figures_passes_its_checks(answers):
    assert failed_checks({"total": [answers.numbers[line.code]["held"] for line in LINES]}) == []


#: line:      1  2  3  4  5  6  7  8  9 10 11 12  13 14  15 16 17 18
RIGHT = [8, 3, 1, 1, 1, 2, 1, 1, 1, 1, 1, 2, 268, 13, 225, 7, 38, 6]
WRONG = """
line | value | says
1    | 9     | 总数：第1行应等于第3、4、5、6、9、10、11行之和
7    | 3     | 总数：第7行不应大于第6行
8    | 3     | 总数：第8行不应大于第6行
14   | 269   | 总数：第14行不应大于第13行
16   | 226   | 总数：第16行不应大于第15行
18   | 39    | 总数：第18行不应大于第17行
"""


@pytest.mark.parametrize("case", smallworld.drawn(WRONG), ids=lambda case: f"line {case['line']}")
def test_each_check_of_the_form_finds_its_mistake(case):
    wrong = list(RIGHT)
    wrong[int(case["line"]) - 1] = int(case["value"])
    assert failed_checks({"total": wrong}) == [case["says"]]


def test_kinds_of_control_add_up_to_the_total():
    nothing = [0] * 18
    grid = {"total": RIGHT, "private": RIGHT, "hmt": nothing, "foreign": nothing, "control_unknown": nothing}
    assert failed_checks(grid) == []
    one_too_many = [1, *nothing[1:]]
    assert "第1行：各控股类型之和应等于总数" in failed_checks(grid | {"hmt": one_too_many})


@pytest.mark.parametrize(("smaller", "larger"), [("employees_100", "employees_50"), ("employees_50", "total")])
def test_the_larger_enterprises_are_a_part(smaller, larger):
    more = [9, 3, 2, *RIGHT[2:]]
    more[0] = sum(more[i - 1] for i in (3, 4, 5, 6, 9, 10, 11))
    said = f"“{COLUMNS[smaller][0]}”不应大于“{COLUMNS[larger][0]}”"
    assert said in failed_checks({larger: RIGHT, smaller: more, "total": RIGHT})
