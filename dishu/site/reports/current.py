"""The current edition: the database's facts as Parquet by county, written again where the trail says something changed."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection, transaction

from dishu.engine import backends
from dishu.engine import figures as engine
from dishu.engine.derived import complete
from dishu.engine.facts import TABLES, Facts, schema
from dishu.engine.territory import Tree
from dishu.site import bulk
from dishu.site.membership import facts as membership
from dishu.site.registry import facts as registry
from dishu.site.territory import facts as territory
from dishu.site.territory.models import Place, Reach
from dishu.site.trail.models import TrailLine

QUERIES = territory.QUERIES | registry.QUERIES | membership.QUERIES
PLACE = territory.PLACE | registry.PLACE | membership.PLACE
#: What lies above the counties, or in no county.
ELSEWHERE = "elsewhere"
#: Lines of the trail that change no fact.
READING = (
    "logged_in",
    "logged_out",
    "login_failed",
    "looked",
    "revealed",
    "searched",
    "exported",
    "uploaded",
    "refused",
)


def folder() -> Path:
    """Where the current edition lies."""
    return Path(settings.HOME) / "editions" / "current"


@dataclass(frozen=True)
class Current:
    """The facts as of one line of the trail."""

    line: int

    def facts(self) -> Facts:
        """All facts, on DuckDB."""
        link = backends.duckdb()
        return complete({name: self._table(link, name) for name in TABLES})

    def _table(self, link: Any, name: str) -> Any:
        files = [str(path) for path in sorted((folder() / name).glob("*.parquet"))]
        return link.read_parquet(files, hive_partitioning=False)

    def tree(self, day: date) -> Tree:
        """Its places with the borders of a day."""
        return _tree(self.line).at(day)

    def counts(self, day: date) -> engine.Counts:
        """Subjects counted on a day; kept, because every page asks again."""
        return _counts(self.line, day)


@lru_cache(maxsize=4)
def _tree(line: int) -> Tree:
    parts = [pq.read_table(path) for path in sorted((folder() / "place").glob("*.parquet"))]
    return Tree(pa.concat_tables(parts), date.max)


@lru_cache(maxsize=32)
def _counts(line: int, day: date) -> engine.Counts:
    return engine.Counts.of(engine.states_at(Current(line).facts(), day))


def current() -> Current:
    """The current edition, brought up to the last change first."""
    written = _written()
    if _last() != written:
        with _alone():
            _follow(_written())
    return Current(_written())


def _written() -> int:
    file = folder() / "line.json"
    return int(json.loads(file.read_text())["line"]) if file.exists() else -1


def _last() -> int:
    last = TrailLine.objects.exclude(verb__in=READING).order_by("-id").values_list("id", flat=True).first()
    return last or 0


@contextmanager
def _alone() -> Iterator[None]:
    """One process writes, the others wait and then find it done."""
    folder().parent.mkdir(parents=True, exist_ok=True)
    with (folder().parent / "current.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _follow(written: int) -> None:
    """Write the counties again that lines after `written` speak of; all of them where a line names no place."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("RESET ROLE")  # the edition is everybody's; who sees what of it is asked when it is read
        last = _last()
        if last == written:
            return
        for county in _counties(written):
            _write(county)
    (folder() / "line.json").write_text(json.dumps({"line": last}))


def _counties(written: int) -> Mapping[str, int] | Any:
    """Codes and keys of the counties to write."""
    counties = dict(Place.objects.open().filter(level="county").values_list("code", "pk"))
    for file in folder().glob("*/*.parquet"):
        if file.stem not in counties and file.stem != ELSEWHERE:
            file.unlink()  # the county has ended: what it was counts at its successor
    lines = TrailLine.objects.exclude(verb__in=READING).filter(id__gt=written)
    places = set(lines.values_list("place_id", flat=True))
    if written >= 0 and None not in places:
        touched = set(Reach.objects.filter(place__in=places).values_list("node_id", flat=True))
        touched |= set(Reach.objects.filter(node__in=places).values_list("place_id", flat=True))
        counties = {code: key for code, key in counties.items() if key in touched}
    return [*counties.items(), (ELSEWHERE, 0)]


def _write(county: tuple[str, int]) -> None:
    code, key = county
    for name, query in QUERIES.items():
        if code == ELSEWHERE:
            inside = f"{PLACE[name]} NOT IN (SELECT r.place_id FROM territory_reach r JOIN territory_place c ON c.id = r.node_id WHERE c.level = 'county' AND c.closed_on IS NULL)"
        else:
            inside = f"{PLACE[name]} IN (SELECT place_id FROM territory_reach WHERE node_id = {int(key)})"
        table = bulk.fetch(query.format(inside=inside), schema(name).to_pyarrow())
        file = folder() / name / f"{code}.parquet"
        if table.num_rows or code == ELSEWHERE:
            file.parent.mkdir(parents=True, exist_ok=True)
            draft = file.with_suffix(".draft")
            pq.write_table(table, draft, compression="zstd")
            draft.rename(file)
        else:
            file.unlink(missing_ok=True)


def forget() -> None:
    """Throw the current edition away; the next question writes it again."""
    shutil.rmtree(folder(), ignore_errors=True)
