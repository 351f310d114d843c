"""Every problem has words, and every place that names a problem names one of the catalogue."""

import re
from pathlib import Path
from string import Formatter

import pytest

import dishu
from dishu.standards import forms, ids, problems

HERE = Path(dishu.__file__).parent
# What the texts may speak of; whoever tells a problem gives these.
CELL = {"title", "value", "reason", "choices", "first_row"}
CHECKS = {"first", "then", "field", "id", "day", "status", "date", "fields"}
FACTS = CELL | CHECKS | {"sheet", "layout", "titles", "unit", "size", "limit", "found"}


@pytest.mark.parametrize("problem", problems.catalogue().values(), ids=lambda problem: problem.code)
def test_a_problem_says_what_is_wrong_and_how_to_mend_it(problem):
    assert re.search("[\u4e00-\u9fff]|{reason}", problem.text) and re.search("[\u4e00-\u9fff]", problem.mend)
    named = {name for text in (problem.text, problem.mend) for _, name, _, _ in Formatter().parse(text) if name}
    assert named <= FACTS
    assert problem.severity in ("refused", "warned", "layout", "note", "file")


def test_checks_of_layouts_are_in_the_catalogue():
    for layout in forms.layouts():
        assert {check.code for check in layout.checks} <= set(problems.catalogue())


def test_what_judges_say_is_in_the_catalogue():
    judged = set(
        re.findall(
            r'"((?:citizen_id|credit_code|registration_no|unit_code|phone)_\w+)"', Path(ids.__file__).read_text()
        )
    )
    assert judged and judged <= set(problems.catalogue())
