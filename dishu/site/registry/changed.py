"""What a roster changes of each unit, gathered to be shown and to be written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dishu.site.intake.fold import Source, Tie
from dishu.site.intake.ties import SOURCE, changes
from dishu.site.registry.said import ATTRIBUTES, Judged

RECORD = ("name", "code", "address", "kind", "place", "opened_on", "closed_on")
_DATE, _TEXT, _KEY = pa.date32(), pa.string(), pa.int64()
UNITS = pa.schema(
    [("subject", _KEY), ("outcome", _TEXT)]
    + [(n, _DATE if n.endswith("_on") else _TEXT) for n in RECORD]
    + [("changes", pa.list_(_TEXT)), ("sheet", _TEXT), ("row", _KEY)]
)
_PERIOD = [("since", _DATE), ("until", _DATE)]
STATES = pa.schema([("subject", _KEY), *_PERIOD, ("place", _TEXT), *ATTRIBUTES.items(), *SOURCE.items()])
POSTS = pa.schema([("subject", _KEY), ("name", _TEXT), *_PERIOD, *SOURCE.items()])
WORK = pa.schema([("subject", _KEY), ("on", _DATE)])
TABLES = {
    "preview": UNITS, "states_gone": STATES, "states_come": STATES, "posts_gone": POSTS, "posts_come": POSTS,
    "work_gone": WORK, "work_come": WORK,
}  # fmt: skip
CHUNK = 20_000


def outcome(subject: int, before: Judged | None, after: Judged, doubtful: bool) -> str:
    """What happens to the unit, in one word; a negative subject is not in the register yet."""
    if subject < 0:
        return "doubtful" if doubtful else "new"
    if before is None:  # added by hand, now met in a roster
        return "changed"
    if after.closed_on is not None and before.closed_on is None:
        return "closed"
    if _record(before) == _record(after) and not differences(before, after):
        return "same"
    # a finer place than the known one is no move
    return "changed" if after.place.startswith(before.place) or before.place.startswith(after.place) else "moved"


def _record(unit: Judged) -> tuple[Any, ...]:
    return tuple(getattr(unit, name) for name in RECORD)


def differences(before: Judged, after: Judged, live: frozenset[int] | None = None) -> dict[str, list[Any]]:
    """Rows that go and rows that come, by table; empty where nothing differs."""
    gone, come = changes(before.states, after.states, live)
    posts_gone, posts_come = changes(before.posts, after.posts, live)
    found = {
        "states_gone": gone, "states_come": come, "posts_gone": posts_gone, "posts_come": posts_come,
        "work_gone": sorted(before.work - after.work), "work_come": sorted(after.work - before.work),
    }  # fmt: skip
    return found if any(found.values()) else {}


@dataclass
class Changes:
    """Rows by table, kept as Arrow so that a million of them fit."""

    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))
    done: dict[str, list[pa.Table]] = field(default_factory=lambda: defaultdict(list))

    def add(
        self, subject: int, before: Judged | None, after: Judged | None, word: str, live: frozenset[int] | None = None
    ) -> None:
        """What becomes of one unit. `after` None: nothing is said of it any more."""
        there = after or before
        if there is None:
            return
        nothing = Judged(there.name, None, None, there.kind, there.place, None)
        for name, ties in differences(before or nothing, after or nothing, live).items():
            for tie in ties:
                self._append(name, (subject, *_flat(tie)))
        source = there.states[0].source if there.states else Source(None, "", None)
        said = _told(before, after) if before and after else []
        self._append("preview", (subject, word, *_record(there), said, source.sheet, source.row))

    def put(self, tables: dict[str, pa.Table]) -> None:
        """What was found out elsewhere, as tables."""
        for name, table in tables.items():
            self.done[name].append(table)

    def _append(self, name: str, row: tuple[Any, ...]) -> None:
        rows = self.rows[name]
        rows.append(row)
        if len(rows) >= CHUNK:
            self._flush(name)

    def _flush(self, name: str) -> None:
        schema, rows = TABLES[name], self.rows[name]
        if rows:
            columns = zip(zip(*rows, strict=True), schema, strict=True)
            self.done[name].append(pa.table([pa.array(column, f.type) for column, f in columns], schema=schema))
            rows.clear()

    def table(self, name: str) -> pa.Table:
        """All rows of one table."""
        self._flush(name)
        return pa.concat_tables([TABLES[name].empty_table(), *self.done[name]])

    def write(self, folder: Path) -> None:
        """Leave the tables in a folder."""
        for name in TABLES:
            pq.write_table(self.table(name), folder / f"{name}.parquet")


def read(folder: Path) -> dict[str, pa.Table]:
    """What `Changes.write` left."""
    return {name: pq.read_table(folder / f"{name}.parquet") for name in TABLES}


def _flat(tie: Any) -> tuple[Any, ...]:
    return (*tie.key, tie.since, tie.until, *tie.says, *tie.source) if isinstance(tie, Tie) else (tie,)


def _told(before: Judged, after: Judged) -> list[str]:
    """What differs, for the eye: column, old and new value."""
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in RECORD]
    if before.states and after.states:
        old, new = before.states[-1].says[1:], after.states[-1].says[1:]
        pairs += list(zip(ATTRIBUTES, old, new, strict=True))
    return [f"{name}:{'' if a is None else a}→{'' if b is None else b}" for name, a, b in pairs if a != b]
