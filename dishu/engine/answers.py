"""The yes-or-no answers about counts, from the same definitions as the lists of rows: asked once for equal counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

import duckdb
import ibis
import numpy as np
import pyarrow as pa

from dishu.engine.facts import Table, View
from dishu.engine.moments import ORG_OWN, TIE_FLAGS
from dishu.engine.profile import pack, unpack
from dishu.engine.state import COUNTS, org_answers, tie_answers
from dishu.engine.tally import used

Array = Any
EPOCH = date(1970, 1, 1)
ORG_COLUMNS = {
    "kind": "string", "sector": "boolean", "members": "int64", "full": "int64", "units": "int64", "under_plan": "boolean",
    "of_enterprises": "boolean",
}  # fmt: skip


def of_ties(day: Array, counts: Mapping[str, Array]) -> Array:
    """The profile of `TIE_FLAGS` for each row of `COUNTS`, first and last (superior), on its day (since 1970)."""
    return _answered(day, {name: counts[name] for name in (*COUNTS, "first", "last")}, _of_ties())


def of_orgs(day: Array, own: Array, counts: Mapping[str, Array]) -> Array:
    """The profile of each organization; `own`: the packed `ORG_OWN`, counts: the rest of `ORG_COLUMNS`."""
    known = unpack(own, "org", ORG_OWN)
    return _answered(day, {name: known[name] for name in ORG_OWN} | dict(counts), _of_orgs())


@cache
def _of_ties() -> str:
    names = dict.fromkeys((*COUNTS, "first", "last"), "int64")
    return _question(tie_answers, names, "unit", TIE_FLAGS)


@cache
def _of_orgs() -> str:
    return _question(org_answers, ORG_COLUMNS, "org", used("org"))


def _question(
    judged: Callable[[View, Table], Table], columns: Mapping[str, str], subject: str, flags: tuple[str, ...]
) -> str:
    """What a state function asks of counts, as SQL on a table `counts`."""
    state = judged(View({}, None), ibis.table({**columns, "day": "date"}, name="counts"))
    return str(ibis.to_sql(state.select(profile=pack(state, subject, flags)), dialect="duckdb"))


def _answered(day: Array, columns: Mapping[str, Any], question: str) -> Array:
    connection = duckdb.connect(config={"threads": 1})
    days = pa.array(np.asarray(day, dtype=np.int32)).cast(pa.date32())
    connection.register("counts", pa.table({**columns, "day": days}))
    return connection.execute(question).to_arrow_table()["profile"].to_numpy()
