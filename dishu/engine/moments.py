"""What a member or an instructor is at a moment: the rows that hold then, put together as whole columns.

One day is a moment of each subject; the history has one at every day on which something about the subject may have
changed. Says the same as `state.member_state` and `state.instructor_state`, which the lists of rows use.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dishu.engine.facts import Table, View
from dishu.engine.lookup import MOST, NOTHING, Finder, Moments, Rows
from dishu.engine.profile import AFFILIATIONS, FLAGS, KINDS, code, coded, digit, pack
from dishu.engine.runs import different
from dishu.engine.state import SECTOR, UNTIED, where_held
from dishu.engine.tally import used

Array = Any
UNKNOWN, UNLISTED, CONTRADICTING, HERE = (
    AFFILIATIONS.index(word) for word in ("unknown", "unlisted", "contradicting", "here")
)
#: What packs an organization's own row.
ORG_OWN = ("kind", "sector")
#: The flags of a unit that its own row answers; the others come from its ties.
OWN_FLAGS = tuple(flag for flag in used("unit") if flag not in UNTIED)
TIE_FLAGS = tuple(flag for flag in used("unit") if flag in UNTIED)


def readings(view: View) -> dict[str, Table]:
    """What moments are put together from: the columns of each table, dated (and `looked`) unless the view is of one day."""
    member, org = view.of("member"), view.of("org")
    counts = ("verified",) if "verified" in member.columns else ("seen", "stale")
    org = org.mutate(sector=org.system.isin(SECTOR), claims=1)
    tables = {
        "member": member.mutate(full=member.standing == "full").select("member", "place", "full", *counts, *view.keys),
        "org": org.select(
            "org", "place", "superior", *view.keys, held_by=code(where_held(org), AFFILIATIONS), own=pack(org, "org", ORG_OWN)
        ),
    }  # fmt: skip
    plainly = {
        "employment": ("member", "unit"), "affiliation": ("member", "org"), "identity": ("member", "shown"),
        "participation": ("member",), "instructor": ("instructor", "unit"), "coverage": ("org", "unit"),
        "formed_under_plan": ("org",), "enterprise_cover": ("org", "unit"),
    }  # fmt: skip
    return tables | {name: view.of(name).select(*names, *view.keys) for name, names in plainly.items()}


def members(at: Moments, rows: Mapping[str, Rows], units: Finder, orgs: Finder) -> dict[str, Array]:
    """For each moment: leaf (-1: no member then), profile, unit and org and superior (`NOTHING` without), full, here, unclear.

    `units`: their rows with leaf and `own`, the profile of `OWN_FLAGS`; `orgs`: with `held_by` and superior.
    """
    own, there = rows["member"], at.spread(rows["member"], "member")
    leaf, full = (_put(len(at), there, own[name], other) for name, other in (("leaf", -1), ("full", 0)))
    unit = _least(at, rows["employment"], "member", "unit")
    org, last = (_least(at, rows["affiliation"], "member", "org", end) for end in (np.minimum, np.maximum))
    of_unit, of_org = units.find(unit, at.day), orgs.find(org, at.day)
    place = _taken(units.rows, "own", of_unit, len(KINDS))  # without a unit: of no kind, not above size
    affiliation = np.select(
        [org == MOST, org != last], [UNKNOWN, CONTRADICTING], _taken(orgs.rows, "held_by", of_org, UNLISTED)
    )
    shown = _least(at, rows["identity"], "member", "shown", np.maximum)
    answers = {
        "kind": digit(place, "kind", "unit", OWN_FLAGS), "above_size": digit(place, "above_size", "unit", OWN_FLAGS),
        "full": full, "affiliation": affiliation, "shown": np.where(shown == NOTHING, FLAGS["member"]["shown"].index(None), shown),
        "participates": _any(at, rows["participation"], "member"), "verified": _verified(at, own, there),
    }  # fmt: skip
    single = org == last
    return {
        "leaf": np.where((leaf >= 0) & (of_unit >= 0), _taken(units.rows, "leaf", of_unit, -1), leaf),
        "profile": coded(answers, "member", used("member")), "unit": np.where(unit == MOST, NOTHING, unit), "full": full,
        "org": np.where(single, org, NOTHING),
        "superior": np.where(single, _taken(orgs.rows, "superior", of_org, NOTHING), NOTHING),
        "here": affiliation == HERE, "unclear": np.isin(affiliation, (UNKNOWN, CONTRADICTING, UNLISTED)),
    }  # fmt: skip


def instructors(at: Moments, rows: Mapping[str, Rows], units: Finder) -> dict[str, Array]:
    """For each moment: leaf (the lowest of the units served; -1: serves none), profile, units."""
    posts = rows["instructor"]
    moment, row = at.spread(posts, "instructor")
    unit = units.find(posts["unit"][row], None if at.day is None else at.day[moment])
    served = different(moment[unit >= 0].astype(np.int64) * max(1, len(units.rows["leaf"])) + unit[unit >= 0])
    moment, unit = np.divmod(served, max(1, len(units.rows["leaf"])))
    leaf = np.full(len(at), MOST)
    np.minimum.at(leaf, moment, units.rows["leaf"][unit])
    enterprise: Array = np.zeros(len(at), dtype=bool)
    kinds = digit(units.rows["own"][unit], "kind", "unit", OWN_FLAGS)
    enterprise[moment[kinds == KINDS.index("enterprise")]] = True
    answers = {"verified": np.ones(len(at), dtype=np.int64), "at_enterprises": enterprise}
    return {
        "leaf": np.where(leaf == MOST, -1, leaf), "profile": coded(answers, "instructor", used("instructor")),
        "units": np.bincount(moment, minlength=len(at)),
    }  # fmt: skip


def _put(many: int, there: tuple[Array, Array], column: Array, other: int) -> Array:
    """What the one row that holds says at each moment."""
    moment, row = there
    found: Array = np.full(many, other, dtype=np.int64)
    found[moment] = column[row]
    return found


def _least(at: Moments, rows: Rows, key: str, column: str, end: Any = np.minimum) -> Array:
    """The least (or greatest) of the rows that hold at each moment; `MOST` (`NOTHING`) where there is none."""
    moment, row = at.spread(rows, key)
    found = np.full(len(at), MOST if end is np.minimum else NOTHING)
    end.at(found, moment, rows[column][row].astype(np.int64))
    return found


def _any(at: Moments, rows: Rows, key: str) -> Array:
    found: Array = np.zeros(len(at), dtype=bool)
    found[at.spread(rows, key)[0]] = True
    return found


def _taken(rows: Rows, column: str, at: Array, other: int) -> Array:
    """A column's value at those rows; `other` where the row is -1."""
    found: Array = np.full(len(at), other, dtype=np.int64)
    there = np.flatnonzero(at >= 0)
    found[there] = rows[column][at[there]]
    return found


def _verified(at: Moments, own: Rows, there: tuple[Array, Array]) -> Array:
    if at.day is None:
        return _put(len(at), there, own["verified"], 0)
    moment, row = there
    day = at.day[moment]
    return _put(len(at), (moment, np.arange(len(row))), (own["seen"][row] <= day) & (day < own["stale"][row]), 0)
