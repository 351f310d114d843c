"""Many records in the last hours before they were due: more than the collector's ordinary day, and than the others'."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
from scipy import stats

from dishu.engine.flags.answers import collectors, moments
from dishu.engine.flags.model import Asked, Look
from dishu.engine.flags.peers import DAY

_MONTH: Final = 30 * DAY


def burst(visits: pa.Table, asked: Asked) -> list[Look]:
    """Records started in the last `limit` hours before the deadline, by the Poisson tail.

    Expected: the larger of the collector's mean per working day of the month before, and the others' mean in the same
    hours (everybody hurries a little); at least 1. `least`: records of the collector in the month.
    """
    names, who = collectors(visits)
    assert asked.case.deadline is not None  # declared as needed
    due = np.datetime64(asked.case.deadline).astype("datetime64[us]").astype(np.int64) / 1e6
    start = moments(visits, "started_at")
    last = (start > due - asked.limit * 3600) & (start <= due)
    before = (start > due - _MONTH) & ~last & (start <= due)
    k, earlier = (np.bincount(who[part], minlength=len(names)) for part in (last, before))
    days = _days(who, start, before, len(names))
    taking_part = np.flatnonzero(k + earlier > 0)
    looks = []
    for one in taking_part[(k + earlier)[taking_part] >= asked.least]:
        others = taking_part[taking_part != one]
        if not days[one] and not len(others):
            continue
        usual = max(1.0, earlier[one] / max(days[one], 1), float(k[others].mean()) if len(others) else 0.0)
        p = float(stats.poisson.sf(k[one] - 1, usual))
        said = {"k": int(k[one]), "n": int(k[one] + earlier[one]), "usual": usual, "hours": asked.limit}
        looks.append(Look(names[one], p, float(k[one] / usual), said))
    return looks


def _days(who: Any, start: Any, part: Any, people: int) -> Any:
    """On how many days each collector worked."""
    pairs = np.unique(np.stack([who[part], start[part] // DAY]), axis=1)[0].astype(int)
    return np.bincount(pairs, minlength=people)
