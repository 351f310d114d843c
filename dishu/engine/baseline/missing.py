"""How many members are missing, as far as a re-count among the rosters tells: made ready for the reports."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa

from dishu.engine.estimate import answers, histories
from dishu.engine.estimate.answers import Two, percent
from dishu.engine.facts import View
from dishu.engine.report.content import Missing

FILE = "missing.json"


def find(view: View, register: pa.Table | None, doubtful: int) -> tuple[Two, Missing] | None:
    """What a roster known by its name as an independent re-count says; None where there is none.

    `register`: members and the files that know them; `doubtful`: pairs of rows nobody has decided on yet.
    """
    there = histories.sources(view, register)
    recounted = histories.recounted(view, there)
    if recounted is None:
        return None
    answer = answers.of(recounted.counts())
    remarks = "".join(histories.remarks(recounted, there, doubtful))
    return answer, Missing((*answer.sentences(), remarks), _table(answer, recounted.names), answer.method)


def write(answer: Two, told: Missing, path: Path) -> None:
    """The numbers under plain names and the sentences."""
    body = {**answer.numbers(), "sentences": list(told.sentences)}
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", "utf-8")


def sentences(path: Path) -> list[str]:
    """What an earlier run wrote there."""
    return list(json.loads(path.read_text("utf-8"))["sentences"]) if path.is_file() else []


def _table(answer: Two, names: tuple[str, ...]) -> pa.Table:
    """What was counted and, where enough was found, what follows: its value and both ends of its interval."""
    given, numbers = answer.given, answer.numbers()
    rows: list[tuple[str | None, ...]] = [
        (f"在册（{names[0]}）", _people(given.register), None, None),
        (f"复核找到（{names[1]}）", _people(given.recount), None, None),
        ("复核找到的人中已在册", _people(given.both), None, None),
    ]
    if given.enough:
        shown = (("摸清率", "coverage", percent), ("估计应有", "total", _people), ("还差", "missing", _people))
        for title, name, said in shown:
            ends = ("lower", "upper") if name == "total" else (f"{name}_lower", f"{name}_upper")
            known = (None if numbers[key] is None else said(numbers[key]) for key in (name, *ends))
            rows.append((f"{title}（{answer.level:.0%} 区间）", *known))
    columns = ("item", "value", "lower", "upper")
    return pa.table({name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(columns)})


def _people(number: float) -> str:
    return f"{number:,.0f} 人"
