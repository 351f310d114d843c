"""Many records changed at once: tried and shown first, done once however often it is sent, what cannot be done is named."""

from datetime import date

import pytest
from django.db import connection

from dishu.site.membership import actions as membership
from dishu.site.membership.models import Affiliation, Organization, OrganizationState
from dishu.site.registry import actions as registry
from dishu.site.trail.models import TrailLine

DAY = date(2010, 1, 1)
STREET, NEXT, OUTSIDE = "421381001", "421381002", "421303001"


@pytest.fixture
def units(cast, place):
    """Two in one street, one in the next, one that opened later, one outside."""
    told = {"by": cast.shi, "reason": "上门", "kind": "enterprise"}
    return [
        registry.add(**told, day=day, place=place(where), name=f"{n}号店")
        for n, (where, day) in enumerate(
            [(STREET, DAY), (STREET, DAY), (NEXT, DAY), (STREET, date(2020, 1, 1)), (OUTSIDE, DAY)]
        )
    ]


@pytest.fixture
def guang(client, cast):
    client.force_login(cast.guang)
    return client


def places(units):
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    for unit in units:
        unit.refresh_from_db()
    return [unit.place.code for unit in units]


def sent(units, step, place=NEXT, day="2015-06-01", reason="区划调整"):
    return {"pk": [unit.pk for unit in units], "step": step, "place": place, "day": day, "reason": reason}


def test_first_it_is_tried_and_leaves_nothing_behind(guang, units):
    before = TrailLine.objects.count()
    outcome = guang.post("/units/assign/", sent(units, "try")).context["outcome"]
    assert [(str(one), what) for one, what, _ in outcome] == [
        ("0号店", "done"), ("1号店", "done"), ("2号店", "same"), ("3号店", "refused")
    ]  # fmt: skip
    assert places(units) == [STREET, STREET, NEXT, STREET, OUTSIDE] and TrailLine.objects.count() == before


def test_done_it_is_as_it_was_shown_each_with_its_line_and_twice_is_once(guang, units):
    page = guang.post("/units/assign/", sent(units, "do"), follow=True).content.decode()
    assert "已办理 2 条" in page and "3号店" in page
    assert places(units) == [NEXT, NEXT, NEXT, STREET, OUTSIDE]
    lines = TrailLine.objects.filter(verb="moved", reason="区划调整")
    assert {line.subject_id for line in lines} == {units[0].pk, units[1].pk}
    before = lines.count()
    assert "已办理 0 条" in guang.post("/units/assign/", sent(units, "do"), follow=True).content.decode()
    places(units)
    assert lines.count() == before


@pytest.mark.parametrize("change", [{"place": OUTSIDE}, {"day": "2999-01-01"}, {"reason": ""}, {"place": ""}])
def test_nothing_is_done_where_the_form_is_wrong(guang, units, change):
    guang.post("/units/assign/", sent(units, "do", **change))
    assert places(units) == [STREET, STREET, NEXT, STREET, OUTSIDE]


def test_organizations_are_put_under_one_superior_and_a_ring_is_named(guang, cast, place):
    orgs = [
        membership.found(
            by=cast.shi, name=f"{n}党委", place=place(STREET), kind="branch", system="market", day=DAY, reason="文"
        )
        for n in "甲乙丙"
    ]
    top = orgs[0]
    form = {
        "pk": [org.pk for org in orgs],
        "step": "do",
        "superior": f"{top} #{top.pk}",
        "day": "2015-01-01",
        "reason": "文",
    }
    page = guang.post("/organizations/under/", form, follow=True).content.decode()
    assert "已办理 2 条" in page and "不能作上级" in page
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert set(OrganizationState.objects.filter(superior=top, until=None).values_list("org__name", flat=True)) == {
        "乙党委", "丙党委"
    }  # fmt: skip
    assert Organization.objects.count() == 3


def test_members_are_settled_in_one_organization_tried_first_each_with_its_line(guang, cast, place):
    told = {"by": cast.shi, "reason": "文"}
    where = {"place": place(STREET), "standing": "full"}
    people = [membership.add_member(**told, **where, name=name, day=day) for name, day in
              (("甲某", DAY), ("乙某", DAY))]  # fmt: skip
    people.append(membership.add_member(**told, name="外某", place=place(OUTSIDE), standing="full", day=DAY))
    org = membership.found(**told, name="东街党支部", place=place(STREET), kind="branch", system="market", day=DAY)
    form = {"pk": [one.pk for one in people], "org": f"{org} #{org.pk}", "day": "2015-06-01", "reason": "介绍信 3 号"}

    def held():
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
        return set(Affiliation.objects.filter(held=True, org=org, until=None).values_list("member__name", flat=True))

    outcome = guang.post("/members/settle/", form | {"step": "try"}).context["outcome"]
    assert [(str(one), what) for one, what, _ in outcome] == [("甲某", "done"), ("乙某", "done")]
    assert held() == set()
    assert set(TrailLine.objects.filter(by=cast.guang, verb="looked").values_list("subject_id", flat=True)) == {
        people[0].pk, people[1].pk
    }  # fmt: skip
    assert "已办理 2 条" in guang.post("/members/settle/", form | {"step": "do"}, follow=True).content.decode()
    assert held() == {"甲某", "乙某"}
    assert TrailLine.objects.filter(verb="changed", reason="介绍信 3 号").count() == 2
    assert "已办理 0 条" in guang.post("/members/settle/", form | {"step": "do"}, follow=True).content.decode()


def test_nothing_ticked_says_so_and_whoever_only_reads_cannot(guang, client, cast):
    assert "没有选中" in guang.post("/units/assign/", {"step": "do"}, follow=True).content.decode()
    client.force_login(cast.lead)
    assert client.post("/units/assign/", {}).status_code == 403


def _people(cast, place, **more):
    told = {"by": cast.shi, "reason": "文", "place": place(STREET), "day": DAY}
    return [membership.add_member(**told, name=name, standing="probationary") for name in ("甲某", "乙某")]


@pytest.mark.parametrize(
    ("address", "values", "says"),
    [
        ("verify", {"channel": "phoned"}, ("2015-06-01", "phoned", "probationary")),
        ("standing", {"standing": "full"}, ("None", "None", "full")),
        ("leave", {}, None),
    ],
)
def test_members_are_verified_turned_full_or_left_many_at_once(guang, cast, place, address, values, says):
    people = _people(cast, place)
    form = values | {"pk": [one.pk for one in people], "day": "2015-06-01", "reason": "支部会议 7 号"}
    outcome = guang.post(f"/members/{address}/", form | {"step": "try"}).context["outcome"]
    assert [what for _, what, _ in outcome] == ["done", "done"]
    assert "已办理 2 条" in guang.post(f"/members/{address}/", form | {"step": "do"}, follow=True).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    for one in people:
        now = one.standings.filter(until=None).first()
        assert (now and (str(now.verified_on), str(now.channel), now.standing)) == says
    assert "已办理 0 条" in guang.post(f"/members/{address}/", form | {"step": "do"}, follow=True).content.decode()


def test_members_take_part_in_an_organization_once_and_no_longer(guang, cast, place):
    people = _people(cast, place)
    org = membership.found(
        by=cast.shi, reason="文", name="商会党支部", place=place(STREET), kind="branch", system="market", day=DAY
    )
    form = {"pk": [one.pk for one in people], "org": f"{org} #{org.pk}", "day": "2015-06-01", "reason": "花名册"}
    assert "已办理 2 条" in guang.post("/members/take-part/", form | {"step": "do"}, follow=True).content.decode()
    assert "已办理 0 条" in guang.post("/members/take-part/", form | {"step": "do"}, follow=True).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    part = people[0].participations.get()
    end = f"/members/{people[0].pk}/change/end_part/?tie={part.pk}"
    assert "商会党支部" in guang.get(end).content.decode()
    guang.post(end, {"tie": part.pk, "version": 2, "day": "2016-01-01", "reason": "转走"})
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    part.refresh_from_db()
    assert part.until == date(2016, 1, 1)


def test_units_are_closed_many_at_once_and_who_works_there_is_named_first(guang, cast, units):
    member = membership.add_member(
        by=cast.shi, reason="文", name="甲某", place=units[0].place, standing="full", day=DAY, unit=units[0]
    )
    form = {"pk": [one.pk for one in units[:3]], "day": "2015-06-01", "reason": "吊销"}
    outcome = guang.post("/units/close/", form | {"step": "try"}).context["outcome"]
    assert [what for _, what, _ in outcome] == ["done"] * 3 and "1 名党员" in outcome[0][2] and not outcome[1][2]
    assert "已办理 3 条" in guang.post("/units/close/", form | {"step": "do"}, follow=True).content.decode()
    assert member.employments.get().until is None


def test_afterwards_one_is_back_at_the_list_as_it_was_asked(guang, units):
    asked = "/units/?verified=no"
    assert f'value="{asked}"' in guang.post("/units/assign/", sent(units, "try") | {"back": asked}).content.decode()
    assert guang.post("/units/assign/", sent(units, "do") | {"back": asked}).url == asked
    assert guang.post("/units/assign/", sent(units, "do") | {"back": "https://elsewhere.cn/"}).url == "/units/"
