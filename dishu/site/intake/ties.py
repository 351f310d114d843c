"""Dated ties written: those the rosters no longer say go, those they say now come; what was done by hand stays on top."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
from django.db import connection

from dishu.site import bulk
from dishu.site.intake.fold import Tie

SOURCE = {"upload_id": pa.int64(), "sheet": pa.string(), "row": pa.int64()}


@dataclass(frozen=True)
class Kind:
    """A table of ties: its column for the subject, those for the key, those for what a tie says."""

    table: str
    subject: str
    keys: dict[str, pa.DataType]
    says: dict[str, pa.DataType]
    #: What a row looks like that no hand has touched, beside its values.
    untouched: str = "true"

    @property
    def schema(self) -> pa.Schema:
        """Columns of the ties as Arrow."""
        dates = {"since": pa.date32(), "until": pa.date32()}
        return pa.schema(list(({self.subject: pa.int64()} | self.keys | dates | self.says | SOURCE).items()))

    def rows(self, ties: Iterable[tuple[int, Tie]]) -> pa.Table:
        """Pairs of subject and tie as a table."""
        flat = [(subject, *t.key, t.since, t.until, *t.says, *t.source) for subject, t in ties]
        columns = list(zip(*flat, strict=True)) if flat else [()] * len(self.schema)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, self.schema, strict=True)]
        return pa.table(arrays, schema=self.schema)


def changes(
    before: Iterable[Tie], after: Iterable[Tie], live: frozenset[int] | None = None
) -> tuple[list[Tie], list[Tie]]:
    """The ties that go and those that come. Where a tie was read matters only when that roster is no longer there."""

    def mark(tie: Tie) -> tuple[object, ...]:
        stale = live is not None and tie.source.upload is not None and tie.source.upload not in live
        return (*tie.content, stale)

    old, new = {mark(t): t for t in before}, {mark(t): t for t in after}
    return [t for m, t in old.items() if m not in new], [t for m, t in new.items() if m not in old]


def write(kind: Kind, gone: pa.Table, come: pa.Table) -> int:
    """Write the difference. Returns how many rows were touched.

    A row that is not found as the rosters said it was changed by hand: it stays. A hand's row that lies where a roster's
    new one comes ends there when it began before, and cuts it short when it began later.
    """
    if not gone.num_rows and not come.num_rows:
        return 0
    bulk.stage(gone, "ties_gone")
    bulk.stage(come, "ties_come")
    try:
        return sum(_run(statement) for statement in _statements(kind))
    finally:
        _run("DROP TABLE IF EXISTS ties_gone, ties_come")


def _run(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return max(cursor.rowcount, 0)


def _statements(kind: Kind) -> list[str]:
    same = " AND ".join(f"t.{c} = x.{c}" for c in (kind.subject, *kind.keys))
    exact = " AND ".join(f"t.{c} IS NOT DISTINCT FROM x.{c}" for c in ("until", *kind.says))
    columns = [kind.subject, *kind.keys, *kind.says, "upload_id", '"row"']
    later = f"(SELECT min(t.since) FROM {kind.table} t WHERE {same} AND t.since >= x.since)"
    return [
        f"DELETE FROM {kind.table} t USING ties_gone x WHERE {same} AND t.since = x.since AND {exact}"
        f" AND t.upload_id IS NOT NULL AND {kind.untouched}",
        f"UPDATE {kind.table} t SET until = x.since FROM ties_come x"
        f" WHERE {same} AND t.since < x.since AND (t.until IS NULL OR t.until > x.since)",
        f"INSERT INTO {kind.table} ({', '.join(columns)}, sheet, since, until{_extra(kind)[0]})"
        f" SELECT {', '.join(f'x.{c}' for c in columns)}, coalesce(x.sheet, ''), x.since, least(x.until, x.later)"
        f"{_extra(kind)[1]} FROM (SELECT *, {later} AS later FROM ties_come x) x WHERE x.later IS NULL OR x.later > x.since",
    ]


def _extra(kind: Kind) -> tuple[str, str]:
    """Columns that rosters never fill, and what stands in them at first."""
    return (", held", ", false") if "held" in kind.untouched else ("", "")
