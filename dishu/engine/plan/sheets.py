"""A table under our own column names, row by row: what cannot go on is named, numbers and places are read as people write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, isfinite, radians
from pathlib import Path
from statistics import fmean
from typing import Literal, NamedTuple

from dishu.engine import intake
from dishu.engine.intake.numbers import read_int
from dishu.engine.intake.text import clean, tight

What = Literal["refused", "aside", "warned"]


class Remark(NamedTuple):
    """A row about which something has to be said: given back, set aside as not planned here, or planned with a doubt."""

    file: str
    row: int
    id: str
    what: What
    text: str


class Unfit(ValueError):
    """A row that cannot go on; the message says why and what to do."""


@dataclass
class Sheet:
    """A table under our own column names; what is said of its rows gathers in `remarks`, their names in `names`."""

    path: Path
    rows: list[dict[str, str]]
    columns: frozenset[str]
    remarks: list[Remark] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def say(self, cells: Mapping[str, str], key: str, what: What, text: str) -> None:
        """Note something about a row."""
        self.remarks.append(Remark(self.path.name, int(cells["_row"]), cells[key], what, text))


class Spot(NamedTuple):
    """Where a row says it lies; without coordinates of its own `x` is None."""

    x: float | None
    y: float | None


def open_sheet(path: Path, words: Mapping[str, str], needed: Sequence[str]) -> Sheet:
    table = intake.raw(path)
    titles = {tight(clean(title)).lower(): title for title in table.column_names}
    known = {
        name: titles[spelling] for name, text in words.items() for spelling in (name, *text.split()) if spelling in titles
    }  # fmt: skip
    # two of our names may share a title ("编号"); the first spelling found wins, the identifier before all others
    known |= {name: titles[name] for name in words if name in titles}
    missing = [f"{name}（{words[name].split()[0]}）" for name in needed if name not in known]
    if not ({"x", "y"} <= known.keys() or {"longitude", "latitude"} <= known.keys()):
        missing.append("x、y（米）或经度、纬度")
    if missing:
        have = "、".join(name for name in table.column_names if name != "_row")
        raise ValueError(f"{path.name} 缺少列：{'、'.join(missing)}；现有：{have}")
    if not table.num_rows:
        raise ValueError(f"{path.name} 里一行也没有")
    columns = {name: table[title].to_pylist() for name, title in known.items()} | {"_row": table["_row"].to_pylist()}
    rows = [
        {name: clean(str(column[i])) if column[i] is not None else "" for name, column in columns.items()}
        for i in range(table.num_rows)
    ]
    return Sheet(path, rows, frozenset(known))


def frame(sheet: Sheet) -> float | None:
    """The latitude at which degrees become metres; None where the table gives metres."""
    if {"x", "y"} <= sheet.columns:
        if sheet.rows and all(_degrees(cells["x"], cells["y"]) for cells in sheet.rows):
            raise ValueError(f"{sheet.path.name} 的 x、y 像是经纬度：列名请写 经度、纬度；x、y 的单位是米")
        return None
    found = [y for cells in sheet.rows if (y := _number(cells["latitude"])) is not None and abs(y) <= 90]
    return fmean(found) if found else 0.0


def _degrees(x: str, y: str) -> bool:
    """Whether two cells look like degrees of a place in China: in their range, with four decimals or more."""
    inside = 73 <= (_number(x) or 0) <= 136 and 3 <= (_number(y) or 0) <= 54
    return inside and min(len(text.partition(".")[2]) for text in (x, y)) >= 4


def _number(text: str) -> float | None:
    try:
        number = float(text.replace(",", "").removesuffix("米").removesuffix("°"))
    except ValueError:
        return None
    return number if isfinite(number) else None


def each[T](sheet: Sheet, key: str, made: Callable[[dict[str, str]], T]) -> dict[str, tuple[T, dict[str, str]]]:
    """The rows by id that can go on, each with its cells; the others are named as refused."""
    found: dict[str, tuple[T, dict[str, str]]] = {}
    for cells in sheet.rows:
        try:
            if not cells[key]:
                raise Unfit("没有编号；请补上")
            if cells[key] in found:
                raise Unfit(f"编号重复，前面第{found[cells[key]][1]['_row']}行已有；请留一行")
            found[cells[key]] = made(cells), cells
        except Unfit as unfit:
            sheet.say(cells, key, "refused", str(unfit))
            continue
        if cells.get("name"):
            sheet.names[cells[key]] = cells["name"]
    return found


def whole(cells: Mapping[str, str], name: str, title: str, empty: int | None = None) -> int:
    text = cells.get(name, "")
    if not text and empty is not None:
        return empty
    value = read_int(text).value
    if not isinstance(value, int) or value < 0:
        raise Unfit(f"{title}应是不小于0的整数，现在写的是“{text}”；请改正")
    return value


def spot_of(sheet: Sheet, cells: dict[str, str], key: str, equator: float | None) -> Spot:
    names = ("x", "y") if equator is None else ("longitude", "latitude")
    written = [cells[name] for name in names]
    x, y = (_number(text) for text in written)
    if x is None or y is None:
        if any(written):
            sheet.say(cells, key, "warned", f"坐标“{'，'.join(written)}”不是数，按没有坐标算；请改正")
        return Spot(None, None)
    if equator is None:
        return Spot(x, y)
    if abs(x) > 180 or abs(y) > 90:
        raise Unfit(f"经度{x:g}、纬度{y:g}不在地球上；请核对")
    return Spot(x * 111_320 * cos(radians(equator)), y * 110_574)
