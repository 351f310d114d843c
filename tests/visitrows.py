"""Visits drawn for tests: only what a test speaks of is given, the rest is that of an ordinary visit."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from dishu.engine.flags import catalogue, judge
from dishu.engine.flags.model import Case, Look
from dishu.engine.flags.visits import TITLES, ordered

START = datetime(2026, 10, 12, 9)


def visits(rows: list[dict]) -> pa.Table:
    """A typed table; `at` (minutes after nine), `took` (seconds), `place` (degrees); visits an hour apart by default."""
    texts = sorted({name for row in rows for name in row} - {"at", "took", "place"} | set(TITLES) - {"started_at"})
    columns = {name: pa.array([_text(row.get(name)) for row in rows], pa.string()) for name in texts}
    columns["visit_id"] = pa.array([row.get("visit_id", f"V{n:04d}") for n, row in enumerate(rows)])
    columns["unit_id"] = pa.array([row.get("unit_id", f"U{n:04d}") for n, row in enumerate(rows)])
    start = [START + timedelta(minutes=row.get("at", 60 * n)) for n, row in enumerate(rows)]
    columns["started_at"] = pa.array(start, pa.timestamp("us"))
    ends = [at + timedelta(seconds=row.get("took", 600)) for at, row in zip(start, rows, strict=True)]
    columns["ended_at"] = pa.array(ends, pa.timestamp("us"))
    for axis, name in enumerate(("longitude", "latitude")):
        columns[name] = pa.array([row["place"][axis] if row.get("place") else None for row in rows], pa.float64())
    return ordered(pa.table(columns))


def _text(value) -> str | None:
    return None if value is None else str(value)


def look(code: str, table: pa.Table, case: Case | None = None, people: int = 1) -> dict[str, Look]:
    """What one flag sees, by collector."""
    flag = catalogue.get(code)
    return {one.collector: one for one in flag.look(table, judge.asked(flag, case, people))}


def shuffled(table: pa.Table, seed: int = 1) -> pa.Table:
    """The same rows in another order."""
    return table.take(pa.array(np.random.default_rng(seed).permutation(table.num_rows)))
