"""All yes-or-no answers about a subject in one number, so that millions of rows become a few thousand profiles.

Counting per (place, profile) is one pass over the rows; every indicator, also one invented tomorrow on the same
flags, is then a sum over profiles.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from dishu.engine.facts import Column, Table

Flags = tuple[str, ...] | None  # None: all
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
        "surveyed": ("known", "unclear", None), "verified": BOOL, "condition_known": BOOL,
        "own": ("none", "branch", "general_branch", "committee"), "in_joint": BOOL, "is_attached": BOOL,
        "in_functional": BOOL, "covered": BOOL, "instructed": BOOL, "in_plan": BOOL, "is_newcomer": BOOL,
        "reached": BOOL, "with_members": BOOL, "three_members": BOOL, "qualified": BOOL, "qualified_present": BOOL,
        "all_clear": BOOL, "several_members": BOOL, "split": BOOL,
    },
    "member": {
        "kind": (*KINDS, None), "above_size": BOOL, "full": BOOL, "affiliation": AFFILIATIONS, "shown": MAYBE,
        "participates": BOOL, "verified": BOOL,
    },
    "org": {
        "kind": (*ORG_KINDS, None), "sector": BOOL, "branch": BOOL, "joint": BOOL, "under_plan": BOOL,
        "of_enterprises": BOOL,
        "at_risk": BOOL, "below_minimum": BOOL, "verified": BOOL,
    },
    "instructor": {"verified": BOOL, "at_enterprises": BOOL},
}  # fmt: skip

#: What may be added up besides the number of subjects.
WEIGHTS: dict[str, tuple[str, ...]] = {
    "unit": ("employees", "assets", "turnover", "members", "members_employed"),
    "member": (),
    "org": ("members", "units"),
    "instructor": ("units",),
}


def pack(state: Table, subject: str, flags: Flags = None) -> Column:
    """One int64 per row of a state table that holds all its flags, or those named.

    >>> import ibis
    >>> t = ibis.memtable({"verified": [False, True]}, schema={"verified": "boolean"})
    >>> t.select(p=pack(t, "instructor", ("verified",))).order_by("p").to_pyarrow()["p"].to_pylist()
    [0, 1]
    """
    total, radix = ibis.literal(0, "int64"), 1
    for flag, answers in _asked(subject, flags):
        total = total + code(state[flag], answers) * ibis.literal(radix, "int64")
        radix *= len(answers)
    return total


def packed(answers: Mapping[str, Any], subject: str) -> int:
    """The number of one profile.

    >>> packed({"verified": True}, "instructor")
    1
    """
    total, radix = 0, 1
    for flag, possible in _asked(subject, tuple(answers)):
        total += possible.index(answers[flag]) * radix
        radix *= len(possible)
    return total


def coded(answers: Mapping[str, Any], subject: str, flags: Flags) -> Any:
    """Profiles from columns of numbers of answers.

    >>> coded({"verified": np.array([1, 0])}, "instructor", ("verified",)).tolist()
    [1, 0]
    """
    total, radix = np.int64(0), 1
    for flag, possible in _asked(subject, flags):
        total = total + answers[flag].astype(np.int64) * radix
        radix *= len(possible)
    return total


def digit(profiles: Any, flag: str, subject: str, flags: Flags) -> Any:
    """The number of one flag's answer in each profile.

    >>> digit(np.array([2, 1]), "at_enterprises", "instructor", None).tolist()
    [1, 0]
    """
    radix = 1
    for name, possible in _asked(subject, flags):
        if name == flag:
            return profiles // radix % len(possible)
        radix *= len(possible)
    raise LookupError(flag)


def size(flags: Flags, subject: str) -> int:
    """How many profiles there can be."""
    return prod(len(possible) for _, possible in _asked(subject, flags))


def _asked(subject: str, flags: Flags) -> list[tuple[str, tuple[Any, ...]]]:
    """The flags named, in the order in which they are packed."""
    return [(flag, possible) for flag, possible in FLAGS[subject].items() if flags is None or flag in flags]


def code(column: Column, answers: tuple[Any, ...]) -> Column:
    """The number of an answer among those possible; the last for any other."""
    if answers == BOOL:
        return column.cast("int64")
    known = [(column == answer, ibis.literal(i, "int64")) for i, answer in enumerate(answers) if answer is not None]
    return ibis.cases(*known, else_=len(answers) - 1)


def unpack(profiles: np.ndarray[Any, Any], subject: str, flags: Flags = None) -> pa.Table:
    """The flags of each profile, one row each, with the profile in column `profile`.

    >>> unpack(np.array([1]), "instructor").to_pylist()
    [{'profile': 1, 'verified': True, 'at_enterprises': False}]
    """
    rest: Any = profiles.astype("int64")
    columns: dict[str, Any] = {"profile": pa.array(rest)}
    for flag, answers in _asked(subject, flags):
        codes, rest = rest % len(answers), rest // len(answers)
        columns[flag] = pa.array(answers, type=_type(answers)).take(pa.array(codes))
    return pa.table(columns)


def _type(answers: tuple[Any, ...]) -> pa.DataType:
    return pa.bool_() if answers in (BOOL, MAYBE) else pa.string()


def counted(state: Table, subject: str) -> Table:
    """Rows counted by place and profile; weights added up. `state`: place, profile and each of `WEIGHTS[subject]`.

    Columns: place, profile, n, and the weights.
    """
    sums = {name: state[name].sum() for name in WEIGHTS[subject]}
    return state.group_by(["place", "profile"]).agg(n=state.count(), **sums)
