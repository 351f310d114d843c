"""Borders change; figures for earlier days do not. Reach is what a plain walk up the tree finds."""

import random
from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction

from dishu.engine import figures as engine
from dishu.site.accounts import scope as scopes
from dishu.site.registry.models import Unit, UnitState
from dishu.site.reports import current
from dishu.site.territory import actions
from dishu.site.territory.actions import Impossible, Part
from dishu.site.territory.models import Place, PlaceState, Reach, on
from dishu.site.trail.models import TrailLine

LONG_AGO, BEFORE, DAY, LATER = date(2007, 7, 31), date(2009, 6, 30), date(2010, 1, 1), date(2012, 12, 31)
STREET, TOWN, COUNTY, OTHER = "421381001", "421381100", "421381", "421303"


def change(what, by, day=DAY, document="鄂民政〔2008〕1号", **more):
    return getattr(actions, what)(by=by, day=day, document=document, **more)


def reach_is_right():
    """Each place counts at itself and, step by step, at what it became or else at what it lies in."""
    above = {pk: become or parent for pk, become, parent in Place.objects.values_list("pk", "successor", "parent")}
    pairs = set()
    for place in above:
        at = place
        while at is not None and (at, place) not in pairs:
            pairs.add((at, place))
            at = above[at]
    assert set(Reach.objects.values_list("node_id", "place_id")) == pairs


@pytest.fixture
def units(place):
    """Three units in each township-level place, some of them surveyed; known since 2006."""
    towns = Place.objects.open().filter(level="township").order_by("code")
    made = Unit.objects.bulk_create(
        Unit(kind="enterprise", name=f"企业{n}", place=town, initials="", grams=[]) for town in towns for n in range(3)
    )
    UnitState.objects.bulk_create(
        UnitState(unit=unit, place=unit.place, since=date(2006, 1, 1), control="private", employees=n % 40,
                  surveyed="known" if n % 3 else None)
        for n, unit in enumerate(made)
    )  # fmt: skip
    current.forget()
    return made


def figures(day, borders):
    """All figures of all places on a day, as plain values."""
    edition = current.current()
    table = engine.figures(edition.counts(day), edition.tree(borders))
    names = [name for name in table.column_names if name != "at"]
    return sorted(map(str, table.select(names).to_pylist()))


# --- single changes ---------------------------------------------------------------------------------------------------


def test_a_move_leaves_the_old_state_and_begins_another(cast, place):
    change("move", cast.shi, place=place(STREET), parent=place(OTHER))
    before = place(STREET).states.get(on(BEFORE))
    after = place(STREET).states.get(on(DAY))
    assert (before.parent.code, before.until) == (COUNTY, DAY)
    assert (after.parent.code, after.document) == (OTHER, "鄂民政〔2008〕1号")
    reach_is_right()


def test_what_lies_in_a_place_moves_with_it(cast, place):
    village = actions.found(
        by=None, code=STREET + "901", name="新社区", level="village", parent=place(STREET), day=BEFORE
    )
    change("move", cast.shi, place=place(STREET), parent=place(OTHER))
    assert Reach.objects.filter(node=place(OTHER), place=village).exists()
    assert not Reach.objects.filter(node=place(COUNTY), place=village).exists()


def test_a_moved_township_counts_in_its_old_county_before_and_in_the_new_one_after(cast, place, units):
    def total(code, day, borders):
        edition = current.current()
        table = engine.figures(edition.counts(day), edition.tree(borders)).to_pylist()
        return next(r["total"] for r in table if r["place"] == code and r["indicator"] == "base_known")

    before = total(COUNTY, BEFORE, BEFORE), total(OTHER, BEFORE, BEFORE), total("4213", BEFORE, BEFORE)
    change("move", cast.shi, place=place(STREET), parent=place(OTHER))
    assert (total(COUNTY, BEFORE, BEFORE), total(OTHER, BEFORE, BEFORE), total("4213", BEFORE, BEFORE)) == before
    after = total(COUNTY, BEFORE, DAY), total(OTHER, BEFORE, DAY), total("4213", BEFORE, DAY)
    assert after == (before[0] - 3, before[1] + 3, before[2])


def test_a_merge_takes_the_places_inside_along(cast, place):
    village = actions.found(
        by=None, code=STREET + "901", name="新社区", level="village", parent=place(STREET), day=BEFORE
    )
    change("merge", cast.shi, places=[place(STREET)], into=place(TOWN))
    gone = place(STREET)
    assert (gone.closed_on, gone.successor.code) == (DAY, TOWN)
    village.refresh_from_db()
    assert village.parent.code == TOWN and village.states.get(on(BEFORE)).parent.code == STREET
    reach_is_right()


def test_a_split_gives_each_part_what_lies_in_it_and_the_rest_to_the_first(cast, place):
    one, two = (
        actions.found(
            by=None, code=f"{STREET}90{n}", name=f"社区{n}", level="village", parent=place(STREET), day=BEFORE
        )
        for n in (1, 2)
    )
    parts = [Part("421381091", "东街道"), Part("421381092", "西街道", (two,))]
    east, west = change("split", cast.shi, place=place(STREET), parts=parts)
    one.refresh_from_db(), two.refresh_from_db()
    assert (one.parent, two.parent, place(STREET).successor) == (east, west, east)
    reach_is_right()


@pytest.mark.parametrize(
    ("what", "more", "field", "says"),
    [
        ("move", dict(place=COUNTY, parent=STREET), "parent", "不能划归它自己或它的下级"),
        ("move", dict(place=STREET, parent=COUNTY), "parent", "现在就在"),
        ("move", dict(place=OTHER, parent=STREET), "parent", "不能在"),
        ("rename", dict(place=STREET, name="应山街道"), "name", "名称没有变化"),
        ("close", dict(place=COUNTY), "", "还有下级"),
        ("merge", dict(places=[STREET], into=STREET), "into", "不能并入它自己"),
        ("merge", dict(places=[STREET], into=OTHER), "into", "层级不同"),
        ("found", dict(code=STREET, name="重复", level="township", parent=COUNTY), "code", "已经有区域使用"),
        ("found", dict(code="42138199", name="倒置", level="county", parent=STREET), "parent", "不能在"),
        ("rename", dict(place=STREET, name="早街道", day=date(1900, 1, 1)), "day", "不存在"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(cast, place, what, more, field, says):
    states = PlaceState.objects.count()
    if what == "rename" and says == "名称没有变化":
        more = more | {"name": place(STREET).name}
    given = {k: place(v) if k in ("place", "parent", "into") else v for k, v in more.items()}
    if "places" in given:
        given["places"] = [place(code) for code in given["places"]]
    with pytest.raises(Impossible, match=says) as refused:
        change(what, cast.shi, **given)
    assert refused.value.field == field and PlaceState.objects.count() == states


def test_each_change_leaves_its_line_and_one_where_the_place_lay_before(cast, place):
    change("move", cast.shi, place=place(STREET), parent=place(OTHER))
    lines = TrailLine.objects.filter(verb="moved", subject_id=place(STREET).pk)
    assert {line.place_id for line in lines} == {place(STREET).pk, place(COUNTY).pk}
    assert {line.by_id for line in lines} == {cast.shi.pk}


# --- the second wall --------------------------------------------------------------------------------------------------


def test_a_forgotten_check_still_changes_nothing_outside(cast, place):
    with (
        pytest.raises((ProgrammingError, Impossible, Place.NotUpdated)),
        transaction.atomic(),
        scopes.walled(cast.scope("zeng")),
    ):
        change("rename", cast.zeng, place=place(STREET), name="改名街道")
    assert place(STREET).name != "改名街道"


def test_nobody_changes_the_place_where_their_role_is_held(cast, place):
    with (
        pytest.raises((ProgrammingError, Impossible, Place.NotUpdated)),
        transaction.atomic(),
        scopes.walled(cast.scope("shi")),
    ):
        change("rename", cast.shi, place=place("4213"), name="别市")


def test_the_own_part_is_changed_behind_the_wall(cast, place):
    with scopes.walled(cast.scope("shi")):
        change("move", cast.shi, place=place(STREET), parent=place(OTHER))
    reach_is_right()


def test_reach_itself_is_written_by_no_request(cast):
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        scopes.walled(cast.scope("shi")),
    ):
        Reach.objects.all().delete()


# --- many changes -----------------------------------------------------------------------------------------------------


def script(seed, by, times):
    """So many random changes, each a while after the one before; what is impossible is refused and left."""
    luck, day, done = random.Random(seed), DAY, 0
    for n in range(times):
        day += timedelta(days=luck.randint(1, 9))
        towns = list(Place.objects.open().filter(level="township").select_related("parent").order_by("code"))
        counties = list(Place.objects.open().filter(level="county").order_by("code"))
        one, two = luck.sample(towns, 2)
        made = f"4213{70 + n // 1000}{n:03d}"
        what = luck.choice(["move", "move", "merge", "split", "part", "rename", "close", "found", "county"])
        try:
            with transaction.atomic():
                if what == "move":
                    change("move", by, day, place=one, parent=luck.choice(counties))
                elif what == "merge":
                    change("merge", by, day, places=[one], into=two)
                elif what in ("split", "part"):
                    parts = [Part(made, f"甲{n}", tuple(one.children.open()[:1])), Part(made + "A", f"乙{n}")]
                    change("split", by, day, place=one, parts=parts, close=what == "split")
                elif what == "rename":
                    change("rename", by, day, place=one, name=f"新名{n}")
                elif what == "close" and not one.children.open().exists():
                    change("close", by, day, place=one, successor=luck.choice([None, two]))
                elif what == "county" and n % 40 == 0 and len(counties) > 2:
                    change("merge", by, day, places=[counties[0]], into=counties[1])
                else:
                    change("found", by, day, code=made, name=f"新{n}", level="village", parent=one)
                done += 1
        except Impossible:
            continue
    return done, day


def test_after_two_hundred_changes_every_figure_of_an_earlier_day_is_the_same(cast, place, units):
    before = figures(LONG_AGO, LONG_AGO), figures(BEFORE, BEFORE)
    done, last = script(2007, cast.shi, 200)
    assert done > 150
    reach_is_right()
    assert (figures(LONG_AGO, LONG_AGO), figures(BEFORE, BEFORE)) == before
    now = current.current().tree(last)
    assert all(now.path(unit.place.code)[-1] == "42" for unit in units)
    assert len(units) == next(
        row["total"]
        for row in engine.figures(current.current().counts(BEFORE), now).to_pylist()
        if row["place"] == "42" and row["indicator"] == "base_known"
    )


def test_facts_show_each_state_of_a_place_with_what_it_became(cast, place):
    change("rename", cast.shi, place=place(STREET), name="新街道", day=DAY)
    change("merge", cast.shi, places=[place(STREET)], into=place(TOWN), day=LATER)
    current.forget()
    edition = current.current()
    rows = [row for row in edition.facts().place.to_pyarrow().to_pylist() if row["place"] == STREET]
    assert [(r["name"], r["parent"], r["successor"], r["until"]) for r in sorted(rows, key=lambda r: r["since"])][
        -2:
    ] == [
        (rows and sorted(rows, key=lambda r: r["since"])[-2]["name"], COUNTY, TOWN, DAY),
        ("新街道", COUNTY, TOWN, LATER),
    ]


def test_nothing_of_the_query_is_told_twice(cast, place):
    """A place moved between counties is written in one of them only."""
    current.forget()
    current.current()
    change("move", cast.shi, place=place(STREET), parent=place(OTHER))
    rows = current.current().facts().place.to_pyarrow().to_pylist()
    assert len(rows) == PlaceState.objects.count()
