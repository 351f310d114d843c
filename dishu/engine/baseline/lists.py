"""The rows behind a number with the names a person needs to act on them; members masked, non-members absent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from dishu.engine import labels
from dishu.engine.facts import Table
from dishu.engine.profile import FLAGS
from dishu.engine.territory import Tree

SITUATION = {"held": "达到", "failed": "未达到", "unknown": "情况不明"}
#: Columns of a state that help to act on a row, by subject.
SHOWN = {
    "unit": ("kind", "above_size", "employees", "members", "full", "full_present", "own", "covered", "instructed",
             "surveyed", "verified"),
    "member": ("kind", "full", "affiliation", "shown", "participates", "verified"),
    "org": ("kind", "full", "members", "units", "under_plan"),
    "instructor": ("units",),
}  # fmt: skip


@dataclass(frozen=True)
class Register:
    """Names by key, kept beside an edition and never in it: unit, member (masked) and org with their source rows."""

    tables: Mapping[str, pa.Table]

    def write(self, folder: Path) -> None:
        """One CSV per kind."""
        folder.mkdir(parents=True)
        for name, table in self.tables.items():
            pa_csv.write_csv(table, folder / f"{name}s.csv")

    @classmethod
    def read(cls, folder: Path) -> Register:
        """The register in a folder; empty where there is none."""
        files = {name: folder / f"{name}s.csv" for name in ("unit", "member", "org")}
        text = pa_csv.ConvertOptions(
            column_types={"code": pa.string(), "name": pa.string(), "source_sheet": pa.string()}
        )
        return cls({n: pa_csv.read_csv(f, convert_options=text) for n, f in files.items() if f.is_file()})

    @cached_property
    def named(self) -> dict[str, pa.Table]:
        """One row per key: code, name and all source rows in one text."""
        return {subject: _gathered(subject, table) for subject, table in self.tables.items()}


def _gathered(subject: str, table: pa.Table) -> pa.Table:
    connection = duckdb.connect()
    connection.register("r", table)
    code = "any_value(code)" if "code" in table.column_names else "NULL"
    return connection.execute(
        f"SELECT {subject}, {code} AS code, any_value(name) AS name, string_agg(source_file || ' '"
        f" || coalesce(source_sheet, '') || ' 第' || source_row || '行', '；') AS source FROM r GROUP BY {subject}"
    ).to_arrow_table()


def listed(rows: Table | pa.Table, subject: str, tree: Tree, register: Register) -> pa.Table:
    """Rows with Chinese titles: situation, name, code, place, what is known, and the file and row they come from."""
    table = rows if isinstance(rows, pa.Table) else rows.to_pyarrow()
    named = _named(table, subject, register)
    columns: dict[str, Any] = {"情况": mapped(named["outcome"], lambda v: SITUATION.get(v, v))}
    if subject == "unit":
        columns["代码"] = named["code"]
    if subject in register.tables:
        columns["姓名" if subject == "member" else "名称"] = named["name"]
    columns["所在地区"] = mapped(
        named["place"], lambda code: "/".join(tree.now[p].name for p in reversed(tree.path(code)))
    )
    for name in SHOWN[subject]:
        words = name in FLAGS[subject]
        columns[labels.column(name)] = mapped(named[name], labels.value) if words else named[name]
    columns["来源"] = named["source"]
    columns["编号"] = named[subject].cast(pa.string())
    return pa.table(columns)


def mapped(column: pa.ChunkedArray, say: Callable[[Any], str]) -> pa.ChunkedArray:
    """Each different value said once, in words; as quick for millions of rows as for one.

    >>> mapped(pa.chunked_array([[True, None, True]]), labels.value).to_pylist()
    ['是', '未知', '是']
    """
    coded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    words = pa.array([say(value) for value in coded.dictionary.to_pylist()], pa.string())
    return pa.chunked_array([words.take(coded.indices)])


def _named(table: pa.Table, subject: str, register: Register) -> pa.Table:
    """Rows with name, code and sources beside them, by place and name."""
    connection = duckdb.connect()
    connection.register("t", table)
    if subject not in register.tables:
        return connection.execute(
            f"SELECT *, NULL::VARCHAR AS source FROM t ORDER BY place, {subject}"
        ).to_arrow_table()
    connection.register("r", register.named[subject])
    return connection.execute(
        f"SELECT t.*, r.* EXCLUDE ({subject}) FROM t LEFT JOIN r USING ({subject}) ORDER BY t.place, r.name, t.{subject}"
    ).to_arrow_table()


def harmless(table: pa.Table) -> pa.Table:
    """Texts that a table program would take for a formula get an apostrophe before them.

    >>> harmless(pa.table({"名称": ["=1+1", "鑫源", None]}))["名称"].to_pylist()
    ["'=1+1", '鑫源', None]
    """
    for at, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            column = table.column(at)
            risky = pc.fill_null(pc.match_substring_regex(column, "^[=+@\\t-]"), False)
            if pc.any(risky).as_py():
                quoted = pc.binary_join_element_wise("'", column, "")
                table = table.set_column(at, field, pc.if_else(risky, quoted, column))
    return table
