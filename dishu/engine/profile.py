"""All yes-or-no answers about a subject in one number, so that millions of rows become a few thousand profiles.

Counting per (place, profile) is one pass over the rows; every indicator, also one invented tomorrow on the same
flags, is then a sum over profiles.
"""

from __future__ import annotations

from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from dishu.engine.facts import Column, Table

BOOL = (False, True)
MAYBE = (False, True, None)
KINDS = ("enterprise", "individual_business", "market")
CONTROLS = (
    "private", "private_sole", "hmt_invested", "foreign_invested", "hmt", "hmt_sole", "foreign", "foreign_sole",
)  # fmt: skip
ORG_KINDS = (
    "branch", "joint_branch", "general_branch", "committee", "temporary_branch", "functional_branch", "mobile_branch",
)  # fmt: skip
AFFILIATIONS = ("here", "territory", "origin", "unlisted", "contradicting", "unknown")

#: What may be asked of each subject, with all possible answers (None = not known).
FLAGS: dict[str, dict[str, tuple[Any, ...]]] = {
    "unit": {
        "kind": (*KINDS, None), "control": (*CONTROLS, None), "above_size": BOOL, "employees_50": BOOL,
        "employees_100": BOOL, "employees_known": BOOL, "legal_rep_member": MAYBE, "legal_rep_secretary": MAYBE,
        "surveyed": ("known", "unclear", None), "verified": BOOL,
        "own": ("none", "branch", "general_branch", "committee"), "in_joint": BOOL, "is_attached": BOOL,
        "in_functional": BOOL, "covered": BOOL, "instructed": BOOL, "in_plan": BOOL, "is_newcomer": BOOL,
        "reached": BOOL, "with_members": BOOL, "three_members": BOOL, "qualified": BOOL, "qualified_present": BOOL,
        "condition_known": BOOL, "all_clear": BOOL, "several_members": BOOL, "split": BOOL,
    },
    "member": {
        "kind": (*KINDS, None), "above_size": BOOL, "full": BOOL, "affiliation": AFFILIATIONS, "shown": MAYBE,
        "participates": BOOL, "verified": BOOL,
    },
    "org": {
        "kind": (*ORG_KINDS, None), "sector": BOOL, "branch": BOOL, "joint": BOOL, "under_plan": BOOL,
        "at_risk": BOOL, "below_minimum": BOOL, "verified": BOOL,
    },
    "instructor": {"verified": BOOL},
}  # fmt: skip

#: What may be added up besides the number of subjects.
WEIGHTS: dict[str, tuple[str, ...]] = {
    "unit": ("employees", "assets", "turnover", "members", "members_employed"),
    "member": (),
    "org": ("members", "units"),
    "instructor": ("units",),
}


def pack(state: Table, subject: str) -> Column:
    """One int64 per row of a state table that holds all its flags.

    >>> import ibis
    >>> t = ibis.memtable({"verified": [False, True]}, schema={"verified": "boolean"})
    >>> t.select(p=pack(t, "instructor")).order_by("p").to_pyarrow()["p"].to_pylist()
    [0, 1]
    """
    total, radix = ibis.literal(0, "int64"), 1
    for flag, answers in FLAGS[subject].items():
        total = total + _code(state[flag], answers) * ibis.literal(radix, "int64")
        radix *= len(answers)
    return total


def _code(column: Column, answers: tuple[Any, ...]) -> Column:
    if answers == BOOL:
        return column.cast("int64")
    known = [(column == answer, ibis.literal(i, "int64")) for i, answer in enumerate(answers) if answer is not None]
    return ibis.cases(*known, else_=len(answers) - 1)


def unpack(profiles: np.ndarray[Any, Any], subject: str) -> pa.Table:
    """The flags of each profile, one row each, with the profile in column `profile`.

    >>> unpack(np.array([1]), "instructor").to_pylist()
    [{'profile': 1, 'verified': True}]
    """
    rest: Any = profiles.astype("int64")
    columns: dict[str, Any] = {"profile": pa.array(rest)}
    for flag, answers in FLAGS[subject].items():
        codes, rest = rest % len(answers), rest // len(answers)
        columns[flag] = pa.array(answers, type=_type(answers)).take(pa.array(codes))
    return pa.table(columns)


def _type(answers: tuple[Any, ...]) -> pa.DataType:
    return pa.bool_() if answers in (BOOL, MAYBE) else pa.string()


def counted(state: Table, subject: str, *by: str) -> Table:
    """Rows of a state table counted by place, profile and what else is named; weights added up.

    Columns: place, *by, profile, n, and each of `WEIGHTS[subject]`.
    """
    state = state.mutate(profile=pack(state, subject))
    sums = {name: state[name].sum().cast("int64") for name in WEIGHTS[subject]}
    return state.group_by(["place", *by, "profile"]).agg(n=state.count(), **sums)
