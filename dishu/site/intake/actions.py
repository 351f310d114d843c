"""Taking a file in: kept as it came, named by its hash, read into typed rows; refused rows go back as a workbook."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.core.files import File
from django.db import transaction

from dishu.engine import intake
from dishu.site import crypto
from dishu.site.intake import kept
from dishu.site.intake.models import Upload
from dishu.site.territory.models import Place
from dishu.site.trail import lines as trail

#: Columns of people who may be no members: looked at while matching, never kept. See docs/decisions.
PERSONAL = frozenset({"owner", "owner_id", "owner_id_written", "owner_phone", "owner_phone_written"})

#: Beside an upload: why rows were refused, and what its sheets were taken for.
REFUSED, PROPOSED = "refused", "proposed.bin"


@transaction.atomic
def receive(*, by: trail.Actor, file: File[bytes], place: Place, day: date, layout: str = "") -> Upload:
    """Keep the file. The same file for the same place and day again is the upload that already is there."""
    digest = _sha256(file.chunks())
    file.seek(0)
    same = Upload.objects.filter(sha256=digest, place=place, day=day).exclude(stage__in=("undone", "refused")).first()
    if same is not None:
        return same
    upload = Upload.objects.create(
        file=file, name=Path(file.name or "").name, sha256=digest, size=file.size, place=place, day=day, by=by,
        layout=layout, columns=_remembered(place),
    )  # fmt: skip
    trail.write(by=by, verb="uploaded", subject=upload, place=place, details={"name": upload.name, "sha256": digest})
    return upload


def _remembered(place: Place) -> dict[str, str]:
    """How columns of earlier rosters of the place were corrected: said once, it need not be said again."""
    earlier = Upload.objects.filter(place=place, stage="committed").exclude(columns={})
    return earlier.values_list("columns", flat=True).first() or {}


def _sha256(chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def read(upload: Upload) -> intake.RosterFile | None:
    """Read the file into rosters; None (with the reason on the upload) where it cannot be read."""
    try:
        taken = open_again(upload)
    except intake.FileRefused as refused:
        (upload.folder / PROPOSED).unlink(missing_ok=True)
        upload.stage, upload.problem = "refused", f"{refused.text}。{refused.mend}"
        upload.save(update_fields=["stage", "problem"])
        return None
    upload.folder.mkdir(parents=True, exist_ok=True)
    intake.write_rejected(taken.rosters, upload.folder / "rejected.xlsx", withhold=True)
    kept.put(upload, REFUSED, _refused(taken))
    (upload.folder / PROPOSED).write_bytes(crypto.hide_bytes(json.dumps([asdict(p) for p in taken.proposals]).encode()))
    return taken


def open_again(upload: Upload) -> intake.RosterFile:
    """The file as it is read: in its layout, with the columns as they were corrected. Raises FileRefused."""
    return intake.read(Path(upload.file.path), upload.layout or None, upload.mapping)


def _refused(taken: intake.RosterFile) -> pa.Table:
    """Why each refused row was refused; nothing of what stood in it."""
    found = pa.concat_tables([roster.problems for roster in taken.rosters])
    return found.filter(pc.equal(found["severity"], "refused")).drop_columns(["value", "source_file"])


def refused(upload: Upload, start: int, most: int) -> list[dict[str, Any]]:
    """The refused rows: sheet, row, the column, what is wrong and how to mend it."""
    found = kept.get(upload, REFUSED)
    if found is None:
        return []
    ordered = found.sort_by([("sheet", "ascending"), ("row", "ascending")])
    return ordered.slice(start, most).to_pylist()  # type: ignore[no-any-return]


def proposed(upload: Upload) -> list[intake.Proposal]:
    """What each sheet was taken for. Where the file could not be read as it stands, it is looked at again."""
    file = upload.folder / PROPOSED
    if not upload.file:
        return []
    if not file.exists():
        try:
            return intake.propose(Path(upload.file.path), upload.layout or None, upload.mapping)
        except (intake.FileRefused, FileNotFoundError):
            return []
    sheets = json.loads(crypto.show_bytes(file.read_bytes()))
    return [
        intake.Proposal(**{**one, "columns": tuple(intake.ProposedColumn(**column) for column in one["columns"])})
        for one in sheets
    ]


@transaction.atomic
def correct(upload: Upload, *, by: trail.Actor, layout: str, columns: dict[str, str]) -> None:
    """Say which layout it is and which column is which field; the file is then read anew. Only before it is committed."""
    upload.layout, upload.columns, upload.problem, upload.counts = layout, columns, "", {}
    upload.save(update_fields=["layout", "columns", "problem", "counts"])
    step(upload, "received", 0)
    trail.write(by=by, verb="mapped", subject=upload, place=upload.place, details={"name": upload.name, **columns})


def step(upload: Upload, stage: str, done: int) -> None:
    """Say how far the work is; seen at once by who waits."""
    upload.stage, upload.done = stage, done
    upload.save(update_fields=["stage", "done"])


def refuse(upload: Upload, why: str) -> None:
    """The file is not what it should be; it is said why."""
    upload.stage, upload.problem = "refused", why
    upload.save(update_fields=["stage", "problem"])
