"""Members and organizations on screen: found, masked, revealed with a reason, contradictions named, looks written down."""

from datetime import date

import pytest

from dishu.site.membership import actions
from dishu.site.membership.models import Affiliation, Organization, Participation
from dishu.site.registry import actions as registry
from dishu.site.trail.models import TrailLine

DAY = date(2020, 1, 1)
PHONE, NUMBER = "13800138000", "11010519491231002X"


@pytest.fixture
def people(cast, place):
    """张三 with numbers, claimed by two organizations; 李四 held by one; 王五 of 广水市 of whom nothing is known."""
    told = {"by": cast.shi, "day": DAY, "reason": "名册"}
    zengdu = place("421302")
    unit = registry.add(**told, place=zengdu, kind="enterprise", name="鑫源商贸")
    zhang = actions.add_member(
        **told, name="张三", place=zengdu, standing="full", citizen_id=NUMBER, phone=PHONE, unit=unit, role="owner"
    )
    li = actions.add_member(**told, name="李四", place=zengdu, standing="probationary")
    wang = actions.add_member(**told, name="王五", place=place("421381"), standing="full")
    one = actions.found(**told, name="一支部", place=zengdu, kind="branch", system="enterprise")
    two = actions.found(**told, name="二总支", place=zengdu, kind="general_branch", system="territory")
    actions.change(
        by=cast.shi, org=one, version=actions.version_of(one), day=date(2021, 1, 1), reason="批复", superior=two
    )
    for org in (one, two):
        Affiliation.objects.create(member=zhang, org=org, source="名册", since=DAY)
    Affiliation.objects.create(member=li, org=one, source="名册", since=DAY, held=True)
    Participation.objects.create(member=li, org=two, since=DAY)
    actions.show_identity(by=cast.shi, member=li, version=1, shown=True, day=DAY, paper="承诺书", reason="本人")
    return [zhang, li, wang]


@pytest.fixture
def as_(client, cast):
    def log_in(name):
        client.force_login(getattr(cast, name))
        return client

    return log_in


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=张", [0]),
        ("q=zs", [0]),
        ("q=8000", [0]),
        ("standing=probationary", [1]),
        ("standing=left", []),
        ("lies=contradicting", [0]),
        ("lies=held", [1]),
        ("lies=unknown", [2]),
        ("lies=claimed", []),
        ("shown=yes", [1]),
        ("shown=unknown", [0, 2]),
        ("verified=yes", []),
        ("place=421381", [2]),
    ],
)
def test_members_are_found_by_what_one_knows(as_, people, asked, found):
    page = as_("shi").get(f"/members/?{asked}").content.decode()
    assert [at for at, one in enumerate(people) if f"/members/{one.pk}/" in page] == found


def test_lists_and_pages_show_numbers_masked_exports_too(as_, people):
    browser = as_("zeng")
    pages = [
        browser.get("/members/?col=name&col=phone&col=citizen_id").content,
        browser.get(f"/members/{people[0].pk}/").content,
        b"".join(browser.get("/members/?as=csv&col=name&col=phone&col=citizen_id").streaming_content),
    ]
    for page in pages:
        assert "138****8000" in page.decode()
        assert PHONE not in page.decode()
        assert NUMBER not in page.decode()


def test_numbers_are_revealed_with_a_reason_once_and_the_trail_says_so(as_, people):
    browser = as_("zeng")
    address = f"/members/{people[0].pk}/reveal/"
    assert PHONE not in browser.post(address, {"reason": " "}, follow=True).content.decode()
    assert not TrailLine.objects.filter(verb="revealed").exists()
    answer = browser.post(address, {"reason": "电话核实"})
    assert PHONE in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    line = TrailLine.objects.get(verb="revealed")
    assert (line.reason, line.subject_id) == ("电话核实", people[0].pk)
    assert PHONE not in str(line.details)
    assert PHONE not in browser.get(f"/members/{people[0].pk}/").content.decode()


def test_reveal_is_not_for_everybody_and_not_outside(as_, people):
    for who, expected in (("lead", 403), ("guang", 404), ("stranger", 403)):
        assert as_(who).post(f"/members/{people[0].pk}/reveal/", {"reason": "x"}).status_code == expected


def test_a_look_is_written_down_and_shown(as_, people, cast):
    as_("zeng").get(f"/members/{people[0].pk}/")
    line = TrailLine.objects.latest("id")
    assert (line.verb, line.by_id, line.subject_id) == ("looked", cast.zeng.pk, people[0].pk)
    looks = as_("shi").get(f"/members/{people[0].pk}/").context["looks"]
    assert (looks[0].who, looks[0].verb) == ("zeng", "查看")


def test_what_rosters_say_differently_is_named(as_, people):
    page = as_("zeng").get(f"/members/{people[0].pk}/").content.decode()
    assert "几份名册说的组织关系不一致" in page
    assert "不一致" not in as_("zeng").get(f"/members/{people[1].pk}/").content.decode()
    assert "不一致" not in as_("zeng").get(f"/members/{people[0].pk}/?day=2019-01-01").content.decode()


def test_an_organization_shows_members_units_and_those_above_and_below(as_, people):
    one, two = Organization.objects.get(name="一支部"), Organization.objects.get(name="二总支")
    page = as_("zeng").get(f"/organizations/{one.pk}/").context
    assert [tie.member.name for tie in page["members"]] == ["李四", "张三"]
    assert page["now"].superior == two
    below = as_("zeng").get(f"/organizations/{two.pk}/").context
    assert [state.org.name for state in below["juniors"]] == ["一支部"]
    assert [tie.member.name for tie in below["parts"]] == ["李四"]
    assert as_("guang").get(f"/organizations/{one.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"), [("", ["一支部", "二总支"]), ("q=一", ["一支部"]), ("kind=general_branch", ["二总支"]),
                         ("system=enterprise", ["一支部"]), ("state=dissolved", []), ("state=named", [])]
)  # fmt: skip
def test_organizations_are_found(as_, people, asked, found):
    rows = as_("zeng").get(f"/organizations/?{asked}").context["asked"].rows
    assert [row["name"] for row in rows] == found


def test_one_that_only_a_roster_names_is_seen_by_those_whose_members_it_names(as_, people):
    named = Organization.objects.create(name="外地支部", plain="外地支部")
    Affiliation.objects.create(member=people[0], org=named, source="名册", since=DAY)
    assert as_("zeng").get(f"/organizations/{named.pk}/").status_code == 200
    assert as_("guang").get(f"/organizations/{named.pk}/").status_code == 404


@pytest.mark.parametrize("address", ["/members/", "/members/{member}/", "/organizations/", "/organizations/{org}/"])
def test_a_page_asks_at_most_fifteen_questions(as_, people, address, django_assert_max_num_queries):
    """The savepoint of the test, begun and released, is none of the page's."""
    browser = as_("zeng")
    browser.get("/members/")
    org = Organization.objects.get(name="一支部")
    with django_assert_max_num_queries(15 + 2):
        assert browser.get(address.format(member=people[0].pk, org=org.pk)).status_code == 200
