"""A previewed roster written into the register: states begin and end on the roster's day, nothing is overwritten."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import connection

from dishu.site import bulk
from dishu.site.intake import owners
from dishu.site.intake.models import Upload
from dishu.site.registry import search
from dishu.site.registry.models import Instructor, Posting, Unit, UnitState, Work
from dishu.site.registry.preview import ATTRIBUTES
from dishu.site.territory import actions as territory
from dishu.site.territory.models import Place

WRITTEN = ("new", "changed", "moved", "closed")
_VALUES = ", ".join(ATTRIBUTES)


def commit(upload: Upload, by: Any) -> None:
    """Write what the preview found; runs in the caller's transaction, so all of it is done or nothing."""
    table = pq.read_table(upload.folder / "preview.parquet")
    _markets(upload, by)
    bulk.stage(_found_by(_rows(table, WRITTEN)), "incoming")
    bulk.stage(pq.read_table(upload.folder / "unit.parquet"), "incoming_state")
    with connection.cursor() as cursor:
        for statement in (_PLACES, _NEW, _NEW_STATES, _END, _GO_ON, _UNITS):
            cursor.execute(statement, {"upload": upload.pk, "day": upload.day})
        cursor.execute("SELECT key, id FROM incoming")
        ids = dict(cursor.fetchall())
    known = table.filter(pc.is_valid(table["unit_id"]))
    ids |= dict(zip(known["key"].to_pylist(), known["unit_id"].to_pylist(), strict=True))
    _markets_as_units(upload)
    _posts(upload, ids)
    owners.hold(upload, ids)


def _rows(table: pa.Table, outcomes: tuple[str, ...]) -> pa.Table:
    chosen = table.filter(pc.is_in(table["outcome"], pa.array(outcomes)))
    return chosen.drop_columns(["changes", "elsewhere", "reasons"])


def _found_by(table: pa.Table) -> pa.Table:
    """With what names are found by, as the database writes arrays."""
    names = table["name"].to_pylist()
    grams = ["{" + ",".join(_quoted(g) for g in search.grams(name)) + "}" for name in names]
    return table.append_column(
        "initials", pa.array([search.initials(name) for name in names], pa.string())
    ).append_column("grams", pa.array(grams, pa.string()))


def _quoted(gram: str) -> str:
    return '"' + gram.replace("\\", "\\\\").replace('"', '\\"') + '"'


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


def _markets_as_units(upload: Upload) -> None:
    """A market counts as a unit of its own: Party work can reach it, an organization can cover it."""
    there = set(Unit.objects.filter(kind="market").values_list("place_id", flat=True))
    new = Place.objects.filter(level="market", closed_on=None).exclude(pk__in=there).prefetch_related("states")
    for place in new:
        since = min(state.since for state in place.states.all())
        unit = Unit.objects.create(kind="market", name=place.name, place=place, opened_on=since)
        UnitState.objects.create(unit=unit, place=place, since=since, upload=upload)


def _posts(upload: Upload, ids: dict[int, int]) -> None:
    """Instructors posted to units, and Party work that reached them, as the roster says."""
    names = dict(zip(*pq.read_table(upload.folder / "names.parquet").to_pydict().values(), strict=True))
    have = {(p.unit_id, p.instructor.name) for p in Posting.objects.filter(until=None).select_related("instructor")}
    people = {one.name: one for one in Instructor.objects.filter(place=upload.place)}
    for row in pq.read_table(upload.folder / "instructor.parquet").to_pylist():
        name, unit = names.get(row["unit"]), ids.get(row["unit"])
        if name and unit and (unit, name) not in have:
            one = people.get(name) or people.setdefault(name, Instructor.objects.create(name=name, place=upload.place))
            Posting.objects.create(instructor=one, unit_id=unit, since=row["since"], upload=upload)
    work = pq.read_table(upload.folder / "work.parquet").to_pylist()
    made = [
        Work(unit_id=ids[r["unit"]], kind=r["kind"], on=r["since"], upload=upload) for r in work if r["unit"] in ids
    ]
    Work.objects.bulk_create(made, ignore_conflicts=True, batch_size=5000)


_PLACES = """
ALTER TABLE incoming ADD COLUMN place_id bigint, ADD COLUMN id bigint;
UPDATE incoming i SET place_id = p.id, id = CASE WHEN outcome = 'new' THEN nextval('registry_unit_id_seq') ELSE unit_id END
FROM territory_place p WHERE p.code = i.place;
"""
_NEW = """
INSERT INTO registry_unit (id, kind, code, name, address, place_id, opened_on, closed_on, initials, grams, version)
SELECT id, kind, code, name, coalesce(address, ''), place_id, opened_on, closed_on, initials, grams::varchar(2)[], 1
FROM incoming WHERE outcome = 'new'
"""
_NEW_STATES = f"""
INSERT INTO registry_unitstate (unit_id, place_id, {_VALUES}, since, until, upload_id, row, sheet)
SELECT i.id, p.id, {", ".join(f"s.{a}" for a in ATTRIBUTES)}, s.since, s.until, %(upload)s, i.row, coalesce(i.sheet, '')
FROM incoming i JOIN incoming_state s ON s.unit = i.key JOIN territory_place p ON p.code = s.place
WHERE i.outcome = 'new'
"""
# What was known goes on until the roster's day; a unit that began later than that is only completed.
_END = """
CREATE TEMPORARY TABLE before ON COMMIT DROP AS
SELECT DISTINCT ON (s.unit_id) s.*, i.outcome AS incoming_outcome, i.closed_on AS incoming_closed
FROM registry_unitstate s JOIN incoming i ON i.id = s.unit_id AND i.outcome <> 'new'
ORDER BY s.unit_id, s.since DESC;
UPDATE registry_unitstate s SET until = CASE b.incoming_outcome WHEN 'closed' THEN greatest(b.incoming_closed, s.since + 1)
    ELSE greatest(%(day)s::date, s.since + 1) END
FROM before b WHERE b.id = s.id;
"""
_GO_ON = f"""
INSERT INTO registry_unitstate (unit_id, place_id, {_VALUES}, since, until, upload_id, row, sheet)
SELECT b.unit_id, CASE WHEN i.outcome = 'moved' THEN i.place_id ELSE b.place_id END,
    {", ".join(f"coalesce(i.{a}, b.{a})" for a in ATTRIBUTES)},
    greatest(%(day)s::date, b.since + 1), b.until, %(upload)s, i.row, coalesce(i.sheet, '')
FROM before b JOIN incoming i ON i.id = b.unit_id
WHERE i.outcome IN ('changed', 'moved') AND (b.until IS NULL OR b.until > greatest(%(day)s::date, b.since + 1))
"""
_UNITS = """
UPDATE registry_unit u SET
    name = i.name, initials = i.initials, grams = i.grams::varchar(2)[], version = u.version + 1,
    code = coalesce(u.code, i.code), address = coalesce(i.address, u.address),
    place_id = CASE WHEN i.outcome = 'moved' THEN i.place_id ELSE u.place_id END,
    closed_on = CASE WHEN i.outcome = 'closed' THEN i.closed_on ELSE u.closed_on END
FROM incoming i WHERE i.id = u.id AND i.outcome <> 'new'
"""
