"""The compiled search and the same text uncompiled take the same moves; what is free stays within its rules."""

import subprocess
import sys

import numpy as np
import pytest
from tinyplan import LAW, NO_LOCKS, county

from dishu.engine.plan import anneal
from dishu.engine.plan.arrays import NEVER
from dishu.engine.plan.costs import OPEN, group_cost, place_cost
from dishu.engine.plan.draft import draft
from dishu.engine.plan.ground import host_costs, pair_costs, terrain
from dishu.engine.plan.model import Locks, Prices
from dishu.engine.plan.start import start


def searched(how, units, hosts, locks, moves, seed):
    """The state after so many moves, what was gained, and how the random numbers stand."""
    land = terrain(units, hosts, Prices(), LAW, locks)
    begun = start(land, locks, None)
    rng, free = np.array([seed], np.int64), np.zeros(len(units) + 1, np.int64)
    first = land.shards[0]
    price = whole(land, begun.state)
    gained = how(
        land.ground, begun.state, draft(8), begun.fixed, *first, moves, *anneal.schedule(500.0, 20.0), rng, free
    )
    assert whole(land, begun.state) - price == gained
    return begun.state, gained, int(rng[0])


def whole(land, state):
    """The plan's price counted from where everybody is."""
    alone = sum(place_cost(land.ground, u, int(at)) for u, at in enumerate(state.where) if at < 0)
    return alone + sum(
        group_cost(land.ground, members[:size], size, np.zeros(8, np.int64))
        for members, size in zip(state.units, state.size, strict=True)
    )


LOCKS = [
    NO_LOCKS,
    Locks(together=(frozenset({"u01", "u02"}),), apart=(frozenset({"u03", "u04", "u05"}),)),
    Locks(hosts={"u06": "h0"}),
]


@pytest.mark.parametrize("locks", LOCKS, ids=["free", "together and apart", "at a host"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_compiled_and_uncompiled_take_the_same_moves(seed, locks):
    units, hosts = county(seed, 24, 3)
    hosts = [type(host)(**(vars(host) | {"room_units": 4, "room_members": 9, "committee": None})) for host in hosts]
    slow, gained, ended = searched(anneal.anneal, units, hosts, locks, 1500, seed)
    fast, gained_fast, ended_fast = searched(anneal.fast(), units, hosts, locks, 1500, seed)
    assert (gained, ended) == (gained_fast, ended_fast)
    assert all(np.array_equal(a, b) for a, b in zip(slow, fast, strict=True))


@pytest.mark.parametrize("seed", range(8))
def test_costs_of_pairs_are_the_same_one_by_one_and_in_arrays(seed):
    units, hosts = county(seed, 20, 4, 2)
    g = terrain(units, hosts, Prices(), LAW, NO_LOCKS).ground
    every, all_hosts = np.arange(len(units)), np.arange(len(hosts))
    pairs, guests = pair_costs(g, every, every), host_costs(g, all_hosts, every)
    for j in every:
        for u in every:
            if u != j:
                assert pairs[j, u] == anneal.pair_base(g, u, j) + anneal.moving(g, u, j)
        for a in all_hosts:
            assert min(guests[a, j], NEVER) == min(place_cost(g, j, -2 - a), NEVER)


def test_the_random_numbers_do_not_come_again_soon():
    rng = np.array([1], np.int64)
    drawn = [int(anneal.draw(rng, 1 << 20)) for _ in range(20_000)]
    assert min(drawn) >= 0 and max(drawn) < 1 << 20
    assert len(set(drawn)) > 19_500  # all different but for chance
    assert abs(np.mean(drawn) / (1 << 19) - 1) < 0.02


def test_a_unit_is_in_one_place_and_hosts_keep_their_room():
    units, hosts = county(9, 40, 4)
    state, _, _ = searched(anneal.fast(), units, hosts, NO_LOCKS, 5000, 3)
    inside = [u for members, size in zip(state.units, state.size, strict=True) for u in members[:size]]
    alone = [u for u, at in enumerate(state.where) if at < 0]
    assert sorted([*inside, *alone]) == list(range(40))
    assert (state.left_units >= 0).all() and (state.left_members >= 0).all()
    assert (state.where[inside] >= 0).all() and OPEN < 0


def test_numba_is_loaded_when_something_is_compiled_not_before():
    code = (
        "import sys; import dishu.cli; assert 'numba' not in sys.modules, 'a command that plans nothing pays for Numba'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
