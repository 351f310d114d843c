"""How a figure is added up: what each profile counts for, and sums of that by leaf, all indicators at once.

Many indicators ask the same of a profile (the total of most is “every unit”), and many profiles count for the same:
equal questions become one column, equal profiles one class, and only then anything is added.
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
#: So many of the commonest classes are counted in one go, and so many cells at a time for the others.
COMMON, BLOCK = 64, 4_000_000


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


def _table(row: Array, column: Array, weight: Array, rows: int, columns: int) -> Array:
    """Weights added up by row and column."""
    cell = np.multiply(row, columns, dtype=np.int64)
    cell += column
    return np.bincount(cell, weights=weight, minlength=rows * columns).reshape(rows, columns)


@dataclass(frozen=True)
class Question:
    """The columns that add up one weight. `class_of` each profile; `answers`: class × column, `flat` from `starts` on."""

    weight: str
    class_of: Array
    answers: Array
    many: Array
    flat: Array
    starts: Array

    @classmethod
    def of(cls, weight: str, masks: Array) -> Question:
        """Profiles that count in the same columns (`masks`: profile × column) are one class."""
        packed = np.ascontiguousarray(np.packbits(masks, axis=1))
        rows = packed.view([("", packed.dtype)] * packed.shape[1])[:, 0]
        _, first, class_of = np.unique(rows, return_index=True, return_inverse=True)
        answers = masks[first]
        many = answers.sum(axis=1)
        starts, flat = np.cumsum(many) - many, np.nonzero(answers)[1]
        return cls(weight, class_of.astype(np.int32), answers.astype(np.float64), many, flat, starts)

    def sums(self, leaf: Array, profile: Array, weight: Array, leaves: int) -> Array:
        """Classes by a table leaf × class and one product; where that is too large, the rarer ones row by row."""
        if 4 * np.count_nonzero(weight) < len(weight):  # most units have no members, and many no known assets
            some = np.flatnonzero(weight)
            leaf, profile, weight = leaf[some], profile[some], weight[some]
        of = self.class_of.take(profile)
        wide = max(COMMON, BLOCK // max(1, leaves))
        if len(self.answers) <= wide:
            return _table(leaf, of, weight, leaves, len(self.answers)) @ self.answers
        common = np.argsort(-np.bincount(of, minlength=len(self.answers)), kind="stable")[:wide]
        slot: Array = np.full(len(self.answers), -1, dtype=np.int32)
        slot[common] = np.arange(len(common))
        at = slot.take(of)
        rest, head = np.flatnonzero(at < 0), np.flatnonzero(at >= 0)
        total = _table(leaf[head], at[head], weight[head], leaves, wide) @ self.answers[common]
        return self._one_by_one(total, leaf[rest], of[rest], weight[rest])

    def _one_by_one(self, total: Array, leaf: Array, of: Array, weight: Array) -> Array:
        width = total.shape[1]
        step = max(1, BLOCK // max(1, int(self.many.max())))
        for start in range(0, len(leaf), step):
            part = slice(start, start + step)
            times = self.many[of[part]]
            nth = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
            column = self.flat[np.repeat(self.starts[of[part]], times) + nth]
            cell = np.repeat(leaf[part].astype(np.int64) * width, times) + column
            added = np.bincount(cell, weights=np.repeat(weight[part], times), minlength=total.size)
            total = total + added.reshape(total.shape)
        return total


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
    def _questions(self) -> list[Question]:
        """The columns by weight."""
        found = []
        for weight in dict.fromkeys(name for name, _ in self.asked):
            found.append(Question.of(weight, np.stack([mask for name, mask in self.asked if name == weight], axis=1)))
        return found

    def sums(self, leaf: Array, profile: Array, weights: Mapping[str, Array], leaves: int) -> Array:
        """Array (leaves × columns): rows at `leaf` with the `profile` (by number) added up, by each column's weight.

        Columns whose weight is not given stay 0.
        """
        found = [
            question.sums(leaf, profile, weights[question.weight], leaves)
            if question.weight in weights
            else np.zeros((leaves, question.answers.shape[1]))
            for question in self._questions
        ]
        return np.concatenate(found, axis=1) if found else np.zeros((leaves, 0))

    def parts(self, sums: Array, code: str) -> Array:
        """The rows total, held, failed, unknown, verified of one indicator; `sums`: all columns, each a row."""
        total, held, unknown, verified = (sums[i] for i in self.columns[code])
        return np.stack([total, held, total - held - unknown, unknown, verified]).astype(np.int64)


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
