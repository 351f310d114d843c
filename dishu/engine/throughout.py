"""Facts with their dates still on: a row per piece of time instead of per day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis

from dishu.engine.facts import FOREVER, LOOKED, Column, Table, View, dated
from dishu.standards import law


@dataclass(frozen=True)
class Throughout(View):
    """Facts with their dates still on: a row per piece of time instead of per day."""

    @property
    def keys(self) -> list[str]:
        return ["since", "until"]

    def of(self, name: str) -> Table:
        table = self.tables[name]
        if name in ("unit", "member"):
            return looked(table)
        if name != "work":
            return table
        return cut_by_rule(table, "work_valid_months", lambda t, months: t.mutate(until=_later(t.since, months)))

    def lookup(self, left: Table, name: str, key: str, columns: list[str]) -> Table:
        """Add columns of another table; a row is cut where these begin, change or end."""
        right = dated(self, name)
        right = right.select(_key=key, **{c: c for c in columns}, _since="since", _until=right.until.fill_null(FOREVER))
        left = left.mutate(_end=left.until.fill_null(FOREVER))
        inside = [left[key] == right._key, right._since <= left.since, left._end <= right._until]
        joined = left.left_join(right, inside)
        whole = joined.filter(joined._since.notnull()).drop("_key", "_since", "_until", "_end")
        rest = joined.filter(joined._since.isnull()).select(*left.columns)
        return whole.union(_cut(rest, right, key).select(*whole.columns))


def _cut(left: Table, right: Table, key: str) -> Table:
    """Rows cut at both ends of the rows of `right` that begin or end within them."""
    left = left.mutate(_row=ibis.row_number())
    changes = right.select("_key", day="_since").union(right.select("_key", day="_until"))
    cuts = left.join(changes, [left[key] == changes._key, left.since < changes.day, changes.day < left._end])
    cuts = cuts.select("_row", "day").union(left.select("_row", day="since")).distinct()
    cuts = cuts.mutate(next=cuts.day.lead().over(ibis.window(group_by="_row", order_by="day")))
    pieces = left.join(cuts, "_row")
    pieces = pieces.mutate(since=pieces.day, until=ibis.coalesce(pieces.next, pieces.until)).drop("day", "next", "_row")
    within = [pieces[key] == right._key, right._since <= pieces.since, pieces.since < right._until]
    return pieces.left_join(right, within).drop("_key", "_since", "_until", "_end")


def cut_by_rule(table: Table, name: str, with_value: Callable[[Table, int], Table]) -> Table:
    """Rows cut at the days on which a rule changed; `with_value` adds to each piece what the rule then said."""
    steps = law.steps(name)
    pieces = []
    for n, step in enumerate(steps):
        piece = with_value(table, step.value)
        if n:
            piece = piece.mutate(since=ibis.greatest(piece.since, ibis.date(step.since)))
        if step.until is not None:
            end = ibis.date(step.until)
            piece = piece.mutate(until=ibis.coalesce(ibis.least(piece.until, end), end))
        pieces.append(piece.filter(piece.until.isnull() | (piece.since < piece.until)) if len(steps) > 1 else piece)
    return ibis.union(*pieces) if len(pieces) > 1 else pieces[0]


def looked(table: Table) -> Table:
    """Rows with the days between which they count as verified, `seen` and `stale`, by the law of each time."""
    by_others = table.channel.isin(LOOKED).fill_null(False)
    seen = table.mutate(seen=by_others.ifelse(table.verified_on, None))
    return cut_by_rule(seen, "verification_valid_months", lambda t, months: t.mutate(stale=_later(t.seen, months)))


def _later(day: Column, months: int) -> Column:
    return (day + ibis.interval(months=months)).cast("date")
