"""What a roster would do to the register, row by row, before anything is done: new, changed, moved, closed, same."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dishu.engine import link
from dishu.engine.baseline.gather import Gathered
from dishu.engine.baseline.keys import Keyring
from dishu.engine.baseline.places import Map
from dishu.engine.baseline.units import Units, gather_units, unit_facts
from dishu.site import bulk
from dishu.site.intake import owners
from dishu.site.intake.models import Upload
from dishu.site.territory.models import Place

#: What a state says of a unit, besides where it lies; a roster's empty cell changes nothing.
ATTRIBUTES = {
    "control": pa.string(), "industry": pa.string(), "employees": pa.int64(), "assets": pa.int64(),
    "turnover": pa.int64(), "legal_rep_member": pa.bool_(), "legal_rep_secretary": pa.bool_(),
    "surveyed": pa.string(), "verified_on": pa.date32(), "channel": pa.string(),
}  # fmt: skip
KNOWN = pa.schema(
    [("unit_id", pa.int64()), ("code", pa.string()), ("name", pa.string()), ("address", pa.string()),
     ("place", pa.string()), ("closed_on", pa.date32()), *ATTRIBUTES.items()]
)  # fmt: skip
#: Keys of a preview only tell its own rows apart.
RING = Keyring(b"rows of one preview")


def known(place: Place) -> pa.Table:
    """The register below a place: one row per unit with its last state."""
    return bulk.fetch(
        f"""SELECT u.id, u.code, u.name, nullif(u.address, ''), p.code, u.closed_on, {", ".join(f"s.{a}" for a in ATTRIBUTES)}
        FROM registry_unit u JOIN territory_place p ON p.id = u.place_id
        JOIN territory_reach r ON r.place_id = u.place_id AND r.node_id = %s
        LEFT JOIN LATERAL (
            SELECT * FROM registry_unitstate s WHERE s.unit_id = u.id ORDER BY since DESC LIMIT 1) s ON true""",
        KNOWN, [place.pk],
    )  # fmt: skip


def markets(place: Place) -> dict[tuple[str, str], str]:
    """The markets known below a place, as the map of places keeps them."""
    rows = Place.objects.under(place).filter(level="market").values_list("code", "name")
    return {(code[:6], "".join(name.split())): code for code, name in rows}


def preview(upload: Upload, gathered: Gathered) -> dict[str, int]:
    """Match and compare; leaves `preview.parquet` and `states.parquet` beside the upload. Returns rows by outcome."""
    where = Map(upload.place.code, upload.day)
    where.markets.update(markets(upload.place))
    units = gather_units(gathered, where, RING)
    there = known(upload.place)
    pairs = _pairs(units, there)
    facts = unit_facts(units, where, RING, upload.day)
    table = _compared(units, there, pairs, facts["unit"])
    _write(upload, table, facts, where, units)
    counts = {row["values"]: row["counts"] for row in pc.value_counts(table["outcome"]).to_pylist()}
    counts["repeated"] = units.rows.num_rows - units.register.num_rows
    counts["refused"] = gathered.refused_rows()
    return counts


def _pairs(units: Units, there: pa.Table) -> pa.Table:
    """cluster, unit_id, decision: equal codes first, names and addresses for the rest."""
    connection = duckdb.connect()
    connection.register("r", units.register)
    connection.register("k", there)
    by_code = connection.execute(
        "SELECT r.cluster, k.unit_id, 'match' AS decision, '代码一致' AS reasons FROM r JOIN k ON r.unit_code = k.code"
    ).to_arrow_table()
    connection.register("sure", by_code)
    rest = connection.execute(
        "SELECT cluster AS rec_id, name, unit_code, address, place, 'r' AS source, NULL::VARCHAR AS owner,"
        " NULL::VARCHAR AS owner_id, NULL::VARCHAR AS phone FROM r ANTI JOIN sure USING (cluster)"
    ).to_arrow_table()
    free = connection.execute(
        "SELECT unit_id::VARCHAR AS rec_id, name, code AS unit_code, address, place, 'k' AS source,"
        " NULL::VARCHAR AS owner, NULL::VARCHAR AS owner_id, NULL::VARCHAR AS phone FROM k ANTI JOIN sure USING (unit_id)"
    ).to_arrow_table()
    found = link.units.link(rest, free)
    by_name = pa.table(
        {
            "cluster": found["left_id"], "unit_id": pc.cast(found["right_id"], pa.int64()),
            "decision": found["decision"], "reasons": found["reasons"],
        }
    )  # fmt: skip
    return pa.concat_tables([by_code, by_name.cast(by_code.schema)])


def _compared(units: Units, there: pa.Table, pairs: pa.Table, states: pa.Table) -> pa.Table:
    """Each unit of the roster with its outcome and what differs."""
    connection = duckdb.connect()
    for name, rows in (("r", units.register), ("k", there), ("p", pairs), ("s", states)):
        connection.register(name, rows)
    # a value written down that is not the one known; of two looks at a unit the later one counts
    new = {a: f"(l.{a} IS NOT NULL AND l.{a} IS DISTINCT FROM k.{a})" for a in ATTRIBUTES}
    new["verified_on"] = "(l.verified_on > coalesce(k.verified_on, DATE '0001-01-01'))"
    new["channel"] = f"(l.channel IS DISTINCT FROM k.channel AND {new['verified_on']})"
    changes = ", ".join(
        f"CASE WHEN {test} THEN '{a}:' || coalesce(k.{a}::VARCHAR, '') || '→' || l.{a}::VARCHAR END"
        for a, test in new.items()
    )
    return connection.execute(f"""
        WITH last AS (SELECT * FROM s QUALIFY row_number() OVER (PARTITION BY unit ORDER BY since DESC) = 1),
             best AS (SELECT * FROM p QUALIFY row_number() OVER (PARTITION BY cluster ORDER BY decision, unit_id) = 1)
        SELECT r.unit AS key, r.kind, r.unit_code AS code, r.name, r.address, r.place, r.opened_on,
               CASE WHEN l.until IS NOT NULL THEN l.until END AS closed_on,
               r.source_sheet AS sheet, r.source_row AS row, b.unit_id, b.reasons,
               list_filter([{changes},
                   CASE WHEN k.unit_id IS NOT NULL AND r.name IS DISTINCT FROM k.name THEN 'name:' || k.name || '→' || r.name END],
                   x -> x IS NOT NULL) AS changes,
               -- a coarser place than the known one is no move
               k.place IS NOT NULL AND r.place <> k.place AND NOT starts_with(k.place, r.place) AS elsewhere,
               {", ".join(f"l.{a}" for a in ATTRIBUTES)},
               CASE WHEN b.decision = 'review' THEN 'doubtful'
                    WHEN b.unit_id IS NULL THEN 'new'
                    WHEN l.until IS NOT NULL AND k.closed_on IS NULL THEN 'closed'
                    WHEN elsewhere THEN 'moved'
                    WHEN len(changes) > 0 THEN 'changed'
                    ELSE 'same' END AS outcome
        FROM r JOIN last l ON l.unit = r.unit LEFT JOIN best b USING (cluster) LEFT JOIN k ON k.unit_id = b.unit_id
        ORDER BY sheet, row""").to_arrow_table()


def _write(upload: Upload, table: pa.Table, facts: dict[str, pa.Table], where: Map, units: Units) -> None:
    folder = upload.folder
    pq.write_table(table, folder / "preview.parquet")
    for name in ("unit", "instructor", "work"):
        pq.write_table(facts[name], folder / f"{name}.parquet")
    named = [{"code": code, "name": name} for (_, name), code in where.markets.items()]
    pq.write_table(
        pa.Table.from_pylist(named, schema=pa.schema([("code", pa.string()), ("name", pa.string())])),
        folder / "markets.parquet",
    )
    owners.put_aside(upload, units.rows.filter(pc.is_valid(units.rows["owner"])))
    register = units.register
    posts = register.select(["unit", "instructor"])
    pq.write_table(posts.filter(pc.is_valid(posts["instructor"])), folder / "names.parquet")
