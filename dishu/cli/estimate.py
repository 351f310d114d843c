"""`dishu estimate`: how many are missing, from two lists, from several, or from the rosters behind an edition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from dishu.cli import estimate_screens as screens
from dishu.cli import output
from dishu.cli.editions import opened
from dishu.cli.estimate_places import areas, places
from dishu.engine import intake
from dishu.engine.baseline.lists import Register
from dishu.engine.edition import Edition
from dishu.engine.estimate import answers, histories, manyanswers, reading
from dishu.engine.estimate.corrections import Audit
from dishu.engine.estimate.manylists import ManyLists, lists
from dishu.engine.estimate.places import by_place
from dishu.engine.territory import LEVELS

PEOPLE = click.IntRange(min=0)


class Estimate(output.Many, click.Group):
    """The group answers by itself when an edition is named: `--edition E --lists a b`."""

    def takes(self, arg: str) -> bool:
        """Whether a further word is another list and not a command."""
        return arg not in self.commands


@click.group(cls=Estimate, invoke_without_command=True)
@click.option("--edition", type=click.Path(path_type=Path), help="从这个版次背后的名册估计")
@click.option("--lists", "names", multiple=True, help="用哪些名册：写名称的一部分，可多个；甲+乙 算一份")
@click.option("--by", type=click.Choice(LEVELS), help="逐个地区估计（两份名单），人太少的与相邻地区合并")
@output.formats
@click.pass_context
def estimate(
    context: click.Context, edition: Path | None, names: Sequence[str], by: str | None, form: str | None
) -> None:
    """还差多少：由相互独立的名单估计应有人数和缺口，一律带区间。

    例：dishu estimate --edition 结果 --lists 组织部 协会 --by township

    用版次背后的名册估计时，第一份作在册名单，第二份作独立复核；三份以上用多名单模型。
    """
    if context.invoked_subcommand:
        return
    if edition is None:
        raise click.UsageError("请写 --edition 和 --lists，或写命令 two、lists")
    asked = [part for name in names for part in re.split("[,，、]", name) if part]
    _from_edition(edition, asked, by, form)


@estimate.command()
@click.option("--register", required=True, type=PEOPLE, help="在册人数")
@click.option("--recount", required=True, type=PEOPLE, help="独立复核（不带名册）找到的人数")
@click.option("--both", required=True, type=PEOPLE, help="其中已在册的人数")
@click.option("--frame", type=PEOPLE, help="复核是从多少人的名单里随机抽的（知道才写）")
@click.option("--audited", nargs=2, type=PEOPLE, metavar="抽查数 属实数", help="在册记录随机抽查的结果，用来扣除虚登")
@click.option("--missed-links", default=0.0, type=click.FloatRange(0, 1, max_open=True), help="两份名单漏配的比例")
@click.option("--level", default=0.95, show_default=True, type=click.FloatRange(0.5, 0.999), help="把握程度")
@click.option("--names", nargs=2, default=("在册名单", "独立复核"), help="两份名单的名称")
@screens.DAY
@output.formats
def two(register: int, recount: int, both: int, form: str | None, **asked: Any) -> None:
    """两份名单：摸清率、应有人数、还差多少人。

    例：dishu estimate two --register 842 --recount 180 --both 164
    """
    audit = Audit(*asked["audited"]) if asked["audited"] else None
    frame, level, missed = asked["frame"], asked["level"], asked["missed_links"]
    found = answers.two(register, recount, both, level, frame, audit, missed)
    if form:
        screens.machine(found.numbers(), form)
    else:
        screens.two(found, asked["names"], screens.day_of(asked["day"]))


@estimate.command(name="lists")
@click.argument("cells", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--lists", "names", multiple=True, help="哪几列是名单；默认除人数外的各列")
@screens.DAY
@output.formats
def lists_(cells: Path, names: tuple[str, ...], form: str | None, day: Any) -> None:
    """三份以上名单：每种“在哪几份上”各有多少人，估计一共有多少人。

    例：dishu estimate lists 组合人数.csv

    每份名单一列，写 0 或 1，另有一列 count（人数）；各名单都没有的人不用写。不可能出现的组合人数写“不可能”。
    """
    table, remarks = reading.read(intake.raw(cells), names)
    _many(lists(table), screens.day_of(day), form, remarks)


def _from_edition(path: Path, asked: Sequence[str], level: str | None, form: str | None) -> None:
    """Capture histories of the edition's members: two lists as a register and a re-count, more by models."""
    edition = opened(path)
    view = edition.facts().at(edition.day)
    register = Register.read(edition.path.parent / "register").tables.get("member")
    there = histories.sources(view, register)
    found = histories.histories(view, there, asked)
    remarks = histories.remarks(found, there, _doubtful(edition.path.parent / "review"))
    if level:
        _by_place(found, edition, level, form, remarks)
    elif len(asked) == 2:
        answer = answers.of(found.counts())
        if form:
            screens.machine(_with(answer.numbers(), remarks), form)
        else:
            screens.two(answer, asked, edition.day, remarks)
    else:
        _many(lists(found.cells()), edition.day, form, remarks)


def _by_place(found: histories.Histories, edition: Edition, level: str, form: str | None, remarks: list[str]) -> None:
    if len(found.names) != 2:
        raise ValueError("按地区估计只用两份名单；三份以上名单在一个地区里组合太少，请不写 --by")
    tree = edition.tree()
    names = {code: place.name for code, place in tree.now.items()}
    rows = by_place(found.strata(tree, level), names)
    screens.places(rows, form, found.names, edition.day, remarks)


def _doubtful(folder: Path) -> int:
    """How many pairs of rows about members nobody has decided on."""
    file = folder / "疑似同一党员.csv"
    return intake.raw(file).num_rows if file.is_file() else 0


def _many(found: ManyLists, day: date, form: str | None, remarks: list[str]) -> None:
    if form:
        screens.machine(_with(manyanswers.numbers(found), remarks), form)
    else:
        screens.many(found, day, remarks)


def _with(numbers: dict[str, Any], remarks: list[str]) -> dict[str, Any]:
    return numbers | {"warnings": remarks + numbers["warnings"]}


estimate.add_command(places)
estimate.add_command(areas)
