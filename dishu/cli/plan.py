"""`dishu plan`: joint branches for all units too small for a branch of their own."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import pyarrow as pa

from dishu.cli import output
from dishu.cli.editions import opened
from dishu.engine.plan import files, from_edition, job, limits, outputs, settings
from dishu.engine.plan.classify import as_host
from dishu.engine.plan.model import Limits, Locks, Prices

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
#: How often a person watching is told how many units are done.
STEP = 0.1


def _print_prices(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        click.echo(settings.preset(), nl=False)
        context.exit()


@click.command()
@click.argument("units", required=False, type=FILE)
@click.option("--orgs", type=FILE, help="现有党组织（可依托、挂靠的），一行一个")
@click.option(
    "--edition", type=click.Path(path_type=Path), help="不用名册，从版次里取单位和党组织（没有坐标，不计路程）"
)
@click.option("--place", help="与 --edition 同用：地区代码")
@click.option("--day", type=output.DAY, help="按哪一天的规定；默认今天，用版次时默认版次的日期")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="结果文件夹")
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(min=0), help="大约用多少秒")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(min=0), help="同样的输入和种子得同样的方案")
@click.option("--prices", "price_file", type=FILE, help="改变权重的文件；默认值用 --print-prices 看")
@click.option("--locks", "lock_file", type=FILE, help="已经定了的：在一起、分开、挂靠、保持")
@click.option("--before", type=FOLDER, help="从以前的方案（它的结果文件夹）出发，只改要改的，并列出不同")
@click.option("--own-hosts", is_flag=True, help="够条件单独组建的单位也当作可挂靠的党组织")
@click.option(
    "--print-prices", is_flag=True, is_eager=True, expose_value=False, callback=_print_prices, help="打印默认权重"
)
@output.formats
def plan(out: Path, form: str | None, **asked: Any) -> None:
    """组建方案：正式党员不足3名的单位怎样就近、按行业联合组建，或挂靠现有党组织。

    例：dishu plan 小单位.csv --orgs 党组织.csv --out 方案

    结果里 groups.csv 是每个单位的去处和理由，plan.json 是综合代价和证明过的下限，exceptions.csv 是要报批和要人看的，
    rows.csv 是退回的行和不在方案内的单位。方案先经独立核对，有一处不符就不发布。有退回的行时以 1 结束。
    """
    from dishu.engine.plan import solve  # here: it brings a compiler, for which no other command should wait

    began, tell = time.monotonic(), output.teller()
    task = _task(asked, solve.effort_for)
    _say_rows(task.taken, tell)
    if job.already(task, out):
        tell("同样的方案已经做过，结果没有变")
    else:
        made = job.make(task, solve.plan, told=_progress(len(task.taken.units), tell))
        outputs.write(made, out, time.monotonic() - began)
        output.show(_summary(made), form, f"组建方案（{task.day}）")
        _say_plan(made, out, tell)
    sys.exit(1 if any(remark.what == "refused" for remark in task.taken.remarks) else 0)


def _task(asked: dict[str, Any], effort_for: Callable[[float, int], int]) -> job.Task:
    taken, day, prices = _taken(asked)
    allowed = limits.at(day)
    if asked["own_hosts"]:
        taken = replace(taken, hosts=(*taken.hosts, *(as_host(unit, day) for unit in taken.own)))
    prices, allowed = _prices(asked["price_file"], prices, allowed)
    locks = _locks(asked["lock_file"], taken)
    before = outputs.earlier(asked["before"]) if asked["before"] else None
    effort = None if before else effort_for(asked["seconds"], len(taken.units))
    return job.Task(taken, day, prices, allowed, locks, asked["seed"], effort, before)


def _taken(asked: dict[str, Any]) -> tuple[files.Taken, date, Prices]:
    """Units and hosts with the day and the usual prices: from files or from an edition."""
    if asked["edition"]:
        if asked["units"] or asked["orgs"]:
            raise click.UsageError("用了 --edition 就不再写名册文件；两样选一样")
        edition = opened(asked["edition"])
        day = output.day_of(asked["day"]) or edition.day
        place = asked["place"] or edition.tree(day).tops()[0]
        return from_edition.read(edition, place, day), day, from_edition.prices()
    if not asked["units"]:
        raise click.UsageError("没有写小单位的名册；例：dishu plan 小单位.csv --out 方案")
    if asked["place"]:
        raise click.UsageError("--place 只和 --edition 同用")
    day = output.day_of(asked["day"]) or datetime.now().astimezone().date()
    return files.read(asked["units"], asked["orgs"], day), day, Prices()


def _prices(path: Path | None, usual: Prices, allowed: Limits) -> tuple[Prices, Limits]:
    return settings.read_prices(path, allowed, usual) if path else (usual, allowed)


def _locks(path: Path | None, taken: files.Taken) -> Locks:
    if path is None:
        return Locks()
    return settings.read_locks(path, {u.unit_id: u.branch for u in taken.units}, {h.org_id for h in taken.hosts})


def _say_rows(taken: files.Taken, tell: Any) -> None:
    counts = Counter(remark.what for remark in taken.remarks)
    tell(f"要规划的单位 {len(taken.units):,} 个，可依托的党组织 {len(taken.hosts):,} 个；"
         f"不在方案内 {counts['aside']:,} 行，退回 {counts['refused']:,} 行，有疑问 {counts['warned']:,} 行")  # fmt: skip
    for remark in [remark for remark in taken.remarks if remark.what == "refused"][:5]:
        click.echo(f"  退回 {remark.file} 第{remark.row}行 {remark.id}：{remark.text}", err=True)
    if taken.markets:
        some = "、".join(taken.names.get(m.market, m.market) for m in taken.markets[:5])
        tell(f"市场、园区 {len(taken.markets)} 处够条件先建党支部（markets.csv）：{some}")


def _progress(units: int, tell: Any) -> Any:
    """Told how many units are done since the last time; says so at every tenth."""
    done, said = 0, 0.0

    def told(more: int) -> None:
        nonlocal done, said
        done += more
        if units and done / units >= said + STEP:
            said = done / units
            tell(f"已排 {done:,} / {units:,} 个单位")

    return told


def _summary(made: job.Plan) -> pa.Table:
    """One row: what the plan comes to."""
    scheme, reasons = made.scheme, made.explained
    kinds = Counter(reason.group.kind for reason in reasons.units)
    joint = [group for group in scheme.groups if group.kind == "joint"]
    codes = Counter(found.code for found in reasons.exceptions)
    return pa.table({
        "联合党支部": [len(joint)], "覆盖单位": [kinds["joint"]], "挂靠单位": [kinds["attached"]], "待研究单位": [kinds["uncovered"]],
        "超一般数": [codes["above_usual"]], "刚好达到": [codes["fragile"]],
        "综合代价（公里）": [scheme.objective],
        "下限": [round(scheme.lower_bound, 3) if scheme.bound_valid and scheme.lower_bound is not None else None],
        "差距不超过": [None if scheme.gap is None else f"{scheme.gap:.2%}"], "核对不符": [made.violations],
    })  # fmt: skip


def _say_plan(made: job.Plan, out: Path, tell: Any) -> None:
    what, before = outputs.changes(made), "以前的方案" if made.task.before else "今天"
    tell(f"与{before}比：支部不变 {len(what.kept):,}、调整 {len(what.changed):,}、新增 {len(what.new):,}、不再有 {len(what.dissolved):,}；"
         f"单位变动 {len(what.moved):,} 个（changes.csv）；路程合计 {what.km_before:,.1f} → {what.km_after:,.1f} 公里")  # fmt: skip
    if made.scheme.gap is not None:
        tell(f"按这套权重，综合代价比证明过的下限最多高 {made.scheme.gap:.2%}；权重是选择，不是事实")
    tell(f"独立核对无不符；写在 {out}")
