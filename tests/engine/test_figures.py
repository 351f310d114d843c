"""Laws that hold for all figures, and the engine against a plain recount."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache, cached_property

import ibis
import pyarrow as pa
import pytest
import randomworld
import smallworld
from recount import TESTS, recount

from dishu.engine import packed
from dishu.engine.cube import Cube
from dishu.engine.figures import SMALL_SECTOR, Counts, Slice, UnknownPlace, figures, rows, states_at
from dishu.engine.indicators import ALL, BY_CODE
from dishu.engine.territory import Tree
from dishu.standards import law

DAYS = [date(2006, 12, 31), date(2008, 1, 21), date(2011, 6, 1)]
DAY = DAYS[1]


class World:
    """A random world that remembers what it was asked: putting a question together takes most of the time."""

    def __init__(self, seed: int) -> None:
        self.tables = randomworld.world(seed)
        self.connection = ibis.duckdb.connect()
        self.facts = smallworld.of(self.tables, self.connection)
        self.tree = Tree(self.tables["place"], DAY)
        self.plain = {name: table.to_pylist() for name, table in self.tables.items()}

    @cache
    def counts(self, day):
        return Counts.of(states_at(self.facts, day))

    @cached_property
    def states(self):
        return states_at(self.facts, DAY, self.connection)

    @cached_property
    def cube(self):
        return Cube.build(self.facts, self.connection)

    def figures(self, day=DAY, **more):
        return figures(self.counts(day), self.tree, **more).to_pylist()


@pytest.fixture(scope="module", params=range(3))
def world(request):
    return World(request.param)


@pytest.fixture(scope="module")
def kept_rows(world, tmp_path_factory):
    """The facts of the world with their rows as they are kept in files."""
    folder = tmp_path_factory.mktemp("kept") / "rows"
    packed.of(world.facts).save(folder)
    return replace(world.facts, packed=packed.load(folder))


@pytest.mark.parametrize("day", DAYS)
def test_every_row_of_every_part_agrees_with_the_recount(world, day):
    expected = recount(world.plain, day)
    states = {name: table.cache() for name, table in states_at(world.facts, day).items()}
    for code in TESTS:
        got = rows(states, world.tree, code, "4213").to_pyarrow().to_pylist()
        assert {r[BY_CODE[code].subject]: r["outcome"] for r in got} == expected[code], code


def test_total_is_held_and_failed_and_unknown_everywhere(world):
    for row in world.figures():
        assert row["total"] == row["held"] + row["failed"] + row["unknown"], row
        assert min(row["held"], row["failed"], row["unknown"]) >= 0, row


def test_parts_add_up_to_the_whole(world):
    by_place = {(r["indicator"], r["place"]): r["total"] for r in world.figures()}
    for indicator in ALL:
        counties = sum(by_place.get((indicator.code, place), 0) for place in ("421302", "421381"))
        assert counties == by_place[indicator.code, "4213"]


@pytest.mark.parametrize("code", ["base_known", "org_coverage", "employees"])
def test_kinds_add_up_to_the_whole(world, code):
    (whole,) = world.figures(codes=[code], by="prefecture")
    kinds = [
        world.figures(codes=[code], by="prefecture", part=Slice((kind,)))[0]["total"]
        for kind in ("enterprise", "individual_business", "market")
    ]
    assert sum(kinds) == whole["total"]


def test_row_lists_have_as_many_rows_as_the_figure_says(world):
    for figure in world.figures(codes=["base_known", "affiliation_held", "t27_13"]):
        for part in ("total", "held", "failed", "unknown"):
            found = rows(world.states, world.tree, figure["indicator"], figure["place"], part).to_pyarrow()
            weight = BY_CODE[figure["indicator"]].weight
            counted = sum(found[weight].to_pylist()) if weight else found.num_rows
            assert counted == figure[part], (figure, part)


def test_order_of_rows_does_not_matter(world):
    turned = {name: table.take(pa.array(range(table.num_rows - 1, -1, -1))) for name, table in world.tables.items()}
    again = Counts.of(states_at(smallworld.of(turned), DAY))
    assert figures(again, world.tree).to_pylist() == world.figures()


@pytest.mark.parametrize("day", [*DAYS, date(2006, 1, 1), date(2010, 12, 31), date(2011, 1, 1), date(2030, 1, 1)])
def test_the_cube_equals_a_recount_on_any_day(world, day):
    assert figures(world.cube.counts(day), world.tree).to_pylist() == world.figures(day)


@pytest.mark.parametrize("day", [*DAYS, date(2006, 1, 1), date(2010, 12, 31), date(2011, 1, 1), date(2030, 1, 1)])
@pytest.mark.parametrize("lot", [7, packed.LOT])
def test_a_day_counted_from_kept_rows_equals_a_recount(world, kept_rows, day, lot, monkeypatch):
    monkeypatch.setattr(packed, "LOT", lot)  # units are counted so many at a time
    counts = Counts.of(states_at(kept_rows, day))
    assert figures(counts, world.tree).to_pylist() == world.figures(day)
    assert figures(counts, world.tree, part=SMALL_SECTOR).to_pylist() == world.figures(day, part=SMALL_SECTOR)


def test_kept_rows_are_those_of_the_facts(world, kept_rows):
    assert packed.same(kept_rows.packed(), packed.of(world.facts))
    assert not packed.same(kept_rows.packed(), packed.of(World(9).facts))


@pytest.mark.parametrize("place", ["4213", "421302", "421302001"])
@pytest.mark.parametrize("code", ["work_covered", "members_of_employees", "affiliation_held", "branches_at_risk"])
def test_the_trend_equals_the_figure_of_each_day(world, code, place):
    trend = world.cube.trend(code, DAYS, world.tree.under(place, world.cube.leaves)).to_pylist()
    nothing = dict.fromkeys(("total", "held", "failed", "unknown"), 0)
    for point in trend:
        found = [f for f in world.figures(point["day"], codes=[code]) if f["place"] == place]
        expected = found[0] if found else nothing
        assert {k: point[k] for k in nothing} == {k: expected[k] for k in nothing}, point


@pytest.mark.parametrize("part", [Slice(("enterprise",)), SMALL_SECTOR, Slice(above_size=True)])
def test_a_part_of_the_population_from_the_cube_equals_a_recount(world, part):
    for day in DAYS:
        assert figures(world.cube.counts(day), world.tree, part=part).to_pylist() == world.figures(day, part=part)


def test_a_saved_cube_answers_as_the_one_just_built(world, tmp_path):
    world.cube.save(tmp_path / "cube")
    loaded = Cube.load(world.connection, tmp_path / "cube")
    for day in DAYS:
        assert figures(loaded.counts(day), world.tree).equals(figures(world.cube.counts(day), world.tree))
    days = [date(2006, 1, 31), date(2008, 2, 29), date(2010, 12, 31), date(2011, 1, 17), date(2030, 1, 31)]
    for leaves in (loaded.leaves, loaded.leaves[1:2], loaded.leaves[-2:]):
        assert loaded.trend("base_known", days, leaves).equals(world.cube.trend("base_known", days, leaves))


def test_asking_for_a_place_that_did_not_exist_names_it():
    facts = smallworld.facts(unit="unit\n1")
    states = states_at(facts, date(2007, 7, 31))
    with pytest.raises(UnknownPlace, match="999999"):
        rows(states, Tree(smallworld.tables()["place"], date(2007, 7, 31)), "base_known", "999999")


def test_a_rule_of_months_that_changes_counts_from_its_day_on(monkeypatch):
    """Until 2008 a look counted six months, from then on twenty-four: the history says on each day what the day says."""
    book = dict(law._book())
    for name in ("verification_valid_months", "work_valid_months"):
        rule = book[name]
        old = replace(rule.steps[0], until=date(2008, 1, 1), value=6)
        new = replace(rule.steps[0], since=date(2008, 1, 1), value=24)
        book[name] = replace(rule, steps=(old, new))
    monkeypatch.setattr(law, "_book", lambda: book)
    world = World(4)
    held = packed.of(world.facts)
    rows = replace(world.facts, packed=lambda: held)
    for day in [date(2007, 12, 31), date(2008, 1, 1), DAY, date(2010, 12, 31), *DAYS]:
        assert figures(world.cube.counts(day), world.tree).to_pylist() == world.figures(day), day
        assert figures(Counts.of(states_at(rows, day)), world.tree).to_pylist() == world.figures(day), day


def test_keys_as_large_as_real_ones_give_the_same_figures(world):
    """Keys are hashes of 63 bits; kept rows number them."""
    keys = ("unit", "member", "org", "instructor", "superior")
    large = {
        name: pa.table(
            {
                column: pa.array(
                    [value and value * 7**20 for value in values.to_pylist()] if column in keys else values,
                    values.type,
                )
                for column, values in zip(table.column_names, table.columns, strict=True)
            }
        )
        for name, table in world.tables.items()
    }
    facts = smallworld.of(large)
    held = packed.of(facts)
    assert all(held.rows[name][name].max() < 2**31 for name in ("unit", "member", "org", "instructor"))
    for asked in (facts, replace(facts, packed=lambda: held)):
        assert figures(Counts.of(states_at(asked, DAY)), world.tree).to_pylist() == world.figures()


def test_a_change_counted_in_another_way_changes_the_counts(world):
    """Each way of counting has its own order of columns; what is taken away and put back leaves everything as it was."""
    counts = world.counts(DAY)
    turned = Counts({name: table.select(table.column_names[::-1]) for name, table in counts.tables.items()})
    same = counts.with_change(turned, turned)
    assert figures(same, world.tree).to_pylist() == world.figures()
