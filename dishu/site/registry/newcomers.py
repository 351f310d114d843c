"""Units a roster names for the first time, in one row each: judged all at once, as `said.judged` judges one by one.

Most rows of a first roster are such; a million of them take seconds instead of minutes.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from dishu.engine.baseline.units import GONE, PUBLIC, industry_of
from dishu.site.registry.changed import TABLES

_FACTS = """CREATE TABLE one AS
    SELECT *, alive AND surveyed IS NOT NULL AND looked > start AND NOT coalesce(looked >= ends, false) AS twice
    FROM (SELECT *, coalesce(ends > start, true) AS alive, coalesce(surveyed_on, start) AS looked FROM (
        SELECT r.* EXCLUDE (industry), i.meant AS industry, coalesce(source_sheet, '') AS sheet, source_row AS "row",
            upload AS upload_id, coalesce(opened_on, least(day, surveyed_on, work_on)) AS start,
            coalesce(closed_on, CASE WHEN list_contains($gone, status) THEN day END) AS ends
        FROM r LEFT JOIN i ON i.written = r.industry))"""
_SAYS = """place, control, industry, employees, assets, turnover, owner_is_member AS legal_rep_member,
    owner_is_secretary AS legal_rep_secretary"""
_VERIFIED = "CASE WHEN coalesce(channel, '') <> '' THEN looked END AS verified_on, channel"
_SOURCE = 'upload_id, sheet, "row"'
#: Before a survey nothing was known of what it found.
_STATES = f"""
    SELECT subject, start AS since, looked AS until, {_SAYS}, NULL AS surveyed, NULL AS verified_on, NULL AS channel,
        {_SOURCE} FROM one WHERE twice
    UNION ALL
    SELECT subject, CASE WHEN twice THEN looked ELSE start END AS since, ends AS until, {_SAYS}, surveyed, {_VERIFIED},
        {_SOURCE} FROM one WHERE alive
    ORDER BY subject DESC, since"""
_COUNTED = "NOT coalesce(list_contains($public, control), false)"
_POSTS = f"""SELECT subject, instructor AS name, coalesce(instructor_since, start) AS since, NULL AS until, {_SOURCE}
    FROM one WHERE coalesce(instructor, '') <> '' AND {_COUNTED} ORDER BY subject DESC"""
_WORK = f'SELECT subject, work_on AS "on" FROM one WHERE work_on IS NOT NULL AND {_COUNTED} ORDER BY subject DESC'
_PREVIEW = """SELECT subject, CASE WHEN subject IN (FROM d) THEN 'doubtful' ELSE 'new' END AS outcome,
    name, unit_code AS code, address, kind, place, opened_on, CASE WHEN alive THEN ends ELSE closed_on END AS closed_on,
    []::VARCHAR[] AS changes, CASE WHEN alive THEN sheet ELSE '' END AS sheet, CASE WHEN alive THEN "row" END AS "row"
    FROM one ORDER BY subject DESC"""


def split(rows: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The rows of newcomers of whom one row speaks, and all other rows."""
    counts = pc.value_counts(rows["subject"])
    once = counts.field("values").filter(pc.equal(counts.field("counts"), 1))
    new = pc.and_(pc.less(rows["subject"], 0), pc.is_in(rows["subject"], once))
    return rows.filter(new), rows.filter(pc.invert(new))


def judged(rows: pa.Table, doubts: set[int]) -> dict[str, pa.Table]:
    """What becomes of these newcomers: the tables of `changed.TABLES` that have rows."""
    link = duckdb.connect()
    link.register("r", rows)
    written = pc.unique(rows["industry"]).drop_null()
    meant = pa.array([industry_of(text) for text in written.to_pylist()], pa.string())
    link.register("i", pa.table({"written": written, "meant": meant}))
    link.register("d", pa.table({"subject": pa.array(sorted(doubts), pa.int64())}))
    link.execute(_FACTS, {"gone": list(GONE)})
    public = {"public": list(PUBLIC)}
    asked = {
        "preview": (_PREVIEW, {}),
        "states_come": (_STATES, {}),
        "posts_come": (_POSTS, public),
        "work_come": (_WORK, public),
    }
    return {
        name: link.execute(query, words).to_arrow_table().cast(TABLES[name]) for name, (query, words) in asked.items()
    }
