"""`dishu serve` and `dishu manage`: the site started from a terminal; the only commands that know of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import click

from dishu.cli import backup
from dishu.site import database

SETTINGS = "dishu.site.settings"
#: Two processes of four threads each fill two cores; more machines take more (docs/how-to/deploy.md).
WORKERS, THREADS = "2", "4"
#: So many seconds a process may take to end by itself.
PATIENCE = 20
#: How often it is looked whether both still run; one that cannot start must not be started all the time.
AGAIN = 5


def ready() -> None:
    """The site's code, its database there and up to date."""
    backup.refuse_half(database.home())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


@click.command(context_settings={"allow_interspersed_args": False})
@click.argument("words", metavar="命令", nargs=-1, required=True, type=click.UNPROCESSED)
def manage(words: tuple[str, ...]) -> None:
    """Django 自带的管理命令。

    例：dishu manage migrate
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["dishu manage", *words])


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址")
@click.option("--port", default=8000, show_default=True, help="监听的端口")
@click.option("--no-worker", is_flag=True, help="不带后台任务（另由 dishu manage work 运行）")
def serve(host: str, port: int, no_worker: bool) -> None:
    """启动网站和后台任务；Ctrl-C 停止。

    例：dishu serve --port 8000
    """
    ready()
    from dishu.site.api import tidy

    tidy.keep_coming(timedelta(0))
    sys.exit(run(host, port, not no_worker))


def run(host: str, port: int, with_worker: bool = True) -> int:
    """The server and the worker, until the server ends or somebody stops them; a worker that dies is followed by another."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stopped politely or by hand: both processes end with us
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": SETTINGS, "PYTHONPATH": str(Path(__file__).parents[2])}
    workers = [_worker(environment)] if with_worker else []
    server = subprocess.Popen(
        [Path(sys.executable).with_name("granian"), "--interface", "wsgi", "--host", host, "--port", str(port),
         "--workers", os.environ.get("DISHU_WORKERS", WORKERS), "--blocking-threads", THREADS, "--no-ws", "dishu.site.wsgi:application"],
        env=environment, process_group=0,
    )  # fmt: skip
    click.echo(f"网站已启动：http://{host}:{port}/", err=True)
    try:
        while server.poll() is None:
            time.sleep(AGAIN)
            if workers and workers[0].poll() is not None:
                click.echo("后台任务中断了，重新启动并接着做。", err=True)
                workers = [_worker(environment)]
        return server.returncode
    except KeyboardInterrupt:
        return 0
    finally:
        _end([server, *workers])


def _worker(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "django", "work", "--interval", "0.5"]
    return subprocess.Popen(command, env=environment, process_group=0)


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    """All are asked to end before the first is waited for; one that takes too long is ended."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # with the children a server has
            process.wait()
