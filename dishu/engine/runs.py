"""What holds when: dated pieces added up per subject and day, and from that what changed on which day.

Whole columns of whole numbers; a day is its number since 1970, `NEVER` is the end of what still holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

Array = Any
NEVER = 2**20
#: Three numbers below 2**21 share one word, so that a running sum of words is a running sum of all three.
BITS = 21


@dataclass(frozen=True)
class Events:
    """What is added to which subject on which day: `key`, `day`, and columns of amounts (negative: taken away)."""

    key: Array
    day: Array
    amounts: Mapping[str, Array]


def opened_and_closed(key: Array, since: Array, until: Array, amounts: Mapping[str, Array]) -> Events:
    """Dated rows as events: added on the first day, taken away on the day after the last."""
    ends = np.flatnonzero(until < NEVER)
    both = {name: np.concatenate([column, -column[ends]]) for name, column in amounts.items()}
    return Events(np.concatenate([key, key[ends]]), np.concatenate([since, until[ends]]), both)


def together(*parts: Events) -> Events:
    """Events of several kinds as one; amounts that a part does not have are 0."""
    names = dict.fromkeys(name for part in parts for name in part.amounts)
    amounts = {
        name: np.concatenate([part.amounts.get(name, _none(part)) for part in parts]).astype(np.int64, copy=False)
        for name in names
    }  # fmt: skip
    return Events(np.concatenate([p.key for p in parts]), np.concatenate([p.day for p in parts]), amounts)


def _none(part: Events) -> Array:
    return np.zeros(len(part.key), dtype=np.int64)


def running(events: Events) -> Events:
    """Each subject's running sums, one row per day on which something happened, in order; ties of a day count once."""
    when = joint(_small(events.key), events.day)
    order = np.argsort(when)
    when, key = when[order], events.key[order]
    last = np.flatnonzero(np.append(when[1:] != when[:-1], True)) if len(when) else order
    first_of_key = np.flatnonzero(np.append(True, key[1:] != key[:-1])) if len(key) else order
    rows = np.searchsorted(first_of_key, last, side="right") - 1
    amounts = {}
    for name, column in events.amounts.items():
        moved = column[order]
        sums: Array = np.cumsum(moved)  # all subjects in one; what came before the subject is taken off again
        before = sums[first_of_key] - moved[first_of_key]
        amounts[name] = sums[last] - before[rows]
    return Events(key[last], events.day[order][last], amounts)


def joint(key: Array, day: Array) -> Array:
    """One number that sorts by key (below 2**42), then day."""
    return key.astype(np.int64, copy=False) * (2 * NEVER) + (day + NEVER // 2)


def different(values: Array) -> Array:
    """All different values, rising; by sorting, which whole numbers do far faster than being looked up one by one."""
    ordered = np.sort(values)
    return ordered[np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])]


def numbered(values: Array) -> tuple[Array, Array]:
    """All different values, rising, and each one's number among them.

    >>> [column.tolist() for column in numbered(np.array([7, 3, 7]))]
    [[3, 7], [1, 0, 1]]
    """
    least, most = int(values.min(initial=0)), int(values.max(initial=0))
    if least < 0 or most > 16 * len(values) + 2**20:
        coded = pa.array(values).dictionary_encode()  # far faster than sorting where few are different
        met = coded.dictionary.to_numpy()
        order = np.argsort(met)
        rank: Array = np.empty(len(met), dtype=np.int32)
        rank[order] = np.arange(len(met))
        return met[order].astype(np.int64, copy=False), rank[coded.indices.to_numpy()]
    seen: Array = np.zeros(most + 1, dtype=bool)
    seen[values] = True
    return np.flatnonzero(seen), (np.cumsum(seen, dtype=np.int32) - 1)[values]


def _small(key: Array) -> Array:
    """Keys as they are, or their numbers in order where they are too large to share a word with a day."""
    large = len(key) and (key.max() >= 2**42 or key.min() < 0)
    return numbered(key)[1] if large else key


def ever(name: str, outer: Array, inner: Array, since: Array, until: Array) -> Events:
    """How many different `inner` hold for each `outer`: rows that overlap or double count once."""
    (outers, of_outer), (inners, of_inner) = numbered(outer), numbered(inner)
    pair = of_outer.astype(np.int64) * max(1, len(inners)) + of_inner
    held = running(opened_and_closed(pair, since, until, {name: np.ones(len(since), dtype=np.int64)}))
    now = (held.amounts[name] > 0).astype(np.int64)
    before: Array = np.append(0, now[:-1])
    before[np.flatnonzero(np.append(True, held.key[1:] != held.key[:-1]))[: len(now)]] = 0
    return Events(outers[held.key // max(1, len(inners))], held.day, {name: now - before})


def pack(*fields: Array) -> Array:
    """Up to three columns in one word."""
    return sum((field.astype(np.int64) << (BITS * i) for i, field in enumerate(fields)), np.int64(0))


def unpack(words: Array, many: int) -> list[Array]:
    """The columns of one word again."""
    return [(words >> (BITS * i)) & (2**BITS - 1) for i in range(many)]


@dataclass(frozen=True)
class Changes:
    """What was added (n = 1) or taken away (n = -1) where and when: `leaf`, `day`, `profile`, `n`, weights by name."""

    columns: Mapping[str, Array]

    def __len__(self) -> int:
        return len(self.columns["day"])


def merged(key: Array, since: Array, until: Array, columns: Mapping[str, Array]) -> tuple[Array, Array]:
    """Dated states, sorted by key and day, of which equal ones follow each other: the first and the last row of each run."""
    same = (key[1:] == key[:-1]) & (since[1:] == until[:-1])
    for column in columns.values():
        same &= column[1:] == column[:-1]
    return np.flatnonzero(np.append(True, ~same)[: len(key)]), np.flatnonzero(np.append(~same, True)[: len(key)])


def changes(key: Array, since: Array, until: Array, columns: Mapping[str, Array]) -> Changes:
    """Changes between dated states, sorted by key and day; where nothing changed from one to the next there are none.

    `columns`: leaf, profile and weights of each state.
    """
    starts, ends = merged(key, since, until, columns)
    ends = ends[until[ends] < NEVER]
    return added_and_taken(since[starts], until[ends], starts, ends, columns)


def added_and_taken(began: Array, ended: Array, starts: Array, ends: Array, columns: Mapping[str, Array]) -> Changes:
    """Changes from the rows of `columns` that begin on the days `began`, and those that end on the days `ended`."""
    sign: Array = np.repeat(np.array([1, -1], dtype=np.int8), [len(starts), len(ends)])
    rows = np.concatenate([starts, ends])
    made: dict[str, Array] = {"day": np.concatenate([began, ended]).astype(np.int32), "n": sign}
    for name, column in columns.items():
        moved = column[rows]
        if name in ("leaf", "profile"):
            made[name] = moved.astype(np.int32, copy=False)
        else:
            moved[len(starts) :] *= -1
            made[name] = moved
    return Changes(made)


def joined(parts: list[Changes]) -> Changes:
    """Changes of several lots as one."""
    return Changes({name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns})
