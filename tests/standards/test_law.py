"""The law by date: what it said on a day, what it did not say, and what a law file may not do."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.standards import law
from dishu.standards.law.book import read_book

SPEECH_2007 = date(2007, 7, 31)
SPEECH_2011 = date(2011, 10, 31)
TODAY = date(2025, 6, 30)


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        ("branch_min_full_members", SPEECH_2007, 3),
        ("branch_max_members", SPEECH_2007, 50),
        ("joint_branch_max_units", date(2018, 10, 28), 5),
        ("committee_min_full_members", TODAY, 7),
        ("committee_counts", SPEECH_2007, "members"),
        ("committee_counts", TODAY, "full_members"),
        ("general_branch_min_members", TODAY, 50),
        ("basic_committee_min_members", TODAY, 100),
        ("at_risk_margin", SPEECH_2007, 0),
        ("congress_min_members", TODAY, 500),
        ("term_years", SPEECH_2007, {"committee": (3, 5), "general_branch": (2, 3), "branch": (2, 3)}),
        ("term_shift_max_months", TODAY, 12),
        ("term_advance_allowed", SPEECH_2007, False),
        ("term_advance_allowed", TODAY, True),
        ("term_reminder_months", TODAY, 6),
        ("election_quorum", date(2020, 7, 12), {"num": 4, "den": 5, "strict": True}),
        ("election_quorum", date(2020, 7, 13), {"num": 4, "den": 5, "strict": False}),
        ("election_candidate_surplus", TODAY, 0.2),
        ("election_majority", TODAY, {"of": "present", "more_than": 0.5}),
        ("decision_majority", TODAY, {"of": "should_attend", "more_than": 0.5, "quorum_more_than": 0.5}),
        ("dues_pension", TODAY, {"brackets": ((5000, 0.005), (None, 0.01))}),
        ("dues_flat", SPEECH_2007, {"farmer": (0.2, 0.2)}),
        ("dues_voluntary_to_centre_min", TODAY, 1000),
        ("dues_remit_centre", SPEECH_2007, {"rate": 0.05, "due": "04-30"}),
        ("dues_return_nonpublic", TODAY, 1.0),
        ("dues_arrears_months", SPEECH_2007, 6),
        ("enterprise_party_fund_tax", TODAY, 0.01),
        ("association_fund_share", SPEECH_2011, {"min": 0.03, "max": 0.05}),
        ("mobile_member_months", SPEECH_2007, 6),
        ("transfer_letter_max_days", SPEECH_2007, 90),
        ("lost_contact", TODAY, {"suspend_after_months": 6, "remove_after_years": 2, "abroad_study_years": 5}),
        ("designated_size_industry_wan", date(2006, 12, 31), 500),
        ("designated_size_industry_wan", SPEECH_2007, 500),
        ("designated_size_industry_wan", date(2010, 12, 31), 500),
        ("designated_size_industry_wan", date(2011, 1, 1), 2000),
        ("six_100_deadline", SPEECH_2011, date(2011, 12, 31)),
        ("log_retention_months", TODAY, 6),
        ("pia_retention_years", TODAY, 3),
        ("verification_valid_months", SPEECH_2007, 12),
        ("work_valid_months", SPEECH_2007, 12),
    ],
)
def test_what_the_law_said(name: str, day: date, value: object) -> None:
    assert law.at(day).value(name) == value


def test_dues_of_the_time_of_the_speech_and_of_the_year_after() -> None:
    before, after = (law.at(date(2008, *day)).value("dues_wage")["brackets"] for day in ((3, 31), (4, 1)))
    assert before == ((400, 0.005), (600, 0.01), (800, 0.015), (1500, 0.02), (None, 0.03))
    assert after == ((3000, 0.005), (5000, 0.01), (10000, 0.015), (None, 0.02))


def test_recruiting_as_one_rule() -> None:
    recruit = law.at(date(2014, 6, 11)).value("recruit")
    assert (recruit["observe_months"], recruit["approve_months"], recruit["extend_months"]) == (12, 3, (6, 12))


def test_each_rule_read_is_noted_once_with_its_source() -> None:
    rules = law.at(SPEECH_2007)
    for name in ("branch_min_full_members", "designated_size_industry_wan", "branch_min_full_members"):
        rules.value(name)
    assert [reading.name for reading in rules.read] == ["branch_min_full_members", "designated_size_industry_wan"]
    size = rules.read[1]
    assert (size.since, size.until, size.mark, size.hard) == (date(2007, 1, 1), date(2011, 1, 1), "T", False)
    assert "2007—2010" in size.source


def test_asking_outside_the_dates_names_rule_day_and_dates() -> None:
    with pytest.raises(law.OutsideDates) as caught:
        law.at(SPEECH_2007).value("joint_branch_max_units")
    problem = caught.value
    assert (problem.name, problem.day) == ("joint_branch_max_units", SPEECH_2007)
    assert problem.spans == ((date(2018, 10, 28), None),)
    assert str(problem) == (
        "规则“联合党支部覆盖单位一般不超过”（joint_branch_max_units）对2007-07-31没有规定；有规定的时段：2018-10-28起"
    )


def test_what_is_not_in_the_law_is_not_noted() -> None:
    rules = law.at(SPEECH_2007)
    assert rules.find("joint_branch_max_units") is None
    assert rules.read == ()


def test_null_ends_a_rule() -> None:
    assert law.at(date(2006, 12, 31)).value("designated_size_state_owned_all") is True
    with pytest.raises(law.OutsideDates, match="1998-01-01至2007-01-01（不含）"):
        law.at(date(2007, 1, 1)).value("designated_size_state_owned_all")
    assert [step.until for step in law.steps("designated_size_state_owned_all")] == [date(2007, 1, 1)]


def test_an_unknown_name_is_an_error_that_offers_the_near_ones() -> None:
    with pytest.raises(law.UnknownRule, match="相近的有：branch_min_full_members"):
        law.at(TODAY).value("branch_min_full_member")


def test_nobody_can_change_the_law_for_the_others() -> None:
    with pytest.raises(TypeError):
        law.at(TODAY).value("election_quorum")["num"] = 3


@pytest.mark.parametrize("name", law.names())
def test_every_rule_has_title_unit_and_steps_in_order(name: str) -> None:
    rule = law.rule(name)
    assert rule.title and rule.unit and rule.steps
    for earlier, later in zip(rule.steps, rule.steps[1:], strict=False):
        assert earlier.until is not None and earlier.until <= later.since


@pytest.mark.parametrize("name", law.names())
def test_steps_cover_the_time_from_the_first_to_the_last_without_gaps(name: str) -> None:
    steps = law.steps(name)
    assert [step.until for step in steps[:-1]] == [step.since for step in steps[1:]]


@settings(max_examples=200)
@given(st.sampled_from(law.names()), st.dates(date(1980, 1, 1), date(2030, 1, 1)))
def test_a_day_has_the_value_of_the_one_step_it_lies_in(name: str, day: date) -> None:
    inside = [step for step in law.steps(name) if step.since <= day and (step.until is None or day < step.until)]
    if inside:
        assert [law.at(day).reading(name)] == inside
    else:
        with pytest.raises(law.OutsideDates):
            law.at(day).value(name)


@pytest.mark.parametrize("name", law.names())
def test_the_day_before_the_first_step_is_outside(name: str) -> None:
    with pytest.raises(law.OutsideDates):
        law.at(law.steps(name)[0].since - timedelta(days=1)).value(name)


# --- law files that do not get in ---

ROW = '{from: 2000-01-01, value: 1, source: "甲", mark: T}'
HEAD = "rule:\n  title: 题\n  unit: 个\n  hard: false\n  values:\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (f"{HEAD}    - {ROW}\n    - {ROW}\n", "日期须依次递增"),
        (f"{HEAD}    - {ROW}\n    - {ROW.replace('2000', '1999')}\n", "日期须依次递增"),
        (f"{HEAD}    - {ROW.replace('value', 'to: 2002-01-01, value')}\n    - {ROW.replace('2000', '2001')}\n", "重叠"),
        (f"{HEAD}    - {ROW.replace('甲', ' ')}\n", "没有写出处"),
        (f"{HEAD}    - {ROW.replace('mark: T', 'mark: X')}\n", "mark 须为"),
        (f"{HEAD}    - {ROW.replace('2000-01-01', 'anno')}\n", "须为日期"),
        (f"{HEAD}    - {ROW.replace('from', 'since')}\n", "每个值须有"),
        (f"{HEAD.replace('unit', 'units')}    - {ROW}\n", "须有且只有"),
        (f"{HEAD}    - {ROW}\n  hard: true\n", "写了两次"),
        (f"{HEAD}    - {ROW}\n" * 2, "写了两次"),
        (f"{HEAD}    []\n", "至少一条"),
        ("- 1\n", "应是一条条规则"),
    ],
)
def test_a_law_file_with_a_fault_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "topic.yaml").write_text(text, "utf-8")
    with pytest.raises(law.BadRule, match=complaint):
        read_book(tmp_path)


def test_a_rule_stands_in_one_file_only(tmp_path: Path) -> None:
    for file in ("a.yaml", "b.yaml"):
        (tmp_path / file).write_text(f"{HEAD}    - {ROW}\n", "utf-8")
    with pytest.raises(law.BadRule, match="在别的文件里已有"):
        read_book(tmp_path)
