"""The county of small units: shares as wanted, today's arrangement within the rules it can keep, the same for a seed."""

import csv
from collections import Counter

import pytest

from dishu import worlds
from dishu.worlds import planning

N = 2_000


@pytest.fixture(scope="module")
def made():
    return planning.county(N, seed=1)


def test_sizes_and_members(made):
    units, hosts = made
    assert len(units) == len({u.unit_id for u in units}) == N
    share_of_two = sum(u.full == 2 for u in units) / N
    assert 0.25 < share_of_two < 0.31
    assert Counter(h.kind for h in hosts) == {"village": 75, "enterprise": 200, "association": 8}
    assert all(u.full <= u.members <= u.full + 1 for u in units)


def test_half_are_in_joint_branches_a_tenth_is_attached_the_rest_alone(made):
    units, _ = made
    assert abs(sum(u.branch is not None for u in units) / N - 0.5) < 0.01
    assert abs(sum(u.host is not None for u in units) / N - 0.1) < 0.01
    assert not any(u.branch and u.host for u in units)


def test_each_branch_of_today_has_one_secretary_three_full_members_and_one_township(made):
    branches = {}
    for unit in made[0]:
        if unit.branch:
            branches.setdefault(unit.branch, []).append(unit)
    for group in branches.values():
        assert sum(unit.secretary for unit in group) == 1
        assert sum(unit.full for unit in group) >= 3
        assert len({unit.committee for unit in group}) == 1


def test_no_host_has_more_than_it_has_room_for(made):
    units, hosts = made
    for host in hosts:
        attached = [u for u in units if u.host == host.org_id]
        assert len(attached) <= host.room_units
        assert sum(u.members for u in attached) <= host.room_members


def test_a_market_and_its_place_belong_to_one_township(made):
    for unit in made[0]:
        assert unit.place.startswith(unit.committee)
        assert unit.market is None or unit.market.startswith(unit.place)


def test_another_seed_gives_another_county():
    assert planning.county(200, 1) == planning.county(200, 1)
    assert planning.county(200, 1) != planning.county(200, 2)


def test_too_few_units_are_refused():
    with pytest.raises(ValueError, match="至少 20"):
        planning.county(5)


def test_the_files_say_the_same(made, tmp_path):
    units, hosts = made
    with planning.write(units, hosts, tmp_path)[0].open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [(r["unit_id"], float(r["x"]), int(r["members"])) for r in rows] == [(u.unit_id, u.x, u.full) for u in units]
    with (tmp_path / "ORGS.csv").open(encoding="utf-8") as stream:
        orgs = list(csv.DictReader(stream))
    assert [r["org_id"] for r in orgs] == [h.org_id for h in hosts]


def test_it_can_be_asked_for_by_name(tmp_path):
    worlds.make("planning", tmp_path, seed=3)
    with (tmp_path / "UNITS.csv").open(encoding="utf-8") as stream:
        assert len(list(csv.DictReader(stream))) == planning.FULL_SIZE
