"""Sealed editions: written whole or not at all, never replaced, and whatever is done to one afterwards is found."""

from __future__ import annotations

import shutil
from datetime import date

import pyarrow as pa
import pytest
import smallworld

from dishu.engine import checking, comparing
from dishu.engine import edition as editions

DAY = date(2007, 7, 31)
WORLD = {
    "unit": "unit | surveyed\n1 | known\n2 |",
    "member": "member\n11\n12\n13",
    "employment": "member | unit\n11 | 1\n12 | 1\n13 | 1",
    "org": "org\n10",
    "affiliation": "member | org\n11 | 10\n12 | 10\n13 | 10",
    "coverage": "unit | org\n1 | 10",
}


def write(path, day=DAY, **changes):
    parts = editions.by_county(smallworld.tables(**{**WORLD, **changes}))
    return editions.write(parts, path, day=day, moment="2026-01-01T00:00:00")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    return write(tmp_path_factory.mktemp("sealed") / "edition")


@pytest.fixture
def copy(sealed, tmp_path):
    return editions.Edition(shutil.copytree(sealed.path, tmp_path / "edition"), sealed.manifest)


def test_a_sealed_edition_is_sound(sealed):
    assert checking.check(editions.open(sealed.path)) == []


def test_it_is_never_replaced(sealed):
    with pytest.raises(FileExistsError, match="不能覆盖"):
        write(sealed.path)


def test_the_same_facts_in_another_order_give_the_same_contents(sealed, tmp_path):
    tables = smallworld.tables(**WORLD)
    turned = {name: t.take(pa.array(range(t.num_rows - 1, -1, -1), pa.int64())) for name, t in tables.items()}
    again = editions.write(editions.by_county(turned), tmp_path / "again", day=DAY, moment="later")
    assert again.manifest["contents"] == sealed.manifest["contents"]


def test_a_folder_that_is_none_says_so(tmp_path):
    with pytest.raises(editions.EditionDamaged, match="缺少 manifest.json"):
        editions.open(tmp_path)


def unit_file(edition):
    return edition.path / "facts/unit/421302.parquet"


# what somebody does to the folder, and what is found
ATTACKS = {
    "file_changed": lambda e: unit_file(e).write_bytes(unit_file(e).read_bytes() + b" "),
    "file_missing": lambda e: unit_file(e).unlink(),
    "file_added": lambda e: shutil.copy(unit_file(e), unit_file(e).with_name("more.parquet")),
}


@pytest.mark.parametrize("code", ATTACKS)
def test_what_is_done_to_it_afterwards_is_found(copy, code):
    ATTACKS[code](copy)
    assert {finding.code for finding in checking.check(copy)} == {code}


def test_figures_changed_together_with_their_hash_are_computed_again(copy):
    import pyarrow.parquet as pq

    table = copy.sealed_figures()
    more = table.set_column(
        table.schema.get_field_index("held"), "held", pa.array([n + 1 for n in table["held"].to_pylist()])
    )
    pq.write_table(more, copy.path / "figures.parquet")
    forged = {**copy.manifest, "figures_sha256": editions.sha256(copy.path / "figures.parquet")}
    found = checking.check(editions.Edition(copy.path, forged))
    assert {finding.code for finding in found} == {"figure_differs"}


# facts that cannot all be true, and what is found
WRONG = [
    ("key_unknown", {"employment": "member | unit\n11 | 99"}),
    ("key_unknown", {"coverage": "unit | org\n1 | 77"}),
    ("period_overlaps", {"unit": "unit | since | until\n1 | 2005-01-01 | 2006-06-01\n1 | 2006-01-01 |"}),
    ("period_backwards", {"member": "member | since | until\n11 | 2006-01-01 | 2005-01-01\n12 | 2005-01-01 |\n13 | 2005-01-01 |"}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "changes"), WRONG, ids=[f"{code}-{next(iter(c))}" for code, c in WRONG])
def test_facts_that_contradict_each_other_are_found(tmp_path, code, changes):
    edition = write(tmp_path / "edition", **changes)
    assert code in {finding.code for finding in checking.check(edition)}


def test_comparing_tells_who_entered_left_and_changed_and_why(sealed, tmp_path):
    later = write(
        tmp_path / "later",
        date(2007, 8, 31),
        unit="unit | surveyed | until\n1 | unclear |\n2 | | 2007-08-01\n3 | known |",
    )
    rows = comparing.compare(sealed, later, ["base_known"]).to_pylist()
    assert [(r["key"], r["change"], r["before"], r["after"], r["reason"]) for r in rows] == [
        (1, "changed", "held", "failed", "摸底：已摸清→不清；底数已摸清：是→否"),
        (2, "left", "unknown", None, "后一版次已不在册"),
        (3, "entered", None, "held", "后一版次新出现"),
    ]
