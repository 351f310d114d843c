"""The current edition: the database's facts as Parquet by county, and the few records that changed since (`delta`).

What changed, the database itself notes (`changes`). Files are never written over: a page that began with one state of the
edition reads the files of that state to its end, whoever writes meanwhile.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from dishu.engine import backends
from dishu.engine import figures as engine
from dishu.engine.derived import complete
from dishu.engine.facts import TABLES, Facts, Table
from dishu.engine.territory import Tree
from dishu.site.reports import changes, counties, delta
from dishu.site.reports.soon import PATIENCE, Computing, soon
from dishu.site.trail.models import TrailLine

#: Rows written within a page's time; more is the worker's.
AT_ONCE = 150_000
#: Changed records after which the worker puts them into the files by county.
MANY = 200
#: Seconds for which the files of an older state are kept for those who still read them.
READ_OUT = 15 * 60


def folder() -> Path:
    """Where the current edition lies."""
    return Path(settings.HOME) / "editions" / "current"


@dataclass(frozen=True)
class Current:
    """One state of the edition. `line`: rises with each, and is the number of the last line of the trail in it.

    `root`: the folder; `base`: which writing of the counties; `change`: the name of the delta beside it, if any.
    """

    line: int
    root: Path
    base: int
    change: str = ""

    @cached_property
    def about(self) -> dict[str, Any]:
        """`counties` (each with its files by table, and how many rows they hold), `notes` in them, `planned` units."""
        found: dict[str, Any] = json.loads((self.root / f"{self.base}.json").read_text())
        return found

    @property
    def files(self) -> dict[str, dict[str, Any]]:
        """county -> its files by table, and how many rows they hold."""
        found: dict[str, dict[str, Any]] = self.about["counties"]
        return found

    @property
    def delta(self) -> delta.Delta | None:
        """What changed since the counties were written."""
        return delta.at(self.root, self.base, self.change) if self.change else None

    def facts(self, link: backends.Connection | None = None) -> Facts:
        """All facts, on DuckDB."""
        link = link or backends.duckdb()
        return complete({name: self._table(link, name) for name in TABLES})

    def _table(self, link: backends.Connection, name: str) -> Table:
        table = link.read_parquet(self.paths(name), hive_partitioning=False)
        return self.delta.over(table, name, link) if self.delta else table

    def paths(self, name: str) -> list[str]:
        """The files of one table by county."""
        return counties.paths(self.root, self.files, name)

    def tree(self, day: date) -> Tree:
        """Its places with the borders of a day."""
        return soon((self.root, self.base, "tree"), self._tree).at(day)

    def _tree(self) -> Tree:
        return Tree(pa.concat_tables([pq.read_table(path) for path in self.paths("place")]), timezone.localdate())

    @property
    def written(self) -> Current:
        """The same without what changed since the counties were written."""
        return Current(self.line, self.root, self.base)

    def counts(self, day: date) -> engine.Counts:
        """Subjects counted on a day; kept, because every page asks again."""
        key = (self.root, self.base, "counts", day)
        whole = soon(key, lambda: self._counts(day))
        changed = self.delta
        if changed is None:
            return whole
        return soon(
            (*key, self.change), lambda: whole.with_change(*(changed.counts(side, day) for side in ("before", "after")))
        )

    def _counts(self, day: date) -> engine.Counts:
        """Those of the counties' files, written once for all processes."""
        files = {name: self.root / "states" / f"{self.base}-{day}-{name}-counts.parquet" for name in engine.SUBJECTS}
        if not all(file.exists() for file in files.values()):
            made = _counted(self.written.facts(), day)
            for name, file in files.items():
                _keep(file, made.tables[name])
        return engine.Counts({name: pq.read_table(file) for name, file in files.items()})

    def states(self, link: backends.Connection, day: date, subject: str) -> Table:
        """The state of one kind of subject on a day; the files are written once and read page by page."""
        key = (self.root, self.base, "states", day, subject)
        whole = link.read_parquet(str(soon(key, lambda: self._states(day, subject))))
        changed = self.delta
        if changed is None:
            return whole
        file = changed.folder / f"{day}-{subject}.parquet"
        soon((*key, self.change), lambda: _state(file, changed.facts("after"), day, subject))
        return delta.replaced(whole, link.read_parquet(str(file)), subject, changed.keys["judged"][subject])

    def _states(self, day: date, subject: str) -> Path:
        return _state(self.root / "states" / f"{self.base}-{day}-{subject}.parquet", self.written.facts(), day, subject)

    def prepare(self, day: date) -> None:
        """Work out what pages of a day will ask of the counties' files."""
        self._counts(day)
        for subject in engine.SUBJECTS:
            self._states(day, subject)


def _counted(facts: Facts, day: date) -> engine.Counts:
    return engine.Counts.of(engine.states_at(facts, day))


def _state(file: Path, facts: Facts, day: date, subject: str) -> Path:
    if not file.exists():
        _keep(file, engine.states_at(facts, day)[subject].order_by("place", subject).to_pyarrow())
    return file


def _keep(file: Path, table: pa.Table) -> None:
    """Whole or not at all, whoever else writes the same."""
    file.parent.mkdir(exist_ok=True)
    draft = file.with_name(f"{file.name}.{time.monotonic_ns()}")
    pq.write_table(table, draft, compression="zstd", row_group_size=20_000)
    draft.rename(file)


def current() -> Current:
    """The current edition, brought up to the last change first. Raises `Computing` where that takes the worker."""
    known = _known()
    if known is None or _missing(known).name != known.change:
        with _alone():
            known = _brought_up()
    if known is None:
        _send_for_worker()
        known = _known()  # a worker that is this process itself has been here already
        if known is None or _missing(known).name != known.change:
            raise Computing
    elif known.delta is not None and known.delta.many > MANY:
        _send_for_worker()
    return known


def follow() -> None:
    """Write the counties in which something changed again, and what pages ask of them. For the worker.

    Meanwhile pages go on with what changed beside the files of before, where they can.
    """
    _asked().unlink(missing_ok=True)  # what changes from here on may be asked for again
    with _alone(None, "counties.lock"):
        before = _known()
        if before is not None and not _missing(before).notes:
            return
        with _for_everybody():
            made = _rewritten(before, _missing(before))
        made.prepare(timezone.localdate())
        with _alone(None), _for_everybody():
            now = _known()
            if (now and now.base) == (before and before.base):
                _publish(made, now)


def last_change() -> int:
    """The number of the last note of a change of the facts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM reports_changed")
        return int(cursor.fetchone()[0])


def _known() -> Current | None:
    """The state of the edition that the last one who brought it up left; None where there is none that can be read."""
    try:
        state = json.loads((folder() / "state.json").read_text())
        found = Current(state["line"], folder(), state["base"], state["change"])
        return found if found.about else None
    except (FileNotFoundError, ValueError, KeyError):
        return None


def _missing(known: Current | None) -> changes.Changes:
    """What the counties' files of that state do not have."""
    return changes.since(known.about["notes"] if known else ())


def _asked() -> Path:
    """The note that the worker has been sent for."""
    return folder().parent / "asked"


def _send_for_worker() -> None:
    """Have the worker write the counties again; not again while it may still be at it."""
    from dishu.site.reports import work  # the worker's tasks call this module

    asked = _asked()
    if not asked.exists() or time.time() - asked.stat().st_mtime > 60:
        asked.parent.mkdir(parents=True, exist_ok=True)
        asked.touch()
        work.follow.enqueue()


@contextmanager
def _alone(patience: float | None = PATIENCE, name: str = "current.lock") -> Iterator[None]:
    """One process writes, the others wait and then find it done."""
    folder().mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + (patience or 0)
    with (folder().parent / name).open("w") as lock:
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


def _brought_up() -> Current | None:
    """The state after the last change; None where more rows would have to be written than a page may."""
    with _for_everybody():
        known = _known()
        found = _missing(known)
        if known is not None and found.name == known.change:
            return known
        while known is not None and _beside(known, found):
            if (later := _missing(known)).name == found.name:  # all that was read is of one moment
                return _publish(Current(0, folder(), known.base, found.name), known)
            found = later
        if counties.rows_to_write(folder(), known.about if known else None, found) > AT_ONCE:
            return None
        return _publish(_rewritten(known, found), known)


def _beside(known: Current, found: changes.Changes) -> bool:
    """Whether what changed can stand beside the counties' files."""
    made = delta.at(known.root, known.base, found.name)
    paths = {name: known.paths(name) for name in delta.KEY}
    return made.folder.exists() or delta.make(made.folder, found, paths, known.about["planned"])


def _line(known: Current | None) -> int:
    """The last line of the trail; higher than before in any case."""
    last = TrailLine.objects.order_by("-id").values_list("id", flat=True).first() or 0
    return max(last, known.line + 1 if known else 0)


def _publish(state: Current, before: Current | None) -> Current:
    """From now on this is the current edition. Notes go when two editions had them: a page may still look at the one before."""
    state = replace(state, line=_line(before))
    counties.put(folder() / "state.json", {"line": state.line, "base": state.base, "change": state.change})
    if before is not None and before.base != state.base:
        changes.forget(before.about["notes"])
    _throw_away(state)
    return state


def _rewritten(known: Current | None, found: changes.Changes) -> Current:
    """A state in which the counties that changed are written again, or all where none was."""
    return Current(0, folder(), counties.write(folder(), known.about if known else None, found))


def _throw_away(state: Current) -> None:
    """Files of states that nobody reads any more."""
    late = time.time() - READ_OUT
    for file in folder().glob("[0-9]*.json"):
        if file.stem != str(state.base) and file.stat().st_mtime < late:
            file.unlink(missing_ok=True)
    bases = {file.stem: json.loads(file.read_text()) for file in folder().glob("[0-9]*.json")}
    kept = {name for about in bases.values() for one in about["counties"].values() for name in one["files"].values()}
    for file in folder().glob("*/*"):
        mine = f"{file.parent.name}/{file.name}" in kept or file == (state.delta and state.delta.folder)
        mine = mine or (file.parent.name == "states" and file.name.split("-")[0] in bases)
        if not mine and file.stat().st_mtime < late:
            shutil.rmtree(file, ignore_errors=True) if file.is_dir() else file.unlink(missing_ok=True)


def forget() -> None:
    """Throw the current edition away; the next question writes it again."""
    shutil.rmtree(folder(), ignore_errors=True)
