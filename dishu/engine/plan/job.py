"""A plan from what is asked to what may be published: solved, checked by the independent checker, explained."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import dishu
from dishu.engine.plan import limits as lawful
from dishu.engine.plan.check import Violation, check
from dishu.engine.plan.files import Taken
from dishu.engine.plan.model import Limits, Locks, Prices, Scheme
from dishu.engine.plan.phrases import Speech
from dishu.engine.plan.reasons import Explained, explain


@dataclass(frozen=True)
class Task:
    """What is asked: units and hosts, the day whose law counts, prices, limits, locks, and what to begin with."""

    taken: Taken
    day: date
    prices: Prices
    limits: Limits
    locks: Locks = field(default_factory=Locks)
    seed: int = 1
    effort: int | None = None
    before: Scheme | None = None

    def fingerprint(self) -> str:
        """What the plan depends on, as one hash."""
        t = self.taken
        said = [
            dishu.__version__,
            self.day,
            self.prices,
            self.limits,
            self.seed,
            self.effort,
            t.units,
            t.hosts,
            t.remarks,
        ]
        said += [sorted(map(sorted, self.locks.together)), sorted(map(sorted, self.locks.apart))]
        said += [sorted(self.locks.hosts.items()), sorted(self.locks.branches), self.before and self.before.groups]
        return hashlib.sha256(repr(said).encode()).hexdigest()


class PlanWrong(RuntimeError):
    """The checker does not agree with the plan: nothing is published. `violations`: what it found."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = tuple(violations)
        some = "".join(f"\n  [{v.code}] {v.text}" for v in self.violations[:5])
        more = f"\n  等共{len(self.violations)}处" if len(self.violations) > 5 else ""
        super().__init__(f"方案没有通过独立核对，未发布：{some}{more}")


class OutTaken(RuntimeError):
    """The output folder holds something else."""

    def __init__(self, out: Path) -> None:
        super().__init__(f"{out} 已有别的内容；请换一个输出文件夹，或先移走它")


@dataclass(frozen=True)
class Plan:
    """A plan that passed its check, with its reasons. `violations`: how many things the checker found wrong."""

    task: Task
    scheme: Scheme
    explained: Explained
    speech: Speech
    violations: int


def checked(task: Task, scheme: Scheme) -> int:
    """What the independent checker finds wrong with a scheme for this task, counted. Raises `PlanWrong` where it finds any."""
    taken = task.taken
    if violations := check(scheme, taken.units, taken.hosts, task.prices, task.limits, task.locks):
        raise PlanWrong(violations)
    return len(violations)


def make(task: Task, solve: Callable[..., Scheme], **more: Any) -> Plan:
    """Solve, check and explain. `solve` is `solve.plan` (or a stand-in); `more` goes to it.

    Raises `PlanWrong` when the checker disagrees, ValueError where there is nothing to plan or locks cannot be kept.
    """
    taken = task.taken
    if not taken.units:
        raise ValueError("没有需要规划的单位：正式党员1至2名、还没有党组织的单位一个也没有")
    scheme = solve(
        taken.units, taken.hosts, task.prices, task.limits, task.locks, seed=task.seed, effort=task.effort,
        before=task.before, **more,
    )  # fmt: skip
    violations = checked(task, scheme)
    explained = explain(scheme, taken.units, taken.hosts, task.prices, task.limits, task.locks)
    speech = Speech(explained, task.limits, _source(task.day), task.prices.max_km, taken.names)
    return Plan(task, scheme, explained, speech, violations)


def _source(day: date) -> str:
    """The article behind "together with others": of joint branches, before 2018 of the three full members; in short."""
    sources = {reading.name: reading.source for reading in lawful.readings(day)}
    return (sources.get("joint_branch_max_units") or sources["branch_min_full_members"]).partition("（")[0]


def already(task: Task, out: Path) -> bool:
    """Whether the folder holds the result of this very task. Raises `OutTaken` where it holds anything else."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return False
    try:
        same = json.loads((out / "run.json").read_text("utf-8"))["fingerprint"] == task.fingerprint()
    except (OSError, ValueError, KeyError, TypeError):
        same = False
    if not same:
        raise OutTaken(out)
    return True
