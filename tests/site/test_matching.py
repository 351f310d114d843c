"""The matching desk: doubtful members found at commit, decided by a person, remembered, and taken back exactly."""

from datetime import date

import pytest
from django.db import connection
from rosterdesk import LATER, SUN, UNIT, content, judged_again, put, row_versions, sent, written

from dishu.site.doubts.models import Pair
from dishu.site.matching import actions
from dishu.site.membership import actions as members
from dishu.site.membership.models import Affiliation, Employment, Member, Standing
from dishu.site.registry.changing import Impossible
from dishu.site.reports import current
from dishu.site.rosters import actions as rosters
from dishu.site.trail.models import TrailLine

pytestmark = pytest.mark.django_db
FIRM = UNIT["企业名称"]
BASE = {"党员类别": "正式党员", "单位名称": FIRM, "县（市、区）": "曾都区"}
ONE = {
    **BASE,
    "姓名": "王建军",
    "出生日期": "1968-11-27",
    "手机": "19477319048",
    "组织关系所在党组织": "曾都区东城支部",
}
TWIN = {**ONE, "姓名": "王建民", "组织关系所在党组织": "广水市应山支部"}
#: Two rows that may be one person, and what of them the reasons say.
DOUBTFUL = {
    "双胞胎同单位同手机": (ONE, TWIN, "姓名相近：王建军/王建民"),
    "同音不同字": (
        {**BASE, "姓名": "李建国", "出生日期": "1968-11-27"}, {**BASE, "姓名": "李健国"}, "姓名同音：李建国/李健国",
    ),
    "姓名和号码都打码": (
        {"党员类别": "正式党员", "姓名": "孙志春", "身份证号码": SUN["身份证号码"]},
        {"党员类别": "正式党员", "姓名": "孙*春", "身份证号码": "991558********7652"},
        "姓名已打码",
    ),
    "少一个字同手机": (
        {"党员类别": "正式党员", "姓名": "孙志春", "手机": SUN["手机"], "出生日期": "1968-11-27"},
        {"党员类别": "正式党员", "姓名": "孙春", "手机": SUN["手机"]},
        "姓名相近",
    ),
    "出生日期相近": (
        {"党员类别": "正式党员", "姓名": "欧阳修明", "出生日期": "1968-11-27"},
        {"党员类别": "正式党员", "姓名": "欧阳修明", "出生日期": "1968-11-01"},
        "出生日期相近",
    ),
}  # fmt: skip


def pair(*rows: dict[str, str]) -> Pair:
    """A doubtful pair: two rosters of one row each (the twins where none are given)."""
    put("单位.csv", UNIT)
    one, two = rows or (ONE, TWIN)
    put("甲.csv", one)
    put("乙.csv", two)
    return Pair.objects.get(kind="member")


@pytest.mark.parametrize(("one", "two", "says"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_two_rows_that_may_be_one_person_wait_for_somebody(one, two, says):
    found = pair(one, two)
    assert says in found.reasons
    assert (found.state, found.upload.name, found.model) == ("open", "乙.csv", "people-1")
    assert {found.left, found.right} == set(Member.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(("one", "two", "says"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_the_same_joins_and_taking_it_back_restores_every_row(cast, one, two, says):
    found = pair(one, two)
    before = content()
    actions.decide(by=cast.shi, pair=found, decision="same")
    member = Member.objects.get()
    assert member.pk == found.left
    assert judged_again() == 0  # what the desk wrote is what all rosters say together with that decision
    actions.undo(by=cast.shi, pair=found)
    assert content() == before
    assert judged_again() == 0
    assert content() == before


def test_what_both_rosters_said_is_the_one_members_now(cast):
    found = pair()
    actions.decide(by=cast.shi, pair=found, decision="same")
    assert set(Affiliation.objects.values_list("member", "org__name")) == {
        (found.left, "曾都区东城支部"), (found.left, "广水市应山支部"),
    }  # fmt: skip
    assert Employment.objects.get().unit.name == FIRM
    assert Standing.objects.filter(until=None).count() == 1


@pytest.mark.parametrize("decision", ["different", "unsure"])
def test_kept_apart_or_put_aside_and_taken_back(cast, decision):
    found = pair()
    before = content()
    actions.decide(by=cast.shi, pair=found, decision=decision)
    assert Member.objects.count() == 2
    assert judged_again() == 0
    actions.undo(by=cast.shi, pair=found)
    assert content() == before


def test_put_aside_then_decided_then_taken_back_is_put_aside(cast):
    found = pair()
    actions.decide(by=cast.zeng, pair=found, decision="unsure")
    before = content()
    actions.decide(by=cast.shi, pair=found, decision="same")
    actions.undo(by=cast.shi, pair=found)
    assert content() == before
    actions.undo(by=cast.shi, pair=found)
    assert Pair.objects.get().state == "open"


@pytest.mark.parametrize("decision", ["same", "different", "unsure"])
def test_deciding_the_same_again_does_nothing(cast, decision):
    found = pair()
    actions.decide(by=cast.shi, pair=found, decision=decision)
    before, lines = content(), TrailLine.objects.count()
    actions.decide(by=cast.zeng, pair=found, decision=decision)
    assert (content(), TrailLine.objects.count()) == (before, lines)


def test_somebody_elses_decision_is_not_written_over(cast):
    found = pair()
    actions.decide(by=cast.shi, pair=found, decision="different")
    with pytest.raises(Impossible, match="请先撤销"):
        actions.decide(by=cast.zeng, pair=found, decision="same")
    assert Member.objects.count() == 2


def test_each_decision_leaves_its_line(cast):
    found = pair()
    actions.decide(by=cast.shi, pair=found, decision="same")
    actions.undo(by=cast.shi, pair=found)
    lines = TrailLine.objects.filter(
        by=cast.shi, verb__in=("decided", "took_in", "merged", "split", "undone")
    ).order_by("id")
    said = [(line.verb, line.subject_type) for line in lines]
    member = "membership.member"
    assert sorted(said) == sorted([
        ("decided", "doubts.pair"), ("merged", member), ("took_in", member), ("split", member), ("split", member),
        ("undone", "doubts.pair"),
    ])  # fmt: skip


@pytest.mark.parametrize(("decision", "members"), [("same", 1), ("different", 2)])
def test_the_next_roster_with_the_same_two_does_not_ask_again(cast, decision, members):
    found = pair()
    actions.decide(by=cast.shi, pair=found, decision=decision)
    for name, rows in (("乙.csv", [TWIN]), ("丙.csv", [ONE, TWIN]), ("丁.csv", [{**TWIN, "党员类别": "预备党员"}])):
        put(name, *rows, day=LATER)
    assert Member.objects.count() == members
    assert not Pair.objects.waiting().exists()


@pytest.mark.parametrize(("decision", "members"), [("same", 1), ("different", 2)])
def test_a_roster_withdrawn_and_sent_again_finds_the_decision(cast, decision, members):
    found = pair()
    actions.decide(by=cast.shi, pair=found, decision=decision)
    rosters.undo(found.upload, by=cast.shi)
    assert Member.objects.count() == 1
    put("乙.csv", TWIN)
    assert Member.objects.count() == members
    assert not Pair.objects.waiting().exists()


def test_withdrawing_the_roster_withdraws_what_waits(cast):
    found = pair()
    rosters.undo(found.upload, by=cast.shi)
    assert not Pair.objects.exists()


def test_the_same_roster_again_makes_no_second_pair():
    pair()
    before = row_versions()
    put("乙.csv", TWIN, day=LATER)
    put("丙.csv", ONE, TWIN, day=LATER)
    assert Pair.objects.count() == 1
    assert row_versions()["membership_member"] == before["membership_member"]


def test_a_decision_between_preview_and_commit_counts(cast):
    found = pair()
    upload = sent("丙.csv", written({**ONE, "党员类别": "预备党员"}), day=LATER)
    actions.decide(by=cast.shi, pair=found, decision="same")
    rosters.commit(upload, by=cast.shi)
    assert Member.objects.count() == 1


def test_what_rests_on_a_joining_refuses_to_take_it_back(cast):
    found = pair()
    actions.decide(by=cast.shi, pair=found, decision="same")
    member = Member.objects.get()
    members.correct_member(
        by=cast.shi, member=member, version=member.version, day=date(2007, 8, 1), reason="核对证件", name="王建君"
    )
    before = content()
    with pytest.raises(Impossible, match="不能原样分开"):
        actions.undo(by=cast.shi, pair=found)
    assert content() == before


def test_other_doubts_about_the_joined_one_go_on(cast):
    third = {**TWIN, "姓名": "王建林"}
    put("单位.csv", UNIT)
    for n, row in enumerate((ONE, TWIN, third)):
        put(f"{n}.csv", row)
    assert Pair.objects.count() == 3  # each with each
    first = Pair.objects.order_by("left", "right").first()
    before = content()
    actions.decide(by=cast.shi, pair=first, decision="same")
    waiting = Pair.objects.waiting().get()
    assert {waiting.left, waiting.right} == set(Member.objects.values_list("pk", flat=True))
    actions.undo(by=cast.shi, pair=first)
    assert content() == before


def test_of_three_two_kept_apart_are_not_joined_by_the_third(cast):
    put("单位.csv", UNIT)
    for n, row in enumerate((ONE, TWIN, {**TWIN, "姓名": "王建林"})):
        put(f"{n}.csv", row)
    ab, ac, bc = Pair.objects.order_by("left", "right")
    actions.decide(by=cast.shi, pair=ab, decision="different")
    actions.decide(by=cast.shi, pair=ac, decision="same")
    assert not Pair.objects.filter(pk=bc.pk).exists() or Pair.objects.get(pk=bc.pk).state == "open"
    for waiting in Pair.objects.waiting():
        with pytest.raises(Impossible, match="不是同一个"):
            actions.decide(by=cast.shi, pair=waiting, decision="same")
    assert judged_again() == 0
    assert Member.objects.count() == 2


def test_a_member_entered_by_hand_is_joined_with_the_rosters(cast, place):
    put("单位.csv", UNIT)
    put("甲.csv", ONE)
    members.add_member(
        by=cast.shi, name="王建民", place=place("421302"), standing="full", day=date(2006, 1, 1), reason="来函",
        birth=date(1968, 11, 27), phone="19477319048",
    )  # fmt: skip
    put("丙.csv", {**BASE, "姓名": "赵大海"})
    found = Pair.objects.get()
    before = content()
    actions.decide(by=cast.shi, pair=found, decision="same")
    assert Member.objects.count() == 2
    assert judged_again() == 0
    actions.undo(by=cast.shi, pair=found)
    assert content() == before


def test_an_owner_who_is_no_member_is_never_listed():
    put("单位.csv", {**UNIT, "法定代表人": "王建民", "法定代表人电话": "19477319048"})
    put("甲.csv", ONE)
    assert not Pair.objects.exists()


def test_identifiers_stay_encrypted(cast):
    found = pair()
    actions.decide(by=cast.shi, pair=found, decision="same")
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM doubts_pair p")
        text = cursor.fetchone()[0]
    assert "19477319048" not in text
    assert b"19477319048".hex() not in text


def test_the_figures_follow_a_joining(cast):
    found = pair()
    line = current.last_change()
    actions.decide(by=cast.shi, pair=found, decision="unsure")
    assert current.last_change() == line  # putting aside changes no fact
    actions.undo(by=cast.shi, pair=found)
    actions.decide(by=cast.shi, pair=found, decision="same")
    assert current.last_change() > line
    told = current.current().facts().tables["member"].to_pyarrow()
    assert set(told["member"].to_pylist()) == {found.left}
