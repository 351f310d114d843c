"""The held model on people it has not seen: good enough, the same every time, and silent about everybody else."""

import logging
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from dishu.engine.link import clean, model, people
from dishu.worlds.people import People
from dishu.worlds.people import people as made_up
from dishu.worlds.scoring import score_links


@pytest.fixture(scope="module")
def world() -> People:
    return made_up(3_000, 1_000, hard=True, seed=11)


@pytest.fixture(scope="module")
def found(world: People) -> pa.Table:
    return people.link(world.left, world.right)


def test_pairs_are_found(world: People, found: pa.Table) -> None:
    score = score_links(found, world.pairs)
    assert score["f1"] >= 0.96
    assert score["link_precision"] >= 0.995
    assert score["link_recall"] >= 0.9


def test_double_members_are_found(world: People) -> None:
    assert score_links(people.link(world.right), world.doubles)["f1"] >= 0.93


def test_the_held_model_says_where_it_comes_from() -> None:
    held = model.load()
    assert (held["name"], held["version"]) == ("people", 1)
    assert held["trained_on"]["seed"] != held["score"]["seed"]
    assert held["score"]["f1"] >= 0.975
    assert held["score"]["link_precision"] >= 0.999


def test_the_held_model_compares_what_the_code_says() -> None:
    from dishu.engine.link.comparisons import comparisons

    def conditions(settings: list[dict]) -> list[list[str]]:  # type: ignore[type-arg]
        return [[level["sql_condition"] for level in one["comparison_levels"]] for one in settings]

    assert conditions(model.load()["settings"]["comparisons"]) == conditions(comparisons())


def test_who_matches_nobody_leaves_no_trace(
    world: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with caplog.at_level(logging.DEBUG):
        found = people.link(world.left, world.right, memory_limit="300MB")
    is_kept = pc.is_in(world.left["rec_id"], found["left_id"].combine_chunks())
    kept, strangers = world.left.filter(is_kept), world.left.filter(pc.invert(is_kept))
    told = "".join(caplog.messages) + "".join(capfd.readouterr()) + "".join(found["reasons"].to_pylist())
    numbers = {cell for name in ("id_no", "phone") for cell in strangers[name].to_pylist() if cell and len(cell) > 10}
    others = {clean.person_name(cell) for table in (kept, world.right) for cell in table["name"].to_pylist()}
    names = {clean.person_name(cell) for cell in strangers["name"].to_pylist()} - others
    assert len(strangers) > 1_000
    assert [number for number in numbers if number in told] == []
    assert len(names) > 500
    assert [name for name in names if name and f"：{name}/" in told] == []
    assert list(tmp_path.iterdir()) == []
