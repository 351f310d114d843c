"""The large editions, drawn small: sound, reproducible, and of the sizes they promise."""

from __future__ import annotations

import pytest

from dishu.engine import checking
from dishu.worlds import big


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    return big.write(tmp_path_factory.mktemp("big") / "edition", part=0.01)


def test_it_is_a_sound_edition(edition):
    assert checking.check(edition) == []


@pytest.mark.parametrize(("table", "subject", "count"), [("unit", "unit", 10_000), ("member", "member", 1_000)])
def test_it_has_a_hundredth_of_what_it_promises(edition, table, subject, count):
    assert edition.facts().tables[table][subject].nunique().to_pyarrow().as_py() == count


def test_the_tree_has_all_its_places_in_five_levels(edition):
    levels = {place.level for place in edition.tree().now.values()}
    assert levels == {"province", "prefecture", "county", "township", "village"}
    assert 6_000 <= len(edition.tree().now) <= 6_800


def test_the_same_seed_gives_the_same_edition(edition, tmp_path):
    assert big.write(tmp_path / "again", part=0.01).manifest["contents"] == edition.manifest["contents"]
    assert big.write(tmp_path / "other", part=0.01, seed=2).manifest["contents"] != edition.manifest["contents"]
