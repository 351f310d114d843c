"""Annual table 27 filled from the facts: 18 lines by 14 columns for one place, with the checks of the form."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import pyarrow as pa

from dishu.engine.facts import Table
from dishu.engine.figures import States
from dishu.engine.indicators import table27 as form
from dishu.engine.indicators.definition import Indicator
from dishu.engine.territory import Tree


@dataclass(frozen=True)
class Table27:
    """The filled form. `grid`: column -> the 18 values."""

    grid: form.Grid

    def table(self) -> pa.Table:
        """Columns row_no, row_name and one per column of the form; lines 8 and 12 stand only in the first."""
        names: dict[str, list[int | None]] = {form.COLUMNS[c][0]: [*values] for c, values in self.grid.items()}
        for title in list(names)[1:]:
            names[title] = [None if i in (7, 11) else v for i, v in enumerate(names[title])]
        lines = {"row_no": list(range(1, 19)), "row_name": [line.name for line in form.LINES]}
        return pa.table({**lines, **names})

    def failed_checks(self) -> list[str]:
        """What does not add up."""
        return form.failed_checks(self.grid)


def table27(states: States, tree: Tree, place: str) -> Table27:
    """Fill the form for one place from the states of a day (see `figures.states_at`)."""
    leaves = states["unit"].select("place").distinct().to_pyarrow()["place"].to_pylist()
    units = states["unit"].filter(states["unit"].place.isin(tree.under(place, leaves)))
    sums = {}
    for column, (_, question) in form.COLUMNS.items():
        for number, line in enumerate(form.LINES, 1):
            if line.subject == "unit":
                sums[f"{column}__{number}"] = _sum(units, line, question(units))
    filled = units.agg(**sums).to_pyarrow().to_pylist()[0]
    grid = {c: [int(filled.get(f"{c}__{n}") or 0) for n in range(1, 19)] for c in form.COLUMNS}
    for number in (8, 12):
        grid["total"][number - 1] = _others(states, tree, place, form.LINES[number - 1])
    return Table27(grid)


def _sum(units: Table, line: Indicator, column: Table) -> Table:
    counted = (line.outcome(units) == "held") & ibis.coalesce(column, False)
    weight = units[line.weight] if line.weight else ibis.literal(1, "int64")
    return counted.ifelse(weight, 0).sum()


def _others(states: States, tree: Tree, place: str, line: Indicator) -> int:
    state = states[line.subject]
    leaves = state.select("place").distinct().to_pyarrow()["place"].to_pylist()
    state = state.filter(state.place.isin(tree.under(place, leaves)), line.outcome(state) == "held")
    return int(state.count().to_pyarrow().as_py())
