"""Visits that went too fast: beside those of the same kind, or below what anybody can type."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from dishu.engine.flags.answers import collectors, seconds
from dishu.engine.flags.model import Asked, Look
from dishu.engine.flags.peers import shares

#: How people and programs say that a record was typed later from paper: legal, and quick.
BULK: Final = ("bulk", "batch", "paper", "import", "后录", "补录", "批量", "纸质", "导入")
_FENCE: Final = 1.5  # Tukey's, on the logarithm of time
_FLOOR_SHARE: Final = 0.15  # as many quick records are ordinary in brisk hands (measured on honest drives)
_OWN: Final = 5


def bulk(visits: pa.Table) -> Any:
    """Which records were typed in later from paper."""
    return np.array([any(word in (mode or "").lower() for word in BULK) for mode in visits["entry_mode"].to_pylist()])


def too_fast(visits: pa.Table, asked: Asked) -> list[Look]:
    """Share of a collector's records that took less than `limit` of the median of records of the same kind.

    Kind: the collector's kind and the mode of entry, where these are given, so bulk entry after visits on paper is
    compared with bulk entry. Also counted: below Tukey's fence on the logarithm. `least`: timed records of the kind.
    """
    took = np.maximum(seconds(visits), 0.5)
    fast: Any = np.zeros(len(took), dtype=bool)
    judged = fast.copy()
    kinds = _kinds(visits)
    for kind in np.unique(kinds):
        mine = (kinds == kind) & ~np.isnan(took)
        if mine.sum() >= asked.least:
            judged |= mine
            fast |= mine & (took < _line(took[mine], asked.limit))
    _, who = collectors(visits)

    def values(one: int) -> dict[str, object]:
        mine = judged & (who == one)
        usual = np.median(np.concatenate([took[judged & (kinds == kind)] for kind in np.unique(kinds[mine])]))
        return {"median": _long(float(np.median(took[mine]))), "field": _long(float(usual))}

    return shares(visits, fast, judged, _FLOOR_SHARE, _OWN, values)


def _line(took: Any, limit: float) -> float:
    low, middle, high = np.quantile(np.log(took), [0.25, 0.5, 0.75])
    return float(max(limit * np.exp(middle), np.exp(low - _FENCE * (high - low))))


def _kinds(visits: pa.Table) -> Any:
    both = zip(visits["collector_kind"].to_pylist(), visits["entry_mode"].to_pylist(), strict=True)
    return np.array([f"{kind or ''}|{mode or ''}" for kind, mode in both], dtype=object)


def below_floor(visits: pa.Table, asked: Asked) -> list[Look]:
    """Records that took less than `limit` seconds per answered question: nobody reads and types as fast.

    A fixed rule without a p-value; bulk entry is left out. `least`: such records of one collector.
    """
    names, who = collectors(visits)
    fields = [name for name in visits.column_names if name.startswith("a_")]
    answered: Any = sum(
        (np.asarray(visits[name].is_valid()).astype(int) for name in fields), np.zeros(len(who), dtype=int)
    )
    took = seconds(visits)
    timed = ~np.isnan(took) & ~bulk(visits)
    low = timed & (took < asked.limit * answered)
    ids = np.array(visits["visit_id"].to_pylist(), dtype=object)
    looks = []
    for one in np.flatnonzero(np.bincount(who[low], minlength=len(names))):
        mine = low & (who == one)
        k, n = int(mine.sum()), int((timed & (who == one)).sum())
        shortest = int(np.argmin(np.where(mine, took, np.inf)))
        said = {"n": n, "k": k, "seconds": int(took[shortest]), "fields": int(answered[shortest]), "limit": asked.limit}
        looks.append(Look(names[one], None, k / n, said, tuple(ids[mine][:5]), met=k >= asked.least))
    return looks


def _long(took: float) -> str:
    """A length of time as people say it.

    >>> _long(45), _long(600), _long(5400)
    ('45 秒', '10 分钟', '1.5 小时')
    """
    if took < 90:
        return f"{took:.0f} 秒"
    return f"{took / 60:.0f} 分钟" if took < 5400 else f"{took / 3600:.1f} 小时"
