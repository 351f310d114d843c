"""Two editions side by side: which rows entered a figure, left it or changed sides, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from dishu.engine import labels
from dishu.engine.edition import Edition
from dishu.engine.figures import OUTCOMES, judge, state_tables
from dishu.engine.indicators import ALL, get
from dishu.engine.profile import FLAGS, pack

SCHEMA = pa.schema(
    [("indicator", pa.string()), ("subject", pa.string()), ("key", pa.int64())]
    + [(name, pa.string()) for name in ("place", "change", "before", "after", "reason")]
)
Row = dict[str, Any]
#: The reasons that name no column.
APPEARED, GONE = "后一版次新出现", "后一版次已不在册"


def compare(before: Edition, after: Edition, codes: Sequence[str] = ()) -> pa.Table:
    """Row by row, at each edition's own day.

    Columns: indicator, subject, key, place, change (`entered`, `left`, `changed`), before, after (outcomes), reason.
    A row that is in the same part of an indicator in both editions is not listed.
    """
    asked = [get(code) for code in codes] if codes else list(ALL)
    found: list[Row] = []
    for subject in FLAGS:
        mine = [i.code for i in asked if i.subject == subject]
        if mine:
            found += _differences(subject, mine, _changed(before, after, subject))
    order = {i.code: n for n, i in enumerate(asked)}
    found.sort(key=lambda row: (order[row["indicator"]], row["place"], row["key"]))
    return pa.Table.from_pylist(found, schema=SCHEMA)


def _changed(before: Edition, after: Edition, subject: str) -> pa.Table:
    """Subjects whose place or profile is not the same: key, place, profile as they were and are."""
    connection = duckdb.connect()
    for name, edition in (("a", before), ("b", after)):
        state = state_tables(edition.facts().at(edition.day))[subject]
        slim = state.select(key=state[subject], place=state.place, profile=pack(state, subject))
        connection.register(name, slim.to_pyarrow())
    return connection.execute(
        "SELECT coalesce(a.key, b.key) AS key, a.place AS old_place, b.place AS new_place,"
        " a.profile AS old, b.profile AS new FROM a FULL JOIN b ON a.key = b.key"
        " WHERE a.profile IS DISTINCT FROM b.profile OR a.place IS DISTINCT FROM b.place"
    ).to_arrow_table()


def _differences(subject: str, codes: list[str], changed: pa.Table) -> Iterator[Row]:
    known = {p for name in ("old", "new") for p in changed[name].to_pylist() if p is not None}
    judged = {
        row["profile"]: row for row in judge(np.array(sorted(known), dtype="int64"), subject, tuple(codes)).to_pylist()
    }
    for row in changed.to_pylist():
        a, b = judged.get(row["old"], {}), judged.get(row["new"], {})
        why = reason(subject, _placed(a, row["old_place"]), _placed(b, row["new_place"]))
        for code in codes:
            was, now = OUTCOMES[a.get(f"_{code}", 0)], OUTCOMES[b.get(f"_{code}", 0)]
            if was != now:
                place = row["new_place"] or row["old_place"]
                yield {"indicator": code, "subject": subject, "key": row["key"], "place": place,
                       "change": _change(was, now), "before": was, "after": now, "reason": why}  # fmt: skip


def _placed(state: Row, place: str | None) -> Row:
    return {**state, "place": place} if state else {}


def _change(was: str | None, now: str | None) -> str:
    if was is None:
        return "entered"
    return "left" if now is None else "changed"


def reason(subject: str, before: Row, after: Row) -> str:
    """What is different about a subject, in Chinese.

    >>> before = {"verified": False, "at_enterprises": True, "place": "421302"}
    >>> reason("instructor", {}, before)
    '后一版次新出现'
    >>> reason("instructor", before, before | {"verified": True})
    '已核实：否→是'
    """
    if not before:
        return APPEARED
    if not after:
        return GONE
    watched = ["place", *FLAGS[subject]]
    changed = [name for name in watched if before[name] != after[name]]
    return "；".join(f"{labels.column(n)}：{labels.value(before[n])}→{labels.value(after[n])}" for n in changed)
