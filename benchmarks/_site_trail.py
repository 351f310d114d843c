"""The trail at ten million lines: its pages, and what it costs a write and a read. T11."""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable
from typing import Any
from unittest import mock

PAGE, OF_A_WRITE, OF_A_READ = 0.5, 1.10, 1.05
#: Lines as a year of work leaves them: nine looks on one change. They carry no digests, because a chain can only be made
#: line by line; nothing here proves it.
_PAD = """INSERT INTO trail_trailline (id, at, by_id, verb, subject_type, subject_id, place_id, reason, details)
    SELECT n, now() - (%s + 1 - n) * interval '3 seconds', (SELECT min(id) FROM accounts_user) + n %% 4,
        CASE WHEN n %% 10 = 0 THEN 'changed' ELSE 'looked' END,
        CASE WHEN n %% 10 = 0 THEN 'registry.unit' ELSE 'membership.member' END, 1 + n::bigint * 7919 %% 100000,
        6 + n %% 6000, '', '{}'
    FROM generate_series(%s, %s) n"""


def pad(lines: int, tell: Callable[[str], None]) -> None:
    """As many lines as are missing."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM trail_trailline")
        last = cursor.fetchone()[0]
        if last >= lines:
            return
        began = time.perf_counter()
        cursor.execute("SET session_replication_role = replica")  # neither chain nor refusal
        cursor.execute(_PAD, [lines, last + 1, lines])
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("SELECT setval(pg_get_serial_sequence('trail_trailline', 'id'), %s)", [lines])
        cursor.execute("VACUUM ANALYZE trail_trailline")
    tell(f"trail padded to {lines:,} lines in {time.perf_counter() - began:.0f} s")


def trail(lines: int, samples: int, tell: Callable[[str], None]) -> None:
    """Pages of the trail as the audit administrator asks for them, then the trail's share of a write and of a read."""
    pad(lines, tell)
    dice = random.Random(5)
    _pages(dice, lines, samples, tell)
    _share("write", _writes(dice), samples, OF_A_WRITE, tell)
    _share("read", _reads(dice), samples, OF_A_READ, tell)


def _pages(dice: random.Random, lines: int, samples: int, tell: Callable[[str], None]) -> None:
    from _site_server import client

    kinds: dict[str, Callable[[], str]] = {
        "first page": lambda: "/people/trail/",
        "page after a key": lambda: f"/people/trail/?after={dice.randrange(1000, lines)}",
        "of one person": lambda: f"/people/trail/?who={dice.choice(('sheng', 'xian'))}",
        "one verb": lambda: f"/people/trail/?verb={dice.choice(('changed', 'sealed', 'looked'))}",
        "one member": lambda: f"/people/trail/?thing=membership.member&number={dice.randrange(100_000)}",
        "a county": lambda: f"/people/trail/?place=9901{dice.randrange(1, 8):02d}",
        "a county's changes": lambda: f"/people/trail/?place=9901{dice.randrange(1, 8):02d}&verb=changed",
        "a day": lambda: f"/people/trail/?since=2026-0{dice.randrange(1, 9)}-11&until=2026-0{dice.randrange(1, 9)}-12",
    }
    browser = client("shenji")
    for name, page in kinds.items():
        walls = []
        for _ in range(samples):
            began = time.perf_counter()
            assert browser.get(page()).status_code == 200
            walls.append(time.perf_counter() - began)
        p95 = sorted(walls)[int(len(walls) * 0.95)]
        tell(
            f"trail of {lines:,} lines: {name:20s} p50 {statistics.median(walls):.3f}  p95 {p95:.3f}{'' if p95 <= PAGE else '  ABOVE'}"
        )


def _writes(dice: random.Random) -> Callable[[], Any]:
    """A unit verified, as its page does it."""
    from _site_server import client

    from dishu.site.registry.models import Unit

    browser = client("xian")
    mine = Unit.objects.filter(closed_on=None, kind="enterprise", place__code__startswith="990101")
    keys = list(mine.values_list("pk", flat=True)[:2000])

    def write() -> None:
        pk = dice.choice(keys)
        version = Unit.objects.get(pk=pk).version
        form = {
            "version": version,
            "day": "2026-02-01",
            "reason": "上门核实",
            "name": f"样例{dice.randrange(10**6)}有限公司",
        }
        answer = browser.post(f"/units/{pk}/change/correct/", form)
        assert answer.status_code == 302, answer.content.decode()[-3000:]

    return write


def _reads(dice: random.Random) -> Callable[[], Any]:
    """A member's record looked at."""
    from _site_server import client

    browser = client("sheng")

    def read() -> None:
        assert browser.get(f"/members/{dice.randrange(1, 90_000)}/").status_code == 200

    return read


def _share(name: str, act: Callable[[], Any], samples: int, most: float, tell: Callable[[str], None]) -> None:
    """With the trail and without, in turn, so that whatever else the machine does falls on both."""
    took: dict[bool, list[float]] = {True: [], False: []}
    cpus: dict[bool, list[float]] = {True: [], False: []}
    for n in range(2 * samples + 4):
        kept = n % 2 == 0
        with mock.patch(
            "dishu.site.trail.models.TrailLine.objects.bulk_create", **({"wraps": _bulk()} if kept else {})
        ):
            wall, cpu = time.perf_counter(), time.process_time()
            act()
        if n >= 4:
            took[kept].append(time.perf_counter() - wall)
            cpus[kept].append(time.process_time() - cpu)
    ratio = statistics.median(took[True]) / statistics.median(took[False])
    tell(f"a {name} with its line {statistics.median(took[True]) * 1000:.1f} ms, without {statistics.median(took[False]) * 1000:.1f} ms:"
         f" ratio {ratio:.3f} (CPU {statistics.median(cpus[True]) / statistics.median(cpus[False]):.3f}),"
         f" {samples} each; load {os.getloadavg()[0]:.1f}{'' if ratio <= most else '  ABOVE'}")  # fmt: skip


def _bulk() -> Any:
    from dishu.site.trail.models import TrailLine

    return type(TrailLine.objects).bulk_create.__get__(TrailLine.objects)
