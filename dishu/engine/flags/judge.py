"""All flags asked of one drive: who is listed with which reason, and in which order to visit again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
from scipy import stats

from dishu.engine.flags import catalogue
from dishu.engine.flags.answers import collectors
from dishu.engine.flags.model import Asked, Case, Finding, Flag, Look, Report
from dishu.engine.flags.visits import TITLES, filled
from dishu.engine.wording import say

#: Shuffles for each collector and each unit of q, so that a p-value can be small enough to count among C others.
PER_TEST: Final = 20
_NEEDS: Final = {"deadline": "没有给出截止时间"}


def examine(visits: pa.Table, case: Case | None = None) -> Report:
    """What looks unlike the rest of the field, collector by collector. `visits` as `visits.typed` gives them.

    All p-values of all flags are one family: a flag more must not mean more people listed by chance, so their q-values
    (Benjamini & Hochberg 1995) are taken together. Listed is who passes a flag's limit and has q <= `case.q`, or passes
    a fixed rule. LookupError for an unknown flag in `case.only`, `case.limits` or `case.least`.
    """
    case = case or Case()
    for code in (*case.only, *case.limits, *case.least):
        catalogue.get(code)
    names, _ = collectors(visits)
    looks: dict[str, list[Look]] = {}
    not_run: dict[str, str] = {}
    for flag in catalogue.ALL:
        if (case.only and flag.code not in case.only) or not (flag.on or flag.code in case.only):
            continue
        if missing := _missing(flag, visits, case):
            not_run[flag.code] = missing
        else:
            looks[flag.code] = flag.look(visits, asked(flag, case, len(names)))
    q_values = _adjusted([look.p_value for found in looks.values() for look in found])
    return Report(_findings(looks, q_values, case.q), _ranking(names, looks, q_values, case.q), not_run)


def asked(flag: Flag, case: Case | None = None, people: int = 1) -> Asked:
    """What one flag is asked with in a drive of so many collectors.

    >>> asked(catalogue.get("too_fast"), Case(limits={"too_fast": 0.3}), 40).limit
    0.3
    """
    case = case or Case()
    flags = sum(1 for one in catalogue.ALL if one.on)
    draws = int(np.ceil(PER_TEST * people * flags / case.q / 4))
    return Asked(case.limits.get(flag.code, flag.limit), case.least.get(flag.code, flag.least), draws, case)


def _missing(flag: Flag, visits: pa.Table, case: Case) -> str:
    """Why a flag cannot run, empty where it can."""
    lacking = [name for name in flag.columns if not _there(visits, name)]
    if lacking:
        return "缺少栏目：" + "、".join(TITLES.get(name, (name,))[0] for name in lacking)
    return "；".join(_NEEDS[name] for name in flag.needs if getattr(case, name) is None)


def _there(visits: pa.Table, column: str) -> bool:
    """A column, or any column of a kind (`r_`), that says something."""
    names = (
        [n for n in visits.column_names if n.startswith(column) and n != "r_order"] if column[-1] == "_" else [column]
    )
    return any(filled(visits, name) for name in names)


def _adjusted(p_values: list[float | None]) -> list[float | None]:
    """Benjamini-Hochberg q-values of the p-values that are there."""
    there = [p for p in p_values if p is not None]
    q = iter(stats.false_discovery_control(there).tolist() if there else [])
    return [None if p is None else next(q) for p in p_values]


def _listed(look: Look, q_value: float | None, level: float) -> bool:
    return look.met and (q_value is None or q_value <= level)


def _findings(looks: Mapping[str, list[Look]], q_values: list[float | None], level: float) -> tuple[Finding, ...]:
    found = []
    every = ((code, look) for code, mine in looks.items() for look in mine)
    for (code, look), q in zip(every, q_values, strict=True):
        if _listed(look, q, level):
            text = say(f"flag_{code}", collector=look.collector, chance=_chance(look.p_value), **look.values)
            text += say("flag_caution", caution=catalogue.get(code).caution)
            found.append(Finding(code, look.collector, text, look.p_value, q, look.visits))
    return tuple(found)


def _chance(p: float | None) -> str:
    """How often chance alone shows as much, in natural frequencies.

    >>> _chance(0.0004), _chance(0.004), _chance(0.03)
    ('不到千分之一', '不到百分之一', '约3%')
    """
    if p is None or p >= 0.01:
        return "" if p is None else f"约{p:.0%}"
    return "不到千分之一" if p < 0.001 else "不到百分之一"


def _ranking(
    names: list[str], looks: Mapping[str, list[Look]], q_values: list[float | None], level: float
) -> tuple[tuple[str, float], ...]:
    """All collectors: first who has most findings, then by mean rank over the flags; ties by name.

    The mean rank alone would drown one strong sign among a dozen flags that have nothing to say (measured in
    docs/explanation/does-it-look-made-up.md).
    """
    place = {name: at for at, name in enumerate(names)}
    ranks = np.stack([_ranks(place, mine) for mine in looks.values()]) if looks else np.full((1, len(names)), 0.5)
    mean = ranks.mean(axis=0)
    found: Any = np.zeros(len(names), dtype=int)
    every = (look for mine in looks.values() for look in mine)
    for look, q in zip(every, q_values, strict=True):
        found[place[look.collector]] += _listed(look, q, level)
    order = sorted(range(len(names)), key=lambda at: (-found[at], -round(mean[at], 12), names[at]))
    return tuple((names[at], float(mean[at])) for at in order)


def _ranks(place: Mapping[str, int], looks: list[Look]) -> Any:
    """Ranks from 0 (most like the others) to 1; by p-value, else by strength. Not looked at is the middle, or no finding."""
    fixed = all(look.p_value is None for look in looks)
    score = np.full(len(place), 0.0 if fixed else np.nan)
    for look in looks:
        score[place[look.collector]] = look.strength if look.p_value is None else -look.p_value
    ranks = np.full(len(place), 0.5)
    there = ~np.isnan(score)
    if there.sum() > 1:
        ranks[there] = (stats.rankdata(score[there]) - 1) / (there.sum() - 1)
    return ranks
