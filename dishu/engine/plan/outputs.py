"""What is written of a plan: groups, reasons, exceptions, the run itself, and what changed since the plan before; whole or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import dishu
from dishu.engine.baseline.draft import drafted
from dishu.engine.plan import limits as lawful
from dishu.engine.plan.compare import Difference, difference, today
from dishu.engine.plan.job import Plan, checked
from dishu.engine.plan.model import Group, Scheme
from dishu.engine.plan.reasons import UnitReason

GROUPS = ("group_id", "unit_id", "kind", "lead_unit", "host_org", "reason")
REASONS = ("unit_id", "group_id", "kind", "km", "founding", "base", "way", "other_industry", "other_place", "moved", "uncovered",
           "needed", "saved", "next_kind", "next_id", "next_cost", "next_km", "regret")  # fmt: skip
EXCEPTIONS = ("code", "group_id", "unit_id", "number", "limit", "text")
REMARKS = ("file", "row", "id", "what", "text")
MARKETS = ("market", "units", "full", "members", "unit_ids")
CHANGES = ("unit_id", "before", "after")


def write(plan: Plan, out: Path, seconds: float) -> None:
    """Write everything to `out`: groups.csv, plan.json, reasons.csv, exceptions.csv, changes.csv, rows.csv, markets.csv
    and run.json. A run that was stopped leaves nothing under that name. Checked is what was written, read again:
    `PlanWrong` where that is not the plan that passed."""
    scheme, task = plan.scheme, plan.task
    with drafted(out) as draft:
        write_groups(plan, draft / "groups.csv")
        _csv(draft / "reasons.csv", REASONS, map(_reason_row, sorted(plan.explained.units, key=_arguable)))
        _csv(draft / "exceptions.csv", EXCEPTIONS, ((*e, plan.speech.exception(e)) for e in plan.explained.exceptions))
        _csv(draft / "rows.csv", REMARKS, task.taken.remarks)
        _csv(draft / "markets.csv", MARKETS, _markets(plan))
        _csv(draft / "changes.csv", CHANGES, ((m.unit_id, m.before, m.after) for m in changes(plan).moved))
        _json(draft / "run.json", _run(plan))
        _json(draft / "plan.json", {
            "objective": scheme.objective, "lower_bound": scheme.lower_bound if scheme.bound_valid else None,
            "gap": scheme.gap, "seconds": round(seconds, 3), "violations": checked(task, earlier(draft)),
        })  # fmt: skip


def write_groups(plan: Plan, path: Path) -> None:
    """Write `groups.csv`: where each unit goes and why."""
    _csv(path, GROUPS, map(_group_row(plan), plan.explained.units))


def changes(plan: Plan) -> Difference:
    """What changes from the plan before, else from today's arrangement."""
    task = plan.task
    before = today(task.taken.units) if task.before is None else task.before.groups
    return difference(before, plan.scheme.groups, task.taken.units, task.taken.hosts)


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
