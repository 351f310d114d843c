"""Pages of both trees: who may change what, what a change says before it is made, and that only the sure one is made."""

import re
from datetime import date

import pytest
from django.urls import reverse

from dishu.site.membership import actions as membership
from dishu.site.membership import superiors
from dishu.site.membership.models import Organization, OrganizationState
from dishu.site.registry.changing import Impossible
from dishu.site.territory.models import Place
from dishu.site.trail.models import TrailLine

STREET, COUNTY, OTHER = "421381001", "421381", "421303"
SINCE, DAY = date(2008, 1, 1), date(2010, 1, 1)
MOVE = {"parent": OTHER, "day": "2010-01-01", "document": "鄂民政〔2009〕1号"}


def page(code, what):
    return reverse("place_change", args=[code, what])


def test_the_tree_is_opened_level_by_level(client, cast):
    client.force_login(cast.guang)
    first = client.get(reverse("places")).content.decode()
    assert "广水市" in first and "应山街道" not in first and "随州市" not in first
    below = client.get(reverse("place_below", args=[COUNTY])).content.decode()
    assert "应山街道" in below and "<html" not in below


@pytest.mark.parametrize(("text", "found"), [("应山", True), ("421381001", True), ("西城", False)])
def test_a_place_is_found_by_name_or_code_inside_the_scope_only(client, cast, text, found):
    client.force_login(cast.guang)
    said = client.get(reverse("places"), {"q": text}).content.decode()
    assert ("应山街道" in said) == found and "没有找到区域" not in said or not found


def test_the_tree_of_an_earlier_day_has_the_names_and_borders_of_then(client, cast):
    client.force_login(cast.shi)
    then = client.get(reverse("place_below", args=["4213"]), {"day": "2008-01-01"}).content.decode()
    now = client.get(reverse("place_below", args=["4213"])).content.decode()
    assert "421302" in then and "421303" not in then
    assert "421303" in now and "421302" not in now


def test_a_change_is_first_shown_with_all_it_moves_and_then_made(client, cast, place):
    client.force_login(cast.shi)
    said = client.post(page(STREET, "move"), MOVE).content.decode()
    assert "下级村（社区）" in said and "曾都区（421303）" in said and "以前的数字不变" in said
    assert place(STREET).parent.code == COUNTY
    assert not TrailLine.objects.filter(verb="moved").exists()
    answer = client.post(page(STREET, "move"), MOVE | {"sure": "1"})
    assert answer.url == reverse("place", args=[STREET]) and place(STREET).parent.code == OTHER
    assert TrailLine.objects.filter(verb="moved", by=cast.shi, reason=MOVE["document"]).count() == 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"parent": "421"}, "没有这个代码"),
        ({"parent": "42"}, "没有这个代码"),
        ({"parent": STREET}, "不能划归它自己"),
        ({"document": ""}, "请填写这一项"),
        ({"day": "2999-01-01"}, "还没有到"),
        ({"day": "1999-01-01"}, "不存在"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(client, cast, place, change, says):
    client.force_login(cast.shi)
    answer = client.post(page(STREET, "move"), MOVE | change | {"sure": "1"})
    assert answer.status_code == 422 and says in answer.content.decode()
    assert place(STREET).parent.code == COUNTY


@pytest.mark.parametrize(
    ("who", "code", "what", "status"),
    [
        ("shi", STREET, "rename", 200),
        ("shi", "4213", "rename", 404),  # where the role is held, only somebody above changes
        ("shi", "4213", "found", 200),
        ("shi", "42", "found", 404),
        ("shi", STREET, "burn", 404),
        ("guang", STREET, "rename", 403),
        ("lead", STREET, "rename", 403),
        ("sheng", "4213", "rename", 200),
    ],
)
def test_who_may_change_what(client, cast, who, code, what, status):
    client.force_login(getattr(cast, who))
    assert client.get(page(code, what)).status_code == status


def test_a_split_is_made_on_its_page(client, cast, place):
    villages = list(place(STREET).children.open().order_by("code")[:2])
    form = {"code1": "421381091", "name1": "东街道", "code2": "421381092", "name2": "西街道", "close": "on",
            f"child{villages[1].pk}": "2", "day": "2010-01-01", "document": "文"}  # fmt: skip
    client.force_login(cast.shi)
    assert client.post(page(STREET, "split"), form | {"name2": ""}).status_code == 422
    client.post(page(STREET, "split"), form | {"sure": "1"})
    assert [Place.objects.get(pk=v.pk).parent.name for v in villages] == ["东街道", "西街道"]
    assert "西街道" in client.get(reverse("place", args=["421381092"])).content.decode()
    old, new = (client.get(reverse("place", args=[code])) for code in (STREET, "421381092"))
    went = {(other.name, count) for _, out, other, count in old.context["handed"] if out}
    assert went >= {("西街道", 1)} and {name for name, _ in went} == {"东街道", "西街道"}
    assert [(out, other.code, count) for _, out, other, count in new.context["handed"]] == [(False, STREET, 1)]
    said = old.content.decode()
    assert "已于 2010-01-01 撤销" in said and "?day=2009-12-31" in said  # its figures of the last day
    assert reverse("units") + "?place=" + STREET not in said  # a list that could only be empty


# --- Party organizations ----------------------------------------------------------------------------------------------


@pytest.fixture
def orgs(place):
    """A committee, a general branch under it, a branch under that; and one on its own."""

    def made(name, superior=None):
        org = Organization.objects.create(name=name, plain=name, place=place(STREET))
        OrganizationState.objects.create(
            org=org, place=place(STREET), kind="branch", system="market", superior=superior, since=SINCE
        )
        return org

    top = made("应山街道党委")
    middle = made("市场党总支", top)
    return top, middle, made("布匹行业党支部", middle), made("外来党支部")


def put_under(cast, org, superior):
    return membership.change(
        by=cast.guang, org=org, version=membership.version_of(org), superior=superior, day=DAY, reason="组〔2010〕1号"
    )


def test_organizations_are_a_dated_tree(cast, orgs):
    top, middle, low, alone = orgs
    put_under(cast, low, alone)
    assert superiors.above(low, SINCE) == [middle, top]
    assert superiors.above(low, DAY) == [alone]
    assert TrailLine.objects.filter(verb="changed", subject_id=low.pk, reason="组〔2010〕1号").exists()


def test_an_organization_stands_under_nothing_that_stands_under_it_then_or_now(cast, orgs):
    top, middle, low, alone = orgs
    for superior in (low, top):
        with pytest.raises(Impossible, match="自己或它的下级"):
            put_under(cast, top, superior)
    OrganizationState.objects.filter(org=middle).update(until=date(2015, 1, 1))
    OrganizationState.objects.create(org=middle, place=middle.place, kind="branch", system="market", superior=alone,
                                     since=date(2015, 1, 1))  # fmt: skip
    with pytest.raises(Impossible, match="自己或它的下级"):
        put_under(cast, alone, low)  # low came under alone later than the day asked for


def test_nothing_stands_under_what_was_not_there_on_the_day(cast, orgs):
    OrganizationState.objects.filter(org=orgs[3]).update(since=date(2012, 1, 1))
    with pytest.raises(Impossible, match="没有登记"):
        put_under(cast, orgs[2], orgs[3])


def test_a_superior_is_changed_on_the_page_of_changes(client, cast, orgs):
    client.force_login(cast.guang)
    url = reverse("organization_act", args=[orgs[2].pk, "change"])
    form = {"kind": "branch", "system": "market", "day": "2010-01-01", "reason": "文",
            "version": membership.version_of(orgs[2])}  # fmt: skip
    assert "没有找到“没有的党委”" in client.post(url, form | {"superior": "没有的党委"}).content.decode()
    client.post(url, form | {"superior": "外来党支部"})
    assert superiors.above(orgs[2], DAY) == [orgs[3]]
    said = client.get(reverse("organization", args=[orgs[2].pk])).content.decode()
    assert "外来党支部" in said and "市场党总支" in said


def test_organizations_that_stand_alone_are_listed_apart(client, cast, orgs):
    client.force_login(cast.guang)
    top, _middle, _low, alone = orgs
    trees = client.get(reverse("organization_tree")).content.decode()
    apart = client.get(reverse("organization_tree"), {"alone": 1}).content.decode()
    assert (top.name in trees, alone.name in trees) == (True, False)
    assert (top.name in apart, alone.name in apart) == (False, True)
    assert "nav-item active" in trees.split(reverse("organizations"))[0].rpartition("<li")[2]


def test_the_page_that_asks_names_the_place_as_it_is(client, cast):
    client.force_login(cast.shi)
    form = {"name": "应山新街道", "day": "2026-01-01", "document": "广政发〔2026〕1号"}
    asked = client.post(page(STREET, "rename"), form).content.decode()
    assert re.search("<title>(.*?)</title>", asked)[1].startswith("确认更名 · 应山街道")
    assert "应山新街道" in asked
