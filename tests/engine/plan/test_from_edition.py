"""Small units from an edition: who is planned, who could take them in, who is with whom today; without coordinates."""

from dataclasses import replace
from datetime import date

import pytest
import smallworld
from plainplan import solve

from dishu.engine import edition as editions
from dishu.engine.plan import from_edition, job, limits

DAY = date(2026, 10, 31)
# 1: two members; 2: one; 3 and 4: a joint branch (30), led by 3's owner; 5: with the village; 6: three members;
# 7: only a probationary one; 8: its own branch; 9: in the other township.
WORLD = {
    "unit": """
        unit | industry | place        | legal_rep_secretary
        1    | F52      | 421302001001 |
        2    | F51      | 421302001001 |
        3    | C34      | 421302001002 | yes
        4    | C34      | 421302001002 |
        5    |          | 421302001001 |
        6    | F52      | 421302001001 |
        7    | F52      | 421302001001 |
        8    | C13      | 421302001002 |
        9    | F52      | 421302002001 |
        10   | F52      | 421302001001 |""",
    "member": "member | standing\n" + "\n".join(f"{m} | {'probationary' if m == 71 else 'full'}"
              for m in (11, 12, 21, 31, 32, 41, 51, 61, 62, 63, 71, 81, 82, 83, 91)),
    "employment": "member | unit\n" + "\n".join(f"{m} | {m // 10}" for m in (11, 12, 21, 31, 32, 41, 51, 61, 62, 63, 71, 81, 82, 83, 91)),
    "org": """
        org | kind         | system     | place
        30  | joint_branch | enterprise | 421302001002
        50  | branch       | territory  | 421302001001
        80  | branch       | enterprise | 421302001002
        90  | branch       | association | 421302
        99  | committee    | territory  | 421302001""",
    "affiliation": "member | org\n31 | 30\n32 | 30\n41 | 30\n51 | 50\n81 | 80\n82 | 80\n83 | 80",
    "coverage": "unit | org | mode\n3 | 30 | joint\n4 | 30 | joint\n5 | 50 | attached\n8 | 80 | single",
}  # fmt: skip
PLACES = (
    smallworld.PLACES
    + """
421302001001 | 东村 | village | 421302001 | 2000-01-01
421302001002 | 南村 | village | 421302001 | 2000-01-01
421302002001 | 西村 | village | 421302002 | 2000-01-01
"""
)


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    parts = editions.by_county(smallworld.tables(place=PLACES, **WORLD))
    path = tmp_path_factory.mktemp("world") / "edition"
    return editions.write(parts, path, day=DAY, moment="2026-11-01T00:00:00")


@pytest.fixture(scope="module")
def taken(edition):
    return from_edition.read(edition, "421302001", DAY)


def test_units_with_one_or_two_full_members_at_work_and_none_of_their_own(taken):
    assert [(u.unit_id, u.full, u.committee, u.industry) for u in taken.units] == [
        ("1", 2, "421302001", "F"), ("2", 1, "421302001", "F"), ("3", 2, "421302001", "C"), ("4", 1, "421302001", "C"),
        ("5", 1, "421302001", ""),
    ]  # fmt: skip


def test_who_is_not_planned_is_named_with_the_reason(taken):
    assert {(r.id, r.what) for r in taken.remarks} == {("6", "aside"), ("7", "aside")}
    assert [u.unit_id for u in taken.own] == ["6"]


def test_today_is_today(taken):
    at = {u.unit_id: (u.branch, u.host, u.secretary) for u in taken.units}
    assert at == {"1": (None, None, False), "2": (None, None, False), "3": ("30", None, True), "4": ("30", None, False),
                  "5": (None, "50", False)}  # fmt: skip


def test_branches_are_hosts_committees_and_joint_branches_are_not(taken):
    """The village has one member of 50; the enterprise's own unit takes none of its four places."""
    assert [(h.org_id, h.kind, h.room_members, h.room_units, h.industry) for h in taken.hosts] == [
        ("50", "village", 49, 4, None), ("80", "enterprise", 47, 4, "C"),
    ]  # fmt: skip


def test_the_association_works_across_the_county(edition):
    found = from_edition.read(edition, "421302", DAY)
    assert [(h.org_id, h.committee) for h in found.hosts if h.kind == "association"] == [("90", None)]
    assert "9" in {u.unit_id for u in found.units}


def test_an_association_takes_in_units_of_its_own_county_only(edition):
    """Without coordinates nothing else would keep it from the units of the next county."""
    found = from_edition.read(edition, "421302", DAY)
    assert {thing.county for thing in (*found.units, *found.hosts)} == {"421302"}
    abroad = [replace(host, county="421381") for host in found.hosts if host.kind == "association"]
    task = job.Task(replace(found, hosts=tuple(abroad)), DAY, from_edition.prices(), limits.at(DAY))
    assert not [group for group in job.make(task, solve).scheme.groups if group.host]


def test_no_coordinates_are_made_up(taken):
    assert {(u.x, u.y, u.located) for u in taken.units} == {(0.0, 0.0, False)}


def test_a_place_that_is_not_there_is_said(edition):
    with pytest.raises(LookupError, match="没有地区“4299”"):
        from_edition.read(edition, "4299", DAY)


def test_the_plan_of_an_edition_passes_its_check(taken):
    task = job.Task(taken, DAY, from_edition.prices(), limits.at(DAY))
    made = job.make(task, solve)
    assert [e.number for e in made.explained.exceptions if e.code == "nowhere"] == [5]
    assert any("东村" in made.speech.line(reason) for reason in made.explained.units)


def test_a_branch_that_stands_without_the_unit_is_its_host_whatever_the_roster_calls_it(tmp_path):
    """Five units jointly with the village's branch (协村联建): it stays one organization and takes back all its five."""
    world = {
        "unit": "unit | industry | place\n" + "\n".join(f"{u} | F52 | 421302001001" for u in range(1, 7)),
        "member": "member | standing\n" + "\n".join(f"{u}1 | full" for u in range(1, 7)),
        "employment": "member | unit\n" + "\n".join(f"{u}1 | {u}" for u in range(1, 7)),
        "org": "org | kind | system | place\n50 | branch | territory | 421302001001",
        "coverage": "unit | org | mode\n" + "\n".join(f"{u} | 50 | joint" for u in range(1, 6)),
    }
    parts = editions.by_county(smallworld.tables(place=PLACES, **world))
    edition = editions.write(parts, tmp_path / "edition", day=DAY, moment="2026-11-01T00:00:00")
    found = from_edition.read(edition, "421302001", DAY)
    assert [(unit.branch, unit.host) for unit in found.units] == [(None, "50")] * 5 + [(None, None)]
    assert [(host.org_id, host.room_units) for host in found.hosts] == [("50", 5)]
    assert job.make(job.Task(found, DAY, from_edition.prices(), limits.at(DAY)), solve).violations == 0
