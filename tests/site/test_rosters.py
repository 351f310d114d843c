"""Rosters that come one after the other: whatever the order, the register says what they say together."""

from datetime import date
from itertools import permutations

import pytest
from rosterdesk import DAY, LATER, OTHER_UNIT, SUN, UNIT, put, row_versions, sent, written

from dishu.site.membership.models import (
    Affiliation,
    Coverage,
    Employment,
    Member,
    Organization,
    OrganizationState,
    Standing,
)
from dishu.site.registry.models import Posting, Unit, UnitState
from dishu.site.rosters import actions, work
from dishu.site.trail.models import TrailLine

pytestmark = pytest.mark.django_db
MEMBER = {**SUN, "党员类别": "正式党员", "单位名称": UNIT["企业名称"], "组织关系所在党组织": "曾都区东城支部"}


def standing() -> list[tuple[object, ...]]:
    return list(Standing.objects.order_by("since").values_list("standing", "since", "until"))


def jobs() -> set[tuple[object, ...]]:
    return set(Employment.objects.values_list("unit__name", "since", "until"))


def claims() -> set[tuple[object, ...]]:
    return set(Affiliation.objects.values_list("org__name", "until"))


# name of the file, layout, row; "trust" says why the first filled value wins
UNITS = ("1单位.csv", UNIT, OTHER_UNIT)
FULL = ("2党员.csv", MEMBER)
PROBATIONARY = ("3党员.csv", {**SUN, "党员类别": "预备党员", "到岗日期": "2003-01-01", "单位名称": UNIT["企业名称"]})
SILENT = (
    "4组织关系.csv",
    {
        "姓名": "孙志春",
        "身份证号码": SUN["身份证号码"],
        "组织关系所在党组织": "广水市应山支部",
        "转入日期": "2005-02-01",
    },
)
#: There and back and across; the others take their time.
QUICK = {(0, 1, 2, 3), (3, 2, 1, 0)}
ORDERS = [pytest.param(one, marks=() if one in QUICK else pytest.mark.slow) for one in permutations(range(4))]


@pytest.mark.parametrize("order", ORDERS)
def test_the_order_of_upload_does_not_matter(order):
    rosters = [UNITS, FULL, PROBATIONARY, SILENT]
    for n in order:
        put(rosters[n][0], *rosters[n][1:])
    assert standing() == [
        ("full", date(2003, 1, 1), None)
    ]  # the earlier roster speaks first; the other knows since when
    assert jobs() == {(UNIT["企业名称"], date(2003, 1, 1), None)}
    assert claims() == {("曾都区东城支部", None), ("广水市应山支部", None)}  # two answers on one day stay both


def test_a_roster_that_says_nothing_of_standing_changes_none():
    put("党员.csv", {**MEMBER, "党员类别": "预备党员"})
    put("组织关系.csv", SILENT[1], day=LATER)
    assert [s for s, _, _ in standing()] == ["probationary"]


def test_the_same_file_again_writes_nothing_on_whatever_day():
    for name, *rows in (UNITS, FULL, PROBATIONARY, SILENT):
        put(name, *rows)
    before = row_versions()
    for name, *rows in (SILENT, FULL, UNITS, PROBATIONARY):
        upload, touched = put(name, *rows, day=LATER)
        assert (touched, upload.counts.get("same")) == (0, 2 if name == UNITS[0] else 1)
        line = TrailLine.objects.filter(verb="committed").latest("id")
        assert line.details["written"] == 0
    assert row_versions() == before


def test_a_later_word_of_the_same_roster_begins_on_its_day():
    put(*UNITS)
    put("党员.csv", MEMBER)
    put("党员.csv", {**MEMBER, "单位名称": OTHER_UNIT["企业名称"], "组织关系所在党组织": "曾都区北郊支部"}, day=LATER)
    assert jobs() == {(UNIT["企业名称"], DAY, LATER), (OTHER_UNIT["企业名称"], LATER, None)}
    assert claims() == {("曾都区东城支部", LATER), ("曾都区北郊支部", None)}
    assert Standing.objects.count() == 1


def test_an_older_roster_that_comes_late_stays_older():
    put(*UNITS)
    put("党员.csv", {**MEMBER, "单位名称": OTHER_UNIT["企业名称"]}, day=LATER)
    put("党员.csv", MEMBER)
    assert jobs() == {(UNIT["企业名称"], DAY, LATER), (OTHER_UNIT["企业名称"], LATER, None)}


@pytest.mark.parametrize("first", ["knows", "has not heard"])
def test_one_roster_that_knows_of_the_end_outweighs_others(first):
    knows = ("9登记.csv", {**MEMBER, "到岗日期": "2001-01-01", "离岗日期": "2006-06-01"})
    put(*UNITS)
    for name, row in (knows, FULL) if first == "knows" else (FULL, knows):
        put(name, row)
    assert jobs() == {(UNIT["企业名称"], date(2001, 1, 1), date(2006, 6, 1))}
    assert standing() == [("full", date(2001, 1, 1), date(2006, 6, 1))]


def test_numbers_that_two_rosters_know_complete_one_member():
    put("1.csv", {"姓名": "孙志春", "身份证号码": SUN["身份证号码"], "党员类别": "正式党员"})
    put("2.csv", {"姓名": "孙志春", "手机": SUN["手机"], "党员类别": "正式党员"})
    assert Member.objects.count() == 2  # nothing yet says that they are one
    put("3.csv", {**SUN, "党员类别": "正式党员"})
    one = Member.objects.get()
    assert (one.masked_citizen_id[-4:], one.masked_phone[-4:]) == ("7652", "9048")
    assert Standing.objects.count() == 1


@pytest.mark.parametrize("first", ["units", "members"])
def test_an_owner_is_found_whichever_roster_comes_first(first):
    owned = {**UNIT, "法定代表人": "孙志春", "法定代表人身份证件号码": SUN["身份证号码"], "法定代表人电话": SUN["手机"]}
    rosters = [("单位.csv", owned), ("党员.csv", {**SUN, "党员类别": "正式党员"})]
    for name, row in rosters if first == "units" else rosters[::-1]:
        put(name, row)
    assert Employment.objects.values_list("unit__name", "role").get() == (UNIT["企业名称"], "owner")


def test_who_works_for_the_state_is_no_member_here():
    put("党员.csv", MEMBER)
    assert Member.objects.count() == 1
    put("单位.csv", {**UNIT, "控股类型": "国有控股"})
    assert (Member.objects.count(), Unit.objects.count()) == (0, 1)


@pytest.mark.parametrize("first", [0, 1])
def test_units_take_the_first_filled_value_in_the_order_of_the_names(first):
    rosters = [
        ("甲.csv", {**UNIT, "从业人数": "34", "驻企指导员": ""}),
        ("乙.csv", {**UNIT, "从业人数": "50", "企业名称": "凯旋医药", "党建指导员": "谭明"}),
    ]
    for name, row in (rosters[first], rosters[1 - first]):
        put(name, row)
    # 乙 sorts before 甲, as the files of the engine's job do
    assert UnitState.objects.values_list("employees", "since", "until").get() == (50, date(2001, 5, 1), None)
    assert Posting.objects.count() == 1
    assert Unit.objects.get().name == "凯旋医药"


def test_a_unit_that_changed_goes_on_from_the_rosters_day():
    put("单位.csv", {**UNIT, "从业人数": "34"})
    upload, _ = put("单位.csv", {**UNIT, "从业人数": "36"}, day=LATER)
    assert upload.counts["changed"] == 1
    found = UnitState.objects.order_by("since").values_list("employees", "since", "until")
    assert list(found) == [(34, date(2001, 5, 1), LATER), (36, LATER, None)]


def test_what_a_hand_wrote_stays_on_top():
    put(*UNITS)
    put("党员.csv", MEMBER)
    Standing.objects.update(until=LATER)
    one = Standing.objects.get()
    Standing.objects.create(member=one.member, place=one.place, standing="probationary", since=LATER)
    put("3党员.csv", {**SUN, "党员类别": "正式党员", "到岗日期": "2003-01-01", "单位名称": UNIT["企业名称"]})
    assert standing()[-1] == ("probationary", LATER, None)
    assert jobs() == {(UNIT["企业名称"], date(2003, 1, 1), None)}


# Undo


def test_undo_takes_back_what_a_roster_began_and_opens_what_it_ended():
    put(*UNITS)
    put("党员.csv", MEMBER)
    was = standing(), jobs(), claims(), Member.objects.count()
    upload, touched = put(
        "党员.csv",
        {**MEMBER, "单位名称": OTHER_UNIT["企业名称"]},
        {**MEMBER, "姓名": "柳继德", "身份证号码": "", "手机": "19465714840"},
        day=LATER,
    )
    assert touched and (standing(), jobs(), claims(), Member.objects.count()) != was
    actions.undo(upload, by=upload.by, reason="传错了文件")
    assert (standing(), jobs(), claims(), Member.objects.count()) == was
    assert TrailLine.objects.filter(verb="undone").latest("id").reason == "传错了文件"


def test_undo_of_units():
    upload, _ = put(*UNITS)
    second, _ = put("单位.csv", {**UNIT, "从业人数": "34"}, day=LATER)
    actions.undo(second, by=second.by)
    assert UnitState.objects.filter(employees=34).count() == 0
    assert UnitState.objects.filter(until=None).count() == 2
    actions.undo(upload, by=upload.by)
    assert Unit.objects.count() == 0


def test_undo_is_refused_where_a_later_roster_rests_on_it():
    upload, _ = put(*UNITS)
    put("党员.csv", MEMBER)
    before = row_versions()
    with pytest.raises(actions.TooLate, match="“党员.csv”"):
        actions.undo(upload, by=upload.by)
    assert row_versions() == before
    upload.refresh_from_db()
    assert upload.stage == "committed"


def test_undo_by_the_worker_says_why_not():
    upload, _ = put(*UNITS)
    put("党员.csv", MEMBER)
    work.undo.func(upload.pk, upload.by_id)
    upload.refresh_from_db()
    assert upload.stage == "committed"
    assert "请先撤回“党员.csv”" in upload.problem


def test_undo_is_refused_where_a_hand_added_to_its_units():
    upload, _ = put(*UNITS)
    org = Organization.objects.create(name="支部", plain="支部")
    Coverage.objects.create(unit=Unit.objects.first(), org=org, mode="single", since=DAY)
    with pytest.raises(actions.TooLate, match="人工登记"):
        actions.undo(upload, by=upload.by)
    assert Unit.objects.count() == UnitState.objects.count() == 2


def test_undo_after_another_roster_said_the_same_leaves_it_with_the_other():
    first, _ = put(*UNITS)
    second, _ = put("2单位.csv", OTHER_UNIT, UNIT)  # the same rows in another file
    actions.undo(first, by=first.by)
    assert Unit.objects.count() == 2
    assert set(UnitState.objects.values_list("upload", flat=True)) == {second.pk}


# Two at once, and stopped in the middle


def test_a_preview_that_is_out_of_date_is_made_again():
    one = sent("单位.csv", written(UNIT))
    two = sent("单位2.csv", written({**UNIT, "从业人数": ""}))
    assert two.counts["new"] == 1
    actions.commit(one, by=one.by)
    assert actions.commit(two, by=two.by) == 0
    two.refresh_from_db()
    assert (Unit.objects.count(), two.counts.get("new", 0), two.counts["same"]) == (1, 0, 1)


@pytest.mark.parametrize(
    "table", ["registry_unitstate", "membership_affiliation", "membership_judgement", "trail_trailline"]
)
def test_stopped_in_the_middle_leaves_nothing_half_done(table):
    from django.db import connection

    put("党员.csv", MEMBER)
    upload = (
        sent("单位.csv", written(UNIT))
        if table == "registry_unitstate"
        else sent("3.csv", written(PROBATIONARY[1], {**MEMBER, "组织关系所在党组织": "另一支部"}))
    )
    before = row_versions()

    def stop(execute, sql, params, many, context):
        if any(f"{word} {table}" in sql.replace('"', "") for word in ("INSERT INTO", "UPDATE")):
            raise KeyboardInterrupt
        return execute(sql, params, many, context)

    with pytest.raises(KeyboardInterrupt), connection.execute_wrapper(stop):
        actions.commit(upload, by=upload.by)
    assert row_versions() == before
    upload.refresh_from_db()
    assert upload.stage == "previewed"
    assert actions.commit(upload, by=upload.by) > 0


def test_organizations_and_their_units_follow_their_roster():
    put(*UNITS)
    listed = {
        "党组织名称": "曾都区东城支部",
        "类别": "党支部",
        "县（市、区）": "曾都区",
        "成立日期": "2005-01-01",
        "覆盖单位": UNIT["企业名称"],
    }
    put("党组织.csv", listed)
    put("党组织.csv", {**listed, "覆盖单位": OTHER_UNIT["企业名称"]}, day=LATER)
    assert set(Coverage.objects.values_list("unit__name", "since", "until")) == {
        (UNIT["企业名称"], date(2005, 1, 1), LATER), (OTHER_UNIT["企业名称"], LATER, None),
    }  # fmt: skip
    assert OrganizationState.objects.count() == Organization.objects.count() == 1


def test_whose_units_came_from_above_is_not_asked_to_send_them_again(client, cast):
    client.force_login(cast.zeng)
    assert "还没有名册" in client.get("/rosters/").content.decode()
    put("1单位.csv", UNIT)
    assert "不用再传" in client.get("/rosters/").content.decode()
