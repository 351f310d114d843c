"""Writing lines of the trail, and proving that none was changed or taken out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, models

from dishu.site.trail.models import TrailLine

Actor = AbstractBaseUser
_waiting: ContextVar[list[TrailLine] | None] = ContextVar("waiting", default=None)


def write(
    *, by: Actor | None, verb: str, subject: models.Model | None, place: models.Model | None = None,
    reason: str = "", details: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Add a line: `by` did `verb` to `subject`, which lies at `place`. `by` None is the system itself."""
    line = TrailLine(
        by_id=by.pk if by else None, verb=verb, subject_type=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None, place_id=place.pk if place else None, reason=reason,
        details=details or {},
    )  # fmt: skip
    waiting = _waiting.get()
    if waiting is None:
        TrailLine.objects.bulk_create([line])
    else:
        waiting.append(line)


@contextmanager
def gathered() -> Iterator[None]:
    """Add all lines of the block together at its end, in its transaction.

    The chain makes everybody who writes a line wait for the one before: the shorter the wait, the better.
    """
    lines: list[TrailLine] = []
    token = _waiting.set(lines)
    try:
        yield
    finally:
        _waiting.reset(token)
    TrailLine.objects.bulk_create(lines)


def broken() -> int | None:
    """The number of the first line that does not follow from the one before it; None where the whole trail holds."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT min(id) FROM (
                SELECT id, previous, digest, lag(digest) OVER (ORDER BY id) AS before, trail_digest(t) AS again
                FROM trail_trailline t
            ) lines
            WHERE digest IS DISTINCT FROM again OR previous IS DISTINCT FROM before""")
        return cursor.fetchone()[0]
