"""A previewed roster written into the register: what was true before its day stays as it was."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import connection

from dishu.site import bulk
from dishu.site.intake import owners, ties
from dishu.site.intake.models import Upload
from dishu.site.registry import changed, doubtful, said, search
from dishu.site.registry.models import Instructor, Unit, UnitState, Work
from dishu.site.registry.said import ATTRIBUTES
from dishu.site.territory import actions as territory
from dishu.site.territory.models import Place

STATES = ties.Kind("registry_unitstate", "unit_id", {}, {"place_id": pa.int64(), **ATTRIBUTES})
POSTS = ties.Kind("registry_posting", "unit_id", {"instructor_id": pa.int64()}, {})


def commit(upload: Upload, by: Any) -> int:
    """Write what the preview found; in the caller's transaction, so all of it is done or nothing. Returns rows touched."""
    _markets(upload, by)
    found = changed.read(upload.folder)
    ids = _ids(pq.read_table(upload.folder / "draft.parquet"))
    written = apply(upload, found, ids)
    draft = pq.read_table(upload.folder / "draft.parquet")
    pq.write_table(draft.set_column(0, "subject", _named(draft["subject"], ids)), upload.folder / said.FILE)
    owners.hold(upload, ids)
    doubtful.ask(upload, ids)
    return written + _markets_as_units(upload)


def apply(upload: Upload, found: dict[str, pa.Table], ids: dict[int, int]) -> int:
    """Write units, states, posts and work that came or went. Returns rows touched."""
    places = dict(Place.objects.values_list("code", "pk"))
    units = _units(found["preview"], ids, places)
    parts = [
        ties.write(STATES, _states(found["states_gone"], ids, places), _states(found["states_come"], ids, places)),
        ties.write(POSTS, _posts(found["posts_gone"], ids, upload), _posts(found["posts_come"], ids, upload)),
        _work(found["work_gone"], found["work_come"], ids, upload),
    ]
    return units + sum(parts)


def _ids(draft: pa.Table) -> dict[int, int]:
    """Keys of the register for units that are new to it."""
    new = [s for s in pc.unique(draft["subject"]).to_pylist() if s < 0]
    if not new:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('registry_unit_id_seq') FROM generate_series(1, %s)", [len(new)])
        return dict(zip(sorted(new, reverse=True), (row[0] for row in cursor.fetchall()), strict=True))


def _named(subjects: pa.ChunkedArray, ids: dict[int, int]) -> pa.Array:
    return pa.array([ids.get(s, s) for s in subjects.to_pylist()], pa.int64())


def _coded(column: pa.ChunkedArray, places: dict[str, int]) -> pa.Array:
    return pa.array([places[code] for code in column.to_pylist()], pa.int64())


def _units(table: pa.Table, ids: dict[int, int], places: dict[str, int]) -> int:
    """The units themselves: new ones, and what is now known better of others."""
    table = table.filter(
        pc.is_in(table["outcome"], pa.array(("new", "doubtful", "changed", "moved", "closed", "reopened")))
    )
    if not table.num_rows:
        return 0
    rows = table.drop_columns(["changes"]).set_column(0, "id", _named(table["subject"], ids))
    rows = rows.append_column("place_id", _coded(rows["place"], places))
    bulk.stage(_found_by(rows), "incoming")
    with connection.cursor() as cursor:
        cursor.execute(_NEW)
        new = cursor.rowcount
        cursor.execute(_BETTER)
        better = cursor.rowcount
        cursor.execute("DROP TABLE incoming")
    return int(new + better)


def _found_by(table: pa.Table) -> pa.Table:
    """With what names are found by, as the database writes arrays."""
    names = table["name"].to_pylist()
    grams = ["{" + ",".join(_quoted(g) for g in search.grams(name)) + "}" for name in names]
    return table.append_column(
        "initials", pa.array([search.initials(name) for name in names], pa.string())
    ).append_column("grams", pa.array(grams, pa.string()))


def _quoted(gram: str) -> str:
    return '"' + gram.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _states(table: pa.Table, ids: dict[int, int], places: dict[str, int]) -> pa.Table:
    rows = table.set_column(0, "unit_id", _named(table["subject"], ids))
    return rows.append_column("place_id", _coded(rows["place"], places)).select(STATES.schema.names)


def _posts(table: pa.Table, ids: dict[int, int], upload: Upload) -> pa.Table:
    """Posts with the instructors' keys; whoever is met for the first time is added."""
    people = {one.name: one.pk for one in Instructor.objects.filter(place=upload.place)}
    missing = sorted({name for name in table["name"].to_pylist() if name not in people})
    made = Instructor.objects.bulk_create([Instructor(name=name, place=upload.place) for name in missing])
    people |= {one.name: one.pk for one in made}
    rows = table.set_column(0, "unit_id", _named(table["subject"], ids))
    return rows.append_column("instructor_id", _coded(rows["name"], people)).select(POSTS.schema.names)


def _work(gone: pa.Table, come: pa.Table, ids: dict[int, int], upload: Upload) -> int:
    """Party work that reached units."""
    for row in gone.to_pylist():
        Work.objects.filter(unit_id=ids.get(row["subject"], row["subject"]), on=row["on"], kind="activity").delete()
    made = [
        Work(unit_id=ids.get(row["subject"], row["subject"]), kind="activity", on=row["on"], upload=upload)
        for row in come.to_pylist()
    ]
    Work.objects.bulk_create(made, ignore_conflicts=True, batch_size=5000)
    return gone.num_rows + len(made)


def _markets(upload: Upload, by: Any) -> None:
    """Markets met for the first time become places."""
    known = set(Place.objects.filter(level="market").values_list("code", flat=True))
    for row in pq.read_table(upload.folder / "markets.parquet").to_pylist():
        if row["code"] not in known:
            parent = Place.objects.get(code=row["code"].split("M")[0])
            territory.found(
                by=by, code=row["code"], name=row["name"], level="market", kind="market", parent=parent, day=upload.day,
                document=f"名册 {upload.name}",
            )  # fmt: skip


def _markets_as_units(upload: Upload) -> int:
    """A market counts as a unit of its own: Party work can reach it, an organization can cover it."""
    there = set(Unit.objects.filter(kind="market").values_list("place_id", flat=True))
    new = Place.objects.filter(level="market", closed_on=None).exclude(pk__in=there).prefetch_related("states")
    for place in new:
        since = min(state.since for state in place.states.all())
        unit = Unit.objects.create(kind="market", name=place.name, place=place, opened_on=since)
        UnitState.objects.create(unit=unit, place=place, since=since, upload=upload)
    return len(new)


_NEW = """
INSERT INTO registry_unit (id, kind, code, name, address, place_id, opened_on, closed_on, initials, grams, version)
SELECT id, kind, code, name, coalesce(address, ''), place_id, opened_on, closed_on, initials, grams::varchar(2)[], 1
FROM incoming WHERE outcome IN ('new', 'doubtful')
"""
_BETTER = """
UPDATE registry_unit u SET
    kind = i.kind, name = i.name, initials = i.initials, grams = i.grams::varchar(2)[], version = u.version + 1,
    code = CASE WHEN u.id IN (SELECT unit_id FROM registry_joined WHERE NOT apart) THEN coalesce(u.code, i.code)
        ELSE coalesce(i.code, u.code) END, address = coalesce(i.address, u.address), place_id = i.place_id,
    opened_on = coalesce(i.opened_on, u.opened_on), closed_on = i.closed_on
FROM incoming i WHERE i.id = u.id AND i.outcome NOT IN ('new', 'doubtful')
"""
