"""Places by day: which code was in force, what it became, and which place a spelling means."""

from bisect import bisect_right
from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.standards.codes import divisions

AUGUST_2007 = date(2007, 8, 1)
NOVEMBER_2011 = date(2011, 11, 1)
LATE = date(2026, 10, 1)
DEMO = (("4213", AUGUST_2007), ("4213", NOVEMBER_2011), ("3303", NOVEMBER_2011), ("3303", LATE))

ROWS = list(divisions.table())
LIVES = defaultdict(list)
for _row in ROWS:
    LIVES[_row.code].append(_row)
ENDED = [row for row in ROWS if row.until and row.successor]


@pytest.mark.parametrize(
    ("day", "counties"),
    [
        (date(2002, 1, 1), {"421302": "曾都区", "421381": "广水市"}),
        (date(2008, 12, 31), {"421302": "曾都区", "421381": "广水市"}),
        (date(2009, 1, 1), {"421303": "曾都区", "421321": "随县", "421381": "广水市"}),  # 国函〔2009〕35号
        (LATE, {"421303": "曾都区", "421321": "随县", "421381": "广水市"}),
        (date(2001, 12, 31), {}),  # the register begins in 2002
    ],
)
def test_suizhou_had_other_counties_before_2009(day, counties):
    assert {place.code: place.name for place in divisions.children("4213", day)} == counties


@pytest.mark.parametrize(
    ("code", "day", "path"),
    [
        ("421302002", AUGUST_2007, ("湖北省", "随州市", "曾都区", "东城街道")),
        ("110101", LATE, ("北京市", "东城区")),  # no placeholder between
        ("429004", LATE, ("湖北省", "仙桃市")),
        ("441900101", LATE, ("广东省", "东莞市", "石碣镇")),  # a prefecture without counties
        ("71", LATE, ("台湾省",)),
        ("653132", LATE, ("新疆维吾尔自治区", "喀什地区", "岑岭县")),
        ("653132", date(2026, 3, 25), ()),
        ("421303", AUGUST_2007, ()),
        ("4213030", LATE, ()),
    ],
)
def test_path_of_names(code, day, path):
    assert divisions.name_path(code, day) == path


@pytest.mark.parametrize(
    ("code", "today"),
    [
        ("421302", ["421303", "421321"]),  # a split
        ("421302105", ["421321101"]),  # 厉山镇 went to 随县
        ("421381", ["421381"]),
        ("542121", ["540302"]),  # 昌都县 -> 卡若区
        ("140203", ["140214"]),  # not the 矿区 of another city
        ("999999", []),
    ],
)
def test_what_a_code_became(code, today):
    assert divisions.successors(code) == today


def test_successor_of_a_code_given_to_another_place_depends_on_the_day():
    assert divisions.successors("469025", date(2005, 1, 1)) == ["469021"]  # 定安县 then, 白沙 now
    assert divisions.successors("469025") == ["469025"]
    assert divisions.successors("232701", date(2007, 1, 1)) == []  # 加格达奇区: no longer listed, successor unknown
    assert divisions.successors("232701") == ["232701"]  # 漠河市 since 2018


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("曾都区", "东城街道", "文峰塔居委会"), "421302002004"),
        (("曾都", "东城", "文峰塔"), "421302002004"),
        (("曾都区", "东城办事处", "文峰塔社区"), "421302002004"),
        (("曾都区", "东城街道办事处", "文峰塔社区居委会"), "421302002004"),
        (("曾都区", "东城街道", "文峰塔居委会（社区）"), "421302002004"),
        (("曾都区", "东城街道", "文峰塔村"), "421302002004"),
        (("湖北省", "随州市", "曾都区", "东城街道", "文峰塔"), "421302002004"),
        (("随州市曾都区", "东城街道"), "421302002"),
        ((" 曾都　区 ", "东城 街道", ""), "421302002"),
        (("厉山",), "421302105"),  # the town, not the villages of that name in it
        (("广水",), "421381"),  # the city, not its sub-district of that name
        (("广水市", "广水"), "421381003"),
        (("随县", "厉山镇"), None),  # no such county in 2007
        (("曾都区", "应山街道"), None),  # in 广水市
        (("曾都区", "不知道"), None),
        ((), None),
        (("", " "), None),
    ],
)
def test_finds_a_place_as_people_write_it(names, code):
    found = divisions.find(names, AUGUST_2007, "4213")
    assert (found and found.code) == code


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("鹿城区", "双屿街道", "牛岭村"), "330302027200"),
        (("鹿城区", "双屿街道", "牛岭社区"), "330302027014"),
        (("鹿城区", "双屿街道", "牛岭"), None),  # a village and a community
        (("文成", "周山乡"), "330328217"),  # 周山畲族乡
    ],
)
def test_a_name_two_places_bear_is_not_guessed(names, code):
    found = divisions.find(names, NOVEMBER_2011, "3303")
    assert (found and found.code) == code


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("恩施",), "4228"),  # 恩施土家族苗族自治州 holds 恩施市
        (("恩施州", "恩施市"), "422801"),
        (("湖北", "恩施土家族苗族自治州", "恩施市"), "422801"),
        (("北京市", "市辖区", "东城区"), "110101"),
        (("新疆", "喀什"), "6531"),
        (("城关镇",), None),
    ],
)
def test_finds_a_place_in_all_of_china(names, code, finder=divisions.Finder(LATE)):  # noqa: B008
    found = finder.find(names)
    assert (found and found.code) == code


@pytest.mark.parametrize(("scope", "day"), DEMO)
def test_every_place_of_the_demo_is_found_by_its_own_names(scope, day):
    finder = divisions.Finder(day, scope)
    for place in divisions.at(day, scope):
        assert finder.find(divisions.name_path(place.code, day)) == place


@pytest.mark.parametrize(("scope", "townships", "villages"), [("4213", 51, 1009), ("3303", 191, 3685)])
def test_demo_areas_have_all_their_townships_and_villages(scope, townships, villages):
    levels = [place.level for place in divisions.at(LATE, scope)]
    assert (levels.count("township"), levels.count("village")) == (townships, villages)


def test_numbers_of_today():
    levels = [place.level for place in divisions.at(LATE) if place.official]
    assert {level: levels.count(level) for level in ("province", "prefecture", "county")} == {
        "province": 34,
        "prefecture": 333,
        "county": 2847,
    }
    assert 38_000 < levels.count("township") < 40_000


def test_zones_and_inferred_places_are_not_official():
    assert divisions.get("421303499", LATE).official is False  # 湖北曾都经济开发区
    inferred = [place for place in divisions.at(AUGUST_2007, "421302") if place.level in ("township", "village")]
    assert inferred and all(not place.official and place.source.startswith("推定") for place in inferred)


@given(st.dates(date(2002, 1, 1), LATE))
@settings(max_examples=15, deadline=None)
def test_no_code_twice_on_a_day_and_no_place_without_its_parent(day):
    codes = [row.code for row in ROWS if row.holds(day)]
    known = set(codes)
    assert len(codes) == len(known)
    assert all(row.parent in known for row in ROWS if row.holds(day) and row.parent)


def test_every_parent_lives_as_long_as_its_children():
    for row in ROWS:
        day = row.since
        for parent in LIVES[row.parent] if row.parent else ():
            if parent.holds(day):
                day = parent.until or date.max
        assert row.parent is None or day >= (row.until or date.max), row


@given(st.sampled_from(ENDED))
@settings(max_examples=200, deadline=None)
def test_every_successor_is_in_force_when_the_code_ends(row):
    assert all(divisions.get(code, row.until) for code in row.successor.split(";"))


@given(st.sampled_from(ROWS), st.integers(0, 9000))
@settings(max_examples=200, deadline=None)
def test_get_gives_the_one_row_of_the_day(row, days):
    day = date(2002, 1, 1) + timedelta(days)
    lives = LIVES[row.code]
    last = bisect_right([life.since for life in lives], day) - 1
    expected = lives[last] if last >= 0 and lives[last].holds(day) else None
    assert divisions.get(row.code, day) == expected
