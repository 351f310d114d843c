"""A table of capture histories read: one 0/1 column per list and how many people; what is odd is said, not guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from dishu.engine.estimate.cells import Cells
from dishu.engine.intake.text import clean
from dishu.engine.wording import say

COUNTS = ("count", "人数", "数量", "人数（人）")
#: Written for a history that cannot occur (a list nested in another): it leaves the model, which 0 would not.
IMPOSSIBLE = ("不可能", "-", "—", "/")
MARKS = {"0": "0", "1": "1", "0.0": "0", "1.0": "1", "否": "0", "是": "1"}
SHOWN_ROWS = 10


def read(table: pa.Table, names: Sequence[str] = ()) -> tuple[Cells, list[str]]:
    """Cells from a table of text columns as `intake.raw` reads it, and what to remark.

    `names`: which columns are lists; all but the count where none is named. Order of columns and rows does not matter;
    the people on no list are not asked for and not used. LookupError for a missing column, ValueError naming each bad
    row: leaving one out would change the estimate.

    >>> t = pa.table({"a": ["1", "0", "1"], "b": ["1", "1", "0"], "count": ["4", "2", "3"], "_row": [2, 3, 4]})
    >>> read(t)[0].counts.tolist()
    [0.0, 2.0, 3.0, 4.0]
    """
    count, lists = _columns(table.column_names, names)
    rows = table.to_pylist()
    if not rows:
        raise ValueError("表里只有标题，没有一行人数")
    _refuse_bad(rows, count, lists)
    counted: Counter[str] = Counter()
    impossible, seen, remarks = set(), Counter[str](), []
    for row in rows:
        history = "".join(MARKS[_cell(row, name)] for name in lists)
        if "1" not in history:
            remarks.append(say("estimate_cells_nowhere", row=row["_row"]))
            continue
        seen[history] += 1
        if _cell(row, count) in IMPOSSIBLE:
            impossible.add(history)
        else:
            counted[history] += number(_cell(row, count)) or 0
    if again := sorted(history for history, times in seen.items() if times > 1):
        remarks.append(say("estimate_cells_added", histories="、".join(again)))
    if clash := sorted(impossible & {h for h, n in counted.items() if n}):
        raise ValueError(f"组合 {'、'.join(clash)} 一行写了不可能，一行写了人数，请改成一致")
    if not sum(counted.values()):
        raise ValueError("各行人数加起来是 0，没有可以估计的")
    return Cells.of(lists, counted, impossible), remarks


def _columns(there: Sequence[str], names: Sequence[str]) -> tuple[str, list[str]]:
    titles = [name for name in there if name != "_row"]
    count = next((name for name in titles if clean(name).lower() in COUNTS), None)
    if count is None:
        raise LookupError(f"没有“count”（人数）这一列；现有：{'、'.join(titles)}")
    if lacking := [name for name in names if name not in titles]:
        raise LookupError(f"没有“{'、'.join(lacking)}”这一列；现有：{'、'.join(titles)}")
    lists = list(names) or [name for name in titles if name != count]
    if len(lists) < 2:
        raise ValueError(f"至少要两份名单，每份一列，写 0 或 1；现在只有 {len(lists)} 列：{'、'.join(lists)}")
    return count, lists


def _cell(row: dict[str, Any], name: str) -> str:
    return clean(row[name] or "")


def number(text: str) -> int | None:
    """A whole number of people from 0 up, else None.

    >>> number("1,200"), number("12.0"), number("-3"), number("nan")
    (1200, 12, None, None)
    """
    try:
        found = float(text.replace(",", ""))
    except ValueError:
        return None
    return int(found) if 0 <= found < 1e15 and found == int(found) else None


def _refuse_bad(rows: Iterable[dict[str, Any]], count: str, lists: Sequence[str]) -> None:
    bad = [problem for row in rows for problem in _problems(row, count, lists)]
    if bad:
        more = f"；另有 {len(bad) - SHOWN_ROWS} 处" if len(bad) > SHOWN_ROWS else ""
        raise ValueError("；".join(bad[:SHOWN_ROWS]) + more + "。少一行估计就变了，请改好再做")


def _problems(row: dict[str, Any], count: str, lists: Sequence[str]) -> Iterable[str]:
    for name in lists:
        if _cell(row, name) not in MARKS:
            yield f"第 {row['_row']} 行“{name}”是“{_cell(row, name)}”，只能写 0（不在）或 1（在）"
    text = _cell(row, count)
    if text not in IMPOSSIBLE and number(text) is None:
        yield f"第 {row['_row']} 行人数是“{text}”，应是 0 或正整数（不可能出现的组合写“不可能”）"
