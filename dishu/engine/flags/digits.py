"""Numbers people make up: last digits that heap, values that bunch, first digits out of Benford's order."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
from scipy import stats

from dishu.engine.flags.answers import collectors, columns, numbers
from dishu.engine.flags.model import Asked, Look

Judged = dict[int, tuple[float, dict[str, object]]]  # by collector: p-value, and what the sentence says
_EXPECTED: Final = 5.0  # cells with fewer expected are put together before chi-square
_BATCH: Final = 500
_ENOUGH: Final = 20  # shuffles that bunch as much: then it is chance, and no more are dealt (Besag & Clifford 1991)


def whipple(digits: Any) -> float:
    """Five times the share of last digits 0 and 5: 1 where none is preferred, 5 where there are no others.

    >>> whipple(np.arange(100) % 10), whipple(np.array([0, 5, 0]))
    (1.0, 5.0)
    """
    return float(5 * np.isin(digits, (0, 5)).mean())


def myers(digits: Any) -> float:
    """Half the sum of the distances of the ten shares from a tenth, in percent: 0 to 90; the share that would have to move.

    Myers (1940) blends ages first, which last digits of other numbers do not need.

    >>> myers(np.arange(100) % 10), round(myers(np.zeros(50, dtype=int)))
    (0.0, 90)
    """
    return float(np.abs(np.bincount(digits, minlength=10) / len(digits) - 0.1).sum() * 50)


def last_digits(visits: pa.Table, name: str) -> Any:
    """Last written digit of each number of two digits or more; -1 where there is none."""
    x = numbers(visits, name)
    texts = visits[name].to_pylist()
    wanted = np.nan_to_num(np.abs(x)) >= 10
    return np.array([int(_written(t)[-1]) if w else -1 for t, w in zip(texts, wanted, strict=True)])


def _written(text: str) -> str:
    """The number as digits; what a program adds to whole numbers (.0) is not written by anybody.

    >>> _written("1,250.0"), _written("12.50")
    ('1250', '12.50')
    """
    plain = text.replace(",", "").replace("，", "").strip()
    whole = plain.removesuffix(".0")
    return whole if whole[-1:].isdigit() else str(int(float(plain)))


def heaping(visits: pa.Table, asked: Asked) -> list[Look]:
    """Last digits of a collector that heap more than those of the others, by chi-square (two samples, ten digits).

    Against the others, because people round what they tell; against equal shares where the others have too few.
    `least`: numbers of a collector in a column; `limit`: Whipple's index at least. Columns set by rule are left out.
    """
    return _strongest(visits, asked, _heaping)


def _heaping(visits: pa.Table, name: str, asked: Asked) -> Judged:
    _, who = collectors(visits)
    digit = last_digits(visits, name)
    found: Judged = {}
    for one in np.unique(who):
        mine, others = digit[(who == one) & (digit >= 0)], digit[(who != one) & (digit >= 0)]
        if len(mine) < asked.least:
            continue
        alone = len(others) < asked.least
        usual = 1.0 if alone else whipple(others)
        p = _uneven(mine) if alone else _differs(mine, others)
        index = whipple(mine)
        said: dict[str, object] = {
            "n": len(mine),
            "whipple": index,
            "myers": myers(mine),
            "others": usual,
            "met": index > asked.limit,
        }
        found[int(one)] = (p if index > usual else 1.0, said)
    return found


def _uneven(digits: Any) -> float:
    return float(stats.chisquare(np.bincount(digits, minlength=10)).pvalue)


def _differs(mine: Any, others: Any) -> float:
    """Chi-square of two samples of digits; digits too rare to expect five of are counted together."""
    both = np.stack([np.bincount(mine, minlength=10), np.bincount(others, minlength=10)])
    rare = both.sum(axis=0) * len(mine) / both.sum() < _EXPECTED
    both = np.c_[both[:, ~rare], both[:, rare].sum(axis=1)] if rare.any() else both
    both = both[:, both.sum(axis=0) > 0]
    return float(stats.chi2_contingency(both).pvalue) if both.shape[1] > 1 else 1.0


def bunching(visits: pa.Table, asked: Asked) -> list[Look]:
    """Values that come again more often than their digits explain (average frequency, Simonsohn 2019).

    Numbers are cut into front and end digits (two from 1,000 on, one below), the ends are shuffled among numbers of the
    same length, and sum f^2 / sum f is compared. `least`: numbers of three digits or more of a collector in a column;
    `limit`: values that must be different at least.
    """
    return _strongest(visits, asked, _bunching)


def _bunching(visits: pa.Table, name: str, asked: Asked) -> Judged:
    _, who = collectors(visits)
    x = np.nan_to_num(np.abs(numbers(visits, name)))
    whole = (x >= 100) & (x < 1e15) & (x == np.floor(x))
    found: Judged = {}
    for one in np.unique(who):
        mine = np.sort(x[whole & (who == one)].astype(np.int64))
        if len(mine) >= asked.least and len(np.unique(mine)) >= asked.limit:
            p, usual = _bunched(mine, asked.draws, asked.case.seed)
            seen = float(average_frequency(mine[None, :])[0])
            found[int(one)] = (p, {"n": len(mine), "seen": seen, "usual": usual})
    return found


def average_frequency(values: Any) -> Any:
    """Sum f^2 / sum f of each line: how many times the value of a record drawn at random stands in the line.

    >>> average_frequency(np.array([[1, 2, 3, 4], [7, 7, 7, 7]]))
    array([1., 4.])
    """
    lined = np.sort(values, axis=1)
    new = np.ones(lined.shape, dtype=bool)
    new[:, 1:] = lined[:, 1:] != lined[:, :-1]
    runs = np.diff(np.r_[np.flatnonzero(new), lined.size])
    firsts = np.r_[0, np.cumsum(new.sum(axis=1))[:-1]]
    return np.add.reduceat(runs.astype(float) ** 2, firsts) / lined.shape[1]


def _bunched(values: Any, draws: int, seed: int) -> tuple[float, float]:
    """P-value and the mean frequency of shuffled digits; stops early where chance is plain."""
    random = np.random.default_rng(seed)
    cut = np.where(values >= 1000, 100, 10)
    front, end = values // cut * cut, values % cut
    edges = np.flatnonzero(np.r_[True, np.diff(np.char.str_len(values.astype(str))) != 0, True])
    seen = float(average_frequency(values[None, :])[0])
    high, dealt, total = 0, 0, 0.0
    while dealt < draws and high < _ENOUGH:
        ends: Any = np.empty((_BATCH, len(values)), dtype=np.int64)
        for a, b in zip(edges, edges[1:], strict=False):
            ends[:, a:b] = random.permuted(np.broadcast_to(end[a:b], (_BATCH, b - a)), axis=1)
        shuffled = average_frequency(front + ends)
        high += int((shuffled >= seen - 1e-9).sum())
        dealt += _BATCH
        total += float(shuffled.sum())
    return (high + 1) / (dealt + 1), total / dealt


def benford(visits: pa.Table, asked: Asked) -> list[Look]:
    """First digits against Benford's law by chi-square. Off unless asked for: it misses known frauds and lists honest data.

    `least`: numbers of a collector in a column, over `limit` powers of ten at least.
    """
    return _strongest(visits, asked, _benford)


def _benford(visits: pa.Table, name: str, asked: Asked) -> Judged:
    _, who = collectors(visits)
    x = np.nan_to_num(np.abs(numbers(visits, name)))
    found: Judged = {}
    for one in np.unique(who):
        mine = x[(who == one) & (x > 0)]
        if len(mine) >= asked.least and np.log10(mine.max() / mine.min()) >= asked.limit:
            first = (mine / 10 ** np.floor(np.log10(mine)) + 1e-12).astype(int).clip(1, 9)
            law = np.log10(1 + 1 / np.arange(1, 10))
            p = float(stats.chisquare(np.bincount(first, minlength=10)[1:], law / law.sum() * len(mine)).pvalue)
            found[int(one)] = (p, {"n": len(mine)})
    return found


def _strongest(visits: pa.Table, asked: Asked, judge: Any) -> list[Look]:
    """One look per collector: the column with the smallest p-value, times the number of columns asked (Bonferroni)."""
    names, _ = collectors(visits)
    tested = [name for name in columns(visits, "number") if name not in asked.case.by_rule]
    results: dict[int, list[tuple[float, str, dict[str, object]]]] = {}
    for name in tested:
        for one, (p, said) in judge(visits, name, asked).items():
            results.setdefault(one, []).append((p, name, said))
    looks = []
    for one, mine in sorted(results.items()):
        p, name, said = min(mine, key=lambda result: result[:2])
        met = bool(said.pop("met", True))
        p = min(1.0, p * len(mine))
        looks.append(Look(names[one], p, -p, {"column": name, **said}, met=met))
    return looks
