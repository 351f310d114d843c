"""Rows found by number instead of joined: facts as whole columns, of one day or of all days at once.

Joining millions of rows costs most of a recount; numbers of units, members and organizations lie so close together
that a row is found by them directly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from dishu.engine.backends import Connection
from dishu.engine.facts import Table
from dishu.engine.runs import NEVER, different, joint, numbered

Array = Any
Rows = Mapping[str, Array]
#: What stands where a number is empty.
NOTHING = np.iinfo(np.int64).min
#: Above every number: what the least of nothing is.
MOST = np.iinfo(np.int64).max


def chosen(rows: Rows, which: Array) -> dict[str, Array]:
    """Some of the rows, `which` yes or no for each."""
    some = np.flatnonzero(which)  # taken by number: several times faster than by yes and no, where columns are many
    return {name: column.take(some) for name, column in rows.items()}


def fetched(connection: Connection, text: str) -> dict[str, Array]:
    """The answer to a question as numpy columns; days as numbers, an empty end as `NEVER`, places still as words."""
    # Not `execute`, which streams: by one core, and without end where tables follow each other (duckdb issue 22215).
    arrow = connection.con.sql(text).to_arrow_table()
    return {name: _column(arrow[name]) for name in arrow.column_names}


def columns(table: Table) -> dict[str, Array]:
    """The same of an Ibis table."""
    connection = table.get_backend()
    connection._run_pre_execute_hooks(table)  # tables held in memory must be known by name
    return fetched(connection, connection.compile(table))


def _column(column: pa.ChunkedArray) -> Array:
    kind = column.type
    if pa.types.is_string(kind):
        return column.combine_chunks().dictionary_encode()
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):  # a day and some months is a moment to DuckDB
        return column.cast(pa.date32()).cast(pa.int32()).fill_null(NEVER).to_numpy()
    if pa.types.is_boolean(kind) or pa.types.is_decimal(kind):
        column = column.cast(pa.int8() if pa.types.is_boolean(kind) else pa.int64())
    return (column.fill_null(NOTHING) if column.null_count else column).to_numpy()


def number_places(tables: Mapping[str, dict[str, Array]]) -> list[str]:
    """Give each table with a `place` the number of its `leaf` instead; returns the codes by number, rising."""
    named = [table for table in tables.values() if "place" in table]
    codes = sorted({code for table in named for code in table["place"].dictionary.to_pylist()})
    number = {code: n for n, code in enumerate(codes)}
    for table in named:
        place = table.pop("place")
        of: Array = np.array([number[code] for code in place.dictionary.to_pylist()], dtype=np.int32)
        table["leaf"] = of[place.indices.to_numpy()]
    return codes


#: Columns that name a subject, by the subject whose number they give.
KEYS = {"unit": ("unit",), "member": ("member",), "org": ("org", "superior"), "instructor": ("instructor",)}


def number_keys(tables: Mapping[str, dict[str, Array]]) -> None:
    """Give subjects running numbers, in the order of their keys, where these are too large for 32 bits."""
    for names in KEYS.values():
        named = [(table, name) for table in tables.values() for name in names if name in table]
        given = [table[name] for table, name in named]
        if any(_wide(keys) for keys in given):
            keys = different(np.concatenate(given))
            keys = keys[keys != NOTHING]
            index = Index(keys)
            for table, name in named:
                table[name] = np.where(table[name] == NOTHING, NOTHING, index.rows(table[name]).astype(np.int64))


def _wide(keys: Array) -> bool:
    """Whether some do not fit into 31 bits, `NOTHING` apart."""
    return bool(keys.max(initial=0) >= 2**31 or ((keys < 0) & (keys != NOTHING)).any())


class Index:
    """Different numbers, each found again: `rows` gives the place in the array at which each stands, -1 for none."""

    def __init__(self, ids: Array) -> None:
        self._low = int(ids.min()) if len(ids) else 0
        self._span = int(ids.max()) - self._low + 1 if len(ids) else 0
        self._dense = self._span <= 4 * len(ids) + 2**20
        if self._dense:
            self._at: Array = np.full(self._span + 1, -1, dtype=np.int32)  # the last is of what lies outside
            self._at[ids - self._low] = np.arange(len(ids), dtype=np.int32)
        else:
            self._order = np.argsort(ids)
            self._sorted = ids[self._order]

    def rows(self, ids: Array) -> Array:
        """The row of each; several may ask for one."""
        ids = ids.astype(np.int64, copy=False)
        if self._dense:
            inside = (ids >= self._low) & (ids < self._low + self._span)
            return self._at[np.where(inside, ids - self._low, self._span)]
        at = np.minimum(np.searchsorted(self._sorted, ids), len(self._sorted) - 1)
        return np.where(self._sorted[at] == ids, self._order[at], -1)


class Finder(Protocol):
    """Rows by id."""

    rows: Rows

    def find(self, ids: Array, day: Array | None) -> Array:
        """The row of each id (on its day), -1 where there is none."""


class OfDay:
    """Rows of one day, each id once."""

    def __init__(self, rows: Rows, key: str) -> None:
        self.rows: Rows = rows
        self.index = Index(rows[key])

    def find(self, ids: Array, day: Array | None = None) -> Array:
        """See `Finder`."""
        return self.index.rows(ids)


class OfAllTimes:
    """Rows of all times with since and until; those of one id do not overlap."""

    def __init__(self, rows: Rows, key: str) -> None:
        numbers, number = numbered(rows[key])
        when = joint(number, rows["since"])
        order = np.argsort(when)
        self.index, self._when, self._number = Index(numbers), when[order], number[order]
        self.rows: Rows = {name: column[order] for name, column in rows.items()}

    def find(self, ids: Array, day: Array | None = None) -> Array:
        """See `Finder`."""
        number = self.index.rows(ids)
        if not len(self._when) or day is None:
            return np.full(len(ids), -1)
        at = np.searchsorted(self._when, joint(number, day), side="right") - 1
        holds = (number >= 0) & (at >= 0) & (self._number[at] == number) & (day < self.rows["until"][at])
        return np.where(holds, at, -1)

    def days_within(self, ids: Array, since: Array, until: Array) -> tuple[Array, Array]:
        """On which days rows of each id begin or end in a time that is asked for: which question, and the day."""
        number = self.index.rows(ids)
        first, end = (np.searchsorted(self._when, joint(number, day)) for day in (since, until))
        at, asked = spans(np.maximum(first - 1, 0), np.where(number >= 0, end, np.maximum(first - 1, 0)))
        mine = self._number[at] == number[asked]  # the one before may be of another id
        at, asked = at[mine], asked[mine]
        return np.concatenate([asked, asked]), np.concatenate([self.rows["since"][at], self.rows["until"][at]])


class Moments(Protocol):
    """Subjects at the days on which they are looked at, one after the other."""

    day: Array | None

    def __len__(self) -> int: ...

    def spread(self, rows: Rows, key: str) -> tuple[Array, Array]:
        """Moment and row, for each row at each moment of its subject at which it holds."""


class OneDay:
    """Each subject once, on one day; rows are of that day."""

    day: Array | None = None

    def __init__(self, ids: Array) -> None:
        self._index, self._many = Index(ids), len(ids)

    def __len__(self) -> int:
        return self._many

    def spread(self, rows: Rows, key: str) -> tuple[Array, Array]:
        """See `Moments`."""
        at = self._index.rows(rows[key])
        row = np.flatnonzero(at >= 0)
        return at[row], row


class AllDays:
    """Each subject on all days given for it: `key` (number of the subject), `day` and `until`, its next day."""

    def __init__(self, ids: Array, number: Array, day: Array) -> None:
        self._index = Index(ids)
        self._when = different(joint(number, day))
        self.key, self.day = np.divmod(self._when, 2 * NEVER)
        self.day -= NEVER // 2
        last: Array = np.append(self.key[1:] != self.key[:-1], True)[: len(self.key)]
        self.until = np.where(last, NEVER, np.append(self.day[1:], NEVER)[: len(self.key)])

    def __len__(self) -> int:
        return len(self._when)

    def spread(self, rows: Rows, key: str) -> tuple[Array, Array]:
        """See `Moments`."""
        number = self._index.rows(rows[key])
        first, end = (np.searchsorted(self._when, joint(number, rows[name])) for name in ("since", "until"))
        return spans(first, np.where(number >= 0, end, first))


def spans(first: Array, end: Array) -> tuple[Array, Array]:
    """All numbers from `first` up to before `end` of each row, and whose they are.

    >>> [column.tolist() for column in spans(np.array([4, 7]), np.array([6, 8]))]
    [[4, 5, 7], [0, 0, 1]]
    """
    many = end - first
    row: Array = np.repeat(np.arange(len(many)), many)
    return np.arange(len(row)) + (first - np.cumsum(many) + many)[row], row
