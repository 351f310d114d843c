"""A careful reader finds everybody: by number, or by name, birth date and phone; every employer by code or core name."""

import csv
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest

from dishu.engine import intake
from dishu.standards import ids
from dishu.worlds import make

FORMS = ("有限责任公司", "有限公司", "公司")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return make("suizhou-2007", tmp_path_factory.mktemp("recoverable"))


def truth(folder: Path) -> dict[tuple[str, str, int], tuple[str, str]]:
    with (folder / "truth/roster_rows.csv").open(encoding="utf-8") as file:
        return {
            (Path(r["source_file"]).name, r["sheet"], int(r["row"])): (r["key"], r["note"])
            for r in csv.DictReader(file)
        }


def read(folder: Path, part: str) -> tuple[list[dict], list[tuple]]:
    """Good rows with their place in the files, and the places of the rows sent back."""
    good, back = [], []
    for path in sorted((folder / part).iterdir()):
        for roster in intake.read(path).rosters:
            sheet = roster.sheet if path.suffix == ".xlsx" else ""
            for row in roster.table.to_pylist():
                good.append(row | {"at": (path.name, sheet, row["source_row"])})
            back += [(path.name, sheet, row["source_row"]) for row in roster.refused.to_pylist()]
    return good, back


def core(name: str, places: tuple[str, ...] = ("随州市", "曾都区", "广水市", "湖北")) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKC", name) if c.isalnum())
    plain = next((plain.removeprefix(p) for p in places if plain.startswith(p)), plain)
    return next((plain.removesuffix(f) for f in FORMS if plain.endswith(f)), plain)


@pytest.mark.parametrize("part", ["units", "members"])
def test_only_rows_that_must_be_sent_back_are(folder, part):
    _, back = read(folder, part)
    notes = truth(folder)
    wanted = {at for at, (_, note) in notes.items() if note.startswith("refused")}
    same = set(back) - wanted
    assert {at for at in wanted if at[0] in {b[0] for b in back}} <= set(back)
    keys = [notes[at][0] for at in same]  # the rest are second copies of a row
    assert len(keys) == len(set(keys)) <= 60


def test_numbers_or_name_birth_and_phone_find_every_member(folder):
    rows, _ = read(folder, "members")
    parent = list(range(len(rows)))

    def root(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    marks: dict[tuple, int] = {}
    for i, row in enumerate(rows):
        number = row["citizen_id"] if row["citizen_id"] and ids.citizen_id(row["citizen_id"]).ok else None
        birth = row.get("birth") or (ids.citizen_birth(number) if number else None)
        signs = [(number,)] if number else []
        signs += [(row["name"], birth, row["phone"])] if birth and row["phone"] else []
        for sign in signs:
            parent[root(i)] = root(marks.setdefault(sign, i))
    notes = truth(folder)
    found = defaultdict(set)
    for i, row in enumerate(rows):
        found[root(i)].add(notes[row["at"]][0])
    assert all(len(keys) == 1 for keys in found.values())
    with (folder / "truth/members.csv").open(encoding="utf-8") as file:
        everybody = [m["key"] for m in csv.DictReader(file)]
    assert sorted(key for keys in found.values() for key in keys) == sorted(everybody)


def test_code_or_core_of_the_name_finds_every_unit(folder):
    rows, _ = read(folder, "units")
    notes = truth(folder)
    by_core, by_code = {}, {}
    for row in rows:
        key = notes[row["at"]][0]
        assert by_core.setdefault(core(row["name"]), key) == key
        assert row["unit_code"] is None or by_code.setdefault(row["unit_code"], key) == key
    with (folder / "truth/members.csv").open(encoding="utf-8") as file:
        unit = {m["key"]: m["unit"] for m in csv.DictReader(file)}
    for row in read(folder, "members")[0]:
        found = by_code.get(row.get("employer_code")) or by_core.get(core(row["employer"]))
        assert found == unit[notes[row["at"]][0]]
