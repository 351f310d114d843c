"""The desk's pages: side by side, differences marked, numbers behind their mask, the next pair at once; nothing from outside."""

import pytest
from django.db import connection
from django.test import Client
from rosterdesk import SUN, UNIT, put

from dishu.site.doubts.models import Pair
from dishu.site.matching import actions
from dishu.site.membership.models import Member
from dishu.site.registry.models import Unit
from dishu.site.trail.models import TrailLine

pytestmark = pytest.mark.django_db
FIRM = {"党员类别": "正式党员", "单位名称": UNIT["企业名称"], "县（市、区）": "曾都区"}
ONE = {**FIRM, "姓名": "王建军", "出生日期": "1968-11-27", "手机": "19477319048"}
TWIN = {**ONE, "姓名": "王建民"}
HX = {"HTTP_HX_REQUEST": "true"}


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def behind_the_wall(table):
    """The rows as the database has them: a page leaves the wall of its user standing in a test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    return table.objects


@pytest.fixture
def heap(db):
    """Three pairs in 曾都区: twins and their two namesakes."""
    put("单位.csv", UNIT)
    for n, row in enumerate((ONE, TWIN, {**ONE, "姓名": "王建林", "手机": "19477319058"})):
        put(f"{n}.csv", row, place="421302", by="zeng")
    return list(Pair.objects.order_by("pk"))


def test_the_heap_tells_how_far_it_is(cast, heap):
    actions.decide(by=cast.zeng, pair=heap[0], decision="different")
    page = browser(cast.zeng).get("/matching/").content.decode()
    assert "待核对" in page
    assert "王建林" in page
    assert "33%" in page  # one of three settled, by place and by roster
    settled = browser(cast.zeng).get("/matching/?state=different").content.decode()
    assert "王建军 / 王建民" in settled


def test_both_stand_side_by_side_with_what_differs_marked(cast, heap):
    page = browser(cast.zeng).get(f"/matching/{heap[0].pk}/").content.decode()
    assert '<mark class="differs">军</mark>' in page
    assert '<mark class="differs">民</mark>' in page
    assert "姓名相近：王建军/王建民" in page
    assert "逐位一致" in page  # the telephone, compared behind its mask
    assert "19477319048" not in page
    assert page.count("/source/standing/") == 2  # the row each comes from
    assert behind_the_wall(TrailLine).filter(by=cast.zeng, verb="looked", subject_type="membership.member").count() == 2


@pytest.mark.parametrize("decision", ["same", "different", "unsure"])
def test_after_a_decision_the_next_pair_comes_at_once(cast, heap, decision):
    answer = browser(cast.zeng).post(f"/matching/{heap[0].pk}/decide/", {"decision": decision}, **HX)
    following = behind_the_wall(Pair).filter(state="open", pk__gt=heap[0].pk).order_by("pk").first()
    assert answer["HX-Push-Url"] == f"/matching/{following.pk}/"
    page = answer.content.decode()
    assert page.lstrip().startswith('<section id="desk"')
    assert f"/matching/{heap[0].pk}/undo/" in page
    assert behind_the_wall(Pair).get(pk=heap[0].pk).state == decision


def test_it_works_without_script(cast, heap):
    client = browser(cast.zeng)
    answer = client.post(f"/matching/{heap[0].pk}/decide/", {"decision": "different"})
    assert answer.status_code == 302
    client.post(f"/matching/{heap[0].pk}/undo/")
    assert behind_the_wall(Pair).get(pk=heap[0].pk).state == "open"


def test_the_last_pair_leaves_an_empty_heap(cast, heap):
    client = browser(cast.zeng)
    for one in heap:
        answer = client.post(f"/matching/{one.pk}/decide/", {"decision": "different"}, **HX)
    assert "这一堆核对完了" in answer.content.decode()
    assert client.get("/matching/next/").url == "/matching/"


def test_why_it_cannot_be_is_said(cast, heap):
    actions.decide(by=cast.shi, pair=heap[0], decision="different")
    answer = browser(cast.zeng).post(f"/matching/{heap[0].pk}/decide/", {"decision": "same"}, **HX)
    assert "请先撤销" in answer.content.decode()
    assert behind_the_wall(Member).count() == 3


def test_nothing_from_outside_is_seen_or_decided(cast, heap):
    client = browser(cast.guang)
    assert "王建军" not in client.get("/matching/").content.decode()
    for way in (client.get(f"/matching/{heap[0].pk}/"), client.post(f"/matching/{heap[0].pk}/decide/", {"decision": "same"}),
                client.post(f"/matching/{heap[0].pk}/undo/")):  # fmt: skip
        assert way.status_code == 404
    assert behind_the_wall(Member).count() == 3


@pytest.mark.parametrize("who", ["lead", "audit", "system", "stranger"])
def test_only_who_may_decide_comes_in(cast, heap, who):
    assert browser(getattr(cast, who)).get("/matching/").status_code == 403


def test_a_pair_of_two_counties_is_the_citys(cast):
    sun = {**SUN, "党员类别": "正式党员", "身份证号码": ""}
    put("甲.csv", {**sun, "出生日期": "1968-11-27"}, place="421302", by="zeng")
    put("乙.csv", {**sun, "姓名": "孙春"}, place="421381", by="guang")
    pair = Pair.objects.get()
    assert pair.place.code == "4213"
    assert browser(cast.zeng).get(f"/matching/{pair.pk}/").status_code == 404
    assert browser(cast.shi).get(f"/matching/{pair.pk}/").status_code == 200


def test_the_work_desk_says_how_many_wait(cast, heap):
    page = browser(cast.zeng).get("/").content.decode()
    assert "对待核对" in page
    assert "/matching/next/" in page
    assert "对待核对" not in browser(cast.guang).get("/").content.decode()


def test_few_statements(cast, heap, django_assert_max_num_queries):
    client = browser(cast.zeng)
    for address, most in ((f"/matching/{heap[0].pk}/", 40), ("/matching/", 25)):
        with django_assert_max_num_queries(most):
            client.get(address)


ALIKE = {
    "企业名称": "曾都区凯旋医药贸易公司",
    "县（市、区）": "曾都区",
    "法定代表人": "何家成",
    "法定代表人电话": "19477319048",
}


@pytest.fixture
def firms(db):
    """A pair of units in 曾都区, whose owner is one."""
    put("工商.csv", {**UNIT, "法定代表人": "何家成"}, place="421302", by="zeng")
    put("税务.csv", {**ALIKE, "企业名称": "曾都区凯旋医药有限公司"}, place="421302", by="zeng")
    return Pair.objects.get(kind="unit")


def test_units_stand_side_by_side_without_their_owners(cast, firms):
    page = browser(cast.zeng).get(f"/matching/{firms.pk}/").content.decode()
    assert '<mark class="differs">贸易</mark>' in page
    assert "经营者相同" in page
    assert "同一单位" in page
    assert "何家成" not in page
    assert "9048" not in page
    assert page.count("/source/") == 2  # the row each comes from
    assert behind_the_wall(TrailLine).filter(by=cast.zeng, verb="looked", subject_type="registry.unit").count() == 2


def test_what_nobody_filled_in_is_a_dash_that_can_be_heard(cast, firms):
    page = browser(cast.zeng).get(f"/matching/{firms.pk}/").content.decode()
    assert '<span class="visually-hidden">没有填</span>' in page


def test_units_are_decided_and_taken_back_on_the_page(cast, firms):
    client = browser(cast.zeng)
    client.post(f"/matching/{firms.pk}/decide/", {"decision": "same"})
    assert behind_the_wall(Unit).count() == 1
    assert "两条记录已并为一条" in client.get(f"/matching/{firms.pk}/").content.decode()
    client.post(f"/matching/{firms.pk}/undo/")
    assert behind_the_wall(Unit).count() == 2


def test_units_are_walled_as_members_are(cast, firms):
    assert browser(cast.guang).get(f"/matching/{firms.pk}/").status_code == 404
    assert "对待核对" in browser(cast.zeng).get("/").content.decode()
    assert "对待核对" not in browser(cast.guang).get("/").content.decode()
