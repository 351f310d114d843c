"""`dishu dues`: what a member pays in a month, by the rule of the day, with its source."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import click
import pyarrow as pa

from dishu.cli import output
from dishu.standards import dues as rules
from dishu.standards import law, money

STEPS = {"0.01": 1, "0.1": 10, "1": 100}


@click.command()
@click.option("--kind", required=True, type=click.Choice(list(rules.KINDS)), help="哪一类党员")
@click.option("--base", help="交纳基数，元/月；定额交纳的不用写")
@click.option("--quarter", help="个体经营：上季度纯收入，元；基数是它的三分之一")
@click.option("--day", type=output.DAY, required=True, help="交哪一天所在月份的党费")
@click.option(
    "--round", "step", type=click.Choice(list(STEPS)), default="0.01", show_default=True, help="四舍五入到几元"
)
@click.option("--reduced-to", help="因生活困难减到几元；要写 --approval")
@click.option("--approval", default="", help="减免的批准文件")
@output.formats
def dues(
    kind: rules.Kind, base: str | None, quarter: str | None, day: Any, step: str, reduced_to: str | None,
    approval: str, form: str | None,
) -> None:  # fmt: skip
    """每月交多少党费：按当天的规定，连同出处。

    例：dishu dues --kind wage --base 8000 --day 2026-10-31
    """
    when = output.day_of(day) or date.max
    found = rules.monthly(kind, when, based(kind, base, quarter), STEPS[step])
    if reduced_to is not None:
        found = rules.relieved(found, reduced_to, when, approval)
    notes = list(found.notes) + period(quarter, when)
    if form == "json":
        return click.echo(json.dumps(answer(found, when, notes), ensure_ascii=False, indent=1))
    if form == "csv":
        row = {name: value for name, value in answer(found, when, notes).items() if name not in ("readings", "notes")}
        return output.show(pa.Table.from_pylist([row]), form)
    most = f" 至 {money.written(found.most)}" if found.most > found.amount else ""
    how = f"（{float(found.base):,.2f} × {float(found.rate):.1%}）" if found.base is not None and found.rate else ""
    click.echo(f"每月 {money.written(found.amount)}{most} 元{how}")
    for text in (*notes, *map(cited, found.readings)):
        click.echo(text)
    return None


def based(kind: rules.Kind, base: str | None, quarter: str | None) -> money.Yuan | None:
    """The base as given, or from the quarter's income."""
    if quarter is None:
        return base
    if kind != "individual" or base is not None:
        raise ValueError("--quarter 只用于个体经营（--kind individual），并代替 --base")
    return rules.quarter_base(quarter)


def period(quarter: str | None, day: date) -> list[str]:
    """Which quarter's income counts."""
    first, last = rules.previous_quarter(day)
    return [] if quarter is None else [f"上季度：{first} 至 {last}"]


def answer(found: rules.Dues, day: date, notes: list[str]) -> dict[str, Any]:
    """The answer for machines; money in yuan."""
    return {
        "kind": found.kind,
        "day": str(day),
        "base": None if found.base is None else round(float(found.base), 2),
        "rate": None if found.rate is None else float(found.rate),
        "amount": found.amount / 100,
        "most": found.most / 100,
        "readings": [
            {"rule": one.name, "since": str(one.since), "source": one.source, "mark": one.mark}
            for one in found.readings
        ],
        "notes": notes,
    }


def cited(reading: law.Reading) -> str:
    """A reading for people."""
    return f"依据：{law.rule(reading.name).title}，{reading.since} 起，{reading.source}"
