"""Commands on an edition: its figures, the rows behind them, its trend, table 27, comparing and checking."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click
import pyarrow as pa

from dishu.cli import output
from dishu.engine import annual, backends, checking, comparing, kept
from dishu.engine import edition as editions
from dishu.engine import figures as engine
from dishu.engine.baseline.lists import Register, listed
from dishu.engine.indicators import PARTS, get
from dishu.engine.profile import KINDS
from dishu.engine.territory import LEVELS
from dishu.standards import calendar

EDITION = click.argument("edition", metavar="版次文件夹", type=click.Path(path_type=Path))
BORDERS = click.option("--borders", type=click.Choice(["then", "now"]), default="then", help="按当时还是现在的区划边界")
BACKEND = click.option("--backend", type=click.Choice(["duckdb", "spark"]), default="duckdb", help="在哪里计算")


def opened(path: Path) -> editions.Edition:
    """The edition in a folder, or in the `edition` folder of a baseline's result."""
    inner = path / "edition"
    return editions.open(inner if (inner / "manifest.json").is_file() else path)


def _day(edition: editions.Edition, value: Any) -> date:
    return output.day_of(value) or edition.day


@click.command(cls=output.ManyCodes)
@EDITION
@click.option("--day", type=output.DAY, help="哪一天的数；默认版次的日期")
@click.option("--by", type=click.Choice(LEVELS), help="只要这一级")
@click.option("--indicator", "codes", multiple=True, help="指标代码，可多个；默认全部")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="只算这一类单位，可多个")
@click.option("--above-size/--below-size", "above_size", default=None, help="只算规模以上（以下）")
@BORDERS
@BACKEND
@output.formats
def figures(edition: Path, form: str | None, **asked: Any) -> None:
    """任一天、各地区的指标数字。

    例：dishu figures 结果/edition --day 2007-07-31 --by county --indicator plan_progress
    """
    one = opened(edition)
    day = _day(one, asked["day"])
    facts = kept.facts(one) if asked["backend"] == "duckdb" else one.facts(backends.connect(asked["backend"]))
    counts = engine.Counts.of(engine.states_at(facts, day))
    part = engine.Slice(asked["kinds"], asked["above_size"])
    table = engine.figures(counts, one.tree(day, asked["borders"]), asked["codes"], asked["by"], part)
    output.show(table.drop_columns(["level"]), form, f"{day} 的指标（版次 {one.short_hash}）")


@click.command()
@EDITION
@click.option("--indicator", "code", required=True, help="指标代码")
@click.option("--place", required=True, help="地区代码")
@click.option("--day", type=output.DAY, help="哪一天；默认版次的日期")
@click.option("--part", type=click.Choice(PARTS), default="total", help="哪一部分")
@BORDERS
@output.formats
def rows(edition: Path, code: str, place: str, form: str | None, **asked: Any) -> None:
    """一个数字背后的每一行。

    例：dishu rows 结果/edition --indicator single_formed --place 421302 --part failed
    """
    one = opened(edition)
    tree = one.tree(_day(one, asked["day"]), asked["borders"])
    states = engine.states_at(one.facts(), _day(one, asked["day"]))
    found = engine.rows(states, tree, code, place, asked["part"])
    register = Register.read(one.path.parent / "register")
    table = listed(found, get(code).subject, tree, register)
    output.show(table, form, f"{get(code).name}：{table.num_rows:,} 行")


@click.command(cls=output.ManyCodes)
@EDITION
@click.option("--indicator", "codes", multiple=True, required=True, help="指标代码，可多个")
@click.option("--place", required=True, help="地区代码")
@click.option("--months", default=24, show_default=True, help="到截至日期为止几个月")
@click.option("--day", type=output.DAY, help="到哪一天；默认版次的日期")
@output.formats
def trend(edition: Path, codes: tuple[str, ...], place: str, form: str | None, **asked: Any) -> None:
    """一个地区逐月的走势。

    例：dishu trend 结果/edition --indicator work_covered --place 4213 --months 12
    """
    one = opened(edition)
    day = _day(one, asked["day"])
    cube = kept.cube(one)
    first = calendar.add_months(day, -asked["months"])
    days = [d for d in calendar.month_ends(first, day) if d < day] + [day]
    leaves = one.tree().under(place, cube.leaves)
    tables = [cube.trend(code, days, leaves).add_column(0, "indicator", [[code] * len(days)]) for code in codes]
    output.show(_with_share(pa.concat_tables(tables)), form, f"{place} 的走势")


def _with_share(table: pa.Table) -> pa.Table:
    pairs = zip(table["held"].to_pylist(), table["total"].to_pylist(), strict=True)
    return table.append_column(
        "share", pa.array([held / total if total else None for held, total in pairs], pa.float64())
    )


@click.command()
@EDITION
@click.option("--place", help="地区代码；默认最上一级")
@click.option("--day", type=output.DAY, help="哪一天；默认版次的日期")
@output.formats
def table27(edition: Path, place: str | None, form: str | None, **asked: Any) -> None:
    """党内统计年报表27：非公有制企业建立党组织情况，连同表内核对关系。

    例：dishu table27 结果/edition --place 421302
    """
    one = opened(edition)
    day = _day(one, asked["day"])
    tree = one.tree(day)
    filled = annual.table27(engine.states_at(one.facts(), day), tree, place or tree.tops()[0])
    output.show(filled.table(), form, f"附表27（{day}，版次 {one.short_hash}）")
    for text in filled.failed_checks():
        click.echo(f"核对不符：{text}", err=True)
    sys.exit(1 if filled.failed_checks() else 0)


@click.command(cls=output.ManyCodes)
@click.argument("before", metavar="前一版次", type=click.Path(path_type=Path))
@click.argument("after", metavar="后一版次", type=click.Path(path_type=Path))
@click.option("--indicator", "codes", multiple=True, help="指标代码，可多个；默认全部")
@output.formats
def compare(before: Path, after: Path, codes: tuple[str, ...], form: str | None) -> None:
    """两个版次逐行比较：谁进来了，谁出去了，谁变了，为什么。

    例：dishu compare 七月/edition 八月/edition --indicator base_known
    """
    table = comparing.compare(opened(before), opened(after), codes)
    output.show(table, form, f"{table.num_rows:,} 处不同")


@click.command()
@EDITION
@output.formats
def check(edition: Path, form: str | None) -> None:
    """核对一个版次：文件、键、规则，并把封存的数字重算一遍。

    例：dishu check 结果/edition
    """
    one = opened(edition)
    found = checking.check(one)
    table = pa.table(
        {"代码": pa.array([f.code for f in found], pa.string()), "问题": pa.array([f.text for f in found], pa.string())}
    )
    if form or found:
        output.show(table, form, "发现的问题")
    else:
        count = one.sealed_figures().num_rows
        click.echo(f"版次 {one.short_hash}（{one.day}）完好：文件未变，键相符，规则未变，{count:,} 个数字重算一致")
    sys.exit(1 if found else 0)
