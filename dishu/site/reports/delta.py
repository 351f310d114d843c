"""The few records that changed, with all that figures about them rest on: as an edition has them, and as they are now.

What is counted of both is taken from the edition's counts and added to them: the same definitions, asked of few rows.
Whoever stands there only because others rest on them is the same in both and cancels out.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import connection

from dishu.engine import backends
from dishu.engine.derived import complete, plans
from dishu.engine.edition import FOLLOWS
from dishu.engine.facts import TABLES, Facts, Table, empty, schema
from dishu.engine.figures import Counts
from dishu.site import bulk
from dishu.site.membership import facts as membership
from dishu.site.registry import facts as registry
from dishu.site.reports import fewrows
from dishu.site.reports.changes import Changes

QUERIES = registry.QUERIES | membership.QUERIES
KEY = registry.KEY | membership.KEY
#: Records that may change before an edition is rather written again, and records that may hang together with them.
MOST, MOST_AROUND = 1_000, 20_000
#: Who rests on whom: from, to, the table of the facts that ties them, and the same in the database.
TIES = (
    ("unit", "member", "employment", "membership_employment"), ("org", "member", "affiliation", "membership_affiliation"),
    ("unit", "instructor", "instructor", "registry_posting"), ("instructor", "unit", "instructor", "registry_posting"),
    ("member", "unit", "employment", "membership_employment"), ("org", "unit", "coverage", "membership_coverage"),
    ("member", "org", "affiliation", "membership_affiliation"), ("unit", "org", "coverage", "membership_coverage"),
)  # fmt: skip
Keys = Mapping[str, set[int]]
Rows = Mapping[str, pa.Table]


@dataclass(frozen=True)
class Delta:
    """A folder with both sides. `changed`: whose rows are new; `judged`: of whom anything may be different now."""

    folder: Path

    @cached_property
    def keys(self) -> dict[str, dict[str, list[int]]]:
        """`changed` and `judged`, by kind of record."""
        found: dict[str, dict[str, list[int]]] = json.loads((self.folder / "keys.json").read_text())
        return found

    @property
    def many(self) -> int:
        """How many records changed."""
        return sum(map(len, self.keys["changed"].values()))

    def facts(self, side: str) -> Facts:
        """The records `before` or `after`, without the edition's places: no state of a record asks them."""
        link = backends.duckdb()
        return complete({name: link.read_parquet(self._file(side, name)) for name in TABLES})

    def counts(self, side: str, day: date) -> Counts:
        """The records `before` or `after`, counted on a day."""
        return fewrows.desk().counts(partial(self._file, side), day)

    def _file(self, side: str, name: str) -> str:
        return str(self.folder / side / f"{name}.parquet")

    def over(self, table: Table, name: str, link: backends.Connection) -> Table:
        """A table of the edition's facts with the rows of the changed records as they are now."""
        if name not in KEY:
            return table
        now = link.read_parquet(self._file("after", name))
        return replaced(table, now, FOLLOWS[name], self.keys["changed"].get(FOLLOWS[name], []))


def at(root: Path, base: int, change: str) -> Delta:
    """Where the delta of that name lies, or would lie."""
    return Delta(root / "delta" / f"{base}-{change}")


def replaced(table: Table, now: Table, key: str, keys: Sequence[int]) -> Table:
    """Rows of `table`, those of the keys taken from `now`."""
    mine = ibis.memtable(pa.table({key: pa.array(keys, pa.int64())}))
    return table.anti_join(mine, key).union(now.semi_join(mine, key)) if keys else table


def make(folder: Path, changes: Changes, paths: Mapping[str, list[str]], planned: Iterable[int]) -> bool:
    """Write what changed beside an edition whose files are `paths`; False where it is too much or touches everybody.

    `planned`: for each plan of each county a unit that is on it (`plans`).
    """
    changed = {kind: changes.keys(kind) for kind in ("unit", "member", "org")}
    if changes.keys("place") or sum(map(len, changed.values())) > MOST:
        return False
    old = _old(paths, changed)
    judged = _around(changed, old)
    around = _around(judged, {})
    around["unit"] |= set(planned)
    if sum(map(len, around.values())) > MOST_AROUND:
        return False
    after = {name: _now(name, around[FOLLOWS[name]]) for name in KEY}
    before = {name: pa.concat_tables([_without(after[name], name, changed), old[name]]) for name in KEY}
    if _planned(changed, before, after) and _plans(before) != _plans(after):
        return False
    _write(folder, {"before": before, "after": after}, {"changed": changed, "judged": judged})
    return True


def _old(paths: Mapping[str, list[str]], changed: Keys) -> Rows:
    """The edition's rows of the records that changed."""
    link, found = duckdb.connect(), {}
    for name in KEY:
        keys = changed[FOLLOWS[name]]
        found[name] = empty(name)
        if keys and paths[name]:
            asked = f"SELECT * FROM read_parquet(?, hive_partitioning = false) WHERE {FOLLOWS[name]} IN {tuple(keys) + (-1,)}"
            found[name] = link.execute(asked, [paths[name]]).to_arrow_table().cast(schema(name).to_pyarrow())
    return found


def _around(keys: Keys, old: Rows) -> dict[str, set[int]]:
    """Those records, and who rests on them now or did in the old rows."""
    found = {kind: set(keys.get(kind, ())) for kind in ("unit", "member", "org", "instructor")}
    for origin, other, name, table in TIES:
        asked = sorted(found[origin])
        if asked:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {other}_id FROM {table} WHERE {origin}_id = ANY (%s)", [asked])
                found[other].update(key for (key,) in cursor.fetchall())
            if name in old:
                rows = old[name].filter(pc.is_in(old[name][origin], pa.array(asked, pa.int64())))
                found[other].update(rows[other].to_pylist())
    return found


def _now(name: str, keys: set[int]) -> pa.Table:
    inside = f"{KEY[name]} = ANY (ARRAY[{', '.join(map(str, sorted(keys)))}]::bigint[])"
    return bulk.fetch(QUERIES[name].format(inside=inside), schema(name).to_pyarrow())


def _without(rows: pa.Table, name: str, changed: Keys) -> pa.Table:
    keys = pa.array(sorted(changed[FOLLOWS[name]]), pa.int64())
    return rows.filter(pc.invert(pc.is_in(rows[FOLLOWS[name]], keys)))


def _planned(changed: Keys, *sides: Rows) -> bool:
    """Whether one of the changed units is on a plan."""
    return any(changed["unit"] & set(rows["plan"]["unit"].to_pylist()) for rows in sides)


def _plans(rows: Rows) -> list[dict[str, Any]]:
    """When each county froze its plans: a new plan asks all units of its county anew."""
    known = plans(ibis.memtable(rows["unit"]), ibis.memtable(rows["plan"]))
    found: list[dict[str, Any]] = known.select("county", "frozen").order_by("county", "frozen").to_pyarrow().to_pylist()
    return found


def _write(folder: Path, sides: Mapping[str, Rows], keys: Mapping[str, Keys]) -> None:
    draft = folder.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    for side, tables in sides.items():
        (draft / side).mkdir(parents=True)
        for name in TABLES:
            pq.write_table(tables.get(name, empty(name)), draft / side / f"{name}.parquet")
    listed = {what: {kind: sorted(some) for kind, some in by.items()} for what, by in keys.items()}
    (draft / "keys.json").write_text(json.dumps(listed))
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
