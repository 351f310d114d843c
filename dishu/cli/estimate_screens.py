"""How estimates look on a terminal: never a number without its range, its lists, its day and what it assumes."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import click

from dishu.cli import output
from dishu.engine.estimate import answers, manyanswers, twolists
from dishu.engine.estimate.answers import percent
from dishu.engine.estimate.manylists import ManyLists
from dishu.engine.report import terminal
from dishu.engine.wording import say

DAY = click.option("--day", type=output.DAY, help="名单的截至日期；默认今天")


def day_of(value: Any) -> date:
    """The day the lists are of: the one given, else today."""
    return output.day_of(value) or datetime.now(UTC).date()


def machine(numbers: dict[str, Any], form: str) -> None:
    """The numbers as JSON, or as one line of CSV (without the table of models)."""
    if form == "json":
        click.echo(json.dumps(numbers, ensure_ascii=False, indent=1))
        return
    flat = dict(_flat(numbers))
    writer = csv.writer(sys.stdout)
    writer.writerow(flat)
    writer.writerow(flat.values())


def _flat(numbers: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in numbers.items():
        if name in ("averaged", "envelope", "shown"):
            parts = ("lower", "upper") if name == "envelope" else ("total", "lower", "upper")
            yield from ((f"{name}_{part}", value and value[part]) for part in parts)
        elif name != "models":
            yield name, "；".join(value) if isinstance(value, list) else value


def two(found: answers.Two, names: Sequence[str], day: date, remarks: Sequence[str] = ()) -> None:
    """Two lists: counts, coverage, total, missing, what dependence would change, and the box of assumptions."""
    given = found.given
    rows = [[name, f"{n:,.0f} 人", ""] for name, n in zip((*names, "两份都有"), _counts(given), strict=True)]
    if given.enough:
        rows += _estimates(found)
    tell([_title(names, day)])
    output.draw(terminal.table(["", "数", f"{found.level:.0%} 区间"], rows, None, ["数"]))
    tell([*found.sentences(), *(found.warnings() if given.enough else []), *remarks])
    if given.enough:
        if found.coverage.share is not None:
            _dependence(found)
        tell([say("estimate_assumptions"), say("estimate_padding"), say("estimate_why_a_gap_is_fine")])


def _title(names: Sequence[str], day: date) -> str:
    return f"名单：{'、'.join(names)}；日期：{day}"


def _counts(given: twolists.Counts) -> tuple[float, float, float]:
    return given.register, given.recount, given.both


def _estimates(found: answers.Two) -> list[list[str]]:
    rate, total, lacking = found.coverage, found.total, found.missing
    if rate.share is None:
        return [["摸清率", "—", f"至少 {percent(rate.lower)}"], ["应有", "—", f"至多 {total.upper:,.0f} 人"]]
    return [
        ["摸清率", percent(rate.share), coverage_range(rate)],
        ["应有", f"{total.value:,.0f} 人", f"{total.lower:,.0f}—{total.upper:,.0f} 人"],
        ["还差", f"{lacking.value:,.0f} 人", f"{lacking.lower:,.0f}—{lacking.upper:,.0f} 人"],
    ]


def coverage_range(rate: twolists.Coverage) -> str:
    """The range of a coverage rate; one-sided where there is no upper end."""
    return f"至少 {percent(rate.lower)}" if rate.upper is None else f"{percent(rate.lower)}—{percent(rate.upper)}"


def _dependence(found: answers.Two) -> None:
    """Two lists cannot show whether they depend on each other: what the total would be if they did."""
    rows = [
        [f"{odds:g}", f"{one.value:,.0f} 人", f"{one.lower:,.0f}—{one.upper:,.0f} 人"]
        for odds, one in twolists.dependence(found.counts, found.level).items()
    ]
    tell([say("estimate_dependence")])
    columns = ["关联（比值比）", "应有", f"{found.level:.0%} 区间"]
    output.draw(terminal.table(columns, rows, None, columns[:2]))


def many(found: ManyLists, day: date, remarks: Sequence[str] = ()) -> None:
    """Several lists: who was seen, the averaged total with the range over all models about as good, and the doubts."""
    cells, shown = found.cells, found.shown
    rows = [[name, f"{cells.on(i):,.0f} 人", ""] for i, name in enumerate(cells.names)]
    rows.append(["见到（至少在一份上）", f"{cells.seen:,} 人", ""])
    if shown:
        rows.append(["应有", f"{shown.value:,.0f} 人", f"{shown.lower:,.0f}—{shown.upper:,.0f} 人"])
    columns = ["", "数", "95% 区间（各模型合起来）"]
    tell([_title(cells.names, day)])
    output.draw(terminal.table(columns, rows, None, ["数"]))
    tell([*remarks, *manyanswers.sentences(found), say("estimate_assumptions")])


def places(
    rows: Sequence[dict[str, Any]], form: str | None, names: Sequence[str], day: date, remarks: Sequence[str]
) -> None:
    """Place by place, ranges in every line; for machines the numbers, for people the words."""
    if form == "json":
        click.echo(json.dumps({"places": rows, "warnings": list(remarks)}, ensure_ascii=False, indent=1))
    elif form == "csv":
        writer = csv.DictWriter(sys.stdout, rows[0])
        writer.writeheader()
        writer.writerows({k: "；".join(v) if isinstance(v, list) else v for k, v in row.items()} for row in rows)
    else:
        columns = ["地区", "见到", "摸清率（95% 把握）", "应有（95% 区间，人）", "还差（人）"]
        tell([_title(names, day)])
        output.draw(terminal.table(columns, [_line(row) for row in rows]))
        said = dict.fromkeys(text for row in rows if row["total"] is not None for text in row["warnings"])
        tell([*remarks, *said, say("estimate_floor"), say("estimate_assumptions")])


def _line(row: dict[str, Any]) -> list[Any]:
    """One place for people: what may not be shown is a dash."""
    cells = [row["name"], row["seen"]]
    if row["total"] is None:
        return [*cells, "数据不足，暂不估计", f"至少 {row['seen']:,}", None]
    sure = row["coverage"] is not None
    rate = "" if row["coverage_lower"] is None else _rate(row)
    total = (
        f"约 {row['total']:,.0f}（{row['lower']:,.0f}—{row['upper']:,.0f}）" if sure else f"至多 {row['upper']:,.0f}"
    )
    lacking = f"约 {row['missing']:,.0f}（{row['missing_lower']:,.0f}—{row['missing_upper']:,.0f}）"
    return [*cells, rate, total, lacking if sure else f"至多 {row['missing_upper']:,.0f}"]


def _rate(row: dict[str, Any]) -> str:
    if row["coverage_upper"] is None:
        return f"至少 {percent(row['coverage_lower'])}"
    return f"{percent(row['coverage'])}（{percent(row['coverage_lower'])}—{percent(row['coverage_upper'])}）"


def tell(sentences: Sequence[str]) -> None:
    """Each sentence on a line of its own."""
    for sentence in sentences:
        click.echo(sentence)
