"""The main job at county size (C1): 80,000 units, 8,000 members in 5 rosters, from dirty files to reports.

    python benchmarks/baseline.py            # the world `county`; give another one's name to measure that
Each run is a process of its own: wall and CPU seconds and peak memory are the operating system's.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dishu import worlds

GOAL = {"wall s": 60, "peak MB": 2_000}


def run(name: str) -> dict[str, float]:
    """Make the rosters, run `dishu baseline` on them once, measure it."""
    with tempfile.TemporaryDirectory() as folder:
        rosters = worlds.make(name, Path(folder) / "rosters")
        files = {kind: sorted((rosters / kind).iterdir()) for kind in ("units", "members", "organizations")}
        options = [part for kind, paths in files.items() for part in (f"--{kind}", *map(str, paths))]
        day = (rosters / "day.txt").read_text().strip()
        command = [sys.executable, "-m", "dishu.cli", "baseline", *options, "--day", day, "--out", f"{folder}/out"]
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        environment = os.environ | {"DISHU_KEY_FILE": f"{folder}/key"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        wall = time.perf_counter() - start
        if done.returncode not in (0, 1):
            raise RuntimeError(done.stderr[-2000:])
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        size = sum(path.stat().st_size for paths in files.values() for path in paths)
    print(done.stderr, file=sys.stderr)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"rosters MB": size / 1e6, "wall s": wall, "CPU s": cpu, "peak MB": after.ru_maxrss / 1024}


if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) > 1 and sys.argv[1] in worlds.WORLDS else "county"
    measured = run(name)
    load = os.getloadavg()[0]
    print(f"main job, world {name}, {os.cpu_count()} cores, load {load:.1f} at the end, files not in cache first")
    for key, value in measured.items():
        goal = f"   goal ≤ {GOAL[key]:,}" if key in GOAL else ""
        print(f"  {key:<12}{value:>10,.1f}{goal}")
