"""Goals on made-up drives, sized for every day (in full: `dishu bench flags`): who copies is listed, honest ones are not."""

from collections import Counter

import pytest

from dishu.engine.flags import Case, examine, typed
from dishu.worlds.visits import DEADLINE, Plan, drive

pytestmark = pytest.mark.slow
CASE = Case(deadline=DEADLINE)


def listed(made) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in examine(typed(made.visits)[0], CASE).findings:
        found.setdefault(one.subject, set()).add(one.flag)
    return found


def test_copying_a_fifth_of_fifty_records_is_found_and_honest_collectors_are_left_alone():
    """Power at least .8 with a tenth of the copied answers altered; at most 2 % of the honest listed by any flag."""
    count = Counter()
    for seed in range(101, 113):
        made = drive(seed, Plan(shortcuts={"copy": 1}, anyone=bool(seed % 2)))
        found = listed(made)
        for who, did in made.truth.items():
            count[did] += 1
            count[did, "listed"] += who in found
            count[did, "alike"] += "near_duplicates" in found.get(who, ())
    assert count["copy", "alike"] >= 0.8 * count["copy"]
    assert count["honest", "listed"] <= 0.02 * count["honest"]


def test_where_nobody_takes_a_shortcut_hardly_a_drive_lists_anybody():
    """At most 15 % of drives list anyone, with streets as different as usual and much more so."""
    drives = [listed(drive(seed, Plan(streets=(0.25, 0.6)[seed % 2]))) for seed in range(201, 241)]
    assert sum(bool(found) for found in drives) <= 0.15 * len(drives)


@pytest.mark.parametrize("people", [3, 8])
def test_a_handful_of_collectors_on_different_streets_is_no_different(people):
    drives = [listed(drive(seed, Plan(collectors=people))) for seed in range(401, 421)]
    assert sum(bool(found) for found in drives) <= 0.15 * len(drives)


def test_thoughtful_invention_is_not_found_and_the_page_says_so():
    made = [drive(seed, Plan(shortcuts={"inventor": 2})) for seed in (301, 302, 303)]
    assert [who for one in made for who in listed(one) if one.truth[who] == "inventor"] == []


@pytest.mark.parametrize("questions", [dict(yes=(0.5,) * 40, options=()), dict(yes=(), options=(4,) * 20)])
def test_other_questionnaires(questions):
    found = [
        (made, listed(made)) for made in (drive(seed, Plan(shortcuts={"copy": 1}, **questions)) for seed in (1, 2, 3))
    ]
    assert [[made.truth[who] for who, flags in one.items() if "near_duplicates" in flags] for made, one in found] == [
        ["copy"]
    ] * 3
