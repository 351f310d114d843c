"""`dishu baseline`: the main job."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
import pyarrow as pa
import pyarrow.compute as pc
from rich.table import Table

from dishu.cli import output, secret
from dishu.engine.baseline import Job, already, formation, missing, outputs, run
from dishu.engine.edition import Edition
from dishu.engine.figures import states_at
from dishu.engine.indicators import SIX
from dishu.engine.report import letter, terminal
from dishu.engine.report.content import Content

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(cls=output.Many)
@click.option("--units", "-u", multiple=True, required=True, type=FILE, help="登记、个体、市场名册，可多个")
@click.option("--members", "-m", multiple=True, type=FILE, help="党员花名册、组织关系名册，可多个")
@click.option("--organizations", "-g", multiple=True, type=FILE, help="党组织名册、组建计划，可多个")
@click.option("--day", required=True, type=output.DAY, help="截至日期，如 2026-10-31")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="结果文件夹（不覆盖已有的版次）")
@click.option("--scope", help="地区代码，如 4213；不写则从名册里的县名推断")
@click.option("--key", type=click.Path(path_type=Path), help=f"密钥文件；默认 {secret.DEFAULT}")
@click.option("--letter", type=FILE, help="公文要素（机关、文号、主送、抄送……），写进 report.docx；写法见上")
@output.formats
def baseline(form: str | None, **asked: Any) -> None:
    """主要工作：名册进，版次、数字、清单、退回的行、两份报告出。

    例：dishu baseline --units 登记/*.xlsx --members 党员/*.csv --day 2026-10-31 --out 结果

    同样的名册再做一次，什么也不改变。有退回的行时以 1 结束，行在 rejected.xlsx 里，改好可以再送。

    公文要素是一个文本文件，每行一项，不写的不印，例如：

    \b
    发文机关标志: 中共随州市委组织部文件
    发文字号: 随组文〔2007〕12号
    主送机关: 市委
    发文机关署名: 中共随州市委组织部
    成文日期: 2007-08-03
    抄送: [市政府办公室, 各县（市、区）委组织部]
    印发机关: 中共随州市委组织部办公室
    印发日期: 2007-08-06

    还可以写：签发人（上行文）、标题、附注。
    """
    job = Job(
        units=asked["units"],
        members=asked["members"],
        organizations=asked["organizations"],
        day=asked["day"].date(),
        out=asked["out"],
        secret=secret.read(asked["key"]),
        moment=datetime.now(UTC).isoformat(timespec="seconds"),
        scope=asked["scope"],
        letter=letter.read(asked["letter"]) if asked["letter"] else None,
    )
    sys.exit(do(job, form))


def do(job: Job, form: str | None = None) -> int:
    """Run the job, print the six 100 %, say where things lie; returns the exit code."""
    tell = output.teller()
    edition = already(job)
    if edition is not None:
        tell("同样的名册已经做过，结果没有变")
    else:
        edition, _ = run(job, tell, partial(outputs.write, letter=job.letter))
    _show(edition, form)
    if not form:
        _show_more(job.out)
    return _say(job, edition)


def _show(edition: Edition, form: str | None) -> None:
    """All figures for machines; for people the six 100 % of the topmost place that has everything in it."""
    if form:
        output.show(outputs.figures_csv(edition), form)
        return
    sealed = edition.sealed_figures()
    units = [row for row in sealed.to_pylist() if row["indicator"] == "units"]
    top = max(units, key=lambda row: (row["total"], len(row["place"])))
    output.draw(_six(edition, sealed, top, top["name"]))
    small = outputs.small_sector(states_at(edition.facts(), edition.day), edition.tree(), top["place"])
    if small is not None:
        output.draw(_six(edition, small, top, f"{top['name']}个体工商户和市场"))


def _show_more(out: Path) -> None:
    """How many are missing and what is proposed for those without an organization, as far as the run has told."""
    for text in (*missing.sentences(out / missing.FILE)[:2], formation.line(out / formation.FOLDER)):
        if text:
            click.echo(text)


def _six(edition: Edition, table: pa.Table, top: dict[str, Any], title: str) -> Table:
    here = table.filter(pc.equal(table["place"], top["place"]))
    nothing = {**top, "total": 0, "held": 0, "failed": 0, "unknown": 0, "share": None, "verified_share": None}
    missing = {i.code for i in SIX} - set(here["indicator"].to_pylist())  # nothing to count is a figure, too
    rows = [nothing | {"indicator": code} for code in sorted(missing)]
    here = pa.concat_tables([here, pa.Table.from_pylist(rows, schema=here.schema)])
    content = Content(
        title="",
        place_name=title,
        day=edition.day,
        edition=edition.short_hash,
        figures=here.append_column("parent", pa.nulls(here.num_rows, pa.string())),
        definitions=outputs.definitions(edition.day),
    )
    return terminal.six(content)


def _say(job: Job, edition: Edition) -> int:
    """Where things lie and what came back: the same words and the same exit code however often it is asked."""
    plan = f"{formation.FOLDER}/、" if (job.out / formation.FOLDER).is_dir() else ""
    click.echo(f"结果在 {job.out}：report.xlsx、report.docx、figures.csv、rows/、review/、{plan}edition/", err=True)
    back, files = edition.manifest["source"]["refused_rows"], edition.manifest["source"]["refused_files"]
    for refused in files:
        click.echo(f"没有读入 {refused}", err=True)
    if back:
        click.echo(f"退回 {back:,} 行，原因和改法在 {job.out / 'rejected.xlsx'}；改好后可再送", err=True)
    return 1 if back or files else 0
