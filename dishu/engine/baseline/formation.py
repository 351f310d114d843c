"""The plan for units with members and no organization, made ready for the reports: text, counts by place, one row per unit."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv as pa_csv

from dishu.engine.baseline.lists import Register, harmless
from dishu.engine.plan import outputs
from dishu.engine.plan.model import Unit
from dishu.engine.plan.without import Without
from dishu.engine.report.content import Formation, Rows
from dishu.engine.territory import Tree
from dishu.engine.wording import say
from dishu.standards import law

FORMS: Final = {"single": "党支部", "general_branch": "党总支", "committee": "党委"}
OWN, JOINT, ATTACHED, UNCOVERED, CUT, NONE = "单独组建", "联合组建", "依托组建", "待研究", "没有排", "没有正式党员"
#: The columns of counts by place: what they count.
COUNTS = ("未建单位", OWN, "联合支部", "联合覆盖", ATTACHED, UNCOVERED, "无正式党员", "需指导员")
#: Of the list of units, and where the report shows only its beginning.
COLUMNS = (
    "办法",
    "组别",
    "所在地区",
    "代码",
    "名称",
    "在岗正式党员",
    "在岗党员",
    "牵头",
    "依托的党组织",
    "理由",
    "编号",
)
SHOWN_ROWS = 2_000
FOLDER = "plan"


def write(found: Without, tree: Tree, day: date, register: Register, folder: Path) -> Formation:
    """Write `units.csv`, `groups.csv` and `plan.json` of a plan into a new folder, and tell it for the reports."""
    folder.mkdir()
    units = _table(found, tree, day, register)
    pa_csv.write_csv(harmless(units), folder / "units.csv")
    told = Formation(
        tuple(_paragraphs(found, day)), _by_place(found, tree, day),
        Rows(units.slice(0, SHOWN_ROWS), units.num_rows, f"{FOLDER}/units.csv"), _line(found),
    )  # fmt: skip
    if found.plan:
        outputs.write_groups(found.plan, folder / "groups.csv")
    body = {**_numbers(found, day), "line": told.line}
    (folder / "plan.json").write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return told


def line(folder: Path) -> str | None:
    """What an earlier run wrote there, in one sentence."""
    path = folder / "plan.json"
    return str(json.loads(path.read_text("utf-8"))["line"]) if path.is_file() else None


def _kinds(found: Without) -> Counter[str]:
    """Units and, under "groups" and "hosts", the joint branches and the organizations that take in others."""
    counted: Counter[str] = Counter()
    for group in found.plan.scheme.groups if found.plan else ():
        counted[group.kind] += len(group.units)
        counted[{"joint": "groups", "attached": "hosts"}.get(group.kind, "open")] += 1
    return counted


def _numbers(found: Without, day: date) -> dict[str, Any]:
    kinds, scheme = _kinds(found), found.plan.scheme if found.plan else None
    return {
        "place": found.place, "day": str(day), "units": found.total, "own": len(found.own),
        "own_ready": sum(one.ready for one in found.own), "small": len(found.small), "none": len(found.none),
        "joint_branches": kinds["groups"], "joint_units": kinds["joint"], "hosts": kinds["hosts"],
        "attached_units": kinds["attached"], "uncovered_units": kinds["uncovered"], "cut_units": len(found.cut),
        "alone": sum(found.alone.values()), "instructors": sum(found.instructors(_each(day)).values()),
        "objective": scheme and scheme.objective,
        "lower_bound": scheme.lower_bound if scheme and scheme.bound_valid else None, "gap": scheme and scheme.gap,
        "violations": found.plan and found.plan.violations,
    }  # fmt: skip


def _each(day: date) -> int:
    return int(law.at(day).value("instructor_planned_max_units"))


def _line(found: Without) -> str:
    kinds, gap = _kinds(found), found.plan.scheme.gap if found.plan else None
    return say(
        "formation_line", total=found.total, own=len(found.own), groups=kinds["groups"], joint=kinds["joint"],
        attached=kinds["attached"], uncovered=kinds["uncovered"], none=len(found.none),
        cut=say("formation_line_cut", cut=len(found.cut)) if found.cut else "",
        gap="" if gap is None else say("formation_line_gap", gap=gap),
    )  # fmt: skip


def _paragraphs(found: Without, day: date) -> Iterator[tuple[str, str]]:
    """Run-in heading and text; only what there is to say."""
    least = int(law.at(day).value("branch_min_full_members"))
    yield "对象", "".join(_who(found, least))
    if found.plan:
        yield "拟建", "".join(_proposed(found, least))
        yield "把关", "".join(_to_look_at(found, least))
    alone = sum(found.alone.values())
    if alone:
        needed = sum(found.instructors(_each(day)).values())
        code = "formation_instructors" if needed else "formation_instructors_enough"
        yield "指导员", say(code, alone=alone, each=_each(day), needed=needed)


def _who(found: Without, least: int) -> Iterator[str]:
    yield say("formation_total", total=found.total)
    if found.own:
        ready, forms = sum(one.ready for one in found.own), Counter(one.found.form for one in found.own)
        several = "、".join(f"{FORMS[form]} {forms[form]:,} 个" for form in FORMS if forms[form])  # type: ignore[index]
        how = "all" if ready == len(found.own) else "some" if ready else "none"
        shown = say(f"formation_own_ready_{how}", ready=ready, rest=len(found.own) - ready, least=least)
        yield say(
            "formation_own", own=len(found.own), least=least, forms=several if len(forms) > 1 else "党支部", ready=shown
        )
    if found.small:
        yield say("formation_small", small=len(found.small), least=least)
    if found.none:
        yield say("formation_none", none=len(found.none))
    if found.grown:
        yield say("formation_grown", grown=found.grown, least=least)


def _proposed(found: Without, least: int) -> Iterator[str]:
    kinds = _kinds(found)
    parts = [
        say(f"formation_{kind}", units=kinds[kind], groups=kinds["groups"], hosts=kinds["hosts"])
        for kind in ("joint", "attached", "uncovered") if kinds[kind]
    ]  # fmt: skip
    yield say("formation_plan", planned=len(found.small) - len(found.cut), least=least, parts="；".join(parts))
    if found.cut:
        yield say("formation_cut", towns=len({u.committee for u in found.cut}), units=len(found.cut))
    gap = found.plan.scheme.gap if found.plan else None
    yield say("formation_no_proof") if gap is None else say("formation_proof", gap=gap)


def _to_look_at(found: Without, least: int) -> Iterator[str]:
    assert found.plan is not None
    codes = Counter(one.code for one in found.plan.explained.exceptions)
    limit = found.plan.task.limits.usual_units
    for code in ("above_usual", "fragile"):
        if codes[code]:
            yield say(f"formation_{code}", number=codes[code], least=least, limit=limit)
    if codes["nowhere"]:
        yield say("formation_nowhere")
    yield say("formation_people")


def _by_place(found: Without, tree: Tree, day: date) -> pa.Table:
    """Counts of the place and of all beneath it down to the townships, each after the one it lies in."""
    counted: dict[str, Counter[str]] = {found.place: Counter()}
    for place, column, number in _counted(found, day):
        path = tree.path(place)
        for node in path[: path.index(found.place) + 1] if found.place in path else ():
            counted.setdefault(node, Counter())[column] += number
    return pa.Table.from_pylist([
        {"place": node, "name": tree.now[node].name, "level": tree.now[node].level, "parent": tree.now[node].parent,
         **{column: counted[node][column] for column in COUNTS}}
        for node in sorted(counted, key=lambda node: tree.path(node)[::-1])
        if node == found.place or (tree.now[node].level not in ("village", "market") and counted[node].total())
    ])  # fmt: skip


def _counted(found: Without, day: date) -> Iterator[tuple[str, str, int]]:
    """Place, column and number of all there is to count."""
    total, own, groups, joint, attached, uncovered, none, needed = COUNTS
    for unit in (*(one.unit for one in found.own), *found.small, *found.none):
        yield unit.place, total, 1
    for one in found.own:
        yield one.unit.place, own, 1
    for unit in found.none:
        yield unit.place, none, 1
    if found.plan:
        columns = {"joint": joint, "attached": attached, "uncovered": uncovered}
        for reason in found.plan.explained.units:
            yield reason.unit.place, columns[reason.group.kind], 1
            if reason.group.lead == reason.unit.unit_id:
                yield reason.unit.place, groups, 1
    for town, number in found.instructors(_each(day)).items():
        yield town, needed, number


def _table(found: Without, tree: Tree, day: date, register: Register) -> pa.Table:
    """One row per unit, township by township; the lead of a joint branch first among its units."""
    named = register.named["unit"] if "unit" in register.tables else None
    names = {str(r["unit"]): (r["code"], r["name"]) for r in named.to_pylist()} if named is not None else {}
    rows = sorted(_rows(found, day), key=lambda row: (row[0].committee, row[1:3], row[3] != "是", row[0].unit_id))
    groups = _numbered(rows)
    made = [
        (how, groups.get(group), "/".join(tree.now[p].name for p in reversed(tree.path(unit.place))),
         *names.get(unit.unit_id, (None, None)), unit.full, unit.members, lead or None, host or None, why, unit.unit_id)
        for unit, (_, how), group, lead, host, why in rows
    ]  # fmt: skip
    kinds = [pa.int64() if name.startswith("在岗") else pa.string() for name in COLUMNS]
    return pa.table(
        {name: pa.array([row[i] for row in made], kinds[i]) for i, name in enumerate(COLUMNS)}
    )  # fmt: skip


def _numbered(rows: list[Any]) -> dict[str, str]:
    """A number for each joint branch, in the order of the list."""
    found: dict[str, str] = {}
    for _, (_, how), group, *_ in rows:
        if how == JOINT:
            found.setdefault(group, f"联合党支部{len(found) + 1}")
    return found


def _rows(found: Without, day: date) -> Iterator[tuple[Unit, tuple[int, str], str, str, str, str]]:
    """Unit, in which order what is proposed, group, lead, host and reason."""
    least = int(law.at(day).value("branch_min_full_members"))
    for one in found.own:
        transfer = "" if one.ready else say("formation_transfer", least=least)
        yield one.unit, (0, OWN), "", "", "", one.found.reason.replace("正式党员", "在岗正式党员", 1) + transfer
    for unit in found.none:
        yield unit, (5, NONE), "", "", "", say("formation_none_row", members=unit.members)
    for unit in found.cut:
        yield unit, (4, CUT), "", "", "", ""
    if found.plan is None:
        return
    speech = found.plan.speech
    for reason in found.plan.explained.units:
        group, lead = reason.group, reason.group.lead == reason.unit.unit_id
        how = {"joint": (1, JOINT), "attached": (2, ATTACHED), "uncovered": (3, UNCOVERED)}[group.kind]
        why = speech.line(reason) if lead or group.kind != "joint" else speech.next_best(reason)
        host = speech.name(group.host) if group.host else ""
        yield reason.unit, how, group.group_id if group.kind == "joint" else "", "是" if lead else "", host, why
