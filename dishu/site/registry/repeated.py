"""Units of which a roster says only what was known: found all at once, as judging one by one would find them.

Most rows of next month's roster are such, whatever its file is called.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from dishu.engine.baseline.units import GONE
from dishu.site.registry.changed import UNITS
from dishu.site.registry.said import VALUES

#: What is judged of these does not depend on the day of the roster, so that saying it again changes nothing: the
#: opening day is written, no end is known, nobody is posted there. All others are judged one by one.
_PLAIN = """n.opened_on IS NOT NULL AND n.closed_on IS NULL AND n.instructor IS NULL
    AND NOT coalesce(list_contains($gone, n.status), false)"""
#: Of these the words in force are the last ones said, whatever was said in between: no row of the roster stands beside
#: another, no day has two, the files are one file or all different ones, and of the place nothing finer was ever said.
_SIMPLE = """SELECT subject, min(day) AS first, max(day) AS last, min(place) AS place,
        bool_and(closed_on IS NULL AND instructor IS NULL AND NOT coalesce(list_contains($gone, status), false)) AS plain, {last}
    FROM b GROUP BY subject
    HAVING count(*) = count(DISTINCT day) AND count(DISTINCT file) IN (1, count(*)) AND min(place) = max(place)
        AND arg_min_null(opened_on, day) IS NOT NULL"""
_SAID = tuple(name for name in VALUES if name != "place")
_AGAIN = f"""SELECT w.subject, 'same' AS outcome, w.name, w.unit_code AS code, w.address, w.kind, w.place, w.opened_on,
        NULL AS closed_on, []::VARCHAR[] AS changes, coalesce(o.source_sheet, '') AS sheet, o.source_row AS "row"
    FROM ({_SIMPLE.format(last=", ".join(f"arg_max({name}, day) AS {name}" for name in _SAID))}) w
    JOIN (SELECT * FROM r QUALIFY count(*) OVER (PARTITION BY subject) = 1) n ON n.subject = w.subject
    JOIN b o ON o.subject = w.subject AND o.day = w.first
    WHERE w.plain AND n.day > w.last AND {" AND ".join(f"coalesce(n.{name} = w.{name}, n.{name} IS NULL)" for name in ("place", *_SAID))}
    ORDER BY w.subject"""
_SOURCE = ("source_file", "source_sheet", "source_row")


def _all_equal(names: tuple[str, ...]) -> str:
    return " AND ".join(f"n.{name} IS NOT DISTINCT FROM w.{name}" for name in names)


#: The day whose words are in force on each day. Found apart, from few columns: a join of wide rows by order took 30 CPU s
#: for 200,000 units.
_FORCE = """CREATE TABLE force AS
    SELECT n.subject, n.seen, max(w.seen) AS since FROM n LEFT JOIN w ON w.subject = n.subject AND w.seen <= n.seen
    GROUP BY n.subject, n.seen"""
#: On each day the roster's words must be those in force, and no day on which something was said may have gone.
_FOUND = f"""CREATE TABLE found AS
    SELECT subject FROM (
        SELECT n.subject, n.seen = w.seen AS old, w.subject IS NOT NULL AND {_PLAIN} AND {_all_equal(tuple(VALUES))}
            AND (n.seen <> w.seen OR {_all_equal(_SOURCE)}) AS same
        FROM n JOIN force f ON f.subject = n.subject AND f.seen = n.seen
        LEFT JOIN w ON w.subject = f.subject AND w.seen = f.since)
    JOIN (SELECT subject, count(*) AS days FROM w GROUP BY subject) USING (subject)
    GROUP BY subject, days HAVING bool_and(same) AND count(*) FILTER (old) = days"""
_PREVIEW = """SELECT subject, 'same' AS outcome, arg_max(name, seen) AS name, arg_max(unit_code, seen) AS code,
        arg_max(address, seen) AS address, arg_max(kind, seen) AS kind, arg_max(place, seen) AS place,
        arg_max(opened_on, seen) AS opened_on, NULL AS closed_on, []::VARCHAR[] AS changes,
        coalesce(arg_min_null(source_sheet, seen), '') AS sheet, arg_min_null(source_row, seen) AS "row"
    FROM n JOIN found USING (subject) GROUP BY subject ORDER BY subject"""


def again(before: pa.Table, rows: pa.Table) -> pa.Table:
    """Rows of the preview for units of whom these rows say nothing but what was said `before`, and is in force.

    Not all such units are found; the others are compared day by day.
    """
    link = duckdb.connect()
    link.register("b", before)
    link.register("r", rows)
    return link.execute(_AGAIN, {"gone": list(GONE)}).to_arrow_table().cast(UNITS)


def split(was: pa.Table, now: pa.Table) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Rows of the preview for the units that stay as they are; and of `was` and `now` (see `said.merged`) the others."""
    link = duckdb.connect()
    link.register("w", was)
    link.register("n", now)
    link.execute(_FORCE)
    link.execute(_FOUND, {"gone": list(GONE)})
    same = link.execute(_PREVIEW).to_arrow_table().cast(UNITS)
    rest = [
        link.execute(f"SELECT {t}.* FROM {t} ANTI JOIN found USING (subject) ORDER BY subject, seen").to_arrow_table()
        for t in ("w", "n")
    ]
    return same, rest[0], rest[1]
