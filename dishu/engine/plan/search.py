"""The search for a better plan, committee by committee side by side; hosts at work across the county are shared out first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from hashlib import sha256
from typing import Any

import numpy as np

from dishu.engine.plan import anneal
from dishu.engine.plan.draft import State, draft
from dishu.engine.plan.ground import Terrain
from dishu.engine.plan.rescue import rescue
from dishu.engine.plan.start import Start

Array = Any
#: Of the moves so many are made again over the whole county, cool, with all county-wide hosts open to everybody.
POLISH = 0.05
#: A small committee is searched again and again: it costs next to nothing, and one search may end in a dead end.
SMALL, AGAIN = 24, 6
#: A county of so few units is searched as a whole too.
FEW = 120
#: With a plan at hand only moves that pay are made, metres. At 20 three times as many units changed, for 0.02 % of the price.
WARM = 1.0


def search(
    land: Terrain, begun: Start, committees: Sequence[int], effort: int, seed: int, warm: bool, workers: int,
    told: Callable[[int], None],
) -> None:  # fmt: skip
    """Improve the plan in place for these committees by `effort` chance moves per unit; never to a dearer one.

    Each committee has a random stream of its own, from the seed and its name: the result does not depend on `workers`
    or on the order of rows. `told` hears the number of units of each committee that is done.
    """
    improve = anneal.fast()  # once, so that two threads do not both compile it
    rooms = _share_out(land, begun, committees)
    largest = sorted(committees, key=lambda c: (land.shards[c][0] - land.shards[c][1], c))
    hot = WARM if warm else anneal.HOT

    def one(c: int) -> int:
        first, end = land.shards[c]
        state = begun.state._replace(left_units=rooms[c][0], left_members=rooms[c][1])
        name = land.units[first].committee
        for again in range(AGAIN if end - first <= SMALL and not warm else 1):
            stream = _stream(seed, f"{name}/{again}" if again else name)
            _better(improve, land, state, begun.fixed, first, end, effort, hot, stream)
        return end - first

    with ThreadPoolExecutor(workers) as pool:
        for job in as_completed([pool.submit(one, c) for c in largest]):
            told(job.result())
    _count_rooms(land, begun)
    if len(committees) == len(land.shards):
        if len(land.shards) > 1 and (land.ground.host_committee < 0).any():
            _together(improve, land, begun, effort, seed, warm)
        rescue(land, begun)


def _together(improve: Callable[..., int], land: Terrain, begun: Start, effort: int, seed: int, warm: bool) -> None:
    """All committees at once, with all county-wide hosts open to everybody: long for a small county, else a little."""
    small = len(land.units) <= FEW and not warm
    hot, moves = (anneal.HOT, effort) if small else (anneal.COOL, max(1, round(effort * POLISH)))
    for again in range(AGAIN if small else 1):
        stream = _stream(seed, str(again or ""))
        _better(improve, land, begun.state, begun.fixed, 0, len(land.units), moves, hot, stream)


def _better(
    improve: Callable[..., int],
    land: Terrain,
    state: State,
    fixed: Array,
    first: int,
    end: int,
    effort: int,
    hot: float,
    stream: int,
) -> None:
    """Anneal units `first` to `end`; what was there comes back if it was cheaper."""
    kept = [array[first:end].copy() for array in state[:4]] + [array.copy() for array in state[4:]]
    heats, lucks = anneal.schedule(hot, min(hot, anneal.COOL))
    paper, rng = draft(land.ground.most_units), np.array([stream], np.int64)
    free: Array = np.zeros(end - first + 1, np.int64)
    gained = improve(land.ground, state, paper, fixed, first, end, effort * (end - first), heats, lucks, rng, free)
    if gained > 0:
        for array, was in zip(state[:4], kept[:4], strict=True):
            array[first:end] = was
        for array, was in zip(state[4:], kept[4:], strict=True):
            array[:] = was


def _stream(seed: int, name: str) -> int:
    """A beginning for the random numbers; never 0, from which no other number would come."""
    return 1 + int.from_bytes(sha256(f"{seed}/{name}".encode()).digest()[:4], "big") % 0xFFFFFFFF


def _share_out(land: Terrain, begun: Start, committees: Sequence[int]) -> dict[int, tuple[Array, Array]]:
    """Rooms of the hosts as each committee may use them: what a county-wide host has left goes to one committee alone.

    It goes where the most units have the host among their cheapest; the first of equals.
    """
    g, state = land.ground, begun.state
    everywhere = np.flatnonzero(g.host_committee < 0)
    wanted: Array = np.zeros((len(land.shards), len(land.hosts)), np.int64)
    owners: Array = np.repeat(g.committee, np.diff(g.take_start))
    np.add.at(wanted, (owners, g.take), 1)
    others = np.setdiff1d(np.arange(len(land.shards)), committees)
    wanted[others] = -1
    owner = wanted.argmax(axis=0) if len(land.shards) else np.zeros(len(land.hosts), np.int64)
    rooms = {}
    for c in committees:
        units, members = state.left_units.copy(), state.left_members.copy()
        foreign = everywhere[owner[everywhere] != c]
        units[foreign], members[foreign] = 0, 0
        rooms[c] = units, members
    return rooms


def _count_rooms(land: Terrain, begun: Start) -> None:
    """The room all hosts have left, counted again after the committees' searches."""
    units, members = land.room
    guests = np.flatnonzero(begun.state.where <= -2)
    hosts = -2 - begun.state.where[guests]
    begun.state.left_units[:] = units - np.bincount(hosts, minlength=len(units))
    begun.state.left_members[:] = members - np.bincount(hosts, land.ground.members[guests], len(units)).astype(np.int64)
