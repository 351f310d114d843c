"""All changes of all figures, per place and day: any figure of any day, and any trend, is a sum over them.

Changes lie in half-years, in each sorted by leaf. Before each half-year stands what all figures were in every leaf; for
each county stands what changed in every month. So no question adds up more than half a year of changes, or, for the
trend of a few places, more than the changes of these places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from dishu.engine import cube_files
from dishu.engine.backends import Connection
from dishu.engine.cube_parts import Part
from dishu.engine.facts import Facts
from dishu.engine.figures import SUBJECTS, Counts, figures
from dishu.engine.history import history
from dishu.engine.indicators import get
from dishu.engine.profile import WEIGHTS
from dishu.engine.territory import Tree

Array = Any


@dataclass(frozen=True)
class Cube:
    """The whole history of one edition, or of any facts: `parts` by subject, over the places `leaves`."""

    leaves: list[str]
    parts: Mapping[str, Part]

    @classmethod
    def build(cls, facts: Facts, connection: Connection) -> Cube:
        """Evaluate the whole history once. `facts` must live on the connection (DuckDB)."""
        leaves, changes = history(facts)
        county = _counties(leaves)
        return cls(leaves, {subject: Part.made(subject, changes.pop(subject), county) for subject in SUBJECTS})

    def save(self, folder: Path) -> None:
        """Write the cube as Parquet into a folder, which may not exist yet."""
        cube_files.save(folder, self.leaves, self.parts)

    @classmethod
    def load(cls, connection: Connection | None, folder: Path) -> Cube:
        """Open a saved cube; its columns are read when a question needs them."""
        leaves, parts = cube_files.load(folder, _counties)
        return cls(leaves, parts)

    def counts(self, day: date) -> Counts:
        """Subjects by place and profile on that day; equals `Counts.of` of the facts on that day.

        Figures of everything are ready; only a part of the population (`Slice`) makes the profiles be counted.
        """
        return Counts(_Counted(self, day), lambda subject: self._ready(subject, day))

    def figures(self, day: date, tree: Tree, codes: Sequence[str] = (), by: str | None = None) -> pa.Table:
        """Figures as they stood on that day; columns as `dishu.engine.figures.figures`."""
        return figures(self.counts(day), tree, codes, by)

    def _ready(self, subject: str, day: date) -> Any:
        part = self.parts[subject]
        return part.sheet, self.leaves, part.sums(_number(day), len(self.leaves))

    def trend(self, code: str, days: Sequence[date], leaves: Sequence[str]) -> pa.Table:
        """One indicator over rising days, for the leaf places that count (`tree.under(top, cube.leaves)`).

        Columns: day, total, held, failed, unknown.
        """
        part = self.parts[get(code).subject]
        inside = self._inside(leaves)
        sums = part.trend(part.sheet.columns[code], np.array([_number(day) for day in days]), inside)
        total, held, failed, unknown, _ = part.sheet.parts(sums.T.astype(np.int64), code)
        return pa.table(
            {"day": pa.array(list(days)), "total": total, "held": held, "failed": failed, "unknown": unknown}
        )

    def _inside(self, leaves: Sequence[str]) -> Array:
        inside: Array = np.zeros(len(self.leaves), dtype=bool)
        number = self._number_of
        inside[[number[leaf] for leaf in leaves if leaf in number]] = True
        return inside

    @cached_property
    def _number_of(self) -> dict[str, int]:
        return {leaf: n for n, leaf in enumerate(self.leaves)}


class _Counted(Mapping[str, pa.Table]):
    """Counts that are made when somebody looks."""

    def __init__(self, cube: Cube, day: date) -> None:
        self.cube, self.day = cube, day

    def __getitem__(self, subject: str) -> pa.Table:
        rows = self.cube.parts[subject].until(_number(self.day))
        connection = duckdb.connect()
        connection.register("rows", rows)
        connection.register(
            "places", pa.table({"leaf": pa.array(range(len(self.cube.leaves)), pa.int32()), "place": self.cube.leaves})
        )
        sums = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in ("n", *WEIGHTS[subject]))
        query = f"SELECT leaf, profile, {sums} FROM rows GROUP BY ALL HAVING sum(n) <> 0"
        named = f"SELECT places.place, counted.* EXCLUDE (leaf) FROM ({query}) counted JOIN places USING (leaf)"
        return connection.execute(named).to_arrow_table()

    def __iter__(self) -> Any:
        return iter(SUBJECTS)

    def __len__(self) -> int:
        return len(SUBJECTS)


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _counties(leaves: list[str]) -> Array:
    """For each leaf the number of its county, or of the higher place that it is."""
    return np.unique(np.array([leaf[:6] for leaf in leaves], dtype=str), return_inverse=True)[1].reshape(-1)
