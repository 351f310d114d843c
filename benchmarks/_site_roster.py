"""A roster of any size as a user would send it: a registration roster of a prefecture whose places have real names."""

from __future__ import annotations

import csv
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from _site_server import WORKER, Browser, cookie, cpu, cpu_of_database, peak, serving, started
from intake import GIVEN, HEADER, SURNAMES

from dishu.standards.codes import divisions
from dishu.standards.ids import citizen_check, registration_check

#: The prefecture and the day of the roster, and the log-in of the officer who sends it.
SCOPE, DAY, NEXT, OFFICER = "4213", date(2012, 6, 30), date(2012, 7, 31), "shi"
TRADES = (
    "商贸有限公司",
    "机械有限公司",
    "食品厂",
    "建材经营部",
    "电子科技有限公司",
    "物流有限公司",
    "纺织厂",
    "服装店",
)


def places() -> list[tuple[str, str, str]]:
    """Code, county and township, in order."""
    there = [
        one for one in divisions.table() if one.code.startswith(SCOPE) and one.since <= DAY < (one.until or date.max)
    ]
    named = {one.code: one.name for one in there}
    return [
        (one.code, named[one.code[:6]], one.name) for one in there if one.level == "township" and one.code[:6] in named
    ]


def rows(many: int, changed: int = 0) -> Iterator[list[str]]:
    """So many units; every `changed`-th of them with other employees than the first time."""
    where = places()
    for n in range(many):
        code, county, township = where[n * 7919 % len(where)]
        body = f"{code[:6]}2{n:07d}"
        person = f"99000019{50 + n % 45:02d}{1 + n % 12:02d}{1 + n % 28:02d}{n % 1000:03d}"
        yield [
            body + registration_check(body), f"{county}{_word(n)}{TRADES[n % 8]}", f"C{13 + n % 30}", county, township,
            f"解放路{n % 9000}号{n % 7}楼", SURNAMES[n % 10] + GIVEN[n // 7 % 16] + GIVEN[n // 3 % 16],
            person + citizen_check(person), f"194{n % 100_000_000:08d}", f"20{n % 8:02d}-{1 + n % 12:02d}-{1 + n % 28:02d}",
            str(n % 300 + bool(changed and n % changed == 0)), f"{n % 5000 / 10}", f"{n % 90000}",
            "是" if n % 9 == 0 else "否", ("已摸清", "不清", "")[n % 3],
        ]  # fmt: skip


def _word(n: int) -> str:
    """Four characters of a trading name, another for each number."""
    from _site_world import WORDS

    text = ""
    for _ in range(4):
        n, at = divmod(n, len(WORDS))
        text += WORDS[(at * 29 + n) % len(WORDS)]
    return text


def write(path: Path, many: int, changed: int = 0) -> None:
    """The roster as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows(many, changed)])


def upload(many: int, tell: Callable[[str], None]) -> None:
    """A roster sent, previewed and committed by server and worker; then the next month's, a tenth of it changed."""
    _ready()
    with tempfile.TemporaryDirectory() as folder, serving() as port, started(WORKER) as worker:
        for day, changed in ((DAY, 0), (NEXT, 10)):
            file = Path(folder) / "企业登记名册.csv"
            write(file, many, changed)
            _sent(file, day, Browser(port, cookie(OFFICER)), worker.pid, tell)


def _ready() -> None:
    from dishu.site.accounts import actions as accounts
    from dishu.site.territory import actions as territory
    from dishu.site.territory.models import Place

    if not Place.objects.filter(code=SCOPE).exists():
        territory.load_divisions(by=None, scope=SCOPE)
        user = accounts.open_account(by=None, username=OFFICER, name=OFFICER, password="dishu-bench-2026")
        accounts.appoint(by=None, user=user, role="city_officer", place=Place.objects.get(code=SCOPE), since=DAY)


def _sent(file: Path, day: date, browser: Browser, worker: int, tell: Callable[[str], None]) -> None:
    """One roster on its way, with what each step took."""
    began = time.perf_counter()
    took = []

    def step(name: str, done: Callable[[], bool]) -> None:
        start, cpus = time.perf_counter(), (cpu(worker), cpu_of_database())
        while not done():
            time.sleep(0.2)
        took.append(f"{name} {time.perf_counter() - start:.0f} s (worker {cpu(worker) - cpus[0]:.0f} CPU s,"
                    f" database {cpu_of_database() - cpus[1]:.0f})")  # fmt: skip

    assert browser.send("/rosters/send/", file, place=SCOPE, day=str(day)) == 302
    took.append(f"sent {file.stat().st_size // 1_000_000} MB {time.perf_counter() - began:.0f} s")
    upload = _latest()
    step("preview", lambda: _latest().stage in ("previewed", "refused"))
    upload = _latest()
    assert upload.stage == "previewed", upload.problem
    assert browser.post(f"/rosters/{upload.pk}/commit/") == 302
    step("commit", lambda: _latest().stage == "committed")
    step("edition", lambda: "正在计算".encode() not in browser.get(f"/figures/{SCOPE}/?day={day}")[1])
    tell(f"roster of {day} {upload.counts}: " + "; ".join(took) + f"; whole {time.perf_counter() - began:.0f} s;"
         f" worker's memory {peak(worker)} MB; load {os.getloadavg()[0]:.1f}")  # fmt: skip


def _latest() -> Any:
    from dishu.site.intake.models import Upload

    return Upload.objects.latest("pk")
