"""`dishu estimate`: how many are missing, from two lists, from several, or from the rosters behind an edition."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from dishu.cli import output
from dishu.engine import intake
from dishu.engine.estimate import answers, manyanswers, reading, twolists
from dishu.engine.estimate.answers import percent
from dishu.engine.estimate.corrections import Audit
from dishu.engine.estimate.manylists import ManyLists, lists
from dishu.engine.report import terminal
from dishu.engine.wording import say

PEOPLE = click.IntRange(min=0)
DAY = click.option("--day", type=output.DAY, help="名单的截至日期；默认今天")


@click.group()
def estimate() -> None:
    """还差多少：由相互独立的名单估计应有人数和缺口，一律带区间。

    例：dishu estimate two --register 842 --recount 180 --both 164
    """


@estimate.command()
@click.option("--register", required=True, type=PEOPLE, help="在册人数")
@click.option("--recount", required=True, type=PEOPLE, help="独立复核（不带名册）找到的人数")
@click.option("--both", required=True, type=PEOPLE, help="其中已在册的人数")
@click.option("--frame", type=PEOPLE, help="复核是从多少人的名单里随机抽的（知道才写）")
@click.option("--audited", nargs=2, type=PEOPLE, metavar="抽查数 属实数", help="在册记录随机抽查的结果，用来扣除虚登")
@click.option("--missed-links", default=0.0, type=click.FloatRange(0, 1, max_open=True), help="两份名单漏配的比例")
@click.option("--level", default=0.95, show_default=True, type=click.FloatRange(0.5, 0.999), help="把握程度")
@click.option("--names", nargs=2, default=("在册名单", "独立复核"), help="两份名单的名称")
@DAY
@output.formats
def two(register: int, recount: int, both: int, form: str | None, **asked: Any) -> None:
    """两份名单：摸清率、应有人数、还差多少人。

    例：dishu estimate two --register 842 --recount 180 --both 164
    """
    audit = Audit(*asked["audited"]) if asked["audited"] else None
    frame, level, missed = asked["frame"], asked["level"], asked["missed_links"]
    found = answers.two(register, recount, both, level, frame, audit, missed)
    if form:
        _machine(found.numbers(), form)
    else:
        _two_for_people(found, asked["names"], _day(asked["day"]))


@estimate.command(name="lists")
@click.argument("cells", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--lists", "names", multiple=True, help="哪几列是名单；默认除人数外的各列")
@DAY
@output.formats
def lists_(cells: Path, names: tuple[str, ...], form: str | None, day: Any) -> None:
    """三份以上名单：每种“在哪几份上”各有多少人，估计一共有多少人。

    例：dishu estimate lists 组合人数.csv

    每份名单一列，写 0 或 1，另有一列 count（人数）；各名单都没有的人不用写。不可能出现的组合人数写“不可能”。
    """
    table, remarks = reading.read(intake.raw(cells), names)
    found = lists(table)
    if form:
        numbers = manyanswers.numbers(found)
        _machine(numbers | {"warnings": remarks + numbers["warnings"]}, form)
    else:
        _many_for_people(found, remarks, _day(day))


def _day(value: Any) -> date:
    return output.day_of(value) or date.today()


def _machine(numbers: dict[str, Any], form: str) -> None:
    if form == "json":
        click.echo(json.dumps(numbers, ensure_ascii=False, indent=1))
        return
    flat = dict(_flat(numbers))
    writer = csv.writer(sys.stdout)
    writer.writerow(flat)
    writer.writerow(flat.values())


def _flat(numbers: dict[str, Any]) -> Any:
    """One cell per number; texts in one cell, the models' table only as JSON."""
    for name, value in numbers.items():
        if isinstance(value, dict):
            yield from ((f"{name}_{part}", number) for part, number in value.items())
        elif name != "models":
            yield name, "；".join(value) if isinstance(value, list) else value


def _two_for_people(found: answers.Two, names: Sequence[str], day: date) -> None:
    given = found.given
    rows = [
        [f"{names[0]}", f"{given.register:,.0f} 人", ""],
        [f"{names[1]}", f"{given.recount:,.0f} 人", ""],
        ["两份都有", f"{given.both:,.0f} 人", ""],
    ]
    if given.enough:
        rows += _estimates(found)
    output.draw(terminal.table(["", "数", f"{found.level:.0%} 区间"], rows, f"{'、'.join(names)}（{day}）", ["数"]))
    _tell([*found.sentences(), *(found.warnings() if given.enough else [])])
    if given.enough:
        _dependence(found)
        _tell([say("estimate_assumptions"), say("estimate_padding"), say("estimate_why_a_gap_is_fine")])


def _estimates(found: answers.Two) -> list[list[str]]:
    rate, total, lacking = found.coverage, found.total, found.missing
    ends = [rate.lower, rate.upper]
    if rate.share is None or rate.upper is None:
        return [["摸清率", "—", f"至少 {percent(rate.lower)}"], ["应有", "—", f"至多 {total.upper:,.0f} 人"]]
    return [
        ["摸清率", percent(rate.share), "—".join(percent(end) for end in ends if end is not None)],
        ["应有", f"{total.value:,.0f} 人", f"{total.lower:,.0f}—{total.upper:,.0f} 人"],
        ["还差", f"{lacking.value:,.0f} 人", f"{lacking.lower:,.0f}—{lacking.upper:,.0f} 人"],
    ]


def _dependence(found: answers.Two) -> None:
    """Two lists cannot show whether they depend on each other: what the total would be if they did."""
    rows = [
        [f"{odds:g}", f"{one.value:,.0f} 人", f"{one.lower:,.0f}—{one.upper:,.0f} 人"]
        for odds, one in twolists.dependence(found.counts, found.level).items()
    ]
    output.draw(terminal.table(["关联（比值比）", "应有", "区间"], rows, None, ["关联（比值比）", "应有"]))
    _tell([say("estimate_dependence")])


def _many_for_people(found: ManyLists, remarks: list[str], day: date) -> None:
    shown = found.models()[:10] if found.shown else []
    if shown:
        rows = [[m["formula"], f"{m['total']:,.0f}", f"{m['aic']:.1f}"] for m in shown]
        title = f"{'、'.join(found.cells.names)}（{day}）：拟合较好的模型，供比较，不单独使用"
        output.draw(terminal.table(["模型", "应有（人）", "AIC"], rows, title, ["应有（人）", "AIC"]))
    _tell([*remarks, *manyanswers.sentences(found), say("estimate_assumptions")])


def _tell(sentences: list[str]) -> None:
    for sentence in sentences:
        click.echo(sentence)
