"""The six 100 %, coverage and affiliation once more as a pandas program, as somebody would write it who has only pandas.

For every place of the tree: total, held, failed, unknown, verified; from the same Parquet files. Only the columns and
the rows of the day are read, words as categories and dates as NumPy's: quicker here than rows of Arrow.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc

SECTOR = ["enterprise", "association", "market"]
LOOKED = ["phoned", "visited", "confirmed"]
YEAR = pd.DateOffset(months=12)


def figures(folder: Path, day: date) -> pd.DataFrame:
    """By place, and for each code `code_total`, `code_held`, `code_failed`, `code_unknown`, `code_verified`."""
    units = _on(folder, "unit", day, "unit place surveyed verified_on channel", "place surveyed channel")
    members = _members(folder, day, units)
    units = _units(folder, day, units, members)
    leaves = pd.concat([_of_units(units), _of_members(members)], axis=1).fillna(0).astype("int64")
    return _above(folder, day).join(leaves, on="place", how="inner").drop(columns="place").groupby("node").sum()


def _read(folder: Path, name: str, columns: str, rows: pc.Expression | None = None, words: str = "") -> pd.DataFrame:
    dates = {"date_as_object": False}
    return pd.read_parquet(
        folder / "facts" / name, columns=columns.split(), filters=rows, read_dictionary=words.split(), to_pandas_kwargs=dates
    )  # fmt: skip


def _on(folder: Path, name: str, day: date, columns: str, words: str = "") -> pd.DataFrame:
    until = pc.field("until")
    return _read(folder, name, columns, (pc.field("since") <= day) & (until.is_null() | (until > day)), words)


def _verified(rows: pd.DataFrame, day: date) -> pd.Series:
    on, now = rows["verified_on"], pd.Timestamp(day)
    return rows["channel"].isin(LOOKED) & (on <= now) & (on + YEAR > now)


def _members(folder: Path, day: date, units: pd.DataFrame) -> pd.DataFrame:
    system = _on(folder, "org", day, "org system").set_index("org")["system"]
    claims = _on(folder, "affiliation", day, "member org")
    claims = claims.assign(system=claims["org"].map(system)).groupby("member")
    found = pd.DataFrame({"claims": claims["org"].nunique(), "system": claims["system"].first()})
    unit = _on(folder, "employment", day, "member unit").groupby("member")["unit"].min()
    shown = _on(folder, "identity", day, "member shown").groupby("member")["shown"].max()
    members = _on(folder, "member", day, "member place standing verified_on channel", "standing channel")
    members = members.join(found, on="member").join(unit, on="member").join(shown, on="member")
    at_work = units[units["unit"].isin(unit)].set_index("unit")["place"].astype("str")
    where = members["system"].mask(members["system"].isin(SECTOR), "here").fillna("unlisted")
    where = where.mask(members["claims"] > 1, "contradicting").mask(members["claims"].isna(), "unknown")
    takes_part = members["member"].isin(_on(folder, "participation", day, "member")["member"])
    return members.assign(
        where=where, place=members["unit"].map(at_work).astype("str").fillna(members["place"]), takes_part=takes_part,
        verified=_verified(members, day), full=(members["standing"] == "full") & (where == "here"),
    )  # fmt: skip


def _units(folder: Path, day: date, units: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    cover = _on(folder, "coverage", day, "unit mode")
    functional = cover["mode"] == "functional"
    work = _read(folder, "work", "unit since", pc.field("since") <= day)
    sets = {
        "single": cover["unit"][cover["mode"] == "single"], "formed": cover["unit"][~functional],
        "functional": cover["unit"][functional], "guided": _on(folder, "instructor", day, "unit")["unit"],
        "worked": work["unit"][work["since"] + YEAR > pd.Timestamp(day)],
    }  # fmt: skip
    people = members.groupby("unit")["full"].agg(["size", "sum"])
    many = {name: units["unit"].map(people[how]).fillna(0) for name, how in (("members", "size"), ("full", "sum"))}
    flags = {name: units["unit"].isin(those) for name, those in sets.items()}
    return units.assign(**flags, **many, verified=_verified(units, day))


def _of_units(units: pd.DataFrame) -> pd.DataFrame:
    single, formed, nobody = units["single"], units["formed"], units["surveyed"].isna()
    covered = formed | units["functional"] | units["guided"] | units["worked"]
    many, some = units["full"] >= 3, (units["members"] > 0) & (units["full"] < 3)
    return _summed(units, {
        "base_known": (None, units["surveyed"] == "known", nobody), "single_formed": (many, single, None),
        "joint_formed": (some, formed, None), "work_covered": (None, covered, nobody & ~covered),
        "org_coverage": (None, formed, None),
    })  # fmt: skip


def _of_members(members: pd.DataFrame) -> pd.DataFrame:
    where, shown = members["where"], members["shown"]
    elsewhere, unseen = where.isin(["territory", "origin"]), where == "unknown"
    here = where == "here"
    return _summed(members, {
        "identity_shown": (None, shown == True, shown.isna()),  # noqa: E712  (null is neither)
        "affiliation_held": (None, here | elsewhere, unseen),
        "affiliation_clear": (None, here | (elsewhere & members["takes_part"]), unseen),
    })  # fmt: skip


def _summed(rows: pd.DataFrame, questions: dict) -> pd.DataFrame:
    """Each question: who is among them, who passes, of whom nobody knows; None: all, or none."""
    all_of_them, sums = pd.Series(True, index=rows.index), {}
    for code, (among, held, unknown) in questions.items():
        among, unknown = all_of_them if among is None else among, ~all_of_them if unknown is None else unknown
        sums[f"{code}_total"], sums[f"{code}_held"], sums[f"{code}_unknown"] = among, among & held, among & unknown
        sums[f"{code}_verified"] = among & rows["verified"]
    found = pd.DataFrame(sums).groupby(rows["place"].astype("category"), observed=True).sum()
    return found.assign(**{
        f"{code}_failed": found[f"{code}_total"] - found[f"{code}_held"] - found[f"{code}_unknown"] for code in questions
    })  # fmt: skip


def _above(folder: Path, day: date) -> pd.DataFrame:
    """Each place of any time with itself and all places above it on the day: place, node."""
    known = _read(folder, "place", "place parent successor since until").sort_values("since")
    known = known.drop_duplicates("place", keep="last").set_index("place")
    node = known["successor"].where(known["until"] <= pd.Timestamp(day), known.index.to_series())
    found = []
    while len(node):
        found.append(node)
        node = node.map(known["parent"]).dropna()
    return pd.concat(found).rename("node").reset_index()
