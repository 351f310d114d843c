"""Figures in the browser: every number opens its rows, within one's own place; a write is in the figure at once."""

import io
import random
import re
from datetime import date

import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pytest
import registerworld
from apicalls import Caller, token
from django.db import connection

from dishu.engine.indicators import ALL, BY_CODE
from dishu.site.accounts import scope as scopes
from dishu.site.membership import settling
from dishu.site.membership.models import Member, Organization
from dishu.site.reports import asked, current, history, rows, soon, views
from dishu.site.territory import actions as territory
from dishu.site.territory.models import Place
from dishu.site.trail.models import TrailLine

DAY = "2008-12-31"
CELLS = 100


@pytest.fixture
def world(cast):
    registerworld.fill(1)


@pytest.fixture
def visit(cast, client):
    """`visit("zeng", address)`."""

    def go(who, address, **more):
        client.force_login(getattr(cast, who), "allauth.account.auth_backends.AuthenticationBackend")
        return client.get(address, more)

    return go


def question(place, day, part=""):
    return asked.Asked(Place.objects.get(code=place), day, "then", part, current.current())


@pytest.mark.slow
def test_every_number_equals_the_rows_behind_it(world):
    """Random cells of indicator, place, day, part of the units and part of the number: no difference."""
    chance = random.Random(7)
    codes = list(Place.objects.filter(code__startswith="4213", level__in=("prefecture", "county", "township")))
    differences, counted = [], 0
    for _ in range(CELLS):
        one, place, day = chance.choice(ALL), chance.choice(codes).code, chance.choice(registerworld.DAYS)
        part, slice_of = chance.choice(("total", "held", "failed", "unknown")), chance.choice(list(asked.PARTS))
        if chance.random() < 0.5:
            place = chance.choice(("42", "4213", "421302"))
        asks = question(place, day, slice_of)
        if not asks.there:
            continue
        figure = asks.of([place]).get(place, {}).get(one.code, {part: 0})[part]
        found = rows.behind(asks, one, part).to_pyarrow()
        if one.weight and not one.held_weight:
            listed = pc.sum(found[one.weight]).as_py() or 0
        elif one.weight:
            continue  # a member counts in the held part of a unit's employees: not a sum over rows of one part
        else:
            listed = found.num_rows
        counted += listed > 0
        if listed != figure:
            differences.append((one.code, place, day, slice_of, part, figure, listed))
    assert differences == []
    assert counted > CELLS / 8


def test_the_page_the_rows_the_export_and_the_api_say_the_same(world, visit, cast):
    cell = "/figures/4213/base_known/failed/"
    page = visit("shi", cell, day=DAY).content.decode()
    export = visit("shi", cell + "export", day=DAY)
    table = pa_csv.read_csv(io.BytesIO(export.content))
    figures = question("4213", date.fromisoformat(DAY)).of(["4213"])["4213"]["base_known"]
    assert f"未达到 {figures['failed']}" in page
    assert table.num_rows == figures["failed"] == len(re.findall(r"单位\d+</a>", page)) > 0
    assert TrailLine.objects.filter(verb="exported").count() == 1
    city = Caller(token(cast.shi, "city_officer", "4213", writes=False))
    (told,) = city.get("/figures/4213", indicator="base_known", day=DAY).json()["rows"]
    listed = city.get("/figures/4213/base_known/failed", fields="id", day=DAY, limit=200).json()["rows"]
    assert told["failed"] == figures["failed"] == len({row["id"] for row in listed})


def test_rows_come_fifty_at_a_time_and_each_once(world, visit):
    cell = "/figures/4213/units/total/"
    pages = [visit("shi", cell, day=DAY, page=n).content.decode() for n in (1, 2, 3)]
    names = [re.findall(r">(单位\d+)</a>", page) for page in pages]
    assert [len(found) for found in names] == [50, 10, 0]
    assert len({*names[0], *names[1]}) == 60


#: who, place, what the page answers
SEEN = (
    ("shi", "4213", 200), ("zeng", "421302", 200), ("zeng", "4213", 404), ("zeng", "421381", 404), ("lead", "421381", 200),
    ("suo", "421302", 404), ("system", "4213", 403), ("stranger", "4213", 403), ("shi", "999999", 404),
)  # fmt: skip


def test_figures_are_seen_within_the_own_place_only(world, visit):
    pages = ("", "base_known/", "base_known/trend", "base_known/total/", "six")
    asked_for = [(who, place, page, answer) for who, place, answer in SEEN for page in pages]
    wrong = [
        one for *one, answer in asked_for if visit(one[0], f"/figures/{one[1]}/{one[2]}", day=DAY).status_code != answer
    ]
    assert wrong == []


def test_only_who_may_export_takes_rows_away(world, visit):
    assert visit("lead", "/figures/4213/units/total/export", day=DAY).status_code == 403


def test_who_looked_at_members_stands_in_the_trail(world, visit):
    found = visit("shi", "/figures/4213/members/total/", day=DAY).content.decode()
    shown = set(re.findall(r"党员\d+", found))
    lines = TrailLine.objects.filter(verb="looked", subject_type="membership.member")
    assert {Member.objects.get(pk=line.subject_id).name for line in lines} == shown
    assert len(shown) > 10


def test_the_wall_stands_again_after_the_edition_was_written(world, cast):
    """Bringing the edition up needs all rows; what the same request asks afterwards is walled as before."""
    with scopes.walled(cast.scope("guang")):
        current.current()
        assert {code[:6] for code in Member.objects.values_list("place__code", flat=True)} == {"421381"}
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == ("dishu_walled",)


def test_the_worker_writes_only_the_county_again_that_changed(world, cast):
    before = current.current()
    member = Member.objects.filter(place__code__startswith="421381").first()
    org = Organization.objects.last()
    settling.settle_affiliation(by=cast.shi, member=member, org=org, since=date(2013, 1, 1), reason="介绍信1号")
    current.follow()
    after = current.current()
    same = {code for code in before.files if before.files[code]["files"] == after.files[code]["files"]}
    assert "421303" in same and "421381" not in same
    assert all((before.root / name).exists() for one in before.files.values() for name in one["files"].values())


def test_looking_writes_no_edition_anew(world, visit):
    visit("shi", "/figures/4213/", day=DAY)
    line = current.current().line
    visit("shi", "/figures/4213/members/total/", day=DAY)
    assert current.current().line == line


def test_the_trend_ends_at_the_figure_of_the_day(world, visit):
    day = date.fromisoformat(DAY)
    asks = question("421302", day)
    history.build()
    found = history.trend(asks.edition, asks.tree, "421302", "base_known", day)
    figure = asks.of(["421302"])["421302"]["base_known"]
    assert {k: found.points[-1][k] for k in ("total", "held")} == {k: figure[k] for k in ("total", "held")}
    assert not found.late and len(found.points) == 24


def test_a_place_that_did_not_exist_says_so(world, visit):
    page = visit("shi", "/figures/421302/", day="1995-01-01")
    assert page.status_code == 200
    assert "没有“曾都区”" in page.content.decode()


def test_a_day_nobody_can_read_becomes_today_and_is_said(world, visit):
    assert "不是日期" in visit("shi", "/figures/4213/", day="去年").content.decode()


def test_no_page_of_figures_asks_more_than_fifteen_statements(world, visit, client, django_assert_max_num_queries):
    visit("shi", "/figures/4213/", day=DAY)
    for page in ("", "base_known/", "base_known/total/", "members/total/", "orgs/total/"):
        with django_assert_max_num_queries(15):
            client.get(f"/figures/4213/{page}", {"day": DAY})


def test_a_page_that_would_wait_says_that_it_is_computing(world, visit, monkeypatch):
    monkeypatch.setattr(soon, "PATIENCE", 0)
    page = visit("shi", "/figures/4213/", day="2009-05-05")
    assert page.status_code == 200 and "正在计算" in page.content.decode()


def test_the_small_sector_stands_beside_all_units(world, visit):
    asks = question("4213", date.fromisoformat(DAY))
    small = asks.small["base_known"]
    assert 0 < small["total"] < asks.of(["4213"])["4213"]["base_known"]["total"]
    assert "个体和市场" in visit("shi", "/figures/4213/", day=DAY).content.decode()


def test_a_committed_record_is_in_every_figure_above_it(committed, cast):
    """Written by an action in its own transaction, read in the next: province, city and county have it."""
    registerworld.fill(2)
    member = Member.objects.filter(affiliations=None, place__code__startswith="421381").first()
    org = Organization.objects.filter(states__system="enterprise").first()
    day = since = date(2013, 1, 1)
    places = ["42", "4213", "421381", member.place.code]

    def held():
        figures = question("42", day).of(places)
        return [figures[place]["affiliation_held"]["held"] for place in places]

    before = held()
    settling.settle_affiliation(by=cast.shi, member=member, org=org, since=since, reason="介绍信2号")
    assert held() == [number + 1 for number in before]


def test_figures_of_earlier_days_stay_when_borders_change(world, cast):
    asks = question("421302", date.fromisoformat(DAY))
    before = asks.of(["421302", "421381"])
    town = Member.objects.filter(place__code__startswith="421381").first().place
    other = Place.objects.get(code="421303")
    territory.move(by=cast.sheng, place=town, parent=other, day=date(2012, 1, 1), document="批复1号")
    soon._asked.clear()
    assert question("421302", date.fromisoformat(DAY)).of(["421302", "421381"]) == before


def test_each_indicator_has_its_page(world, visit):
    for code in list(BY_CODE)[::6]:
        assert visit("shi", f"/figures/4213/{code}/", day=DAY).status_code == 200


def test_a_sum_is_one_number_and_says_nothing_of_reached_or_not(world, visit):
    page = visit("shi", "/figures/4213/members/", day=DAY).content.decode()
    assert "合计" in page and "未达到" not in page
    assert "未达到" in visit("shi", "/figures/4213/base_known/", day=DAY).content.decode()


@pytest.mark.parametrize(
    ("days", "says"),
    [(1, "1 天"), (59, "59 天"), (60, "2 个月"), (729, "24 个月"), (730, "2 年多"), (5_441, "14 年多")],
)
def test_how_far_a_deadline_is_is_said_as_people_say_it(days, says):
    assert views.how_long(days) == says
