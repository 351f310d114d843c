"""A market with its stalls and back; what is still to be done about a record."""

from datetime import date

import pytest
from django.utils import timezone

from dishu.site.membership.models import (
    Affiliation,
    Coverage,
    Employment,
    Member,
    Organization,
    OrganizationState,
    Planned,
    Standing,
)
from dishu.site.registry.models import Unit, UnitState
from dishu.site.territory import actions as territory

DAY, STREET = date(2010, 1, 1), "421381001"


@pytest.fixture
def market(cast, place):
    """A market with 45 stalls, one owned by a member, one surveyed, one closed."""
    there = territory.found(by=None, code=f"{STREET}M01", name="汽配城", level="market", kind="market", parent=place(STREET),
                            day=DAY, document="批复")  # fmt: skip
    one = Unit.objects.create(kind="market", name="汽配城", place=there)
    made = [
        Unit.objects.create(kind="individual_business", name=f"摊{n:02}", address=f"{n}号", place=there)
        for n in range(45)
    ]
    for unit in (one, *made):
        UnitState.objects.create(unit=unit, place=there, since=DAY, surveyed="known" if unit is made[1] else None)
    Unit.objects.filter(pk=made[2].pk).update(closed_on=date(2011, 1, 1))
    owner = Member.objects.create(name="王小二", place=there)
    Standing.objects.create(member=owner, place=there, standing="full", since=DAY)
    Employment.objects.create(member=owner, unit=made[0], role="owner", since=DAY)
    return one, made, owner


@pytest.fixture
def suo(client, cast):
    client.force_login(cast.suo)
    return client


def test_a_market_lists_its_stalls_counted_paged_and_owners_masked(suo, market):
    one, made, _ = market
    page, seen = f"/units/{one.pk}/stalls/", []
    while page:
        answer = suo.get(page)
        stalls = answer.context["stalls"]
        seen += [row["name"] for row in stalls["rows"]]
        page = f"/units/{one.pk}/stalls/?stalls={stalls['more']}" if stalls["more"] else ""
    assert seen == [unit.name for unit in made if unit is not made[2]]
    assert [number for number, _, _ in stalls["counts"]] == [44, 1, 1, 0, 1]
    first = suo.get(f"/units/{one.pk}/stalls/").content.decode()
    assert "王＊＊" in first and "王小二" not in first


def test_each_count_leads_to_the_list_that_has_so_many(suo, market):
    one, _, _ = market
    for number, _, asked in suo.get(f"/units/{one.pk}/stalls/").context["stalls"]["counts"]:
        listed = suo.get(f"/units/?place={one.place.code}&kind=individual_business{asked}").context["asked"]
        assert len(listed.rows) == number


def test_a_stall_leads_back_to_its_market_and_is_found_in_it_by_search(suo, market):
    one, made, _ = market
    assert f'href="/units/{one.pk}/"' in suo.get(f"/units/{made[7].pk}/").content.decode()
    assert "摊07" in suo.get(f"/units/?place={one.place.code}&q=摊07").content.decode()


def test_a_market_asks_no_more_than_fifteen_questions(suo, market, django_assert_max_num_queries):
    suo.get("/units/")
    for page in ("", "stalls/"):
        with django_assert_max_num_queries(15 + 2):
            suo.get(f"/units/{market[0].pk}/{page}")


# --- what is to be done -----------------------------------------------------------------------------------------------


def todo(browser, address):
    return " ".join(task.text for task in browser.get(address).context["tasks"])


def test_a_unit_says_what_is_to_be_done_and_stops_when_it_is(suo, market):
    _, made, owner = market
    Planned.objects.create(plan="计划", unit=made[0], deadline=date(2011, 12, 31), since=DAY)
    said = todo(suo, f"/units/{made[0].pk}/")
    assert all(text in said for text in ("还没有摸底", "有党员而没有党组织", "已过期限"))
    assert "还没有核实" in todo(suo, f"/units/{made[1].pk}/")
    org = Organization.objects.create(name="汽配城支部", plain="汽配城支部", place=made[0].place)
    Coverage.objects.create(unit=made[0], org=org, mode="joint", since=DAY)
    now = UnitState.objects.filter(unit=made[0])
    now.update(surveyed="known", verified_on=DAY, channel="visited")
    assert "过有效期" in todo(suo, f"/units/{made[0].pk}/")
    now.update(verified_on=timezone.localdate())
    assert todo(suo, f"/units/{made[0].pk}/") == ""
    assert todo(suo, f"/units/{made[2].pk}/") == ""  # closed: nothing any more


@pytest.mark.parametrize(
    ("claims", "held", "says"), [(0, False, "不明"), (1, False, "还没有确认"), (2, False, "说法不一"), (1, True, "")]
)
def test_a_member_says_what_is_to_be_settled(suo, market, claims, held, says):
    _, _, owner = market
    for n in range(claims):
        org = Organization.objects.create(name=f"支部{n}", plain=f"支部{n}", place=owner.place)
        Affiliation.objects.create(member=owner, org=org, since=DAY, source="名册", held=held)
    assert "没有向本人核实" in todo(suo, f"/members/{owner.pk}/")
    Standing.objects.filter(member=owner).update(verified_on=timezone.localdate(), channel="visited")
    said = todo(suo, f"/members/{owner.pk}/")
    assert says in said and bool(said) == bool(says)


def test_a_branch_too_small_and_one_that_covers_what_is_closed_say_so(suo, market):
    _, made, owner = market
    org = Organization.objects.create(name="汽配城支部", plain="汽配城支部", place=owner.place)
    OrganizationState.objects.create(org=org, place=owner.place, kind="branch", system="market", since=DAY)
    Affiliation.objects.create(member=owner, org=org, since=DAY, source="名册")
    Coverage.objects.create(unit=made[2], org=org, mode="joint", since=DAY)
    said = todo(suo, f"/organizations/{org.pk}/")
    assert "正式党员 1 名" in said and "已注销的摊02" in said


def test_as_of_an_earlier_day_nothing_is_to_be_done(suo, market):
    assert todo(suo, f"/units/{market[1][0].pk}/?day=2010-06-01") == ""
