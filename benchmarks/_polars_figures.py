"""The six 100 %, coverage and affiliation once more as a Polars program, as somebody would write it who has only Polars.

For every place of the tree: total, held, failed, unknown, verified; from the same Parquet files, streaming.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

SECTOR = ["enterprise", "association", "market"]
LOOKED = ["phoned", "visited", "confirmed"]
#: code -> (who is among them, who passes; null = unknown)
UNIT = {
    "base_known": (pl.lit(True), pl.col("surveyed") == "known"),
    "single_formed": (pl.col("full") >= 3, pl.col("single")),
    "joint_formed": ((pl.col("members") > 0) & (pl.col("full") < 3), pl.col("formed")),
    "work_covered": (
        pl.lit(True),
        pl.when(pl.col("formed") | pl.col("functional") | pl.col("guided") | pl.col("worked")).then(True)
        .when(pl.col("surveyed").is_null()).then(None).otherwise(False),
    ),
    "org_coverage": (pl.lit(True), pl.col("formed")),
}  # fmt: skip
KNOWN = pl.col("affiliation").is_in(["here", "territory", "origin"])
UNSEEN = pl.col("affiliation") == "unknown"
ELSEWHERE = pl.col("affiliation").is_in(["territory", "origin"])
MEMBER = {
    "identity_shown": (pl.lit(True), pl.col("shown")),
    "affiliation_held": (pl.lit(True), pl.when(KNOWN).then(True).when(UNSEEN).then(None).otherwise(False)),
    "affiliation_clear": (
        pl.lit(True),
        pl.when(UNSEEN).then(None).otherwise((pl.col("affiliation") == "here") | (ELSEWHERE & pl.col("participates"))),
    ),
}


def figures(folder: Path, day: date) -> pl.DataFrame:
    """Columns: place, and for each code `code_total`, `code_held`, `code_failed`, `code_unknown`, `code_verified`."""
    members = _members(folder, day)
    units = _units(folder, day, members)
    by_unit, by_member = pl.collect_all([_summed(units, UNIT), _summed(members, MEMBER)], engine="streaming")
    leaves = by_unit.join(by_member, on="place", how="full", coalesce=True).fill_null(0)
    return leaves.join(_above(folder, day), on="place").drop("place").rename({"node": "place"}).group_by("place").sum()


def _scan(folder: Path, name: str) -> pl.LazyFrame:
    return pl.scan_parquet(folder / "facts" / name / "*.parquet")


def _on(folder: Path, name: str, day: date) -> pl.LazyFrame:
    until = pl.col("until")
    return (
        _scan(folder, name).filter((pl.col("since") <= day) & (until.is_null() | (until > day))).drop("since", "until")
    )


def _verified(day: date) -> pl.Expr:
    on = pl.col("verified_on")
    return (pl.col("channel").is_in(LOOKED) & (on <= day) & (on.dt.offset_by("12mo") > day)).fill_null(False)


def _members(folder: Path, day: date) -> pl.LazyFrame:
    org = _on(folder, "org", day).select("org", "system")
    claims = _on(folder, "affiliation", day).join(org, on="org", how="left").group_by("member")
    claims = claims.agg(claims=pl.col("org").n_unique(), system=pl.col("system").min())
    jobs = _on(folder, "employment", day).group_by("member").agg(pl.col("unit").min())
    shown = _on(folder, "identity", day).group_by("member").agg(pl.col("shown").max())
    takes_part = _on(folder, "participation", day).select("member").unique().with_columns(participates=pl.lit(True))
    at_work = _on(folder, "unit", day).select("unit", work_place="place")
    members = _on(folder, "member", day).with_columns(verified=_verified(day), full=pl.col("standing") == "full")
    for other in (jobs, claims, shown, takes_part):
        members = members.join(other, on="member", how="left")
    members = members.join(at_work, on="unit", how="left")
    where = (
        pl.when(pl.col("claims").is_null()).then(pl.lit("unknown"))
        .when(pl.col("claims") > 1).then(pl.lit("contradicting"))
        .when(pl.col("system").is_null()).then(pl.lit("unlisted"))
        .when(pl.col("system").is_in(SECTOR)).then(pl.lit("here")).otherwise(pl.col("system"))
    )  # fmt: skip
    place = pl.coalesce("work_place", "place")
    return members.with_columns(affiliation=where, place=place, participates=pl.col("participates").fill_null(False))


def _units(folder: Path, day: date, members: pl.LazyFrame) -> pl.LazyFrame:
    people = members.filter(pl.col("unit").is_not_null()).group_by("unit")
    people = people.agg(members=pl.len(), full=(pl.col("full") & (pl.col("affiliation") == "here")).sum())
    mode = pl.col("mode")
    cover = _on(folder, "coverage", day).group_by("unit")
    cover = cover.agg(
        single=(mode == "single").any(), formed=(mode != "functional").any(), functional=(mode == "functional").any()
    )
    guided = _on(folder, "instructor", day).select("unit").unique().with_columns(guided=pl.lit(True))
    lately = (pl.col("since") <= day) & (pl.col("since").dt.offset_by("12mo") > day)
    worked = _scan(folder, "work").filter(lately).select("unit").unique().with_columns(worked=pl.lit(True))
    units = _on(folder, "unit", day).select("unit", "place", "surveyed", verified=_verified(day))
    for other in (people, cover, guided, worked):
        units = units.join(other, on="unit", how="left")
    no = {name: pl.col(name).fill_null(False) for name in ("single", "formed", "functional", "guided", "worked")}
    return units.with_columns(**no, members=pl.col("members").fill_null(0), full=pl.col("full").fill_null(0))


def _summed(rows: pl.LazyFrame, questions: dict) -> pl.LazyFrame:
    sums = {}
    for code, (among, holds) in questions.items():
        sums[f"{code}_total"] = among.sum() if code in ("single_formed", "joint_formed") else pl.len()
        sums[f"{code}_held"] = (among & holds.fill_null(False)).sum()
        sums[f"{code}_failed"] = (among & ~holds.fill_null(True)).sum()
        sums[f"{code}_unknown"] = (among & holds.is_null()).sum()
        sums[f"{code}_verified"] = (among & pl.col("verified")).sum()
    return rows.group_by("place").agg(**sums)


def _above(folder: Path, day: date) -> pl.DataFrame:
    """Each place of any time with itself and all places above it on the day: place, node."""
    known = _scan(folder, "place").collect().sort("since").unique("place", keep="last")
    lies_in = pl.when(pl.col("until") <= day).then("successor").otherwise("place")
    step = known.select("place", node=lies_in)
    parent = dict(known.select("place", "parent").iter_rows())
    found = [step]
    while step.height:
        step = step.with_columns(node=pl.col("node").replace_strict(parent, return_dtype=pl.String)).drop_nulls()
        found.append(step)
    return pl.concat(found)
