"""The county: units and members in the wanted proportions, five member rosters that overlap and err."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from dishu.standards import ids
from dishu.worlds import county, county_rosters, truth

UNITS = 4_000  # a twentieth of the county; the rest is the same


@pytest.fixture(scope="module")
def made():
    return county.world(1, UNITS)


@pytest.fixture(scope="module")
def folder(made, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("county")
    truth.write(out, made, county_rosters.write(out, made, 1))
    return out


def test_units_and_members(made):
    kinds = Counter(u.kind for u in made.units if u.closed_on is None)
    assert kinds == {"enterprise": UNITS // 4, "individual_business": UNITS * 3 // 4 - 20, "market": 20}
    assert len(made.members) == UNITS // 10


def test_codes_are_those_of_today_and_meet_nobody(made):
    for unit in made.units:
        if unit.kind != "market":
            verdict = ids.credit_code(unit.code)
            assert verdict.ok
            assert not verdict.warnings
            assert unit.code[8:11] == "XXX"
            assert ids.unit_kind_of(unit.code) == unit.kind
    assert all(ids.citizen_id(m.person.citizen_id).ok for m in made.members)


def test_joint_branches_hold_to_the_law_of_today(made):
    assert max(len(o.units) for o in made.orgs if o.kind == "joint_branch") <= 5


def test_five_member_rosters_overlap_and_nobody_is_forgotten(made, folder):
    rosters = defaultdict(set)
    with (folder / "truth/roster_rows.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["kind"] == "member":
                rosters[row["source_file"]].add(row["key"])
    assert len(rosters) == 5
    times = Counter(key for keys in rosters.values() for key in keys)
    assert set(times) == {m.key for m in made.members}
    assert sum(n > 1 for n in times.values()) > 0.4 * len(times)
