"""What if? A plan at hand and something changed: only what is touched is planned again, and little moves without reason."""

import random
from dataclasses import replace

import pytest
from tinyplan import LAW, NO_LOCKS

from dishu.engine.plan.check import check
from dishu.engine.plan.compare import difference, today
from dishu.engine.plan.model import Group, Limits, Locks, Prices, Scheme
from dishu.engine.plan.solve import plan
from dishu.worlds import planning

PRICES = Prices()
UNITS, HOSTS = planning.county(600, 11)


def made(units=UNITS, hosts=HOSTS, prices=PRICES, limits=LAW, locks=NO_LOCKS, **more):
    scheme = plan(units, hosts, prices, limits, locks, **({"effort": 400, "certify": False} | more))
    assert check(scheme, units, hosts, prices, limits, locks) == []
    return scheme


@pytest.fixture(scope="module")
def first() -> Scheme:
    return made(effort=1000)


def moved(before, after, units=UNITS):
    committee = {unit.unit_id: unit.committee for unit in units}
    found = difference(before.groups, after.groups, units, HOSTS)
    return {committee[move.unit_id] for move in found.moved}, len(found.moved)


def test_nothing_changed_nothing_done(first):
    assert made(before=first, effort=1000, seed=99) == first


def test_a_lock_touches_its_committee_only(first):
    inside = [unit for unit in UNITS if unit.committee == UNITS[0].committee]
    group_of = {unit: group.group_id for group in first.groups for unit in group.units}
    other = next(u for u in inside if group_of[u.unit_id] != group_of[inside[0].unit_id] and near(u, inside[0]))
    locks = Locks(together=(frozenset({inside[0].unit_id, other.unit_id}),))
    committees, number = moved(first, made(before=first, locks=locks))
    assert committees <= {inside[0].committee}
    assert 0 < number <= 0.2 * len(inside)


def near(one, other):
    return abs(one.x - other.x) + abs(one.y - other.y) < 2000


def test_a_new_host_touches_its_committee_only(first):
    host = next(host for host in HOSTS if host.kind == "village")
    more = [*HOSTS, replace(host, org_id="h99", room_units=4, room_members=20)]
    after = made(hosts=more, before=first)
    assert moved(first, after)[0] <= {host.committee}
    assert after.objective <= first.objective


def test_a_changed_price_touches_all(first):
    dear = replace(PRICES, fragile=2.0)
    after = made(prices=dear, before=first)
    assert set(after.prints.values()).isdisjoint(first.prints.values())
    fragile = [sum(bare(group) for group in scheme.groups if group.kind == "joint") for scheme in (first, after)]
    assert fragile[1] <= fragile[0]


def bare(group: Group) -> bool:
    return sum(unit.full for unit in UNITS if unit.unit_id in group.units) == 3


def test_six_units_as_a_rule_instead_of_five_is_never_dearer(first):
    assert made(limits=Limits(usual_units=6), before=first).objective <= first.objective


def test_a_little_news_moves_few_units(first):
    # Two in a hundred units with another number of members, one in a hundred somewhere else.
    dice = random.Random(5)
    news = [replace(u, full=3 - u.full, members=4 - u.full) if dice.random() < 0.02 else u for u in UNITS]
    news = [replace(u, x=u.x + 300, y=u.y - 300) if dice.random() < 0.01 else u for u in news]
    adapted, anew = made(news, before=first), made(news, effort=1000, seed=2)
    assert moved(first, adapted)[1] <= 0.05 * len(UNITS)
    assert moved(first, adapted)[1] < moved(first, anew)[1]
    assert adapted.objective <= 1.01 * anew.objective


def test_units_that_come_and_go(first):
    newcomer = replace(UNITS[0], unit_id="new", branch=None, host=None, secretary=False)
    after = made([*UNITS[1:], newcomer], before=first)
    assert {unit for group in after.groups for unit in group.units} == {u.unit_id for u in UNITS[1:]} | {"new"}
    assert moved(first, after, [*UNITS, newcomer])[0] <= {UNITS[0].committee}


def test_ids_of_a_plan_live_on_in_the_next(first):
    after = made(before=first, locks=Locks(apart=(frozenset(first.groups[0].units[:2]),)))
    known = {group.group_id for group in first.groups if group.kind == "joint"}
    assert len(known - {group.group_id for group in after.groups}) <= 2


def test_from_today_to_the_plan(first):
    found = difference(today(UNITS), first.groups, UNITS, HOSTS)
    branches = {unit.branch for unit in UNITS if unit.branch}
    assert {*found.kept, *found.changed, *found.dissolved} == branches
    assert len(found.kept) + len(found.changed) > 0.8 * len(branches)  # what exists is kept where it can be
    assert found.km_after > 0
    assert len(first.groups) == len({group.group_id for group in first.groups})
