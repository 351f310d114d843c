"""Changing records by hand: a day and a reason, nothing lost, nobody's change overwritten unseen, behind the scope."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from rosterdesk import SUN, UNIT, put

from dishu.site.accounts.models import User
from dishu.site.membership import actions as membership
from dishu.site.membership.models import Employment, Member, Organization, OrganizationState, Standing
from dishu.site.records import acts
from dishu.site.registry import actions as registry
from dishu.site.registry.changing import Impossible, Stale
from dishu.site.registry.models import Unit
from dishu.site.trail.models import TrailLine

DAY, LATER, LAST = date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1)


@pytest.fixture
def unit(cast, place):
    return registry.add(
        by=cast.zeng, place=place("421302"), day=DAY, reason="上门摸底", kind="enterprise", name="鑫源商贸", employees=9
    )


@pytest.fixture
def member(cast, place):
    return membership.add_member(
        by=cast.zeng, name="张三", place=place("421302"), standing="probationary", day=DAY, reason="本人登记"
    )


@pytest.fixture
def org(cast, place):
    return membership.found(
        by=cast.zeng, name="鑫源商贸党支部", place=place("421302"), kind="branch", system="enterprise", day=DAY, reason="批复"
    )  # fmt: skip


def test_a_correction_ends_one_state_and_begins_another(cast, unit):
    registry.correct(by=cast.zeng, unit=unit, version=1, day=LATER, reason="来函", employees=12)
    assert [(s.since, s.until, s.employees) for s in unit.states.order_by("since")] == [
        (DAY, LATER, 9),
        (LATER, None, 12),
    ]
    line = TrailLine.objects.filter(verb="changed").latest("id")
    assert (line.reason, line.details["changes"]) == ("来函", {"employees": ["9", "12"]})


def test_nothing_different_writes_nothing(cast, unit):
    before = TrailLine.objects.count()
    registry.correct(by=cast.zeng, unit=unit, version=1, day=LATER, reason="来函", employees=9)
    assert (unit.states.count(), TrailLine.objects.count()) == (1, before)


def test_the_slower_of_two_is_told_and_nothing_is_overwritten(cast, unit):
    registry.correct(by=cast.zeng, unit=unit, version=1, day=LATER, reason="来函", employees=12)
    with pytest.raises(Stale, match="已被别人修改"):
        registry.correct(by=cast.shi, unit=unit, version=1, day=LATER, reason="上门", employees=20)
    assert unit.states.get(until=None).employees == 12


@pytest.mark.parametrize(
    ("day", "reason", "says"),
    [
        (date(2999, 1, 1), "来函", "还没有到"),
        (LATER, "  ", "理由"),
        (date(2019, 1, 1), "来函", "先后顺序"),
    ],
)
def test_a_change_needs_a_day_that_can_be_and_a_reason(cast, unit, day, reason, says):
    with pytest.raises(Impossible, match=says):
        registry.correct(by=cast.zeng, unit=unit, version=1, day=day, reason=reason, employees=1)


def test_closed_units_stay_and_can_be_opened_again(cast, unit):
    registry.close(by=cast.zeng, unit=unit, version=1, day=LATER, reason="已注销")
    assert Unit.objects.get().closed_on == LATER
    registry.reopen(by=cast.zeng, unit=unit, version=2, day=LAST, reason="误报")
    assert [(s.since, s.until) for s in unit.states.order_by("since")] == [(DAY, LATER), (LAST, None)]


def test_a_moved_unit_lies_at_the_old_place_before(cast, unit, place):
    registry.move(by=cast.shi, unit=unit, version=1, place=place("421381"), day=LATER, reason="迁址")
    assert [s.place.code for s in unit.states.order_by("since")] == ["421302", "421381"]
    # both counties' figures are told
    assert {line.place_id for line in TrailLine.objects.filter(verb="moved")} == {
        place("421302").pk,
        place("421381").pk,
    }


def test_a_wrong_or_taken_code_is_refused(cast, unit, place):
    with pytest.raises(Impossible, match="校验码"):
        registry.correct(by=cast.zeng, unit=unit, version=1, day=DAY, reason="补录", code="91420000000000000A")
    registry.correct(by=cast.zeng, unit=unit, version=1, day=DAY, reason="补录", code="91350100M000100Y43")
    with pytest.raises(Impossible, match="鑫源商贸名下"):
        registry.add(by=cast.zeng, place=place("421302"), day=DAY, reason="上门", kind="enterprise", name="乙",
                     code="91350100M000100Y43")  # fmt: skip


def test_many_units_are_verified_at_once_and_those_that_cannot_be_are_named(cast, unit, place):
    closed = registry.add(by=cast.zeng, place=place("421302"), day=DAY, reason="上门", kind="enterprise", name="乙")
    registry.close(by=cast.zeng, unit=closed, version=1, day=LATER, reason="已注销")
    done, refused = registry.verify(by=cast.zeng, units=[unit, closed], channel="visited", day=LAST, reason="上门")
    assert (done, len(refused)) == (1, 1)
    assert "乙" in refused[0]
    assert unit.states.get(until=None).verified_on == LAST


def test_a_member_becomes_full_and_later_leaves_with_all_ties(cast, member, unit):
    membership.employ(by=cast.zeng, member=member, version=1, unit=unit, role="employee", day=DAY, reason="合同")
    membership.set_standing(by=cast.zeng, member=member, version=2, standing="full", day=LATER, reason="转正")
    membership.leave(by=cast.zeng, member=member, version=3, day=LAST, reason="离开本地")
    ends = [(s.standing, s.until) for s in Standing.objects.order_by("since")]
    assert ends == [("probationary", LATER), ("full", LAST)]
    assert Employment.objects.get().until == LAST


def test_who_left_comes_back_from_that_day_on_and_is_asked_anew_for_work(client, cast, member, unit, place):
    membership.employ(by=cast.zeng, member=member, version=1, unit=unit, role="employee", day=DAY, reason="合同")
    back = {"by": cast.zeng, "member": member, "standing": "full", "reason": "登记有误"}
    with pytest.raises(Impossible, match="没有离开"):
        membership.come_back(**back, version=2, day=LAST)
    membership.leave(by=cast.zeng, member=member, version=2, day=LATER, reason="离开本地")
    with pytest.raises(Impossible, match="不能早于"):
        membership.come_back(**back, version=3, day=DAY)
    client.force_login(cast.zeng)
    act = reverse("member_act", args=[member.pk, "come_back"])
    assert act in client.get(reverse("member", args=[member.pk])).content.decode()
    sent = {"version": 3, "standing": "full", "day": LAST, "reason": "又回本地工作", "place": "421302"}
    assert client.post(act, sent).status_code == 302
    held = [(s.standing, s.since, s.until) for s in Standing.objects.order_by("since")]
    assert held == [("probationary", DAY, LATER), ("full", LAST, None)]
    assert Employment.objects.get().until == LATER
    assert act not in client.get(reverse("member", args=[member.pk])).content.decode()


def test_one_person_is_not_taken_twice(cast, member, place):
    number = "11010519491231002X"
    membership.correct_member(by=cast.zeng, member=member, version=1, day=DAY, reason="补录", citizen_id=number)
    assert Member.objects.get().masked_citizen_id == "110105********002X"
    with pytest.raises(Impossible, match="张三名下"):
        membership.add_member(by=cast.zeng, name="李四", place=place("421302"), standing="full", day=DAY, reason="x",
                              citizen_id=number)  # fmt: skip


def test_numbers_never_stand_in_the_trail(cast, member):
    membership.correct_member(by=cast.zeng, member=member, version=1, day=DAY, reason="补录", phone="13800138000")
    assert "13800138000" not in str(list(TrailLine.objects.values_list("details", "reason")))


def test_identity_is_shown_only_by_the_members_own_signature(cast, member):
    act = {"by": cast.zeng, "member": member, "version": 1, "shown": True, "day": DAY, "reason": "本人递交"}
    with pytest.raises(Impossible, match="本人"):
        membership.show_identity(**act, paper=" ")
    membership.show_identity(**act, paper="亮身份承诺书 2020-17")
    assert member.shown.get().shown is True


def test_an_organization_is_not_its_own_superior(cast, org, place):
    junior = membership.found(by=cast.zeng, name="二支部", place=place("421302"), kind="branch", system="enterprise",
                              day=DAY, reason="批复", superior=org)  # fmt: skip
    with pytest.raises(Impossible, match="下级"):
        membership.change(by=cast.zeng, org=org, version=membership.version_of(org), day=LATER, reason="x",
                          superior=junior)  # fmt: skip
    with pytest.raises(Impossible, match="下级党组织"):
        membership.dissolve(by=cast.zeng, org=org, version=membership.version_of(org), day=LATER, reason="x")


def test_a_dissolved_organization_covers_nothing_any_more(cast, org, unit):
    membership.cover(by=cast.zeng, unit=unit, version=1, org=org, mode="single", day=DAY, reason="批复")
    with pytest.raises(Impossible, match="已有登记"):
        membership.cover(by=cast.zeng, unit=unit, version=2, org=org, mode="joint", day=LATER, reason="批复")
    membership.dissolve(by=cast.zeng, org=org, version=membership.version_of(org), day=LATER, reason="批复")
    assert unit.coverages.get().until == LATER
    assert Organization.objects.get().states.get().until == LATER


@pytest.fixture
def zeng(client, cast):
    client.force_login(cast.zeng)
    return client


FORM = {"name": "鑫源商贸", "day": "2021-01-01", "reason": "来函"}


def test_two_people_see_each_others_values(zeng, cast, unit):
    registry.correct(by=cast.shi, unit=unit, version=1, day=LATER, reason="电话核实", employees=12)
    answer = zeng.post(f"/units/{unit.pk}/change/correct/", FORM | {"version": 1, "employees": 20})
    page = answer.content.decode()
    assert "已被别人修改" in page
    assert answer.context["theirs"] == [("从业人员", "12", "20")] and ">12<" in page and ">20<" in page
    assert "电话核实" in page
    answer = zeng.post(f"/units/{unit.pk}/change/correct/", FORM | {"version": 2, "employees": 20})
    assert answer.status_code == 302
    assert unit.states.get(until=None).employees == 20


def test_what_the_slower_one_left_alone_stays_as_the_faster_one_wrote_it(zeng, cast, unit):
    here = f"/units/{unit.pk}/change/correct/"
    form = zeng.get(here).context["paper"]
    opened = {name: form[name].value() for name in ("version", "opened")}
    registry.correct(by=cast.shi, unit=unit, version=1, day=LATER, reason="电话核实", employees=12, surveyed="known")
    answer = zeng.post(here, FORM | opened | {"employees": 9, "surveyed": "", "address": "沿河大道12号"})
    assert answer.context["theirs"] == [
        ("经营地址", "空", "沿河大道12号"),
        ("从业人员", "12", None),
        ("摸底情况", "已摸清", None),
    ]
    again = answer.context["paper"]
    sent = {field.name: field.value() or "" for field in (*again.visible_fields(), again["version"], again["opened"])}
    assert zeng.post(here, sent).status_code == 302
    unit.refresh_from_db()
    now = unit.states.get(until=None)
    assert (unit.address, now.employees, now.surveyed) == ("沿河大道12号", 12, "known")


def test_what_the_law_would_not_have_is_asked_once_more(zeng, unit, org):
    asked = {"org": f"{org} #{org.pk}", "mode": "single", "day": "2021-01-01", "reason": "批复", "version": 1}
    page = zeng.post(f"/units/{unit.pk}/coverage/cover/", asked).content.decode()
    assert "没有党员，应选派党建工作指导员" in page
    assert unit.coverages.count() == 0
    assert zeng.post(f"/units/{unit.pk}/coverage/cover/", asked | {"sure": "on"}).status_code == 302
    assert unit.coverages.count() == 1


def test_nobody_edits_outside_or_without_the_right(client, cast, unit):
    for who, expected in (("guang", 404), ("lead", 403), ("stranger", 403), ("audit", 403)):
        client.force_login(getattr(cast, who))
        assert client.get(f"/units/{unit.pk}/change/correct/").status_code == expected, who


def test_each_form_opens(zeng, unit, member, org):
    forms = (
        (f"/units/{unit.pk}/change", acts.UNIT), (f"/units/{unit.pk}/coverage", acts.COVERAGE),
        (f"/members/{member.pk}/change", acts.MEMBER), (f"/organizations/{org.pk}/change", acts.ORGANIZATION),
    )  # fmt: skip
    for address, kinds in forms:
        for name, act in kinds.items():
            assert zeng.get(f"{address}/{name}/").status_code == (404 if act.tie else 200), name
    for kind in ("units", "members", "organizations"):
        assert zeng.get(f"/{kind}/new/").status_code == 200


def test_a_new_unit_from_the_form(zeng, place):
    form = {
        "kind": "individual_business",
        "name": "早点铺",
        "place": "曾都区 421302",
        "day": "2021-01-01",
        "reason": "上门",
    }
    assert zeng.post("/units/new/", form).status_code == 302
    assert Unit.objects.get().states.get().place.code == "421302"
    page = zeng.post("/units/new/", form | {"place": "广水市 421381"})
    assert "没有找到" in page.content.decode()


def test_a_roster_committed_while_a_form_is_open_is_a_conflict_with_both_values(client, cast):
    put("1单位.csv", UNIT, day=DAY)
    put("2党员.csv", {**SUN, "党员类别": "预备党员", "单位名称": UNIT["企业名称"]}, day=DAY)
    member = Member.objects.get()
    page = reverse("member_act", args=[member.pk, "standing"])
    client.force_login(User.objects.get(username="shi"))
    opened = re.search(r'name="version" value="(\d+)"', client.get(page).content.decode())[1]
    put("2党员.csv", {**SUN, "党员类别": "正式党员", "单位名称": UNIT["企业名称"]}, day=LATER)
    form = {"version": opened, "day": "2022-01-01", "reason": "来函", "standing": "probationary"}
    answer = client.post(page, form).content.decode()
    assert "已被别人修改" in answer and "正式党员" in answer and "预备党员" in answer
    assert Standing.objects.get(until=None).standing == "full"


def test_rosters_that_change_nothing_of_a_record_leave_its_open_form_alone(cast):
    put("2党员.csv", {**SUN, "党员类别": "预备党员"}, day=DAY)
    before = Member.objects.get().version
    put("2党员.csv", {**SUN, "党员类别": "预备党员"}, day=LATER)
    put("3党员.csv", {"姓名": "旁人", "手机": "13900139000", "党员类别": "正式党员"}, day=LATER)
    assert Member.objects.get(name="孙志春").version == before


def test_a_roster_that_changes_an_organization_makes_its_open_form_stale(cast, place):
    org = membership.found(by=cast.zeng, name="某某党支部", place=place("421302"), kind="branch", system="market", day=DAY,
                           reason="批复")  # fmt: skip
    seen = membership.version_of(org)
    org.states.update(until=LATER)
    OrganizationState.objects.create(org=org, place=org.place, kind="committee", system="market", since=LATER)
    with pytest.raises(Stale):
        membership.change(by=cast.zeng, org=org, version=seen, day=LAST, reason="来函", kind="branch", system="market")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (kind, name)
        for kind, known in {"unit": acts.UNIT, "member": acts.MEMBER, "organization": acts.ORGANIZATION}.items()
        for name, one in known.items() if not one.tie
    ],
)  # fmt: skip
def test_every_form_shows_each_of_its_fields(client, cast, unit, member, org, kind, name):
    """A field of the form may be called like something the page asks the form for."""
    doing = {"unit": acts.UNIT, "member": acts.MEMBER, "organization": acts.ORGANIZATION}[kind][name]
    client.force_login(cast.zeng)
    subject = {"unit": unit, "member": member, "organization": org}[kind]
    page = client.get(reverse(f"{kind}_act", args=[subject.pk, name])).content.decode()
    shown = set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', page))
    assert {field.name for field in doing.form(scope=None).visible_fields()} <= shown
    assert str(subject) in re.search("<title>(.*?)</title>", page)[1]


def test_nothing_is_chosen_before_somebody_chooses(client, cast):
    """A branch must not become a committee because that is the first of the list."""
    client.force_login(cast.zeng)
    sent = {"name": "新支部", "place": "421302", "day": "2020-01-01", "reason": "批复"}
    page = client.post(reverse("organization_new"), sent).content.decode()
    assert page.count("请选择一项。") == 2 and not Organization.objects.filter(name="新支部").exists()


def test_what_is_wrong_is_tied_to_its_field(client, cast, unit):
    client.force_login(cast.zeng)
    sent = {"name": "", "employees": "-4", "day": "2020-01-01", "reason": "来函", "version": 1}
    page = client.post(reverse("unit_act", args=[unit.pk, "correct"]), sent).content.decode()
    assert "请填写这一项。" in page and "不能小于 0。" in page
    field = re.search(r'<input[^>]* name="employees"[^>]*>', page)[0]
    assert 'aria-invalid="true"' in field and 'id="id_employees_error"' in page and "id_employees_error" in field


def test_the_trail_calls_an_end_by_its_name(client, cast, member, unit):
    membership.leave(by=cast.zeng, member=member, version=1, day=LATER, reason="离开本地")
    registry.close(by=cast.zeng, unit=unit, version=1, day=LATER, reason="吊销")
    assert [line.done for line in TrailLine.objects.filter(verb="closed").order_by("id")] == ["离开", "注销"]
    client.force_login(cast.zeng)
    page = client.get(reverse("member", args=[member.pk])).content.decode()
    assert reverse("member_act", args=[member.pk, "leave"]) not in page  # who has left does not leave again


def test_a_list_with_nothing_in_it_says_where_to_begin(client, cast, unit):
    client.force_login(cast.zeng)
    assert reverse("uploads") in client.get(reverse("members")).content.decode().split("<main")[1]
    nothing = client.get(reverse("units"), {"q": "没有的"}).content.decode().split("<main")[1]
    assert "清除条件，看全部" in nothing and reverse("uploads") not in nothing


def test_the_desk_names_members_to_be_verified(client, cast, member):
    client.force_login(cast.zeng)
    assert reverse("members") + "?verified=no" in client.get(reverse("desk")).content.decode()
    membership.verify_member(
        by=cast.zeng, member=member, version=1, channel="visited", day=timezone.localdate(), reason="上门"
    )
    assert "?verified=no" not in client.get(reverse("desk")).content.decode()
