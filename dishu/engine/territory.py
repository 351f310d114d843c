"""Which place lies in which, on a day: with the borders of then, or moved to the borders of a later day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

LEVELS = ("province", "prefecture", "county", "township", "village", "market")


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
        names = ("place", "name", "level", "parent", "successor", "since", "until")
        rows = [Place(**{k: row[k] for k in names}) for row in places.to_pylist()]
        self.day = day
        self.known: dict[str, Place] = {}
        self.now: dict[str, Place] = {}
        for row in sorted(rows, key=lambda r: r.since):
            self.known[row.place] = row
            if row.on(day):
                self.now[row.place] = row

    def node(self, code: str) -> str | None:
        """The place of this tree in which a code of any day lies: itself, what it became, or what it lay in.

        A place that was split without telling where its parts went counts at the first of its successors.
        """
        seen: set[str] = set()
        while code not in self.now and code not in seen:
            seen.add(code)
            row = self.known.get(code)
            if row is None:
                code = _shorter(code)
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
        found: list[str] = []
        at = self.node(code)
        while at and at not in found:
            found.append(at)
            parent = self.now[at].parent
            at = self.node(parent) if parent else None
        return tuple(found)

    def under(self, top: str, codes: Iterable[str]) -> list[str]:
        """Those of the codes that lie in `top` or are it."""
        return [code for code in codes if top in self.path(code)]

    def tops(self) -> list[str]:
        """The places with nothing above them in this tree."""
        return sorted(code for code, row in self.now.items() if not row.parent or self.node(row.parent) is None)


def _shorter(code: str) -> str:
    """The code of the next higher division: 12, 9, 6, 4, 2 digits; a market's code loses its last part first."""
    if "M" in code:
        return code.split("M")[0]
    return code[: next((n for n in (9, 6, 4, 2) if n < len(code)), 0)]
