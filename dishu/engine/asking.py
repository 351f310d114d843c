"""Counts of a day: the rows that hold on it are read once, looked up by number, and counted by place and profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from typing import Any

import ibis
import ibis.expr.operations as ops
import numpy as np
import pyarrow as pa
from ibis.util import gen_name

from dishu.engine import answers, lookup, memory, moments
from dishu.engine.backends import Connection
from dishu.engine.facts import TABLES, Facts, View
from dishu.engine.lookup import MOST, NOTHING, Index, OfDay, OneDay, Rows, chosen
from dishu.engine.moments import OWN_FLAGS
from dishu.engine.packed import LOT, MARKS, OWN_WEIGHTS, Packed, in_lots, marked
from dishu.engine.profile import pack, size
from dishu.engine.runs import different, numbered
from dishu.engine.state import other_ties, own_answers
from dishu.standards import law

Array = Any
#: The day that stands in a kept question where the asked one will be; older than any rule or fact.
STAND_IN = date(1601, 2, 3)
#: Whatever a state depends on besides the facts; days with the same values are asked with the same words.
RULES = (
    "branch_min_full_members", "at_risk_margin", "designated_size_industry_wan", "verification_valid_months",
    "work_valid_months",
)  # fmt: skip


def counts(facts: Facts, day: date) -> dict[str, pa.Table]:
    """Subjects by place and profile on that day: subject -> table (place, profile, n, weights); rows may repeat a pair.

    `facts` must live on DuckDB.
    """
    number = (day - answers.EPOCH).days
    rules = tuple(law.at(day).value(name) for name in RULES)  # a day without rules is refused
    if facts.packed is not None:
        held: Packed = facts.packed()
        rows, units, places = held.on(number), held.units(number), held.leaves
    else:
        rows = _read(facts, day, rules)
        places = lookup.number_places(rows)
        units = [partial(dict, lot) for lot in in_lots(rows.pop("unit"))]
    found = {subject: _named(table, places) for subject, table in _counted(rows, units, number).items()}
    if len(units) > 1:
        memory.give_back()
    return found


def _read(facts: Facts, day: date, rules: tuple[Any, ...]) -> dict[str, dict[str, Array]]:
    """The rows that hold on a day, asked from the facts."""
    kept = facts.__dict__.setdefault("_questions", {})  # lives and dies with the facts it asks
    if rules not in kept:
        kept[rules] = _prepared(facts, day, facts.unit.get_backend())
    found: dict[str, dict[str, Array]] = kept[rules](day)
    return found


def _prepared(facts: Facts, day: date, connection: Connection) -> Callable[[date], dict[str, dict[str, Array]]]:
    """What reads the rows of any day with the rules of `day`: the questions are put together once."""
    derived = {
        name: connection.create_table(gen_name(name), table, temp=True)
        for name, table in facts.tables.items()
        if name not in TABLES and not isinstance(table.op(), ops.PhysicalTable)
    }  # these do not depend on the day
    view = View({**facts.tables, **derived}, ibis.literal(STAND_IN, "date"), law.at(day))
    own = own_answers(view.of("unit"))
    asked = moments.readings(view) | {
        "ties": marked(other_ties(view, ["unit"])),
        "unit": own.select("unit", "place", *OWN_WEIGHTS, own=pack(own, "unit", OWN_FLAGS).cast("int32")),
    }
    texts = {name: connection.compile(table) for name, table in asked.items()}

    def read(other: date) -> dict[str, dict[str, Array]]:
        for table in [facts.tables[name] for name in TABLES]:
            connection._run_pre_execute_hooks(table)  # tables held in memory must be known by name
        return {name: lookup.fetched(connection, _on(text, other)) for name, text in texts.items()}

    return read


def _on(text: str, day: date) -> str:
    return text.replace(_literal(STAND_IN), _literal(day))


def _literal(day: date) -> str:
    return f"MAKE_DATE({day.year}, {day.month}, {day.day})"


def _counted(rows: Mapping[str, Rows], lots: Sequence[Callable[[], Rows]], day: int) -> dict[str, dict[str, Array]]:
    """Each subject's rows with leaf, profile, n and weights; units come lot by lot."""
    orgs = OfDay(rows["org"], "org")
    named = Index(different(np.concatenate([rows[name]["unit"] for name in ("employment", "instructor", "ties")])))
    several, rest = zip(*(_parted(lot(), named) for lot in lots), strict=True)
    units = OfDay(_joined(several), "unit")
    del several, named
    with ThreadPoolExecutor(2) as pool:
        bits = pool.submit(_bits, rows["ties"], units)
        posts = OneDay(different(rows["instructor"]["instructor"]))
        members = moments.members(OneDay(rows["member"]["member"]), rows, units, orgs)
        instructors = pool.submit(moments.instructors, posts, rows, units)
        by_org = pool.submit(_orgs, rows, members, orgs, day)
        unit = _joined([*rest, *_units(units.rows, *_tied(bits.result(), members, units, day))])
        instructor = instructors.result()
        serving = np.flatnonzero(instructor["leaf"] >= 0)
        return {
            "unit": unit,
            "member": _grouped(members["leaf"], members["profile"], {}),
            "org": by_org.result(),
            "instructor": {name: column[serving] for name, column in _each(instructor).items()},
        }


def _parted(units: Rows, named: Index) -> tuple[dict[str, Array], dict[str, Array]]:
    """Units which some table names, one by one; the others, most of all, by place and profile."""
    there = named.rows(units["unit"]) >= 0
    return chosen(units, there), _alone(chosen(units, ~there))


def _joined(parts: Sequence[dict[str, Array]]) -> dict[str, Array]:
    """All rows as one; the parts are emptied column by column, so that nothing is there twice."""
    return {name: np.concatenate([part.pop(name) for part in parts]) for name in list(parts[0])}


def _each(rows: dict[str, Array]) -> dict[str, Array]:
    return rows | {"n": np.ones(len(rows["leaf"]), dtype=np.int64)}


def _bits(ties: Rows, units: OfDay) -> Array:
    """The `MARKS` of each unit as one word."""
    words: Array = np.zeros(len(units.rows["unit"]), dtype=np.int16)
    at = units.find(ties["unit"])
    for n in range(len(MARKS)):
        words[at[(ties["word"] >> n & 1 > 0) & (at >= 0)]] |= np.int16(1 << n)
    return words


def _tied(bits: Array, members: Mapping[str, Array], units: OfDay, day: int) -> tuple[Array, Array, Array]:
    """Which units have ties, the profile of `TIE_FLAGS` of these, and of all (the last) how many members."""
    at = units.find(members["unit"])
    there = np.flatnonzero(at >= 0)
    owner, of = numbered(at[there])
    people = _people(len(owner), of, {name: column[there] for name, column in members.items()})
    nth: Array = np.zeros(len(bits), dtype=np.int32)
    nth[owner] = np.arange(1, len(owner) + 1)
    tied = np.flatnonzero((bits != 0) | (nth > 0))
    people = {name: np.insert(column, 0, 0) for name, column in people.items()}  # the first is of units without members

    def profile(some: Array) -> Array:
        counts = {name: column[nth[some]] for name, column in people.items()}
        marks = {mark: bits[some] >> n & 1 for n, mark in enumerate(MARKS)}
        rank = np.select([marks.pop(f"rank_{rank}") > 0 for rank in (3, 2, 1)], [3, 2, 1], 0)
        return answers.of_ties(np.full(len(some), day), counts | marks | {"own_rank": rank})

    profiles = [profile(some) for some in np.split(tied, range(LOT, len(tied), LOT))]  # in lots: many columns of each
    many: Array = np.zeros(len(bits), dtype=np.int64)
    many[owner] = people["members"][1:]
    return tied, np.concatenate(profiles), many


def _people(many: int, of: Array, members: Mapping[str, Array]) -> dict[str, Array]:
    """The members of each unit, counted; `several`: whether they have several superiors."""
    here, full = members["here"], members["full"] > 0
    which = {
        "members": None,
        "full_present": full,
        "full": full & here,
        "members_here": here,
        "unclear": members["unclear"],
    }
    counted: dict[str, Array] = {
        name: np.bincount(of if yes is None else of[yes], minlength=many).astype(np.int32)
        for name, yes in which.items()
    }
    some = np.flatnonzero(members["superior"] != NOTHING)
    first, last = np.full(many, MOST), np.full(many, NOTHING)
    np.minimum.at(first, of[some], members["superior"][some])
    np.maximum.at(last, of[some], members["superior"][some])
    return counted | {"several": (first < last).astype(np.int32)}


def _units(own: Rows, tied: Array, profile: Array, members: Array) -> tuple[dict[str, Array], dict[str, Array]]:
    """Units without ties by place and profile; the tied, one by one."""
    alone: Array = np.ones(len(members), dtype=bool)
    alone[tied] = False
    then = _each({name: own[name][tied] for name in ("leaf", *OWN_WEIGHTS)})
    then["profile"] = own["own"][tied] + size(OWN_FLAGS, "unit") * profile
    then |= {"members": members[tied], "members_employed": np.minimum(members[tied], then["employees"])}
    return _alone(chosen(own, alone)), then


def _alone(units: Rows) -> dict[str, Array]:
    """Units without ties by place and profile."""
    untied = answers.of_ties(np.zeros(1), dict.fromkeys(answers.TIES, np.zeros(1, dtype=np.int64)))[0]
    found = _grouped(units["leaf"], units["own"].astype(np.int64), {name: units[name] for name in OWN_WEIGHTS})
    found["profile"] += size(OWN_FLAGS, "unit") * untied
    return found | dict.fromkeys(("members", "members_employed"), np.zeros(len(found["n"]), dtype=np.int64))


def _grouped(leaf: Array, profile: Array, weights: Mapping[str, Array]) -> dict[str, Array]:
    """Rows of few profiles counted by leaf and profile."""
    profiles, number = numbered(profile)
    wide, first = max(1, len(profiles)), int(leaf.min(initial=2**31 - 1))
    cell = (leaf.astype(np.int64) - first) * wide + number
    n = np.bincount(cell)
    some = np.flatnonzero(n)
    sums = {name: np.bincount(cell, weights=column)[some].astype(np.int64) for name, column in weights.items()}
    return {"leaf": some // wide + first, "profile": profiles[some % wide], "n": n[some], **sums}


def _orgs(rows: Mapping[str, Rows], members: Mapping[str, Array], orgs: OfDay, day: int) -> dict[str, Array]:
    own = orgs.rows
    many = len(own["org"])
    held = orgs.find(members["org"])
    cover = orgs.find(rows["coverage"]["org"])
    unit = numbered(rows["coverage"]["unit"][cover >= 0])[1].astype(np.int64)
    covered = different(unit * max(1, many) + cover[cover >= 0]) % max(1, many)
    counted = {
        "members": np.bincount(held[held >= 0], minlength=many),
        "full": np.bincount(held[(held >= 0) & (members["full"] > 0)], minlength=many),
        "units": np.bincount(covered, minlength=many),
    }
    marks = {}
    for name, table in (("under_plan", "formed_under_plan"), ("of_enterprises", "enterprise_cover")):
        at = orgs.find(rows[table]["org"])
        marks[name] = np.bincount(at[at >= 0], minlength=many) > 0
    profile = answers.of_orgs(np.full(many, day), own["own"], counted | marks)
    return _each({"leaf": own["leaf"], "profile": profile, "members": counted["members"], "units": counted["units"]})


def _named(rows: Mapping[str, Array], places: list[str]) -> pa.Table:
    """With the codes of those places that have rows."""
    some, number = numbered(rows["leaf"])
    codes = pa.array([places[leaf] for leaf in some.tolist()], pa.string())
    place = pa.DictionaryArray.from_arrays(pa.array(number), codes)
    return pa.table({"place": place, **{name: column for name, column in rows.items() if name != "leaf"}})
