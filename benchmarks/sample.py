"""How well audits keep their risk, how many records they cost, and how long the counting takes: `dishu bench sample`.

Simulated orders with a fixed seed (`--orders`, 10,000 each), looked at after every record up to the last. CPU seconds of
this process, one core.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Iterator
from itertools import combinations
from math import comb
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dishu.engine import hypergeometric
from dishu.engine.sample import Audit, draw, fixed, stopping

SEED = 20261122
CHUNK = 500


def orders(size: int, bad: int, number: int) -> Iterator[Any]:
    """So many random orders of a frame with so many bad records, a part at a time, as rows of scores."""
    rng, frame = np.random.default_rng(SEED), np.ones(size)
    frame[:bad] = 0
    for start in range(0, number, CHUNK):
        yield rng.permuted(np.tile(frame, (min(CHUNK, number - start), 1)), axis=1)


def risks(number: int) -> None:
    """The chance to pass a frame that is just unacceptable: fixed plan exact, stop rule simulated, naive looking."""
    print(f"risk of passing a frame just unacceptable, {number:,} orders each (limit + 3 standard errors in brackets)")
    print("  size  tolerance  risk   fixed plan, exact   stop rule            fixed test after each record")
    for size, tolerance, risk in [
        *((n, "0.05", "0.05") for n in (50, 100, 200, 500, 842, 1000, 5000)),
        *((n, "0.05", "0.10") for n in (200, 500, 842)),
        *((500, t, "0.05") for t in ("0.02", "0.10", "0.20")),
    ]:
        audit = Audit.of(size, tolerance, risk)
        bad, limit = audit.unacceptable or 0, float(audit.risk)
        n = fixed.sample_size(audit) or size
        over, whole = hypergeometric.at_most(0, size, bad, n)
        passed, naive = 0, 0
        plans = fixed.table(audit, min(bad - 1, 30))
        for scores in orders(size, bad, number):
            passed += int(stopping.course(scores, audit).passed(limit)[:, -1].sum())
            errors = np.cumsum(1 - scores, axis=1)
            naive += int(np.any([errors[:, to - 1] <= allowed for allowed, to in plans], axis=0).sum())
        leave = limit + 3 * (limit * (1 - limit) / number) ** 0.5
        ok = "ok" if passed / number <= leave else "ABOVE"
        print(
            f"  {size:5} {tolerance:>9} {risk:>6} {over / whole:14.4f}      {passed / number:.4f} ({leave:.4f}) {ok}"
            f"    {naive / number:.3f}",
            flush=True,
        )


def enumerated() -> None:
    """The same counted over all orders of small frames."""
    print("all orders of small frames: chance to pass, by risk 5 %, 20 %, 50 %")
    for size, bad in ((6, 1), (10, 2), (12, 3), (14, 4), (18, 5)):
        scores = np.ones((comb(size, bad), size))
        for row, at in enumerate(combinations(range(size), bad)):
            scores[row, list(at)] = 0
        run = stopping.course(scores, Audit.of(size, f"{bad}/{size}", "0.05"))
        chances = [run.passed(risk)[:, -1].mean() for risk in (0.05, 0.2, 0.5)]
        print(f"  {bad} bad of {size}, {len(scores):,} orders: " + ", ".join(f"{chance:.4f}" for chance in chances))


def costs(number: int) -> None:
    """How many records it takes until the audit passes, by the true share of errors."""
    print(f"records until the stop, tolerance and risk 5 %, {number:,} orders: mean (90th percentile)")
    for size in (200, 500, 842, 5000):
        audit = Audit.of(size, "0.05", "0.05")
        row = []
        for share in (0.0, 0.01, 0.02):
            stops: list[int] = []
            for scores in orders(size, round(share * size), number if share else 1):
                passed = stopping.course(scores, audit).passed(0.05)
                stops += np.where(passed[:, -1], passed.argmax(1) + 1, size).tolist()
            row.append(f"{np.mean(stops):.0f} ({np.percentile(stops, 90):.0f})")
        print(f"  {size:5}: fixed {fixed.sample_size(audit)}; errors 0 / 1 / 2 %: " + " / ".join(row), flush=True)


def speeds() -> None:
    """A plan, a draw and an assessment at a million records."""
    print("speed at 1,000,000 records, CPU seconds")
    ids = [f"R{n:07}" for n in range(10**6)]
    scores = np.ones(10**6)
    for name, job in (
        ("plans for five tolerances down to 1 in 100,000", lambda: [
            fixed.table(Audit.of(10**6, t, "0.05")) for t in ("0.5", "0.05", "0.01", "0.001", "0.00001")
        ]),
        ("frame hash", lambda: draw.frame_hash(ids)),
        ("draw of 10,000", lambda: draw.draw(ids, "20261122", 10_000)),
        ("assessment of all of them", lambda: stopping.assess(scores, Audit.of(10**6, "0.05", "0.05"))),
    ):  # fmt: skip
        began = time.process_time()
        job()
        print(f"  {name}: {time.process_time() - began:.2f}")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000)
    number = parser.parse_args().orders
    began = time.process_time()
    print(f"sample: seed {SEED}, {os.cpu_count()} cores, one used")
    for size in (50, 100, 200, 500, 842, 1000, 5000, None):
        sizes = [n for _, n in fixed.table(Audit.of(size, "0.05", "0.05"))]
        first = stopping.first_stop(Audit.of(size, "0.05", "0.05"))
        print(f"  plan 5 % / 5 %, size {size or 'without end'}: {sizes}, first possible stop {first}")
    risks(number)
    enumerated()
    costs(number)
    speeds()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"CPU {time.process_time() - began:.1f} s, peak memory {peak} MB")


if __name__ == "__main__":
    main()
