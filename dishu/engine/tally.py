"""How a figure is added up: what each profile counts for, and sums of that by leaf, all indicators at once.

Many indicators ask the same of a profile (the total of most is “every unit”): equal questions become one column, and
only then anything is added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

import ibis
import ibis.expr.operations as ops
import numpy as np
import pyarrow as pa
from scipy.sparse import csr_array

from dishu.engine import small
from dishu.engine.facts import Table
from dishu.engine.indicators import ALL, Indicator, get
from dishu.engine.profile import FLAGS, WEIGHTS, Flags, unpack

Array = Any
#: What an indicator can say of a row, by number.
OUTCOMES = (None, "held", "failed", "unknown")
#: What is added up for an indicator; `failed` is what remains of the total.
MEASURES = ("total", "held", "unknown", "verified")
#: The flags by which the population can be cut (`figures.Slice`), and the one every figure has its share of.
SLICED = {"kind", "above_size", "verified"}
WEIGHED = ("n", *dict.fromkeys(name for names in WEIGHTS.values() for name in names))


@cache
def used(subject: str) -> tuple[str, ...]:
    """The flags that figures need: those which an indicator or a slice asks for; the others stay in the rows.

    >>> used("instructor")
    ('verified', 'at_enterprises')
    """
    table = _flags(subject, None)
    asked = [i.outcome(table) for i in ALL if i.subject == subject]
    names = {field.name for outcome in asked for field in outcome.op().find(ops.Field)} | SLICED
    return tuple(flag for flag in FLAGS[subject] if flag in names)


def judge(profiles: Array, subject: str, codes: tuple[str, ...], flags: Flags = None) -> pa.Table:
    """What each indicator says of each rising profile: the flags plus, for each code, a column `_code` (see `OUTCOMES`).

    A profile judged once is known: on most days there are the same few thousand.
    """
    known, table = _judged.get((subject, codes, flags), (profiles[:0], None))
    if table is None or len(new := np.setdiff1d(profiles, known, assume_unique=True)):
        known = profiles if table is None else np.union1d(known, new)
        table = small.asked(_judging(subject, codes, flags), profiles=unpack(known, subject, flags))
        if len(_judged) >= MOST_JUDGED:
            _judged.clear()
        _judged[subject, codes, flags] = known, table
    return table if len(known) == len(profiles) else table.take(pa.array(np.searchsorted(known, profiles)))


#: Judged profiles by subject, indicators and flags: rising, and what was said of each. Replaced whole, so safe to read.
_judged: dict[tuple[str, tuple[str, ...], Flags], tuple[Array, pa.Table]] = {}
#: So many sets of indicators are kept; pages ask for few.
MOST_JUDGED = 256


@lru_cache(maxsize=256)
def _judging(subject: str, codes: tuple[str, ...], flags: Flags) -> str:
    """The question of `judge` as SQL; kept, since putting it together takes longer than asking it."""
    table = _flags(subject, flags)
    words = [(word, n) for n, word in enumerate(OUTCOMES) if word]
    outcomes = {c: get(c).outcome(table) for c in codes}
    asked = {f"_{c}": ibis.cases(*((o == word, n) for word, n in words), else_=0) for c, o in outcomes.items()}
    return str(ibis.to_sql(table.mutate(**asked).order_by("profile"), dialect="duckdb"))


def _flags(subject: str, flags: Flags) -> Table:
    """The flags as a table of which only the columns are known."""
    columns = unpack(np.array([], dtype="int64"), subject, flags).schema
    names = {"bool": "boolean"}
    return ibis.table({f.name: names.get(str(f.type), str(f.type)) for f in columns}, name="profiles")


def _sums(starts: Array, profile: Array, weight: Array, answers: Array) -> Array:
    """Rows with that profile and weight, those of leaf n from `starts[n]` on, added up: leaf × column of `answers`.

    A sparse matrix of leaves and profiles times what each profile counts for: one addition per row and column.
    """
    if 4 * np.count_nonzero(weight) < len(weight):  # most units have no members, and many no known assets
        some = np.flatnonzero(weight)
        starts = np.searchsorted(some, starts).astype(np.int32)
        profile, weight = profile[some], weight[some]
    rows = (weight.astype(np.float64), profile.astype(np.int32, copy=False), starts)
    return csr_array(rows, shape=(len(starts) - 1, len(answers))) @ answers


@dataclass(frozen=True)
class Sheet:
    """What profiles count for. `profiles`: rising; `columns[code]`: the numbers of its four `MEASURES` among `asked`.

    `asked`: (weight, which profiles) of each column, none twice, those of one weight together.
    """

    subject: str
    profiles: Array
    columns: Mapping[str, tuple[int, ...]]
    asked: tuple[tuple[str, Array], ...]

    @cached_property
    def answers(self) -> dict[str, Array]:
        """For each weight which profiles (rows) count in which of its columns: 1 or 0."""
        found: dict[str, list[Array]] = {}
        for name, mask in self.asked:
            found.setdefault(name, []).append(mask)
        return {name: np.stack(masks, axis=1).astype(np.float64) for name, masks in found.items()}

    def sums(self, leaf: Array, profile: Array, weights: Mapping[str, Array], leaves: int) -> Array:
        """Array (leaves × columns): rows at `leaf` with the `profile` (by number) added up, by each column's weight.

        Columns whose weight is not given stay 0.
        """
        order = np.argsort(leaf, kind="stable") if (leaf[1:] < leaf[:-1]).any() else slice(None)
        leaf, profile = leaf[order], profile[order]
        starts: Array = np.searchsorted(leaf, np.arange(leaves + 1, dtype=leaf.dtype)).astype(np.int32)
        found: Array = np.zeros((leaves, len(self.asked)))
        end = 0
        for name, answers in self.answers.items():
            begin, end = end, end + answers.shape[1]
            if name in weights:
                found[:, begin:end] = _sums(starts, profile, weights[name][order], answers)
        return found

    def parts(self, sums: Array, code: str) -> Array:
        """The rows total, held, failed, unknown, verified of one indicator; `sums`: all columns, each a row."""
        total, held, unknown, verified = (sums[i] for i in self.columns[code])
        return np.stack([total, held, total - held - unknown, unknown, verified])


def sheet(profiles: Array, subject: str, asked: Sequence[Indicator], keep: Array | None = None) -> Sheet:
    """What those indicators make of rising profiles of the `used` flags; `keep`: only these profiles count at all."""
    judged = judge(profiles, subject, tuple(i.code for i in asked), used(subject))
    verified = judged["verified"].to_numpy().astype(bool)
    known: dict[tuple[str, bytes], int] = {}
    columns: dict[str, tuple[int, ...]] = {}
    masks: list[tuple[str, Array]] = []
    for indicator in asked:
        outcome = judged[f"_{indicator.code}"].to_numpy()
        weight = indicator.weight or "n"
        wanted = [
            (weight, outcome > 0), (indicator.held_weight or weight, outcome == 1), (weight, outcome == 3),
            (weight, (outcome > 0) & verified),
        ]  # fmt: skip
        numbers = []
        for name, mask in wanted:
            mask = mask if keep is None else mask & keep
            number = known.setdefault((name, mask.tobytes()), len(masks))
            if number == len(masks):
                masks.append((name, mask))
            numbers.append(number)
        columns[indicator.code] = tuple(numbers)
    # Columns of one weight side by side, so that what is added up together lies together.
    order = sorted(range(len(masks)), key=lambda i: (WEIGHED.index(masks[i][0]), i))
    place = {old: new for new, old in enumerate(order)}
    moved = {code: tuple(place[i] for i in numbers) for code, numbers in columns.items()}
    return Sheet(subject, profiles, moved, tuple(masks[i] for i in order))


def weights_of(table: pa.Table, subject: str) -> dict[str, Array]:
    """The number of subjects and everything that can be added up, from a table of counts."""
    return {name: table[name].to_numpy() for name in ("n", *WEIGHTS[subject])}
