"""Records too much like other ones, and collectors whose records are all too ordinary: against shuffled collectors."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from dishu.engine.compiling import compiled
from dishu.engine.flags.answers import coded, collectors, columns, moments, numbers, questions
from dishu.engine.flags.model import Asked, Look
from dishu.engine.flags.shuffle import against_shuffled

_BLOCK: Final = 250  # records of one time at least: blocks small enough to follow the drive, large enough to shuffle
_BLOCKS: Final = 8
_GROUPS: Final = 20  # of records with answers as rare, which are compared with one another
_SHARED: Final = 0.5  # of the questions must be answered in both records


def near_duplicates(visits: pa.Table, asked: Asked) -> list[Look]:
    """Mean over a collector's records of the greatest match with any other record, against random collectors.

    The percent match of Kuriakose & Robbins (2016), made sharper in three ways: a shared answer weighs as much as it is
    rare (-log of its share), so a thousand equal "yes" are no sign; a record is compared with what records with answers
    as rare reach (20 groups); and a match with somebody else's *later* record counts nothing, so that who was copied
    from is not listed for it. Random collectors are dealt from records of the same time. There is no absolute
    threshold. `limit`: questions at least; `least`: records of a collector.
    """
    asking = questions(visits)
    if len(asking) < asked.limit or visits.num_rows < _GROUPS:
        return []
    names, who = collectors(visits)
    start = np.nan_to_num(moments(visits, "started_at"), nan=np.inf)
    codes = coded(visits, asking)
    weights = rarity(codes)
    best, mate = best_match(codes, weights)
    unlike = _beyond_group(best, weights.sum(axis=0))
    earlier = start[mate] <= start
    z, p = against_shuffled(
        np.where(earlier, unlike, 0.0 * unlike), who, _blocks(start), asked.draws, asked.case.seed,
        np.where(earlier | (who[mate] == who), unlike, 0.0 * unlike),
    )  # fmt: skip
    return _looks(visits, codes, unlike, mate, z, p, asked.least)


def rarity(codes: Any) -> Any:
    """How much each answer says: -log of its share among the answers to its question, float32; 0 where unanswered."""
    weights = np.zeros(codes.shape, dtype=np.float32)
    for line, weight in zip(codes, weights, strict=True):
        there = line >= 0
        counts = np.bincount(line[there], minlength=1)
        weight[there] = -np.log(counts[line[there]] / max(there.sum(), 1))
    return weights


def best_match(codes: Any, weights: Any) -> Any:
    """For each record the greatest share of equal answers with another one, and which: the first of several.

    `codes`: int16, questions x records, -1 unanswered; `weights`: of each answer, float32, same shape (ones for the
    plain percent match). A question counts where both answered, a pair where both answered half of all. NaN and the
    record itself without such a pair.

    >>> best_match(np.array([[0, 0, 1], [1, 1, 0], [2, 0, 0]], dtype=np.int16), np.ones((3, 3), dtype=np.float32))
    (array([0.6666667 , 0.6666667 , 0.33333334], dtype=float32), array([1, 0, 1]))
    """
    shared = max(1, int(np.ceil(len(codes) * _SHARED)))
    records = codes.shape[1]
    best, mate = np.full(records, np.nan, dtype=np.float32), np.arange(records)
    rooms = np.empty((2, records), dtype=np.float32), np.empty(records, dtype=np.int16)
    compiled(_best)(np.ascontiguousarray(codes), np.ascontiguousarray(weights), shared, best, mate, *rooms)
    return best, mate


def _best(codes: Any, weights: Any, shared: int, best: Any, mate: Any, sums: Any, answered: Any) -> None:
    """Fills `best` and `mate`: one record against all at a time, question by question, in plain loops that become
    vector code. `sums`, `answered` are room to work in."""
    questions, records = codes.shape
    same, both = sums[0], sums[1]
    for i in range(records):
        same[:], both[:], answered[:] = 0, 0, 0
        for f in range(questions):
            mine, weight, line = codes[f, i], weights[f, i], codes[f]
            if mine < 0:
                continue
            for j in range(records):
                same[j] += weight if line[j] == mine else np.float32(0)
            for j in range(records):
                both[j] += weight if line[j] >= 0 else np.float32(0)
            for j in range(records):
                answered[j] += line[j] >= 0
        answered[i] = 0
        for j in range(records):
            if answered[j] >= shared:
                match = same[j] / both[j] if both[j] > 0 else np.float32(0)
                if not best[i] >= match:
                    best[i], mate[i] = match, j


def _beyond_group(best: Any, rare: Any) -> Any:
    """The best match less the mean of the records whose answers are together as rare."""
    there = ~np.isnan(best)
    edges = np.quantile(rare[there], np.linspace(0, 1, _GROUPS + 1)[1:-1]) if there.any() else np.zeros(0)
    group = np.searchsorted(edges, rare)
    count = np.bincount(group[there], minlength=_GROUPS)
    mean = np.bincount(group[there], best[there].astype(float), _GROUPS) / np.maximum(count, 1)
    return best.astype(float) - mean[group]


def _blocks(start: Any) -> Any:
    """Records (in order of time) cut into a few blocks of equal size; records of one moment stay together."""
    many = min(_BLOCKS, max(1, len(start) // _BLOCK))
    return np.searchsorted(start, start, side="left") * many // max(len(start), 1)


def _looks(visits: pa.Table, codes: Any, unlike: Any, mate: Any, z: Any, p: Any, least: int) -> list[Look]:
    names, who = collectors(visits)
    ids = np.array(visits["visit_id"].to_pylist(), dtype=object)
    answered = (codes >= 0) & (codes[:, mate] >= 0)
    match = ((codes == codes[:, mate]) & answered).sum(axis=0) / np.maximum(answered.sum(axis=0), 1)
    scored = ~np.isnan(unlike)
    n = np.bincount(who[scored], minlength=len(names))
    looks = []
    for one in np.flatnonzero((n >= least) & ~np.isnan(z)):
        mine = np.flatnonzero(scored & (who == one))
        top = mine[np.argsort(-unlike[mine], kind="stable")][:5]
        others = match[scored & (who != one)]
        said = {
            "n": int(n[one]), "mean": float(match[mine].mean()), "first": ids[mate[top[0]]], "then": ids[top[0]],
            "others": float(others.mean()) if len(others) else 0.0, "match": float(match[top[0]]),
        }  # fmt: skip
        looks.append(Look(names[one], float(p[one]), float(z[one]), said, tuple(ids[top])))
    return looks


def too_regular(visits: pa.Table, asked: Asked) -> list[Look]:
    """Records that all keep to the usual answer: too little spread, nothing left open, nobody who refused.

    A record scores how common its answers are (share of all records with the same one; to answer nothing is an answer
    too, and rare), and for numbers how near it lies to the middle of all; the mean over a collector's records is
    compared with random collectors. `limit`: questions at least; `least`: records of a collector. (Bredl, Winker &
    Kötschau 2012 look at the same: small variance, few open questions.)
    """
    asking = questions(visits)
    if len(asking) < asked.limit:
        return []
    names, who = collectors(visits)
    score = sum((_ordinary(visits, name) for name in asking), np.zeros(len(who))) / len(asking)
    z, p = against_shuffled(score, who, np.zeros(len(who), dtype=int), asked.draws, asked.case.seed)
    n = np.bincount(who, minlength=len(names))
    total = np.bincount(who, score, len(names))
    looks = []
    for one in np.flatnonzero((n >= asked.least) & ~np.isnan(z)):
        others = (total.sum() - total[one]) / max(len(who) - n[one], 1)
        said = {"n": int(n[one]), "mean": float(total[one] / n[one]), "others": float(others)}
        looks.append(Look(names[one], float(p[one]), float(z[one]), said))
    return looks


def _ordinary(visits: pa.Table, name: str) -> Any:
    """How ordinary each cell of a column is, 0 to 1."""
    if columns(visits.select([name]), "number"):
        x = numbers(visits, name)
        there = ~np.isnan(x)
        place = np.searchsorted(np.sort(x[there]), x, side="left") + np.searchsorted(np.sort(x[there]), x, side="right")
        return np.where(there, 1 - np.abs(place / max(there.sum(), 1) - 1), 0.0)
    codes = coded(visits, [name])[0].astype(np.int64) + 1
    return np.bincount(codes)[codes] / len(codes)
