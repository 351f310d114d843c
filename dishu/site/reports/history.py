"""The trend of a figure: the whole history of the current edition, evaluated by the worker and kept on disk.

While the worker is at it, the history of a little earlier is shown and says so; where there is none yet, the page waits.
"""

from __future__ import annotations

import fcntl
import shutil
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dishu.engine import backends
from dishu.engine.cube import Cube
from dishu.engine.cube_files import CubeOutdated
from dishu.engine.territory import Tree
from dishu.site.reports import current
from dishu.site.reports.soon import Computing, soon
from dishu.standards import calendar

MONTHS = 24


@dataclass(frozen=True)
class Trend:
    """Month-ends and the last day: total, held, failed, unknown. `late`: newer changes are not in it yet."""

    points: list[dict[str, object]]
    late: bool

    @property
    def change(self) -> float | None:
        """How the share has changed in the last twelve months, in percentage points."""
        if len(self.points) < 13:
            return None
        then, now = self.points[-13], self.points[-1]
        if not then["total"] or not now["total"]:
            return None
        return 100 * (now["held"] / now["total"] - then["held"] / then["total"])  # type: ignore[operator]

    @property
    def points_moved(self) -> float:
        """The change without its sign, for a sentence."""
        return abs(self.change or 0)


def trend(edition: current.Current, tree: Tree, place: str, code: str, day: date) -> Trend:
    """One indicator at one place over two years. Raises `Computing` where no history is there yet."""
    line = _newest()
    if line != edition.line:
        _send_for_worker()
        line = _newest()
    if line is None:
        raise Computing
    days = [d for d in calendar.month_ends(calendar.add_months(day, -MONTHS), day) if d < day] + [day]
    path = _folder() / str(line)
    rows = soon((path, tree.day, place, code, day), lambda: _asked(path, tree, place, code, days))
    first = next((at for at, row in enumerate(rows) if row["total"]), 0)
    return Trend([{**row, "day": row["day"].isoformat()} for row in rows[first:]], line != edition.line)


def _asked(path: Path, tree: Tree, place: str, code: str, days: list[date]) -> list[dict[str, object]]:
    try:
        cube = Cube.load(None, path)
    except CubeOutdated:
        shutil.rmtree(path, ignore_errors=True)
        raise Computing from None
    rows: list[dict[str, object]] = cube.trend(code, days, tree.under(place, cube.leaves)).to_pylist()
    return rows


def _folder() -> Path:
    return current.folder().parent / "history"


def _newest() -> int | None:
    found = [int(path.name) for path in _folder().glob("[0-9]*") if path.name.isdecimal()]
    return max(found, default=None)


def _send_for_worker() -> None:
    from dishu.site.reports import work  # the worker's tasks call this module

    asked = _folder() / "asked"
    if not asked.exists() or time.time() - asked.stat().st_mtime > 60:
        asked.parent.mkdir(parents=True, exist_ok=True)
        asked.touch()
        work.remember.enqueue()


def build() -> None:
    """Evaluate the history of the current edition, once; older ones go."""
    _folder().mkdir(parents=True, exist_ok=True)
    with (_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            edition = current.current()
        except Computing:  # this is the worker that it takes
            current.follow()
            edition = current.current()
        path = _folder() / str(edition.line)
        if not path.exists():
            draft = _folder() / "draft"
            shutil.rmtree(draft, ignore_errors=True)
            link = backends.duckdb()
            Cube.build(edition.facts(link), link).save(draft)
            draft.rename(path)
        for other in _folder().glob("[0-9]*"):
            if other.name.isdecimal() and int(other.name) < edition.line:
                shutil.rmtree(other, ignore_errors=True)
    (_folder() / "asked").unlink(missing_ok=True)
