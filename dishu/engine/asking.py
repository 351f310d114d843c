"""Counts of a day asked of the facts: the question put together once and asked again for any other day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import ibis
import pyarrow as pa
from ibis.util import gen_name

from dishu.engine.backends import Connection
from dishu.engine.facts import TABLES, Facts, Table, View
from dishu.engine.profile import counted, pack
from dishu.engine.state import SUBJECTS, UNTIED, instructor_state, member_state, org_state, unit_profile
from dishu.engine.tally import used
from dishu.standards import law

#: The day that stands in a kept question where the asked one will be; older than any rule or fact.
STAND_IN = date(1601, 2, 3)
MEMBERS = "day_members"


def counts(facts: Facts, day: date) -> dict[str, pa.Table]:
    """Subjects by place and profile on that day: subject -> table (place, profile, n, weights)."""
    connection = facts.unit.get_backend()
    if connection.name != "duckdb":
        return {subject: answer(table) for subject, table in _questions(facts.at(day), None).items()}
    kept = facts.__dict__.setdefault("_questions", {})  # lives and dies with the facts it asks
    rules = tuple(law.at(day).value(name) for name in RULES)
    if rules not in kept:
        kept[rules] = _prepared(facts, day, connection)
    made: dict[str, pa.Table] = kept[rules](day)
    return made


#: Whatever a state depends on besides the facts; days with the same values are asked with the same words.
RULES = (
    "branch_min_full_members", "at_risk_margin", "designated_size_industry_wan", "verification_valid_months",
    "work_valid_months",
)  # fmt: skip


def answer(table: Table) -> pa.Table:
    """A table of counts, with whole numbers."""
    return whole(table.to_pyarrow())


def whole(table: pa.Table) -> pa.Table:
    """Sums come as decimals from some backends."""
    return table.cast(
        pa.schema([(f.name, pa.int64() if pa.types.is_decimal(f.type) else f.type) for f in table.schema])
    )


def _questions(view: View, members: Table | None) -> dict[str, Table]:
    """The counts of each subject as Ibis expressions; `members`: their states, where these are already made."""
    members = member_state(view) if members is None else members
    own = tuple(flag for flag in used("unit") if flag not in UNTIED)
    tied = tuple(flag for flag in used("unit") if flag in UNTIED)
    rest = {"member": members, "org": org_state(view, members), "instructor": instructor_state(view)}
    packed = {name: state.mutate(profile=pack(state, name, used(name))) for name, state in rest.items()}
    packed["unit"] = unit_profile(view, members, own, tied)
    return {name: counted(packed[name], name) for name in SUBJECTS}


def _prepared(facts: Facts, day: date, connection: Connection) -> Callable[[date], dict[str, pa.Table]]:
    """The questions as texts, to be asked for any day with the rules of `day`."""
    derived = {
        name: connection.create_table(gen_name(name), facts.tables[name], temp=True)
        for name in facts.tables
        if name not in TABLES
    }  # these do not depend on the day
    view = View({**facts.tables, **derived}, ibis.literal(STAND_IN, "date"), law.at(day))
    members = member_state(view)
    first = connection.compile(members)
    asked = _questions(view, ibis.table(members.schema(), name=MEMBERS))
    texts = {subject: connection.compile(table) for subject, table in asked.items()}

    def ask(other: date) -> dict[str, pa.Table]:
        for table in [facts.tables[name] for name in TABLES]:
            connection._run_pre_execute_hooks(table)  # tables held in memory must be known by name
        connection.con.execute(f"CREATE OR REPLACE TEMP TABLE {MEMBERS} AS {_on(first, other)}")
        return {name: whole(connection.con.execute(_on(text, other)).to_arrow_table()) for name, text in texts.items()}

    return ask


def _on(text: str, day: date) -> str:
    return text.replace(_literal(STAND_IN), _literal(day))


def _literal(day: date) -> str:
    return f"MAKE_DATE({day.year}, {day.month}, {day.day})"
