"""Find the same person in two rosters, or twice in one: sure pairs joined, doubtful pairs listed with reasons.

First the rules: an equal valid ID number is final, two different checked ones never match. The rest is weighed by the
held model. Whoever matches nobody leaves no trace: the result holds pairs only, nothing is written or logged.
"""

from pathlib import Path

import duckdb
import pyarrow as pa

from dishu.engine.link import conditions as when
from dishu.engine.link import decide, prepare, reasons
from dishu.engine.link import model as held
from dishu.engine.link.columns import PAIRS

HELD = held.HELD
SURE = 40.0  # the weight of an equal valid ID number
LINK = 4.0  # at and above this weight a pair is joined without a person looking at it
THIN_LINK = 6.0  # the same where name and firm, or name and month of birth, are all there is
LEAD = 3.0  # a match must be this far ahead of a rival who is somebody else
_SOMEBODY_ELSE = "(l.valid <> o.valid OR l.born <> o.born OR l.sex <> o.sex OR l.name <> o.name)"


def link(
    left: pa.Table,
    right: pa.Table | None = None,
    *,
    model: Path = HELD,
    threads: int | None = None,
    memory_limit: str = "2GB",
) -> pa.Table:
    """Pairs of rows that are, or may be, the same person; without `right` the double rows within `left`.

    Both tables have the columns of `columns.PERSON`, all text (see `columns.standard_columns`); `rec_id` is unique in
    each. Gives `PAIRS` in the order of the ids: `weight` in bits (log2 odds), `probability`, `decision` "match" or
    "review", `reasons` in Chinese. The order of rows does not matter. Raises ValueError for missing columns or repeated
    `rec_id`. Method: Fellegi and Sunter (1969) with Splink 5.

    >>> row = {"source": "x", "sex": None, "birth": None, "phone": None, "employer": None, "address": None}
    >>> a = pa.Table.from_pylist([row | {"rec_id": "1", "name": "王伟", "id_no": "99010119700101001X"}])
    >>> b = pa.Table.from_pylist([row | {"rec_id": "2", "name": "王 偉", "id_no": "990101700101001"}])
    >>> link(a, b).select(["decision", "reasons"]).to_pylist()
    [{'decision': 'match', 'reasons': '身份证号一致；姓名一致'}]
    """
    first = prepare.people(left)
    second = None if right is None else prepare.people(right, first.num_rows)
    if first.num_rows == 0 or (second is not None and second.num_rows == 0):
        return PAIRS.empty_table()
    with prepare.workspace(threads, memory_limit) as con:
        sides = held.ready(con, first, second)
        held.score(con, sides, held.load(model))
        return _decided(con, sides)


def _decided(con: duckdb.DuckDBPyConnection, sides: held.Sides) -> pa.Table:
    left, right = sides.left, sides.right or sides.left
    _sure_pairs(con, left, right)
    _band(con, left, right)
    decide.yield_to_rivals(con, left, right, else_=_SOMEBODY_ELSE, lead=LEAD)
    return decide.result(con, left, right, reasons.people())


def _sure_pairs(con: duckdb.DuckDBPyConnection, left: str, right: str) -> None:
    order = " AND l.uid < r.uid" if left == right else ""
    con.execute(
        "CREATE TABLE sure AS SELECT l.uid AS uid_l, r.uid AS uid_r "
        f"FROM {left} l JOIN {right} r ON l.valid = r.valid{order}"
    )


def _band(con: duckdb.DuckDBPyConnection, left: str, right: str) -> None:
    """Table `banded`: sure pairs, and the scored ones with their band; different checked ID numbers are let go."""
    linked = (
        f"s.weight >= {LINK} AND {when.NAMES_AGREE} AND NOT {when.NAMESAKES} "
        f"AND (s.weight >= {THIN_LINK} OR {when.MORE_THAN_A_FIRM})"
    )
    con.execute(
        f"CREATE TABLE banded AS SELECT uid_l, uid_r, {SURE} AS weight, true AS linked, true AS sure FROM sure "
        f"UNION ALL SELECT s.uid_l, s.uid_r, s.weight, {linked}, false "
        f"FROM scored s JOIN {left} l ON l.uid = s.uid_l JOIN {right} r ON r.uid = s.uid_r "
        f"WHERE NOT coalesce(l.valid = r.valid, false) AND NOT {when.ID_VETO} AND NOT {when.STRANGERS}"
    )
