"""Shares and totals of one collector beside those of the others: is this one far out, even beside a brisk colleague?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pyarrow as pa
from scipy import stats

from dishu.engine.flags.answers import collectors, columns, moments, numbers
from dishu.engine.flags.model import Asked, Look

_BRISK: Final = 0.75  # of the others have at most the share a collector is compared with
DAY: Final = 86400
_TAIL: Final = 8  # degrees of freedom
_OWN: Final = 10  # records that make a collector's mean one


def shares(
    visits: pa.Table, hit: Any, judged: Any, floor: float, least: int, values: Callable[[int], dict[str, object]]
) -> list[Look]:
    """Each collector's share of records that `hit` among those `judged`, against the third quartile of the others.

    Not against their mean: collectors differ honestly, and a binomial around the mean would list the brisk ones.
    `floor` is the share (0..1) that is never remarkable; `least`: records judged; `values(place)`: more for the sentence.
    """
    names, who = collectors(visits)
    n = np.bincount(who[judged], minlength=len(names))
    k = np.bincount(who[judged & hit], minlength=len(names))
    asked = np.flatnonzero(n >= max(least, 1))
    share = k[asked] / n[asked]
    ids = np.array(visits["visit_id"].to_pylist(), dtype=object)
    looks = []
    for at, one in enumerate(asked):
        others: Any = np.delete(share, at)
        usual = max(floor, float(np.quantile(others, _BRISK)) if len(others) else 0.0)
        p = float(stats.binom.sf(k[one] - 1, n[one], usual))
        examples = tuple(ids[judged & hit & (who == one)][:5])
        said = {"n": int(n[one]), "k": int(k[one]), "share": share[at], "usual": usual, **values(int(one))}
        looks.append(Look(names[one], p, float(share[at]), said, examples))
    return looks


def outlying(visits: pa.Table, asked: Asked) -> list[Look]:
    """Totals and means of a collector far from the other collectors', by the modified z-score (Iglewicz & Hoaglin 1993).

    0.6745 (x - median) / MAD is not masked by a second outlier, as the plain z is. `limit`: on its absolute value;
    `least`: collectors. The p-value is that of the farthest measure times the measures, by Student's t with few degrees
    of freedom: collectors' totals have longer tails than a normal distribution.
    """
    names, who = collectors(visits)
    n = np.bincount(who, minlength=len(names))
    enough = np.flatnonzero(n >= _OWN)
    if len(enough) < asked.least:
        return []
    measures = {title: _modified_z(x[enough]) for title, x in _measures(visits, who, n).items()}
    titles, z = list(measures), np.stack(list(measures.values()))
    far = np.abs(z).argmax(axis=0)
    looks = []
    for at, one in enumerate(enough):
        m = float(z[far[at], at])
        p = min(1.0, float(2 * stats.t.sf(abs(m), min(_TAIL, len(enough) - 1))) * len(titles))
        said = {"measure": titles[far[at]], "m": m, "side": "高" if m > 0 else "低", "peers": len(enough) - 1}
        looks.append(Look(names[one], p, abs(m), said, met=abs(m) > asked.limit))
    return looks


def _modified_z(x: Any) -> Any:
    """The modified z-scores; 0 where half of the values are the same."""
    middle = float(np.nanmedian(x))
    mad = float(np.nanmedian(np.abs(x - middle)))
    return np.nan_to_num(0.6745 * (x - middle) / mad) if mad > 1e-12 else np.zeros(len(x))


def _measures(visits: pa.Table, who: Any, n: Any) -> dict[str, Any]:
    """What is compared, on the logarithm: visits per working day, unanswered questions, and the mean of each number."""
    found: dict[str, Any] = {}
    days = moments(visits, "started_at") // DAY
    timed = ~np.isnan(days)
    worked = np.bincount(np.unique(np.stack([who[timed], days[timed]]), axis=1)[0].astype(int), minlength=len(n))
    found["每个工作日走访的户数"] = np.where(worked > 0, np.log(np.maximum(n, 1) / np.maximum(worked, 1)), np.nan)
    asked = [name for name in visits.column_names if name.startswith("a_")]
    blank = sum((np.asarray(visits[name].is_null()).astype(float) for name in asked), np.zeros(len(who)))
    found["未答的题数"] = np.log((np.bincount(who, blank, len(n)) + 1) / np.maximum(n, 1))
    for name in columns(visits, "number"):
        x = numbers(visits, name)
        there = ~np.isnan(x) & (x >= 0)
        count = np.bincount(who[there], minlength=len(n))
        total = np.bincount(who[there], np.log1p(x[there]), len(n))
        found[f"{name} 的平均水平"] = np.where(count >= _OWN, total / np.maximum(count, 1), np.nan)
    return found
