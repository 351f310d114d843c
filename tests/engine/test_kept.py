"""The rows and the history kept beside an edition: used again while everything is the same, never when anything is not."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
import smallworld

from dishu.engine import checking, kept
from dishu.engine import edition as editions
from dishu.engine.figures import Counts, figures, states_at

DAY = date(2007, 7, 31)
ONE = {"unit": "unit | surveyed\n1 | known\n2 | known"}
OTHER = {"unit": "unit | surveyed\n1 | known\n2 |\n3 |"}


def write(path, world=ONE):
    return editions.write(editions.by_county(smallworld.tables(**world)), path, day=DAY, moment="2026-01-01T00:00:00")


def known(edition):
    """Of how many units how many are known, by the history that is kept or built."""
    cube = kept.cube(edition)
    (point,) = cube.trend("base_known", [DAY], edition.tree().under("4213", cube.leaves)).to_pylist()
    return point["held"], point["total"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Both editions, each with its history kept."""
    folder = tmp_path_factory.mktemp("made")
    for name, world, answer in (("one", ONE, (2, 2)), ("other", OTHER, (1, 3))):
        assert known(write(folder / name / "edition", world)) == answer
    return folder


@pytest.fixture
def edition(made, tmp_path):
    return editions.open(shutil.copytree(made / "one", tmp_path / "one") / "edition")


@pytest.fixture
def other(made, tmp_path):
    return editions.open(shutil.copytree(made / "other", tmp_path / "other") / "edition")


def exchange(edition, other):
    """Put the other edition's history where this one's is looked for: a mark by which one sees what was used."""
    shutil.rmtree(kept.place(edition))
    shutil.copytree(kept.place(other), kept.place(edition))


def test_what_is_kept_is_used_and_nothing_built(edition, other):
    exchange(edition, other)
    assert known(edition) == (1, 3)  # read: it says what the other's history says


def test_it_lies_beside_the_edition_which_is_as_it_was_sealed(edition):
    assert kept.place(edition).is_dir()
    assert kept.place(edition).parent == edition.path.parent / ".edition.cube"
    assert checking.check(edition) == []


def replaced(edition, other):
    """Another edition under the same name."""
    shutil.rmtree(edition.path)
    shutil.copytree(other.path, edition.path)
    return editions.open(edition.path)


def touched(edition, other):
    """A file of facts exchanged under the manifest: the manifest alone would not tell."""
    for file in sorted((edition.path / "facts/unit").glob("*.parquet")):
        shutil.copy(other.path / "facts/unit" / file.name, file)
    return editions.open(edition.path)


@pytest.mark.parametrize("change", [replaced, touched])
def test_a_changed_edition_does_not_meet_the_old_history(edition, other, change):
    changed = change(edition, other)
    assert known(changed) == (1, 3)
    assert list(kept.place(changed).parent.iterdir()) == [kept.place(changed)]  # the old one is gone


def test_another_program_does_not_use_it(edition, other, monkeypatch):
    exchange(edition, other)
    monkeypatch.setattr(kept, "program", lambda: "a later version")
    assert known(edition) == (2, 2)


DAMAGE = {
    "cube.json cut off": lambda folder: (folder / "cube.json").write_text("{"),
    "of another format": lambda folder: (folder / "cube.json").write_text(
        (folder / "cube.json").read_text().replace('"format": ', '"format": 9')
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_history_is_built_again(edition, other, damage):
    exchange(edition, other)
    shutil.rmtree(kept.place(edition) / "rows")  # the other's, of which the other's history would be built again
    DAMAGE[damage](kept.place(edition) / "cube")
    assert known(edition) == (2, 2)


def test_where_nothing_can_be_written_it_works_without(edition):
    beside = kept.place(edition).parent
    shutil.rmtree(beside)
    beside.write_text("a file where the folder should be")
    assert known(edition) == (2, 2)
    assert beside.is_file()


def test_it_is_found_from_within_the_edition_too(edition, monkeypatch):
    monkeypatch.chdir(edition.path)
    assert kept.place(editions.open(".")) == kept.place(edition)


def counted(edition):
    """The same, counted from the facts of a day."""
    counts = Counts.of(states_at(kept.facts(edition), DAY))
    (row,) = figures(counts, edition.tree(), ["base_known"], by="prefecture").to_pylist()
    return row["held"], row["total"]


def test_a_day_is_counted_from_the_rows_that_are_kept(edition, other):
    exchange(edition, other)
    assert counted(edition) == (1, 3)


ROWS_GONE = {
    "nothing kept": lambda folder: shutil.rmtree(folder),
    "a table missing": lambda folder: (folder / "unit.arrow").unlink(),
    "a table cut off": lambda folder: (folder / "unit.arrow").write_bytes((folder / "unit.arrow").read_bytes()[:500]),
}


@pytest.mark.parametrize("gone", ROWS_GONE)
def test_without_whole_rows_the_facts_are_read(edition, other, gone):
    exchange(edition, other)
    ROWS_GONE[gone](kept.place(edition) / "rows")
    assert counted(edition) == (2, 2)
    assert kept.rows(edition).packed().rows["unit"]["unit"].tolist() == [1, 2]
    assert counted(edition) == (2, 2)  # and they are kept again


def test_checking_finds_rows_that_are_not_those_of_the_facts(edition, other):
    assert checking.check(edition) == []
    exchange(edition, other)
    assert [finding.code for finding in checking.check(edition)] == ["kept_differs"]
