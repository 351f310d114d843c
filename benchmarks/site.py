"""How fast is the site over a register of R1's size: pages, statements, whom the scope slows, fifty readers at once.

Run `python benchmarks/site.py [--part pages|readers|fresh|cells|trail|roster] [--home FOLDER] [--edition FOLDER]`. The register
(1 million units, 100,000 members, 200,000 coverages) is filled into the folder's own database when it is empty. Wall and
CPU seconds are told apart: a machine may be shared; statements are counted by the database's driver.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

SAMPLES = 200
#: Goals of a page: seconds that 95 of 100 do not exceed, and statements.
SECONDS, STATEMENTS = 0.3, 15
OFFICERS, LEADERS = ("sheng", "xian", "moxian"), ("ld99", "ld990101", "ld990408")
#: In this order: the roster comes last, because it doubles the register.
PARTS = ("pages", "readers", "fresh", "cells", "trail", "roster")


def tell(line: str) -> None:
    """A line of the report, at once."""
    print(line, flush=True)


def ready(home: Path, edition: Path) -> None:
    """The site on that folder's database, filled where it is empty."""
    os.environ["DISHU_HOME"] = str(home)
    os.environ["DISHU_HOSTS"] = "localhost,127.0.0.1,testserver"
    from dishu.cli import site

    site.ready()
    from dishu.site.registry.models import Unit

    if not Unit.objects.exists():
        from _site_world import load

        if not edition.exists():
            from dishu.worlds import big

            big.write(edition, 1)
        load(edition, tell)
    from _site_world import cast

    cast()


def addresses(
    dice: random.Random, county: str, inside: dict[int, str], people: list[int], orgs: list[int]
) -> dict[str, Callable[[], str]]:
    """Kinds of pages, each time another one of them; `inside`: keys of units with where each stands in the list."""
    from _site_world import GIVEN, SURNAMES, WORDS

    keys = list(inside)

    def part() -> str:
        return "".join(dice.choices(WORDS, k=2))

    return {
        "units: first page": lambda: "/units/",
        "units: page after a key": lambda: f"/units/?after={inside[dice.choice(keys)]}",
        "units: part of a name": lambda: f"/units/?q={part()}",
        "units: one character": lambda: f"/units/?q={dice.choice(WORDS)}",
        "units: name nobody has": lambda: "/units/?q=不存在的名称",
        "units: pinyin initials": lambda: "/units/?q=" + "".join(dice.choices("xyhtrdsha", k=4)),
        "units: code": lambda: f"/units/?q={dice.choice(keys):08d}",
        "units: not surveyed, industry": lambda: f"/units/?surveyed=none&industry={dice.choice('CFH')}",
        "units: covered, with members": lambda: "/units/?covered=yes&members=yes",
        "units: of a township": lambda: f"/units/?place={county}0{dice.randrange(1, 9):02d}",
        "units: record": lambda: f"/units/{dice.choice(keys)}/",
        "members: first page": lambda: "/members/",
        "members: part of a name": lambda: f"/members/?q={dice.choice(SURNAMES)}{dice.choice(GIVEN)}",
        "members: pinyin initials": lambda: "/members/?q=" + "".join(dice.choices("wlzcyhj", k=2)),
        "members: end of a phone": lambda: f"/members/?q={dice.randrange(10_000):04d}",
        "members: affiliation unknown": lambda: "/members/?lies=unknown",
        "members: contradicting": lambda: "/members/?lies=contradicting",
        "members: record": lambda: f"/members/{dice.choice(people)}/",
        "organizations: first page": lambda: "/organizations/",
        "organizations: part of a name": lambda: f"/organizations/?q={dice.randrange(1000, 9999)}",
        "organizations: record": lambda: f"/organizations/{dice.choice(orgs)}/",
    }


def pages(samples: int) -> None:
    """List, search and record pages of officers; and of three who may do the same, the province's and two counties' leaders."""
    from _site_world import CAST

    kinds = {login: _kinds(code) for login, _, code in CAST if login in (*OFFICERS, *LEADERS)}
    ratios = {}
    for name in kinds["sheng"]:
        medians = _measured(name, {login: pages_of[name] for login, pages_of in kinds.items()}, samples)
        ratios[name] = [medians[login] / medians[LEADERS[0]] for login in LEADERS[1:]]
    for name, found in ratios.items():
        told = " ".join(f"{one:.2f}" for one in found)
        tell(f"{name:32s} county / province {told}{'' if max(found) <= 1.2 else '  ABOVE 1.2'}")


def _kinds(code: str) -> dict[str, Callable[[], str]]:
    """The pages of somebody whose place has the code."""
    from dishu.site.membership.models import Member, Organization
    from dishu.site.registry.models import Unit

    county = code if len(code) > len("99") else "990101"

    def keys(model: Any) -> list[int]:
        found = model.objects.filter(place__code__startswith=county).order_by("pk").values_list("pk", flat=True)
        return list(found[:: max(len(found) // 2_000, 1)])

    whole = county != code
    order, stands = (["pk"], "{1}") if whole else (["place", "pk"], "{0}.{1}")

    def deep(model: Any) -> str:
        """Where the thousandth page begins, or the last one."""
        inside = model.objects.filter(place__code__startswith=code).order_by(*order).values_list("place", "pk")
        return stands.format(*inside[min(999 * 50, max(inside.count() - 51, 0))])

    def stand(keys: list[int]) -> dict[int, str]:
        return {
            pk: stands.format(place, pk) for pk, place in Unit.objects.filter(pk__in=keys).values_list("pk", "place")
        }

    far = {"units: page 1,000": f"/units/?after={deep(Unit)}", "members: page 1,000": f"/members/?after={deep(Member)}"}
    kinds = addresses(random.Random(7), county, stand(keys(Unit)), keys(Member), keys(Organization))
    return kinds | {name: partial(str, address) for name, address in far.items()}


@dataclass
class _Asker:
    """One log-in that asks pages of one kind, and what they took."""

    login: str
    page: Callable[[], str]
    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)
    statements: int = 0
    slowest: tuple[float, str] = (0.0, "")

    def __post_init__(self) -> None:
        from _site_server import client

        self.browser = client(self.login)

    def ask(self) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        address = self.page()
        connection.queries_log.clear()  # it keeps 9,000, then tells of none any more
        with CaptureQueriesContext(connection) as asked:
            wall, cpu = time.perf_counter(), time.process_time()
            response = self.browser.get(address)
            self.walls.append(time.perf_counter() - wall)
            self.cpus.append(time.process_time() - cpu)
        assert response.status_code == 200, (address, response.status_code)
        told = [q for q in asked.captured_queries if q["sql"] not in ("BEGIN", "COMMIT")]
        self.statements = max(self.statements, len(told))
        self.slowest = max(self.slowest, *((float(q["time"]), q["sql"]) for q in told))

    def told(self, name: str) -> float:
        """The line of the report; the median seconds."""
        p50, p95 = statistics.median(self.walls), sorted(self.walls)[int(len(self.walls) * 0.95)]
        late = "" if p95 <= SECONDS and self.statements <= STATEMENTS else "  ABOVE"
        tell(f"{self.login:8s} {name:32s} p50 {p50:.3f}  p95 {p95:.3f}  cpu {statistics.median(self.cpus):.3f}"
             f"  statements {self.statements}{late}")  # fmt: skip
        if late and os.environ.get("SHOW_SLOWEST"):
            tell(f"        {self.slowest[0]:.3f} s: {self.slowest[1][:1500]}")
        return p50


def _measured(name: str, pages_of: dict[str, Callable[[], str]], samples: int) -> dict[str, float]:
    """Ask so many of these pages, the log-ins in turn, so that a busy second slows them all; the median seconds of each."""
    askers = [_Asker(login, page) for login, page in pages_of.items()]
    for _ in range(samples):
        for asker in askers:
            asker.ask()
    return {asker.login: asker.told(name) for asker in askers}


def main() -> None:
    """The parts asked for, each with what it rests on."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "dishu-site-r1")
    words.add_argument("--edition", type=Path, default=Path(tempfile.gettempdir()) / "dishu-r1")
    words.add_argument("--samples", type=int, default=SAMPLES)
    words.add_argument("--part", choices=PARTS, nargs="*", default=list(PARTS))
    words.add_argument("--roster", type=int, default=1_000_000, help="rows of the roster that is sent")
    words.add_argument("--lines", type=int, default=10_000_000, help="lines of the trail")
    words.add_argument("--cells", type=int, default=300, help="numbers whose rows are opened")
    words.add_argument("--each", type=int, default=20, help="pages of each of the fifty readers")
    words.add_argument("--gunicorn", default="", help="a gunicorn to compare the server with")
    asked = words.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # stopped by anybody: the servers started here end too
    ready(asked.home, asked.edition)
    tell(f"cores {os.cpu_count()}; load {os.getloadavg()[0]:.1f}; samples {asked.samples}; {_rows()}")
    from _site_cells import cells
    from _site_fresh import fresh
    from _site_readers import readers
    from _site_roster import upload
    from _site_trail import trail
    from _site_world import CAST

    roles = {login: code for login, _, code in CAST}
    parts = {
        "pages": lambda: pages(asked.samples),
        "readers": lambda: readers(
            {login: _kinds(roles[login]) for login in ("sheng", "xian")}, asked.each, asked.gunicorn, tell
        ),
        "fresh": lambda: fresh(min(asked.samples, 40), tell),
        "cells": lambda: cells(asked.cells, tell),
        "trail": lambda: trail(asked.lines, asked.samples, tell),
        "roster": lambda: upload(asked.roster, tell),
    }
    for name in asked.part:
        parts[name]()


def _rows() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT version()")
        server = cursor.fetchone()[0].split(" on ")[0]
        cursor.execute("SELECT relname, reltuples::bigint FROM pg_class WHERE relname IN ('registry_unit', 'registry_unitstate',"
                       " 'membership_member', 'membership_coverage', 'trail_trailline') ORDER BY 1")  # fmt: skip
        return f"{server}; rows {dict(cursor.fetchall())}"


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main()
