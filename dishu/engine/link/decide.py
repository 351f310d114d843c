"""From weighed pairs to decisions: where a row would be joined to two different ones, a person decides."""

import duckdb
import pyarrow as pa

from dishu.engine.link import reasons
from dishu.engine.link.columns import PAIRS


def yield_to_rivals(con: duckdb.DuckDBPyConnection, left: str, right: str, *, else_: str, lead: float) -> None:
    """Make table `decided` of `banded` (uid_l, uid_r, weight, linked, sure).

    A pair that is linked but not sure goes to a person when a linked rival stands within `lead` of it and, by the
    condition `else_` over the two rivals `l` and `o`, is somebody else.
    """

    def rivals(here: str, there: str, table: str) -> str:
        return (
            f"SELECT b.uid_l, b.uid_r FROM banded b JOIN banded c ON b.{here} = c.{here} AND b.{there} <> c.{there} "
            f"JOIN {table} l ON l.uid = b.{there} JOIN {table} o ON o.uid = c.{there} "
            f"WHERE b.linked AND NOT b.sure AND c.linked AND c.weight > b.weight - {lead} AND {else_}"
        )

    both = f"{rivals('uid_r', 'uid_l', left)} UNION {rivals('uid_l', 'uid_r', right)}"
    con.execute(
        f"CREATE TABLE decided AS WITH rivals AS ({both}) "
        "SELECT b.uid_l, b.uid_r, b.weight, v.uid_l IS NOT NULL AS rival, "
        "CASE WHEN b.linked AND v.uid_l IS NULL THEN 'match' ELSE 'review' END AS decision "
        "FROM banded b LEFT JOIN rivals v ON v.uid_l = b.uid_l AND v.uid_r = b.uid_r"
    )


def result(con: duckdb.DuckDBPyConnection, left: str, right: str, why: str) -> pa.Table:
    """The pairs of `decided` as `PAIRS`, in the order of the ids; `why` is SQL for the reasons."""
    return (
        con.execute(
            "SELECT l.rec_id AS left_id, r.rec_id AS right_id, CAST(p.weight AS DOUBLE) AS weight, "
            "1 - 1 / (1 + pow(2, least(p.weight, 50))) AS probability, p.decision, "
            f"concat_ws('；', {why}, CASE WHEN p.rival THEN '{reasons.RIVAL}' END) AS reasons "
            f"FROM decided p JOIN {left} l ON l.uid = p.uid_l JOIN {right} r ON r.uid = p.uid_r ORDER BY p.uid_l, p.uid_r"
        )
        .to_arrow_table()
        .cast(PAIRS)
    )
