"""`dishu bench`: how fast, how large, compared with what; needs a checkout of the project."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import click

BENCHES = Path(__file__).parents[2] / "benchmarks"


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("which", metavar="[基准] [选项]…", nargs=-1)
def bench(which: tuple[str, ...]) -> None:
    """跑基准：不写名称则全部跑；名称后的选项交给那个基准。

    例：dishu bench figures --scale 1
    """
    files = {path.stem: path for path in sorted(BENCHES.glob("*.py")) if not path.stem.startswith("_")}
    if not files:
        raise FileNotFoundError("没有 benchmarks 文件夹：基准要在项目的检出里跑")
    name, options = (which[0], list(which[1:])) if which else (None, [])
    if name is not None and name not in files:
        raise LookupError(f"没有基准 {name}；可用：{'、'.join(files)}")
    for one in [name] if name else files:
        click.echo(f"== {one}", err=True)
        sys.argv = [str(files[one]), *options]
        runpy.run_path(str(files[one]), run_name="__main__")
