"""A plan from beginning to end: solved, checked by the independent checker, explained, and written whole or not at all."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import dishu
from dishu.engine.baseline.draft import drafted
from dishu.engine.plan import limits as lawful
from dishu.engine.plan.check import Violation, check
from dishu.engine.plan.files import Taken
from dishu.engine.plan.model import Group, Limits, Locks, Prices, Scheme
from dishu.engine.plan.phrases import Speech
from dishu.engine.plan.reasons import Explained, UnitReason, explain

GROUPS = ("group_id", "unit_id", "kind", "lead_unit", "host_org", "reason")
REASONS = ("unit_id", "group_id", "kind", "km", "founding", "base", "way", "other_industry", "other_place", "moved", "uncovered",
           "needed", "saved", "next_kind", "next_id", "next_cost", "next_km", "regret")  # fmt: skip
EXCEPTIONS = ("code", "group_id", "unit_id", "number", "limit", "text")
REMARKS = ("file", "row", "id", "what", "text")
MARKETS = ("market", "units", "full", "members", "unit_ids")
DIFFERENCES = ("unit_id", "change", "kind_before", "group_before", "kind_after", "group_after")


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
    """A plan that passed its check, with its reasons."""

    task: Task
    scheme: Scheme
    explained: Explained
    speech: Speech


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
    if violations := check(scheme, taken.units, taken.hosts, task.prices, task.limits, task.locks):
        raise PlanWrong(violations)
    explained = explain(scheme, taken.units, taken.hosts, task.prices, task.limits, task.locks)
    speech = Speech(explained, task.limits, _source(task.day), task.prices.max_km, taken.names)
    return Plan(task, scheme, explained, speech)


def _source(day: date) -> str:
    """The article behind "together with others": of joint branches, before 2018 of the three full members."""
    sources = {reading.name: reading.source for reading in lawful.readings(day)}
    return sources.get("joint_branch_max_units") or sources["branch_min_full_members"]


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


def write(plan: Plan, out: Path, seconds: float) -> None:
    """Write everything to `out`: groups.csv, plan.json, reasons.csv, exceptions.csv, rows.csv, markets.csv, run.json,
    and changes.csv where there was a plan before. A run that was stopped leaves nothing under that name."""
    scheme, task = plan.scheme, plan.task
    with drafted(out) as draft:
        _csv(draft / "groups.csv", GROUPS, map(_group_row(plan), plan.explained.units))
        _csv(draft / "reasons.csv", REASONS, map(_reason_row, sorted(plan.explained.units, key=_arguable)))
        _csv(draft / "exceptions.csv", EXCEPTIONS, ((*e, plan.speech.exception(e)) for e in plan.explained.exceptions))
        _csv(draft / "rows.csv", REMARKS, task.taken.remarks)
        _csv(draft / "markets.csv", MARKETS, _markets(plan))
        if task.before is not None:
            _csv(draft / "changes.csv", DIFFERENCES, differences(task.before, scheme))
        _json(draft / "plan.json", {
            "objective": scheme.objective, "lower_bound": scheme.lower_bound if scheme.bound_valid else None,
            "gap": scheme.gap, "seconds": round(seconds, 3), "violations": 0,
        })  # fmt: skip
        _json(draft / "run.json", _run(plan))


def _group_row(plan: Plan) -> Callable[[UnitReason], tuple[object, ...]]:
    return lambda r: (r.group.group_id, r.unit.unit_id, r.group.kind, r.group.lead, r.group.host, plan.speech.line(r))


def _arguable(reason: UnitReason) -> tuple[bool, int, str]:
    """The most arguable first: where the next best is hardly dearer."""
    return (reason.regret is None, reason.regret or 0, reason.unit.unit_id)


def _reason_row(r: UnitReason) -> tuple[object, ...]:
    founding = r.terms.get("new_branch", r.terms.get("kept_branch"))
    names = ("base", "way", "other_industry", "other_place", "moved", "uncovered")
    best = (
        (r.next_best.kind, r.next_best.id, _km(r.next_best.cost), _km(r.next_best.metres))
        if r.next_best
        else (None,) * 4
    )
    return (
        r.unit.unit_id, r.group.group_id, r.group.kind, _km(r.metres), _km(founding), *(_km(r.terms.get(n)) for n in names),
        int(r.needed), _km(r.saved), *best, _km(r.regret),
    )  # fmt: skip


def _km(metres: int | None) -> float | None:
    return None if metres is None else metres / 1000


def _markets(plan: Plan) -> Iterator[tuple[object, ...]]:
    for m in plan.task.taken.markets:
        yield m.market, len(m.units), m.full, m.members, " ".join(unit.unit_id for unit in m.units)


def _run(plan: Plan) -> dict[str, Any]:
    """All that is needed to make the plan again, and to begin the next one with it."""
    task = plan.task
    return {
        "fingerprint": task.fingerprint(), "program": dishu.__version__, "day": str(task.day), "seed": task.seed,
        "effort": task.effort, "units": len(task.taken.units), "hosts": len(task.taken.hosts),
        "prices": asdict(task.prices), "limits": asdict(task.limits), "objective": plan.scheme.objective,
        "law": [[r.name, r.value, str(r.since), r.source, r.mark] for r in lawful.readings(task.day)],
        "prints": getattr(plan.scheme, "prints", {}),
    }  # fmt: skip


def _csv(path: Path, titles: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(titles)
        writer.writerows(rows)


def _json(path: Path, body: dict[str, Any]) -> None:
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1, default=dict) + "\n", "utf-8")


def earlier(folder: Path) -> Scheme:
    """A plan written before, to begin with. ValueError where the folder holds none."""
    try:
        run = json.loads((folder / "run.json").read_text("utf-8"))
        with (folder / "groups.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        inside: dict[str, list[str]] = {}
        heads = {row["group_id"]: row for row in rows}
        for row in rows:
            inside.setdefault(row["group_id"], []).append(row["unit_id"])
        groups = [_group_of(heads[name], units) for name, units in inside.items()]
        more = {"prints": run["prints"]} if "prints" in Scheme.__dataclass_fields__ else {}
        return Scheme(tuple(groups), float(run["objective"]), **more)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{folder} 里没有完整的方案（要有 groups.csv 和 run.json）") from error


def _group_of(row: dict[str, str], units: list[str]) -> Group:
    kind: Any = row["kind"]
    return Group(row["group_id"], kind, tuple(units), row["lead_unit"] or None, row["host_org"] or None)


def differences(before: Scheme, after: Scheme) -> list[tuple[str | None, ...]]:
    """Units whose place is another than before: moved, newly planned or no longer planned; in the order of their ids."""
    was, now = ({unit: group for group in scheme.groups for unit in group.units} for scheme in (before, after))
    found: list[tuple[str | None, ...]] = []
    for unit in sorted(was.keys() | now.keys()):
        old, new = was.get(unit), now.get(unit)
        if old and new and (old.kind, old.group_id) == (new.kind, new.group_id):
            continue
        change = "moved" if old and new else "new" if new else "left"
        sides = [(side.kind, side.group_id) if side else (None, None) for side in (old, new)]
        found.append((unit, change, *sides[0], *sides[1]))
    return found


def fates(before: Scheme, after: Scheme) -> dict[str, int]:
    """What becomes of the joint branches of the plan before: `kept` as they are, `changed`, `dissolved`; and `new` ones.

    >>> one, two = Group("b1", "joint", ("a", "b", "c"), "a"), Group("b2", "joint", ("d", "e", "f"), "d")
    >>> fates(Scheme((one,), 0), Scheme((two,), 0))
    {'kept': 0, 'changed': 0, 'dissolved': 1, 'new': 1}
    """
    was, now = ({g.group_id: set(g.units) for g in scheme.groups if g.kind == "joint"} for scheme in (before, after))
    both = was.keys() & now.keys()
    kept = sum(was[name] == now[name] for name in both)
    return {
        "kept": kept, "changed": len(both) - kept, "dissolved": len(was.keys() - now.keys()),
        "new": len(now.keys() - was.keys()),
    }  # fmt: skip
