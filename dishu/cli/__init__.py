"""The engine from a terminal: rosters in, figures, lists and reports out.

Exit codes: 0 done; 1 done, but rows came back to be corrected or something was found wrong (it is named);
2 the call was wrong or nothing could be done (it is said why).
"""

from __future__ import annotations

import sys
from typing import Any

import click

import dishu
from dishu.cli import (
    backup,
    baseline,
    bench,
    demo,
    dues,
    editions,
    estimate,
    flags,
    ids,
    match,
    plan,
    reference,
    sample,
    site,
    speech,
)
from dishu.engine.intake import FileRefused

REFUSALS = (LookupError, ValueError, RuntimeError, OSError, FileRefused)


class Spoken(click.Group):
    """Errors that a person can act on are said in one line of Chinese; only what nobody foresaw shows its trace."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read what was typed before the command's name."""
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise _wrong(error, info_name or "dishu") from error

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a refusal becomes its message and exit code 2."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise _wrong(error, f"{ctx.command_path} {ctx.invoked_subcommand or ''}".rstrip()) from error
        except REFUSALS as refusal:
            if isinstance(refusal, click.exceptions.Exit | click.Abort | BrokenPipeError):
                raise
            click.echo(f"没有完成：{_told(refusal) or type(refusal).__name__}", err=True)
            sys.exit(2)


def _told(refusal: Exception) -> str:
    if isinstance(refusal, OSError):
        return speech.system(refusal)
    # a KeyError's str() is quoted
    return str(refusal.args[0] if isinstance(refusal, LookupError) and refusal.args else refusal)


def _wrong(error: click.UsageError, asked: str) -> click.ClickException:
    """A group without a command shows its page; every other wrong call is said in two lines."""
    return error if isinstance(error, click.exceptions.NoArgsIsHelpError) else speech.WrongCall(error, asked)


@click.group(cls=Spoken, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(dishu.__version__, prog_name="dishu")
def main() -> None:
    """底数：名册进，信得过的数字出；每个数都能点开到行。

    例：dishu baseline --units 登记/*.xlsx --members 党员/*.csv --day 2026-10-31 --out 结果
    """


for command in (
    baseline.baseline, match.match, editions.figures, editions.rows, editions.trend, editions.table27,
    editions.compare, editions.check, ids.ids, reference.layouts, demo.demo_data, demo.demo, bench.bench,
    dues.dues, estimate.estimate, flags.flags, plan.plan, sample.sample, site.serve, site.manage,
    backup.backup, backup.restore,
):  # fmt: skip
    main.add_command(command)
