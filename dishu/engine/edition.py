"""An edition (版次): the facts of a scope as they were known at one moment, written, sealed and opened again.

On disk: `manifest.json` (day, moment, hashes, rules read, versions), `facts/<table>/<county>.parquet` sorted by
place, and `figures.parquet`, the figures of the day. Names and identity numbers are in none of them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from dishu.engine import backends
from dishu.engine.derived import complete
from dishu.engine.facts import TABLES, Facts, empty, schema
from dishu.engine.figures import Counts, figures, plain, states_at
from dishu.engine.indicators import ALL
from dishu.engine.territory import Tree
from dishu.standards import law

FORMAT = 1
ELSEWHERE = "elsewhere"
Part = tuple[str, Mapping[str, pa.Table]]


class EditionDamaged(RuntimeError):
    """The folder is no edition, or not a whole one; the message says what is missing."""


@dataclass(frozen=True)
class Edition:
    """A sealed edition on disk."""

    path: Path
    manifest: dict[str, Any]

    @property
    def day(self) -> date:
        """The day the edition was made for."""
        return date.fromisoformat(self.manifest["day"])

    @property
    def short_hash(self) -> str:
        """Eight characters that stand for all its contents, as printed on reports."""
        return str(self.manifest["contents"])[:8]

    def facts(self, connection: backends.Connection | None = None) -> Facts:
        """Its facts on a backend (DuckDB when none is given)."""
        connection = connection or backends.duckdb()
        return complete({name: self._table(connection, name) for name in TABLES})

    def _table(self, connection: backends.Connection, name: str) -> Any:
        files = [str(self.path / entry["file"]) for entry in self.manifest["files"] if entry["table"] == name]
        if connection.name == "pyspark":
            return connection.read_parquet(str(Path(files[0]).parent))
        return connection.read_parquet(files, hive_partitioning=False)

    def places(self) -> pa.Table:
        """The edition's places as Arrow."""
        return pa.concat_tables([pq.ParquetFile(path).read() for path in sorted((self.path / "facts/place").glob("*"))])

    def tree(self, day: date | None = None, borders: str = "then") -> Tree:
        """Its places with the borders of `day` (`then`) or of the edition's own day (`now`)."""
        return Tree(self.places(), self.day if borders == "now" or day is None else day)

    def sealed_figures(self) -> pa.Table:
        """The figures stored when it was sealed."""
        return pq.read_table(self.path / "figures.parquet")


def open(path: Path | str) -> Edition:
    """Open an edition. Raises `EditionDamaged` where the folder is none."""
    manifest = Path(path) / "manifest.json"
    if not manifest.is_file():
        raise EditionDamaged(f"{path} 不是版次文件夹：缺少 manifest.json")
    content = json.loads(manifest.read_text("utf-8"))
    if content.get("format") != FORMAT:
        raise EditionDamaged(f"{path} 的格式号是 {content.get('format')}，本程序只认 {FORMAT}")
    return Edition(Path(path), content)


def county_of(place: str) -> str:
    """The county a place lies in, by its code; places above the county are `elsewhere`.

    >>> county_of("421302001001"), county_of("4213")
    ('421302', 'elsewhere')
    """
    return place[:6] if len(place) >= 6 else ELSEWHERE


def by_county(tables: Mapping[str, pa.Table]) -> Iterator[Part]:
    """Split whole tables into one part per county: a fact goes where its unit, member or organization lies first."""
    connection = duckdb.connect()
    for name in TABLES:
        connection.register(name, tables[name])
    _homes(connection)
    counties = [row[0] for row in connection.execute("SELECT DISTINCT county FROM homes ORDER BY 1").fetchall()]
    for county in counties:
        yield county, {name: _share(connection, name, county) for name in TABLES}


def _homes(connection: duckdb.DuckDBPyConnection) -> None:
    county = f"CASE WHEN len(place) >= 6 THEN place[1:6] ELSE '{ELSEWHERE}' END"
    parts = [
        f"SELECT '{name}' AS subject, CAST({name} AS VARCHAR) AS key, min({county}) AS county FROM {name} GROUP BY 2"
        for name in ("place", "unit", "member", "org")
    ]
    connection.execute(f"CREATE TEMP TABLE homes AS {' UNION ALL '.join(parts)}")


#: Whose county a table follows.
FOLLOWS = {
    "place": "place", "unit": "unit", "member": "member", "org": "org", "employment": "member",
    "affiliation": "member", "participation": "member", "identity": "member", "coverage": "unit",
    "instructor": "unit", "plan": "unit", "work": "unit",
}  # fmt: skip


def _share(connection: duckdb.DuckDBPyConnection, name: str, county: str) -> pa.Table:
    subject = FOLLOWS[name]
    first = "place" if "place" in TABLES[name] else subject
    rest = [column for column in TABLES[name] if column != first]
    query = (
        f"SELECT t.* FROM {name} t LEFT JOIN homes h ON h.subject = '{subject}' AND h.key = CAST(t.{subject} AS VARCHAR)"
        f" WHERE coalesce(h.county, '{ELSEWHERE}') = ? ORDER BY {', '.join('t.' + c for c in (first, *rest))}"
    )
    return connection.execute(query, [county]).to_arrow_table().cast(schema(name).to_pyarrow())


def write(
    parts: Iterable[Part], path: Path, *, day: date, moment: str, source: Mapping[str, Any] | None = None
) -> Edition:
    """Write facts as a sealed edition; the folder appears whole or not at all.

    `parts`: county -> tables, see `by_county`; `moment`: when, as the caller's clock says (ISO text);
    `source`: what it was made from, goes into the manifest. Refuses (FileExistsError) to replace an edition.
    """
    if path.exists():
        raise FileExistsError(f"{path} 已存在；封存的版次不能覆盖")
    draft = path.with_name(f".{path.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    files = [entry for county, tables in parts for entry in _write_part(draft, county, tables)]
    nothing = {name: empty(name) for name in set(TABLES) - {entry["table"] for entry in files}}
    files += _write_part(draft, ELSEWHERE, nothing, always=True)
    manifest = {
        "format": FORMAT,
        "day": day.isoformat(),
        "moment": moment,
        "source": dict(source or {}),
        "files": files,
    }
    _seal(draft, manifest, day)
    draft.rename(path)
    return Edition(path, manifest)


def _write_part(
    draft: Path, county: str, tables: Mapping[str, pa.Table], always: bool = False
) -> Iterator[dict[str, Any]]:
    for name, table in sorted(tables.items()):
        if table.num_rows or always:
            file = draft / "facts" / name / f"{county}.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(table, file, compression="zstd", row_group_size=200_000)
            yield {"table": name, "file": str(file.relative_to(draft)), "rows": table.num_rows, "sha256": sha256(file)}


def _seal(draft: Path, manifest: dict[str, Any], day: date) -> None:
    unsealed = Edition(draft, manifest)
    table = plain(figures(Counts.of(states_at(unsealed.facts(), day)), unsealed.tree()))
    pq.write_table(table, draft / "figures.parquet")
    manifest["figures_sha256"] = sha256(draft / "figures.parquet")
    manifest["rules"] = rules_used(day)
    manifest["indicators"] = [i.code for i in ALL]
    listed = "".join(entry["sha256"] for entry in manifest["files"]) + manifest["figures_sha256"]
    manifest["contents"] = hashlib.sha256(listed.encode()).hexdigest()
    (draft / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8")


def rules_used(day: date) -> list[dict[str, Any]]:
    """The rules the figures of a day rest on, as they stood then; a rule not in force that day is left out."""
    names = sorted({name for indicator in ALL for name in indicator.rules})
    rules = law.at(day)
    for name in names:
        try:
            rules.value(name)
        except law.OutsideDates:
            continue
    return [
        {"rule": r.name, "value": str(r.value), "since": r.since.isoformat(), "source": r.source, "mark": r.mark}
        for r in rules.read
    ]


def sha256(file: Path) -> str:
    """The hash of a file's bytes."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
