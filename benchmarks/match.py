"""How well and how fast the same person is found: `python benchmarks/match.py [--size small|c1|1m] [--train] [--seed N]`.

`small` scores a hard slice of 20,000 x 5,000 that keeps every namesake, `c1` is a county's job, `1m` a million owners
against 210,000 members (ten minutes with the making of the people; 4 GB). Made-up people of a seed the model has not
seen. Prints rows, scores, CPU and wall seconds and the peak memory of the matching, which runs in a process of its own.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dishu.engine.link import model, people, prepare
from dishu.worlds.people import COLUMNS, People
from dishu.worlds.people import people as made_up
from dishu.worlds.scoring import score_links

SEED = 20261
SIZES = {"small": (20_000, 5_000, True), "c1": (80_000, 8_000, False), "1m": (1_000_000, 210_000, False)}
MEMORY = {"small": "2GB", "c1": "1GB", "1m": "3GB"}


def kept(world: People, folder: Path) -> None:
    """Write a made-up world to Parquet, for the process that is measured."""
    for name in ("left", "right", "pairs", "doubles"):
        pq.write_table(getattr(world, name), folder / f"{name}.parquet")


def measured(folder: Path, job: str, memory: str) -> dict[str, Any]:
    """Run one job in a process of its own; seconds and memory are of it alone."""
    out = subprocess.run(
        [sys.executable, __file__, "--job", job, "--folder", str(folder), "--memory", memory],
        check=True, capture_output=True, text=True, env=os.environ | {"PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    result: dict[str, Any] = json.loads(out.stdout)
    return result


def run(folder: Path, job: str, memory: str) -> dict[str, Any]:
    """One job: `link` across, `doubles` within the members, `train` a model anew."""
    left, right = (pq.read_table(folder / f"{name}.parquet", columns=list(COLUMNS)) for name in ("left", "right"))
    wall, cpu = time.perf_counter(), time.process_time()
    score: dict[str, float] = {}
    if job == "train":
        first = prepare.people(left)
        with prepare.workspace(None, memory) as con:
            model.train(con, model.ready(con, first, prepare.people(right, first.num_rows)), seed=1)
    elif job == "link":
        found = people.link(left, right, memory_limit=memory)
    else:
        found = people.link(right, memory_limit=memory)
    took = {"wall_s": round(time.perf_counter() - wall, 1), "cpu_s": round(time.process_time() - cpu, 1)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if job != "train":
        score = score_links(found, pq.read_table(folder / f"{'pairs' if job == 'link' else 'doubles'}.parquet"))
    return {"job": job} | score | took | {"peak_mb": peak}


def main() -> None:
    """Make the people, run the jobs, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--train", action="store_true", help="also train a model anew, for its time")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--memory", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.job:
        print(json.dumps(run(args.folder, args.job, args.memory)))
        return
    owners, members, hard = SIZES[args.size]
    with tempfile.TemporaryDirectory(prefix="dishu-bench-") as name:
        folder = Path(name)
        kept(made_up(owners, members, hard=hard, seed=args.seed), folder)
        print(f"match {args.size}: {owners:,} owners x {members:,} members, seed {args.seed}, {os.cpu_count()} cores")
        for job in ("link", "doubles", *(("train",) if args.train else ())):
            result = measured(folder, job, MEMORY[args.size])
            print("  " + "  ".join(f"{key} {value}" for key, value in result.items()), flush=True)


if __name__ == "__main__":
    main()
