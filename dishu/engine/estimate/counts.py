"""A table of counts read, one row per place or drawn area: registered, re-counted, in both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from dishu.engine.estimate.areas import Area
from dishu.engine.estimate.reading import SHOWN_ROWS, number
from dishu.engine.estimate.strata import Stratum
from dishu.engine.estimate.twolists import Counts
from dishu.engine.intake.text import clean

#: The columns and what else they are called.
TITLES = {
    "place": ("place", "地区", "名称", "片区", "单位"),
    "register": ("register", "在册", "在册人数", "登记"),
    "recount": ("recount", "复核", "复核人数", "找到"),
    "both": ("both", "重合", "已在册", "两份都有"),
    "parent": ("parent", "上级", "所属县"),
    "chance": ("chance", "抽中机会", "抽中概率"),
}
Row = dict[str, Any]


def strata(table: pa.Table) -> list[Stratum]:
    """Places with their counts (columns place, register, recount, both; parent where known), in the order written.

    LookupError for a missing column, ValueError naming each bad row: leaving one out would change the sum.

    >>> t = pa.table({"地区": ["东城"], "在册": ["90"], "复核": ["40"], "重合": ["30"], "_row": [2]})
    >>> strata(t)[0].counts
    Counts(register=90, recount=40, both=30)
    """
    rows = _rows(table, ("place", "register", "recount", "both"))
    return [Stratum((r["place"],), Counts(r["register"], r["recount"], r["both"]), r.get("parent") or "") for r in rows]


def areas(table: pa.Table, frame: int) -> list[Area]:
    """Drawn areas (columns recount, both; chance where the areas were not equally likely, else rows / `frame`)."""
    rows = _rows(table, ("recount", "both"))
    equal = len(rows) / max(frame, 1)
    return [Area(r["recount"], r["both"], float(r.get("chance") or equal)) for r in rows]


def _rows(table: pa.Table, needed: tuple[str, ...]) -> list[Row]:
    columns = _columns(table.column_names, needed)
    rows = [
        {name: clean(row[title] or "") for name, title in columns.items()} | {"_row": row["_row"]}
        for row in table.to_pylist()
    ]
    bad = [problem for row in rows for problem in _problems(row)]
    if bad or not rows:
        more = f"；另有 {len(bad) - SHOWN_ROWS} 处" if len(bad) > SHOWN_ROWS else ""
        raise ValueError(
            "；".join(bad[:SHOWN_ROWS]) + more + "。少一行合计就变了，请改好再做" if bad else "表里没有一行数"
        )
    return [row | {name: number(row[name]) for name in ("register", "recount", "both") if name in row} for row in rows]


def _columns(there: list[str], needed: tuple[str, ...]) -> Mapping[str, str]:
    found = {name: title for name, titles in TITLES.items() for title in there if clean(title).lower() in titles}
    if lacking := [TITLES[name][1] for name in needed if name not in found]:
        raise LookupError(f"没有“{'、'.join(lacking)}”这一列；现有：{'、'.join(t for t in there if t != '_row')}")
    return found


def _problems(row: Row) -> Iterator[str]:
    at = f"第 {row['_row']} 行"
    numbers = {name: number(row[name]) for name in ("register", "recount", "both") if name in row}
    for name, count in numbers.items():
        if count is None:
            yield f"{at}“{TITLES[name][1]}”是“{row[name]}”，应是 0 或正整数"
    both = numbers.get("both")
    if both is not None and any(n is not None and n < both for n in numbers.values()):
        yield f"{at}重合 {both} 人多于在册或复核的人数"
    if row.get("chance") and not _is_chance(row["chance"]):
        yield f"{at}抽中机会是“{row['chance']}”，应大于 0、不超过 1"


def _is_chance(text: str) -> bool:
    try:
        return 0 < float(text) <= 1
    except ValueError:
        return False
