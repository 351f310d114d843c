"""How answers leave the terminal: a table for people, JSON or CSV for machines; progress goes to stderr."""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import click
import pyarrow as pa
from rich.console import Console
from rich.table import Table

from dishu.cli import speech
from dishu.engine.indicators import BY_CODE
from dishu.engine.profile import KINDS
from dishu.engine.report import terminal

speech.speak()  # here, because every command asks for its output first, and click names its types when they are made
Decorated = Callable[..., Any]
TITLES = {
    "indicator": "指标", "place": "地区", "name": "名称", "total": "总数", "held": "达到", "failed": "未达到",
    "unknown": "情况不明", "share": "占比", "verified_share": "已核实", "day": "日期", "change": "变化",
    "before": "前", "after": "后", "reason": "原因", "subject": "对象", "key": "编号",
}  # fmt: skip
NUMBERS = ("total", "held", "failed", "unknown", "share", "verified_share")


class Day(click.DateTime):
    """A day as 2026-10-31."""

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What the page shows in its place."""
        return "日期"


DAY = Day(formats=["%Y-%m-%d"])


class Many(click.Command):
    """A command whose repeatable options take all that follows: `--units a.xlsx b.csv --members c.csv`."""

    def takes(self, arg: str) -> bool:
        """Whether a further word belongs to the option before it."""
        return True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Repeat the option before each further word, as click wants it."""
        many = {name for p in self.params if isinstance(p, click.Option) and p.multiple for name in p.opts}
        spread: list[str] = []
        option, given = None, 0
        for arg in args:
            if arg.startswith("-"):
                option, given = (arg if arg in many else None), 0
                spread += [] if option else [arg]
            elif option and (given == 0 or self.takes(arg)):
                spread, given = [*spread, option, arg], given + 1
            else:
                spread.append(arg)
        return super().parse_args(ctx, spread)


class ManyCodes(Many):
    """The same for indicator codes, which nothing else on the line looks like."""

    def takes(self, arg: str) -> bool:
        """Whether the word is an indicator's code (or a kind of unit)."""
        return arg in BY_CODE or arg in KINDS


def formats(command: Decorated) -> Decorated:
    """The options --json and --csv, together as `form`."""
    for flag, text in (("csv", "输出 CSV"), ("json", "输出 JSON")):
        command = click.option(f"--{flag}", "form", flag_value=flag, help=text)(command)
    return command


def show(table: pa.Table, form: str | None, title: str = "") -> None:
    """Print a table to stdout in the form asked for."""
    if form == "json":
        click.echo(json.dumps(table.to_pylist(), ensure_ascii=False, default=str, indent=1))
    elif form == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(table.column_names)
        writer.writerows(zip(*(column.to_pylist() for column in table.columns), strict=True))
    else:
        _for_people(table, title)


def _for_people(table: pa.Table, title: str) -> None:
    columns = [TITLES.get(name, name) for name in table.column_names]
    rows = [[cell(name, value) for name, value in row.items()] for row in table.to_pylist()]
    right = [
        TITLES.get(n, n) for n in table.column_names if n in NUMBERS or pa.types.is_integer(table.schema.field(n).type)
    ]
    draw(terminal.table(columns, rows, title or None, right))


def draw(drawn: Table) -> None:
    """Print a drawn table; wide where nobody's screen says how wide."""
    Console(width=None if sys.stdout.isatty() else 200).print(drawn)


def cell(name: str, value: Any) -> str:
    """One cell for people: shares as percent, thousands apart, empty as a dash.

    >>> cell("share", 0.984), cell("held", 64492), cell("share", None), cell("share", 0.99996)
    ('98.40%', '64,492', '—', '99.99%')
    """
    if value is None:
        return "—"
    if name.endswith("share"):
        return percent(value)
    if isinstance(value, int) and not isinstance(value, bool) and name in NUMBERS:
        return f"{value:,}"
    return str(value)


def percent(share: float) -> str:
    """A share in percent; what is not whole is never rounded up to 100 %."""
    text = f"{share:.2%}"
    return "99.99%" if text == "100.00%" and share < 1 else text


def teller() -> Callable[[str], None]:
    """Says on stderr what is being done and how long it has taken."""
    start = time.monotonic()

    def tell(text: str) -> None:
        click.echo(f"[{time.monotonic() - start:6.1f} 秒] {text}", err=True)

    return tell


def day_of(value: Any) -> date | None:
    """The day a `DAY` option was given; None where it was not."""
    return value.date() if value is not None else None
