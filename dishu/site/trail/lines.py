"""Writing lines of the trail, and who looked at what. Proving that none was changed: `chain`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction

from dishu.site.trail.models import LOOKS, TrailLine

Actor = AbstractBaseUser
_waiting: ContextVar[list[TrailLine] | None] = ContextVar("waiting", default=None)
_through: ContextVar[dict[str, Any]] = ContextVar("through", default={})  # noqa: B039  (never written to)


def write(
    *, by: Actor | None, verb: str, subject: models.Model | None, place: models.Model | None = None,
    reason: str = "", details: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Add a line: `by` did `verb` to `subject`, which lies at `place`. `by` None is the system itself."""
    line = TrailLine(
        by_id=by.pk if by else None, verb=verb, subject_type=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None, place_id=place.pk if place else None, reason=reason,
        details=(details or {}) | _through.get(),
    )  # fmt: skip
    waiting = _waiting.get()
    if waiting is None:
        TrailLine.objects.bulk_create([line])
    else:
        waiting.append(line)


def looked(*, by: Actor, at: Iterable[models.Model], place: models.Model | None = None, reason: str = "") -> None:
    """One line for each person (or other record) whose data a page showed to `by`."""
    for subject in at:
        lies = place or getattr(subject, "place", None)
        write(by=by, verb="looked", subject=subject, place=lies, reason=reason)


def looks_at(subject: models.Model) -> models.QuerySet[TrailLine]:
    """Who looked at this one, took its full numbers or its row away: the latest first."""
    lines = TrailLine.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    return lines.filter(verb__in=LOOKS).select_related("by")


@contextmanager
def through(**what: Any) -> Iterator[None]:
    """Each line of the block also says by what way it was done, in its details: by which token."""
    token = _through.set(what)
    try:
        yield
    finally:
        _through.reset(token)


@contextmanager
def gathered() -> Iterator[list[TrailLine]]:
    """Add all lines of the block together at its end, in its transaction; none of them where it fails.

    The chain makes everybody who writes a line wait for the one before: the shorter the wait, the better. A block
    within another hands its lines to the outer one.
    """
    lines: list[TrailLine] = []
    outer = _waiting.get()
    token = _waiting.set(lines)
    try:
        yield lines
    finally:
        _waiting.reset(token)
    if outer is None:
        TrailLine.objects.bulk_create(lines)
    else:
        outer.extend(lines)


@contextmanager
def action() -> Iterator[None]:
    """One action: what it writes and its lines of the trail together, or nothing at all. Also a decorator."""
    with transaction.atomic(), gathered():
        yield
