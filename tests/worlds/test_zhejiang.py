"""A prefecture of Zhejiang 2012: a tenth of the province's counts, exactly, and counties at different paces."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from dishu.standards import ids
from dishu.worlds import make

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return make("zhejiang-2012", tmp_path_factory.mktemp("zhejiang"))


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "truth" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_where_the_members_of_individual_businesses_belong(folder):
    kind = {u["key"]: u["kind"] for u in read(folder, "units")}
    system = {o["key"]: o["system"] for o in read(folder, "organizations")}
    members = [m for m in read(folder, "members") if kind[m["unit"]] == "individual_business"]
    split = Counter(system[m["orgs"]] for m in members)
    assert split == {"association": 343, "market": 278, "territory": 4_385, "origin": 653}
    assert len(members) == 5_659


def test_organizations_are_a_tenth_of_the_provinces(folder):
    kinds = Counter((o["system"], o["kind"]) for o in read(folder, "organizations"))
    assert [kinds["association", k] for k in ("committee", "general_branch", "branch")] == [2, 4, 42]
    assert [kinds["market", k] for k in ("committee", "general_branch", "branch")] == [3, 5, 43]


def test_how_many_units(folder):
    kinds = Counter(u["kind"] for u in read(folder, "units") if not u["closed_on"])
    assert kinds == {"individual_business": 40_000, "enterprise": 2_000, "market": 30}


@pytest.mark.parametrize("indicator", ["base_known", "identity_shown", "joint_formed", "work_covered"])
def test_some_counties_are_near_the_goal_and_some_far(folder, indicator):
    shares = [
        float(f["share"])
        for f in read(folder, "figures")
        if f["indicator"] == indicator and len(f["place"]) == 6 and f["place"].startswith("3303")
    ]
    assert len(shares) == 10
    assert max(shares) > 0.97
    assert min(shares) < 0.7


def test_no_unit_has_more_members_than_employees(folder):
    staff = Counter(m["unit"] for m in read(folder, "members"))
    assert all(staff[u["key"]] <= int(u["employees"]) for u in read(folder, "units"))


def test_all_affiliation_is_known(folder):
    city = {f["indicator"]: f for f in read(folder, "figures") if f["place"] == "3303"}
    assert city["affiliation_held"]["share"] == "1.0000"


def test_nobody_could_be_hit(folder):
    units, members, strangers = (read(folder, name) for name in ("units", "members", "strangers"))
    for person in [*members, *strangers]:
        assert person["citizen_id"].startswith("99")
        assert person["phone"].startswith("194")
    assert all(ids.citizen_id(m["citizen_id"]).ok for m in members)
    codes = [u["code"] for u in units if u["kind"] != "market"]
    assert all(ids.registration_no(code).ok for code in codes[::10])
    assert len(set(codes)) == len(codes)
    assert len({(m["name"], m["birth"]) for m in members}) == len(members)


def test_every_stall_is_somebodys(folder):
    units = {u["key"]: u for u in read(folder, "units")}
    stalls = [u for u in units.values() if u["stall"]]
    assert {units[u["market"]]["kind"] for u in stalls} == {"market"}
    assert len({(u["market"], u["stall"]) for u in stalls}) == len(stalls)
