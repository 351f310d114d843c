"""The yes-or-no answers about counts, from the same definitions as the lists of rows: asked once for equal counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

import ibis
import numpy as np
import pyarrow as pa

from dishu.engine import small
from dishu.engine.facts import Table, View
from dishu.engine.moments import ORG_OWN, TIE_FLAGS
from dishu.engine.profile import pack, unpack
from dishu.engine.state import COUNTS, org_answers, tie_answers
from dishu.engine.tally import used
from dishu.standards import law

Array = Any
EPOCH = date(1970, 1, 1)
#: Rules whose change by law changes an answer without any count changing.
STEPPED = ("branch_min_full_members", "at_risk_margin")
#: Bits of a count of people, which answers only compare with the small numbers of these rules; more counts as 63.
PEOPLE = 6
#: What is counted of a unit, and its bits: people, the rank of its own organization, and what only is or is not.
TIES = dict.fromkeys(COUNTS, 1) | {"own_rank": 2, "several": 1} | dict.fromkeys(
    ("members", "full_present", "full", "members_here", "unclear"), PEOPLE
)  # fmt: skip
ORGS = {"own": 5, "members": PEOPLE, "full": PEOPLE, "units": PEOPLE, "under_plan": 1, "of_enterprises": 1}
ORG_COLUMNS = {
    "kind": "string", "sector": "boolean", "members": "int64", "full": "int64", "units": "int64", "under_plan": "boolean",
    "of_enterprises": "boolean",
}  # fmt: skip
#: Equal counts by kind of subject, rising, and the profile of each. Replaced whole, so that many threads may read.
_known: dict[str, tuple[Array, Array]] = {}


def of_ties(day: Array, counts: Mapping[str, Array]) -> Array:
    """The profile of `TIE_FLAGS` for each row of counts, on its day (since 1970). `counts`: those of `TIES`.

    `several`: whether the members have several superiors.
    """
    return _answered("unit", day, counts, TIES, _ties)


def of_orgs(day: Array, own: Array, counts: Mapping[str, Array]) -> Array:
    """The profile of each organization; `own`: the packed `ORG_OWN`, counts: the rest of `ORGS`."""
    return _answered("org", day, {"own": own, **counts}, ORGS, _orgs)


def _answered(
    kind: str,
    day: Array,
    counts: Mapping[str, Array],
    bits: Mapping[str, int],
    ask: Callable[[Array, dict[str, Array]], Array],
) -> Array:
    """Rows as words, of which there are few different ones; only words never met before are asked about."""
    word: Array = np.searchsorted(borders(), day, side="right").astype(np.int64)
    for name, wide in bits.items():
        word = word << wide | np.minimum(counts[name], 2**wide - 1)
    rows = pa.array(word).dictionary_encode()
    met = rows.dictionary.to_numpy()
    words, profiles = _known.get(kind, (np.zeros(0, np.int64), np.zeros(0, np.int64)))
    new = np.setdiff1d(met, words)
    if len(new):
        words, profiles = np.append(words, new), np.append(profiles, ask(*_unpacked(new, bits)))
        order = np.argsort(words)
        words, profiles = _known[kind] = words[order], profiles[order]
    return profiles[np.searchsorted(words, met)][rows.indices.to_numpy()]


def _unpacked(word: Array, bits: Mapping[str, int]) -> tuple[Array, dict[str, Array]]:
    """A day with the rules of each word, and its counts."""
    counts = {}
    for name, wide in reversed(list(bits.items())):
        counts[name], word = word & (2**wide - 1), word >> wide
    known = borders()
    return np.append(known[:1] - 1, known)[word] if len(known) else word, counts


@cache
def borders() -> Array:
    """The days (since 1970) on which one of the `STEPPED` rules changed."""
    days = {(step.since - EPOCH).days for name in STEPPED for step in law.steps(name)[1:]}
    return np.array(sorted(days), dtype=np.int64)


def _ties(day: Array, counts: dict[str, Array]) -> Array:
    several = counts.pop("several")
    return _asked(_of_ties(), day, counts | {"first": np.zeros(len(several), dtype=np.int64), "last": several})


def _orgs(day: Array, counts: dict[str, Array]) -> Array:
    known = unpack(counts.pop("own"), "org", ORG_OWN)
    plainly = {name: column > 0 if ORG_COLUMNS[name] == "boolean" else column for name, column in counts.items()}
    return _asked(_of_orgs(), day, {name: known[name] for name in ORG_OWN} | plainly)


def _asked(question: str, day: Array, columns: Mapping[str, Any]) -> Array:
    days = pa.array(day.astype(np.int32)).cast(pa.date32())
    return small.asked(question, counts=pa.table({**columns, "day": days}))["profile"].to_numpy()


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
