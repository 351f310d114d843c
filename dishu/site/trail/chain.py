"""Proving that no line of the trail was changed or taken out, slice by slice or to its end."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

#: Lines proved at once: about a second's work.
SLICE = 100_000


@dataclass(frozen=True)
class Proof:
    """Lines up to number `last` (its digest in hex) follow from each other, or else `broken` is the first that does not."""

    lines: int
    last: int
    digest: str
    broken: int | None = None
    more: bool = False


def prove(after: int = 0, limit: int = SLICE) -> Proof:
    """Prove the next lines after number `after`, which itself was proved before (0: from the beginning)."""
    known = 1 if after else 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH lines AS (
                SELECT id, previous, digest, trail_digest(t) AS again, lag(digest) OVER (ORDER BY id) AS before
                FROM trail_trailline t WHERE id >= %s ORDER BY id LIMIT %s
            )
            SELECT count(*), max(id), (SELECT encode(digest, 'hex') FROM lines ORDER BY id DESC LIMIT 1),
                min(id) FILTER (WHERE digest IS DISTINCT FROM again OR (id > %s AND previous IS DISTINCT FROM before))
            FROM lines""",
            [after, limit + known, after],
        )
        found, last, digest, wrong = cursor.fetchone()
    if after and not found:
        return Proof(0, after, "", broken=after)
    return Proof(found - known, last or 0, digest or "", wrong, more=found == limit + known)


def broken() -> int | None:
    """The number of the first line that does not follow from the one before it; None where the whole trail holds."""
    return whole().broken


def whole() -> Proof:
    """Prove the trail from its first line to its last."""
    lines, proof = 0, prove()
    while proof.more and proof.broken is None:
        lines += proof.lines
        proof = prove(proof.last)
    return Proof(lines + proof.lines, proof.last, proof.digest, proof.broken)


def holds(number: int, digest: str) -> bool:
    """Whether the line noted down earlier still is what it was: nothing at the end was cut off and written anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(digest, 'hex') FROM trail_trailline WHERE id = %s", [number])
        row = cursor.fetchone()
    return row is not None and row[0] == digest.lower()
