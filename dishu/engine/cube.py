"""All changes of all figures, per place and day: any figure of any day, and any trend, is a sum over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from dishu.engine.backends import Connection
from dishu.engine.facts import Facts, Table
from dishu.engine.figures import SUBJECTS, Counts, judge
from dishu.engine.history import states
from dishu.engine.indicators import get
from dishu.engine.profile import WEIGHTS, pack


@dataclass(frozen=True)
class Cube:
    """Changes of counts on a DuckDB connection: tables `cube_<subject>` (by day) and `year_<subject>` (running sums)."""

    connection: Connection

    @classmethod
    def build(cls, facts: Facts, connection: Connection) -> Cube:
        """Evaluate the whole history once. `facts` must live on the connection."""
        dated = states(facts, connection)
        for subject in SUBJECTS:
            connection.create_table(f"cube_{subject}", _changes(dated[subject], subject), temp=True, overwrite=True)
            connection.raw_sql(_running_sums(subject))
        return cls(connection)

    def counts(self, day: date) -> Counts:
        """Subjects by place and profile on that day; equals `Counts.of(facts, day)`."""
        return Counts({subject: self._count(subject, day) for subject in SUBJECTS})

    def _count(self, subject: str, day: date) -> pa.Table:
        names = ("n", *WEIGHTS[subject])
        sums = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in names)
        start = min(day.year, self._last_year(subject))
        query = (
            f"SELECT place, profile, {sums} FROM ("
            f" SELECT place, profile, {', '.join(names)} FROM year_{subject} WHERE year = {start}"
            f" UNION ALL SELECT place, profile, {', '.join(names)} FROM cube_{subject}"
            f" WHERE day >= DATE '{start}-01-01' AND day <= DATE '{day}')"
            f" GROUP BY ALL HAVING sum(n) <> 0"
        )
        return self.connection.con.execute(query).to_arrow_table()

    def _last_year(self, subject: str) -> int:
        found = self.connection.con.execute(f"SELECT coalesce(max(year), 2000) FROM year_{subject}").fetchone()
        return int(found[0])

    def trend(self, code: str, days: Sequence[date], leaves: Sequence[str]) -> pa.Table:
        """One indicator over rising days, for the leaf places that count (`tree.under(top, cube.leaves)`).

        Columns: day, total, held, failed, unknown.
        """
        indicator = get(code)
        table = self._profile_changes(indicator.subject, indicator.weight or "n", indicator.held_weight, leaves)
        profiles, at = np.unique(table["profile"].to_numpy(), return_inverse=True)
        outcome = np.asarray(judge(profiles, indicator.subject, (code,))[f"_{code}"].to_numpy())
        asked = np.array(days, dtype="datetime64[D]")
        slot = np.searchsorted(asked, table["day"].to_numpy().astype("datetime64[D]"))
        return _series(asked, slot, outcome[at], table, bool(indicator.held_weight))

    def _profile_changes(self, subject: str, weight: str, held: str | None, leaves: Sequence[str]) -> pa.Table:
        self.connection.con.register("_leaves", pa.table({"place": pa.array(list(leaves), pa.string())}))
        query = (
            f"SELECT day, profile, CAST(sum({weight}) AS BIGINT) AS w, CAST(sum({held or weight}) AS BIGINT) AS h"
            f" FROM cube_{subject} SEMI JOIN _leaves USING (place) GROUP BY ALL"
        )
        return self.connection.con.execute(query).to_arrow_table()

    @cached_property
    def leaves(self) -> list[str]:
        """Every place that ever held anything."""
        union = " UNION ".join(f"SELECT DISTINCT place FROM cube_{subject}" for subject in SUBJECTS)
        return sorted(row[0] for row in self.connection.con.execute(union).fetchall())


def _changes(dated: Table, subject: str) -> Table:
    """Columns place, day, profile, n and weights: what was added on that day (negative: taken away)."""
    names = WEIGHTS[subject]
    packed = dated.select("place", "since", "until", *names, profile=pack(dated, subject), n=ibis.literal(1, "int64"))
    plus = packed.select("place", "profile", "n", *names, day="since")
    gone = packed.filter(packed.until.notnull())
    minus = gone.select("place", "profile", **{name: -gone[name] for name in ("n", *names)}, day="until")
    both = ibis.union(plus, minus.select(plus.columns))
    sums = {name: both[name].sum().cast("int64") for name in ("n", *names)}
    changes = both.group_by("day", "place", "profile").agg(**sums)
    return changes.filter(ibis.or_(*(changes[name] != 0 for name in sums))).order_by("day", "place")


def _running_sums(subject: str) -> str:
    """Sums of all that came before each year, so that no question reads more than a year of changes."""
    names = ("n", *WEIGHTS[subject])
    sums = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in names)
    return (
        f"CREATE OR REPLACE TEMP TABLE year_{subject} AS"
        f" WITH changed AS (SELECT year(day) AS year, place, profile, {sums} FROM cube_{subject} GROUP BY ALL),"
        f" years AS (SELECT unnest(range(min(year), max(year) + 2)) AS year FROM changed)"
        f" SELECT y.year, place, profile, {sums} FROM years y JOIN changed c ON c.year < y.year"
        f" GROUP BY ALL HAVING sum(n) <> 0"
    )


def _series(days: Any, slot: Any, outcome: Any, table: pa.Table, other_held: bool) -> pa.Table:
    within = slot < len(days)
    weight, held = table["w"].to_numpy(), table["h"].to_numpy()

    def running(mask: Any, values: Any) -> Any:
        chosen = within & mask
        return np.bincount(slot[chosen], weights=values[chosen], minlength=len(days)).cumsum().astype("int64")

    total, yes = running(outcome > 0, weight), running(outcome == 1, held)
    unknown = running(outcome == 3, weight)
    failed = total - yes - unknown if other_held else running(outcome == 2, weight)
    return pa.table({"day": pa.array(days), "total": total, "held": yes, "failed": failed, "unknown": unknown})
