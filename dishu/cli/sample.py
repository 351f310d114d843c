"""`dishu sample`: a random audit of reported records that anyone can repeat: plan, draw, assess."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pyarrow as pa

from dishu.cli import output
from dishu.engine import intake
from dishu.engine.sample import Audit, draw, fixed, results, sheet, stopping, telling

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def terms(command: output.Decorated) -> output.Decorated:
    """The options --size, --tolerance and --risk."""
    for name, text in (("risk", "误判风险，例如 0.05"), ("tolerance", "容许差错率，例如 0.05 或 5%")):
        command = click.option(f"--{name}", required=True, help=text)(command)
    return click.option("--size", required=True, type=click.IntRange(min=1), help="上报（名单）总条数")(command)


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
@click.argument("frame", metavar="名单文件", type=FILE)
@click.option("--seed", help="当众摇出的种子；不写则只给出名单摘要，供先行公布")
@click.option("--number", type=click.IntRange(min=1), help="抽几条；再多抽时已抽的不变")
@click.option("--column", help="编号所在的列；默认按列名找")
@click.option("--frame-hash", help="先前公布的名单摘要；名单与它不符就不抽")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="抽查表（CSV），核查后填“结果”一栏")
@output.formats
def draw_(
    frame: Path, seed: str | None, number: int | None, column: str | None, frame_hash: str | None,
    out: Path | None, form: str | None,
) -> None:  # fmt: skip
    """抽哪些：按种子从名单里抽，谁来算、行怎么排都一样。

    例：dishu sample draw 名单.csv --seed 20261122 --number 60 --out 抽查表.csv
    """
    ids = sheet.ids(intake.raw(frame), column)
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
    if out:
        sheet.write(out, drawn)
    if form == "json":
        click.echo(json.dumps(drawn, ensure_ascii=False, indent=1))
    else:
        columns = {"order" if form else "顺序": range(1, number + 1), "id" if form else "编号": drawn}
        output.show(pa.table({name: list(values) for name, values in columns.items()}), form, "抽查名单")
    click.echo(telling.drawn(len(ids), number, draw.normal(seed), digest), err=True)


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
    for text in telling.standing(found, audit):
        click.echo(text, err=bool(form))
    for note in read.notes:
        click.echo(note, err=True)
