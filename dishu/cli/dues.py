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
@click.option("--paid-up-to", type=output.DAY, help="最后一次交的是哪一天所在月份的：连同欠交几个月、一般可补交多少")
@output.formats
def dues(
    kind: rules.Kind, base: str | None, quarter: str | None, day: Any, step: str, reduced_to: str | None,
    approval: str, paid_up_to: Any, form: str | None,
) -> None:  # fmt: skip
    """每月交多少党费：按当天的规定，连同出处。

    例：dishu dues --kind wage --base 8000 --day 2026-10-31

    欠交的：dishu dues --kind wage --base 8000 --day 2026-10-31 --paid-up-to 2026-03-31
    """
    when = output.day_of(day) or date.max
    found = rules.monthly(kind, when, based(kind, base, quarter), STEPS[step])
    if reduced_to is not None:
        found = rules.relieved(found, reduced_to, when, approval)
    notes = list(found.notes) + period(quarter, when)
    behind = None if paid_up_to is None else late(found, output.day_of(paid_up_to) or when, when, STEPS[step])
    notes += [] if behind is None else told(behind)
    if form == "json":
        return click.echo(json.dumps(answer(found, when, notes) | (behind or {}), ensure_ascii=False, indent=1))
    if form == "csv":
        row = {
            name: value
            for name, value in (answer(found, when, notes) | (behind or {})).items()
            if name not in ("readings", "notes")
        }
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


def late(found: rules.Dues, paid_up_to: date, day: date, step: int) -> dict[str, Any]:
    """How many months ended unpaid, how many may be paid back as a rule and what that is, and whether to report it.

    With reduced dues each month counts as reduced; otherwise each by the rule of its own day.
    """
    behind = rules.arrears(paid_up_to, day)
    if found.base is None or found.rate is None or found.amount == money.fen(found.base * found.rate, step):
        least, most = rules.back_payment(found.kind, behind, day, found.base, step)
    else:
        least = most = found.amount * behind.payable
    return {
        "months_unpaid": behind.months, "months_payable": behind.payable, "back_payment": least / 100,
        "back_payment_most": most / 100, "report": behind.report,
    }  # fmt: skip


def told(behind: dict[str, Any]) -> list[str]:
    """The same in words; that the branch decides is said with it."""
    if not behind["months_unpaid"]:
        return ["没有欠交"]
    most = behind["back_payment_most"]
    range_ = f" 至 {most:.2f}" if most > behind["back_payment"] else ""
    said = [f"已有 {behind['months_unpaid']} 个整月没有交；一般可补交 {behind['months_payable']} 个月，"
            f"按现在的基数计 {behind['back_payment']:.2f}{range_} 元"]  # fmt: skip
    return said + (
        ["连续欠交已到须报告党支部的月数：先问明原因、限期补交，怎样处理由人决定"] if behind["report"] else []
    )


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
