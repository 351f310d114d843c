"""Score found pairs against the truth: precision, recall and F1, per pair, per member and of the sure band."""

import numpy as np
import pyarrow as pa


def score_links(found: pa.Table, truth: pa.Table) -> dict[str, float]:
    """Scores of a result of `people.link` against a table (left_id, right_id) of the true pairs.

    `f1` is at the best cut of the weight, `cut`; `link_*` is the band decided "match"; `member_f1` takes the best
    candidate of each right row.

    >>> pairs = pa.table({"left_id": ["a"], "right_id": ["b"], "weight": [9.0], "decision": ["match"]})
    >>> score_links(pairs, pairs)["f1"]
    1.0
    """
    true = set(zip(truth["left_id"].to_pylist(), truth["right_id"].to_pylist(), strict=True))
    keys = list(zip(found["left_id"].to_pylist(), found["right_id"].to_pylist(), strict=True))
    right = np.array([key in true for key in keys], dtype=bool)
    weight = found["weight"].to_numpy()
    order = np.argsort(-weight, kind="stable")
    best, cut, precision, recall = _best(right[order], weight[order], len(true))
    linked = np.array(found["decision"].to_pylist()) == "match"
    return {
        "f1": best,
        "cut": cut,
        "precision": precision,
        "recall": recall,
        "link_precision": round(float(right[linked].mean()), 4),
        "link_recall": round(float(right[linked].sum()) / len(true), 4),
        "member_f1": _per_member(keys, right, order, true),
        "match": int(linked.sum()),
        "review": int((~linked).sum()),
    }


def _best(right: np.ndarray, weight: np.ndarray, total: int) -> tuple[float, float, float, float]:
    hits, taken = np.cumsum(right), np.arange(1, len(right) + 1)
    f1 = 2 * hits / (taken + total)
    f1[:-1][weight[:-1] == weight[1:]] = 0  # a cut takes all pairs of one weight or none
    at = int(np.argmax(f1))
    return (
        round(float(f1[at]), 4),
        float(weight[at]),
        round(float(hits[at] / taken[at]), 4),
        round(float(hits[at] / total), 4),
    )


def _per_member(keys: list[tuple[str, str]], right: np.ndarray, order: np.ndarray, true: set[tuple[str, str]]) -> float:
    seen: set[str] = set()
    first = []
    for at in order:
        if keys[at][1] not in seen:
            seen.add(keys[at][1])
            first.append(bool(right[at]))
    hits = np.cumsum(first)
    return round(float((2 * hits / (np.arange(1, len(first) + 1) + len({b for _, b in true}))).max()), 4)
