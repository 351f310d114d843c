"""Small questions, of a few thousand rows: each in a session of its own, so that many threads may ask at once."""

from __future__ import annotations

from functools import cache

import duckdb
import pyarrow as pa


def asked(question: str, **tables: pa.Table) -> pa.Table:
    """The answer to SQL about the named tables, by one core.

    >>> asked("SELECT max(n) AS n FROM counts", counts=pa.table({"n": [1, 2]}))["n"].to_pylist()
    [2]
    """
    with _database().cursor() as session:  # opening a database takes longer than most questions
        for name, table in tables.items():
            session.register(name, table)
        return session.execute(question).to_arrow_table()


@cache
def _database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})
