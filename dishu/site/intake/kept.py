"""What was read from rosters, kept encrypted beside them; and which rosters are judged together."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection

from dishu.engine.baseline.gather import PEOPLE_LAYOUTS, UNIT_LAYOUTS, Gathered
from dishu.engine.baseline.places import Map
from dishu.site import crypto
from dishu.site.intake.models import Upload
from dishu.site.territory.models import Place

ORG_LAYOUTS = ("organization", "plan")
OTHERS = (*PEOPLE_LAYOUTS, *ORG_LAYOUTS)
#: One commit at a time; any number does, as long as nothing else locks it.
LOCK = 7_001


def keep(upload: Upload, gathered: Gathered) -> None:
    """Keep the rows about people and organizations, each with its place; rows about units are kept by the register."""
    where = Map(upload.place.code, upload.day)
    for layout in OTHERS:
        table = gathered.table(layout)
        if table.num_rows:
            table = table.append_column("place", pa.array(where.places(table), pa.string()))
            put(upload, layout, table)


def is_of_units(gathered: Gathered) -> bool:
    """Whether these rosters are of units; else of people and organizations."""
    return any(roster.layout.name in UNIT_LAYOUTS for roster in gathered.rosters)


def put(upload: Upload, name: str, table: pa.Table) -> None:
    """Keep a table, encrypted."""
    upload.folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    (upload.folder / f"{name}.bin").write_bytes(crypto.hide_bytes(buffer.getvalue()))


def get(upload: Upload, name: str) -> pa.Table | None:
    """The table that was kept under that name."""
    file = upload.folder / f"{name}.bin"
    return pq.read_table(io.BytesIO(crypto.show_bytes(file.read_bytes()))) if file.exists() else None


def has(upload: Upload, *names: str) -> bool:
    """Whether a table of one of these names is kept."""
    return any((upload.folder / f"{name}.bin").exists() for name in names)


def circle(place: Place) -> Place:
    """The place whose rosters are judged together: the prefecture, or what lies above it and has rosters too."""
    above = list(Place.objects.filter(reaches__place=place))
    tops = [one for one in above if one.level == "prefecture"] or [place]
    wide = Upload.objects.filter(stage="committed", place__in=above).exclude(place__level="county")
    higher = [u.place for u in wide.select_related("place") if len(u.place.code) < len(tops[0].code)]
    return min([*tops, *higher], key=lambda one: len(one.code))


def committed(top: Place) -> list[Upload]:
    """The rosters that are in the register below a place, by day and name: never by the order in which they came."""
    rows = Upload.objects.filter(stage="committed", place__reached__node=top).select_related("place")
    return sorted(rows, key=lambda u: (u.day, u.name, u.pk))


def basis(top: Place) -> list[int]:
    """What a preview rests on: while this stays the same, it may be committed as it is."""
    return sorted(u.pk for u in committed(top))


def alone() -> None:
    """Until the end of the transaction, no other roster is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


@contextmanager
def outside_walls() -> Iterator[None]:
    """Rosters of neighbours are judged together: the machine reads them all, whoever asked sees counts only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = 'dishu_walled'")
        walled = cursor.fetchone()[0]
        if walled:
            cursor.execute("RESET ROLE")
    yield
    if walled:  # not after an error: the transaction is over then
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE dishu_walled")
