"""Figures for every place, the rows behind each, and the trend: sums over profiles, never typed.

`total = held + failed + unknown` for every figure; the verified share is of the same population.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dishu.engine import asking
from dishu.engine.backends import Connection
from dishu.engine.facts import Facts, Table
from dishu.engine.indicators import ALL, PARTS, Indicator, get
from dishu.engine.profile import counted, pack, unpack
from dishu.engine.runs import numbered
from dishu.engine.state import SUBJECTS, state_tables
from dishu.engine.tally import OUTCOMES, Sheet, judge, sheet, used, weights_of
from dishu.engine.territory import PlaceUnknown, Tree

__all__ = [
    "EVERYTHING", "OUTCOMES", "SMALL_SECTOR", "SUBJECTS", "Counts", "PlaceUnknown", "Slice", "UnknownPlace", "figures", "judge",
    "listed", "rows", "state_tables", "states_at",
]  # fmt: skip
COLUMNS = ("total", "held", "failed", "unknown", "verified")


@dataclass(frozen=True)
class Slice:
    """Which part of the population a figure is asked for: kinds of unit, above designated size or not; empty = all.

    Organizations and instructors are of no kind of unit: of them, all are kept.
    """

    kinds: tuple[str, ...] = ()
    above_size: bool | None = None

    def keeps(self, profiles: pa.Table) -> np.ndarray[Any, Any]:
        """Which profiles belong to the part; subjects without the question all do."""
        keep: np.ndarray[Any, Any] = np.ones(profiles.num_rows, dtype=bool)
        if "above_size" not in profiles.column_names:
            return keep
        for flag, wanted in (("kind", self.kinds), ("above_size", (self.above_size,))):
            if wanted and wanted != (None,):
                keep &= np.array([value in wanted for value in profiles[flag].to_pylist()], dtype=bool)
        return keep

    def of(self, state: Table) -> Table:
        """The rows of a state table that belong to the part; as `keeps`, of subjects without the question all."""
        if "above_size" not in state.columns:
            return state
        if self.kinds:
            state = state.filter(state.kind.isin(self.kinds))
        return state if self.above_size is None else state.filter(state.above_size == self.above_size)


EVERYTHING = Slice()
#: Individual businesses and markets, of which the six 100 % of 2011 speak.
SMALL_SECTOR = Slice(("individual_business", "market"))


@dataclass(frozen=True)
class Counts:
    """Subjects counted by place and profile on one day: all that figures need.

    `tables`: subject -> Arrow table (place, profile of the `tally.used` flags, n, weights…). `ready`: for a subject the
    sheet, the leaves and the sums of everything, where somebody has them without counting.
    """

    tables: Mapping[str, pa.Table]
    ready: Callable[[str], tuple[Sheet, list[str], Any]] | None = None

    @classmethod
    def of(cls, states: States) -> Counts:
        """Count the states of a day."""
        if isinstance(states, DayStates) and not states.kept and states.by_number:
            return cls(asking.counts(states.facts, states.day))
        return cls({name: _counted(states[name], name) for name in SUBJECTS})

    def with_change(self, before: Counts, after: Counts) -> Counts:
        """These counts without what some subjects were and with what they are now; subjects in both cancel out.

        Each way of counting has an order of columns of its own: that of these counts is kept.
        """

        def joined(name: str, table: pa.Table) -> pa.Table:
            changed = (_negative(before.tables[name]), after.tables[name])
            return pa.concat_tables([table, *(one.select(table.column_names) for one in changed)]).unify_dictionaries()

        return Counts({name: joined(name, table) for name, table in self.tables.items()})


def _negative(table: pa.Table) -> pa.Table:
    taken = {
        name: table[name] if name in ("place", "profile") else pc.negate(table[name]) for name in table.column_names
    }
    return pa.table(taken)


def _counted(state: Table, subject: str) -> pa.Table:
    table = counted(state.mutate(profile=pack(state, subject, used(subject))), subject).to_pyarrow()
    whole = [(f.name, pa.int64() if pa.types.is_decimal(f.type) else f.type) for f in table.schema]
    return table.cast(pa.schema(whole))  # sums come as decimals from some backends


States = Mapping[str, Table]


class DayStates(Mapping[str, Table]):
    """States that are put together when somebody looks: to count them, most of their columns are not needed."""

    def __init__(self, facts: Facts, day: date, kept: Mapping[str, Table] | None = None) -> None:
        self.facts, self.day, self.kept = facts, day, kept

    @cached_property
    def _tables(self) -> Mapping[str, Table]:
        return self.kept or state_tables(self.facts.at(self.day))

    @property
    def by_number(self) -> bool:
        """Whether the facts can be counted as whole numbers: kept rows are such, DuckDB gives them."""
        return self.facts.packed is not None or self.facts.unit.get_backend().name == "duckdb"

    def __getitem__(self, subject: str) -> Table:
        return self._tables[subject]

    def __iter__(self) -> Iterator[str]:
        return iter(SUBJECTS)

    def __len__(self) -> int:
        return len(SUBJECTS)


def states_at(facts: Facts, day: date, keep: Connection | None = None) -> States:
    """The state of each kind of subject as it stood on that day: subject -> Ibis table.

    `keep`: a connection on which the tables are made, where they are read more than once.
    """
    states = DayStates(facts, day)
    if keep is None:
        return states
    made = {name: keep.create_table(f"state_{name}", t, temp=True, overwrite=True) for name, t in states.items()}
    return DayStates(facts, day, made)


def figures(
    counts: Counts, tree: Tree, codes: Sequence[str] = (), by: str | None = None, part: Slice = EVERYTHING
) -> pa.Table:
    """The figures of all places, or of one level.

    Columns: indicator, place, name, level, total, held, failed, unknown, share, verified_share; a place in which
    an indicator counts nothing has no row, except the topmost.
    """
    wanted = [get(code) for code in codes] if codes else list(ALL)
    sums: dict[str, Callable[[], Any]] = {}
    for subject in SUBJECTS:
        asked = [i for i in wanted if i.subject == subject]
        if asked:
            judged, leaves, by_leaf = (
                counts.ready(subject)
                if counts.ready and part == EVERYTHING
                else _added_up(counts, subject, asked, part)
            )
            by_place = (tree.lattice.located(leaves) @ by_leaf).T.astype(np.int64, order="C")
            sums |= {i.code: partial(judged.parts, by_place, i.code) for i in asked}
    return listed({i.code: sums[i.code] for i in wanted}, tree, by)


WORDS = ("indicator", "place", "name", "level")
SCHEMA = pa.schema(  # each word once: millions of rows say them again and again
    [(name, pa.dictionary(pa.int32(), pa.string())) for name in WORDS]
    + [(name, pa.int64()) for name in COLUMNS[:4]]
    + [("share", pa.float64()), ("verified_share", pa.float64())]
)


def plain(table: pa.Table) -> pa.Table:
    """Figures with their words written out, as they are kept in files."""
    return table.cast(pa.schema([(f.name, pa.string() if f.name in WORDS else f.type) for f in table.schema]))


def _added_up(counts: Counts, subject: str, asked: list[Indicator], part: Slice) -> tuple[Sheet, list[str], Any]:
    """What the profiles count for, the leaves, and the sums of each."""
    table = counts.tables[subject]
    profiles, profile_of = numbered(table["profile"].to_numpy())
    keep = None if part == EVERYTHING else part.keeps(unpack(profiles, subject, used(subject)))
    judged = sheet(profiles, subject, asked, keep)
    leaves = table["place"].combine_chunks().dictionary_encode()
    codes = leaves.dictionary.to_pylist()
    return judged, codes, judged.sums(leaves.indices.to_numpy(), profile_of, weights_of(table, subject), len(codes))


def listed(sums: Mapping[str, Callable[[], Any]], tree: Tree, by: str | None = None) -> pa.Table:
    """Figures as a table: `sums` gives for each code an array (5 columns × places)."""
    lattice = tree.lattice
    shown = np.ones(len(lattice.codes), bool) if by is None else pc.equal(lattice.levels, by).to_numpy(False)
    top = lattice.parent < 0
    told = [np.flatnonzero(((total()[0] != 0) | top) & shown) for total in sums.values()]
    indicator: Any = np.repeat(np.arange(len(told), dtype=np.int32), [len(at) for at in told])
    place = np.concatenate(told).astype(np.int32)
    numbers: Any = np.empty((5, len(place)), dtype=np.int64)
    end = 0
    for at, made in zip(told, sums.values(), strict=True):  # one after the other: all at once would be as large again
        numbers[:, end : end + len(at)] = made().take(at, axis=1)
        end += len(at)
    whole = numbers[0] != 0
    shares = [np.round(numbers[i] / np.where(whole, numbers[0], 1), 6) for i in (1, 4)]
    words = [(indicator, list(sums)), *((place, column) for column in (lattice.codes, lattice.names, lattice.levels))]
    columns = [pa.DictionaryArray.from_arrays(pa.array(number), pa.array(word, pa.string())) for number, word in words]
    columns += [pa.array(numbers[i]) for i in range(4)]
    columns += [pa.array(share, mask=~whole) for share in shares]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def rows(states: States, tree: Tree, code: str, place: str, part: str = "total") -> Table:
    """The rows behind one number, as an Ibis expression: every column of the state, plus `outcome`.

    `part`: total, held, failed or unknown. The number of rows (or the sum of the indicator's weight over them)
    equals the figure. Raises `UnknownPlace` for a place that the tree does not have on its day.
    """
    if place not in tree.now:
        raise UnknownPlace(place, tree.day)
    if part not in PARTS:
        raise ValueError(f"没有“{part}”这一部分；可用：{'、'.join(PARTS)}")
    indicator = get(code)
    state = states[indicator.subject]
    state = state.mutate(outcome=indicator.outcome(state))
    leaves = state.select("place").distinct().to_pyarrow()["place"].to_pylist()
    inside = ibis.memtable(pa.table({"place": pa.array(tree.under(place, leaves), pa.string())}))
    state = state.filter(state.outcome.notnull()).semi_join(
        inside, "place"
    )  # thousands of codes are slow as words of a question
    return state if part == "total" else state.filter(state.outcome == part)


class UnknownPlace(LookupError):
    """The tree has no such place on its day."""

    def __init__(self, place: str, day: date) -> None:
        super().__init__(f"{day} 没有代码为 {place} 的地区；用 dishu figures 可列出全部地区")
