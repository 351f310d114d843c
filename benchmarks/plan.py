"""How good and how fast joint branches are planned: `python benchmarks/plan.py [--units N…] [--effort M] [--seed S] [--no-rivals]`.

Counties of 2,000 and 8,000 small units, planned and certified, compiled code at hand and not; each in a process of its
own. Then, in one county of 2,000: a greedy plan, k-means-constrained and, in one township, CP-SAT; all priced alike.
On a machine with other work read the CPU seconds: two workers on two idle cores take about half of them.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dishu.engine.plan.check import check, price
from dishu.engine.plan.model import Group, Host, Limits, Locks, Prices, Scheme, Unit
from dishu.engine.plan.solve import EFFORT, plan
from dishu.worlds import planning

PRICES, LIMITS, LOCKS = Prices(), Limits(), Locks()
GOAL = {2000: 10, 8000: 30}
CERTIFIED = {8000: 60}
CP_SECONDS = 60.0


class Watch:
    """CPU and wall seconds since it was made."""

    def __init__(self) -> None:
        self.cpu, self.wall = time.process_time(), time.perf_counter()

    def read(self) -> dict[str, float]:
        return {"cpu": time.process_time() - self.cpu, "wall": time.perf_counter() - self.wall}


def one(n: int, effort: int, seed: int) -> dict[str, Any]:
    """Plan one county without and with the proof; what came out and what it took."""
    units, hosts = planning.county(n, seed)
    watch = Watch()
    plan(units, hosts, PRICES, LIMITS, LOCKS, seed=seed, effort=effort, certify=False)
    planned, watch = watch.read(), Watch()
    scheme = plan(units, hosts, PRICES, LIMITS, LOCKS, seed=seed, effort=effort)
    certified = watch.read()
    return {
        "units": n, "full": sum(u.full for u in units), "hosts": len(hosts), "planned": planned, "certified": certified,
        "objective": scheme.objective, "bound": scheme.lower_bound, "valid": scheme.bound_valid, "gap": scheme.gap,
        "violations": len(check(scheme, units, hosts, PRICES, LIMITS, LOCKS)),
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def apart(n: int, effort: int, seed: int, cache: Path) -> dict[str, Any]:
    """`one` in a process of its own, with the compiled code kept in `cache`."""
    command = [sys.executable, __file__, "--one", json.dumps([n, effort, seed])]
    environment = os.environ | {"NUMBA_CACHE_DIR": str(cache)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def show(measured: dict[str, Any], title: str) -> None:
    m, n = measured, measured["units"]
    goals = (
        f"goal ≤ {GOAL[n]} s on 2 idle cores" if n in GOAL else "",
        f"goal ≤ {CERTIFIED[n]} s" if n in CERTIFIED else "",
    )
    print(f"{n:,} units, {m['full']:,} full members, {m['hosts']:,} hosts; {title}")
    for name, goal in zip(("planned", "certified"), goals, strict=True):
        print(f"  {name:<10}{m[name]['cpu']:>8.1f} CPU s {m[name]['wall']:>8.1f} s wall   {goal}")
    print(f"  price {m['objective']:,.1f} km, bound {m['bound']:,.1f} km ({'valid' if m['valid'] else 'NOT valid'}), "
          f"gap {m['gap']:.2%} (goal 2 %, bar 3 %), {m['violations']} violations, {m['peak MB']:,.0f} MB (bar 2,000)")  # fmt: skip


def best_led(ids: Sequence[str], named: dict[str, Unit]) -> Group:
    """A joint branch under the lead unit that makes it cheapest."""
    groups = [Group(f"g-{lead}", "joint", tuple(ids), lead=lead) for lead in ids]
    return min(groups, key=lambda group: price(group, named, {}, PRICES, LIMITS))


def rated(groups: list[Group], units: Sequence[Unit], hosts: Sequence[Host]) -> dict[str, float]:
    """The price of any groups, broken or not, and how many break a rule."""
    named, by_id = {u.unit_id: u for u in units}, {h.org_id: h for h in hosts}
    total = sum(price(group, named, by_id, PRICES, LIMITS) for group in groups) / 1000
    found = check(Scheme(tuple(groups), total), units, hosts, PRICES, LIMITS, LOCKS)
    return {"price": total, "groups": len(groups), "broken": len({v.group_id for v in found if v.group_id})}


def greedy(units: Sequence[Unit], hosts: Sequence[Host]) -> list[Group]:
    """One unit after the other with its four nearest free neighbours of the township."""
    named, free, groups = {u.unit_id: u for u in units}, {u.unit_id: u for u in units}, []
    while free:
        first = next(iter(free.values()))
        others = [u for u in free.values() if u.committee == first.committee]
        others.sort(key=lambda u: (u.x - first.x) ** 2 + (u.y - first.y) ** 2)
        group = best_led([u.unit_id for u in others[:5]], named)
        alone = check(Scheme((group,), 0.0), others[:5], hosts, PRICES, LIMITS, LOCKS)
        if any(v.code != "price" for v in alone):
            group = Group(f"open-{first.unit_id}", "uncovered", (first.unit_id,))
        for unit in group.units:
            del free[unit]
        groups.append(group)
    return groups


def k_means(units: Sequence[Unit], hosts: Sequence[Host]) -> list[Group]:
    """k-means-constrained, three to five units, township by township."""
    from k_means_constrained import KMeansConstrained

    named, groups = {u.unit_id: u for u in units}, []
    for committee in sorted({u.committee for u in units}):
        inside = [u for u in units if u.committee == committee]
        count = max(1, round(len(inside) / 4.5))
        if len(inside) < 3 * count or len(inside) > 5 * count:
            groups += [Group(f"open-{u.unit_id}", "uncovered", (u.unit_id,)) for u in inside]
            continue
        model = KMeansConstrained(count, size_min=3, size_max=5, random_state=1)
        labels = model.fit_predict(np.array([(u.x, u.y) for u in inside]))
        members: dict[int, list[str]] = {}
        for unit, label in zip(inside, labels.tolist(), strict=True):
            members.setdefault(label, []).append(unit.unit_id)
        groups += [best_led(ids, named) for _, ids in sorted(members.items())]
    return groups


def cp_sat(units: Sequence[Unit], hosts: Sequence[Host]) -> tuple[float, float]:
    """The same township as one plain model for CP-SAT: its best price and bound, metres."""
    from ortools.sat.python import cp_model

    from dishu.engine.plan.arrays import NEVER
    from dishu.engine.plan.ground import host_costs, pair_costs, terrain

    land = terrain(units, hosts, PRICES, LIMITS, LOCKS)
    g, n, m = land.ground, len(units), cp_model.CpModel()
    pairs = pair_costs(g, np.arange(n), np.arange(n))
    guests = host_costs(g, np.arange(len(hosts)), np.arange(n)).reshape(len(hosts), n)
    np.fill_diagonal(pairs, g.opening)
    x = {(j, u): m.new_bool_var("") for j in range(n) for u in range(n) if pairs[j, u] < NEVER}
    y = {(a, u): m.new_bool_var("") for a in range(len(hosts)) for u in range(n) if guests[a, u] < NEVER}
    alone = [m.new_bool_var("") for _ in range(n)]
    cost = [int(pairs[k]) * v for k, v in x.items()] + [int(guests[k]) * v for k, v in y.items()]
    cost += [g.uncovered * v for v in alone]
    for u in range(n):
        m.add_exactly_one([v for (_, w), v in [*x.items(), *y.items()] if w == u] + [alone[u]])
    for j in range(n):
        mine, above, bare = {u: v for (k, u), v in x.items() if k == j}, m.new_int_var(0, 3, ""), m.new_bool_var("")
        for u, v in mine.items():
            if u != j:
                m.add_implication(v, x[j, j])
        full = sum(int(g.full[u]) * v for u, v in mine.items())
        m.add(full >= LIMITS.least_full * x[j, j])
        m.add(full + bare >= (LIMITS.least_full + 1) * x[j, j])
        m.add(sum(mine.values()) <= LIMITS.usual_units * x[j, j] + above)
        m.add(sum(mine.values()) <= LIMITS.most_units)
        cost += [g.above_usual * above, g.fragile * bare]
    for a, (room, members) in enumerate(zip(*land.room, strict=True)):
        mine = {u: v for (b, u), v in y.items() if b == a}
        m.add(sum(mine.values()) <= int(room))
        m.add(sum(int(g.members[u]) * v for u, v in mine.items()) <= int(members))
    m.minimize(sum(cost))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = CP_SECONDS, 2
    solver.solve(m)
    return solver.objective_value / 1000, solver.best_objective_bound / 1000


def rivals(seed: int) -> None:
    """Other ways to plan the same county of 2,000, beside ours."""
    units, hosts = planning.county(2000, seed)
    watch = Watch()
    ours = plan(units, hosts, PRICES, LIMITS, LOCKS, seed=seed)
    print(f"\n2,000 units, all priced alike; ours {ours.objective:,.1f} km, {watch.read()['cpu']:.1f} CPU s, 0 broken")
    ways: dict[str, Callable[[Sequence[Unit], Sequence[Host]], list[Group]]] = {
        "greedy": greedy,
        "k-means-constrained": k_means,
    }
    for name, way in ways.items():
        watch = Watch()
        try:
            found = rated(way(units, hosts), units, hosts)
        except ImportError:
            print(f"  {name:<22}not installed")
            continue
        print(f"  {name:<22}{found['price']:>10,.1f} km  {found['price'] / ours.objective - 1:+.0%}  "
              f"{watch.read()['cpu']:>6.1f} CPU s  {found['broken']} of {found['groups']} groups break a rule")  # fmt: skip
    against_cp_sat(*planning.county(8000, seed), seed)


def against_cp_sat(units: Sequence[Unit], hosts: Sequence[Host], seed: int) -> None:
    sizes = {c: sum(u.committee == c for u in units) for c in {u.committee for u in units}}
    township = min(sizes, key=lambda c: (abs(sizes[c] - 110), c))
    inside = [u for u in units if u.committee == township]
    own = [h for h in hosts if h.committee == township]
    watch = Watch()
    ours = plan(inside, own, PRICES, LIMITS, LOCKS, seed=seed)
    took, watch = watch.read()["cpu"], Watch()
    found, bound = cp_sat(inside, own)
    print(f"one township, {len(inside)} units, {len(own)} hosts: ours {ours.objective:,.2f} km (bound {ours.lower_bound:,.2f}), {took:.1f} CPU s; "
          f"CP-SAT {found:,.2f} km (bound {bound:,.2f}), {watch.read()['cpu']:.1f} CPU s, limit {CP_SECONDS:.0f} s wall")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, nargs="+", default=[2000, 8000])
    parser.add_argument("--effort", type=int, default=EFFORT)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-rivals", action="store_true")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(one(*json.loads(asked.one))))
        return
    print(
        f"planning, 2 workers, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {asked.effort:,} moves per unit"
    )
    with tempfile.TemporaryDirectory() as folder:
        cold = apart(20, 1, asked.seed, Path(folder))
        print(f"compiling, once per installation: {cold['planned']['cpu'] + cold['certified']['cpu']:.1f} CPU s; loading it again "
              f"{apart(20, 1, asked.seed, Path(folder))['planned']['cpu']:.1f} CPU s")  # fmt: skip
        for n in asked.units:
            show(apart(n, asked.effort, asked.seed, Path(folder)), "compiled code at hand")
    if not asked.no_rivals:
        rivals(asked.seed)


if __name__ == "__main__":
    main()
