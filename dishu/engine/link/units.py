"""Find the same unit in two rosters, twice in one, or behind an employer's name as people write it.

By code first: an equal valid code is final, two different ones never match. Then by name within a county, with owner,
telephone and address speaking for or against; what is only similar goes to a person.
"""

from collections.abc import Mapping

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from dishu.engine.link import decide, prepare, reasons
from dishu.engine.link import unit_conditions as when
from dishu.engine.link.columns import PAIRS, UNIT

LINK = 4.0  # at and above this weight a pair is joined without a person looking at it
FLOOR = -4.0
MOST = 5  # candidates shown for one written employer
_HOT_PAIRS = 2_000  # a name that would pair more rows than this is no name (便民超市)

_OTHER_UNIT = "(l.credit <> o.credit OR l.reg <> o.reg OR l.whole <> o.whole OR l.owner_sound <> o.owner_sound OR l.town <> o.town)"
_CANDIDATES = (
    "l.credit = r.credit",
    "l.reg = r.reg",
    "l.org = r.org",
    "l.whole_key = r.whole_key AND (l.county = r.county OR l.county IS NULL OR r.county IS NULL OR l.coded <> r.coded)",
    "l.core_key = r.core_key AND l.county = r.county",
    "l.core = r.core AND l.owner = r.owner",
    "l.core = r.core AND l.phone = r.phone",
    "l.core = r.core AND l.door = r.door",
    "l.brand = r.brand AND l.owner = r.owner AND l.county = r.county",
    "l.brand = r.brand AND l.phone = r.phone",
    "l.brand = r.brand AND l.door = r.door",
    "l.owner_id = r.owner_id AND l.door = r.door",
    "l.owner_id = r.owner_id AND l.spot = r.spot",
    "l.owner = r.owner AND l.phone = r.phone",
)
_FIND_CANDIDATES = (
    "l.credit = r.credit",
    "l.reg = r.reg",
    "l.org = r.org",
    "l.whole_key = r.whole_key",
    "l.core_key = r.core_key AND (l.county = r.county OR l.county IS NULL OR r.county IS NULL OR l.coded <> r.coded)",
    "l.two = r.two AND l.county = r.county AND (starts_with(r.core, l.core) OR starts_with(l.core, r.core))",
)

# A written employer says nothing of owner or telephone, so they need no cleaning.
_FIND_COLUMNS = ("rec_id", "name", "unit_code", "address", "place")


def link(
    left: pa.Table, right: pa.Table | None = None, *, threads: int | None = None, memory_limit: str = "2GB"
) -> pa.Table:
    """Pairs of rows that are, or may be, the same unit; without `right` the double rows within `left`.

    Both tables have the columns of `columns.UNIT`, all text; `place` is a division code or a county's name. Gives
    `columns.PAIRS` in the order of the ids. Raises ValueError for missing columns or repeated `rec_id`.

    >>> a = pa.table({"rec_id": ["1"], "name": ["随州市鑫源商贸有限责任公司"], "place": ["421303"]})
    >>> b = pa.table({"rec_id": ["2"], "name": ["鑫源商贸（随州）有限公司"], "place": ["421303001"]})
    >>> link(a, b).select(["decision", "reasons"]).to_pylist()
    [{'decision': 'match', 'reasons': '名称一致；同一县（市、区）'}]
    """
    with prepare.workspace(threads, memory_limit) as con:
        one, two = _ready(con, left, right)
        if one is None:
            return PAIRS.empty_table()
        order = "AND l.uid < r.uid" if right is None else ""
        _pair(con, one, two, _CANDIDATES, order)
        _band(con, one, two)
        decide.yield_to_rivals(con, one, two, else_=_OTHER_UNIT, lead=1.0)
        return decide.result(con, one, two, reasons.units())


def doubles(table: pa.Table, *, threads: int | None = None, memory_limit: str = "2GB") -> pa.Table:
    """The pairs of `link(table)` that are a "match"; of those for a person only what is found on the way.

    Where every row has a code of one age (and a valid one, as the reader of rosters leaves them), equal codes alone
    say who is who: only rows that share one are looked at. That is most rosters, and spares most of the time.

    >>> rows = pa.table({"rec_id": ["1", "2", "3"], "name": ["甲店", "甲店", "乙店"],
    ...                  "unit_code": ["421302000000014", "421302000000022", "421302000000014"]})
    >>> doubles(rows).select(["left_id", "right_id"]).to_pylist()
    [{'left_id': '1', 'right_id': '3'}]
    """
    return link(_sharing_codes(_filled(table)), threads=threads, memory_limit=memory_limit)


def _sharing_codes(table: pa.Table) -> pa.Table:
    """The rows that another one may equal: those with a common code where all have codes of one length, else all."""
    codes = table["unit_code"]
    lengths = pc.unique(pc.utf8_length(codes)).to_pylist()
    if lengths not in ([15], [18]):
        return table
    spoken = codes if lengths == [15] else pc.utf8_slice_codeunits(codes, 8, 17)  # the organization code within
    counts = pc.value_counts(spoken)
    often = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    return table.filter(pc.is_in(spoken, often))


def find(
    names: pa.Table,
    units: pa.Table,
    *,
    also: Mapping[str, str] | None = None,
    threads: int | None = None,
    memory_limit: str = "2GB",
) -> pa.Table:
    """The unit that each written employer means, by code, full name, name without form, or short name in its county.

    `names` has rec_id, name, code, place; `units` the columns of `columns.UNIT`. Gives `columns.PAIRS` with the name's
    `rec_id` as `left_id`: at most one "match" for each name, else up to `MOST` to "review". `also`: rows of `units` that
    are another name of a unit, with the row of that unit.

    >>> said = pa.table({"rec_id": ["m1"], "name": ["鑫源商贸"], "code": [None], "place": ["421303"]})
    >>> known = pa.table({"rec_id": ["u1"], "name": ["随州市鑫源商贸有限公司"], "place": ["421303001"]})
    >>> find(said, known).select(["left_id", "right_id", "decision"]).to_pylist()
    [{'left_id': 'm1', 'right_id': 'u1', 'decision': 'match'}]
    """
    asked = names.rename_columns(["unit_code" if name == "code" else name for name in names.column_names])
    with prepare.workspace(threads, memory_limit) as con:
        told = [name for name in _FIND_COLUMNS if name in units.column_names]
        one, two = _ready(con, asked, units.select(told))
        if one is None:
            return PAIRS.empty_table()
        _pair(con, one, two, _FIND_CANDIDATES, "")
        _choose(con, also or {})
        return decide.result(con, one, two, reasons.units())


def _filled(table: pa.Table) -> pa.Table:
    """The table with all columns of `UNIT`; those that are not there are empty."""
    empty = pa.nulls(table.num_rows, pa.string())
    have = {name: table[name] if name in table.column_names else empty for name in UNIT}
    if "rec_id" not in table.column_names or "name" not in table.column_names:
        raise ValueError("缺少列：rec_id、name")
    return pa.table(have)


def _ready(con: duckdb.DuckDBPyConnection, left: pa.Table, right: pa.Table | None) -> tuple[str | None, str]:
    """Cleaned tables in the database, names too common to pair by left out of the keys; None when one is empty."""
    tables = [("a", left)] if right is None else [("a", left), ("b", right)]
    if any(table.num_rows == 0 for _, table in tables):
        return None, "a"
    first = 0
    for name, table in tables:
        con.register("cleaned", prepare.units(_filled(table), first))
        con.execute(f"CREATE TABLE {name}_0 AS SELECT * FROM cleaned")
        con.unregister("cleaned")
        first += table.num_rows
    for key in ("whole", "core"):
        rows = " UNION ALL ".join(
            f"SELECT {key}, county, {n} AS side FROM {name}_0" for n, (name, _) in enumerate(tables)
        )
        pairs = (
            "count(*) * count(*) / 2" if right is None else "count(*) FILTER (side = 0) * count(*) FILTER (side = 1)"
        )
        con.execute(
            f"CREATE TABLE hot_{key} AS SELECT {key}, county FROM ({rows}) WHERE {key} IS NOT NULL "
            f"GROUP BY {key}, county HAVING {pairs} > {_HOT_PAIRS}"
        )
    for name, _ in tables:
        con.execute(
            f"CREATE TABLE {name} AS SELECT t.*, CASE WHEN f.whole IS NULL THEN t.whole END AS whole_key, "
            f"CASE WHEN c.core IS NULL THEN t.core END AS core_key FROM {name}_0 t "
            "LEFT JOIN hot_whole f ON t.whole = f.whole AND t.county IS NOT DISTINCT FROM f.county "
            "LEFT JOIN hot_core c ON t.core = c.core AND t.county IS NOT DISTINCT FROM c.county"
        )
        con.execute(f"DROP TABLE {name}_0")
    return "a", "a" if right is None else "b"


def _pair(con: duckdb.DuckDBPyConnection, left: str, right: str, rules: tuple[str, ...], order: str) -> None:
    """Table `pairs` of the candidates with what their weight needs."""
    joins = " UNION ".join(
        f"SELECT l.uid AS uid_l, r.uid AS uid_r FROM {left} l JOIN {right} r ON {rule} {order}" for rule in rules
    )
    weight = when.WEIGHT if rules is _CANDIDATES else when.FIND_WEIGHT
    con.execute(
        f"CREATE TABLE pairs AS SELECT p.uid_l, p.uid_r, {weight} AS weight, {when.CODES_SPEAK} AS sure, "
        f"coalesce({when.CORE_SAME}, false) AS core_same, coalesce({when.FULL_SAME}, false) AS full_same, "
        f"{when.CODES_DIFFER} AS codes_differ, length(l.core) AS size "
        f"FROM ({joins}) p JOIN {left} l ON l.uid = p.uid_l JOIN {right} r ON r.uid = p.uid_r"
    )


def _band(con: duckdb.DuckDBPyConnection, left: str, right: str) -> None:
    """Table `banded`: what is joined, what a person sees; the rest is let go."""
    nameless = f"{when.NO_NAME} AND {when.SAME_PLACE} AND (coalesce({when.OWNER_ID_SAME}, false) OR coalesce(l.owner = r.owner AND l.phone = r.phone, false))"
    con.execute(
        f"CREATE TABLE banded AS SELECT p.uid_l, p.uid_r, p.weight, p.sure, "
        f"p.sure OR (NOT p.codes_differ AND ((p.weight >= {LINK} AND p.core_same) OR ({nameless}))) AS linked "
        f"FROM pairs p JOIN {left} l ON l.uid = p.uid_l JOIN {right} r ON r.uid = p.uid_r "
        f"WHERE p.sure OR ({nameless}) OR (p.weight >= {FLOOR} AND (p.core_same OR {when.FURTHER}) "
        f"AND (NOT p.codes_differ OR (p.core_same AND {when.SAME_OWNER})))"
    )


def _choose(con: duckdb.DuckDBPyConnection, also: Mapping[str, str]) -> None:
    """Table `decided`: the one unit far enough ahead of all others, else the best few for a person."""
    text = pa.string()
    con.register("also", pa.table({"rec_id": pa.array(list(also), text), "unit": pa.array(list(also.values()), text)}))
    con.execute(  # a unit of several names stands once, by the name that speaks most for it
        "CREATE TABLE units AS SELECT p.* FROM pairs p JOIN b ON b.uid = p.uid_r LEFT JOIN also USING (rec_id) QUALIFY "
        "row_number() OVER (PARTITION BY uid_l, coalesce(also.unit, b.rec_id) ORDER BY weight DESC, uid_r) = 1"
        if also
        else "CREATE VIEW units AS FROM pairs"
    )
    con.execute(
        "CREATE TABLE decided AS WITH ranked AS (SELECT *, "
        "lead(weight, 1, -99) OVER best AS next, row_number() OVER best AS place FROM units "
        f"WHERE sure OR (weight >= {FLOOR} AND NOT codes_differ) "
        "WINDOW best AS (PARTITION BY uid_l ORDER BY weight DESC, uid_r)) "
        "SELECT uid_l, uid_r, weight, false AS rival, "
        "CASE WHEN place = 1 AND weight > next AND "
        "(sure OR (core_same AND weight >= 2) OR (size >= 3 AND weight >= 1)) THEN 'match' ELSE 'review' END AS decision "
        f"FROM ranked WHERE place <= {MOST} "
        "QUALIFY decision = 'match' OR NOT bool_or(decision = 'match') OVER (PARTITION BY uid_l)"
    )
