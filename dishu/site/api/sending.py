"""Calls that send a roster, put it into the register and take it back; and that seal an edition."""

import shutil
from datetime import date
from typing import Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Form, Query, Schema
from ninja.files import UploadedFile

from dishu.site.api.calls import call
from dishu.site.api.errors import Refusal
from dishu.site.api.places import my_place
from dishu.site.api.rosters import my_upload
from dishu.site.api.writes import Body, Done, Outcome, Trying, written
from dishu.site.intake import actions as intake
from dishu.site.intake import kept
from dishu.site.intake.models import Upload
from dishu.site.reports import sealing
from dishu.site.reports.models import Sealed
from dishu.site.rosters import actions as roster
from dishu.site.rosters import work
from dishu.standards import forms

#: What a dry run reads and matches while the caller waits; more is sent, previewed by the worker, and not committed.
MOST_TRIED, MOST_ROWS = 5_000_000, 20_000
#: Bytes of all rosters that are judged together with it.
MOST_BESIDE = 50_000_000


class Sending(Schema):
    """What a roster is of."""

    place: str = Field(description="Code of the place the roster is of")
    day: date = Field(description="The day the roster describes")
    layout: Literal["", *forms.names()] = Field("", description="Recognised where empty")  # type: ignore[valid-type]


@call("POST", "/uploads", "intake.upload", Done, status=202, dry=True)
def send_upload(
    request: HttpRequest, about: Form[Sending], file: File[UploadedFile], query: Query[Trying]
) -> HttpResponse:
    """Send a roster. The worker reads it and finds out what it would do: read the upload until it is `previewed`.

    With `dry_run` that is done at once (small files only) and nothing is kept. Nothing is written into the register
    before it is committed.
    """
    place = my_place(request, about.place)
    if query.dry_run and (file.size or 0) > MOST_TRIED:
        raise Refusal("too_large", limit=f"{MOST_TRIED:,} B（dry_run）")

    def do() -> Outcome:
        one = intake.receive(by=request.user, file=file, place=place, day=about.day, layout=about.layout)
        fresh = one.stage == "received"
        if not query.dry_run:
            if fresh:
                transaction.on_commit(lambda: work.prepare.enqueue(one.pk))
            return Outcome(id=one.pk, made=fresh)
        if fresh:
            try:
                _prepare(one)
            except BaseException:
                _tidy(one)
                raise
        concerns = [one.problem] if one.problem else []
        return Outcome(id=one.pk, counts=one.counts, concerns=concerns, made=fresh,
                       tidy=(lambda: _tidy(one)) if fresh else None)  # fmt: skip

    return written(request, do, query.dry_run, status=202)


def _prepare(one: Upload) -> None:
    """What the worker would do; people are judged by all rosters of their prefecture, so these count, too."""
    with kept.outside_walls():
        if sum(other.size for other in kept.committed(kept.circle(one.place))) > MOST_BESIDE:
            raise Refusal("too_large", limit=f"{MOST_BESIDE:,} B（dry_run）")
        work.prepare.func(one.pk)
    one.refresh_from_db()


def _tidy(one: Upload) -> None:
    """Take away what a dry run left beside the database."""
    one.file.delete(save=False)
    shutil.rmtree(one.folder, ignore_errors=True)


@call("POST", "/uploads/{int:upload}/commit", "intake.upload", Done, status=202, dry=True)
def commit_upload(request: HttpRequest, upload: int, query: Query[Trying]) -> HttpResponse:
    """Write what the preview found into the register; the worker does it: read the upload until it is `committed`."""
    one = my_upload(request, upload)

    def do() -> Outcome:
        _at(one, "previewed", query.dry_run)
        counts = dict(one.counts)
        if query.dry_run:
            counts["written"] = roster.commit(one, by=request.user)
        else:
            intake.step(one, "committing", 0)
            transaction.on_commit(lambda: work.commit.enqueue(one.pk, request.user.pk))
        return Outcome(id=one.pk, counts=counts)

    return written(request, do, query.dry_run, status=202)


class Undoing(Body):
    """Why a roster is taken back."""

    reason: str = Field(min_length=1, max_length=500, pattern=r"\S")


@call("POST", "/uploads/{int:upload}/undo", "intake.upload", Done, status=202, dry=True)
def undo_upload(request: HttpRequest, upload: int, body: Undoing, query: Query[Trying]) -> HttpResponse:
    """Take a whole roster back out of the register; where that is refused, the reason stands in `problem`."""
    one = my_upload(request, upload)

    def do() -> Outcome:
        _at(one, "committed", query.dry_run)
        if query.dry_run:
            return Outcome(id=one.pk, counts={"written": roster.undo(one, by=request.user, reason=body.reason)})
        transaction.on_commit(lambda: work.undo.enqueue(one.pk, request.user.pk, body.reason))
        return Outcome(id=one.pk)

    return written(request, do, query.dry_run, status=202)


def _at(one: Upload, stage: str, dry_run: bool) -> None:
    """Refuse where the roster is not that far, or too large to be tried while the caller waits."""
    now = Upload.objects.select_for_update(of=("self",)).get(pk=one.pk)
    if now.stage != stage:
        raise Refusal("not_now", stage=now.get_stage_display(), details={"stage": now.stage})
    if dry_run and sum(now.counts.values()) > MOST_ROWS:
        raise Refusal("too_large", limit=f"{MOST_ROWS:,} 行（dry_run）")


class Sealing(Body):
    """What to seal."""

    place: str
    day: date
    note: str = Field("", max_length=200)


@call("POST", "/editions", "editions.seal", Done, status=201, dry=True)
def seal_edition(request: HttpRequest, body: Sealing, query: Query[Trying]) -> HttpResponse:
    """Seal what is known now of a place as it stood on a day; it is never changed afterwards."""
    place = my_place(request, body.place)

    def do() -> Outcome:
        made = sealing.seal(by=request.user, place=place, day=body.day, note=body.note)
        return Outcome(id=made.pk, code=made.contents, made=True, tidy=lambda: _unsealed(made))

    return written(request, do, query.dry_run, status=201)


def _unsealed(made: Sealed) -> None:
    """The files of an edition that was only tried."""
    for path in (made.folder, *made.folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(made.folder, ignore_errors=True)
