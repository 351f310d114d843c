"""The facts everything is computed from: flat dated tables of keys, and the door `facts.at(day)`.

A fact is true from `since` (inclusive) until `until` (exclusive; empty = still). Past `at` no function mentions a
date. The tables hold keys only: no names of people or units, no identity numbers, no telephones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import ibis

from dishu.standards import law

Table = Any  # an Ibis table; Ibis ships no types that mypy could use here
Column = Any

#: The tables and their columns with Ibis types; `!` marks what may not be empty.
TABLES: dict[str, dict[str, str]] = {
    "place": dict(
        place="!string", name="!string", level="!string", kind="string", parent="string", successor="string",
        since="!date", until="date",
    ),
    "unit": dict(
        unit="!int64", place="!string", kind="!string", control="string", industry="string", employees="int64",
        assets="int64", turnover="int64", legal_rep_member="boolean", legal_rep_secretary="boolean",
        surveyed="string", verified_on="date", channel="string", since="!date", until="date",
    ),
    "member": dict(
        member="!int64", place="!string", standing="!string", verified_on="date", channel="string", since="!date",
        until="date",
    ),
    "employment": dict(member="!int64", unit="!int64", role="!string", since="!date", until="date"),
    "affiliation": dict(member="!int64", org="!int64", source="!string", since="!date", until="date"),
    "participation": dict(member="!int64", org="!int64", since="!date", until="date"),
    "identity": dict(member="!int64", shown="!boolean", since="!date", until="date"),
    "org": dict(
        org="!int64", place="!string", kind="!string", system="!string", superior="int64", since="!date",
        until="date",
    ),
    "coverage": dict(unit="!int64", org="!int64", mode="!string", since="!date", until="date"),
    "instructor": dict(instructor="!int64", unit="!int64", since="!date", until="date"),
    "plan": dict(plan="!string", unit="!int64", deadline="date", since="!date", until="date"),
    "work": dict(unit="!int64", kind="!string", since="!date"),
}  # fmt: skip

#: Industries whose enterprises can be "above designated size" by turnover (mining, manufacturing, utilities).
INDUSTRIAL = ("B", "C", "D")
#: Later than any day, where an empty end cannot be compared.
FOREVER = date(9999, 12, 31)
#: Channels by which somebody other than the reporter has looked.
LOOKED = ("phoned", "visited", "confirmed")


def schema(name: str) -> ibis.Schema:
    """The Ibis schema of one table.

    >>> schema("plan").names
    ('plan', 'unit', 'deadline', 'since', 'until')
    """
    return ibis.schema({column: kind.lstrip("!") for column, kind in TABLES[name].items()})


def required(name: str) -> tuple[str, ...]:
    """The columns of a table that may not be empty."""
    return tuple(column for column, kind in TABLES[name].items() if kind.startswith("!"))


def empty(name: str) -> Table:
    """A table of that name with no rows, as Arrow.

    >>> empty("unit").num_rows
    0
    """
    return schema(name).to_pyarrow().empty_table()


def active(table: Table, day: Column) -> Column:
    """Whether a dated row holds on that day."""
    return (table.since <= day) & (table.until.isnull() | (day < table.until))


@dataclass(frozen=True)
class Facts:
    """The twelve tables of one scope, on one backend.

    `tables`: name -> Ibis table with the columns of `TABLES`. `packed`: gives the same rows as whole numbers, where
    somebody keeps them (`dishu.engine.packed`, `dishu.engine.kept`).
    """

    tables: Mapping[str, Table]
    packed: Callable[[], Any] | None = None

    def at(self, day: date) -> View:
        """The facts as they stood on that day, with the rules of that day.

        >>> import datetime, ibis
        >>> none = Facts({name: ibis.memtable(empty(name)) for name in TABLES})
        >>> none.at(datetime.date(2007, 7, 31)).of("unit").count().to_pyarrow().as_py()
        0
        """
        return View(self.tables, ibis.literal(day, "date"), law.at(day))

    def __getattr__(self, name: str) -> Table:
        try:
            return self.tables[name]
        except KeyError:
            raise AttributeError(name) from None


@dataclass(frozen=True)
class View:
    """Facts seen at a day; with neither day nor rules it only knows what the rules were on each row's column `day`."""

    tables: Mapping[str, Table]
    day: Column
    rules: law.Rules | None = None
    _cache: dict[str, Table] = field(default_factory=dict, compare=False, repr=False)

    @property
    def keys(self) -> list[str]:
        """What identifies a row besides the subject's own key."""
        return []

    def of(self, name: str) -> Table:
        """The rows of a table that hold at the view's day, without their dates; `unit` and `member` gain `verified`."""
        if name not in self._cache:
            self._cache[name] = self._seen(dated(self, name), name)
        return self._cache[name]

    def _seen(self, table: Table, name: str) -> Table:
        table = table.filter(active(table, self.day))
        if name in ("unit", "member"):
            table = table.mutate(verified=fresh(table, self.day, self.rule("verification_valid_months")))
        if name == "unit":
            table = table.mutate(above_size=above_size(table, self.rule("designated_size_industry_wan", table)))
        return table.drop("since", "until")

    def lookup(self, left: Table, name: str, key: str, columns: list[str]) -> Table:
        """Add columns of another table, as they stood at the same day, to each row of `left`; missing stays empty."""
        right = self.of(name).select(key, *columns)
        return left.left_join(right, key).drop(f"{key}_right")

    def rule(self, name: str, table: Table | None = None) -> Any:
        """A rule's value at the view's day: a number, or without one an expression of the column `day`."""
        if self.rules is not None:
            return self.rules.value(name)
        steps = law.steps(name)
        if len(steps) == 1 or table is None:
            return steps[-1].value
        later = [(table.day >= step.since, step.value) for step in reversed(steps[1:])]
        return ibis.cases(*later, else_=steps[0].value)


def dated(view: View, name: str) -> Table:
    """A table with `since` and `until`; for events (`work`) the law says how long they count."""
    table = view.tables[name]
    if name != "work":
        return table
    months = view.rule("work_valid_months")
    return table.mutate(until=(table.since + ibis.interval(months=months)).cast("date"))


def fresh(table: Table, day: Column, months: int) -> Column:
    """Whether somebody looked (phone, visit, confirmation) and that is less than `months` months ago."""
    ends = (table.verified_on + ibis.interval(months=months)).cast("date")
    # Months are slow to add: only where some more days than they can have do not already say that it is over.
    lately = (table.verified_on <= day) & (table.verified_on > (day - ibis.interval(days=32 * months)).cast("date"))
    recent = lately & table.channel.isin(LOOKED)
    return ibis.cases((recent, day < ends), else_=False)


def above_size(table: Table, threshold_wan: Any) -> Column:
    """Whether an enterprise is above designated size: industrial, with a yearly turnover of at least the threshold.

    `turnover` is in yuan, the threshold in 万元. Empty turnover or industry: not known, counted as not above.
    """
    large = (table.kind == "enterprise") & (table.turnover >= threshold_wan * 10_000)
    return ibis.cases((large, ibis.coalesce(table.industry.substr(0, 1).isin(INDUSTRIAL), False)), else_=False)
