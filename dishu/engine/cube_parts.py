"""The changes of one kind of subject, with the sums that make any question about them short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from dishu.engine.indicators import ALL
from dishu.engine.profile import WEIGHTS
from dishu.engine.runs import Changes, numbered
from dishu.engine.tally import Sheet, sheet

Array = Any
MONTHS = 6
#: The bits of a word from which on a change's leaf and its half-year stand.
LEAF, HALF = 31, 51
THREADS = 2


def month_of(days: Array) -> Array:
    """Months since 1970 of days since 1970; each different day is looked up in the calendar once."""
    days = np.asarray(days)
    if not days.size:
        return np.zeros(days.shape, dtype=np.int32)
    first = int(days.min())
    calendar: Array = np.arange(first, int(days.max()) + 1).astype("datetime64[D]").astype("datetime64[M]")
    return calendar.astype(np.int32)[days - first]


def first_of(month: int) -> int:
    """The first day of a month."""
    return int(np.datetime64(month, "M").astype("datetime64[D]").astype(np.int64))


class Store(Protocol):
    """Where the columns lie: in memory, or in files."""

    def changes(self, half: int) -> pa.Table:
        """The changes of one half-year, sorted by leaf: leaf, day, profile (by number), n, weights."""

    def changes_of(self, low: int, high: int, names: list[str]) -> pa.Table:
        """Some columns of all changes; at least of those whose leaf is from `low` to `high`."""

    def before(self, half: int) -> Array:
        """All sums before a half-year: one row for each column of the sheet, one column for each leaf."""

    def months(self) -> Array:
        """Changes of all sums: month × county × columns of the sheet."""


@dataclass(frozen=True)
class InMemory:
    """Columns in memory."""

    tables: list[pa.Table]
    sums: list[list[Array]]
    by_month: Array

    def changes(self, half: int) -> pa.Table:
        """See `Store`."""
        return self.tables[half]

    def changes_of(self, low: int, high: int, names: list[str]) -> pa.Table:
        """See `Store`."""
        found = []
        for table in self.tables:
            ends: Array = np.searchsorted(table["leaf"].to_numpy(), np.array([low, high + 1], dtype=np.int32))
            found.append(table.select(names).slice(int(ends[0]), int(ends[1] - ends[0])))
        return pa.concat_tables(found)

    def before(self, half: int) -> Array:
        """See `Store`."""
        return self.sums[half]

    def months(self) -> Array:
        """See `Store`."""
        return self.by_month


@dataclass(frozen=True)
class Part:
    """Changes of one kind of subject. `first`: the month in which the first half-year begins; `county` of each leaf."""

    subject: str
    profiles: Array
    first: int
    halves: int
    county: Array
    store: Store

    @classmethod
    def made(cls, subject: str, changes: Changes, county: Array) -> Part:
        """Put changes in order and add them up."""
        columns = dict(changes.columns)
        profiles, columns["profile"] = numbered(columns["profile"])
        month = month_of(columns["day"])
        first = int(month.min()) if len(month) else 0
        half = ((month - first) // MONTHS).astype(np.int16)
        halves = int(half.max(initial=0)) + 1
        judged = sheet(profiles, subject, [i for i in ALL if i.subject == subject])
        return cls(
            subject, profiles, first, halves, county, _in_order(columns, half, halves, first, county, judged, subject)
        )

    @cached_property
    def sheet(self) -> Sheet:
        """What each profile counts for."""
        return sheet(self.profiles, self.subject, [i for i in ALL if i.subject == self.subject])

    def half_of(self, day: int) -> int:
        """The half-year in which a day lies; the first or last for days before or after all."""
        return int(np.clip((int(month_of(day)) - self.first) // MONTHS, 0, self.halves - 1))

    def sums(self, day: int, leaves: int) -> Array:
        """All columns of the sheet for all leaves (rows) on a day."""
        half = self.half_of(day)
        total = np.stack(self.store.before(half), axis=1).astype(np.float64)
        rows = self.store.changes(half)
        chosen = np.flatnonzero(rows["day"].to_numpy() <= day)
        return total + self._added(rows, chosen, rows["leaf"].to_numpy()[chosen], leaves)

    def _added(self, rows: pa.Table, chosen: Array, at: Array, many: int, only: set[str] | None = None) -> Array:
        """The chosen rows added up, each at its place of `at` (among `many`)."""
        names = [name for name in ("n", *WEIGHTS[self.subject]) if only is None or name in only]
        weights = {name: rows[name].to_numpy()[chosen] for name in names}
        return self.sheet.sums(at, rows["profile"].to_numpy()[chosen], weights, many)

    def until(self, day: int) -> pa.Table:
        """All changes up to a day, with the profile itself."""
        tables = [self.store.changes(half) for half in range(self.half_of(day) + 1)]
        rows = pa.concat_tables([*tables[:-1], tables[-1].filter(pa.array(tables[-1]["day"].to_numpy() <= day))])
        return rows.set_column(
            rows.column_names.index("profile"), "profile", pa.array(self.profiles[rows["profile"].to_numpy()])
        )

    def trend(self, columns: Sequence[int], days: Array, inside: Array) -> Array:
        """Some columns of the sheet (the others 0) on rising days, over the leaves that are inside.

        Counties that are inside as a whole come from the months, and so do only the days that end a month; the rest
        from the changes.
        """
        months = month_of(days + 1)  # the months that are over at the end of each day
        whole = np.bincount(self.county, minlength=1) == np.bincount(
            self.county[inside], minlength=int(self.county.max(initial=0)) + 1
        )
        found = np.zeros((len(days), len(self.sheet.asked)))
        over = self.store.months()[:, whole].sum(axis=1)[:, columns].cumsum(axis=0) if whole.any() else None
        if over is not None:
            at = np.clip(months - 1 - self.first, -1, len(over) - 1)
            found[:, columns] += np.where(at[:, None] >= 0, over[at], 0)
            for n in np.flatnonzero(np.array([first_of(int(m)) for m in months]) <= days):
                found[n] += self._within_month(int(months[n]), int(days[n]), inside & whole[self.county])
        rest = inside & ~whole[self.county]
        return found + self._by_changes(columns, days, rest) if rest.any() else found

    def _within_month(self, month: int, day: int, inside: Array) -> Array:
        """What changed from the first of a month to a day."""
        half = (month - self.first) // MONTHS
        if not 0 <= half < self.halves:
            return 0
        rows = self.store.changes(half)
        days, leaf = rows["day"].to_numpy(), rows["leaf"].to_numpy()
        chosen = np.flatnonzero((days >= first_of(month)) & (days <= day) & inside[leaf])
        return self._added(rows, chosen, np.zeros(len(chosen), dtype=np.int64), 1)[0]

    def _by_changes(self, columns: Sequence[int], days: Array, inside: Array) -> Array:
        low, high = np.flatnonzero(inside)[[0, -1]].tolist()
        weights = {self.sheet.asked[column][0] for column in columns}
        rows = self.store.changes_of(low, high, ["leaf", "day", "profile", *sorted(weights)])
        chosen = np.flatnonzero(inside[rows["leaf"].to_numpy()])
        slot: Array = np.searchsorted(days, rows["day"].to_numpy()[chosen])
        within = slot < len(days)
        return self._added(rows, chosen[within], slot[within], len(days), weights).cumsum(axis=0)


def _in_order(
    columns: dict[str, Array], half: Array, halves: int, first: int, county: Array, judged: Sheet, subject: str
) -> InMemory:
    """Changes by half-year and leaf; the sums before each half-year, and those of each month and county."""
    counties = int(county.max(initial=-1)) + 1
    judged.answers  # noqa: B018  worked out once, before the threads ask for it
    # One word per row, half-year before leaf before row: whole numbers are sorted faster than rows.
    words: Array = half.astype(np.int64) << HALF | columns["leaf"].astype(np.int64) << LEAF | np.arange(len(half))
    words.sort()
    starts: Array = np.searchsorted(words, np.arange(halves + 1) << HALF)

    def one(number: int) -> tuple[pa.Table, Array, Array]:
        rows = words[starts[number] : starts[number + 1]] & (2**LEAF - 1)
        mine = {name: column.take(rows) for name, column in columns.items()}
        weights = {name: column for name, column in mine.items() if name not in ("leaf", "day", "profile")}
        by_leaf = judged.sums(mine["leaf"], mine["profile"], weights, len(county))
        cell = (month_of(mine["day"]) - first - number * MONTHS) * counties + county[mine["leaf"]]
        by_month = judged.sums(cell, mine["profile"], weights, MONTHS * counties)
        return pa.table(mine), by_leaf, by_month.reshape(MONTHS, counties, -1)

    tables, before, months = [], [], []
    total = np.zeros((len(county), len(judged.asked)))
    for table, by_leaf, by_month in _two_at_a_time(one, halves):
        tables.append(table)
        before.append([_narrow(column) for column in np.ascontiguousarray(total.T)])
        months.append(by_month)
        total += by_leaf
    return InMemory(tables, before, np.concatenate(months))


def _two_at_a_time(work: Any, many: int) -> Iterator[Any]:
    """Results in order, never more in memory than are being made."""
    with ThreadPoolExecutor(THREADS) as pool:
        for start in range(0, many, THREADS):
            yield from pool.map(work, range(start, min(start + THREADS, many)))


def _narrow(column: Array) -> Array:
    """As small as whole numbers of this size can be kept."""
    least, most = column.min(initial=0), column.max(initial=0)
    kind = (
        np.int16 if least >= -(2**15) and most < 2**15 else np.int32 if least >= -(2**31) and most < 2**31 else np.int64
    )
    return column.astype(kind)
