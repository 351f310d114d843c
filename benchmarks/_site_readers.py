"""Fifty people reading at once, against the server as it is started in production and against another one."""

from __future__ import annotations

import os
import random
import shutil
import statistics
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from _site_server import GRANIAN, Browser, cookie, cpu_of_database, serving

READERS, GOAL = 50, 1.0
#: Seconds a person looks at a page before asking for the next; without it fifty readers ask as fast as the server answers.
LOOK = (2.0, 8.0)
#: The same processes and threads as `dishu serve` has; only measured where it is installed.
GUNICORN = ["--workers", "2", "--threads", "4", "--bind", "127.0.0.1:{port}", "dishu.site.wsgi:application"]


def readers(
    kinds: dict[str, dict[str, Callable[[], str]]], each: int, gunicorn: str, tell: Callable[[str], None]
) -> None:
    """Each reader asks one page after the other, mixed; a page that is not 200 is counted apart."""
    dice = random.Random(11)
    logins = list(kinds)
    asked = [
        (login, [dice.choice(list(kinds[login].values()))() for _ in range(each)])
        for login in (logins[n % len(logins)] for n in range(READERS))
    ]
    _load(
        "granian, people who look at their pages", GRANIAN, [(login, paths[:6]) for login, paths in asked], tell, LOOK
    )
    _load("granian, flat out", GRANIAN, asked, tell)
    other = gunicorn or shutil.which("gunicorn") or str(Path(sys.executable).with_name("gunicorn"))
    if Path(other.split()[0]).exists():
        _load("gunicorn, flat out", [*other.split(), *GUNICORN], asked, tell)
    else:
        tell("gunicorn is not installed here: not measured (--gunicorn COMMAND)")


def _load(
    name: str, words: list[str], asked: list[tuple[str, list[str]]], tell: Callable[[str], None],
    look: tuple[float, float] = (0.0, 0.0),
) -> None:  # fmt: skip
    sessions = {login: cookie(login) for login, _ in asked}
    with serving(words) as port:
        _read([(login, paths[:4]) for login, paths in asked[:8]], sessions, port)  # each process reads its code once
        busy = cpu_of_database()
        began = time.perf_counter()
        asked_of, wrong = _read(asked, sessions, port, look)
        whole, busy = time.perf_counter() - began, cpu_of_database() - busy
    walls = sorted(wall for wall, _ in asked_of)
    p95 = walls[int(len(walls) * 0.95)]
    tell(f"{name}: {len(asked)} readers at once, {len(walls)} pages, p50 {statistics.median(walls):.3f}  p95 {p95:.3f}"
         f"  slowest {max(asked_of)[0]:.3f} ({max(asked_of)[1]})  {len(walls) / whole:.0f} pages/s  not 200: {wrong}; database {busy:.1f} CPU s;"
         f" load {os.getloadavg()[0]:.1f}{'' if p95 <= GOAL and not wrong else '  ABOVE'}")  # fmt: skip


def _read(
    asked: list[tuple[str, list[str]]], sessions: dict[str, str], port: int, look: tuple[float, float] = (0.0, 0.0)
) -> tuple[list[tuple[float, str]], int]:
    walls: list[tuple[float, str]] = []
    wrong: list[str] = []

    def reader(login: str, paths: list[str]) -> None:
        browser, dice = Browser(port, sessions[login]), random.Random(paths[0])
        for path in paths:
            time.sleep(dice.uniform(*look))
            began = time.perf_counter()
            status = browser.get(path)[0]
            walls.append((time.perf_counter() - began, f"{login} {path}"))
            if status != 200:
                wrong.append(path)

    threads = [threading.Thread(target=reader, args=one) for one in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return walls, len(wrong)
