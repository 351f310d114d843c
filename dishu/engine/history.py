"""Every change of every subject's state in the whole history, as rows that figures are sums of.

What adds up (who works in a unit, what covers it) is a running sum over its dated ties. What does not (a member's one
valid affiliation) is evaluated at the days on which something about the member changed. Both by the state functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import ibis
import numpy as np
import pyarrow as pa

from dishu.engine import runs
from dishu.engine.backends import Connection
from dishu.engine.derived import thresholds
from dishu.engine.facts import FOREVER, INDUSTRIAL, LOOKED, Facts, Table, View, above_size, dated
from dishu.engine.moments import instructors_throughout, members_throughout
from dishu.engine.profile import pack, size, unpack
from dishu.engine.runs import NEVER, Changes, Events
from dishu.engine.state import (
    COUNTS,
    SECTOR,
    SUBJECTS,
    UNTIED,
    members_employed,
    org_answers,
    own_answers,
    tie_answers,
    ties,
    untied,
)
from dishu.engine.tally import used
from dishu.standards import law

Array = Any
#: Rules whose change by law changes a state without any fact changing.
STEPPED = ("branch_min_full_members", "at_risk_margin")
#: Rows that are worked on at a time.
LOT = 3_000_000
LEAVES = "leaf_numbers"
EPOCH = date(1970, 1, 1)
NOTHING = np.iinfo(np.int64).min
OWN_WEIGHTS = ("employees", "assets", "turnover")
#: What packs an organization's own row, and what is asked of it.
ORG_OWN = ("kind", "sector")
ORG_COLUMNS = {
    "kind": "string", "sector": "boolean", "members": "int64", "full": "int64", "units": "int64", "under_plan": "boolean",
    "of_enterprises": "boolean",
}  # fmt: skip
THREADS = 2


@dataclass(frozen=True)
class Throughout(View):
    """Facts with their dates still on: a row per piece of time instead of per day."""

    @property
    def keys(self) -> list[str]:
        return ["since", "until"]

    def of(self, name: str) -> Table:
        return dated(self, name)

    def lookup(self, left: Table, name: str, key: str, columns: list[str]) -> Table:
        """Add columns of another table; a row is cut where these begin, change or end."""
        right = dated(self, name)
        right = right.select(_key=key, **{c: c for c in columns}, _since="since", _until=right.until.fill_null(FOREVER))
        left = left.mutate(_end=left.until.fill_null(FOREVER))
        inside = [left[key] == right._key, right._since <= left.since, left._end <= right._until]
        joined = left.left_join(right, inside)
        whole = joined.filter(joined._since.notnull()).drop("_key", "_since", "_until", "_end")
        rest = joined.filter(joined._since.isnull()).select(*left.columns)
        return whole.union(_cut(rest, right, key).select(*whole.columns))


def _cut(left: Table, right: Table, key: str) -> Table:
    """Rows cut at both ends of the rows of `right` that begin or end within them."""
    left = left.mutate(_row=ibis.row_number())
    changes = right.select("_key", day="_since").union(right.select("_key", day="_until"))
    cuts = left.join(changes, [left[key] == changes._key, left.since < changes.day, changes.day < left._end])
    cuts = cuts.select("_row", "day").union(left.select("_row", day="since")).distinct()
    cuts = cuts.mutate(next=cuts.day.lead().over(ibis.window(group_by="_row", order_by="day")))
    pieces = left.join(cuts, "_row")
    pieces = pieces.mutate(since=pieces.day, until=ibis.coalesce(pieces.next, pieces.until)).drop("day", "next", "_row")
    within = [pieces[key] == right._key, right._since <= pieces.since, pieces.since < right._until]
    return pieces.left_join(right, within).drop("_key", "_since", "_until", "_end")


def history(facts: Facts, connection: Connection) -> tuple[list[str], dict[str, Changes]]:
    """All changes by subject, and the codes of the leaf places that they give by number. `facts`: on the connection."""
    connection.raw_sql("SET preserve_insertion_order = false")  # no order is asked for, and two can write at once
    leaves = _leaves(facts, connection)
    view = Throughout(facts.tables, None)
    near = _without_idle_units(facts, connection)
    members = members_throughout(near, connection)
    posts = instructors_throughout(near, connection)
    found = {
        "unit": _units(connection, view, members),
        "member": _dated_changes(connection, members, "member"),
        "org": _orgs(connection, view, members),
        "instructor": _dated_changes(connection, posts, "instructor"),
    }
    connection.raw_sql("SET preserve_insertion_order = true")
    return leaves, {subject: found[subject] for subject in SUBJECTS}


def _without_idle_units(facts: Facts, connection: Connection) -> Facts:
    """The same facts with only those units that somebody works in or is posted to, and what is asked of these."""
    somebody = facts.employment.select("unit").union(facts.instructor.select("unit"), distinct=True)
    units = facts.unit.select("unit", "place", "kind", "industry", "turnover", "since", "until").semi_join(
        somebody, "unit"
    )
    kept = connection.create_table("units_with_people", units, temp=True, overwrite=True)
    return Facts({**facts.tables, "unit": kept})


def _leaves(facts: Facts, connection: Connection) -> list[str]:
    places = ibis.union(*(facts.tables[name].select("place") for name in ("unit", "member", "org")), distinct=True)
    codes = sorted(places.to_pyarrow()["place"].to_pylist())
    table = pa.table({"_place": pa.array(codes, pa.string()), "leaf": pa.array(range(len(codes)), pa.int64())})
    connection.create_table(LEAVES, table, temp=True, overwrite=True)
    return codes


def _numbered(connection: Connection, table: Table) -> Table:
    """With the number of the leaf instead of its code."""
    leaves = connection.table(LEAVES)
    return table.join(leaves, table.place == leaves._place).drop("place", "_place")


def _columns(table: Table) -> dict[str, Array]:
    """A table as numpy columns; days as numbers, an empty end as `NEVER`."""
    found: dict[str, Array] = {}
    arrow = table.to_pyarrow()
    for name in arrow.column_names:
        column = arrow[name].combine_chunks()
        if pa.types.is_date(column.type):
            column = column.cast(pa.int32()).fill_null(NEVER)
        elif column.null_count:
            column = column.fill_null(NOTHING)
        found[name] = column.to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
    return found


def _dated_changes(connection: Connection, states: Table, subject: str) -> Changes:
    """Changes between the dated states of a subject that has one row per day on which something may have changed."""
    weights = {"instructor": ("units",)}.get(subject, ())
    packed = states.select(subject, "place", "since", "until", *weights, profile=pack(states, subject, used(subject)))
    rows = _columns(_numbered(connection, packed).order_by(subject, "since"))
    return runs.changes(rows.pop(subject), rows.pop("since"), rows.pop("until"), rows)


# --- units


def _units(connection: Connection, view: Throughout, members: Table) -> Changes:
    keys = ["unit", "since", "until"]
    tied = connection.create_table(
        "all_ties", _words(ties(view, _at(members, "unit"), keys)), temp=True, overwrite=True
    )
    own = connection.create_table("own_pieces", _numbered(connection, _own(view)), temp=True, overwrite=True)
    with_ties = connection.create_table("tied_units", tied.select("unit").distinct(), temp=True, overwrite=True)
    alone = own.anti_join(with_ties, "unit").drop("unit")
    of_tied = own.semi_join(with_ties, "unit")
    lots = 1 + int(tied.count().to_pyarrow().as_py()) // LOT
    question = _question(_tie_profile, dict.fromkeys((*COUNTS, "first", "last", "employees"), "int64"))
    with ThreadPoolExecutor(THREADS) as pool:  # one lot is added up while the next is fetched
        found = [pool.submit(_alone, _columns(alone))]
        for lot in range(lots):
            mine = (_columns(table.filter(table.unit % lots == lot)) for table in (of_tied, tied))
            found.append(pool.submit(_of_tied, question, *mine))
        return runs.joined([part for lot in found for part in lot.result()])


def _at(members: Table, subject: str) -> Table:
    return members.filter(members[subject].notnull())


#: The counts of ties as they share words; `own_rank` counts apart for each rank.
WORDS = (
    ("members", "full_present", "full"), ("members_here", "unclear", "joint"), ("attached", "functional", "worked"),
    ("instructors", "planned", "newcomer"), ("rank_1", "rank_2", "rank_3"),
)  # fmt: skip


def _words(rows: Table) -> Table:
    """Ties with their counts packed three in a word."""
    rows = rows.mutate(**{f"rank_{rank}": (rows.own_rank == rank).cast("int64") for rank in (1, 2, 3)})
    words = {
        f"w{n}": rows[a] + rows[b] * 2**runs.BITS + rows[c] * 2 ** (2 * runs.BITS) for n, (a, b, c) in enumerate(WORDS)
    }
    return rows.select("unit", "since", "until", "superior", **words)


def _flags(own: bool) -> tuple[str, ...]:
    return tuple(flag for flag in used("unit") if (flag not in UNTIED) == own)


def _own(view: Throughout) -> Table:
    """Units' own rows, cut where the law moved them over the size limit: their profile when not verified.

    Columns: unit, place, since, until, seen and stale (between them the row counts as verified), own, weights.
    """
    pieces = _cut_by_law(view.tables["unit"])
    day = pieces.mutate(day=pieces.since)
    sized = day.mutate(above_size=above_size(day, view.rule("designated_size_industry_wan", day)), verified=False)
    months = view.rule("verification_valid_months")
    looked = sized.channel.isin(LOOKED).fill_null(False)
    sized = sized.mutate(
        seen=looked.ifelse(sized.verified_on, None),
        stale=looked.ifelse((sized.verified_on + ibis.interval(months=months)).cast("date"), None),
    )
    s = own_answers(sized)
    return s.select(
        "unit", "place", "since", "until", "seen", "stale", "employees", "assets", "turnover",
        own=pack(s, "unit", _flags(True)),
    )  # fmt: skip


def _cut_by_law(unit: Table) -> Table:
    """Rows whose turnover lies between the size limits of different times, cut at the days the limit changed."""
    steps = thresholds()
    low, high = (find(step[0] for step in steps) * 10_000 for find in (min, max))
    sized = [unit.kind == "enterprise", unit.turnover >= low, unit.turnover < high]
    industrial = ibis.coalesce(unit.industry.substr(0, 1).isin(INDUSTRIAL), False)
    rows = [unit.filter(~ibis.cases((ibis.and_(*sized), industrial), else_=False))]
    for n, (_, since, until) in enumerate(steps):
        cut = unit.filter(*sized, industrial)
        cut = cut.mutate(since=ibis.greatest(cut.since, ibis.date(since)) if n else cut.since)
        if until is not None:
            cut = cut.mutate(until=ibis.coalesce(ibis.least(cut.until, ibis.date(until)), ibis.date(until)))
        rows.append(cut.filter(cut.until.isnull() | (cut.since < cut.until)))
    return ibis.union(*rows)


def _alone(rows: dict[str, Array]) -> list[Changes]:
    """Units without any tie: their own rows, cut where verification begins and ends to count."""
    factor = size(_flags(True), "unit") * untied(_flags(False))
    parts = []
    for since, until, own in _by_verification(rows):
        columns = {"leaf": rows["leaf"], "profile": own + factor, **{name: rows[name] for name in OWN_WEIGHTS}}
        starts = np.flatnonzero(since < until)
        ends = starts[until[starts] < NEVER]
        part = runs.added_and_taken(since[starts], until[ends], starts, ends, columns)
        nobody: Array = np.zeros(len(part), dtype=np.int32)
        parts.append(Changes({**part.columns, "members": nobody, "members_employed": nobody}))
    return parts


def _by_verification(rows: dict[str, Array]) -> Iterator[tuple[Array, Array, Array]]:
    """The three pieces of each row, before, while and after it counts as verified; since, until, own profile."""
    since, until = rows["since"], rows["until"]
    seen = np.clip(np.where(rows["seen"] == NEVER, until, rows["seen"]), since, until)
    stale = np.clip(np.where(rows["stale"] == NEVER, until, rows["stale"]), seen, until)
    flags = _flags(True)
    verified = size(flags[: flags.index("verified")], "unit")  # what a yes to this flag adds to a profile
    yield since, seen, rows["own"]
    yield seen, stale, rows["own"] + verified
    yield stale, until, rows["own"]


def _of_tied(question: str, own: dict[str, Array], tied: dict[str, Array]) -> list[Changes]:
    """Units with ties: running sums of the number of their own piece and of their ties together."""
    pieces = _pieces(own)
    words = {f"w{n}": tied[f"w{n}"] for n in range(len(WORDS))}
    some = np.flatnonzero(tied["superior"] != NOTHING)
    superiors = runs.ever("base", *(tied[name][some] for name in ("unit", "superior", "since", "until")))
    parts = [
        runs.opened_and_closed(
            pieces["unit"], pieces["since"], pieces["until"], {"base": np.arange(len(pieces["unit"])) + 1}
        ),
        runs.opened_and_closed(tied["unit"], tied["since"], tied["until"], words),
        Events(superiors.key, superiors.day, {"base": superiors.amounts["base"] << PIECE_BITS}),
    ]
    return [_judged_units(runs.running(_with_law(runs.together(*parts))), pieces, question)]


#: Above the number of a unit's own piece, in the same word: how many superiors its members have.
PIECE_BITS = 42


def _pieces(own: dict[str, Array]) -> dict[str, Array]:
    """Own rows cut where verification begins and ends to count: unit, leaf, since, until, profile, weights."""
    parts = []
    for since, until, profile in _by_verification(own):
        holds = np.flatnonzero(since < until)
        columns = {**own, "since": since, "until": until, "profile": profile}
        parts.append(
            {name: columns[name][holds] for name in ("unit", "leaf", "since", "until", "profile", *OWN_WEIGHTS)}
        )
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _with_law(events: Events) -> Events:
    """The days on which a rule changed are days of every subject."""
    days = {(step.since - EPOCH).days for name in STEPPED for step in law.steps(name)[1:]}
    if not days:
        return events
    keys = np.unique(events.key)
    return runs.together(events, *(Events(keys, np.full(len(keys), day), {}) for day in sorted(days)))


def _judged_units(state: Events, pieces: dict[str, Array], question: str) -> Changes:
    piece = np.minimum(state.amounts["base"] & (2**PIECE_BITS - 1), len(pieces["unit"]))
    here = np.flatnonzero(piece > 0)
    own = {name: pieces[name][piece[here] - 1] for name in ("leaf", "profile", *OWN_WEIGHTS)}
    fields = ((names, runs.unpack(state.amounts[f"w{n}"][here], 3)) for n, names in enumerate(WORDS))
    counts = {name: column for names, columns in fields for name, column in zip(names, columns, strict=True)}
    ranks = [counts.pop(f"rank_{rank}") > 0 for rank in (1, 2, 3)]
    counts["own_rank"] = np.select(ranks[::-1], [3, 2, 1], 0)
    several = (state.amounts["base"][here] >> PIECE_BITS) > 1
    counts |= {"first": np.zeros(len(here), dtype=np.int64), "last": several.astype(np.int64)}
    found = _asked(state.day[here], {**counts, "employees": own["employees"]}, question)
    own["profile"] = own["profile"] + size(_flags(True), "unit") * found["tied"]
    own |= {
        "members": counts["members"].astype(np.int32),
        "members_employed": found["members_employed"].astype(np.int32),
    }
    return runs.changes(state.key[here], state.day[here], _until(state)[here], own)


def _tie_profile(view: View, running: Table) -> Table:
    s = tie_answers(view, running)
    return s.select(tied=pack(s, "unit", _flags(False)), members_employed=members_employed(s))


def _org_profile(view: View, running: Table) -> Table:
    s = org_answers(view, running)
    return s.select(profile=pack(s, "org", used("org")))


def _question(question: Any, columns: dict[str, str]) -> str:
    """What the state functions ask of running sums, as SQL on a table `running`."""
    table = ibis.table({**columns, "day": "date"}, name="running")
    return str(ibis.to_sql(question(View({}, None), table), dialect="duckdb"))


def _asked(day: Array, columns: dict[str, Array], question: str) -> dict[str, Array]:
    """The answers, row by row."""
    connection = duckdb.connect(config={"threads": 1})
    connection.register("running", pa.table({**columns, "day": pa.array(day.astype("int32")).cast(pa.date32())}))
    answers = connection.execute(question).to_arrow_table()
    return {name: answers[name].to_numpy() for name in answers.column_names}


def _until(state: Events) -> Array:
    """A state ends at its subject's next."""
    follows: Array = np.append(state.key[1:] == state.key[:-1], False)[: len(state.key)]
    return np.where(follows, np.append(state.day[1:], NEVER)[: len(state.key)], NEVER)


# --- organizations


def _orgs(connection: Connection, view: Throughout, members: Table) -> Changes:
    """Running sums of the members, units and plans of each organization."""
    org = view.of("org")
    org = org.mutate(sector=org.system.isin(SECTOR))
    base = _columns(_numbered(connection, org.select("org", "place", "since", "until", kind=pack(org, "org", ORG_OWN))))
    people = _at(members, "org")
    held = _columns(people.select("org", "since", "until", full=people.full.cast("int64"), members=ibis.literal(1)))
    cover = _columns(view.of("coverage").select("org", "unit", "since", "until"))
    plan = _columns(view.of("formed_under_plan").select("org", "since", "until", under_plan=ibis.literal(1)))
    base["base"] = runs.pack(base.pop("leaf"), base.pop("kind"), np.ones(len(base["org"])))
    parts = [_added(rows) for rows in (base, held, plan)]
    parts.append(runs.ever("units", cover["org"], cover["unit"], cover["since"], cover["until"]))
    firms = _columns(view.of("enterprise_cover").select("org", "unit", "since", "until"))
    parts.append(runs.ever("firms", firms["org"], firms["unit"], firms["since"], firms["until"]))
    state = runs.running(_with_law(runs.together(*parts)))
    leaf, kind, active = runs.unpack(state.amounts["base"], 3)
    counts = {name: state.amounts[name] for name in ("members", "full", "units")}
    known = unpack(kind // np.maximum(active, 1), "org", ORG_OWN)
    ever = {"under_plan": state.amounts["under_plan"] > 0, "of_enterprises": state.amounts["firms"] > 0}
    columns = {name: known[name] for name in ORG_OWN} | {**counts, **ever}
    profile = _asked(state.day, columns, _question(_org_profile, ORG_COLUMNS))["profile"]
    rows = {"leaf": leaf // np.maximum(active, 1), "profile": profile, **{n: counts[n] for n in ("members", "units")}}
    here = np.flatnonzero(active > 0)
    there = {name: column[here] for name, column in rows.items()}
    return runs.changes(state.key[here], state.day[here], _until(state)[here], there)


def _added(rows: dict[str, Array]) -> Events:
    return runs.opened_and_closed(rows.pop("org"), rows.pop("since"), rows.pop("until"), rows)
