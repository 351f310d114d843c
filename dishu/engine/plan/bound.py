"""No plan can be cheaper than this: a proven lower bound, from prices per unit that make every group as good as none.

Each unit gets a price for being looked after. Whatever the prices, their sum less what the leads and hosts could save
at them is below the price of every plan (Lagrangian relaxation of "each unit once"). Good prices are found step by step
(deflected subgradient, Polyak's step towards the price of a plan at hand). See docs/explanation/the-best-plan.md.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from dishu.engine.plan import pricing
from dishu.engine.plan.ground import Terrain, guests, neighbours

Array = Any
#: Pairs held at most; beyond, the longest lists are cut and what was left out counts as good as it may be.
MOST_PAIRS = 20_000_000
STEPS = 300
#: Leads and hosts are priced in so many parts, whatever the number of workers, so that sums come out the same.
PARTS = 16
_DEFLECT, _SHRINK, _PATIENCE = 0.6, 0.7, 8


@dataclass(frozen=True)
class Bound:
    """A proven lower bound in metres, whether the proof holds for these units, and the prices that prove it."""

    metres: float
    valid: bool
    prices: Array


def bound(
    land: Terrain, plan_metres: int, prices: Array, fixed: Array, room: tuple[Array, Array], steps: int = STEPS,
    workers: int = 1,
) -> Bound:  # fmt: skip
    """A lower bound on the price of the units that are not `fixed`, given a plan's price for them and prices to start at.

    `prices`: metres per unit, for instance each one's share in the plan at hand. `room`: units and members each host may
    still take in. Not valid for units with other than one or two full members, or for branches of more than three.
    """
    offered = offers(land, fixed, room)
    free = ~fixed
    prices = np.where(free, prices, 0.0)
    best, best_prices, since, pace = -np.inf, prices, 0, 1.0
    direction = np.zeros(len(prices))
    with ThreadPoolExecutor(workers) as pool:
        ask = _asker(pool, offered, land, free)
        for _ in range(steps):
            value, missing = ask(prices)
            if value > best:
                best, best_prices, since = value, prices, 0
            else:
                since += 1
                if since >= _PATIENCE:
                    since, pace, prices, direction = 0, pace * _SHRINK, best_prices, direction * 0.0
                    continue
            direction = missing + _DEFLECT * direction
            length = float(direction @ direction)
            if length == 0.0 or value >= plan_metres:
                break
            prices = prices + pace * (plan_metres - value) / length * direction
    valid = bool(np.isin(land.ground.full, (1, 2)).all()) and land.ground.least_full <= 3
    return Bound(best, valid, best_prices)


def _asker(pool: ThreadPoolExecutor, offers: pricing.Offers, land: Terrain, free: Array) -> Any:
    """What answers, for prices, with the bound they prove and how much each unit is looked after too little."""
    price_out, most = pricing.fast(), land.ground.uncovered
    edges: list[int] = np.linspace(0, len(offers.start) - 1, PARTS + 1).astype(int).tolist()
    wide = int(max(land.ground.most_units, 2, *np.minimum(offers.room_units, offers.room_members).tolist(), 0)) + 1
    benches = [
        pricing.Bench(np.zeros((2, wide)), np.zeros((2, wide), np.int64), np.zeros((2, wide + 1))) for _ in range(PARTS)
    ]

    def ask(prices: Array) -> tuple[float, Array]:
        dearest = float(prices.max())
        taken: Array = np.zeros((PARTS, len(prices)), np.int64)
        jobs = [
            pool.submit(price_out, offers, prices, dearest, benches[k], taken[k], edges[k], edges[k + 1])
            for k in range(PARTS)
        ]
        value = float(np.minimum(prices, most)[free].sum()) + sum(job.result() for job in jobs)
        missing = (1.0 - taken.sum(axis=0) - (prices > most)) * free
        return value, missing

    return ask


def offers(land: Terrain, fixed: Array, room: tuple[Array, Array]) -> pricing.Offers:
    """Full lists of who may follow and who may be taken in, without those who stay where they are."""
    g, sizes = land.ground, np.array([end - first for first, end in land.shards])
    whole = int(sizes @ sizes) <= MOST_PAIRS
    longest = len(land.units) if whole else max(1, MOST_PAIRS // len(land.units))
    lead_start, lead_unit, lead_cost = neighbours(land, longest)
    last = np.append(lead_cost, 0)[lead_start[1:] - 1]
    omitted = np.where((sizes[g.committee] - 1 > longest) & (np.diff(lead_start) == longest), last, -1)
    host_start, host_unit, host_cost = guests(land)
    start, unit, cost = _without(
        fixed, np.concatenate([lead_start, lead_start[-1] + host_start[1:]]), np.concatenate([lead_unit, host_unit]),
        np.concatenate([lead_cost, host_cost]),
    )  # fmt: skip
    return pricing.Offers(
        np.where(fixed, pricing.FAR, g.opening.astype(float)), start, unit, cost.astype(np.float64), omitted.astype(np.float64),
        *room, g.full == 1, g.members == 1, float(g.above_usual), float(g.fragile), g.least_full, g.usual_units,
        g.most_units,
    )  # fmt: skip


def _without(fixed: Array, start: Array, unit: Array, cost: Array) -> tuple[Array, Array, Array]:
    """Lists without the units that are fixed."""
    kept = ~fixed[unit]
    before = np.concatenate([[0], np.cumsum(kept)])
    return before[start], unit[kept], cost[kept]
