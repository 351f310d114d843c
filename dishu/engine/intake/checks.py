"""Rules between the columns of one row, declared in the layouts: order of days, number against birth day, and so on.

Each check answers which rows break it; a row where one of the columns is empty breaks none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dishu.engine.intake.findings import Findings
from dishu.standards import ids
from dishu.standards.forms import Check, Layout

Columns = Mapping[str, pa.Array]
_GONE: Final = pa.array(["closed", "revoked", "moved_out"])
_ADULT: Final = 18


def run(layout: Layout, columns: Columns, heeded: Any, findings: Findings) -> None:
    """Run the layout's checks over the typed columns of a block, in the rows `heeded`.

    A check of which no column is in the file is left out. `unique` is done by `repeats`, over the whole sheet.
    """
    for check in layout.checks:
        rule = _RULES.get(check.kind)
        if rule is None:
            if check.kind != "unique":
                raise ValueError(f"{layout.title}的检查 {check.kind} 不认识")
            continue
        broken = np.flatnonzero(rule(columns, check.use) & heeded)
        findings.rows(broken, check.code, *_column(layout, check), check.severity, _facts(layout, check))


def _facts(layout: Layout, check: Check) -> dict[str, str]:
    """The titles of the columns a check speaks of, by the part they play."""
    titles = {field.name: field.title for field in layout.fields}
    facts = {part: titles[name] for part, name in check.use.items() if isinstance(name, str) and name in titles}
    if "fields" in check.use:
        facts["fields"] = "、".join(titles[name] for name in check.use["fields"])
    return facts


def _column(layout: Layout, check: Check) -> tuple[str, str]:
    """The column to blame: the later day, the column in question."""
    parts = ("then", "field", "date", "day")
    name = next((check.use[part] for part in parts if part in check.use), "")
    return name, layout.field(name).title if name else ""


def _mask(truth: pa.Array) -> Any:
    return pc.fill_null(truth, False).to_numpy(zero_copy_only=False)


def _order(columns: Columns, use: Mapping[str, Any]) -> Any:
    return _mask(pc.less(columns[use["then"]], columns[use["first"]]))


def _closed_dated(columns: Columns, use: Mapping[str, Any]) -> Any:
    gone = pc.is_in(columns[use["status"]], value_set=_GONE)
    return _mask(pc.and_(gone, pc.is_null(columns[use["date"]])))


def _unit_kind(columns: Columns, use: Mapping[str, Any]) -> Any:
    codes = columns[use["field"]].to_pylist()
    kinds = (ids.unit_kind_of(code) if code else None for code in codes)
    return np.fromiter((kind is not None and kind != use["kind"] for kind in kinds), dtype=bool, count=len(codes))


def _one_of(columns: Columns, use: Mapping[str, Any]) -> Any:
    empty: Any = np.ones(len(columns[use["fields"][0]]), dtype=bool)
    for name in use["fields"]:
        empty &= _mask(pc.is_null(columns[name]))
    return empty


def _birth_of_id(columns: Columns, use: Mapping[str, Any]) -> Any:
    """Another month, or another day; the first of a month may stand for a day not written."""
    of_id, birth = _birth_number(columns[use["id"]]), _day_number(columns[use["field"]])
    other_month = pc.not_equal(pc.divide(of_id, 100), pc.divide(birth, 100))
    first = pc.equal(pc.day(columns[use["field"]]), 1)
    return _mask(pc.or_(other_month, pc.and_not(pc.not_equal(of_id, birth), first)))


def _sex_of_id(columns: Columns, use: Mapping[str, Any]) -> Any:
    order = pc.utf8_slice_codeunits(columns[use["id"]], 16, 17).cast(pa.int32())
    male = pc.equal(pc.bit_wise_and(order, pa.scalar(1, pa.int32())), 1)
    return _mask(pc.not_equal(male, pc.equal(columns[use["field"]], "male")))


def _grown_up(columns: Columns, use: Mapping[str, Any]) -> Any:
    born = pc.coalesce(_day_number(columns[use["birth"]]), _birth_number(columns[use["id"]]))
    return _mask(pc.less(pc.subtract(_day_number(columns[use["day"]]), born), _ADULT * 10_000))


def _birth_number(citizen_ids: pa.Array) -> pa.Array:
    return pc.utf8_slice_codeunits(citizen_ids, 6, 14).cast(pa.int64())


def _day_number(days: pa.Array) -> pa.Array:
    """20070801 for 2007-08-01: differences of whole years are multiples of 10,000."""
    months = pc.add(pc.multiply(pc.year(days), 100), pc.month(days))
    return pc.add(pc.multiply(months, 100), pc.day(days))


_RULES: Final[Mapping[str, Callable[[Columns, Mapping[str, Any]], Any]]] = {
    "order": _order,
    "closed_dated": _closed_dated,
    "unit_kind": _unit_kind,
    "one_of": _one_of,
    "birth_of_id": _birth_of_id,
    "sex_of_id": _sex_of_id,
    "grown_up": _grown_up,
}
