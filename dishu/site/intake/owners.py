"""Owners as unit rosters name them: held encrypted while member rosters may still come, then thrown away.

Most owners are no members; nothing of them is kept in the register. But who of them is a member can only be found
while both rosters are there. `forget` ends the waiting; the worker calls it when the time is over.
"""

from __future__ import annotations

import io
from datetime import timedelta

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.utils import timezone

from dishu.site import crypto
from dishu.site.intake.models import Upload
from dishu.site.territory.models import Place

OWNERS = pa.schema(
    [("rec_id", pa.string()), ("unit", pa.int64())]
    + [(name, pa.string()) for name in ("source_file", "owner", "owner_id", "owner_id_written", "owner_phone", "name", "address")]
)  # fmt: skip
#: What a preview leaves stays as it is, so that a commit that was stopped begins again from the same; held is what it makes.
DRAFT, FILE = "owners-draft.bin", "owners.bin"


def put_aside(upload: Upload, rows: pa.Table) -> None:
    """Keep the owners a preview read, encrypted, beside the upload; `unit` is the register's, or a new one's number."""
    _write(upload, DRAFT, rows.select(OWNERS.names).cast(OWNERS))


def hold(upload: Upload, units: dict[int, int]) -> None:
    """The roster was committed: new units have keys of the register now."""
    drafted = (upload.folder / DRAFT).exists()  # not by the version before this one
    rows = _read(upload, DRAFT if drafted else FILE)
    keys = pa.array([units.get(key, key) for key in rows["unit"].to_pylist()], pa.int64())
    _write(upload, FILE, rows.set_column(1, "unit", keys))


def _write(upload: Upload, name: str, rows: pa.Table) -> None:
    buffer = io.BytesIO()
    pq.write_table(rows, buffer)
    (upload.folder / name).write_bytes(crypto.hide_bytes(buffer.getvalue()))


def _read(upload: Upload, name: str) -> pa.Table:
    return pq.read_table(io.BytesIO(crypto.show_bytes((upload.folder / name).read_bytes())))


def held(place: Place) -> pa.Table:
    """The owners still held of uploads that touch a place."""
    near = Upload.objects.filter(stage="committed", place__in=_around(place))
    tables = []
    for upload in near:
        file = upload.folder / FILE
        if file.exists():
            rows = _read(upload, FILE)
            named = pa.array([f"{upload.pk}:{rec}" for rec in rows["rec_id"].to_pylist()], pa.string())
            tables.append(rows.set_column(0, "rec_id", named))
    return _once(pa.concat_tables(tables)) if tables else OWNERS.empty_table()


def _once(rows: pa.Table) -> pa.Table:
    """Without what the same file said again: how rare a name is must not depend on how often a file came."""
    words = ", ".join(name for name in OWNERS.names if name != "rec_id")
    link = duckdb.connect()
    link.register("t", rows)
    return link.execute(f"""
        WITH numbered AS (SELECT *, split_part(rec_id, ':', 1)::BIGINT AS upload,
            row_number() OVER (PARTITION BY split_part(rec_id, ':', 1), {words} ORDER BY rec_id) AS nth FROM t)
        SELECT {", ".join(OWNERS.names)} FROM numbered
        QUALIFY row_number() OVER (PARTITION BY {words}, nth ORDER BY upload) = 1 ORDER BY rec_id""").to_arrow_table()


def _around(place: Place) -> list[int]:
    return [*place.reaches.values_list("place", flat=True), *place.reached.values_list("node", flat=True)]


def forget() -> int:
    """Throw away what was held longer than the setting says. Returns of how many uploads."""
    before = timezone.now() - timedelta(days=settings.OWNERS_HELD_DAYS)
    late = Upload.objects.filter(committed_at__lt=before)
    gone = [u for u in late if (u.folder / DRAFT).exists() or (u.folder / FILE).exists()]
    for upload in gone:
        for name in (DRAFT, FILE):
            (upload.folder / name).unlink(missing_ok=True)
    return len(gone)
