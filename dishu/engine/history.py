"""Every change of every subject's state in the whole history, as rows that figures are sums of.

What adds up (who works in a unit, what covers it) is a running sum over its dated ties. What does not (a member's one
valid affiliation) is put together at the days on which something about the member changed (`moments`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

from dishu.engine import answers, moments, packed, runs
from dishu.engine.facts import Facts
from dishu.engine.lookup import NOTHING, AllDays, Index, OfAllTimes, Rows, chosen
from dishu.engine.moments import OWN_FLAGS
from dishu.engine.packed import MARKS, OWN_WEIGHTS
from dishu.engine.profile import size
from dishu.engine.runs import NEVER, Changes, Events
from dishu.engine.state import SUBJECTS

Array = Any
#: Ties that are worked on at a time, and how many lots at once.
LOT, THREADS = 500_000, 2
#: The counts of ties as they share words; `own_rank` counts apart for each rank.
WORDS = (
    ("members", "full_present", "full"), ("members_here", "unclear", "joint"), ("attached", "functional", "worked"),
    ("instructors", "planned", "newcomer"), ("rank_1", "rank_2", "rank_3"),
)  # fmt: skip
#: Above the number of a unit's own piece, in the same word: how many superiors its members have.
PIECE_BITS = 42


def history(facts: Facts) -> tuple[list[str], dict[str, Changes]]:
    """All changes by subject, and the codes of the leaf places that they give by number. `facts`: on DuckDB."""
    held = packed.of(facts)
    rows, units = held.rows, held.rows["unit"]
    with ThreadPoolExecutor(THREADS) as pool:
        tied = _ever(units, rows, ("employment", "ties"))
        alone = pool.submit(lambda: _alone(chosen(units, ~tied)))
        near = _near(units, rows)
        members = _members(rows, near)
        org = pool.submit(_orgs, rows, members)
        tied_units = _tied_units(chosen(units, tied), [_ties_of(members), _words(rows["ties"])], members, pool)
        found = {
            "member": _changes(members, ()),
            "instructor": _changes(_instructors(rows, near), ("units",)),
            "org": org.result(),
            "unit": runs.joined([*alone.result(), *(lot.result() for lot in tied_units)]),
        }
    return held.leaves, {subject: found[subject] for subject in SUBJECTS}


def _ever(units: Rows, rows: Mapping[str, Rows], names: tuple[str, ...]) -> Array:
    """Which units these tables ever name."""
    some = Index(runs.different(np.concatenate([rows[name]["unit"] for name in names])))
    return some.rows(units["unit"]) >= 0


def _near(units: Rows, rows: Mapping[str, Rows]) -> OfAllTimes:
    """The pieces of those units that somebody works in or is posted to."""
    somebody = _ever(units, rows, ("employment", "instructor"))
    here = np.flatnonzero(somebody & (units["since"] < units["until"]))
    return OfAllTimes({name: units[name][here] for name in ("unit", "leaf", "own", "since", "until")}, "unit")


def _changes(states: dict[str, Array], weights: tuple[str, ...]) -> Changes:
    return runs.changes(
        states["key"], states["since"], states["until"], {name: states[name] for name in ("leaf", "profile", *weights)}
    )


# --- members and instructors


def _members(rows: Mapping[str, Rows], units: OfAllTimes) -> dict[str, Array]:
    """Dated states: key, since, until and the columns of `moments.members`."""
    orgs = OfAllTimes(rows["org"], "org")
    own, jobs, claims = (rows[name] for name in ("member", "employment", "affiliation"))
    days = [
        _ends(rows[name], "member") for name in ("member", "employment", "affiliation", "participation", "identity")
    ]
    days += [(own["member"], own["seen"]), (own["member"], own["stale"])]
    for held, table, key in ((jobs, units, "unit"), (claims, orgs, "org")):
        which, day = table.days_within(held[key], held["since"], held["until"])
        days.append((held["member"][which], day))
    at = _all_days(runs.different(own["member"]), days)
    return _dated(at, moments.members(at, rows, units, orgs))


def _instructors(rows: Mapping[str, Rows], units: OfAllTimes) -> dict[str, Array]:
    posts = rows["instructor"]
    which, day = units.days_within(posts["unit"], posts["since"], posts["until"])
    days = [_ends(posts, "instructor"), (posts["instructor"][which], day)]
    at = _all_days(runs.different(posts["instructor"]), days)
    return _dated(at, moments.instructors(at, rows, units))


def _ends(rows: Rows, key: str) -> tuple[Array, Array]:
    return np.concatenate([rows[key], rows[key]]), np.concatenate([rows["since"], rows["until"]])


def _all_days(ids: Array, days: list[tuple[Array, Array]]) -> AllDays:
    number = Index(ids).rows(np.concatenate([key for key, _ in days]))
    day = np.concatenate([day for _, day in days])
    there = (number >= 0) & (day < NEVER)
    return AllDays(ids, number[there], day[there])


def _dated(at: AllDays, states: dict[str, Array]) -> dict[str, Array]:
    """Without the moments at which the subject was not there."""
    there = np.flatnonzero(states["leaf"] >= 0)
    found = {"key": at.key, "since": at.day, "until": at.until, **states}
    return {name: column[there] for name, column in found.items()}


def _joined(members: Rows, key: str, names: tuple[str, ...]) -> dict[str, Array]:
    """Members' states as ties to a unit or organization: `key`, since, until and those columns, as long as these stay."""
    some = np.flatnonzero(members[key] != NOTHING)
    columns = {name: members[name][some] for name in (key, *names)}
    starts, ends = runs.merged(members["key"][some], members["since"][some], members["until"][some], columns)
    tied = {name: column[starts] for name, column in columns.items()}
    return tied | {"since": members["since"][some[starts]], "until": members["until"][some[ends]]}


# --- units


def _words(ties: Rows) -> dict[str, Array]:
    """Ties with their marks as counts, three in a word."""
    marks = {mark: ties["word"] >> n & 1 for n, mark in enumerate(MARKS)}
    none: Array = np.zeros(len(ties["word"]), dtype=np.int8)
    words = {
        f"w{n}": runs.pack(*(marks.get(name, none) for name in names))
        for n, names in enumerate(WORDS)
        if marks.keys() & set(names)
    }
    return {name: ties[name] for name in ("unit", "since", "until")} | words


def _ties_of(members: Rows) -> dict[str, Array]:
    """Members as ties of their units, in the same words."""
    tied = _joined(members, "unit", ("full", "here", "unclear"))
    full, here, unclear = (tied.pop(name).astype(np.int64) for name in ("full", "here", "unclear"))
    return tied | {"w0": runs.pack(np.ones(len(full)), full, full & here), "w1": runs.pack(here, unclear)}


def _tied_units(own: Rows, ties: list[Rows], members: Rows, pool: ThreadPoolExecutor) -> list[Future[Changes]]:
    """Lot by lot, since all at once would need much memory."""
    superiors = _joined(members, "superior", ("unit",))
    lots = 1 + sum(len(part["unit"]) for part in ties) // LOT

    def lot(n: int) -> Changes:
        mine = [chosen(part, part["unit"] % lots == n) for part in (own, *ties, superiors)]
        return _of_tied(_pieces(mine[0]), mine[1:-1], mine[-1])

    return [pool.submit(lot, n) for n in range(lots)]


def _alone(rows: Rows) -> list[Changes]:
    """Units without any tie: their own rows, cut where verification begins and ends to count."""
    none: Rows = dict.fromkeys(answers.TIES, np.zeros(1, dtype=np.int64))
    untied = answers.of_ties(np.zeros(1), none)[0] * size(OWN_FLAGS, "unit")
    parts = []
    for since, until, own in _by_verification(rows):
        columns = {"leaf": rows["leaf"], "profile": own + untied, **{name: rows[name] for name in OWN_WEIGHTS}}
        starts = np.flatnonzero(since < until)
        ends = starts[until[starts] < NEVER]
        part = runs.added_and_taken(since[starts], until[ends], starts, ends, columns)
        nobody: Array = np.zeros(len(part), dtype=np.int32)
        parts.append(Changes({**part.columns, "members": nobody, "members_employed": nobody}))
    return parts


def _by_verification(rows: Rows) -> Iterator[tuple[Array, Array, Array]]:
    """The three pieces of each row, before, while and after it counts as verified; since, until, own profile."""
    since, until = rows["since"], rows["until"]
    seen = np.clip(np.where(rows["seen"] == NEVER, until, rows["seen"]), since, until)
    stale = np.clip(np.where(rows["stale"] == NEVER, until, rows["stale"]), seen, until)
    yield since, seen, rows["own"]
    yield seen, stale, rows["own"] + packed.adds("verified")
    yield stale, until, rows["own"]


def _pieces(own: Rows) -> dict[str, Array]:
    """Own rows cut where verification begins and ends to count: unit, leaf, since, until, profile, weights."""
    parts = []
    for since, until, profile in _by_verification(own):
        columns = {**own, "since": since, "until": until, "profile": profile}
        names = ("unit", "leaf", "since", "until", "profile", *OWN_WEIGHTS)
        parts.append(chosen({name: columns[name] for name in names}, since < until))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _of_tied(pieces: dict[str, Array], ties: list[dict[str, Array]], superiors: Rows) -> Changes:
    """Units with ties: running sums of the number of their own piece and of their ties together."""
    numbers: Rows = {"base": np.arange(len(pieces["unit"])) + 1}
    several = runs.ever("base", *(superiors[name] for name in ("unit", "superior", "since", "until")))
    events = runs.together(
        runs.opened_and_closed(pieces["unit"], pieces["since"], pieces["until"], numbers),
        *(runs.opened_and_closed(tie.pop("unit"), tie.pop("since"), tie.pop("until"), tie) for tie in ties),
        Events(several.key, several.day, {"base": several.amounts["base"] << PIECE_BITS}),
    )
    return _judged_units(runs.running(_with_law(events)), pieces)


def _with_law(events: Events) -> Events:
    """The days on which a rule changed are days of every subject."""
    days = answers.borders()
    if not len(days):
        return events
    keys = runs.different(events.key)
    return runs.together(events, *(Events(keys, np.full(len(keys), day), {}) for day in days))


def _judged_units(state: Events, pieces: Rows) -> Changes:
    piece = np.minimum(state.amounts["base"] & (2**PIECE_BITS - 1), len(pieces["unit"]))
    here = np.flatnonzero(piece > 0)
    own = {name: pieces[name][piece[here] - 1] for name in ("leaf", "profile", *OWN_WEIGHTS)}
    fields = ((names, runs.unpack(state.amounts[f"w{n}"][here], 3)) for n, names in enumerate(WORDS))
    counts = {name: column for names, columns in fields for name, column in zip(names, columns, strict=True)}
    ranks = [counts.pop(f"rank_{rank}") > 0 for rank in (1, 2, 3)]
    counts["own_rank"] = np.select(ranks[::-1], [3, 2, 1], 0)
    several = (state.amounts["base"][here] >> PIECE_BITS) > 1
    counts["several"] = several
    own["profile"] = own["profile"] + size(OWN_FLAGS, "unit") * answers.of_ties(state.day[here], counts)
    own["members"] = counts["members"].astype(np.int32)
    own["members_employed"] = np.minimum(counts["members"], own["employees"]).astype(np.int32)
    return runs.changes(state.key[here], state.day[here], _until(state)[here], own)


def _until(state: Events) -> Array:
    """A state ends at its subject's next."""
    follows: Array = np.append(state.key[1:] == state.key[:-1], False)[: len(state.key)]
    return np.where(follows, np.append(state.day[1:], NEVER)[: len(state.key)], NEVER)


# --- organizations


def _orgs(rows: Mapping[str, Rows], members: Rows) -> Changes:
    """Running sums of the members, units and plans of each organization."""
    org, held, cover, firms = (
        rows["org"],
        _joined(members, "org", ("full",)),
        rows["coverage"],
        rows["enterprise_cover"],
    )
    one = {"base": runs.pack(org["leaf"], org["own"], np.ones(len(org["org"])))}
    plan = rows["formed_under_plan"]
    parts = [
        _added(org, one), _added(held, {"full": held["full"], "members": np.ones(len(held["org"]), dtype=np.int64)}),
        _added(plan, {"under_plan": np.ones(len(plan["org"]), dtype=np.int64)}),
        runs.ever("units", *(cover[name] for name in ("org", "unit", "since", "until"))),
        runs.ever("of_enterprises", *(firms[name] for name in ("org", "unit", "since", "until"))),
    ]  # fmt: skip
    state = runs.running(_with_law(runs.together(*parts)))
    leaf, own, active = runs.unpack(state.amounts["base"], 3)
    counts = {name: state.amounts[name] for name in ("members", "full", "units")}
    ever = {name: state.amounts[name] > 0 for name in ("under_plan", "of_enterprises")}
    profile = answers.of_orgs(state.day, own // np.maximum(active, 1), counts | ever)
    there = {"leaf": leaf // np.maximum(active, 1), "profile": profile, **{n: counts[n] for n in ("members", "units")}}
    here = np.flatnonzero(active > 0)
    there = {name: column[here] for name, column in there.items()}
    return runs.changes(state.key[here], state.day[here], _until(state)[here], there)


def _added(rows: Rows, amounts: dict[str, Array]) -> Events:
    return runs.opened_and_closed(rows["org"], rows["since"], rows["until"], amounts)
