"""`dishu estimate places|areas`: tables of counts, for every place, or for areas drawn by lot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dishu.cli import estimate_screens as screens
from dishu.cli import output
from dishu.engine import intake
from dishu.engine.estimate import areas as sampling
from dishu.engine.estimate import counts
from dishu.engine.estimate.places import by_place
from dishu.engine.wording import say

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("table", type=FILE)
@click.option("--names", nargs=2, default=("在册名单", "独立复核"), help="两份名单的名称")
@screens.DAY
@output.formats
def places(table: Path, names: tuple[str, str], day: Any, form: str | None) -> None:
    """逐个地区估计并合计：人太少的与相邻地区（同一上级的优先）合并。

    例：dishu estimate places 各乡镇人数.csv

    一行一个地区，列：地区、在册、复核、重合；有“上级”更好。相邻的地区写在一起。
    """
    rows = by_place(counts.strata(intake.raw(table)), {})
    screens.places(rows, form, names, screens.day_of(day), [])


@click.command()
@click.argument("table", type=FILE)
@click.option("--register", required=True, type=click.IntRange(min=1), help="全部片区的在册人数")
@click.option("--frame", required=True, type=click.IntRange(min=1), help="一共多少个片区")
@click.option(
    "--confirmed", default=1.0, type=click.FloatRange(0, 1, min_open=True), help="在册记录的属实率（由抽查得来）"
)
@screens.DAY
@output.formats
def areas(table: Path, register: int, frame: int, confirmed: float, day: Any, form: str | None) -> None:
    """抽若干片区、区内全部复核，推算全部片区应有多少人。

    例：dishu estimate areas 抽中片区.csv --register 8420 --frame 200

    一行一个抽中的片区，列：复核、重合；各片区抽中的机会不等时加一列“抽中机会”。
    """
    drawn = counts.areas(intake.raw(table), frame)
    found = sampling.from_areas(register, drawn, frame, confirmed)
    true = register * confirmed
    numbers = {"areas": len(drawn), "frame": frame, "total": found.value, "lower": found.lower, "upper": found.upper,
               "missing": found.value - true, "missing_lower": found.lower - true, "missing_upper": found.upper - true}  # fmt: skip
    ends = {name: round(value) for name, value in numbers.items()}
    text = say("estimate_areas" if found.value > true else "estimate_areas_none_missed", **ends, register=round(true))
    if form:
        screens.machine(numbers | {"warnings": []}, form)
    else:
        screens.tell([f"日期：{screens.day_of(day)}", text, say("estimate_floor"), say("estimate_assumptions")])
