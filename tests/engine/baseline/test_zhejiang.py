"""A Zhejiang prefecture of 2012: markets, stalls and association branches, a tenth of the province's real members."""

from __future__ import annotations

import csv

import pytest

from dishu import worlds
from dishu.cli.demo import job_of
from dishu.engine.baseline import run
from dishu.engine.figures import SMALL_SECTOR, Counts, figures, states_at

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return worlds.make("zhejiang-2012", tmp_path_factory.mktemp("zhejiang") / "rosters")


@pytest.fixture(scope="module")
def edition(place):
    return run(job_of(place, place.parent / "result"), lambda _: None, lambda *_: None)[0]


@pytest.fixture(scope="module")
def small(edition):
    """Figures of individual businesses and markets in the whole prefecture."""
    counts = Counts.of(states_at(edition.facts(), edition.day))
    table = figures(counts, edition.tree(), by="prefecture", part=SMALL_SECTOR)
    return {row["indicator"]: row for row in table.to_pylist()}


def test_every_figure_of_every_place_is_the_true_one(edition, place):
    counted = {
        (r["indicator"], r["place"]): tuple(r[n] for n in ("total", "held", "failed", "unknown"))
        for r in edition.sealed_figures().to_pylist()
    }
    with (place / "truth/figures.csv").open(encoding="utf-8") as stream:
        true = {(r["indicator"], r["place"]): tuple(int(r[n]) for n in ("total", "held", "failed", "unknown"))
                for r in csv.DictReader(stream) if int(r["total"])}  # fmt: skip
    assert len(true) > 2_000
    assert {key: counted.get(key) for key in true} == true


# All Zhejiang, 2012-05-08 [S]: 56,590 = 3,428 association + 2,784 market + 43,853 village + 6,525 origin; here a tenth.
@pytest.mark.parametrize(
    ("code", "total", "held"),
    [("members", 5_659, 5_659), ("affiliation_here", 5_659, 343 + 278), ("affiliation_held", 5_659, 5_659)],
)
def test_members_in_individual_businesses_split_as_in_the_province(small, code, total, held):
    assert (small[code]["total"], small[code]["held"]) == (total, held)


def test_the_prefecture_has_ten_counties(edition):
    rows = edition.sealed_figures().to_pylist()
    assert len({row["place"] for row in rows if row["level"] == "county"}) == 10


def test_the_deadline_of_the_six_was_the_law_by_then(edition):
    rules = {rule["rule"]: rule["value"] for rule in edition.manifest["rules"]}
    assert rules["six_100_deadline"] == "2011-12-31"
    assert rules["designated_size_industry_wan"] == "2000"
