"""The current edition: the database's facts as Parquet by county, written again where the trail says something changed.

Each state of it has the number of the last line of the trail it knows. Files are never written over: a page that began
with one number reads the files of that number to its end, whoever writes meanwhile.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from dishu.engine import backends
from dishu.engine import figures as engine
from dishu.engine.derived import complete
from dishu.engine.facts import TABLES, Facts, schema
from dishu.engine.territory import Tree
from dishu.site import bulk
from dishu.site.membership import facts as membership
from dishu.site.registry import facts as registry
from dishu.site.reports.soon import PATIENCE, Computing, soon
from dishu.site.territory import facts as territory
from dishu.site.territory.models import Place, Reach
from dishu.site.trail.models import TrailLine

QUERIES = territory.QUERIES | registry.QUERIES | membership.QUERIES
PLACE = territory.PLACE | registry.PLACE | membership.PLACE
#: What lies above the counties, or in no county.
ELSEWHERE = "elsewhere"
#: Lines of the trail that change no fact.
READING = (
    "logged_in", "logged_out", "login_failed", "looked", "revealed", "searched", "exported", "uploaded", "mapped", "refused",
    "sealed", "unlocked", "reset", "verified", "asked", "answered", "invited", "activated",
)  # fmt: skip
#: Rows written within a page's time; more is the worker's.
AT_ONCE = 150_000
#: Seconds for which the files of an older state are kept for those who still read them.
READ_OUT = 15 * 60


def folder() -> Path:
    """Where the current edition lies."""
    return Path(settings.HOME) / "editions" / "current"


@dataclass(frozen=True)
class Current:
    """The facts as of one line of the trail. `root`: the folder they lie in."""

    line: int
    root: Path

    @cached_property
    def files(self) -> dict[str, dict[str, Any]]:
        """county -> its files by table, and how many rows they hold."""
        counties: dict[str, dict[str, Any]] = json.loads((self.root / f"{self.line}.json").read_text())
        return counties

    def facts(self, link: backends.Connection | None = None) -> Facts:
        """All facts, on DuckDB."""
        link = link or backends.duckdb()
        return complete({name: link.read_parquet(self.paths(name), hive_partitioning=False) for name in TABLES})

    def paths(self, name: str) -> list[str]:
        """The files of one table."""
        return [str(self.root / one["files"][name]) for one in self.files.values() if name in one["files"]]

    def tree(self, day: date) -> Tree:
        """Its places with the borders of a day."""
        return soon((self.root, self.line, "tree"), self._tree).at(day)

    def _tree(self) -> Tree:
        return Tree(pa.concat_tables([pq.read_table(path) for path in self.paths("place")]), timezone.localdate())

    def counts(self, day: date) -> engine.Counts:
        """Subjects counted on a day; kept, because every page asks again."""
        return soon(
            (self.root, self.line, "counts", day), lambda: engine.Counts.of(engine.states_at(self.facts(), day))
        )

    def states(self, day: date, subject: str) -> Path:
        """A file with the state of one kind of subject on a day, by place; written once, read page by page."""
        return soon((self.root, self.line, "states", day, subject), lambda: self._states(day, subject))

    def _states(self, day: date, subject: str) -> Path:
        file = self.root / "states" / f"{self.line}-{day}-{subject}.parquet"
        if not file.exists():
            file.parent.mkdir(exist_ok=True)
            state = engine.states_at(self.facts(), day)[subject].order_by("place", subject)
            draft = file.with_name(f"{file.name}.{time.monotonic_ns()}")
            pq.write_table(state.to_pyarrow(), draft, compression="zstd", row_group_size=20_000)
            draft.rename(file)
        return file


def current() -> Current:
    """The current edition, brought up to the last change first. Raises `Computing` where that takes the worker."""
    written = _written()
    last = last_change()
    if last != written:
        if _rows_to_write(written) > AT_ONCE:
            _send_for_worker()
        else:
            with _alone():
                _follow(_written())
    return Current(_written(), folder())


def follow() -> None:
    """Bring the current edition up to the last change, however long it takes. For the worker."""
    _asked().unlink(missing_ok=True)  # what changes from here on may be asked for again
    with _alone(patience=None):
        _follow(_written())


def _asked() -> Path:
    """The note that the worker has been sent for."""
    return folder().parent / "asked"


def _send_for_worker() -> None:
    """Have the worker write what is much; not again while it may still be at it."""
    from dishu.site.reports import work  # the worker's tasks call this module

    asked = _asked()
    if not asked.exists() or time.time() - asked.stat().st_mtime > 60:
        asked.parent.mkdir(parents=True, exist_ok=True)
        asked.touch()
        work.follow.enqueue()
    if _written() != last_change():
        raise Computing


def _written() -> int:
    file = folder() / "line.json"
    return int(json.loads(file.read_text())["line"]) if file.exists() else -1


def _changes() -> QuerySet[TrailLine]:
    """Lines that changed a fact; accounts, tokens and doubts are none (records that are joined have lines of their own)."""
    rows = TrailLine.objects.exclude(verb__in=READING)
    for app in ("accounts.", "api.", "doubts."):
        rows = rows.exclude(subject_type__startswith=app)
    return rows


def last_change() -> int:
    """The number of the last line of the trail that changed a fact."""
    return _changes().order_by("-id").values_list("id", flat=True).first() or 0


@contextmanager
def _alone(patience: float | None = PATIENCE) -> Iterator[None]:
    """One process writes, the others wait and then find it done."""
    folder().mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + (patience or 0)
    with (folder().parent / "current.lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX if patience is None else fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise Computing from None
                time.sleep(0.05)
        yield


@contextmanager
def _for_everybody() -> Iterator[None]:
    """The edition is everybody's: written without the wall, which then stands again. Who sees what is asked on reading."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        role = cursor.fetchone()[0]
        cursor.execute("RESET ROLE")
        yield
        if role != "none":
            cursor.execute("SELECT set_config('role', %s, true)", [role])


def _follow(written: int) -> None:
    """Write the counties again that lines after `written` speak of; all of them where a line names no place."""
    with _for_everybody():
        last = last_change()
        if last == written:
            return
        known = Current(written, folder()).files if written >= 0 else {}
        present = set(_open_counties()) | {ELSEWHERE}
        made = {code: _write(code, key, last) for code, key in _touched(written).items()}
    counties = {code: files for code, files in (known | made).items() if code in present}
    _put(folder() / f"{last}.json", counties)
    _put(folder() / "line.json", {"line": last})
    _throw_away()


def _put(file: Path, content: Any) -> None:
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(content))
    draft.rename(file)


def _open_counties() -> dict[str, int]:
    return dict(Place.objects.open().filter(level="county").values_list("code", "pk"))


def _touched(written: int) -> dict[str, int]:
    """Codes and keys of the counties to write."""
    counties = _open_counties()
    places = set(_changes().filter(id__gt=written).order_by().values_list("place_id", flat=True).distinct())
    if written >= 0 and None not in places:
        near = set(Reach.objects.filter(place__in=places).values_list("node_id", flat=True))
        near |= set(Reach.objects.filter(node__in=places).values_list("place_id", flat=True))
        counties = {code: key for code, key in counties.items() if key in near}
    return {**counties, ELSEWHERE: 0}


def _rows_to_write(written: int) -> int:
    """About how many rows: those that the touched counties had, or, the first time, what the database holds."""
    if written < 0:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sum(greatest(reltuples, 0)) FROM pg_class WHERE relname IN"
                " ('registry_unitstate', 'membership_standing', 'membership_affiliation', 'membership_coverage')"
            )
            return int(cursor.fetchone()[0] or 0)
    known = Current(written, folder()).files
    return sum(known[code]["rows"] for code in _touched(written) if code in known)


def _write(code: str, key: int, line: int) -> dict[str, Any]:
    """One county's tables. An open county also has the records of those that became part of it."""
    files: dict[str, str] = {}
    rows = 0
    for name, query in QUERIES.items():
        table = bulk.fetch(query.format(inside=f"{PLACE[name]} {_inside(code, key)}"), schema(name).to_pyarrow())
        if table.num_rows or code == ELSEWHERE:
            file = folder() / name / f"{code}.{line}.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            draft = file.with_suffix(".draft")
            pq.write_table(table, draft, compression="zstd")
            draft.rename(file)
            files[name], rows = f"{name}/{file.name}", rows + table.num_rows
    return {"files": files, "rows": rows}


def _inside(code: str, key: int) -> str:
    if code != ELSEWHERE:
        return f"IN (SELECT place_id FROM territory_reach WHERE node_id = {int(key)})"
    # named one by one, they are found by the index; as "not in the others" the whole register is read
    inside = Reach.objects.filter(node__level="county", node__closed_on=None).values("place")
    keys = Place.objects.exclude(pk__in=inside).values_list("pk", flat=True)
    return f"IN ({', '.join(map(str, keys)) or 'NULL'})"


def _throw_away() -> None:
    """Files of states that nobody reads any more."""
    late = time.time() - READ_OUT
    states = sorted(folder().glob("[0-9]*.json"), key=lambda file: int(file.stem))
    gone = [file for file in states[:-1] if file.stat().st_mtime < late]
    for file in gone:
        file.unlink()
    kept = {
        name for file in states if file not in gone
        for one in json.loads(file.read_text()).values() for name in one["files"].values()
    }  # fmt: skip
    lines = {int(file.stem) for file in states if file not in gone}
    for file in folder().glob("states/*.parquet"):
        if int(file.name.split("-")[0]) not in lines:
            file.unlink(missing_ok=True)
    for file in folder().glob("[!s]*/*.parquet"):
        if f"{file.parent.name}/{file.name}" not in kept and file.stat().st_mtime < late:
            file.unlink(missing_ok=True)


def forget() -> None:
    """Throw the current edition away; the next question writes it again."""
    shutil.rmtree(folder(), ignore_errors=True)
