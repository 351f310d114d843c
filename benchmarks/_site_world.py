"""R1 as the site's own tables: the made-up edition with names, numbers and what they are found by, through COPY."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

SINCE = date(2000, 1, 1)
PASSWORD = "dishu-bench-2026"
#: log-in, role, depth of the place below the province
#: The first county and the last: whose rows come first is found first by whoever walks all of them.
CAST = (("sheng", "province_officer", "99"), ("xian", "county_officer", "990101"), ("moxian", "county_officer", "990408"),
        ("ld99", "leader", "99"), ("ld990101", "leader", "990101"), ("ld990408", "leader", "990408"),
        ("suo", "office_officer", "990101001"),
        ("shenji", "audit_administrator", "99"))  # fmt: skip
WORDS = "鑫源恒泰宏达瑞丰盛华安顺利兴隆嘉美佳诚信德福康宁永昌金银玉龙凤江山海天云星月春秋东南西北中正方圆新远广通"
TRADES = (
    "商贸有限公司",
    "机械有限公司",
    "纺织厂",
    "食品有限公司",
    "服装店",
    "小吃店",
    "建材经营部",
    "电子科技有限公司",
    "物流有限公司",
    "理发店",
)
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国文志海云"
_TIES = {
    "registry_work": "SELECT unit AS unit_id, kind, since AS \"on\" FROM work GROUP BY ALL",
    "membership_coverage": "SELECT unit AS unit_id, org AS org_id, mode, since, until FROM coverage",
    "membership_planned": "SELECT plan, unit AS unit_id, deadline, since, until FROM plan",
    "membership_employment": "SELECT member AS member_id, unit AS unit_id, role, since, until FROM employment",
    "membership_participation": "SELECT member AS member_id, org AS org_id, since, until FROM participation",
    "membership_shown": "SELECT member AS member_id, shown, since, until FROM identity",
    "membership_affiliation": "SELECT member AS member_id, org AS org_id, source, since, until, false AS held FROM affiliation",
    "registry_posting": "SELECT instructor + 1 AS instructor_id, unit AS unit_id, since, until FROM instructor",
}  # fmt: skip
#: What each tie's table may hold once at a time; the made-up facts know no such rule.
_ONCE = {"membership_coverage": "unit_id, org_id", "membership_employment": "member_id, unit_id",
         "membership_participation": "member_id, org_id", "membership_shown": "member_id",
         "membership_affiliation": "member_id, org_id", "registry_posting": "instructor_id, unit_id"}  # fmt: skip


def load(edition: Path, tell: Any) -> None:
    """Fill an empty database. Each step says how long it took."""
    link = duckdb.connect()
    for folder in (edition / "facts").iterdir():
        link.execute(f"CREATE VIEW {folder.name} AS SELECT * FROM '{folder}/*.parquet'")
    began = time.perf_counter()
    rows = _places(link)
    cast()  # before the rest is there, so that whose scope it is costs nothing
    with _bare():
        for step in (_units, _people, _organizations, _ties):
            rows += step(link)
            tell(f"{step.__name__[1:]}: {rows:,} rows after {time.perf_counter() - began:.0f} s")
    _ready()
    tell(f"indexes and statistics after {time.perf_counter() - began:.0f} s")


@contextmanager
def _bare() -> Iterator[None]:
    """Without checks of keys and without indexes that come back at the end: a dump is restored the same way."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("""SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE contype = 'x' AND conrelid::regclass::text ~ '^(registry|membership)_'""")
        rules = cursor.fetchall()
        cursor.execute("""SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
            AND tablename ~ '^(registry|membership)_' AND indexdef !~ 'UNIQUE|gist'""")
        indexes = cursor.fetchall()
    _say("SET session_replication_role = replica", "SET maintenance_work_mem = '512MB'",
         *(f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, name, _ in rules),
         *(f"DROP INDEX {name}" for name, _ in indexes))  # fmt: skip
    yield
    _say(*(text for _, text in indexes), *(f"ALTER TABLE {table} ADD CONSTRAINT {name} {text}" for table, name, text in rules),
         "SET session_replication_role = origin")  # fmt: skip


def _put(table: pa.Table, into: str) -> int:
    from dishu.site import bulk

    return bulk.put(table, into)


def _say(*statements: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _places(link: duckdb.DuckDBPyConnection) -> int:
    link.execute("""CREATE TABLE spot AS SELECT row_number() OVER (ORDER BY length(place), place) AS id, place AS code,
        max(name) AS name, max(level) AS level, arg_max(parent, since) AS parent, max(successor) AS successor,
        min(since) AS since, max(until) AS until FROM place GROUP BY place""")
    places = """SELECT s.id, s.code, s.name, s.level, p.id AS parent_id, n.id AS successor_id, s.until AS closed_on,
        '' AS kind, '' AS closed_by FROM spot s LEFT JOIN spot p ON p.code = s.parent LEFT JOIN spot n ON n.code = s.successor"""
    table = link.execute(
        f"SELECT * REPLACE (NULL::BIGINT AS successor_id) FROM ({places}) ORDER BY id"
    ).to_arrow_table()
    _put(table, "territory_place")
    _put(link.execute("""SELECT s.id AS place_id, s.name, s.level, p.id AS parent_id, s.since, s.until, '-' AS document
        FROM spot s LEFT JOIN spot p ON p.code = s.parent""").to_arrow_table(), "territory_placestate")  # fmt: skip
    for one, next_ in link.execute(
        f"SELECT id, successor_id FROM ({places}) WHERE successor_id IS NOT NULL"
    ).fetchall():
        _say(f"UPDATE territory_place SET successor_id = {next_} WHERE id = {one}")
    _say("SELECT territory_reach_again(NULL)", "ANALYZE territory_reach")
    return table.num_rows


def _named(dice: random.Random, many: int, make: Any) -> tuple[list[str], pa.Array, pa.Array]:
    from dishu.site.registry import search

    names = [make(dice) for _ in range(many)]
    grams = ["{" + ",".join(search.grams(name)) + "}" for name in names]
    return names, pa.array([search.initials(name) for name in names]), pa.array(grams)


def _firm(dice: random.Random) -> str:
    return "样例" + "".join(dice.choices(WORDS, k=3)) + dice.choice(TRADES)


def _person(dice: random.Random) -> str:
    return dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=dice.choice((1, 2, 2))))


def _units(link: duckdb.DuckDBPyConnection) -> int:
    units = link.execute("""SELECT unit AS id, arg_max(u.kind, u.since) AS kind, arg_max(s.id, u.since) AS place_id,
        '91' || left(arg_max(u.place, u.since), 6) || 'MA' || lpad(unit::VARCHAR, 8, '0') AS code, '样例路' || unit || '号' AS address,
        min(u.since) AS opened_on, CASE WHEN bool_and(u.until IS NOT NULL) THEN max(u.until) END AS closed_on, 1 AS version
        FROM unit u JOIN spot s ON s.code = u.place GROUP BY unit ORDER BY unit""").to_arrow_table()  # fmt: skip
    names, initials, grams = _named(random.Random(1), units.num_rows, _firm)
    for column, values in (("name", pa.array(names)), ("initials", initials), ("grams", grams)):
        units = units.append_column(column, values)
    _put(units, "registry_unit")
    states = link.execute("""SELECT u.unit AS unit_id, s.id AS place_id, u.* EXCLUDE (unit, place, kind), '' AS sheet
        FROM unit u JOIN spot s ON s.code = u.place ORDER BY unit, since""").to_arrow_table()  # fmt: skip
    _put(states, "registry_unitstate")
    _put(link.execute("SELECT DISTINCT instructor + 1 AS id, '样例指导员' AS name, 1 AS place_id FROM instructor").to_arrow_table(),
         "registry_instructor")  # fmt: skip
    return units.num_rows + states.num_rows


def _people(link: duckdb.DuckDBPyConnection) -> int:
    from dishu.site import crypto

    people = link.execute("""SELECT member AS id, arg_max(s.id, m.since) AS place_id, 1 AS version, 'male' AS sex,
        DATE '1970-01-01' + (member % 12000)::INT AS birth FROM member m JOIN spot s ON s.code = m.place
        GROUP BY member ORDER BY member""").to_arrow_table()  # fmt: skip
    keys = people["id"].to_pylist()
    names, initials, grams = _named(random.Random(2), len(keys), _person)
    numbers = [f"990101{19700101 + key % 9_000:08d}{key % 9999:04d}"[:18] for key in keys]
    phones = [f"139{key:08d}" for key in keys]
    columns = {
        "name": names, "initials": initials, "grams": grams,
        "citizen_id": ["\\x" + crypto.hide(n).hex() for n in numbers], "citizen_trace": [crypto.trace(f"{n}{k}") for n, k in zip(numbers, keys, strict=True)],
        "phone": ["\\x" + crypto.hide(p).hex() for p in phones], "phone_trace": [crypto.trace(p) for p in phones],
        "phone_end": [crypto.trace(p[-4:]) for p in phones],
    }  # fmt: skip
    for name, values in columns.items():
        people = people.append_column(name, pa.array(values) if isinstance(values, list) else values)
    _put(people, "membership_member")
    return people.num_rows + _put(link.execute("""SELECT member AS member_id, s.id AS place_id, standing, verified_on, channel,
        m.since, m.until, '' AS sheet FROM member m JOIN spot s ON s.code = m.place""").to_arrow_table(), "membership_standing")  # fmt: skip


def _organizations(link: duckdb.DuckDBPyConnection) -> int:
    orgs = link.execute("""SELECT org AS id, '样例党组织' || org AS name, '样例党组织' || org AS plain, arg_max(s.id, o.since) AS place_id
        FROM org o JOIN spot s ON s.code = o.place GROUP BY org""").to_arrow_table()  # fmt: skip
    _put(orgs, "membership_organization")
    states = link.execute("""SELECT org AS org_id, s.id AS place_id, o.kind, o.system,
        CASE WHEN superior IN (SELECT org FROM org) THEN superior END AS superior_id, o.since, o.until, '' AS sheet
        FROM org o JOIN spot s ON s.code = o.place""").to_arrow_table()  # fmt: skip
    return orgs.num_rows + _put(states, "membership_organizationstate")


def _ties(link: duckdb.DuckDBPyConnection) -> int:
    rows = 0
    for table, query in _TIES.items():
        sheet = "" if table == "registry_work" else ", '' AS sheet"
        once = f" QUALIFY row_number() OVER (PARTITION BY {_ONCE[table]} ORDER BY since) = 1" if table in _ONCE else ""
        rows += _put(link.execute(f"SELECT *{sheet} FROM ({query}){once}").to_arrow_table(), table)
    return rows


def cast() -> None:
    """The officers, those of them whom a folder made earlier lacks."""
    from dishu.site.accounts import actions as accounts
    from dishu.site.accounts.models import User
    from dishu.site.territory.models import Place

    there = set(User.objects.values_list("username", flat=True))
    for login, role, code in (one for one in CAST if one[0] not in there):
        user = accounts.open_account(by=None, username=login, name=login, password=PASSWORD)
        accounts.appoint(by=None, user=user, role=role, place=Place.objects.get(code=code), since=SINCE)


def _ready() -> None:
    """Counters behind the keys that were given, and the planner's numbers."""
    for table in (
        "territory_place",
        "registry_unit",
        "registry_instructor",
        "membership_member",
        "membership_organization",
    ):
        _say(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
    _say("VACUUM ANALYZE")
