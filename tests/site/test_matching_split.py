"""A joining that turns out wrong is split again, also after later rosters and changes by hand; where not, it is said why."""

from datetime import date

import pytest
from rosterdesk import LATER, UNIT, judged_again, put

from dishu.site.doubts.models import Pair
from dishu.site.matching import actions
from dishu.site.membership import actions as members
from dishu.site.membership.models import Employment, Member
from dishu.site.registry.changing import Impossible
from dishu.site.registry.models import Unit
from dishu.site.rosters import actions as rosters
from dishu.site.trail.models import TrailLine

pytestmark = pytest.mark.django_db
FIRM = UNIT["企业名称"]
ONE = {"党员类别": "正式党员", "单位名称": FIRM, "县（市、区）": "曾都区", "姓名": "王建军", "出生日期": "1968-11-27",
       "手机": "19477319048"}  # fmt: skip
TWIN = {**ONE, "姓名": "王建民"}
ALIKE = {"企业名称": "曾都区凯旋医药贸易公司", "县（市、区）": "曾都区", "从业人员数": "37"}
WHY = "上门核实：是两个人"


@pytest.fixture
def twins(cast) -> Pair:
    """Two members joined, and a correction by hand since: no exact undoing any more."""
    put("单位.csv", UNIT)
    put("甲.csv", ONE)
    put("乙.csv", TWIN)
    found = actions.decide(by=cast.shi, pair=Pair.objects.get(), decision="same")
    member = Member.objects.get()
    members.correct_member(
        by=cast.shi, member=member, version=member.version, day=date(2007, 8, 1), reason="核对证件", name="王建君"
    )
    with pytest.raises(Impossible, match="不能原样分开"):
        actions.undo(by=cast.shi, pair=found)
    return found


@pytest.fixture
def firms(cast) -> Pair:
    """Two units joined, one with a member each, and a later roster since."""
    put("工商.csv", UNIT)
    put("税务.csv", ALIKE)
    put("甲.csv", ONE, {**ONE, "姓名": "欧阳修明", "手机": "19477310000", "单位名称": ALIKE["企业名称"]})
    found = actions.decide(by=cast.shi, pair=Pair.objects.get(kind="unit"), decision="same")
    put("税务.csv", {**ALIKE, "从业人员数": "40"}, day=LATER)
    with pytest.raises(Impossible, match="不能原样分开"):
        actions.undo(by=cast.shi, pair=found)
    return found


def test_two_members_are_two_again(cast, twins):
    actions.split(by=cast.shi, pair=twins, reason=WHY)
    assert set(Member.objects.values_list("pk", "name")) == {(twins.left, "王建君"), (twins.right, "王建民")}
    assert set(Employment.objects.values_list("member", flat=True)) == {twins.left, twins.right}
    assert judged_again() == 0


def test_two_units_are_two_again_with_who_works_there(cast, firms):
    actions.split(by=cast.shi, pair=firms, reason=WHY)
    assert set(Unit.objects.values_list("pk", "code")) == {(firms.left, UNIT["营业执照注册号"]), (firms.right, None)}
    assert set(Employment.objects.values_list("member__name", "unit")) == {
        ("王建军", firms.left), ("欧阳修明", firms.right),
    }  # fmt: skip
    assert Unit.objects.get(pk=firms.right).states.order_by("since").last().employees == 40  # a word since
    assert judged_again() == 0


@pytest.mark.parametrize("which", ["twins", "firms"])
def test_what_was_split_stays_two_and_is_not_asked_again(cast, which, request):
    found = actions.split(by=cast.shi, pair=request.getfixturevalue(which), reason=WHY)
    assert found.state == "different"
    put("丙.csv", *([ONE, TWIN] if which == "twins" else [ALIKE]), day=date(2007, 9, 20))
    assert (Member if which == "twins" else Unit).objects.count() == 2
    assert not Pair.objects.waiting().exists()


def test_what_was_split_may_be_joined_again(cast, firms):
    found = actions.split(by=cast.shi, pair=firms, reason=WHY)
    actions.undo(by=cast.shi, pair=found)
    actions.decide(by=cast.shi, pair=found, decision="same")
    assert Unit.objects.get().pk == firms.left
    put("税务.csv", {**ALIKE, "从业人员数": "41"}, day=date(2007, 9, 20))
    assert Unit.objects.get().states.order_by("since").last().employees == 41


def test_a_splitting_has_its_reason_in_the_trail(cast, twins):
    with pytest.raises(Impossible, match="为什么"):
        actions.split(by=cast.shi, pair=twins, reason=" ")
    actions.split(by=cast.shi, pair=twins, reason=WHY)
    lines = TrailLine.objects.filter(by=cast.shi, verb="split", reason=WHY)
    assert set(lines.values_list("subject_id", flat=True)) == {twins.left, twins.right}


@pytest.mark.parametrize("which", ["twins", "firms"])
def test_where_no_roster_tells_them_apart_it_is_refused(cast, which, request):
    found = request.getfixturevalue(which)
    for upload in [*{one.upload_id: one.upload for one in Pair.objects.filter(pk=found.pk)}.values()]:
        for later in type(upload).objects.filter(name=upload.name, stage="committed").order_by("-pk"):
            rosters.undo(later, by=cast.shi)
    with pytest.raises(Impossible, match="分不出"):
        actions.split(by=cast.shi, pair=found, reason=WHY)
    assert Pair.objects.get(pk=found.pk).state == "same"


def test_what_was_not_joined_is_not_split(cast):
    put("单位.csv", UNIT)
    put("甲.csv", ONE)
    put("乙.csv", TWIN)
    with pytest.raises(Impossible, match="没有合并"):
        actions.split(by=cast.shi, pair=Pair.objects.get(), reason=WHY)
