"""Few rows counted quickly: the questions are put together once in each process and asked of whatever rows lie there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from threading import Lock

from dishu.engine import asking, backends
from dishu.engine.derived import complete
from dishu.engine.facts import TABLES, Facts, empty
from dishu.engine.figures import Counts


class Desk:
    """A connection with the tables of the facts, empty but for the time of one question."""

    def __init__(self) -> None:
        link = backends.duckdb()
        plain = {name: link.create_table(name, empty(name)) for name in TABLES}
        derived = {name: table for name, table in complete(plain).tables.items() if name not in TABLES}
        self._derived = {name: str(link.compile(table)) for name, table in derived.items()}
        made = {name: link.create_table(name, table) for name, table in derived.items()}
        self._link, self._facts, self._lock = link, Facts(plain | made), Lock()

    def counts(self, file: Callable[[str], str], day: date) -> Counts:
        """Subjects counted on a day, of rows that lie in files, one for each table."""
        with self._lock:
            for name in self._facts.tables:
                self._link.con.execute(f"DELETE FROM {name}")
            for name in TABLES:
                self._link.con.execute(f"INSERT INTO {name} SELECT * FROM read_parquet(?)", [file(name)])
            for name, text in self._derived.items():
                self._link.con.execute(f"INSERT INTO {name} {text}")
            return Counts(asking.counts(self._facts, day))


@cache
def desk() -> Desk:
    """The one of this process."""
    return Desk()
