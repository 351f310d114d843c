"""Are those who take shortcuts listed, and only they; and how long does it take: `python benchmarks/flags.py [DRIVES]`.

Made-up drives of 40 collectors with 50 records each (worlds/visits). For each setting: share of drives in which the
shortcut is listed by the flag made for it and by any flag, share of honest collectors listed, share of drives with an
honest one listed (0.95 interval, exact), and CPU seconds a drive. Then the percent match of 5,000 records by 20
questions (limit 10 s), and a whole drive of that size: CPU seconds, first run with compiling, and peak memory. One core.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections import Counter
from dataclasses import replace

import numpy as np
from scipy import stats

from dishu.engine.exact import clopper_pearson
from dishu.engine.flags import Case, examine, typed
from dishu.engine.flags.answers import coded, collectors, questions
from dishu.engine.flags.likeness import best_match, rarity
from dishu.engine.flags.shuffle import against_shuffled
from dishu.worlds.visits import DEADLINE, Drive, Plan, drive

COPY = {"copy": 1}
YES = "copies, 20 yes/no, 90 % yes"
SETTINGS: dict[str, Plan] = {
    "nobody": Plan(),
    "nobody, streets alike": Plan(streets=0.0),
    "nobody, streets very different": Plan(streets=0.6),
    "nobody, 8 collectors": Plan(collectors=8),
    "copies own, 8 collectors": Plan(collectors=8, shortcuts=COPY),
    "copies own, 20 % of 50, 10 % altered": Plan(shortcuts=COPY),
    "copies own, streets very different": Plan(shortcuts=COPY, streets=0.6),
    "copies own, 10 % of 50": Plan(shortcuts=COPY, share=0.1),
    "copies own, 30 % altered": Plan(shortcuts=COPY, altered=0.3),
    "copies anyone": Plan(shortcuts=COPY, anyone=True),
    "four collectors copy": Plan(shortcuts={"copy": 4}),
    "copies, 40 even yes/no": Plan(shortcuts=COPY, yes=(0.5,) * 40, options=()),
    "copies, 20 even yes/no": Plan(shortcuts=COPY, yes=(0.5,) * 20, options=()),
    "copies, 20 of four options": Plan(shortcuts=COPY, yes=(), options=(4,) * 20),
    YES: Plan(shortcuts=COPY, yes=(0.9,) * 20, options=()),
    "writes off the register": Plan(shortcuts={"register": 1}),
    "at a desk": Plan(shortcuts={"desk": 1}),
    "the usual answer": Plan(shortcuts={"lazy": 1}),
    "all in the last day": Plan(shortcuts={"late": 1}),
    "thoughtful invention": Plan(shortcuts={"inventor": 1}),
    "one of each": Plan(shortcuts=dict.fromkeys(("copy", "register", "desk", "lazy", "late"), 1)),
}
OWN_FLAG = {
    "copy": "near_duplicates", "register": "zero_discoveries", "desk": "impossible_travel", "lazy": "copied_photo",
    "late": "deadline_burst", "inventor": "near_duplicates",
}  # fmt: skip


def listed(made: Drive) -> tuple[set[tuple[str, str]], list[str]]:
    """Who is listed by what, and the ranking."""
    report = examine(typed(made.visits)[0], Case(deadline=DEADLINE))
    return {(one.subject, one.flag) for one in report.findings}, [name for name, _ in report.ranking]


def measure(name: str, plan: Plan, drives: int) -> None:
    """One setting over many seeds; one line."""
    began = time.process_time()
    count: Counter[str] = Counter()
    flags: Counter[str] = Counter()
    for seed in range(1, drives + 1):
        made = drive(seed, plan)
        found, ranking = listed(made)
        people = {who for who, _ in found}
        wrong = {who for who in people if made.truth[who] == "honest"}
        flags.update(flag for who, flag in found if who in wrong)
        for who, did in made.truth.items():
            if did != "honest":
                count["shortcuts"] += 1
                count["by own flag"] += (who, OWN_FLAG[did]) in found
                count["by any"] += who in people
                count["in top 5 %"] += who in ranking[: -(-len(ranking) // 20)]
        count["honest"] += len(made.truth) - sum(did != "honest" for did in made.truth.values())
        count["honest listed"] += len(wrong)
        count["drives with honest listed"] += bool(wrong)
    low, high = clopper_pearson(count["drives with honest listed"], drives)
    shares = [
        f"{part} {count[part] / count['shortcuts']:.2f}"
        for part in ("by own flag", "by any", "in top 5 %")
        if count["shortcuts"]
    ]
    print(
        f"{name:40s} {'  '.join(shares):48s} honest {count['honest listed'] / count['honest']:.4f}"
        f"  family {count['drives with honest listed'] / drives:.3f} ({low:.3f}-{high:.3f})"
        f"  {(time.process_time() - began) / drives:.2f} s  {dict(flags)}",
        flush=True,
    )


def older_ways(drives: int) -> None:
    """What simpler ways would have done: the plain percent match, the 85 % rule, the mean rank alone."""
    for name in ("copies own, 20 % of 50, 10 % altered", "copies anyone", "copies, 20 of four options", YES):
        count: Counter[str] = Counter()
        for seed in range(1, drives + 1):
            made = drive(seed, SETTINGS[name])
            table, _ = typed(made.visits)
            names, who = collectors(table)
            copier = next(at for at, one in enumerate(names) if made.truth[one] != "honest")
            codes = coded(table, questions(table))
            best, _ = best_match(codes, np.ones(codes.shape, dtype=np.float32))
            _, p = against_shuffled(best.astype(float), who, np.zeros(len(who), dtype=int), 16000, 1)
            plain = stats.false_discovery_control(p) <= 0.05
            count["plain"] += plain[copier]
            count["plain, honest"] += np.delete(plain, copier).mean()
            count["85 %"] += (best[who != copier] > 0.85).mean()
            report = examine(table, Case(deadline=DEADLINE))
            mean_rank = sorted(report.ranking, key=lambda one: -one[1])[: -(-len(names) // 20)]
            count["mean rank"] += names[copier] in {one for one, _ in mean_rank}
        print(
            f"{name:40s} plain percent match lists the copier {count['plain'] / drives:.2f}, honest "
            f"{count['plain, honest'] / drives:.4f}; 85 % rule: honest records "
            f"over it {count['85 %'] / drives:.2f}; mean rank alone: copier in top 5 % {count['mean rank'] / drives:.2f}",
            flush=True,
        )


def speed() -> None:
    """G10's percent match, and whole drives of 5,000 and 50,000 records."""
    random = np.random.default_rng(1)
    codes = random.integers(0, 4, (20, 5000)).astype(np.int16)
    codes[random.random(codes.shape) < 0.03] = -1
    for run in ("first, with compiling or its cache", "again"):
        began = time.process_time()
        best_match(codes, rarity(codes))
        print(f"percent match 5,000 x 20, {run}: {time.process_time() - began:.2f} s CPU")
    for people in (100, 500):
        made = drive(1, replace(Plan(), collectors=people, visits=50 if people == 100 else 100))
        began = time.process_time()
        listed(made)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        took = time.process_time() - began
        print(f"all flags, {people} collectors, {made.visits.num_rows:,} records: {took:.1f} s CPU, peak {peak} MB")


def main(drives: int) -> None:
    """All settings, then speed."""
    print(f"{drives} drives a setting, 40 collectors x 50 records, {os.cpu_count()} cores (one used)")
    for name, plan in SETTINGS.items():
        measure(name, plan, drives)
    older_ways(max(1, drives // 4))
    speed()


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(asked[0] if asked else 100)
