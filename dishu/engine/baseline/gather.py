"""All rosters of the job, read and stacked by kind: what went in, what came back, and how much of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from dishu.engine import intake
from dishu.standards import forms

Tell = Callable[[str], None]
UNIT_LAYOUTS = ("registration", "individual", "market")
PEOPLE_LAYOUTS = ("member", "affiliation")


@dataclass
class Gathered:
    """The rosters that were read and the files that could not be."""

    rosters: list[intake.Roster] = field(default_factory=list)
    refused: list[intake.FileRefused] = field(default_factory=list)

    def table(self, layout: str) -> pa.Table:
        """All good rows of one layout under each other, with `rec_id` (unique) and `rank` (order of arrival)."""
        table = intake.rows_of(self.rosters, forms.layout(layout))
        numbers = range(table.num_rows)
        ids = pa.array([f"{layout}:{n:07d}" for n in numbers], pa.string())
        return table.append_column("rec_id", ids).append_column("rank", pa.array(numbers, pa.int64()))

    def problems(self) -> pa.Table:
        """Every problem of every row."""
        return intake.problems_of(self.rosters)

    def refused_rows(self) -> int:
        """How many rows came back."""
        return sum(int(roster.refused.num_rows) for roster in self.rosters)

    def sources(self) -> pa.Table:
        """What each sheet gave: file, sheet, layout, rows, good, refused; blank rows are not counted."""
        return pa.Table.from_pylist([_source(roster) for roster in self.rosters], schema=SOURCES)


SOURCES = pa.schema(
    [(name, pa.string()) for name in ("file", "sheet", "layout")]
    + [(name, pa.int64()) for name in ("rows", "good", "refused")]
)


def _source(roster: intake.Roster) -> dict[str, Any]:
    return {
        "file": roster.path.name, "sheet": roster.sheet, "layout": roster.layout.title,
        "rows": roster.rows - roster.blank_rows, "good": roster.table.num_rows, "refused": roster.refused.num_rows,
    }  # fmt: skip


def read_all(paths: Iterable[Path], tell: Tell) -> Gathered:
    """Read every file. One that cannot be read is told and kept apart; the others go on."""
    gathered = Gathered()
    for path in paths:
        try:
            read = intake.read(path)
        except intake.FileRefused as refused:
            gathered.refused.append(refused)
            tell(f"{path.name}：{refused.text}")
            continue
        gathered.rosters += read.rosters
        good, back = (
            (sum(int(t.num_rows) for t in ts) for ts in zip(*((r.table, r.refused) for r in read.rosters), strict=True))
            if read.rosters
            else (0, 0)
        )
        tell(f"{path.name}：{good:,} 行可用，{back:,} 行退回")
    return gathered
