"""`dishu sample`: a random audit of reported records that anyone can repeat: plan, draw, assess."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pyarrow as pa

from dishu.cli import output
from dishu.cli.editions import opened
from dishu.engine import figures as engine
from dishu.engine import intake
from dishu.engine.indicators import PARTS, get
from dishu.engine.sample import Audit, draw, fixed, inspectors, results, sheet, stopping, telling

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def terms(command: output.Decorated) -> output.Decorated:
    """The options --size, --tolerance and --risk."""
    for name, text in (("risk", "误判风险，例如 0.05"), ("tolerance", "容许差错率，例如 0.05 或 5%")):
        command = click.option(f"--{name}", required=True, help=text)(command)
    return click.option("--size", required=True, type=click.IntRange(1, 10_000_000), help="上报（名单）总条数")(command)


@click.group()
def sample() -> None:
    """抽查上报数：抽多少、抽哪些、什么时候可以停。

    例：dishu sample plan --size 842 --tolerance 0.05 --risk 0.05
    """


@sample.command()
@terms
@click.option("--errors", default=2, show_default=True, type=click.IntRange(min=0, max=100), help="算到容许几条差错")
@output.formats
def plan(size: int, tolerance: str, risk: str, errors: int, form: str | None) -> None:
    """抽多少：容许 0、1、2 条差错各要抽几条；逐条核时最早在第几条可以停。

    例：dishu sample plan --size 842 --tolerance 0.05 --risk 0.05
    """
    audit = Audit.of(size, tolerance, risk)
    sizes = fixed.table(audit, errors)
    if form == "json":
        listed = [{"errors": allowed, "n": n} for allowed, n in sizes]
        stop = stopping.first_stop(audit)
        answer = {"unacceptable": audit.unacceptable, "fixed": listed, "sequential_first_stop": stop}
        return click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    stops = [stopping.first_stop(audit, allowed) for allowed, _ in sizes]
    columns = {"errors": [allowed for allowed, _ in sizes], "n": [n for _, n in sizes], "sequential_first_stop": stops}
    title = f"{size:,} 条中有 {audit.unacceptable:,} 条差错就不能接受"
    if not form:
        columns = dict(zip(("容许差错", "固定抽取", "逐条核最早停在"), columns.values(), strict=True))
    output.show(pa.table(columns), form, title)
    for text in telling.plan(audit):
        click.echo(text, err=True)
    return None


@sample.command(name="draw")
@click.argument("frame", metavar="[名单文件]", type=FILE, required=False)
@click.option("--edition", type=click.Path(path_type=Path), help="不用名单文件：从版次里取一个数字背后的行，按编号抽")
@click.option("--indicator", "code", help="版次里的哪个指标")
@click.option("--place", help="版次里的哪个地区")
@click.option("--part", type=click.Choice(PARTS), default="held", show_default=True, help="这个指标的哪一部分")
@click.option("--seed", help="当众摇出的种子；不写则只给出名单摘要，供先行公布")
@click.option("--number", type=click.IntRange(min=1), help="抽几条；再多抽时已抽的不变")
@click.option("--column", help="编号所在的列；默认按列名找")
@click.option("--frame-hash", help="先前公布的名单摘要；名单与它不符就不抽")
@click.option(
    "--inspectors", "people", type=FILE, help="核查人名单（编号、所在地、上限）；用同一种子派人，避开本地和本人登记的"
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="抽查表（CSV），核查后填“结果”一栏")
@output.formats
def draw_(
    frame: Path | None, seed: str | None, number: int | None, frame_hash: str | None, people: Path | None,
    out: Path | None, form: str | None, **asked: Any,
) -> None:  # fmt: skip
    """抽哪些：按种子从名单里抽，谁来算、行怎么排都一样。

    例：dishu sample draw 名单.csv --seed 20261122 --number 60 --out 抽查表.csv
    """
    table, ids = framed(frame, **asked)
    digest = draw.frame_hash(ids)
    if frame_hash and frame_hash.strip().lower() != digest:
        raise ValueError(f"名单与公布的摘要不符：现在是 {digest}。名单在公布后有改动，不能抽；请找回公布时的名单")
    if seed is None:
        click.echo(json.dumps({"size": len(ids), "frame_hash": digest}) if form == "json" else digest)
        click.echo(telling.frame(len(ids), digest), err=True)
        return
    if number is None:
        raise ValueError("没有写抽几条：加上 --number；抽多少见 dishu sample plan")
    drawn = draw.draw(ids, seed, number)
    sent = None
    if people:
        sent = list(
            inspectors.assign(seed, sheet.records(table, ids, drawn), sheet.inspectors(intake.raw(people))).values()
        )
    if out:
        sheet.write(out, drawn, sent)
    show_drawn(drawn, sent, form)
    click.echo(telling.drawn(len(ids), number, draw.normal(seed), digest), err=True)


def framed(
    frame: Path | None, edition: Path | None, code: str | None, place: str | None, part: str, column: str | None
) -> tuple[pa.Table, list[str]]:
    """The list to draw from, and its ids: of a file, or the rows behind one figure of an edition."""
    if (frame is None) == (edition is None):
        raise ValueError("写一个名单文件，或者用 --edition 写一个版次")
    if frame is not None:
        table = intake.raw(frame)
        return table, sheet.ids(table, column)
    if not (edition and code and place):
        raise ValueError("从版次抽样要同时写 --edition、--indicator 和 --place")
    one = opened(edition)
    found = engine.rows(engine.states_at(one.facts(), one.day), one.tree(), code, place, part).to_pyarrow()
    ids = found[get(code).subject].cast(pa.string())
    return pa.table({"编号": ids, "所在地": found["place"]}), draw.frame(ids.to_pylist())


def show_drawn(drawn: list[str], sent: list[str] | None, form: str | None) -> None:
    """The drawn ids in order, with the inspectors where they were drawn too."""
    if form == "json":
        listed = (
            drawn if sent is None else [{"id": one, "inspector": who} for one, who in zip(drawn, sent, strict=True)]
        )
        return click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
    names = ("order", "id", "inspector") if form else ("顺序", "编号", "核查人")
    columns = [list(range(1, len(drawn) + 1)), drawn, *([sent] if sent else [])]
    return output.show(pa.table(dict(zip(names, columns, strict=False))), form, "抽查名单")


@sample.command()
@terms
@click.argument("file", metavar="结果文件", type=FILE)
@click.option("--column", help="结果所在的列；默认按列名找")
@click.option("--frame", type=FILE, help="抽样的名单；与 --seed 一起写，核对结果就是抽中的、次序也对")
@click.option("--seed", help="抽样的种子")
@output.formats
def assess(
    size: int, tolerance: str, risk: str, file: Path, column: str | None, frame: Path | None, seed: str | None,
    form: str | None,
) -> None:  # fmt: skip
    """核到这里能停了吗：按抽中的次序写结果，1 属实、0 差错；没有证实的按差错计。

    例：dishu sample assess --size 842 --tolerance 0.05 --risk 0.05 抽查表.csv
    """
    audit = Audit.of(size, tolerance, risk)
    table = sheet.in_order(intake.raw(file))
    if (frame is None) != (seed is None):
        raise ValueError("核对抽样要同时写 --frame 和 --seed")
    if frame and seed:
        sheet.check_drawn(table, sheet.ids(intake.raw(frame)), seed, size)
    name = sheet.column(table, column, sheet.RESULTS)
    read = results.read(table[name].to_pylist(), table["_row"].to_pylist())
    found = stopping.assess(read.scores, audit)
    if form == "json":
        click.echo(json.dumps(vars(found), ensure_ascii=False, indent=1))
    elif form == "csv":
        output.show(pa.Table.from_pylist([vars(found)]), form)
    for text in telling.standing(found, audit) + telling.bound(read.scores, audit):
        click.echo(text, err=bool(form))
    for note in read.notes:
        click.echo(note, err=True)
