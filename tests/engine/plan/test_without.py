"""Units with members and no organization: each counted once, the small ones planned, what stands left as it is."""

from datetime import date

import pytest
import smallworld
from plainplan import solve

from dishu.engine import edition as editions
from dishu.engine.baseline import formation
from dishu.engine.baseline.lists import Register
from dishu.engine.figures import states_at
from dishu.engine.plan import from_edition, without
from dishu.standards import law

DAY = date(2026, 10, 31)
TOWN = "421302001"
#: unit -> full members, affiliated to the unit's branch-to-be or not; 7 probationary only; 8 and 9 already together.
FULL = {1: 2, 2: 1, 3: 1, 4: 3, 5: 1, 8: 3, 9: 1}
MEMBERS = [f"{unit}{number}" for unit, full in FULL.items() for number in range(full)]
WORLD = {
    "unit": "unit | industry | place\n" + "\n".join(f"{u} | F52 | {TOWN}001" for u in range(1, 10)) + f"\n10 | F52 | {TOWN}001",
    "member": "member | standing\n" + "\n".join(f"{m} | full" for m in MEMBERS) + "\n70 | probationary",
    "employment": "member | unit\n" + "\n".join(f"{m} | {m[0]}" for m in MEMBERS) + "\n70 | 7",
    "org": f"org | kind | system | place\n80 | joint_branch | enterprise | {TOWN}001",
    "coverage": "unit | org | mode\n8 | 80 | joint\n9 | 80 | joint",
}  # fmt: skip
PLACES = smallworld.PLACES + f"\n{TOWN}001 | 东村 | village | {TOWN} | 2000-01-01\n"


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    parts = editions.by_county(smallworld.tables(place=PLACES, **WORLD))
    path = tmp_path_factory.mktemp("world") / "edition"
    edition = editions.write(parts, path, day=DAY, moment="2026-11-01T00:00:00")
    facts, tree = edition.facts(), edition.tree()
    return states_at(facts, DAY), facts.at(DAY), tree, TOWN, DAY, from_edition.names(edition)


@pytest.fixture(scope="module")
def found(asked):
    return without.find(*asked, solve=solve)


def test_each_is_in_one_part_and_those_who_have_an_organization_in_none(found):
    assert [one.unit.unit_id for one in found.own] == ["4"]
    assert [unit.unit_id for unit in found.small] == ["1", "2", "3", "5"]
    assert [unit.unit_id for unit in found.none] == ["7"]
    assert found.total == 6


def test_whose_members_have_their_affiliation_elsewhere_is_not_ready(found):
    assert [one.ready for one in found.own] == [False]


def test_the_plan_is_checked_and_holds_just_the_small_ones(found):
    planned = sorted(unit for group in found.plan.scheme.groups for unit in group.units)
    assert (planned, found.plan.violations) == (["1", "2", "3", "5"], 0)


def test_a_unit_without_anybody_needs_an_instructor(found):
    each = law.at(DAY).value("instructor_planned_max_units")
    assert (found.alone, found.instructors(each)) == ({TOWN: 2}, {TOWN: 1})  # units 6 and 10
    assert (each, found.instructors(1)) == (20, {TOWN: 2})


def test_what_does_not_fit_is_cut_and_still_counted(asked):
    cut = without.find(*asked, solve=solve, most=3)
    assert (cut.plan, len(cut.cut), cut.total) == (None, 4, 6)


def test_the_list_has_a_row_for_each_and_the_counts_are_those_of_the_list(found, asked, tmp_path):
    told = formation.write(found, asked[2], DAY, Register({}), tmp_path / "plan")
    rows = told.units.table.to_pylist()
    top = told.by_place.to_pylist()[0]
    assert len(rows) == top["未建单位"] == found.total
    ways = [row["办法"] for row in rows]
    assert {way: ways.count(way) for way in ("单独组建", "联合组建", "没有正式党员")} == {
        "单独组建": 1, "联合组建": top["联合覆盖"], "没有正式党员": top["无正式党员"]}  # fmt: skip
    assert sum(row["牵头"] == "是" for row in rows) == top["联合支部"]
    assert all(row["理由"] for row in rows)
    assert formation.line(tmp_path / "plan") == told.line


def test_the_text_says_the_counts_and_what_is_to_be_looked_at(found, asked, tmp_path):
    told = dict(formation.write(found, asked[2], DAY, Register({}), tmp_path / "plan").paragraphs)
    assert told["对象"].startswith(
        "有党员而没有党组织覆盖的单位共6户。在岗正式党员达到3名的1户，应当单独组建党支部，但组织关系"
    )
    assert "没有正式党员的1户" in told["对象"]
    assert "对不足3名的4户：" in told["拟建"]
    assert "经独立核对没有不符" in told["拟建"]
    assert "没有坐标" in told["把关"]
    assert told["指导员"].endswith("还需约1名。")


def test_the_same_facts_give_the_same_bytes(found, asked, tmp_path):
    for name in ("one", "two"):
        formation.write(without.find(*asked, solve=solve), asked[2], DAY, Register({}), tmp_path / name)
    for file in ("units.csv", "groups.csv", "plan.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
