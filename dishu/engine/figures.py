"""Figures for every place, the rows behind each, and the trend: sums over profiles, never typed.

`total = held + failed + unknown` for every figure; the verified share is of the same population.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import duckdb
import ibis
import numpy as np
import pyarrow as pa

from dishu.engine.backends import Connection
from dishu.engine.facts import Facts, Table, View
from dishu.engine.indicators import ALL, PARTS, Indicator, get
from dishu.engine.profile import counted, unpack
from dishu.engine.state import instructor_state, member_state, org_state, unit_state
from dishu.engine.territory import Tree

SUBJECTS = ("unit", "member", "org", "instructor")
COLUMNS = ("total", "held", "failed", "unknown", "verified")
#: What an indicator can say of a row, by number.
OUTCOMES = (None, "held", "failed", "unknown")


@dataclass(frozen=True)
class Slice:
    """Which part of the population a figure is asked for: kinds of unit, above designated size or not; empty = all."""

    kind: str | None = None
    above_size: bool | None = None

    def keeps(self, profiles: pa.Table) -> np.ndarray[Any, Any]:
        """Which profiles belong to the part; subjects without the question all do."""
        keep: np.ndarray[Any, Any] = np.ones(profiles.num_rows, dtype=bool)
        for flag, wanted in (("kind", self.kind), ("above_size", self.above_size)):
            if wanted is not None and flag in profiles.column_names:
                keep &= np.array([value == wanted for value in profiles[flag].to_pylist()], dtype=bool)
        return keep


EVERYTHING = Slice()


@dataclass(frozen=True)
class Counts:
    """Subjects counted by place and profile on one day: all that figures need.

    `tables`: subject -> Arrow table (place, profile, n, weights…).
    """

    tables: dict[str, pa.Table]

    @classmethod
    def of(cls, states: States) -> Counts:
        """Count the states of a day."""
        return cls({name: counted(states[name], name).to_pyarrow() for name in SUBJECTS})


States = Mapping[str, Table]


def states_at(facts: Facts, day: date, keep: Connection | None = None) -> States:
    """The state of each kind of subject as it stood on that day: subject -> Ibis table.

    `keep`: a connection on which the tables are made, where they are read more than once.
    """
    states = state_tables(facts.at(day))
    if keep is None:
        return states
    return {name: keep.create_table(f"state_{name}", t, temp=True, overwrite=True) for name, t in states.items()}


def state_tables(view: View) -> dict[str, Table]:
    """The state of each kind of subject in one view."""
    members = member_state(view)
    return {
        "unit": unit_state(view, members),
        "member": members,
        "org": org_state(view, members),
        "instructor": instructor_state(view),
    }


def figures(
    counts: Counts, tree: Tree, codes: Sequence[str] = (), by: str | None = None, part: Slice = EVERYTHING
) -> pa.Table:
    """The figures of all places, or of one level.

    Columns: indicator, place, name, level, total, held, failed, unknown, share, verified_share; a place in which
    an indicator counts nothing has no row, except the topmost.
    """
    wanted = [get(code) for code in codes] if codes else list(ALL)
    found: list[dict[str, Any]] = []
    for subject in SUBJECTS:
        asked = [i for i in wanted if i.subject == subject]
        if asked:
            found += _of_subject(counts.tables[subject], subject, asked, tree, part)
    order = {i.code: n for n, i in enumerate(wanted)}
    found = [row for row in found if by is None or row["level"] == by]
    found.sort(key=lambda row: (order[row["indicator"]], row["place"]))
    return pa.Table.from_pylist(found, schema=SCHEMA)


SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("indicator", "place", "name", "level")]
    + [(name, pa.int64()) for name in COLUMNS[:4]]
    + [("share", pa.float64()), ("verified_share", pa.float64())]
)


def _of_subject(
    table: pa.Table, subject: str, asked: list[Indicator], tree: Tree, part: Slice
) -> Iterable[dict[str, Any]]:
    profiles, profile_of = np.unique(table["profile"].to_numpy(), return_inverse=True)
    judged = judge(profiles, subject, tuple(i.code for i in asked))
    keep = part.keeps(judged)
    leaves = table["place"].combine_chunks().dictionary_encode()
    rollup = Rollup(tree, leaves.dictionary.to_pylist())
    leaf_of = leaves.indices.to_numpy()
    for indicator in asked:
        sums = _sums(indicator, table, judged, keep, profile_of, leaf_of, rollup)
        yield from _rows(indicator, sums, rollup)


def _sums(
    indicator: Indicator, table: pa.Table, judged: pa.Table, keep: Any, profile_of: Any, leaf_of: Any, rollup: Rollup
) -> Any:
    """Array (5 columns × nodes) of an indicator's sums."""
    outcome = judged[f"_{indicator.code}"].to_numpy()
    verified = np.asarray(judged["verified"].to_pylist(), dtype=bool)
    weight = table[indicator.weight or "n"].to_numpy()
    masks = [outcome > 0, outcome == 1, outcome == 2, outcome == 3, (outcome > 0) & verified]
    sums = [rollup.up(leaf_of, weight, (mask & keep)[profile_of]) for mask in masks]
    if indicator.held_weight:
        sums[1] = rollup.up(leaf_of, table[indicator.held_weight].to_numpy(), ((outcome == 1) & keep)[profile_of])
        sums[2] = sums[0] - sums[1] - sums[3]
    return np.stack(sums)


def _rows(indicator: Indicator, sums: Any, rollup: Rollup) -> Iterable[dict[str, Any]]:
    for at, node in enumerate(rollup.nodes):
        total, held, failed, unknown, verified = (int(n) for n in sums[:, at])
        if total or node in rollup.tops:
            place = rollup.tree.now[node]
            yield {
                "indicator": indicator.code, "place": node, "name": place.name, "level": place.level,
                "total": total, "held": held, "failed": failed, "unknown": unknown,
                "share": round(held / total, 6) if total else None,
                "verified_share": round(verified / total, 6) if total else None,
            }  # fmt: skip


class Rollup:
    """Adds leaves up to all places above them."""

    def __init__(self, tree: Tree, leaves: list[str]) -> None:
        self.tree = tree
        self.tops = set(tree.tops())
        paths = [tree.path(leaf) or (LOST,) for leaf in leaves]
        if any(path == (LOST,) for path in paths):
            raise PlaceUnknown(sorted(leaf for leaf, path in zip(leaves, paths, strict=True) if path == (LOST,)))
        self.nodes = sorted({node for path in paths for node in path} | self.tops)
        index = {node: i for i, node in enumerate(self.nodes)}
        pairs = [(leaf, index[node]) for leaf, path in enumerate(paths) for node in path]
        self._leaf = np.array([leaf for leaf, _ in pairs], dtype=np.int64)
        self._node = np.array([node for _, node in pairs], dtype=np.int64)
        self._leaves = len(leaves)

    def up(self, leaf_of: Any, weight: Any, mask: Any) -> Any:
        """Sum `weight` where `mask` per node. Exact: all sums stay below 2**53."""
        leaves = np.bincount(leaf_of[mask], weights=weight[mask], minlength=self._leaves)
        return np.bincount(self._node, weights=leaves[self._leaf], minlength=len(self.nodes))


LOST = ""


class PlaceUnknown(LookupError):
    """Facts lie in places that the edition's own table of places does not have."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(f"版次的地区表中没有这些地区：{'、'.join(codes[:10])}（共 {len(codes)} 个）")
        self.codes = codes


def judge(profiles: np.ndarray[Any, Any], subject: str, codes: tuple[str, ...]) -> pa.Table:
    """What each indicator says of each profile: the flags plus, for each code, a column `_code` (see `OUTCOMES`)."""
    connection = duckdb.connect()
    connection.register("profiles", unpack(profiles, subject))
    return connection.execute(_judging(subject, codes)).to_arrow_table()


@lru_cache(maxsize=256)
def _judging(subject: str, codes: tuple[str, ...]) -> str:
    """The question of `judge` as SQL; kept, since putting it together takes longer than asking it."""
    flags = unpack(np.array([], dtype="int64"), subject).schema
    names = {"bool": "boolean"}
    table = ibis.table({f.name: names.get(str(f.type), str(f.type)) for f in flags}, name="profiles")
    words = [(word, n) for n, word in enumerate(OUTCOMES) if word]
    outcomes = {c: get(c).outcome(table) for c in codes}
    asked = {f"_{c}": ibis.cases(*((o == word, n) for word, n in words), else_=0) for c, o in outcomes.items()}
    return str(ibis.to_sql(table.mutate(**asked).order_by("profile"), dialect="duckdb"))


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
    state = state.filter(state.outcome.notnull(), state.place.isin(tree.under(place, leaves)))
    return state if part == "total" else state.filter(state.outcome == part)


class UnknownPlace(LookupError):
    """The tree has no such place on its day."""

    def __init__(self, place: str, day: date) -> None:
        super().__init__(f"{day} 没有代码为 {place} 的地区；用 dishu figures 可列出全部地区")
