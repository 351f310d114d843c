"""The programs the benchmark of figures compares with count the same as Dishu: else their times would say nothing."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import randomworld

from dishu.engine import edition as editions
from dishu.engine.figures import Counts, figures, states_at
from dishu.site import database
from dishu.worlds import big

DAYS = [date(2011, 6, 30), date(2007, 7, 31)]


def large(folder):
    """A hundredth of R1: many members in one unit, places that were closed."""
    return big.write(folder, part=0.01), big.DAY


def awkward(seed, day):
    """Every awkward thing, and a second job for everybody."""

    def write(folder):
        world = randomworld.world(seed)
        jobs = world["employment"]
        other = pc.if_else(pc.equal(jobs["unit"], 1), 2, 1)
        second = jobs.set_column(jobs.schema.get_field_index("unit"), jobs.schema.field("unit"), other)
        world["employment"] = pa.concat_tables([jobs, second])
        return editions.write(editions.by_county(world), folder, day=day, moment="2026-01-01T00:00:00"), day

    return write


@pytest.fixture(scope="module")
def program():
    """A program of the benchmarks' folder, by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(Path(__file__).parents[2] / "benchmarks")
        yield import_module


@pytest.fixture(scope="module", params=[large, *map(awkward, range(2), DAYS)])
def case(request, program, tmp_path_factory):
    """Folder, day, and a function: how many figures of a program's rows are not ours."""
    edition, day = request.param(tmp_path_factory.mktemp("case") / "edition")
    ours = figures(Counts.of(states_at(edition.facts(), day)), edition.tree().at(day)).to_pylist()
    return edition.path, day, lambda rows: program("figures").differences(ours, rows)


def test_polars_counts_the_same(case, program):
    folder, day, wrong = case
    assert wrong(program("_polars_figures").figures(folder, day).to_dicts()) == 0


def test_pandas_counts_the_same(case, program):
    folder, day, wrong = case
    rows = program("_pandas_figures").figures(folder, day).reset_index(names="place")
    assert wrong(rows.to_dict("records")) == 0


def test_postgresql_counts_the_same(case, program):
    folder, day, wrong = case
    postgres = program("_postgres_figures")
    with psycopg.connect(database.url()) as connection:
        connection.execute("SET search_path = pg_temp")  # gone with the connection
        postgres.load(connection, folder)
        assert wrong(postgres.figures(connection, day)) == 0


def test_a_program_that_counts_nothing_is_found_out(case):
    _, _, wrong = case
    assert wrong([]) > 0
