"""The matching desk for units: a roster's row that may be a known unit waits for a person; joined, nothing is lost."""

from datetime import date

import pytest
from django.db import connection
from rosterdesk import LATER, OTHER_UNIT, UNIT, content, judged_again, put, sent, written

from dishu.site.doubts.models import Pair
from dishu.site.matching import actions
from dishu.site.membership.models import Coverage, Employment, Member
from dishu.site.registry.changing import Impossible
from dishu.site.registry.models import Joined, Unit
from dishu.site.reports import current
from dishu.site.rosters import actions as rosters
from dishu.site.trail.models import TrailLine

pytestmark = pytest.mark.django_db
NAME = UNIT["企业名称"]
#: The same firm as another office writes it: another form of company, no number.
ALIKE = {"企业名称": NAME.replace("有限公司", "公司"), "县（市、区）": "曾都区", "从业人员数": "37"}
#: A row that may be the known unit, and what the reasons say.
DOUBTFUL = {
    "名称写法不同、没有代码": ({}, ALIKE, "名称主体一致"),
    "代码录错、经营者相同": (
        {"法定代表人": "何家成"}, {**UNIT, "营业执照注册号": "421302000000014", "法定代表人": "何家成"}, "单位代码不同",
    ),
    "字号一致、电话一致": (
        {"法定代表人": "何家成", "法定代表人电话": "19477319048"},
        {"企业名称": "曾都区凯旋医药有限公司", "县（市、区）": "曾都区", "法定代表人电话": "19477319048"}, "电话一致",
    ),
}  # fmt: skip
WORKER = {"姓名": "王建军", "党员类别": "正式党员", "县（市、区）": "曾都区", "出生日期": "1968-11-27"}


def pair(known: dict[str, str] | None = None, row: dict[str, str] = ALIKE) -> Pair:
    """A doubtful pair: a unit that is known, and a roster's row that may be it."""
    put("工商.csv", {**UNIT, **(known or {})})
    put("税务.csv", row)
    return Pair.objects.get(kind="unit")


def people() -> None:
    """Somebody at either of the two, as far as the register knows both; a branch at the second."""
    put("甲.csv", {**WORKER, "单位名称": NAME}, {**WORKER, "姓名": "欧阳修明", "单位名称": ALIKE["企业名称"]})
    put("组织.csv", {"党组织名称": "凯旋医药支部", "类别": "党支部", "覆盖单位": ALIKE["企业名称"],
                   "县（市、区）": "曾都区", "成立日期": "2005-01-01"})  # fmt: skip


@pytest.mark.parametrize(("known", "row", "says"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_a_row_that_may_be_a_known_unit_waits_for_somebody(known, row, says):
    found = pair(known, row)
    assert says in found.reasons
    assert (found.state, found.upload.name, found.model, found.place.code) == ("open", "税务.csv", "units-1", "421302")
    assert {found.left, found.right} == set(Unit.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(("known", "row", "says"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_the_same_joins_and_taking_it_back_restores_every_row(cast, known, row, says):
    found = pair(known, row)
    people()
    before = content()
    actions.decide(by=cast.shi, pair=found, decision="same")
    assert Unit.objects.get().pk == found.left
    if row["企业名称"] != NAME:  # of two of one name nobody knew at which one somebody works
        assert judged_again() == 0  # what the desk wrote is what all rosters say together
    actions.undo(by=cast.shi, pair=found)
    assert content() == before
    assert judged_again() == 0


def test_nothing_of_the_second_is_lost(cast):
    found = pair()
    people()
    actions.decide(by=cast.shi, pair=found, decision="same")
    unit = Unit.objects.get()
    assert unit.code == UNIT["营业执照注册号"]
    assert unit.states.order_by("since").last().employees == 37
    assert set(Employment.objects.values_list("member__name", "unit")) == {
        ("王建军", unit.pk), ("欧阳修明", unit.pk),
    }  # fmt: skip
    assert list(Coverage.objects.values_list("unit", flat=True)) == [unit.pk]


def test_whoever_worked_at_both_worked_at_one(cast):
    found = pair()
    put("甲.csv", {**WORKER, "单位名称": NAME})
    put("甲.csv", {**WORKER, "单位名称": ALIKE["企业名称"]}, day=LATER)
    assert Employment.objects.count() == 2
    before = content()
    actions.decide(by=cast.shi, pair=found, decision="same")
    assert Employment.objects.get().unit_id == found.left
    assert judged_again() == 0
    actions.undo(by=cast.shi, pair=found)
    assert content() == before


def test_who_owns_the_one_and_works_at_the_other_owns_where_they_work(cast):
    number = "991558196811277652"
    found = pair({"法定代表人": "王建军", "法定代表人身份证号": number})
    put("甲.csv", {**WORKER, "单位名称": ALIKE["企业名称"], "身份证号码": number})
    before = content()
    actions.decide(by=cast.shi, pair=found, decision="same")
    assert Employment.objects.get().role == "owner"
    assert judged_again() == 0
    actions.undo(by=cast.shi, pair=found)
    assert content() == before


def test_the_one_that_has_no_code_takes_the_others(cast):
    found = pair({"营业执照注册号": ""}, {**ALIKE, "营业执照注册号": UNIT["营业执照注册号"]})
    actions.decide(by=cast.shi, pair=found, decision="same")
    assert Unit.objects.get().code == UNIT["营业执照注册号"]


@pytest.mark.parametrize(("decision", "units"), [("same", 1), ("different", 2)])
def test_the_next_roster_with_the_same_row_does_not_ask_again(cast, decision, units):
    found = pair()
    actions.decide(by=cast.shi, pair=found, decision=decision)
    for name, row in (("税务.csv", ALIKE), ("统计.csv", {**ALIKE, "从业人员数": "40"})):
        put(name, row, day=LATER)
    assert Unit.objects.count() == units
    assert not Pair.objects.waiting().exists()


def test_a_mistyped_code_leads_to_the_right_unit_once_somebody_said_so(cast):
    known, row, _ = DOUBTFUL["代码录错、经营者相同"]
    found = pair(known, row)
    actions.decide(by=cast.shi, pair=found, decision="same")
    for name, sent_row in (("一.csv", row), ("二.csv", UNIT)):
        put(name, {**sent_row, "从业人员数": "12"}, day=LATER)
    assert Unit.objects.count() == 1
    assert not Pair.objects.waiting().exists()


@pytest.mark.parametrize(("decision", "units"), [("same", 1), ("different", 2)])
def test_a_roster_withdrawn_and_sent_again_finds_the_decision(cast, decision, units):
    found = pair()
    actions.decide(by=cast.shi, pair=found, decision=decision)
    rosters.undo(found.upload, by=cast.shi)
    assert Unit.objects.count() == 1
    put("税务.csv", ALIKE)
    assert Unit.objects.count() == units
    assert not Pair.objects.waiting().exists()


def test_withdrawing_the_roster_withdraws_what_waits(cast):
    found = pair()
    rosters.undo(found.upload, by=cast.shi)
    assert not Pair.objects.exists()


def test_two_rows_of_one_roster_may_be_one_too(cast):
    put("工商.csv", UNIT, ALIKE)
    assert Pair.objects.get(kind="unit").upload.name == "工商.csv"


def test_a_decision_between_preview_and_commit_counts(cast):
    found = pair()
    upload = sent("统计.csv", written({**ALIKE, "从业人员数": "40"}), day=LATER)
    actions.decide(by=cast.shi, pair=found, decision="same")
    rosters.commit(upload, by=cast.shi)
    assert Unit.objects.count() == 1


def test_who_works_there_by_the_name_that_went_is_still_found(cast):
    found = pair()
    actions.decide(by=cast.shi, pair=found, decision="same")
    people()
    put("别家.csv", OTHER_UNIT)
    assert set(Employment.objects.values_list("member__name", "unit")) == {
        ("王建军", found.left), ("欧阳修明", found.left),
    }  # fmt: skip


def test_of_three_that_are_one_each_is_known_again(cast):
    third = {**ALIKE, "企业名称": NAME.replace("有限公司", "")}
    put("工商.csv", UNIT)
    put("税务.csv", ALIKE)
    put("统计.csv", third)
    before = content()
    decided = []
    while waiting := Pair.objects.waiting().first():
        decided.append(actions.decide(by=cast.shi, pair=waiting, decision="same"))
    assert Unit.objects.count() == 1
    assert set(Joined.objects.values_list("unit", flat=True)) == {Unit.objects.get().pk}
    again, _ = put("统计.csv", third, day=LATER)
    assert Unit.objects.count() == 1
    rosters.undo(again, by=cast.shi)
    for one in reversed(decided):
        actions.undo(by=cast.shi, pair=one)
    assert content() == before


def test_what_rests_on_a_joining_refuses_to_take_it_back(cast):
    found = pair()
    actions.decide(by=cast.shi, pair=found, decision="same")
    put("统计.csv", {**ALIKE, "从业人员数": "40"}, day=LATER)
    before = content()
    with pytest.raises(Impossible, match="不能原样分开"):
        actions.undo(by=cast.shi, pair=found)
    assert content() == before


def test_owners_leave_no_trace_but_whether_they_are_the_same(cast):
    owner = {"法定代表人": "何家成", "法定代表人身份证号": "991558196811277652", "法定代表人电话": "19477319048"}
    found = pair(owner, {**UNIT, **owner, "营业执照注册号": "421302000000014"})
    assert "经营者相同" in found.reasons
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM doubts_pair p")
        text = cursor.fetchone()[0]
    for trace in ("何家成", "991558196811277652", "7652", "19477319048", "9048"):
        assert trace not in text


def test_each_decision_leaves_its_line(cast):
    found = pair()
    actions.decide(by=cast.shi, pair=found, decision="same", reason="电话核实")
    actions.undo(by=cast.shi, pair=found)
    lines = TrailLine.objects.filter(by=cast.shi, verb__in=("decided", "took_in", "merged", "split", "undone"))
    unit = "registry.unit"
    assert sorted((line.verb, line.subject_type) for line in lines) == sorted([
        ("decided", "doubts.pair"), ("merged", unit), ("took_in", unit), ("split", unit), ("split", unit),
        ("undone", "doubts.pair"),
    ])  # fmt: skip


def test_the_figures_follow_a_joining(cast):
    found = pair()
    line = current.last_change()
    actions.decide(by=cast.shi, pair=found, decision="same")
    assert current.last_change() > line
    told = current.current().facts().tables["unit"].to_pyarrow()
    assert set(told["unit"].to_pylist()) == {found.left}


def test_a_member_of_the_joined_unit_keeps_the_day(cast):
    found = pair()
    people()
    was = set(Employment.objects.values_list("member__name", "since", "until"))
    actions.decide(by=cast.shi, pair=found, decision="same")
    assert set(Employment.objects.values_list("member__name", "since", "until")) == was
    assert Member.objects.count() == 2
    assert date(2005, 1, 1) in Coverage.objects.values_list("since", flat=True)
