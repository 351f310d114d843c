"""`dishu bench`: how fast, how large, compared with what; needs a checkout of the project."""

from __future__ import annotations

import runpy
from pathlib import Path

import click

BENCHES = Path(__file__).parents[2] / "benchmarks"


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("which", nargs=-1)
def bench(which: tuple[str, ...]) -> None:
    """跑基准：不写名称则全部跑。

    例：dishu bench figures
    """
    files = {path.stem: path for path in sorted(BENCHES.glob("*.py")) if not path.stem.startswith("_")}
    if not files:
        raise FileNotFoundError("没有 benchmarks 文件夹：基准要在项目的检出里跑")
    unknown = [name for name in which if name not in files]
    if unknown:
        raise LookupError(f"没有基准 {'、'.join(unknown)}；可用：{'、'.join(files)}")
    for name in which or files:
        click.echo(f"== {name}", err=True)
        runpy.run_path(str(files[name]), run_name="__main__")
