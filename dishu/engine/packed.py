"""The facts as whole numbers with their dates still on: what any day, and the whole history, are put together from.

Everything that does not hang on the day is done here once: words become numbers of places and profiles, laws are read
for the days they held. It can be kept beside an edition, as plain arrays that are mapped into memory, not read.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from dishu.engine import lookup, moments
from dishu.engine.answers import EPOCH
from dishu.engine.derived import thresholds
from dishu.engine.facts import Facts, Table, above_size
from dishu.engine.lookup import Rows, chosen
from dishu.engine.moments import OWN_FLAGS
from dishu.engine.profile import pack, size
from dishu.engine.state import other_ties, own_answers
from dishu.engine.throughout import Throughout

Array = Any
OWN_WEIGHTS = ("employees", "assets", "turnover")
#: Ties that only are or are not, each one bit of a word; of a unit's own organizations, the highest rank counts.
MARKS = (
    "rank_1", "rank_2", "rank_3", "joint", "attached", "functional", "instructors", "planned", "newcomer", "worked",
)  # fmt: skip
#: Columns that say when a row holds and counts as verified.
DATES = ("since", "until", "seen", "stale")
#: Rows of units that are looked at together.
LOT = 2**16


@dataclass(frozen=True)
class Packed:
    """Dated rows by table (see `moments.readings`; `unit` and `ties` besides); `leaf` is a number in `leaves`.

    `forget`: gives the memory of a mapped table back, until somebody looks at it again.
    """

    leaves: list[str]
    rows: dict[str, dict[str, Array]]
    forget: Callable[[str], None] = lambda _: None

    def on(self, day: int) -> dict[str, dict[str, Array]]:
        """The rows but units' that hold on a day (since 1970), without their dates; of members `verified`."""
        return {name: self._on(name, day, table) for name, table in self.rows.items() if name != "unit"}

    def units(self, day: int) -> list[Callable[[], dict[str, Array]]]:
        """What gives the units of a day lot by lot; whether they are verified is in `own`."""
        return [partial(self._on, "unit", day, lot) for lot in in_lots(self.rows["unit"])]

    def _on(self, name: str, day: int, table: Rows) -> dict[str, Array]:
        found = _on(table, name, day)
        self.forget(name)
        return found

    def save(self, folder: Path) -> None:
        """Write the rows into a new folder, by leaf, each number as short as may be."""
        folder.mkdir(parents=True)
        (folder / "rows.json").write_text(json.dumps({"tables": list(self.rows), "leaves": self.leaves}), "utf-8")
        for name, table in self.rows.items():
            order = np.argsort(table["leaf" if "leaf" in table else "since"], kind="stable")
            arrow = pa.table({column: _short(values.take(order)) for column, values in table.items()})
            with pa.ipc.new_file(str(folder / f"{name}.arrow"), arrow.schema) as file:
                file.write_table(arrow.combine_chunks())


def in_lots(rows: Rows) -> list[Rows]:
    """Rows in order of their leaf in lots, so that each has few leaves; other rows are one lot."""
    leaf = rows["leaf"]
    step = LOT if (leaf[1:] >= leaf[:-1]).all() else max(1, len(leaf))
    starts = range(0, max(1, len(leaf)), step)
    return [{name: column[start : start + step] for name, column in rows.items()} for start in starts]


def _on(table: Rows, name: str, day: int) -> dict[str, Array]:
    holds = np.flatnonzero((table["since"] <= day) & (day < table["until"]))
    found = {column: values.take(holds) for column, values in table.items() if column not in DATES}
    if "seen" in table:
        verified = (table["seen"].take(holds) <= day) & (day < table["stale"].take(holds))
        if name == "unit":
            found["own"] = found["own"] + adds("verified") * verified.astype(np.int32)
        else:
            found["verified"] = verified
    return found


def of(facts: Facts) -> Packed:
    """All rows of facts on DuckDB; kept ones where the facts have them."""
    if facts.packed is not None:
        found: Packed = facts.packed()
        return found
    view = Throughout(facts.tables, None)
    asked = moments.readings(view) | {"unit": _own(view), "ties": _marked(other_ties(view, ["unit", *view.keys]))}
    rows = {name: lookup.columns(table) for name, table in asked.items()}
    lookup.number_keys(rows)
    leaves = lookup.number_places(rows)
    return Packed(leaves, rows | {"unit": _cut_by_law(rows["unit"])})


def _own(view: Throughout) -> Table:
    """Units' own rows. Columns: unit, place, since, until, seen and stale (see `throughout.looked`), weights, own, sized.

    `own`: their profile when neither above size nor verified; `sized`: whether a large turnover would make them so.
    """
    unit = view.of("unit")
    s = own_answers(unit.mutate(above_size=False, verified=False, sized=above_size(unit, 0)))
    packed = pack(s, "unit", OWN_FLAGS).cast("int32")
    return s.select("unit", "place", *view.keys, "seen", "stale", *OWN_WEIGHTS, "sized", own=packed)


def marked(ties: Table, *keys: str) -> Table:
    """Ties as one word of `MARKS`."""
    bits = {mark: ties[mark] > 0 for mark in MARKS if mark in ties.columns}
    bits |= {f"rank_{rank}": ties.own_rank == rank for rank in (1, 2, 3)}
    word = ibis.literal(0, "int64")
    for n, mark in enumerate(MARKS):
        word = word + bits[mark].cast("int64") * 2**n
    return ties.select("unit", *keys, word=word.cast("int16"))


def _marked(ties: Table) -> Table:
    return marked(ties, "since", "until")


def _cut_by_law(rows: dict[str, Array]) -> dict[str, Array]:
    """Rows cut at the days on which the size limit moved over them; the first piece of a row may last no day."""
    rows, sized = {name: column for name, column in rows.items() if name != "sized"}, rows["sized"] > 0
    steps, above = thresholds(), np.int32(adds("above_size"))
    reached = [sized & (rows["turnover"] >= wan * 10_000) for wan, _, _ in steps]
    moved = np.logical_or.reduce([now != before for before, now in pairwise(reached)])
    until = np.where(moved, _earlier(rows["until"], steps[0][2]), rows["until"])
    parts = [{**rows, "until": until, "own": rows["own"] + above * reached[0]}]  # nearly all rows: none is gathered
    for (_, began, ended), large in zip(steps[1:], reached[1:], strict=True):
        part = chosen(rows, moved)
        since, until = np.maximum(part["since"], (began - EPOCH).days), _earlier(part["until"], ended)
        part |= {"since": since, "until": until, "own": part["own"] + above * large[moved]}
        parts.append(chosen(part, since < until))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _earlier(ends: Array, end: date | None) -> Array:
    return ends if end is None else np.minimum(ends, (end - EPOCH).days)


def adds(flag: str) -> int:
    """What a yes to this flag adds to a unit's profile."""
    return size(OWN_FLAGS[: OWN_FLAGS.index(flag)], "unit")


# --- kept as files


def same(one: Packed, other: Packed) -> bool:
    """Whether both have the same rows, in whatever order."""
    return one.leaves == other.leaves and {name: _sorted(table) for name, table in one.rows.items()} == {
        name: _sorted(table) for name, table in other.rows.items()
    }


def _sorted(table: Rows) -> dict[str, bytes]:
    order = np.lexsort([table[name] for name in sorted(table)])
    return {name: column.take(order).astype(np.int64).tobytes() for name, column in table.items()}


def _short(values: Array) -> Array:
    """Whole numbers in 32 bits where they fit."""
    fits = values.dtype == np.int64 and values.min(initial=0) >= -(2**31) and values.max(initial=0) < 2**31
    return values.astype(np.int32) if fits else values


def load(folder: Path) -> Callable[[], Packed]:
    """What maps the rows into memory, each time anew. OSError or ValueError where they are not whole."""
    about = json.loads((folder / "rows.json").read_text("utf-8"))

    def mapped() -> Packed:
        spaces = {name: _mapped(folder / f"{name}.arrow") for name in about["tables"]}
        return Packed(
            about["leaves"], {name: _columns(space) for name, space in spaces.items()}, partial(_forget, spaces)
        )

    mapped()
    return mapped


def _mapped(file: Path) -> mmap.mmap:
    with file.open("rb") as stream:
        return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)


def _columns(space: mmap.mmap) -> dict[str, Array]:
    table = pa.ipc.open_file(pa.py_buffer(space)).read_all()
    return {name: table[name].to_numpy() for name in table.column_names}


def _forget(spaces: Mapping[str, mmap.mmap], name: str) -> None:
    if hasattr(mmap, "MADV_DONTNEED"):  # not on every system; only memory is lost then
        spaces[name].madvise(mmap.MADV_DONTNEED)
