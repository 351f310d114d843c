"""The long work on a roster, done by the worker: read, match, commit; stopped in the middle it begins the step again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.tasks import task

from dishu.engine.baseline.gather import UNIT_LAYOUTS, Gathered
from dishu.site.accounts import scope
from dishu.site.accounts.models import User
from dishu.site.intake import actions as intake
from dishu.site.intake.models import Upload
from dishu.site.rosters import actions

#: The lock of a file that is being read; its number is the second half.
READING = 7306


@contextmanager
def once(upload_id: int) -> Iterator[None]:
    """Whoever comes while another worker reads the same file waits, then finds it read; a killed worker's lock is gone with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s::int)", [READING, upload_id])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s::int)", [READING, upload_id])


@task
def prepare(upload_id: int) -> None:
    """Read the file and find out what it would do. A starting worker may ask for it a second time."""
    with once(upload_id):
        _prepare(upload_id)


def _prepare(upload_id: int) -> None:
    upload = Upload.objects.get(pk=upload_id)
    if upload.stage not in ("received", "reading", "matching"):
        return
    intake.step(upload, "reading", 10)
    taken = intake.read(upload)
    if taken is None:
        return
    if len({roster.layout.name in UNIT_LAYOUTS for roster in taken.rosters}) != 1:
        intake.refuse(upload, "一个文件里既有单位名册又有人员名册，请分成两个文件上传。")
        return
    found = {roster.layout.name for roster in taken.rosters}
    upload.layout = found.pop() if len(found) == 1 else ""  # a workbook of several kinds is known sheet by sheet
    intake.step(upload, "matching", 40)
    upload.counts = actions.preview(upload, Gathered(list(taken.rosters)))
    upload.save(update_fields=["layout", "counts"])
    intake.step(upload, "previewed", 100)


@task
def commit(upload_id: int, user_id: int) -> None:
    """Write what the preview found, all of it or nothing."""
    upload, by = Upload.objects.select_related("place").get(pk=upload_id), User.objects.get(pk=user_id)
    if upload.stage != "committing":
        return
    with scope.walled(scope.of(by)):
        actions.commit(upload, by=by)


@task
def undo(upload_id: int, user_id: int, reason: str = "") -> None:
    """Take the roster back; where that is refused, the reason stands on the upload."""
    upload, by = Upload.objects.select_related("place").get(pk=upload_id), User.objects.get(pk=user_id)
    try:
        with scope.walled(scope.of(by)):
            actions.undo(upload, by=by, reason=reason)
    except actions.TooLate as late:
        Upload.objects.filter(pk=upload_id).update(problem=str(late))


def resume() -> int:
    """Take up again what a stopped worker left. Returns how many."""
    left = Upload.objects.filter(stage__in=("received", "reading", "matching", "committing"))
    for upload in left:
        if upload.stage == "committing":
            commit.enqueue(upload.pk, upload.by_id)
        else:
            prepare.enqueue(upload.pk)
    return len(left)
