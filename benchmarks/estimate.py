"""Do the ranges of estimates hold the truth, and how fast are they: `python benchmarks/estimate.py [--populations N] [--seed N]`.

Made-up populations whose size is known: two lists in nine settings, strata, areas, corrections, three and four lists
with and without dependence, what breaks the assumptions, and the time of all models of four and five lists. For each
setting how often the 95 % range held the truth (1,000 populations: standard error .7 of a point) and the mean estimate
over the truth. One process, one core.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dishu.engine.estimate.areas import Area, from_areas
from dishu.engine.estimate.cells import Cells
from dishu.engine.estimate.corrections import Audit, audited
from dishu.engine.estimate.fitting import fit
from dishu.engine.estimate.manylists import ManyLists, lists
from dishu.engine.estimate.models import models
from dishu.engine.estimate.profile import profile
from dishu.engine.estimate.strata import Stratum, pooled, summed
from dishu.engine.estimate.twolists import Counts, Range, chapman, coverage, interval, normal, variance
from dishu.worlds import capture
from dishu.worlds.capture import LISTS, PAIRS, STRATA

SEED = 20261122
#: Beyond what any model here can say: two kinds of people, one far harder to find.
MIXED = {"4 lists, a third at odds / 4": capture.ManyLists(1000, (0.4, 0.3, 0.3, 0.2), {}, ((0.67, 1.0), (0.33, 0.25)))}
#: What breaks the assumptions of two lists; 1,000 people, register .8, re-count .5.
BROKEN = {
    "all assumptions true": {},
    "5 % can be on no list": dict(hidden=0.05),
    "a fifth at half the chance": dict(hard=0.2),
    "odds ratio 1.5": dict(odds_ratio=1.5),
    "odds ratio 2": dict(odds_ratio=2.0),
    "odds ratio 3": dict(odds_ratio=3.0),
    "odds ratio 0.5": dict(odds_ratio=0.5),
    "1 % of links missed": dict(missed_links=0.01),
    "5 % of links missed": dict(missed_links=0.05),
    "register padded by 10 %": dict(padded=0.10),
    "visit copies 30 % of those it did not meet": dict(copied=0.3),
}


class Tally:
    """How often ranges held the truth, and how far the estimates were off."""

    def __init__(self, truth: float) -> None:
        self.truth, self.held, self.values = truth, 0, []

    def add(self, one: Range) -> None:
        """One more estimate."""
        self.held += one.lower <= self.truth <= one.upper
        self.values.append(one.value / self.truth)

    def __str__(self) -> str:
        if not self.values:
            return "none shown"
        return f"held {self.held / len(self.values):.3f}  mean/truth {np.mean(self.values):.4f}  of {len(self.values)}"


def counts(rows: Any) -> Iterable[Counts]:
    """Counts of each population."""
    return (Counts(*map(int, row)) for row in rows)


def wald(one: Counts) -> Range:
    """The usual range, for comparison."""
    value, spread = chapman(one), normal(0.95) * np.sqrt(variance(one))
    return Range(value, value - spread, value + spread)


def two_lists(populations: int, seed: int) -> None:
    """G1: the range of the total, beside the usual one."""
    for at, (people, register, recount) in enumerate(PAIRS):
        ours, usual = Tally(people), Tally(people)
        for one in counts(capture.TwoLists(people, register, recount).drawn(populations, seed + at)):
            ours.add(Range(chapman(one), *interval(one)))
            usual.add(wald(one))
        print(f"  N {people}, {register:g}, {recount:g}: {ours}; usual range held {usual.held / populations:.3f}")


def strata(populations: int, seed: int) -> None:
    """G2: strata of different chances, pooled where small, and summed; beside all people as one."""
    for at, (number, people, register, recount) in enumerate(STRATA):
        ours, as_one = Tally(number * people), Tally(number * people)
        spread = np.linspace(-0.08, 0.08, number)
        made = [
            capture.TwoLists(people, register + d, recount + d).drawn(populations, seed + 100 * at + i)
            for i, d in enumerate(spread)
        ]
        for rows in zip(*made, strict=True):
            parts = [Stratum((str(i),), one) for i, one in enumerate(counts(rows))]
            ours.add(summed([group.counts for group in pooled(parts)]))
            whole = Counts(*map(int, np.sum(rows, axis=0)))
            as_one.add(Range(chapman(whole), *interval(whole)))
        print(f"  {number} of {people}, {register:g}, {recount:g}: {ours}; as one {as_one}")


def areas(populations: int, seed: int) -> None:
    """An area sample of 200 areas of about 40 people, whose registers differ."""
    world = capture.AreaSample(200, 40, 0.88, 0.7)
    for sample in (15, 30, 60):
        dice, held, ratio = np.random.default_rng(seed + sample), 0, []
        for _ in range(populations):
            people, register, found = world.drawn(sample, dice)
            one = from_areas(register, [Area(int(n), int(m), sample / 200) for n, m in found], 200)
            held += one.lower <= people <= one.upper
            ratio.append(one.value / people)
        print(f"  {sample} of 200 areas: held {held / populations:.3f}  mean/truth {np.mean(ratio):.4f}")


def corrected(populations: int, seed: int) -> None:
    """G7: a register padded by 10 %: coverage as without, total put right by an audit of 300 records."""
    dice = np.random.default_rng(seed)
    plain = capture.TwoLists(1000, 0.8, 0.5).drawn(populations, seed)
    padded = capture.TwoLists(1000, 0.8, 0.5, padded=0.1).drawn(populations, seed)
    rates = [np.mean([coverage(n2, m).share for _, n2, m in rows.tolist()]) for rows in (plain, padded)]
    tally, raw = Tally(1000), Tally(1000)
    for one in counts(padded):
        true = round(one.register / 1.1)
        good = int(dice.hypergeometric(true, int(one.register) - true, 300))
        tally.add(audited(one, Audit(300, good))[0])
        raw.add(Range(chapman(one), *interval(one)))
    print(f"  coverage rate {rates[0]:.4f} plain, {rates[1]:.4f} padded; total as it stands {raw}")
    print(f"  total after the audit {tally}")


def broken(populations: int, seed: int) -> None:
    """What breaks the assumptions, said for the page on what the method cannot see."""
    for name, wrong in BROKEN.items():
        tally = Tally(1000)
        for one in counts(capture.TwoLists(1000, 0.8, 0.5, **wrong).drawn(populations, seed)):
            tally.add(Range(chapman(one), *interval(one)))
        print(f"  {name}: {tally}")


def winner(found: ManyLists) -> Range:
    """The best model's own range: what is not shown, and why."""
    fits, best, seen = found.fits, found.order[0], found.cells.seen
    unseen, se = float(fits.unseen[best]), float(fits.se[best])
    factor = float(np.exp(normal(0.95) * np.sqrt(np.log1p((se / unseen) ** 2))))
    return Range(seen + unseen, seen + unseen / factor, seen + unseen * factor)


def cells(row: Any) -> Cells:
    """Cells of one population."""
    return Cells(tuple("abcde"[: int(np.log2(len(row)))]), row, np.arange(len(row)) > 0)


def many_lists(populations: int, seed: int) -> None:
    """G3: what is shown, beside the average alone, the envelope alone and the best model alone; and how often nothing."""
    for name, world in (LISTS | MIXED).items():
        tallies = {key: Tally(world.people) for key in ("shown", "average", "envelope", "best alone")}
        for row in world.drawn(populations, seed):
            found = lists(cells(row))
            if found.shown:
                value = found.averaged.value
                tallies["shown"].add(found.shown)
                tallies["average"].add(found.averaged)
                tallies["envelope"].add(Range(value, *found.envelope))
                tallies["best alone"].add(winner(found))
        apart = "  ".join(f"{key} {one.held / max(1, len(one.values)):.3f}" for key, one in tallies.items())
        print(f"  {name}: {apart}; {tallies['shown']}", flush=True)


def known_model(populations: int, seed: int) -> None:
    """G4: the profile range of a model known beforehand."""
    for name, at in (("4 lists, independent", 0), ("4 lists, one pair, odds 4", 1)):
        world, tally = LISTS[name], Tally(LISTS[name].people)
        for row in world.drawn(populations, seed):
            tally.add(profile(cells(row), models(4)[at]))
        print(f"  {name}: {tally}")


def speed(seed: int) -> None:
    """G10: all models of four and five lists with average and envelope; all at once against one by one."""
    for lists_, chances in ((4, (0.3,) * 4), (5, (0.3,) * 5)):
        row = capture.ManyLists(5000, chances, {(0, 1): 2.0}).drawn(1, seed)[0]
        one = cells(row)
        models(lists_)
        took = timed(lambda one=one: lists(one))
        alone = timed(lambda one=one, k=lists_: [fit(one, chosen) for chosen in models(k)])
        fitted = f"{len(models(lists_))} models of {lists_} lists"
        print(f"  {fitted}: CPU {took:.3f} s; one by one {alone:.3f} s, {alone / took:.0f} times as long")


def timed(job: Callable[[], Any]) -> float:
    """CPU seconds of a job."""
    start = time.process_time()
    job()
    return time.process_time() - start


JOBS: dict[str, Callable[[int, int], None]] = {
    "two": two_lists, "strata": strata, "areas": areas, "corrected": corrected, "broken": broken,
    "known": known_model, "lists": many_lists, "speed": lambda _, seed: speed(seed),
}  # fmt: skip


def main() -> None:
    """Run the simulations and print their tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--populations", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", choices=list(JOBS))
    args = parser.parse_args()
    print(f"estimate: {args.populations} populations a setting, seed {args.seed}, {os.cpu_count()} cores (one used)")
    for name, job in JOBS.items():
        if args.only in (None, name):
            print(f"{name}: {job.__doc__ or speed.__doc__}")
            took = timed(lambda job=job: job(args.populations, args.seed))
            print(
                f"  CPU {took:.1f} s, peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB", flush=True
            )


if __name__ == "__main__":
    main()
