"""Small worlds drawn as text tables: the first thing to read in a test."""

from __future__ import annotations

from datetime import date

import ibis
import pyarrow as pa

from dishu.engine.derived import complete
from dishu.engine.facts import TABLES, Facts, schema

#: A city with two counties; what a test does not draw is filled from here.
PLACES = """
place     | name   | level      | parent | since
4213      | 随州市 | prefecture |        | 2000-01-01
421302    | 曾都区 | county     | 4213   | 2000-01-01
421302001 | 东城   | township   | 421302 | 2000-01-01
421302002 | 西城   | township   | 421302 | 2000-01-01
421381    | 广水市 | county     | 4213   | 2000-01-01
421381001 | 应山   | township   | 421381 | 2000-01-01
"""
DEFAULTS = {
    "unit": dict(place="421302001", kind="enterprise", since="2005-01-01"),
    "member": dict(place="421302001", standing="full", since="2005-01-01"),
    "employment": dict(role="employee", since="2005-01-01"),
    "affiliation": dict(source="名册", since="2005-01-01"),
    "participation": dict(since="2005-01-01"),
    "identity": dict(since="2005-01-01"),
    "org": dict(place="421302001", kind="branch", system="enterprise", since="2005-01-01"),
    "coverage": dict(mode="single", since="2005-01-01"),
    "instructor": dict(since="2005-01-01"),
    "plan": dict(plan="年初计划", since="2007-01-01"),
    "work": dict(kind="activity"),
}


def drawn(text: str) -> list[dict[str, str]]:
    """The rows of a text table: a header line, then cells between bars; empty cells are missing."""
    lines = [line for line in text.strip().splitlines() if line.strip() and not set(line.strip()) <= set("-| ")]
    head, *body = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [{k: v for k, v in zip(head, cells, strict=True) if v} for cells in body]


def _value(text: str, kind: str):
    kind = kind.lstrip("!")
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "boolean":
        return {"yes": True, "no": False}[text]
    return int(text) if kind == "int64" else text


def arrow(name: str, text: str) -> pa.Table:
    rows = [DEFAULTS.get(name, {}) | row for row in drawn(text)]
    typed = [{k: _value(v, TABLES[name][k]) for k, v in row.items()} for row in rows]
    return pa.Table.from_pylist(typed, schema=schema(name).to_pyarrow())


def tables(**texts: str) -> dict[str, pa.Table]:
    texts = {"place": PLACES} | texts
    return {name: arrow(name, texts.get(name, "-")) if name in texts else _none(name) for name in TABLES}


def _none(name: str) -> pa.Table:
    return schema(name).to_pyarrow().empty_table()


def facts(connection=None, **texts: str) -> Facts:
    """A world from text tables, completed from `PLACES` and `DEFAULTS`."""
    return of(tables(**texts), connection)


def of(arrows: dict[str, pa.Table], connection=None) -> Facts:
    connection = connection or ibis.duckdb.connect()
    return complete({name: connection.create_table(name, t, schema=schema(name)) for name, t in arrows.items()})
