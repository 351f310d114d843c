"""What the auditors found, as scores: 1 good, 0 bad, between for partly right; who was not confirmed counts as bad.

Good is only what the auditor, not the registrar, confirms. Not found, refused, wrong number, no answer after three
tries: bad until proven good. Scores count in drawn order up to the first record nobody has looked at yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dishu.engine.sample.draw import normal

GOOD: Final = frozenset({"是", "好", "真", "属实", "合格", "正确", "无误", "good", "true", "yes", "ok", "√", "✓"})
BAD: Final = frozenset({"否", "坏", "假", "不属实", "不合格", "差错", "有误", "bad", "false", "no", "×", "✗"})


@dataclass(frozen=True)
class Results:
    """`scores` in drawn order; `notes`: what was taken as bad or waits, in Chinese, with the rows."""

    scores: list[float]
    notes: list[str]


def read(cells: Sequence[str | None], rows: Sequence[int] | None = None) -> Results:
    """Scores from what was written, in drawn order. ValueError naming the rows of numbers outside 0 to 1.

    >>> read(["1", "0", "0.5", "属实", "查无此人", None, "1"])
    Results(scores=[1.0, 0.0, 0.5, 1.0, 0.0], notes=['查无此人：1 条，证实以前按差错计（第5行）', '第6行还没有结果，其后 1 条等它查完才计入'])
    """
    numbers = list(rows if rows is not None else range(1, len(cells) + 1))
    written = [normal(cell or "") for cell in cells]
    _refuse_odd_numbers(written, numbers)
    known = next((at for at, text in enumerate(written) if not text), len(written))
    scores = [_score(text) for text in written[:known]]
    notes = _taken_as_bad(written[:known], numbers)
    later = sum(map(bool, written[known:]))
    if later:
        notes.append(f"第{numbers[known]}行还没有结果，其后 {later} 条等它查完才计入")
    return Results([score or 0.0 for score in scores], notes)


def _score(text: str) -> float | None:
    """The score, None for words that do not say good or bad."""
    if text.lower() in GOOD:
        return 1.0
    if text.lower() in BAD:
        return 0.0
    try:
        return float(text)
    except ValueError:
        return None


def _refuse_odd_numbers(written: Sequence[str], rows: Sequence[int]) -> None:
    scored = ((row, text, _score(text)) for row, text in zip(rows, written, strict=True))
    odd = [f"第{row}行“{text}”" for row, text, score in scored if score is not None and not 0 <= score <= 1]
    if odd:
        raise ValueError(f"结果应在 0（差错）与 1（属实）之间：{'、'.join(odd[:10])}。请改正后再算")


def _taken_as_bad(written: Sequence[str], rows: Sequence[int]) -> list[str]:
    where: dict[str, list[str]] = {}
    for text, row in zip(written, rows, strict=False):
        if _score(text) is None:
            where.setdefault(text, []).append(str(row))
    return [f"{text}：{len(at)} 条，证实以前按差错计（第{'、'.join(at)}行）" for text, at in where.items()]
