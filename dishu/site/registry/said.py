"""What unit rosters said of each unit, one after the other, judged as the engine judges a joint job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dishu.engine.baseline.places import Map
from dishu.engine.baseline.units import OTHER, PUBLIC, TEXT, merge, started, states
from dishu.site.intake import kept
from dishu.site.intake.fold import Source, Tie, go_on
from dishu.site.intake.models import Upload
from dishu.site.registry import again
from dishu.site.territory.models import Place

#: Of owners nothing stays here: see `intake.owners`.
PERSONAL = ("owner", "owner_id", "owner_phone")
WORDS = tuple(name for name in TEXT if name not in PERSONAL)
VALUES = {**dict.fromkeys(("kind", "place", *WORDS), "VARCHAR"), **OTHER}
#: What a state says besides its place.
ATTRIBUTES = {
    "control": pa.string(), "industry": pa.string(), "employees": pa.int64(), "assets": pa.int64(),
    "turnover": pa.int64(), "legal_rep_member": pa.bool_(), "legal_rep_secretary": pa.bool_(),
    "surveyed": pa.string(), "verified_on": pa.date32(), "channel": pa.string(),
}  # fmt: skip
FILE = "said.parquet"


@dataclass
class Judged:
    """A unit as its rosters, taken together, say it is."""

    name: str
    code: str | None
    address: str | None
    kind: str
    place: str
    opened_on: Any
    closed_on: Any = None
    states: list[Tie] = field(default_factory=list)
    posts: list[Tie] = field(default_factory=list)
    work: set[Any] = field(default_factory=set)


def rows_of(upload: Upload, rows: pa.Table, subjects: pa.Array) -> pa.Table:
    """The rows of a roster as they are kept: no owners, the township instead of the market."""
    own = ["rank", "kind", "place", *WORDS, *OTHER, "source_sheet", "source_row"]
    table = rows.select(own).add_column(0, "subject", subjects.cast(pa.int64()))
    township = pc.replace_substring_regex(table["place"], "M.*$", "")
    table = table.set_column(table.schema.get_field_index("place"), "place", township)
    return _marked(table, upload)


def _marked(table: pa.Table, upload: Upload) -> pa.Table:
    n = table.num_rows
    for name, value, kind in (
        ("upload", upload.pk, pa.int64()),
        ("day", upload.day, pa.date32()),
        ("file", upload.name, pa.string()),
    ):
        if name in table.column_names:
            table = table.drop_columns([name])
        table = table.append_column(
            name, pa.array([value] * n, kind) if n < 2 else pa.repeat(pa.scalar(value, kind), n)
        )
    return table


def earlier(top: Place, but: Upload | None = None) -> pa.Table | None:
    """All that the committed rosters below a place said; `subject` is the register's unit."""
    uploads = [u for u in kept.committed(top) if but is None or u.pk != but.pk]
    tables = [read(upload) for upload in uploads if (upload.folder / FILE).exists()]
    return pa.concat_tables(tables) if tables else None


def read(upload: Upload) -> pa.Table:
    """What this roster said; of units that were joined, as said of the one they became."""
    return again.own(again.as_now(pq.read_table(upload.folder / FILE), "subject"))


def fresh(rows: pa.Table, before: pa.Table | None) -> list[int]:
    """The subjects of whom these rows say what the same file had not said of them before."""
    if before is None:
        return pc.unique(rows["subject"]).to_pylist()
    names = ", ".join(VALUES)
    partition = "PARTITION BY subject, file, upload ORDER BY rank"
    link = duckdb.connect()
    link.register("r", rows)
    link.register("b", before)
    return [
        row[0]
        for row in link.execute(f"""
            WITH mine AS (SELECT *, row_number() OVER ({partition}) AS nth FROM r),
            old AS (SELECT *, row_number() OVER ({partition}) AS nth FROM b WHERE day <= (SELECT min(day) FROM r)
                    AND subject IN (SELECT subject FROM r)),
            last AS (SELECT subject, file, nth, {names} FROM old
                     QUALIFY row_number() OVER (PARTITION BY subject, file, nth ORDER BY day DESC, upload DESC) = 1)
            SELECT DISTINCT subject FROM (SELECT subject, file, nth, {names} FROM mine EXCEPT SELECT * FROM last)
            ORDER BY subject""").fetchall()
    ]


def judged(rows: pa.Table, where: Map) -> Iterator[tuple[int, Judged]]:
    """Each subject as all rows together say it is, in the order of the subjects."""
    return folded(merged(rows, where))


def folded(days: pa.Table) -> Iterator[tuple[int, Judged]]:
    """Each subject of a table of `merged` rows, as its days one after the other say it is."""
    batches = days.to_batches(max_chunksize=20_000)
    one_by_one = (row for batch in batches for row in batch.to_pylist())
    for subject, said in groupby(one_by_one, lambda row: row["subject"]):
        yield subject, _folded(list(said))


def merged(rows: pa.Table, where: Map) -> pa.Table:
    """One merged row per subject and day on which something was said of it (`seen`), in that order."""
    link = duckdb.connect()
    link.register("s", in_markets(rows, where))
    again = "PARTITION BY subject, file, nth ORDER BY day, upload"
    blanked = ", ".join(
        f"CASE WHEN {n} IS DISTINCT FROM lag({n} IGNORE NULLS) OVER w THEN {n} END AS {n}" for n in VALUES
    )
    some = " OR ".join(f"{n} IS NOT NULL" for n in VALUES)
    personal = ", ".join(f"NULL::VARCHAR AS {n}" for n in PERSONAL)
    words = link.execute(f"""
        WITH numbered AS (SELECT *, row_number() OVER (PARTITION BY subject, file, upload ORDER BY rank) AS nth FROM s),
        news AS (SELECT subject, day, file, upload, rank, source_sheet, source_row, {blanked}
                 FROM numbered WINDOW w AS ({again})),
        -- the layout stands in the hundred millions of the rank
        ranked AS (SELECT *, row_number() OVER (ORDER BY day DESC, rank // 100000000, file, rank, upload) AS trust
                   FROM news WHERE {some}),
        days AS (SELECT DISTINCT subject, day AS seen FROM ranked)
        SELECT d.subject, d.seen, d.subject || ':' || d.seen AS cluster, r.trust AS rank, r.day, upload::VARCHAR AS source_file,
               source_sheet, source_row, {", ".join(VALUES)}, {personal}
        FROM days d JOIN ranked r ON r.subject = d.subject AND r.day <= d.seen""").to_arrow_table()
    link.register("words", words)
    link.register("merged", merge(words.drop_columns(["day", "seen", "subject"])))
    return link.execute("""
        WITH named AS (SELECT *, max(day) OVER (PARTITION BY cluster) AS latest FROM words WHERE place IS NOT NULL),
        last AS (SELECT cluster, arg_max(place, len(place) * 1000000000 - rank) AS place FROM named
                 WHERE day = latest GROUP BY cluster),
        -- a coarser place than the known one is no move
        fine AS (SELECT cluster, arg_max(n.place, len(n.place) * 1000000000 - n.rank) AS place
                 FROM named n JOIN last l USING (cluster) WHERE starts_with(n.place, l.place) GROUP BY cluster),
        days AS (SELECT DISTINCT cluster, subject, seen FROM words)
        SELECT m.* REPLACE (fine.place AS place), days.subject, days.seen
        FROM merged m JOIN days USING (cluster) JOIN fine USING (cluster) ORDER BY subject, seen""").to_arrow_table()


def in_markets(rows: pa.Table, where: Map) -> pa.Table:
    """A business that names a market lies there, as soon as a market list knows it."""
    named = pc.greater(pc.binary_length(rows["market"]), 0).fill_null(False).combine_chunks()
    if not where.markets or not pc.any(named).as_py():
        return rows
    some = rows.filter(named)
    pairs = zip(some["market"].to_pylist(), some["place"].to_pylist(), strict=True)
    places = pa.array([where.find_market(name, place) or place for name, place in pairs], pa.string())
    placed = pc.replace_with_mask(rows["place"].combine_chunks(), named, places)
    return rows.set_column(rows.schema.get_field_index("place"), "place", placed)


def _folded(days: list[dict[str, Any]]) -> Judged:
    last = days[-1]
    found = Judged(last["name"], last["unit_code"], last["address"], last["kind"], last["place"], last["opened_on"])
    for row in days:
        day, source = row["seen"], Source(int(row["source_file"]), row["source_sheet"] or "", row["source_row"])
        now = [_tie(state, source) for state in states({**row, "unit": row["subject"]}, day)]
        found.states = go_on(found.states, now, day)
        if row["control"] in PUBLIC:
            continue
        if row["instructor"]:
            since = row["instructor_since"] or started(row, day)
            found.posts = go_on(found.posts, [Tie((row["instructor"],), since, None, (), source)], day)
        if row["work_on"]:
            found.work.add(row["work_on"])
    found.closed_on = found.states[-1].until if found.states else last["closed_on"]
    return found


def _tie(state: dict[str, Any], source: Source) -> Tie:
    says = (state["place"], *(state[name] for name in ATTRIBUTES))
    return Tie((), state["since"], state["until"], says, source)
