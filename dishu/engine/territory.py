"""Which place lies in which, on a day: with the borders of then, or moved to the borders of a later day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array

LEVELS = ("province", "prefecture", "county", "township", "village", "market")
#: More levels than any tree has: a path longer than this goes in a circle.
DEEPEST = 16
#: So much is kept for different borders.
MOST_KEPT = 64


@dataclass(frozen=True)
class Place:
    """One place as it was for a time."""

    place: str
    name: str
    level: str
    parent: str | None
    successor: str | None
    since: date
    until: date | None

    def on(self, day: date) -> bool:
        """Whether this row describes the place on that day."""
        return self.since <= day and (self.until is None or day < self.until)


class Tree:
    """The places of an edition, seen on one day.

    `places`: Arrow table of the facts' `place`; `day`: whose borders to use.
    """

    def __init__(self, places: pa.Table, day: date) -> None:
        self._begin(Columns(places), day)

    def _begin(self, columns: Columns, day: date) -> None:
        self._columns = columns
        self.day = day
        self.known: Mapping[str, Place] = columns.known
        self._paths: dict[str, tuple[str, ...]] = {}

    def at(self, day: date) -> Tree:
        """The same places with the borders of another day; free for borders that were asked for before."""
        if day == self.day:
            return self
        other = Tree.__new__(Tree)
        other._begin(self._columns, day)
        return other

    def node(self, code: str) -> str | None:
        """The place of this tree in which a code of any day lies: itself, what it became, or what it lay in.

        A place asked for before it existed counts where it first lay; one that was split without telling where its
        parts went, at the first of its successors.
        """
        seen: set[str] = set()
        while code not in self.now and code not in seen:
            seen.add(code)
            row = self.known.get(code)
            if row is None:
                code = _shorter(code)
            elif row.since > self.day and code in self._columns.first:
                code = self._columns.first[code].parent or ""
            elif row.successor and row.until is not None and row.until <= self.day:
                code = row.successor.split(";")[0]
            else:
                code = row.parent or ""
        return code if code in self.now else None

    def path(self, code: str) -> tuple[str, ...]:
        """The code's place and all above it, lowest first; empty where it lies nowhere in this tree.

        >>> rows = [dict(place="42", name="湖北省", level="province", kind=None, parent=None, successor=None,
        ...              since=date(2002, 1, 1), until=None)]
        >>> Tree(pa.Table.from_pylist(rows), date(2007, 7, 31)).path("4213")
        ('42',)
        """
        if code not in self._paths:
            self._paths[code] = tuple(self._climb(code))
        return self._paths[code]

    def _climb(self, code: str) -> Iterator[str]:
        found: set[str] = set()
        at = self.node(code)
        while at and at not in found:
            found.add(at)
            yield at
            parent = self.now[at].parent
            at = self.node(parent) if parent else None

    def under(self, top: str, codes: Iterable[str]) -> list[str]:
        """Those of the codes that lie in `top` or are it."""
        asked = codes if isinstance(codes, list) else list(codes)
        inside = self.lattice.within(top, asked)
        return [code for code, yes in zip(asked, inside, strict=True) if yes]

    def tops(self) -> list[str]:
        """The places with nothing above them in this tree."""
        return [self.lattice.codes[i] for i in np.flatnonzero(self.lattice.parent < 0).tolist()]

    @cached_property
    def now(self) -> Mapping[str, Place]:
        """The places there are on the day."""
        columns = self._columns
        found: Mapping[str, Place] = columns.kept("now", self.day, lambda: Places(columns, columns.on(self.day)))
        return found

    @cached_property
    def lattice(self) -> Lattice:
        """The tree as numbers."""
        found: Lattice = self._columns.kept("lattice", self.day, lambda: Lattice(self))
        return found


class Columns:
    """The rows of a table of places, in the order in which they began; shared by the trees of all days."""

    def __init__(self, places: pa.Table) -> None:
        since = _days(places["since"])
        order = np.argsort(since, kind="stable")
        self.since, self.until = since[order], _days(places["until"])[order]
        names = ("place", "name", "level", "parent", "successor")
        self.text = {name: places[name].take(pa.array(order)).to_pylist() for name in names}
        self.known = Places(self, np.arange(len(order)))
        self.first = Places(self, np.arange(len(order))[::-1])
        self._kept: dict[tuple[str, int], Any] = {}
        self._borders = np.unique(np.concatenate([self.since, self.until]))

    def on(self, day: date) -> Any:
        """The rows that hold on a day."""
        asked = np.datetime64(day)
        return np.flatnonzero((self.since <= asked) & ~(self.until <= asked))

    def kept(self, what: str, day: date, make: Callable[[], Any]) -> Any:
        """What is made once for the borders of a day."""
        key = what, self.epoch(day)
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = make()
        return self._kept[key]

    def epoch(self, day: date) -> int:
        """Which span between two changes of borders a day lies in."""
        return int(np.searchsorted(self._borders, np.datetime64(day), side="right"))

    def place(self, row: int) -> Place:
        """One row."""
        until = self.until[row]
        text = {name: column[row] for name, column in self.text.items()}
        return Place(**text, since=self.since[row].item(), until=None if np.isnat(until) else until.item())


def _days(column: pa.ChunkedArray) -> Any:
    """Days as numbers; empty stays empty."""
    return column.cast(pa.date32()).to_numpy().astype("datetime64[D]")


class Places(Mapping[str, Place]):
    """Some rows by their code, the latest where one has several; made one by one, when somebody looks."""

    def __init__(self, columns: Columns, rows: Any) -> None:
        self._columns = columns
        codes = columns.text["place"]
        self.rows: dict[str, int] = {codes[row]: row for row in rows.tolist()}

    def __getitem__(self, code: str) -> Place:
        return self._columns.place(self.rows[code])

    def __contains__(self, code: object) -> bool:
        return code in self.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


class PlaceUnknown(LookupError):
    """Facts lie in places that the edition's own table of places does not have."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(f"版次的地区表中没有这些地区：{'、'.join(codes[:10])}（共 {len(codes)} 个）")
        self.codes = codes


class Lattice:
    """A tree's places by number, in the order of their codes: `codes`, `names`, `levels`, `parent` (-1: none)."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        rows = tree.now.rows if isinstance(tree.now, Places) else {}
        text = tree._columns.text
        self.codes = sorted(rows)
        self.number = {code: n for n, code in enumerate(self.codes)}
        order = [rows[code] for code in self.codes]
        self.names = pa.array([text["name"][row] for row in order], pa.string())
        self.levels = pa.array([text["level"][row] for row in order], pa.string())
        self.parent = self.numbers([text["parent"][row] or "" for row in order])
        self.parent[self.parent == np.arange(len(order))] = -1  # a place within itself is a topmost one
        self._located: tuple[Sequence[str] | None, Any] = (None, None)
        self._numbered: tuple[Sequence[str] | None, Any] = (None, None)

    def numbers(self, codes: Sequence[str]) -> Any:
        """For each code of any day the number of the place in which it lies; -1: in none."""
        number, unknown = self.number, -2
        found: Any = np.array([number.get(code, unknown) for code in codes], dtype=np.int64)
        for i in np.flatnonzero(found == unknown).tolist():
            found[i] = number.get(self._tree.node(codes[i]) or "", -1)
        return found

    def _above(self, at: Any) -> Iterator[Any]:
        """The places `at`, those right above them, and so on up; -1 where there is none any more."""
        for _ in range(DEEPEST):
            if not (at >= 0).any():
                return
            yield at
            at = np.where(at >= 0, self.parent[at], -1)

    def located(self, codes: Sequence[str]) -> Any:
        """A sparse matrix, place × leaf, that adds up leaves (rows, many columns) to all places in which they lie.

        Raises `PlaceUnknown` for leaves that lie nowhere. The last one asked for is kept.
        """
        known, found = self._located
        if known is not codes:
            at = self.numbers(codes)
            if (at < 0).any():
                raise PlaceUnknown(sorted(code for code, n in zip(codes, at, strict=True) if n < 0))
            found = self._paths(at)
            self._located = codes, found
        return found

    def _paths(self, at: Any) -> Any:
        leaf = np.arange(len(at))
        rows, columns = [leaf[:0]], [leaf[:0]]
        for up in self._above(at):
            columns.append(np.flatnonzero(up >= 0))
            rows.append(up[columns[-1]])
        pairs = (np.concatenate(rows), np.concatenate(columns))
        found = coo_array((np.ones(len(pairs[0])), pairs), shape=(len(self.codes), len(at))).tocsr()
        found.data[:] = 1  # once, also where places lie in each other
        return found

    def within(self, top: str, codes: Sequence[str]) -> Any:
        """Whether each code lies in `top` or is it. The last codes asked for keep their numbers."""
        known, at = self._numbered
        if known is not codes:
            at = self.numbers(codes)
            self._numbered = codes, at
        inside: Any = np.zeros(len(at), dtype=bool)
        if top in self.number:
            for up in self._above(at):
                inside |= up == self.number[top]
        return inside


def _shorter(code: str) -> str:
    """The code of the next higher division: 12, 9, 6, 4, 2 digits; a market's code loses its last part first."""
    if "M" in code:
        return code.split("M")[0]
    return code[: next((n for n in (9, 6, 4, 2) if n < len(code)), 0)]
