"""Records of visits as they arrive, made a table the flags can ask: times and coordinates typed, bad rows named."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from dishu.standards import problems

#: Columns with their Chinese names. Answers are `a_…`, what the register says of the same `r_…`.
TITLES: Final = {
    "visit_id": ("走访编号", "记录编号"),
    "collector": ("采集员", "采集人", "走访人"),
    "unit_id": ("单位编号", "单位"),
    "started_at": ("开始时间",),
    "ended_at": ("结束时间",),
    "longitude": ("经度",),
    "latitude": ("纬度",),
    "entry_mode": ("录入方式",),
    "channel": ("核实方式", "渠道"),
    "collector_kind": ("采集员类别",),
}  # fmt: skip
REQUIRED: Final = ("visit_id", "collector")
_TIMES: Final = ("started_at", "ended_at")
_PLACES: Final = {"longitude": 180.0, "latitude": 90.0}
_CHINA: Final = timezone(timedelta(hours=8))
_WRITTEN: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]*(\d{1,2})[:时点](\d{1,2})?[:分]?(?:(\d{1,2})(?:\.\d+)?秒?)?"
)
_SERIAL: Final = re.compile(r"\d{5}\.\d+")
_DAY_ZERO: Final = datetime(1899, 12, 30)


@dataclass(frozen=True)
class BadRow:
    """A row that goes back: its number in the sheet, the column, what is wrong and what to do."""

    row: int
    column: str
    code: str
    text: str
    mend: str


def typed(raw: pa.Table) -> tuple[pa.Table, list[BadRow]]:
    """The good rows of a table of text cells, ordered by start and visit, and the bad ones.

    `raw` is as `intake.raw` gives it (text columns, `_row`). Comes out with `started_at`, `ended_at` as timestamps of
    Chinese time, `longitude`, `latitude` in degrees, all else as text, blanks empty; every column of `TITLES` is there.
    LookupError where `visit_id` or `collector` is missing; ValueError where there is no row.
    """
    table = _named(raw)
    bad: list[BadRow] = []
    cells = {name: [_blank(cell) for cell in table[name].to_pylist()] for name in table.column_names if name != "_row"}
    rows = table["_row"].to_pylist()
    for name in TITLES:
        cells.setdefault(name, [None] * len(rows))
    keep = _complete(cells, rows, bad)
    for name in _TIMES:
        cells[name] = _read(cells[name], name, read_time, "time_unreadable", rows, keep, bad)
    for name, most in _PLACES.items():
        cells[name] = _read(cells[name], name, _degrees(most), "coordinate_range", rows, keep, bad)
    _in_order(cells, rows, keep, bad)
    if not any(keep):
        raise ValueError("没有一条可用的走访记录" + ("" if rows else "：文件只有表头，请补充记录后重报"))
    return _table(cells).filter(pa.array(keep)), sorted(bad, key=lambda b: b.row)


def _table(cells: dict[str, list[Any]]) -> pa.Table:
    kinds = {name: pa.timestamp("us") for name in _TIMES} | {name: pa.float64() for name in _PLACES}
    table = pa.table({name: pa.array(column, kinds.get(name, pa.string())) for name, column in cells.items()})
    return ordered(table)


def ordered(table: pa.Table) -> pa.Table:
    """The same rows by start, then by visit: so that the order in the file can never matter."""
    return table.sort_by([("started_at", "ascending"), ("visit_id", "ascending")])


def _named(raw: pa.Table) -> pa.Table:
    known = {title: name for name, titles in TITLES.items() for title in titles}
    names = [known.get(name, name) for name in raw.column_names]
    missing = [f"{name}（{TITLES[name][0]}）" for name in REQUIRED if name not in names]
    if missing:
        raise LookupError(f"走访记录缺少必需的栏目：{'、'.join(missing)}；请补上后重报")
    first = [at for at, name in enumerate(names) if names.index(name) == at]
    return raw.select(first).rename_columns([names[at] for at in first])


def _blank(cell: str | None) -> str | None:
    return (cell.strip() or None) if cell else None


def _complete(cells: dict[str, list[Any]], rows: list[int], bad: list[BadRow]) -> list[bool]:
    """Which rows name their visit, once, and their collector."""
    first: dict[str, int] = {}
    keep = []
    for visit, who, row in zip(cells["visit_id"], cells["collector"], rows, strict=True):
        missing = [name for name, cell in (("visit_id", visit), ("collector", who)) if cell is None]
        if missing:
            bad.append(_bad(row, missing[0], "required_blank"))
        elif first.setdefault(visit, row) != row:
            bad.append(_bad(row, "visit_id", "duplicate_visit", first_row=f"第{first[visit]}行"))
        keep.append(bool(rows) and not missing and first.get(visit) == row)
    return keep


def _bad(row: int, column: str, code: str, **facts: object) -> BadRow:
    title = TITLES[column][0]
    return BadRow(row, column, code, *problems.tell(code, title=title, **facts))


def _read(
    texts: list[Any], name: str, reader: Callable[[str], object], code: str,
    rows: list[int], keep: list[bool], bad: list[BadRow],
) -> list[Any]:  # fmt: skip
    """A column of text read; a cell that cannot be read sends its row back."""
    known: dict[str | None, object] = {None: None}
    for at, text in enumerate(texts):
        if text not in known and text is not None:
            known[text] = reader(text)
        if text is not None and known[text] is None and keep[at]:
            keep[at] = False
            bad.append(_bad(rows[at], name, code, value=text[:40]))
    return [known[text] for text in texts]


def read_time(text: str) -> datetime | None:
    """A moment as people and machines write it; with a zone it becomes Chinese time. None where it is none.

    >>> read_time("2026-10-05 9:12"), read_time("2026年10月5日9时12分"), read_time("2026-10-05T01:12:00Z")
    (datetime.datetime(2026, 10, 5, 9, 12), datetime.datetime(2026, 10, 5, 9, 12), datetime.datetime(2026, 10, 5, 9, 12))
    >>> read_time("2026-10-05 25:00"), read_time("上午")
    (None, None)
    """
    try:
        when = datetime.fromisoformat(text)
        if len(text) > 10:
            return when.astimezone(_CHINA).replace(tzinfo=None) if when.tzinfo else when
    except ValueError:
        pass
    written = _WRITTEN.fullmatch(text)
    if written:
        try:
            return datetime(*(int(part or 0) for part in written.groups()))  # type: ignore[arg-type]
        except ValueError:
            return None
    return _DAY_ZERO + timedelta(seconds=round(float(text) * 86400)) if _SERIAL.fullmatch(text) else None


def _degrees(most: float) -> Callable[[str], float | None]:
    def read(text: str) -> float | None:
        value = number(text)
        return value if value is not None and abs(value) <= most else None

    return read


def number(text: str | None) -> float | None:
    """A plain number with or without thousands separators; None for anything else.

    >>> number("1,200"), number("12.5"), number("nan"), number("约20"), number(None)
    (1200.0, 12.5, None, None, None)
    """
    try:
        value = float(text.replace(",", "").replace("，", "")) if text else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _in_order(cells: dict[str, list[Any]], rows: list[int], keep: list[bool], bad: list[BadRow]) -> None:
    for at, (start, end) in enumerate(zip(cells["started_at"], cells["ended_at"], strict=True)):
        if keep[at] and start and end and end < start:
            keep[at] = False
            bad.append(_bad(rows[at], "ended_at", "date_order", first="开始时间", then="结束时间"))


def filled(table: pa.Table, column: str) -> bool:
    """Whether the column is there and says anything."""
    return column in table.column_names and pc.count(table[column]).as_py() > 0
