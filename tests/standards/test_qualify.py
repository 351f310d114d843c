"""What a unit qualifies for: the decision table, row by row, before and after 2018-10-28."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.standards import law
from dishu.standards.qualify import qualify

BEFORE = date(2007, 7, 31)
AFTER = date(2018, 10, 28)
FORMS = ("none", "joint", "single", "general_branch", "committee")


@pytest.mark.parametrize(
    ("full", "members", "form", "also", "with_committee", "max_units"),
    [
        (0, 0, "none", (), False, None),
        (0, 1, "joint", (), False, 5),
        (2, 9, "joint", (), False, 5),
        (3, 3, "single", (), False, None),
        (6, 40, "single", (), False, None),
        (7, 7, "single", (), True, None),
        (49, 49, "single", (), True, None),
        (50, 50, "single", ("general_branch",), True, None),
        (51, 51, "general_branch", (), True, None),
        (99, 99, "general_branch", (), True, None),
        (100, 100, "committee", (), True, None),
    ],
)
def test_since_the_branch_regulations(
    full: int, members: int, form: str, also: tuple[str, ...], with_committee: bool, max_units: int | None
) -> None:
    found = qualify(full, members, AFTER)
    assert (found.form, found.also, found.with_committee, found.max_units) == (form, also, with_committee, max_units)


@pytest.mark.parametrize(
    ("full", "members", "form", "with_committee"),
    [
        (0, 0, "none", False),
        (2, 5, "joint", False),
        (3, 6, "single", False),
        (3, 7, "single", True),  # local rules of the time counted all members
        (50, 60, "general_branch", True),
        (90, 100, "committee", True),
    ],
)
def test_in_the_time_of_the_speeches_a_joint_branch_had_no_cap(
    full: int, members: int, form: str, with_committee: bool
) -> None:
    found = qualify(full, members, BEFORE)
    assert (found.form, found.with_committee, found.max_units) == (form, with_committee, None)


@pytest.mark.parametrize(("full", "at_risk"), [(2, False), (3, True), (4, False)])
def test_a_branch_with_just_three_full_members_is_at_risk(full: int, at_risk: bool) -> None:
    assert qualify(full, 10, AFTER).at_risk is at_risk


@pytest.mark.parametrize(
    ("full", "members", "reason"),
    [
        (0, 0, "没有党员，应选派党建工作指导员"),
        (2, 4, "正式党员2名，不足3名，应与邻近单位建立联合党支部，一般不超过5个单位"),
        (3, 4, "正式党员3名，达到3名，应当单独建立党支部；流出1名就不足3名"),
        (8, 8, "正式党员8名，达到3名，应当单独建立党支部，设支部委员会"),
        (60, 60, "党员60名，达到50名，经批准可建立党总支"),
        (120, 120, "党员120名，达到100名，经批准可建立基层党委"),
    ],
)
def test_the_reason_is_said_in_words(full: int, members: int, reason: str) -> None:
    assert qualify(full, members, AFTER).reason == reason


def test_the_readings_say_which_law_the_answer_rests_on() -> None:
    found = qualify(2, 2, AFTER)
    assert [reading.name for reading in found.readings] == ["branch_min_full_members", "joint_branch_max_units"]
    assert not found.hard


@pytest.mark.parametrize(("full", "members"), [(-1, 3), (4, 3)])
def test_counts_that_cannot_be_are_refused(full: int, members: int) -> None:
    with pytest.raises(ValueError, match="0 ≤ 正式党员 ≤ 党员"):
        qualify(full, members, AFTER)


def test_before_the_party_constitution_of_1982_there_is_no_answer() -> None:
    with pytest.raises(law.OutsideDates):
        qualify(3, 3, date(1982, 9, 5))


counts = st.integers(0, 120)


@settings(max_examples=300)
@given(counts, counts, counts, counts, st.dates(date(1982, 9, 6), date(2026, 1, 1)))
def test_more_members_never_lower_the_form(full: int, others: int, more: int, more_others: int, day: date) -> None:
    before = qualify(full, full + others, day)
    after = qualify(full + more, full + others + more + more_others, day)
    assert FORMS.index(after.form) >= FORMS.index(before.form)
    assert after.with_committee >= before.with_committee


@settings(max_examples=200)
@given(counts, counts, st.dates(date(1982, 9, 6), date(2026, 1, 1)))
def test_a_unit_has_its_own_organization_exactly_with_three_full_members(full: int, others: int, day: date) -> None:
    found = qualify(full, full + others, day)
    assert (found.form in FORMS[2:]) == (full >= 3)
    assert (found.form == "none") == (full + others == 0)
    assert found.reason and found.readings
