"""The layouts say one thing each, and every title leads to one column."""

import pytest

from dishu.standards import forms

SURVEY = "owner_is_member owner_is_secretary surveyed surveyed_on channel instructor instructor_since work_on"
OWNER = "address owner owner_id owner_phone opened_on closed_on status employees assets turnover"
DESIGN = {
    "registration": f"unit_code name control industry county township village {OWNER} {SURVEY}",
    "individual": f"unit_code name industry county township village market {OWNER} {SURVEY}",
    "market": "market county township village stall name unit_code owner owner_id owner_phone opened_on closed_on "
    "employees surveyed surveyed_on channel",
    "member": "name sex citizen_id birth phone standing joined_on full_on employer employer_code role employed_since "
    "employed_until address county township village org org_since participates_in shown shown_on channel verified_on",
    "affiliation": "name citizen_id phone employer org org_since org_until participates_in superior",
    "organization": "org kind system superior county township village founded_on dissolved_on mode units approval_no",
    "plan": "plan name unit_code frozen_on deadline",
}
REQUIRED = {
    "registration": ("name",),
    "individual": ("name",),
    "market": ("market",),
    "member": ("name", "standing"),
    "affiliation": ("name", "org"),
    "organization": ("org", "kind"),
    "plan": ("plan", "frozen_on"),
}
each_layout = pytest.mark.parametrize("layout", forms.layouts(), ids=lambda layout: layout.name)


@each_layout
def test_layout_has_its_columns(layout):
    assert {field.name for field in layout.fields} == set(DESIGN[layout.name].split())
    assert layout.required == REQUIRED[layout.name]
    assert layout.title and layout.about


@each_layout
def test_a_title_leads_to_one_column(layout):
    seen = {}
    for field in layout.fields:
        for title in field.titles:
            assert seen.setdefault(title, field.name) == field.name, f"{title} 指向两个栏目"


@each_layout
def test_a_word_means_one_choice(layout):
    for field in layout.fields:
        assert (field.type == "choice") == bool(field.choices), field.name
        words = [word for ways in field.choices.values() for word in ways]
        assert len(words) == len(set(words)), field.name


@each_layout
def test_checks_speak_of_columns_that_are_there(layout):
    known = {field.name for field in layout.fields}
    for check in layout.checks:
        named = {value for key, value in check.use.items() if key != "kind" and isinstance(value, str)}
        assert named | set(check.use.get("fields", ())) <= known, check


def test_unknown_layout_names_the_known_ones():
    with pytest.raises(KeyError, match="member"):
        forms.layout("nobody")
