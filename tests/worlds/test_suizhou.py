"""Suizhou 2007: what stands behind the rosters adds up to the speech, and the rosters can be read back."""

import csv
import hashlib
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import fastexcel
import pytest

from dishu.standards import forms, ids
from dishu.worlds import make, suizhou


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return make("suizhou-2007", tmp_path_factory.mktemp("suizhou"))


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "truth" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def units(folder):
    return [u for u in read(folder, "units") if not u["closed_on"]]


@pytest.fixture(scope="module")
def members(folder):
    return [m for m in read(folder, "members") if not m["employed_until"]]


def test_the_sums_of_the_speech(units, members):
    assert sum(int(u["employees"]) for u in units) == 64_492
    assert sum(int(u["assets"]) for u in units) == 5_872_000_000
    assert sum(int(u["turnover"]) for u in units) == 14_298_000_000
    assert len(members) == 4_056
    assert round(len(members) / 64_492, 3) == 0.063


def test_single_organizations_are_under_a_tenth_of_the_enterprises(folder, units):
    single = {c["unit"] for c in read(folder, "coverage") if c["mode"] == "single"}
    assert len(single) == 123
    assert len(single) / len(units) < 0.1
    assert {u["kind"] for u in units} == {"enterprise"}


FIGURES = [  # indicator, held, total
    ("members_of_employees", 4_056, 64_492),
    ("single_orgs_of_units", 123, 1_296),
    ("plan_progress", 61, 62),
    ("plan_progress_qualifying", 61, 71),
    ("newcomers_formed", 0, 9),
    ("new_branches_at_risk", 24, 61),
    ("above_size_units", 121, 121),
    ("single_formed", 123, 131),
]


@pytest.mark.parametrize(("indicator", "held", "total"), FIGURES)
def test_the_figures_of_the_speech(folder, indicator, held, total):
    city = {f["indicator"]: f for f in read(folder, "figures") if f["place"] == "4213"}
    assert (int(city[indicator]["held"]), int(city[indicator]["total"])) == (held, total)


def test_each_figure_is_the_sum_of_its_parts_and_of_its_counties(folder):
    rows = read(folder, "figures")
    below: dict[str, int] = defaultdict(int)
    for row in rows:
        assert int(row["total"]) == int(row["held"]) + int(row["failed"]) + int(row["unknown"])
        if len(row["place"]) == 6:
            below[row["indicator"]] += int(row["total"])
    city = {row["indicator"]: int(row["total"]) for row in rows if row["place"] == "4213"}
    assert below == city


def test_above_size_are_exactly_the_planned_the_newcomers_and_those_organized_before(units):
    large = Counter(u["role"] for u in units if u["industry"][0] in "BCD" and int(u["turnover"]) >= 5_000_000)
    assert large == {"formed": 61, "unformed": 1, "newcomer": 9, "organized": 50}
    for unit in units:
        opened = date.fromisoformat(unit["opened_on"])
        assert (opened > suizhou.FROZEN) == (unit["role"] == "newcomer")


def test_every_own_organization_has_three_full_members_of_its_unit(folder, members):
    full = Counter(m["orgs"] for m in members if m["standing"] == "full")
    single = [c for c in read(folder, "coverage") if c["mode"] == "single"]
    assert min(full[c["org"]] for c in single) == 3
    unit = {c["org"]: c["unit"] for c in single}
    assert all(unit[m["orgs"]] == m["unit"] for m in members if m["orgs"] in unit)


def test_affiliation_lies_mostly_in_villages_some_at_the_origin_a_few_unclear(folder, members):
    system = {o["key"]: o["system"] for o in read(folder, "organizations")}
    away = [m for m in members if system.get(m["orgs"]) not in ("enterprise", "association")]
    kinds = Counter(system.get(m["orgs"], "unclear") for m in away)
    assert kinds["territory"] > 0.7 * len(away)
    assert kinds["origin"] > 0.08 * len(away)
    assert 20 < sum(";" in m["orgs"] for m in members) < 80
    assert 100 < sum(m["orgs"] == "" for m in members) < 300


def test_nobody_could_be_hit(folder, units, members):
    strangers = read(folder, "strangers")
    for person in [*members, *strangers]:
        assert person["citizen_id"].startswith("99")
        assert ids.citizen_id(person["citizen_id"]).ok
        assert person["phone"].startswith("194")
        assert ids.phone(person["phone"]).ok
    for unit in units:
        assert ids.registration_no(unit["code"]).ok
        assert unit["code"][7:9] == "99"  # far beyond what any office has given out
    assert len({u["code"] for u in units}) == len(units)


def test_name_birth_date_and_phone_tell_every_member(folder):
    members = read(folder, "members")
    for key in ("citizen_id", "phone"):
        assert len({m[key] for m in members}) == len(members)
    assert len({(m["name"], m["birth"]) for m in members}) == len(members)


def test_most_owners_are_no_members(folder, units):
    strangers = read(folder, "strangers")
    assert len(strangers) > 0.8 * len(units)
    assert not {s["citizen_id"] for s in strangers} & {m["citizen_id"] for m in read(folder, "members")}


def rosters(folder: Path) -> dict[str, list[list]]:
    """Every sheet as rows of cells; key: file and sheet."""
    found = {}
    for path in sorted(folder.glob("*/*.xlsx")):
        book = fastexcel.read_excel(path)
        for sheet in book.sheet_names:
            table = book.load_sheet(sheet, header_row=None, dtypes="string")
            found[f"{path.parent.name}/{path.name}", sheet] = table.to_arrow().to_pylist()
    return {key: [list(row.values()) for row in rows] for key, rows in found.items()}


def test_the_truth_says_which_row_is_about_whom(folder):
    sheets = rosters(folder)
    names = {u["key"]: u["name"] for u in read(folder, "units")}
    for row in read(folder, "roster_rows"):
        if row["kind"] == "unit" and row["source_file"].endswith("xlsx") and not row["note"].startswith("refused"):
            cells = sheets[row["source_file"], row["sheet"]][int(row["row"]) - 1]
            assert names[row["key"]] in [str(cell).strip() for cell in cells]


def test_titles_are_known_to_the_layouts(folder):
    for (file, sheet), rows in rosters(folder).items():
        titles = {str(cell) for row in rows[:4] for cell in row if cell}
        layout = {"units": "registration", "organizations": "organization"}.get(file.split("/")[0], "member")
        layout = "affiliation" if "组织关系" in file else "plan" if "计划" in file else layout
        known = sum(bool(set(f.titles) & titles) for f in forms.layout(layout).fields if f.required)
        assert known == len(forms.layout(layout).required), (file, sheet)


def test_the_same_seed_writes_the_same_bytes(folder, tmp_path):
    def marks(root: Path) -> dict[str, str]:
        files = [path for path in root.rglob("*") if path.is_file()]
        return {str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

    assert marks(make("suizhou-2007", tmp_path / "again")) == marks(folder)
    other = make("suizhou-2007", tmp_path / "other", seed=2)
    assert marks(other)["truth/members.csv"] != marks(folder)["truth/members.csv"]
