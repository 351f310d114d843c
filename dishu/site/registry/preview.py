"""What a roster would do to the register, row by row, before anything is done: new, changed, moved, closed, same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dishu.engine import link
from dishu.engine.baseline.gather import Gathered
from dishu.engine.baseline.keys import Keyring
from dishu.engine.baseline.places import Map
from dishu.engine.baseline.units import Units, gather_units
from dishu.site import bulk
from dishu.site.intake import kept, owners
from dishu.site.intake.models import Upload
from dishu.site.registry import again, doubtful, newcomers, repeated, said
from dishu.site.registry.changed import Changes, outcome
from dishu.site.territory.models import Place

KNOWN = pa.schema([("unit_id", pa.int64())] + [(n, pa.string()) for n in ("code", "name", "address", "place")])
OWNER = ("owner", "owner_id", "phone")
#: Keys of a preview only tell its own rows apart.
RING = Keyring(b"rows of one preview")
#: So many units are judged at a time.
PART = 50_000


def known(place: Place) -> pa.Table:
    """The register below a place: one row per unit, markets left out."""
    return bulk.fetch(
        """SELECT u.id, u.code, u.name, nullif(u.address, ''), p.code
        FROM registry_unit u JOIN territory_place p ON p.id = u.place_id
        JOIN territory_reach r ON r.place_id = u.place_id AND r.node_id = %s WHERE u.kind <> 'market'""",
        KNOWN, [place.pk],
    )  # fmt: skip


def owned(units: pa.Table, place: Place) -> pa.Table:
    """These units with the owner as far as one is still held."""
    if not units.num_rows:  # of units known by their codes nobody asks for the owner
        return pa.table(
            {**{n: units[n] for n in units.column_names}, **dict.fromkeys(OWNER, pa.array([], pa.string()))}
        )
    link = duckdb.connect()
    link.register("k", units)
    link.register("o", again.as_now(owners.held(place), "unit"))
    return link.execute("""
        SELECT k.*, o.owner, o.owner_id, o.phone FROM k LEFT JOIN (
            SELECT unit, arg_min(owner, rec_id) AS owner, arg_min(coalesce(owner_id, owner_id_written), rec_id) AS owner_id,
                   arg_min(owner_phone, rec_id) AS phone FROM o GROUP BY unit) o ON o.unit = k.unit_id""").to_arrow_table()


def markets(place: Place) -> dict[tuple[str, str], str]:
    """The markets known below a place, as the map of places keeps them."""
    rows = Place.objects.under(place).filter(level="market").values_list("code", "name")
    return {(code[:6], "".join(name.split())): code for code, name in rows}


def preview(upload: Upload, gathered: Gathered) -> dict[str, int]:
    """Match and compare; leaves what would be written beside the upload. Returns rows by outcome."""
    top = kept.circle(upload.place)
    where = Map(upload.place.code, upload.day)
    where.markets.update(there := markets(top))
    repeated_rows = _matched(upload, gathered, top, where)
    new_markets = {key: code for key, code in where.markets.items() if key not in there}
    counts = compare(upload, top, where, new_markets)
    counts["repeated"] = repeated_rows
    counts["refused"] = gathered.refused_rows()
    return counts


def _matched(upload: Upload, gathered: Gathered, top: Place, where: Map) -> int:
    """Find the register's unit of each row; what is found is kept beside the upload. Returns rows that repeat another."""
    units = gather_units(gathered, where, None, ask=False)
    names = pa.repeat(pa.scalar(upload.name), units.rows.num_rows)
    units = replace(
        units, rows=units.rows.set_column(units.rows.schema.get_field_index("source_file"), "source_file", names)
    )
    who, found = _who(units, top)
    _keep(upload, units, who, found)
    return units.rows.num_rows - units.register.num_rows


def _who(units: Units, top: Place) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """The register's unit of each cluster, or a negative number for a new one; and the pairs a person must look at."""
    pairs = _pairs(units, top)
    match = pc.equal(pairs["decision"], "match")
    sure = _dict(pairs.filter(match).select(["cluster", "unit_id"])[::-1])  # the first one stays
    who = {c: sure.get(c, -1 - n) for n, c in enumerate(units.register["cluster"].to_pylist())}
    found = [
        {**p, "left": who[p["cluster"]], "right": p["unit_id"]} for p in pairs.filter(pc.invert(match)).to_pylist()
    ]
    doubtful = units.doubtful.to_pylist()  # two rows of this very roster
    of = _dict(units.rows.select(["rec_id", "cluster"])) if doubtful else {}
    found += [{**p, "left": who[of[p["left_id"]]], "right": who[of[p["right_id"]]]} for p in doubtful]
    return who, [p for p in found if p["left"] != p["right"] and p["decision"] == "review"]


def _dict(pairs: pa.Table) -> dict[Any, Any]:
    """A table of two columns: from the first to the second; of several the last."""
    return dict(zip(*(column.to_pylist() for column in pairs.columns), strict=True))


def _pairs(units: Units, top: Place) -> pa.Table:
    """cluster, unit_id, decision: equal codes first, then what a person joined, then names, addresses and owners."""
    connection = duckdb.connect()
    connection.register("r", units.register)
    connection.register("k", known(top))
    connection.register("j", again.joined())
    connection.execute(_SURE)
    rest = connection.execute(
        "SELECT cluster AS rec_id, name, unit_code, address, place, 'r' AS source, owner, owner_id, owner_phone AS phone"
        " FROM r ANTI JOIN sure USING (cluster)"
    ).to_arrow_table()
    free = connection.execute("FROM k ANTI JOIN sure USING (unit_id)").to_arrow_table()
    connection.register("free", owned(free if rest.num_rows else free.slice(0, 0), top))
    free = connection.execute(
        "SELECT unit_id::VARCHAR AS rec_id, name, code AS unit_code, address, place, 'k' AS source, owner, owner_id, phone"
        " FROM free"
    ).to_arrow_table()
    found = link.units.link(rest, free)
    by_code = connection.execute("FROM sure").to_arrow_table()
    by_name = pa.table(
        {
            "cluster": found["left_id"], "unit_id": pc.cast(found["right_id"], pa.int64()),
            "decision": found["decision"], "reasons": found["reasons"], "probability": found["probability"],
        }
    )  # fmt: skip
    return pa.concat_tables([by_code, by_name.cast(by_code.schema)])


_SURE = """CREATE TABLE sure AS
    SELECT r.cluster, k.unit_id, 'match' AS decision, '' AS reasons, 1::DOUBLE AS probability
    FROM r JOIN k ON r.unit_code = k.code
    UNION ALL SELECT cluster, min(unit_id), 'match', '', 1 FROM (
        SELECT r.cluster, j.unit_id FROM r JOIN j ON r.unit_code = j.code
        UNION ALL SELECT r.cluster, j.unit_id FROM r JOIN j ON r.name = j.name AND coalesce(r.address, '') = j.address
            AND r.unit_code IS NOT DISTINCT FROM j.code AND (starts_with(r.place, j.place) OR starts_with(j.place, r.place)))
    WHERE cluster NOT IN (SELECT cluster FROM r JOIN k ON r.unit_code = k.code)
    GROUP BY cluster HAVING count(DISTINCT unit_id) = 1"""


def _keep(upload: Upload, units: Units, who: dict[str, int], found: list[dict[str, Any]]) -> None:
    subjects = pa.array([who[cluster] for cluster in units.rows["cluster"].to_pylist()], pa.int64())
    upload.folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(said.rows_of(upload, units.rows, subjects), upload.folder / "draft.parquet")
    owners.put_aside(upload, _owned(units.rows, subjects))
    doubtful.keep(upload, found)


def _owned(rows: pa.Table, subjects: pa.Array) -> pa.Table:
    owned = rows.set_column(rows.schema.get_field_index("unit"), "unit", subjects)
    return owned.filter(pc.is_valid(owned["owner"]))


def compare(upload: Upload, top: Place, where: Map, new_markets: dict[tuple[str, str], str]) -> dict[str, int]:
    """What the kept rows change against what was said before; leaves `preview.parquet` and the changes."""
    rows = pq.read_table(upload.folder / "draft.parquet")
    before = said.earlier(top, upload)
    moved = _in_new_markets(before, new_markets)
    changes = Changes()
    rows = _unsaid(changes, rows, before, where, moved)
    news = said.fresh(rows, before)
    subjects = pa.array(sorted({*news, *moved}), pa.int64())
    fresh, mine = newcomers.split(_of(rows, subjects))
    old = mine.slice(0, 0) if before is None else _of(before, subjects)
    after = pa.concat_tables([old, mine.cast(old.schema)])
    doubts = doubtful.new(upload)
    was = Map(where.scope, where.day)
    was.markets.update({key: code for key, code in where.markets.items() if key not in new_markets})
    changes.put(newcomers.judged(said.in_markets(fresh, where), doubts))
    for part in _parts(after):
        judge(changes, (_of(old, part), was), (_of(after, part), where), doubts)
    counts = Counter[str](changes.table("preview")["outcome"].to_pylist())
    counts["same"] += len(set(pc.unique(rows["subject"]).to_pylist()) - set(news) - set(moved))
    changes.write(upload.folder)
    named = [{"code": code, "name": name} for (_, name), code in new_markets.items()]
    schema = pa.schema([("code", pa.string()), ("name", pa.string())])
    pq.write_table(pa.Table.from_pylist(named, schema=schema), upload.folder / "markets.parquet")
    return dict(counts)


def _unsaid(changes: Changes, rows: pa.Table, before: pa.Table | None, where: Map, moved: list[int]) -> pa.Table:
    """The rows without those that only say again what is in force, whose units go into `changes` as they are."""
    if before is None:
        return rows
    left = []
    for part in _parts(rows):
        mine = _of(rows, part)
        same = repeated.again(said.in_markets(_of(before, part), where), said.in_markets(mine, where))
        same = same.filter(pc.invert(pc.is_in(same["subject"], pa.array(moved, pa.int64()))))
        changes.put({"preview": same})
        left.append(mine.filter(pc.invert(pc.is_in(mine["subject"], same["subject"].combine_chunks()))))
    return pa.concat_tables([rows.slice(0, 0), *left])


def _parts(rows: pa.Table) -> Iterator[pa.Array]:
    """The subjects of these rows, some at a time, in order: so that the memory needed does not grow with their number."""
    subjects = pc.unique(rows["subject"]).sort()
    yield from (subjects.slice(start, PART) for start in range(0, len(subjects), PART))


def _of(rows: pa.Table, subjects: pa.Array) -> pa.Table:
    return rows.filter(pc.is_in(rows["subject"], subjects))


def judge(changes: Changes, before: tuple[pa.Table, Map], now: tuple[pa.Table, Map], doubts: set[int]) -> None:
    """What all rows together say of some units against what the old ones said, into `changes`."""
    same, old, after = repeated.split(said.merged(*before), said.merged(*now))
    changes.put({"preview": same})
    earlier = dict(said.folded(old))
    for subject, unit in said.folded(after):
        was_said = earlier.get(subject)
        changes.add(subject, was_said, unit, outcome(subject, was_said, unit, subject in doubts))


def _in_new_markets(before: pa.Table | None, new: dict[tuple[str, str], str]) -> list[int]:
    """Units known already that name a market met for the first time."""
    if before is None or not new:
        return []
    columns = (before[name].to_pylist() for name in ("subject", "market", "place"))
    return [s for s, m, p in zip(*columns, strict=True) if m and p and (p[:6], "".join(m.split())) in new]


def read(upload: Upload) -> Any:
    """The preview's rows, one per unit: outcome, what differs, and where it was read."""
    return pq.read_table(upload.folder / "preview.parquet")
