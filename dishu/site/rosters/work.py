"""The long work on a roster, done by the worker: read, match, commit; stopped in the middle it begins the step again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.tasks import task
from django.utils import timezone

from dishu.engine.baseline.gather import Gathered
from dishu.site.accounts import scope
from dishu.site.accounts.models import User
from dishu.site.intake import actions as intake
from dishu.site.intake.models import Upload
from dishu.site.membership import commit as people
from dishu.site.membership import preview as people_preview
from dishu.site.registry import commit as units
from dishu.site.registry import preview as units_preview
from dishu.site.trail import lines as trail


@dataclass(frozen=True)
class Way:
    """How rosters of one kind are previewed and committed."""

    preview: Callable[[Upload, Gathered], dict[str, int]]
    commit: Callable[[Upload, Any], None]


_UNITS = Way(units_preview.preview, units.commit)
_PEOPLE = Way(people_preview.preview_people, lambda upload, by: people.commit_people(upload))
_ORGS = Way(people_preview.preview_orgs, lambda upload, by: people.commit_orgs(upload))
WAYS = {
    "registration": _UNITS, "individual": _UNITS, "market": _UNITS, "member": _PEOPLE, "affiliation": _PEOPLE,
    "organization": _ORGS, "plan": _ORGS,
}  # fmt: skip
#: One commit after the other: a preview is only good as long as nobody else has written.
LOCK = 7202


@task
def prepare(upload_id: int) -> None:
    """Read the file and find out what it would do."""
    upload = Upload.objects.get(pk=upload_id)
    if upload.stage not in ("received", "reading", "matching"):
        return
    intake.step(upload, "reading", 10)
    taken = intake.read(upload)
    if taken is None:
        return
    layouts = {roster.layout.name for roster in taken.rosters}
    if len({WAYS[name] for name in layouts}) != 1:
        intake.refuse(upload, "一个文件里既有单位名册又有人员名册，请分成两个文件上传。")
        return
    upload.layout = taken.rosters[0].layout.name
    intake.step(upload, "matching", 40)
    upload.counts = WAYS[upload.layout].preview(upload, Gathered(list(taken.rosters)))
    upload.save(update_fields=["layout", "counts"])
    intake.step(upload, "previewed", 100)


@task
def commit(upload_id: int, user_id: int) -> None:
    """Write what the preview found, all of it or nothing."""
    upload, by = Upload.objects.select_related("place").get(pk=upload_id), User.objects.get(pk=user_id)
    if upload.stage != "committing":
        return
    with scope.walled(scope.of(by)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        WAYS[upload.layout].commit(upload, by)
        upload.stage, upload.done, upload.committed_at = "committed", 100, timezone.now()
        upload.save(update_fields=["stage", "done", "committed_at"])
        trail.write(by=by, verb="committed", subject=upload, place=upload.place, details=upload.counts)


def resume() -> int:
    """Take up again what a stopped worker left. Returns how many."""
    left = Upload.objects.filter(stage__in=("received", "reading", "matching", "committing"))
    for upload in left:
        if upload.stage == "committing":
            commit.enqueue(upload.pk, upload.by_id)
        else:
            prepare.enqueue(upload.pk)
    return len(left)
