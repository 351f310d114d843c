"""Taking a file in: kept as it came, named by its hash, read into typed rows; refused rows go back as a workbook."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.core.files import File
from django.db import transaction

from dishu.engine import intake
from dishu.site.intake.models import Upload
from dishu.site.territory.models import Place
from dishu.site.trail import lines as trail

#: Columns of people who may be no members: looked at while matching, never kept. See docs/decisions.
PERSONAL = frozenset({"owner", "owner_id", "owner_id_written", "owner_phone", "owner_phone_written"})


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
        layout=layout,
    )  # fmt: skip
    trail.write(by=by, verb="uploaded", subject=upload, place=place, details={"name": upload.name, "sha256": digest})
    return upload


def _sha256(chunks: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def read(upload: Upload) -> intake.RosterFile | None:
    """Read the file into rosters; None (with the reason on the upload) where it cannot be read."""
    try:
        taken = intake.read(Path(upload.file.path), upload.layout or None)
    except intake.FileRefused as refused:
        upload.stage, upload.problem = "refused", f"{refused.text}。{refused.mend}"
        upload.save(update_fields=["stage", "problem"])
        return None
    upload.folder.mkdir(parents=True, exist_ok=True)
    intake.write_rejected(taken.rosters, upload.folder / "rejected.xlsx", withhold=True)
    return taken


def step(upload: Upload, stage: str, done: int) -> None:
    """Say how far the work is; seen at once by who waits."""
    upload.stage, upload.done = stage, done
    upload.save(update_fields=["stage", "done"])


def refuse(upload: Upload, why: str) -> None:
    """The file is not what it should be; it is said why."""
    upload.stage, upload.problem = "refused", why
    upload.save(update_fields=["stage", "problem"])
