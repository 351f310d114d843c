"""The places of a made-up province in five levels, some of whose villages were merged into a neighbour."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from dishu.engine.facts import schema

#: Places of one province of scale 1: prefectures, counties, townships, villages; with the province itself 6,400.
SHAPE = (4, 30, 365, 6_000)
FOUNDED = date(1990, 1, 1)
PROVINCE = "99"
MERGED = 0.01
TITLES = ("样例省", "第{}市", "第{}县", "第{}乡镇", "第{}村")
LEVELS = ("province", "prefecture", "county", "township", "village")


class BigTree:
    """Codes of all places, and for each county its villages."""

    def __init__(self, scale: int = 1, seed: int = 1) -> None:
        self.seed = seed
        prefectures, counties, townships, villages = (n * scale for n in SHAPE)
        if scale > 1:  # no province has more than some twenty prefectures
            prefectures, villages = 17, villages + prefectures - 17
        self.prefectures = _below([PROVINCE], prefectures, 2)
        self.counties = _below(self.prefectures, counties, 2)
        self.townships = _below(self.counties, townships, 3)
        self.villages = np.array(_below(self.townships, villages, 3))
        self._county_of = np.searchsorted(self.counties, [code[:6] for code in self.villages])
        self._towns_of = np.searchsorted(self.counties, [code[:6] for code in self.townships])

    def above_counties(self) -> pa.Table:
        """The province and its prefectures."""
        return _rows([PROVINCE, *self.prefectures])

    def of_county(self, number: int) -> pa.Table:
        """A county with all places in it."""
        dice = np.random.default_rng([self.seed, number, 7])
        villages = self.villages_of(number)
        towns = [t for t, county in zip(self.townships, self._towns_of, strict=True) if county == number]
        merged = np.flatnonzero(dice.random(len(villages)) < MERGED)
        ended = {
            str(villages[i]): (str(villages[i - 1]), date(2012 + int(dice.integers(12)), 1, 1))
            for i in merged
            if i > 0 and i - 1 not in merged
        }
        return _rows([self.counties[number], *towns, *villages.tolist()], ended)

    def villages_of(self, number: int) -> np.ndarray:
        """The villages of a county."""
        return self.villages[self._county_of == number]


def _below(above: list[str], many: int, digits: int) -> list[str]:
    """So many codes, spread evenly below those above, in order."""
    starts = [many * i // len(above) for i in range(len(above) + 1)]
    return [
        f"{code}{n + 1:0{digits}d}" for code, a, b in zip(above, starts, starts[1:], strict=False) for n in range(b - a)
    ]


WIDTHS = (2, 4, 6, 9, 12)


def _rows(codes: list[str], ended: dict[str, tuple[str, date]] | None = None) -> pa.Table:
    """Place rows; `ended`: code -> successor and the day it ended."""
    rows = []
    for code in codes:
        level = WIDTHS.index(len(code))
        successor, until = (ended or {}).get(code, (None, None))
        parent = code[: WIDTHS[level - 1]] if level else None
        name = TITLES[level].format(int(code[len(parent or "") :]))
        rows.append(
            {"place": code, "name": name, "level": LEVELS[level], "kind": None, "parent": parent,
             "successor": successor, "since": FOUNDED, "until": until}
        )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema("place").to_pyarrow())
