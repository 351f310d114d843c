"""The register of units: rows of several rosters that mean one unit become one, with its dated states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from dishu.engine import link
from dishu.engine.baseline.gather import UNIT_LAYOUTS, Gathered
from dishu.engine.baseline.keys import Clusters, Keyring
from dishu.engine.baseline.places import Map
from dishu.engine.facts import schema
from dishu.standards.codes import industry

KIND = {"registration": "enterprise", "individual": "individual_business", "market": "individual_business"}
TEXT = (
    "unit_code", "name", "control", "industry", "address", "owner", "owner_id", "owner_phone", "status", "surveyed",
    "channel", "instructor", "market",
)  # fmt: skip
OTHER = {
    "opened_on": "DATE", "closed_on": "DATE", "employees": "BIGINT", "assets": "BIGINT", "turnover": "BIGINT",
    "owner_is_member": "BOOLEAN", "owner_is_secretary": "BOOLEAN", "surveyed_on": "DATE", "instructor_since": "DATE",
    "work_on": "DATE",
}  # fmt: skip


#: Controls of enterprises that do not belong to the non-public sector.
PUBLIC = ("state", "collective")
#: What a roster calls a unit that is no more here.
GONE = ("closed", "revoked", "moved_out")


@dataclass(frozen=True)
class Units:
    """`rows`: every good roster row with its `unit`; `register`: one row per unit; `doubtful`: pairs for a person;
    `public`: units of the rosters that are state or collective controlled: known, so that who works there is not
    taken for somebody without a workplace, and not counted."""

    rows: pa.Table
    register: pa.Table
    doubtful: pa.Table
    public: frozenset[int]


def gather_units(gathered: Gathered, where: Map, keyring: Keyring | None, ask: bool = True) -> Units:
    """Stack the unit rosters, find rows that mean the same unit, and merge them: the earlier roster speaks first.

    Without `ask` pairs for a person are not looked for, only those met on the way are left. Without a keyring units
    are numbered: keys that last cost seconds for a million units."""
    # market lists first: they say which markets there are, so that a business that names one lies there
    parts = {layout: _stacked(gathered.table(layout), layout, where) for layout in ("market", *UNIT_LAYOUTS)}
    stacked = pa.concat_tables([parts[layout] for layout in UNIT_LAYOUTS])
    pairs = (link.units.link if ask else link.units.doubles)(_records(stacked))
    sure = pairs.filter(pc.equal(pairs["decision"], "match"))
    ids = stacked["rec_id"].to_pylist()
    clusters = Clusters(ids, zip(sure["left_id"].to_pylist(), sure["right_id"].to_pylist(), strict=True))
    stacked = stacked.append_column("cluster", pa.array(clusters.of(ids), pa.string()))
    merged = merge(stacked)
    register = merged.append_column("unit", _keys(merged, keyring))
    rows = stacked.append_column("unit", register["unit"].take(pc.index_in(stacked["cluster"], register["cluster"])))
    public = register.filter(pc.is_in(register["control"], pa.array(PUBLIC)))["unit"].to_pylist()
    return Units(rows, register, pairs.filter(pc.equal(pairs["decision"], "review")), frozenset(public))


def _keys(merged: pa.Table, keyring: Keyring | None) -> pa.Array:
    if keyring is None:
        return pa.array(range(merged.num_rows), pa.int64())
    named = merged.select(["unit_code", "name", "place"]).to_pylist()
    return pa.array([keyring.key("unit", *_identity(row)) for row in named], pa.int64())


def _identity(row: dict[str, Any]) -> tuple[str, ...]:
    return (row["unit_code"],) if row["unit_code"] else (row["name"] or "", row["place"])


def _stacked(table: pa.Table, layout: str, where: Map) -> pa.Table:
    """One roster in the common columns, with the place of each row."""
    connection = duckdb.connect()
    places = where.places(table)
    if "market" in table.column_names:
        places = _in_markets(table["market"].to_pylist(), places, where, known_only=layout != "market")
    connection.register("t", table.append_column("place", pa.array(places, pa.string())))
    have = set(table.column_names)
    columns = [f"CAST({n if n in have else 'NULL'} AS VARCHAR) AS {n}" for n in TEXT]
    columns += [f"CAST({n if n in have else 'NULL'} AS {kind}) AS {n}" for n, kind in OTHER.items()]
    written = "owner_id_written" if "owner_id_written" in have else "NULL"
    query = (
        f"SELECT rec_id, {UNIT_LAYOUTS.index(layout)} * 100000000 + rank AS rank, '{KIND[layout]}' AS kind, place,"
        f" {', '.join(columns)}, CAST({written} AS VARCHAR) AS owner_id_written, source_file, source_sheet,"
        f" CAST(source_row AS BIGINT) AS source_row FROM t"
    )
    return connection.execute(query).to_arrow_table()


def _in_markets(names: list[str | None], places: list[str], where: Map, known_only: bool) -> list[str]:
    """A stall lies in its market; a business that names a market lies there where a market list knows it."""
    if known_only:
        return [where.find_market(name, place) or place for name, place in zip(names, places, strict=True)]
    return [where.market(name, place) if name else place for name, place in zip(names, places, strict=True)]


def _records(stacked: pa.Table) -> pa.Table:
    """What the matching of units looks at."""
    connection = duckdb.connect()
    connection.register("t", stacked)
    return connection.execute(
        "SELECT rec_id, source_file AS source, name, unit_code, address, owner,"
        " coalesce(owner_id, owner_id_written) AS owner_id, owner_phone AS phone, place FROM t"
    ).to_arrow_table()


def merge(stacked: pa.Table) -> pa.Table:
    """One row per `cluster`; of each column of `TEXT` and `OTHER` the first that is filled, by `rank`."""
    if pc.count_distinct(stacked["cluster"]).as_py() == stacked.num_rows:  # nothing to merge: much the quicker way
        alone = stacked.select(["cluster", "kind", "place", *TEXT, *OTHER, "source_file", "source_sheet", "source_row"])
        alone = alone.append_column("times", pa.repeat(pa.scalar(1, pa.int64()), alone.num_rows))
        return alone.take(pc.sort_indices(alone["cluster"]))
    connection = duckdb.connect()
    connection.register("t", stacked)
    first = [f"arg_min({n}, rank) AS {n}" for n in (*TEXT, *OTHER)]
    return connection.execute(
        f"SELECT cluster, arg_min(kind, rank) AS kind,"
        f" arg_max(place, len(place) * 1000000000 - rank) AS place, {', '.join(first)},"
        f" arg_min(source_file, rank) AS source_file, arg_min(source_sheet, rank) AS source_sheet,"
        f" arg_min(source_row, rank) AS source_row, count(*) AS times FROM t GROUP BY cluster ORDER BY cluster"
    ).to_arrow_table()


def unit_facts(units: Units, where: Map, keyring: Keyring, day: date) -> dict[str, pa.Table]:
    """The facts that the unit rosters hold: unit, instructor, work; and the markets as units of their own."""
    counted = [row for row in units.register.to_pylist() if row["unit"] not in units.public]
    rows = [state for row in counted for state in states(row, day)]
    rows += [_market_unit(keyring, code, name) for (_, name), code in where.markets.items()]
    posts, work = [], []
    for row in counted:
        if row["instructor"]:
            person = keyring.key("instructor", row["instructor"], row["place"][:6])
            posts.append({"instructor": person, "unit": row["unit"], "since": row["instructor_since"] or started(row, day),
                          "until": None})  # fmt: skip
        if row["work_on"]:
            work.append({"unit": row["unit"], "kind": "activity", "since": row["work_on"]})
    return {name: table(name, made) for name, made in (("unit", rows), ("instructor", posts), ("work", work))}


def table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as a table of the facts; equal rows once."""
    kind = schema(name).to_pyarrow()
    unique = {tuple(row.get(column) for column in kind.names): row for row in rows}
    return pa.Table.from_pylist(list(unique.values()), schema=kind)


def started(row: dict[str, Any], day: date) -> date:
    """When the unit opened; where that is not written, the first day on which it was certainly there."""
    opened: date | None = row["opened_on"]
    seen = [row[n] for n in ("surveyed_on", "work_on") if row[n]]
    return opened or min([*seen, day])


def _end(row: dict[str, Any], day: date) -> date | None:
    return row["closed_on"] or (day if row["status"] in GONE else None)


def states(row: dict[str, Any], day: date) -> list[dict[str, Any]]:
    """The unit of a merged row as one dated state, or two where a survey changed what was known."""
    start, end = started(row, day), _end(row, day)
    if end is not None and end <= start:
        return []
    looked = row["surveyed_on"] or start
    state = {
        "unit": row["unit"], "place": row["place"], "kind": row["kind"], "control": row["control"],
        "industry": industry_of(row["industry"]), "employees": row["employees"], "assets": row["assets"],
        "turnover": row["turnover"], "legal_rep_member": row["owner_is_member"],
        "legal_rep_secretary": row["owner_is_secretary"], "surveyed": row["surveyed"],
        "verified_on": looked if row["channel"] else None, "channel": row["channel"], "since": start, "until": end,
    }  # fmt: skip
    if row["surveyed"] is None or looked <= start or (end is not None and looked >= end):
        return [state]
    before = state | {"surveyed": None, "verified_on": None, "channel": None, "until": looked}
    return [before, state | {"since": looked}]


def industry_of(text: str | None) -> str | None:
    """Letter and class that are meant, as the facts keep them; none where it is not understood."""
    found = industry.industry(text) if text else None
    return None if found is None else f"{found.letter}{found.klass or ''}"


def market_key(keyring: Keyring, name: str, code: str) -> int:
    """The key of a market as a unit of its own."""
    return keyring.key("unit", "market", name, code)


def _market_unit(keyring: Keyring, code: str, name: str) -> dict[str, Any]:
    return {
        "unit": keyring.key("unit", "market", name, code),
        "place": code,
        "kind": "market",
        "since": date(1990, 1, 1),
    }
