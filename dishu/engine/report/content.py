"""What a report is made of: figures, definitions, lists and sources of one edition, all supplied by the caller."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import pyarrow as pa

SIX = ("base_known", "identity_shown", "affiliation_held", "single_formed", "joint_formed", "work_covered")
FIGURE_COLUMNS = (
    "indicator",
    "place",
    "name",
    "level",
    "parent",
    "total",
    "held",
    "failed",
    "unknown",
    "share",
    "verified_share",
)
LEVELS = {
    "province": "省",
    "prefecture": "市（州）",
    "county": "县（市、区）",
    "township": "乡镇（街道）",
    "village": "村（社区）",
    "market": "市场",
}


@dataclass(frozen=True)
class Definition:
    """One indicator in words; every text is Chinese and complete in itself.

    `among_text` fits "…共N户", `holds_text` fits "其中…的N户" (全部计数: a plain count). `unit_of_count` is
    户, 名, 个, 人 or 元 (shown in 万元 or 亿元); `weight_label` names what is added up instead of counted (资产总额).
    `goal` is the share wanted (1.0 = all); None where none is set, so no gap is spoken of. `bad` marks lists of
    trouble: those that hold need work. `basis` names the denominator (计划口径, 应建口径, 全部口径) where several
    stand side by side; without it a name ending in （…口径） tells it.

    >>> Definition("base_known", "底数摸清", "六个100%", "纳入摸底的单位", "情况已摸清", "摸底方案").unit_of_count
    '户'
    """

    code: str
    name: str
    group: str
    among_text: str
    holds_text: str
    source: str
    goal: float | None = None
    deadline: date | None = None
    law: tuple[str, ...] = ()
    unit_of_count: str = "户"
    weight_label: str | None = None
    basis: str | None = None
    bad: bool = False

    @property
    def denominator(self) -> str | None:
        """The denominator's name, from `basis` or from the end of the name.

        >>> Definition("plan_progress", "组建进度（计划口径）", "组建计划", "", "", "").denominator
        '计划口径'
        """
        found = re.search(r"（([^（）]*口径)）$", self.name)
        return self.basis or (found.group(1) if found else None)

    @property
    def plain_name(self) -> str:
        """The name without the 100 % it aims at, so that a heading never reads like a result.

        >>> Definition("base_known", "党组织和党员底数100%摸清", "六个100%", "", "", "").plain_name
        '党组织和党员底数摸清'
        """
        return self.name.replace("100%", "")


@dataclass(frozen=True)
class Rows:
    """The rows behind one indicator's gap, masked, with Chinese column titles; `full_count` rows exist in `csv_name`.

    A column 情况 (未达到, 情况不明) lets a number open at its own part of the list.
    """

    table: pa.Table
    full_count: int
    csv_name: str | None = None

    @property
    def truncated(self) -> bool:
        """Whether the table shows fewer rows than there are."""
        return self.full_count > int(self.table.num_rows)


@dataclass(frozen=True)
class Figure:
    """One indicator at one place: total = held + failed + unknown, counted in the definition's unit.

    >>> f = Figure("plan_progress", "4213", "随州市", "prefecture", None, 62, 61, 1, 0, None)
    >>> round(f.share, 4), f.gap, f.complete
    (0.9839, 1, False)
    """

    indicator: str
    place: str
    name: str
    level: str
    parent: str | None
    total: int
    held: int
    failed: int
    unknown: int
    verified_share: float | None

    @property
    def share(self) -> float | None:
        """held / total, not rounded; None when there is nothing to count."""
        return self.held / self.total if self.total else None

    @property
    def gap(self) -> int:
        """What is not yet held, whether known to fail or unknown."""
        return self.failed + self.unknown

    @property
    def complete(self) -> bool:
        """All held, nothing failed, nothing unknown, and something to count."""
        return self.total > 0 and self.held >= self.total and self.gap == 0


@dataclass(frozen=True)
class Place:
    """A node of the tree that the report shows."""

    code: str
    name: str
    level: str
    parent: str | None


@dataclass(frozen=True)
class Missing:
    """What a re-count says of how many people are not registered: sentences with ranges, and the numbers behind them.

    `table`: item, value, lower, upper (texts; None where there is none); `method`: how it was estimated.
    """

    sentences: tuple[str, ...]
    table: pa.Table
    method: str


@dataclass(frozen=True)
class Formation:
    """What is proposed for units with members and no organization.

    `paragraphs`: (run-in heading, text); `by_place`: place, name, level, parent and one column of counts per title, the top
    place first; `units`: one row per unit; `line`: the whole in one sentence.
    """

    paragraphs: tuple[tuple[str, str], ...]
    by_place: pa.Table
    units: Rows
    line: str


@dataclass(frozen=True)
class Content:
    """Everything one report says. Arrow tables and their columns:

    figures: see FIGURE_COLUMNS; the top node's rows first, then its children's, then grandchildren's.
    table27: row_no, row_name and one column per column of the annual table, or None. checks: failed checks in Chinese.
    trend: indicator, day, share; or None. problems: file, code, text, refused, warned (counts).
    sources: file, sheet, layout, rows, good, refused. missing: how many are not registered, where there was a re-count.
    formation: the plan for the units without an organization, where there are any. small: the six 100 % of individual businesses and markets only, where there are any beside others.
    """

    title: str
    place_name: str
    day: date
    edition: str
    figures: pa.Table
    definitions: tuple[Definition, ...]
    rows: Mapping[str, Rows] = field(default_factory=dict)
    table27: pa.Table | None = None
    checks: tuple[str, ...] = ()
    trend: pa.Table | None = None
    problems: pa.Table | None = None
    sources: pa.Table | None = None
    notes: tuple[str, ...] = ()
    missing: Missing | None = None
    formation: Formation | None = None
    small: Content | None = None

    def __post_init__(self) -> None:
        missing = [name for name in FIGURE_COLUMNS if name not in self.figures.column_names]
        if missing:
            raise ValueError(f"指标数据缺少列：{'、'.join(missing)}")

    @cached_property
    def by_key(self) -> dict[tuple[str, str], Figure]:
        """Figures by (indicator, place)."""
        return {(f.indicator, f.place): f for f in map(_figure, self.figures.to_pylist())}

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Places in the order of the figures, each once, the top node first."""
        seen = {f.place: Place(f.place, f.name, f.level, f.parent) for f in self.by_key.values()}
        return tuple(seen.values())

    @property
    def top(self) -> Place | None:
        """The node the report is about; None when there are no figures."""
        return self.places[0] if self.places else None

    @property
    def children(self) -> tuple[Place, ...]:
        """The places right beneath the top node."""
        return tuple(p for p in self.places if self.top and p.parent == self.top.code)

    def at(self, code: str, place: Place | None = None) -> Figure | None:
        """The figure of an indicator at a place (the top node when left out); None when it was not counted."""
        where = place or self.top
        return self.by_key.get((code, where.code)) if where else None

    def definition(self, code: str) -> Definition | None:
        """The definition of an indicator."""
        return next((d for d in self.definitions if d.code == code), None)

    @property
    def six(self) -> tuple[tuple[Definition, Figure], ...]:
        """The six 100 % at the top node in the order of the speech, as far as counted."""
        return self.counted(tuple(d for code in SIX if (d := self.definition(code))))

    def counted(self, definitions: tuple[Definition, ...]) -> tuple[tuple[Definition, Figure], ...]:
        """The definitions that have a figure at the top node, with it."""
        return tuple((d, f) for d in definitions if (f := self.at(d.code)))


def count_of(table: pa.Table | None, column: str) -> int:
    """The sum of a column of counts; 0 without a table.

    >>> count_of(pa.table({"refused": [2, None, 3]}), "refused")
    5
    """
    return sum(value or 0 for value in table.column(column).to_pylist()) if table is not None else 0


def _figure(row: dict[str, Any]) -> Figure:
    numbers = {name: int(row[name] or 0) for name in ("total", "held", "failed", "unknown")}
    verified = row["verified_share"]
    return Figure(
        indicator=str(row["indicator"]),
        place=str(row["place"]),
        name=str(row["name"]),
        level=str(row["level"]),
        parent=None if row["parent"] is None else str(row["parent"]),
        verified_share=None if verified is None else float(verified),
        **numbers,
    )
