"""Which records the facts have changed of since an edition was written: a log that the database's own triggers keep.

An edition knows the numbers of the notes it was written after; every other note that is there has yet to come into it.
A write that is not committed has no notes for others, one that was taken back leaves none, and one that committed late
has its notes whatever was written before: no order is relied upon.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from django.db import connection


@dataclass(frozen=True)
class Changes:
    """Notes that an edition does not know. `notes`: number -> kind (unit, member, org or place) and key."""

    notes: dict[int, tuple[str, int]]

    @cached_property
    def name(self) -> str:
        """The same for the same notes; empty for none."""
        return sha256(repr(sorted(self.notes)).encode()).hexdigest()[:16] if self.notes else ""

    def keys(self, kind: str) -> set[int]:
        """The records of one kind that changed."""
        return {key for what, key in self.notes.values() if what == kind}


def since(known: Collection[int]) -> Changes:
    """All notes but the known ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, key FROM reports_changed WHERE id <> ALL (%s::bigint[]) ORDER BY id", [list(known)]
        )
        return Changes({number: (kind, key) for number, kind, key in cursor.fetchall()})


def forget(known: Collection[int]) -> None:
    """Throw away notes that are in an edition."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reports_changed WHERE id = ANY (%s::bigint[])", [list(known)])
