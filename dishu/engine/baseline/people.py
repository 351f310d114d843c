"""Members: rows of several rosters that mean one person become one, and find the unit where the person works.

People of the registration list are looked at and forgotten: only pairs with a member remain, as keys.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from dishu.engine import link
from dishu.engine.baseline.gather import PEOPLE_LAYOUTS, Gathered
from dishu.engine.baseline.keys import Clusters, Keyring
from dishu.engine.baseline.orgs import Finder, org_key
from dishu.engine.baseline.places import Map
from dishu.engine.baseline.units import Units, table
from dishu.standards import ids

Row = dict[str, Any]
RECORD = ("rec_id", "source", "name", "sex", "id_no", "birth", "phone", "employer", "address")


@dataclass(frozen=True)
class People:
    """`facts`: member, employment, affiliation, participation, identity; `register`: key, masked name and source of
    each row; `doubtful`: pairs for a person; `homeless`: rows whose employer is in no register."""

    facts: dict[str, pa.Table]
    register: pa.Table
    doubtful: pa.Table
    homeless: pa.Table


def gather_people(gathered: Gathered, units: Units, where: Map, keyring: Keyring, day: date) -> People:
    """Match the member and affiliation rosters with each other and with the units' owners."""
    found = persons(gathered, where)
    owned = owned_by(units.rows, found.records)
    made, homeless = people_facts(found, units, owned, where, keyring, day)
    facts = {name: table(name, [fact for one in made.values() for fact in one[name]]) for name in TABLES}
    return People(facts, _register(found.groups, keyring), _doubtful(found.pairs, found.rows), homeless)


@dataclass(frozen=True)
class Persons:
    """`rows` of all rosters, the `records` the matching looked at, the `pairs` it found, and the rows of each person."""

    rows: list[Row]
    records: pa.Table
    pairs: pa.Table
    groups: dict[str, list[Row]]


def persons(gathered: Gathered, where: Map) -> Persons:
    """Which rows of the member and affiliation rosters mean the same person."""
    return same_people(people_rows(gathered, where))


def same_people(
    rows: list[Row], same: Iterable[tuple[str, str]] = (), apart: Sequence[tuple[str, str]] = ()
) -> Persons:
    """Which of these rows (see `people_rows`; `rec_id` is unique) mean the same person.

    `same` and `apart`: rows of which a person has decided it; their word stands above the matching's.
    """
    records = _records(rows)
    pairs = link.people.link(records, None)
    # what binds most goes first: it matters only where somebody said that two are not the same
    found = _sure(pairs.sort_by([("weight", "descending"), ("left_id", "ascending"), ("right_id", "ascending")]))
    clusters = Clusters([row["rec_id"] for row in rows], [*same, *found], apart)
    groups: dict[str, list[Row]] = defaultdict(list)
    for row, cluster in zip(rows, clusters.of(row["rec_id"] for row in rows), strict=True):
        groups[cluster].append(row)
    return Persons(rows, records, pairs, dict(groups))


def people_facts(
    found: Persons, units: Units, owned: dict[str, list[int]], where: Map, keyring: Keyring, day: date
) -> tuple[dict[str, dict[str, list[Row]]], pa.Table]:
    """The facts of each person by group, and the rows whose employer is in no register.

    Who works for the state's own enterprises is no member of this sector and left out.
    """
    employers, homeless = employers_of(found.rows, Finder(units, where, keyring))
    everybody = {name: person_facts(group, employers, owned, keyring, day) for name, group in found.groups.items()}
    inside = {n: one for n, one in everybody.items() if not any(j["unit"] in units.public for j in one["employment"])}
    return inside, homeless


TABLES = ("member", "employment", "affiliation", "participation", "identity")


def people_rows(gathered: Gathered, where: Map) -> list[Row]:
    """All rows about members, in the order of trust: member rosters first."""
    found = []
    for layout in PEOPLE_LAYOUTS:
        rows = gathered.table(layout)
        places = where.places(rows)
        found += [{**row, "place": place} for row, place in zip(rows.to_pylist(), places, strict=True)]
    return found


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _records(rows: Iterable[Row]) -> pa.Table:
    """What the matching of people looks at."""
    made = [
        {"rec_id": r["rec_id"], "source": r["source_file"], "name": r["name"], "sex": r.get("sex"),
         "id_no": r["citizen_id"] or r.get("citizen_id_written"), "birth": _text(r.get("birth")),
         "phone": r["phone"] or r.get("phone_written"), "employer": r["employer"], "address": r.get("address")}
        for r in rows
    ]  # fmt: skip
    return pa.Table.from_pylist(made, schema=pa.schema([(name, pa.string()) for name in RECORD]))


def _sure(pairs: pa.Table) -> list[tuple[str, str]]:
    sure = pairs.filter(pc.equal(pairs["decision"], "match"))
    return list(zip(sure["left_id"].to_pylist(), sure["right_id"].to_pylist(), strict=True))


def owned_by(owners: pa.Table, records: pa.Table) -> dict[str, list[int]]:
    """The units a member's row owns, by record; nothing else of the owners is kept.

    `owners`: rows of unit rosters with rec_id, unit, owner, owner_id, owner_id_written, owner_phone, name, address.
    """
    connection = duckdb.connect()
    connection.register("t", owners)
    known = connection.execute(
        "SELECT rec_id, source_file AS source, owner AS name, CAST(NULL AS VARCHAR) AS sex,"
        " coalesce(owner_id, owner_id_written) AS id_no, CAST(NULL AS VARCHAR) AS birth, owner_phone AS phone,"
        " name AS employer, address FROM t WHERE owner IS NOT NULL"
    ).to_arrow_table()
    unit_of = dict(zip(owners["rec_id"].to_pylist(), owners["unit"].to_pylist(), strict=True))
    owned: dict[str, list[int]] = defaultdict(list)
    for owner, member in _sure(link.people.link(known, records)):
        owned[member].append(unit_of[owner])
    return owned


def employers_of(rows: list[Row], finder: Finder) -> tuple[dict[str, int], pa.Table]:
    """The unit of each row's written employer, and the rows for which there is none."""
    asked = {
        row["rec_id"]: finder.ask(row["employer"], row.get("employer_code"), row["place"])
        for row in rows
        if row["employer"] or row.get("employer_code")
    }
    unit_of = finder.answers()
    found = {rec: unit_of[question] for rec, question in asked.items() if question in unit_of}
    lost = [
        {
            "来源文件": r["source_file"],
            "工作表": r["source_sheet"],
            "行号": str(r["source_row"]),
            "写的单位": r["employer"],
        }
        for r in rows
        if r["rec_id"] in asked and r["rec_id"] not in found
    ]
    return found, pa.Table.from_pylist(lost, schema=HOMELESS)


HOMELESS = pa.schema([(n, pa.string()) for n in ("来源文件", "工作表", "行号", "写的单位")])


def identity(rows: list[Row]) -> tuple[str, ...]:
    """What identifies a person for the key: a valid citizen number, else name, birth and telephone."""
    numbers = sorted({r["citizen_id"] for r in rows if r["citizen_id"] and ids.citizen_id(r["citizen_id"]).ok})
    if numbers:
        return (numbers[0],)
    first = min(rows, key=lambda r: r["rec_id"])
    return (first["name"], _text(first.get("birth")) or "", first["phone"] or "")


def _first(rows: Iterable[Row], name: str) -> Any:
    return next((row[name] for row in rows if row.get(name) is not None), None)


def person_facts(
    rows: list[Row], employers: dict[str, int], owned: dict[str, list[int]], keyring: Keyring, day: date
) -> dict[str, list[Row]]:
    """All facts about one person, by table; of each value the first row that says it counts.

    `employers`: the unit of each row by `rec_id`; `owned`: the units the person of a row owns.
    """
    member = keyring.key("member", *identity(rows))
    jobs = _jobs(member, rows, employers, owned, day)
    return {
        "member": _standing(member, rows, jobs, day),
        "employment": jobs,
        "affiliation": _claims(member, rows, keyring, day),
        "participation": _activity(member, rows, keyring, day),
        "identity": _shown(member, rows, day),
    }


def _entered(rows: list[Row], day: date) -> date:
    """Since when the person counts: joined the Party and, where known, began to work here."""
    known = [d for d in (_first(rows, "joined_on"), _first(rows, "employed_since")) if d]
    return min(max(known, default=day), day)


def _standing(member: int, rows: list[Row], jobs: list[Row], day: date) -> list[Row]:
    """Full or probationary, as long as the person works here; someone whose only job ended has left the sector."""
    left = jobs[0]["until"] if jobs else None
    base = {"member": member, "place": max((r["place"] for r in rows), key=len), "verified_on": _first(rows, "verified_on"),
            "channel": _first(rows, "channel"), "until": left}  # fmt: skip
    since, full_on = _entered(rows, day), _first(rows, "full_on")
    if left is not None and left <= since:
        return []
    standing = _first(rows, "standing") or "full"
    if standing == "probationary" or full_on is None or full_on <= since or (left and full_on >= left):
        return [base | {"standing": standing, "since": since}]
    return [
        base | {"standing": "probationary", "since": since, "until": full_on},
        base | {"standing": "full", "since": full_on},
    ]


def _jobs(member: int, rows: list[Row], employers: dict[str, int], owned: dict[str, list[int]], day: date) -> list[Row]:
    """Where the person works: the latest written employer that is known, else the unit they own."""
    named = [row for row in rows if row["rec_id"] in employers]
    owns = [unit for row in rows for unit in owned.get(row["rec_id"], [])]
    since = _entered(rows, day)
    if not named:
        return [{"member": member, "unit": min(owns), "role": "owner", "since": since, "until": None}] if owns else []
    latest = max(named, key=lambda r: r.get("employed_since") or date.min)
    unit = employers[latest["rec_id"]]
    here = [row for row in named if employers[row["rec_id"]] == unit]
    role = "owner" if unit in owns or any(row.get("role") == "owner" for row in here) else "employee"
    # one roster that knows of the leaving outweighs others that have not heard of it
    left = max((row["employed_until"] for row in here if row.get("employed_until")), default=None)
    began = latest.get("employed_since") or since
    return [{"member": member, "unit": unit, "role": role, "since": began, "until": left}]


def _claims(member: int, rows: list[Row], keyring: Keyring, day: date) -> list[Row]:
    """What the rosters say about where the membership lies; two different answers on one day stay both."""
    by_org: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        org = org_key(keyring, row["org"])
        if org is not None:
            by_org[org].append(row)
    return [
        {"member": member, "org": org, "source": said[0]["source_file"], "since": _since(said, rows, day),
         "until": max((r["org_until"] for r in said if r.get("org_until")), default=None)}
        for org, said in by_org.items()
    ]  # fmt: skip


def _since(said: list[Row], rows: list[Row], day: date) -> date:
    written = [r["org_since"] for r in said if r["org_since"]]
    return min(written) if written else _entered(rows, day)


def _activity(member: int, rows: list[Row], keyring: Keyring, day: date) -> list[Row]:
    orgs = {org_key(keyring, row["participates_in"]) for row in rows} - {None}
    return [{"member": member, "org": org, "since": _entered(rows, day), "until": None} for org in sorted(orgs)]  # type: ignore[type-var]


def _shown(member: int, rows: list[Row], day: date) -> list[Row]:
    """The member's own act, with its date; no answer is no row."""
    said = [row for row in rows if row.get("shown") is not None]
    if not said:
        return []
    last = max(said, key=lambda r: r["shown_on"] or date.min)
    return [{"member": member, "shown": last["shown"], "since": last["shown_on"] or _entered(rows, day), "until": None}]


def _register(groups: dict[str, list[Row]], keyring: Keyring) -> pa.Table:
    """Key, masked name and source of each row: enough to go back to the paper, no more."""
    made = [
        {"member": keyring.key("member", *identity(rows)), "name": ids.mask_name(row["name"]), "source_file": row["source_file"],
         "source_sheet": row["source_sheet"], "source_row": row["source_row"]}
        for rows in groups.values() for row in rows
    ]  # fmt: skip
    names = [("member", pa.int64()), ("name", pa.string()), ("source_file", pa.string()), ("source_sheet", pa.string()),
             ("source_row", pa.int64())]  # fmt: skip
    return pa.Table.from_pylist(made, schema=pa.schema(names))


def _doubtful(pairs: pa.Table, rows: list[Row]) -> pa.Table:
    """Pairs a person must look at, each side by its source row and masked name."""
    side = {
        r["rec_id"]: f"{r['source_file']} {r['source_sheet'] or ''} 第{r['source_row']}行 {ids.mask_name(r['name'])}"
        for r in rows
    }
    open_ = pairs.filter(pc.equal(pairs["decision"], "review"))
    return pa.table({
        "一方": pa.array([side[i] for i in open_["left_id"].to_pylist()], pa.string()),
        "另一方": pa.array([side[i] for i in open_["right_id"].to_pylist()], pa.string()),
        "可能性": open_["probability"], "理由": open_["reasons"],
    })  # fmt: skip
