"""A cube on disk: Parquet files of changes and sums beside an edition, read only as far as a question needs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dishu.engine.cube_parts import Part
from dishu.engine.state import SUBJECTS
from dishu.engine.tally import Sheet

Array = Any
FORMAT = 1
#: Rows that are read together where only some places are asked for.
GROUP = 8_192


class CubeOutdated(RuntimeError):
    """The cube was saved by a version with other indicators; it must be built again."""


def save(folder: Path, leaves: list[str], parts: Mapping[str, Part]) -> None:
    """Write `cube.json` and for each subject `changes`, `before` and `months`."""
    folder.mkdir(parents=True)
    about: dict[str, Any] = {"format": FORMAT, "leaves": leaves, "parts": {}}
    for subject, part in parts.items():
        starts = _save_changes(folder / f"{subject}_changes.parquet", part)
        _save_before(folder / f"{subject}_before.parquet", part)
        months = part.store.months()
        flat = pa.table({f"c{i}": months[:, :, i].reshape(-1) for i in range(months.shape[2])} or {"c": np.zeros(0)})
        pq.write_table(flat, folder / f"{subject}_months.parquet", compression="zstd")
        about["parts"][subject] = {
            "first": part.first, "halves": part.halves, "profiles": part.profiles.tolist(), "starts": starts,
            "sheet": fingerprint(part.sheet),
        }  # fmt: skip
    (folder / "cube.json").write_text(json.dumps(about), "utf-8")


def _save_changes(path: Path, part: Part) -> list[int]:
    """One half-year after the other; returns the number of the first row group of each, and of the end."""
    starts, groups = [0], 0
    with pq.ParquetWriter(path, part.store.changes(0).schema, compression="lz4") as writer:
        for half in range(part.halves):
            table = part.store.changes(half)
            if table.num_rows:
                writer.write_table(table, row_group_size=GROUP)
            groups += -(-table.num_rows // GROUP)
            starts.append(groups)
    return starts


def _save_before(path: Path, part: Part) -> None:
    """A row group for each half-year, a row for each leaf; numbers as short as the longest of their column."""
    halves = [part.store.before(half) for half in range(part.halves)]
    kinds = [np.result_type(*columns) for columns in zip(*halves, strict=True)]
    schema = pa.schema([(f"c{i}", pa.from_numpy_dtype(kind)) for i, kind in enumerate(kinds)])
    with pq.ParquetWriter(path, schema, compression="lz4") as writer:  # read whole for every day that is asked
        for columns in halves:
            table = pa.table([column.astype(kind) for column, kind in zip(columns, kinds, strict=True)], schema=schema)
            writer.write_table(table, row_group_size=max(1, table.num_rows))


def load(folder: Path, counties: Callable[[list[str]], Array]) -> tuple[list[str], dict[str, Part]]:
    """Open a saved cube. Raises `CubeOutdated` where the indicators have changed since."""
    about = json.loads((folder / "cube.json").read_text("utf-8"))
    leaves = about["leaves"]
    county = counties(leaves)
    parts = {}
    for subject in SUBJECTS:
        one = about["parts"][subject]
        store = InFiles(folder, subject, one["starts"], int(county.max(initial=-1)) + 1)
        part = Part(subject, np.array(one["profiles"], dtype=np.int64), one["first"], one["halves"], county, store)
        if about["format"] != FORMAT or fingerprint(part.sheet) != one["sheet"]:
            raise CubeOutdated(f"{folder} 中的历史数据是按另一版指标保存的；请重新生成")
        parts[subject] = part
    return leaves, parts


def fingerprint(judged: Sheet) -> str:
    """What the columns of a sheet mean."""
    digest = sha256(json.dumps(judged.columns, sort_keys=True).encode())
    for weight, mask in judged.asked:
        digest.update(weight.encode() + mask.tobytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class InFiles:
    """Columns in files (see `cube_parts.Store`)."""

    folder: Path
    subject: str
    starts: list[int]
    counties: int

    @cached_property
    def _changes(self) -> pq.ParquetFile:
        return pq.ParquetFile(self.folder / f"{self.subject}_changes.parquet")

    @cached_property
    def _before(self) -> pq.ParquetFile:
        return pq.ParquetFile(self.folder / f"{self.subject}_before.parquet")

    @cached_property
    def _ranges(self) -> tuple[Array, Array]:
        """Lowest and highest leaf of each row group."""
        about = self._changes.metadata
        at = self._changes.schema_arrow.names.index("leaf")
        found = [about.row_group(n).column(at).statistics for n in range(about.num_row_groups)]
        return np.array([s.min for s in found], dtype=np.int64), np.array([s.max for s in found], dtype=np.int64)

    def changes(self, half: int) -> pa.Table:
        """See `Store`."""
        return self._changes.read_row_groups(range(self.starts[half], self.starts[half + 1]))

    def changes_of(self, low: int, high: int, names: list[str]) -> pa.Table:
        """See `Store`."""
        least, most = self._ranges
        groups = np.flatnonzero((least <= high) & (most >= low))
        return self._changes.read_row_groups(groups.tolist(), columns=names)

    def before(self, half: int) -> Array:
        """See `Store`."""
        table = self._before.read_row_group(half)
        return [column.to_numpy() for column in table.columns]

    @cached_property
    def _months(self) -> Array:
        table = pq.read_table(self.folder / f"{self.subject}_months.parquet")
        columns = [column.to_numpy() for column in table.columns]
        return np.stack(columns, axis=1).reshape(-1, self.counties, len(columns))

    def months(self) -> Array:
        """See `Store`."""
        return self._months
