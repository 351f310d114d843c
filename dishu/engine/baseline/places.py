"""Where each row of a roster lies: written county, township and village become a place; markets become places too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow as pa

from dishu.engine.facts import schema
from dishu.standards.codes import divisions

Names = tuple[str | None, ...]
PARTS = ("county", "township", "village")


class NoScope(LookupError):
    """The rosters name no county that existed on the day; the message says so."""


def scope_of(tables: Iterable[pa.Table], day: date) -> str:
    """The prefecture (4 digits) in which most of the written counties lie on that day."""
    written = Counter[str]()
    for table in tables:
        if "county" in table.column_names:
            written.update(v for v in table["county"].to_pylist() if v)
    finder = divisions.Finder(day)
    found = Counter[str]()
    for name, times in written.items():
        meant = finder.find((name,))
        if meant and meant.level == "county":
            found[meant.code[:4]] += times
    if not found:
        raise NoScope(f"名册里没有 {day} 当日存在的县（市、区）名称，请用 --scope 指明地区代码，例如 --scope 4213")
    return found.most_common(1)[0][0]


class Map:
    """Places of one scope on one day, with the markets that the rosters name."""

    def __init__(self, scope: str, day: date) -> None:
        self.scope, self.day = scope, day
        self._finder = divisions.Finder(day, scope)
        self._codes: dict[Names, str] = {}
        self.markets: dict[tuple[str, str], str] = {}

    def place(self, *names: str | None) -> str:
        """The smallest place that the names lead to; the scope itself where they lead nowhere."""
        if names not in self._codes:
            written = [name for name in names if name]
            found = None
            while written and found is None:
                found = self._finder.find(written)
                written.pop()
            self._codes[names] = found.code if found else self.scope
        return self._codes[names]

    def places(self, table: pa.Table) -> list[str]:
        """The place of each row."""
        columns = [table[name].to_pylist() if name in table.column_names else [None] * table.num_rows for name in PARTS]
        return [self.place(*names) for names in zip(*columns, strict=True)]

    def market(self, name: str, place: str) -> str:
        """The place code of a market, made when first met; markets of one name in one county are one.

        Codes are the township's (or county's) code, M, and a number: `421302001M01`.
        """
        known = (place[:6], "".join(name.split()))
        if known not in self.markets:
            parent = place[:9]
            number = sum(code.startswith(f"{parent}M") for code in self.markets.values()) + 1
            self.markets[known] = f"{parent}M{number:02d}"
        return self.markets[known]

    def find_market(self, name: str | None, place: str) -> str | None:
        """A market already met in the place's county."""
        return self.markets.get((place[:6], "".join((name or "").split())))

    def facts(self) -> pa.Table:
        """The place table of the facts: all places of the scope through its history, and its markets."""
        above = {place.code for place in divisions.ancestors(self.scope, self.day)}
        mine = (d for d in divisions.table() if d.code.startswith(self.scope) or d.code in above)
        rows = [_row(d) for d in mine]
        rows += [_market(code, name) for (_, name), code in sorted(self.markets.items(), key=lambda item: item[1])]
        return pa.Table.from_pylist(rows, schema=schema("place").to_pyarrow())


def _row(d: divisions.Division) -> dict[str, Any]:
    return {
        "place": d.code, "name": d.name, "level": d.level, "kind": None if d.official else "unofficial",
        "parent": d.parent, "successor": d.successor or None, "since": d.since, "until": d.until,
    }  # fmt: skip


def _market(code: str, name: str) -> dict[str, Any]:
    parent = code.split("M")[0]
    return {
        "place": code, "name": name, "level": "market", "kind": None, "parent": parent, "successor": None,
        "since": date(1990, 1, 1), "until": None,
    }  # fmt: skip
