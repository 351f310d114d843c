"""The facts in the database written as Parquet by county, and which counties to write again after a change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection

from dishu.engine import backends
from dishu.engine.derived import plans
from dishu.engine.edition import FOLLOWS
from dishu.engine.facts import schema
from dishu.site import bulk
from dishu.site.membership import facts as membership
from dishu.site.registry import facts as registry
from dishu.site.reports import changes
from dishu.site.territory import facts as territory
from dishu.site.territory.models import Place, Reach

QUERIES = territory.QUERIES | registry.QUERIES | membership.QUERIES
PLACE = territory.PLACE | registry.PLACE | membership.PLACE
#: What lies above the counties, or in no county.
ELSEWHERE = "elsewhere"
#: Where a record lies now.
HOMES = {
    "unit": "SELECT place_id FROM registry_unit WHERE id = ANY (%s)",
    "member": "SELECT place_id FROM membership_member WHERE id = ANY (%s)",
    "org": "SELECT place_id FROM membership_organizationstate WHERE org_id = ANY (%s)",
}
#: `counties` (each with its files by table, and how many rows they hold), the `notes` of changes in them, `planned` units.
About = Mapping[str, Any]


def paths(folder: Path, counties: Mapping[str, Any], name: str) -> list[str]:
    """The files of one table."""
    return [str(folder / one["files"][name]) for one in counties.values() if name in one["files"]]


def put(file: Path, content: Any) -> None:
    """Written whole or not at all."""
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(content))
    draft.rename(file)


def write(folder: Path, known: About | None, found: changes.Changes) -> int:
    """Write the counties again in which something changed, or all where none was. Returns the number of this writing.

    Notes that come meanwhile are of a later state, whether their rows are already in the files or not.
    """
    known_notes = known["notes"] if known else []
    notes = [number for number in changes.since(()).notes if number in found.notes or number in known_notes]
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('reports_changed_id_seq')")
        number = int(cursor.fetchone()[0])
    present = set(_open()) | {ELSEWHERE}
    made = {code: _write(folder, code, key, number) for code, key in _touched(folder, known, found).items()}
    counties = {code: one for code, one in ((known["counties"] if known else {}) | made).items() if code in present}
    put(folder / f"{number}.json", {"counties": counties, "notes": notes, "planned": _planned(folder, counties)})
    return number


def _planned(folder: Path, counties: Mapping[str, Any]) -> list[int]:
    """For each plan of each county a unit that is on it."""
    link = backends.duckdb()
    unit, plan = (
        link.read_parquet(paths(folder, counties, name), hive_partitioning=False) for name in ("unit", "plan")
    )
    found: list[int] = plans(unit, plan).example.to_pyarrow().to_pylist()
    return sorted(set(found))


def _open() -> dict[str, int]:
    return dict(Place.objects.open().filter(level="county").values_list("code", "pk"))


def _touched(folder: Path, known: About | None, found: changes.Changes) -> dict[str, int]:
    """Codes and keys of the counties to write: those in which something changed lies now, or lay."""
    counties = _open()
    if known is not None:
        places = found.keys("place")
        with connection.cursor() as cursor:
            for kind, asked in HOMES.items():
                cursor.execute(asked, [list(found.keys(kind))])
                places.update(key for (key,) in cursor.fetchall())
        near = set(Reach.objects.filter(place__in=places).values_list("node_id", flat=True))
        old = _holding(folder, known["counties"], found)
        counties = {
            code: key for code, key in counties.items() if key in near or code in old or code not in known["counties"]
        }
    return {**counties, ELSEWHERE: 0}


def _holding(folder: Path, counties: Mapping[str, Any], found: changes.Changes) -> set[str]:
    """The counties whose files hold rows of records that changed."""
    link, codes = duckdb.connect(), set()
    for name, kind in FOLLOWS.items():
        keys = found.keys(kind)
        if keys and kind != "place" and (files := paths(folder, counties, name)):
            link.register("keys", pa.table({"key": pa.array(sorted(keys), pa.int64())}))
            asked = f"SELECT DISTINCT filename FROM read_parquet(?, filename = true, hive_partitioning = false) SEMI JOIN keys ON {kind} = key"
            codes |= {Path(file).name.split(".")[0] for (file,) in link.execute(asked, [files]).fetchall()}
    return codes


def rows_to_write(folder: Path, known: About | None, found: changes.Changes) -> int:
    """About how many rows: those that the touched counties had, or, the first time, what the database holds."""
    if known is None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sum(greatest(reltuples, 0)) FROM pg_class WHERE relname IN"
                " ('registry_unitstate', 'membership_standing', 'membership_affiliation', 'membership_coverage')"
            )
            return int(cursor.fetchone()[0] or 0)
    counties = known["counties"]
    return sum(counties[code]["rows"] for code in _touched(folder, known, found) if code in counties)


def _write(folder: Path, code: str, key: int, number: int) -> dict[str, Any]:
    """One county's tables. An open county also has the records of those that became part of it."""
    files: dict[str, str] = {}
    rows = 0
    for name, query in QUERIES.items():
        table = bulk.fetch(query.format(inside=f"{PLACE[name]} {_inside(code, key)}"), schema(name).to_pyarrow())
        if table.num_rows or code == ELSEWHERE:
            file = folder / name / f"{code}.{number}.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            draft = file.with_suffix(".draft")
            pq.write_table(table, draft, compression="zstd")
            draft.rename(file)
            files[name], rows = f"{name}/{file.name}", rows + table.num_rows
    return {"files": files, "rows": rows}


def _inside(code: str, key: int) -> str:
    if code != ELSEWHERE:
        return f"IN (SELECT place_id FROM territory_reach WHERE node_id = {int(key)})"
    # named one by one, they are found by the index; as "not in the others" the whole register is read
    inside = Reach.objects.filter(node__level="county", node__closed_on=None).values("place")
    keys = Place.objects.exclude(pk__in=inside).values_list("pk", flat=True)
    return f"IN ({', '.join(map(str, keys)) or 'NULL'})"
