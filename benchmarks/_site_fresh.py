"""From saving one record to the figure that counts it: T2."""

from __future__ import annotations

import os
import random
import re
import statistics
import time
from collections.abc import Callable

from _site_server import GRANIAN, WORKER, Browser, cookie, cpu_of_database, serving, started

GOAL = 2.0
#: Places whose page must show the new unit: its county, and the province above.
COUNTY, TOP = "990101", "99"
_TOTAL = re.compile(r'text-secondary num">[\d,]+ / ([\d,]+)<')


def fresh(samples: int, tell: Callable[[str], None]) -> None:
    """Add units in several counties' townships one after the other, and look at both figures until they count them."""
    dice = random.Random(3)
    with serving(GRANIAN) as port, started(WORKER):
        browser, clerk = Browser(port, cookie("sheng")), Browser(port, cookie("xian"))
        for _ in range(90):  # the first time all is written
            if _shown(browser, TOP):
                break
            time.sleep(1)
        _shown(browser, COUNTY)
        database, walls = cpu_of_database(), []
        for n in range(samples):
            before = {code: _shown(browser, code) for code in (COUNTY, TOP)}
            began = time.perf_counter()
            place = f"{COUNTY}{dice.randrange(1, 9):03d}"
            status = clerk.post("/units/new/", kind="enterprise", name=f"新办{n}号商贸有限公司", place=f"样例 {place}",
                                  day="2026-01-05", reason="上门摸底", surveyed="known")  # fmt: skip
            assert status == 302, status
            while any(_shown(browser, code) != total + 1 for code, total in before.items() if total):
                if time.perf_counter() - began > 60:
                    raise TimeoutError("a record saved a minute ago is in no figure")
                time.sleep(0.05)
            walls.append(time.perf_counter() - began)
    p95 = sorted(walls)[int(len(walls) * 0.95)]
    tell(f"a record in the figures of its county and its province: {samples} samples, p50 {statistics.median(walls):.2f} s"
         f"  p95 {p95:.2f} s  slowest {max(walls):.2f} s; database {(cpu_of_database() - database) / samples:.2f} CPU s each;"
         f" load {os.getloadavg()[0]:.1f}{'' if p95 <= GOAL else '  ABOVE'}")  # fmt: skip


def _shown(browser: Browser, code: str) -> int:
    """The total of the first of the six on a place's page; 0 while it is being computed."""
    found = _TOTAL.search(browser.get(f"/figures/{code}/")[1].decode())
    return int(found[1].replace(",", "")) if found else 0
