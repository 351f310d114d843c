"""`dishu demo-data` and `dishu demo`: made-up places, the main job on them, and the site filled with one."""

from __future__ import annotations

import os
import shutil
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import click

from dishu import worlds
from dishu.cli import baseline, output, site, site_demo
from dishu.engine.baseline import Job

#: The demo's keys need no secret: all people in it are made up. A fixed one makes its editions comparable.
DEMO_SECRET = b"dishu demo: made-up people only!"
DEMOS = ("suizhou-2007", "zhejiang-2012")
#: Where the first of them lies.
SITE_SCOPE = "4213"


@click.command("demo-data")
@click.argument("name", metavar="名称", type=click.Choice([*worlds.known()]))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="写到哪个文件夹")
@click.option("--seed", default=1, show_default=True, help="同一个种子总是同样的数据")
def demo_data(name: str, out: Path, seed: int) -> None:
    """写出编造的名册（身份证地区码99、手机号194，不会碰到真人）和背后的真相。

    例：dishu demo-data suizhou-2007 --out 随州
    """
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} 里已有内容，请换一个文件夹")
    tell = output.teller()
    worlds.make(name, out, seed)
    tell(f"{name} 写在 {out}")


@click.command()
@click.option("--out", default=Path("demo"), show_default=True, type=click.Path(path_type=Path), help="演示文件夹")
@click.option("--serve/--no-serve", default=True, help="最后启动网站（Ctrl-C 停止），或只准备好")
@click.option("--port", default=8000, show_default=True, help="网站的端口")
def demo(out: Path, serve: bool, port: int) -> None:
    """编造两个地方，对它们做主要工作；再把第一个地方的名册装进网站并启动。

    例：dishu demo --out demo
    """
    for name in DEMOS:
        click.echo(f"\n{name}", err=True)
        baseline.do(job_of(_rosters(name, out / name), out / name / "result"))
    os.environ.setdefault("DISHU_HOME", str((out / "site").absolute()))
    click.echo("\n网站", err=True)
    site.ready()
    site_demo.fill(_rosters(DEMOS[0], out / DEMOS[0]), SITE_SCOPE, output.teller())
    click.echo(f"可以登录的人：\n{site_demo.log_ins()}", err=True)
    sys.exit(site.run("127.0.0.1", port) if serve else 0)


def _rosters(name: str, folder: Path) -> Path:
    """The world's rosters, written once; an unfinished folder is written again."""
    rosters = folder / "rosters"
    if not (rosters / "day.txt").is_file():
        shutil.rmtree(rosters, ignore_errors=True)
        worlds.make(name, rosters)
    return rosters


def job_of(rosters: Path, out: Path) -> Job:
    """The main job on a made-up place."""
    return Job(
        units=_files(rosters / "units"),
        members=_files(rosters / "members"),
        organizations=_files(rosters / "organizations"),
        day=date.fromisoformat((rosters / "day.txt").read_text().strip()),
        out=out,
        secret=DEMO_SECRET,
        moment=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _files(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(path for path in folder.iterdir() if path.is_file())) if folder.is_dir() else ()
