"""The bound is a proof: below the price of every plan, whatever is locked, cut short or left out."""

from itertools import chain, combinations

import numpy as np
import pytest
from tinyplan import LAW, NO_LOCKS, best, county

from dishu.engine.plan import bound, pricing
from dishu.engine.plan.ground import neighbours, terrain
from dishu.engine.plan.model import Limits, Locks, Prices
from dishu.engine.plan.solve import plan
from dishu.worlds import planning

PRICES = Prices()


def proof(units, hosts, prices=PRICES, limits=LAW, **more):
    land = terrain(units, hosts, prices, limits, NO_LOCKS)
    plan_metres = round(plan(units, hosts, prices, limits, NO_LOCKS, effort=500, certify=False).objective * 1000)
    start = np.full(len(units), plan_metres / len(units))
    return bound.bound(land, plan_metres, start, np.zeros(len(units), bool), land.room, **more)


@pytest.mark.parametrize("seed", range(12))
def test_below_the_best_plan_and_close_to_it(seed):
    units, hosts = county(seed, 8, 2)
    truth = best(units, hosts, PRICES) * 1000
    assert 0.8 * truth <= proof(units, hosts).metres <= truth + 1e-6


@pytest.mark.parametrize("steps", [1, 3, 10, 100])
def test_every_step_proves_something_and_more_steps_no_less(steps):
    units, hosts = planning.county(200, 2)
    assert proof(units, hosts, steps=steps).metres <= proof(units, hosts, steps=2 * steps).metres


@pytest.mark.parametrize("pairs", [8, 24, 40])
def test_lists_cut_short_prove_less_never_too_much(monkeypatch, pairs):
    # The trap: a bound from the nearest neighbours only is none. What was cut off counts as good as it could be.
    for seed in range(4):
        units, hosts = county(seed, 8, 2)
        truth, whole = best(units, hosts, PRICES) * 1000, proof(units, hosts).metres
        with monkeypatch.context() as patch:
            patch.setattr(bound, "MOST_PAIRS", pairs)
            cut = proof(units, hosts).metres
        assert cut <= truth + 1e-6
        assert cut <= whole + 0.02 * truth  # searched by steps, so not exactly ordered


def test_the_same_whatever_the_number_of_workers():
    units, hosts = planning.county(300, 1)
    assert proof(units, hosts, workers=1).metres == proof(units, hosts, workers=3).metres


def test_not_valid_where_the_method_does_not_reach():
    units, hosts = county(3)
    assert proof(units, hosts).valid
    assert not proof(units, hosts, limits=Limits(least_full=4)).valid


def test_what_is_locked_is_not_priced_but_counted():
    units, hosts = planning.county(200, 3)
    free = plan(units, hosts, PRICES, LAW, NO_LOCKS, effort=800)
    branch = next(u.branch for u in units if u.branch and sum(v.branch == u.branch for v in units) == 5)
    locked = plan(units, hosts, PRICES, LAW, Locks(branches=frozenset({branch})), effort=800)
    assert locked.bound_valid
    assert free.lower_bound - 0.5 <= locked.lower_bound <= locked.objective


@pytest.mark.parametrize("seed", range(6))
def test_the_best_group_of_each_lead_is_the_best_of_all_sets(seed):
    # Against every set of followers, at random prices: two classes of followers, each in order, lose nothing.
    units, _ = county(seed, 9, 0)
    land = terrain(units, [], PRICES, LAW, NO_LOCKS)
    g = land.ground
    pi = np.random.default_rng(seed).uniform(-500, 4000, len(units))
    start, follower, cost = neighbours(land, None)
    nobody = np.zeros(len(units), bool)
    offers = bound.offers(land, nobody, land.room)
    bench = pricing.Bench(np.zeros((2, 10)), np.zeros((2, 10), np.int64), np.zeros((2, 11)))
    for j in range(len(units)):
        taken = np.zeros(len(units), np.int64)
        found = pricing.price_out(offers, pi, float(pi.max()), bench, taken, j, j + 1)
        listed = dict(
            zip(follower[start[j] : start[j + 1]].tolist(), cost[start[j] : start[j + 1]].tolist(), strict=True)
        )
        sets = chain.from_iterable(combinations(listed, n) for n in range(8))
        assert found == pytest.approx(min(0.0, *(worth(g, j, chosen, listed, pi) for chosen in sets)), abs=1e-6)


def worth(g, j, chosen, listed, pi):
    full = g.full[j] + sum(g.full[u] for u in chosen)
    if full < g.least_full:
        return np.inf
    value = g.opening[j] - pi[j] + sum(listed[u] - pi[u] for u in chosen)
    return value + g.above_usual * max(0, len(chosen) + 1 - g.usual_units) + g.fragile * (full == g.least_full)
