"""The rows behind a number with the names a person needs to act on them; members masked, non-members absent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
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


def listed(rows: Table | pa.Table, subject: str, tree: Tree, register: Register) -> pa.Table:
    """Rows with Chinese titles: situation, name, code, place, what is known, and the file and row they come from."""
    table = rows if isinstance(rows, pa.Table) else rows.to_pyarrow()
    named = _named(table, subject, register)
    places = {
        code: "/".join(tree.now[p].name for p in reversed(tree.path(code))) for code in set(named["place"].to_pylist())
    }
    columns: dict[str, Any] = {"情况": [SITUATION.get(v, v) for v in named["outcome"].to_pylist()]}
    for name, title in (("code", "代码"), ("name", "名称" if subject != "member" else "姓名")):
        if name in named.column_names:
            columns[title] = named[name]
    columns["所在地区"] = [places[code] for code in named["place"].to_pylist()]
    for name in SHOWN[subject]:
        columns[labels.column(name)] = _column(named[name], subject, name)
    columns["来源"] = named["source"] if "source" in named.column_names else pa.nulls(named.num_rows, pa.string())
    columns["编号"] = [str(key) for key in named[subject].to_pylist()]
    return pa.table(columns)


def _column(column: pa.ChunkedArray, subject: str, name: str) -> Any:
    if name in FLAGS[subject]:
        return [labels.value(value) for value in column.to_pylist()]
    return column


def _named(table: pa.Table, subject: str, register: Register) -> pa.Table:
    """Rows with name, code and source of the first roster row that speaks of them."""
    connection = duckdb.connect()
    connection.register("t", table)
    if subject not in register.tables:
        return connection.execute(f"SELECT * FROM t ORDER BY place, {subject}").to_arrow_table()
    connection.register("r", register.tables[subject])
    code = "any_value(code) AS code," if "code" in register.tables[subject].column_names else ""
    return connection.execute(
        f"WITH first AS (SELECT {subject}, {code} any_value(name) AS name, string_agg(source_file || ' '"
        f" || coalesce(source_sheet, '') || ' 第' || source_row || '行', '；') AS source FROM r GROUP BY {subject})"
        f" SELECT t.*, first.* EXCLUDE ({subject}) FROM t LEFT JOIN first USING ({subject})"
        f" ORDER BY t.place, name, t.{subject}"
    ).to_arrow_table()
