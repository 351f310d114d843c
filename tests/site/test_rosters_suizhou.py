"""Suizhou 2007 sent to the site roster by roster, in two orders: every figure is the true one, sent again nothing moves."""

import csv
import random
from datetime import date, timedelta

import pytest
from rosterdesk import row_versions, sent

from dishu import worlds
from dishu.engine import figures as engine
from dishu.site.reports import current
from dishu.site.rosters import actions

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return worlds.make("suizhou-2007", tmp_path_factory.mktemp("suizhou") / "rosters")


def files(world, order):
    found = [f for kind in ("units", "organizations", "members") for f in sorted((world / kind).iterdir())]
    if order == "members first":
        return found[::-1]
    random.Random(7).shuffle(found)
    return found


def figures(day):
    now = current.current()
    table = engine.figures(now.counts(day), now.tree(day)).to_pylist()
    return {(r["indicator"], r["place"]): tuple(r[n] for n in ("total", "held", "failed", "unknown")) for r in table}


def truth(world):
    with (world / "truth/figures.csv").open(encoding="utf-8") as stream:
        return {(r["indicator"], r["place"]): tuple(int(r[n]) for n in ("total", "held", "failed", "unknown"))
                for r in csv.DictReader(stream) if int(r["total"])}  # fmt: skip


@pytest.mark.parametrize("order", ["members first", "shuffled"])
def test_every_figure_is_the_true_one_and_the_same_rosters_again_write_nothing(world, order):
    day = date.fromisoformat((world / "day.txt").read_text().strip())
    for file in files(world, order):
        upload = sent(file.name, file.read_bytes(), day=day)
        actions.commit(upload, by=upload.by)
    counted, true = figures(day), truth(world)
    assert len(true) > 1_000
    assert {key: counted.get(key) for key in true} == true
    before = row_versions()
    for file in files(world, "shuffled"):
        upload = sent(file.name, file.read_bytes(), day=day + timedelta(days=30))
        assert actions.commit(upload, by=upload.by) == 0
    assert row_versions() == before
