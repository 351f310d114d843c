"""Import without fear: what a dry run says is what a commit does, twice is once, and a worker that is killed leaves nothing half.

Run `python benchmarks/imports.py [--part dirty|twice|killed] [--files N] [--kills N] [--rounds N]`. Real files, a real worker
in a process of its own, ended with SIGKILL; the site stands in a folder and database of its own. T6.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

PARTS = ("dirty", "twice", "killed")
SCOPE, DAY, OFFICER = "4213", date(2007, 7, 20), "shi"
#: Rows of a file.
ROWS, LONG = 30, 300
PATIENCE = 300
TIES = ("standing", "employment", "affiliation", "participation", "shown")
#: Who wrote a row and from where does not belong to what it says.
WHENCE = "'id', 'upload_id', 'row', 'sheet', 'version', 'by_id', 'at', 'document'"


def tell(line: str) -> None:
    """A line of the report, at once."""
    print(line, flush=True)


def ready(home: Path) -> Any:
    """A site with places and one officer, and rosters to draw from."""
    os.environ["DISHU_HOME"] = str(home)
    from dishu.cli import site

    site.ready()
    from _imports_rows import Drawn
    from _site_roster import _ready

    from dishu import worlds

    _ready()
    rosters = home / "rosters"
    if not rosters.exists():
        worlds.make("suizhou-2007", rosters, 7)
    return Drawn(rosters, 6)


def sent(name: str, content: bytes) -> Any:
    """A file received, as the page does it."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from dishu.site.accounts.models import User
    from dishu.site.intake import actions as intake
    from dishu.site.territory.models import Place

    by, place = User.objects.get(username=OFFICER), Place.objects.get(code=SCOPE)
    return intake.receive(by=by, file=SimpleUploadedFile(name, content), place=place, day=DAY)


def fresh(number: int) -> tuple[str, bytes]:
    """A roster of units that no other one names."""
    from _site_roster import HEADER, rows

    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *islice(rows((number + 1) * LONG), number * LONG, None)])
    return f"企业登记名册{number}.csv", text.getvalue().encode()


def previewed(name: str, content: bytes) -> Any:
    """The same, and previewed."""
    from dishu.site.rosters import work

    upload = sent(name, content)
    work.prepare.func(upload.pk)
    upload.refresh_from_db()
    return upload


def _asked(sql: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _said(subject: str, table: str, key: str) -> dict[int, tuple[str, ...]]:
    rows = _asked(
        f"SELECT {key}, (to_jsonb(t) - ARRAY[{WHENCE}, 'initials', 'grams'])::text FROM {subject}_{table} t ORDER BY 1, 2"
    )
    found: dict[int, list[str]] = {}
    for one, text in rows:
        found.setdefault(one, []).append(text)
    return {one: tuple(texts) for one, texts in found.items()}


def register() -> tuple[dict[int, Any], dict[int, Any]]:
    """What the register says of each unit and of each member."""
    units, members = _said("registry", "unit", "id"), _said("membership", "member", "id")
    states = [_said("registry", name, "unit_id") for name in ("unitstate", "posting", "work")]
    ties = [_said("membership", name, "member_id") for name in TIES]
    return (
        {one: (text, *(part.get(one) for part in states)) for one, text in units.items()},
        {one: tuple(part.get(one) for part in ties) for one in members},
    )


def versions() -> list[Any]:
    """Which transaction wrote each row of the register: differs where anything was written at all."""
    tables = [
        f"membership_{name}" for name in (*TIES, "member", "organization", "organizationstate", "coverage", "planned")
    ]
    tables += [f"registry_{name}" for name in ("unit", "unitstate", "posting", "work")]
    return [_asked(f"SELECT id, xmin::text FROM {table} ORDER BY 1") for table in tables]


def dirty(drawn: Any, files: int) -> None:
    """What the preview says of each file, and what its commit did; then the same rows again, in another file."""
    from dishu.site.rosters import actions

    seen: Counter[str] = Counter()
    for number in range(files):
        name, content = drawn.file(number, ROWS)
        before, touched = register(), versions()
        upload = previewed(name, content)
        if versions() != touched:
            seen["previews that wrote"] += 1
        if upload.stage != "previewed":
            seen["refused as a whole"] += 1
            continue
        lines = actions.lines(upload, "", 0, 10**6)
        actions.commit(upload, by=upload.by)
        for word in _differences(lines, before, register(), "member" if number % 2 else "unit"):
            seen["differences"] += 1
            tell(f"DIFFERENT {name} {upload.counts}: {word}")
        upload.refresh_from_db()
        seen.update({word: many for word, many in upload.counts.items() if many})
        touched = versions()
        if actions.commit(upload, by=upload.by) or actions.commit(
            again := previewed(name, content + b"\n"), by=again.by
        ):
            seen["written again"] += 1
            tell(f"WRITTEN AGAIN {name}: {again.counts}")
        if versions() != touched:
            seen["rows moved by the same file"] += 1
    wrong = [
        seen.pop(word, 0)
        for word in ("differences", "previews that wrote", "written again", "rows moved by the same file")
    ]
    tell(f"{files} dirty files of {ROWS} rows: {wrong[0]} differ from their preview, {wrong[1]} previews wrote, {wrong[2]} wrote"
         f" when they came again, {wrong[3]} moved a row; {dict(seen)}; load {os.getloadavg()[0]:.1f}")  # fmt: skip


def _differences(lines: list[dict[str, Any]], before: Any, after: Any, kind: str) -> list[str]:
    """Where what was done is not what was said."""
    old, new = (before[1], after[1]) if kind == "member" else (before[0], after[0])
    subject = "member" if kind == "member" else "subject"
    mine = [line for line in lines if subject in line]
    come = sum(line["outcome"] in ("new", "doubtful") for line in mine)
    said = {line[subject] for line in mine if line["outcome"] in ("changed", "moved", "closed")}
    done = {one for one in old if old[one] != new.get(one)}
    found = (
        [f"{come} new were said, {len(new.keys() - old.keys())} came"] if come != len(new.keys() - old.keys()) else []
    )
    return found + ([f"changed as said {sorted(said)}, as done {sorted(done)}"] if said != done else [])


def twice(drawn: Any, rounds: int) -> None:
    """Two workers, two files of the same rows at once."""
    from _site_server import started

    doubled = failed = 0
    with started(_worker()), started(_worker()):
        for number in range(rounds):
            name, content = drawn.file(number, ROWS, 0.0)
            pair = [_on_the_way(sent(name, content)), _on_the_way(sent(name, content + b"\n"))]
            for stage in ("previewed", "committed"):
                _until(lambda pair=pair, stage=stage: all(_stage(one) in (stage, "refused") for one in pair))
                if stage == "previewed":
                    for one in pair:
                        _committing(one)
            failed += sum(_stage(one) != "committed" for one in pair)
            doubled += _doubles()
    tell(f"{rounds} rounds of two files of the same rows with two workers: {doubled} duplicates, {failed} not committed;"
         f" load {os.getloadavg()[0]:.1f}")  # fmt: skip


def killed(drawn: Any, kills: int) -> None:
    """A worker that is killed while it reads, previews or writes; the next one goes on. Half of the kills while writing."""
    dice, where, half, wrong, took = random.Random(8), Counter[str](), 0, 0, [3.0]
    for number in range(kills):
        upload = sent(*(drawn.file(number, LONG, 0.1) if number % 2 else fresh(number)))
        writing = number % 4 > 1
        if writing:
            from dishu.site.rosters import work

            work.prepare.func(upload.pk)
            _committing(upload)
        before = versions()
        if not writing:
            _on_the_way(upload)
        _killed_after(upload, dice.random() * statistics.median(took))
        there = _stage(upload)
        where[there] += 1
        done = there == "committed"  # a file may say nothing new: then even a whole commit moves no row
        if (versions() != before and not done) or _said_committed(upload) != done:
            half += 1
            tell(f"HALF {upload.name} at {there}")
        began = time.monotonic()
        wrong += not _resumed(upload, writing)
        if writing and there != "committed":
            took = [*took[-9:], time.monotonic() - began]
    tell(f"{kills} workers killed ({dict(where)}): {half} half imports, {wrong} did not come to their end, {_doubles()} duplicates;"
         f" load {os.getloadavg()[0]:.1f}")  # fmt: skip


def _worker() -> list[str]:
    return [sys.executable, "-m", "django", "work", "--interval", "0.1"]


def _killed_after(upload: Any, seconds: float) -> None:
    """A worker started; so long after it begins with the file, killed."""
    from _site_server import started
    from django_tasks_db.models import DBTaskResult

    waiting = DBTaskResult.objects.filter(status="READY").count()
    with started(_worker()) as worker:
        _until(
            lambda: (
                DBTaskResult.objects.filter(status="READY").count() < max(waiting, 1) or _stage(upload) == "committed"
            )
        )
        time.sleep(seconds)
        os.kill(worker.pid, signal.SIGKILL)


def _resumed(upload: Any, writing: bool) -> bool:
    """The next worker brings it to its end: committed once, its rows there once, and coming again they write nothing."""
    from _site_server import started

    from dishu.site.rosters import actions

    with started(_worker()):
        _until(lambda: _stage(upload) in (("committed",) if writing else ("previewed", "refused")))
    if _stage(upload) == "refused":
        return True
    upload.refresh_from_db()
    if not writing:
        actions.commit(upload, by=upload.by)
    again = previewed(upload.name, upload.file.read() + b"\n")
    written = actions.commit(again, by=again.by)
    right = not written and _said_committed(upload) == 1
    if not right:
        tell(
            f"WRONG END {upload.name}: said {_said_committed(upload)} times, {written} rows when it came again {again.counts}"
        )
    return right


def _on_the_way(upload: Any) -> Any:
    from dishu.site.rosters import work

    work.prepare.enqueue(upload.pk)
    return upload


def _committing(upload: Any) -> None:
    """The button pressed, where there is one."""
    from dishu.site.intake import actions as intake
    from dishu.site.rosters import work

    upload.refresh_from_db()
    if upload.stage == "previewed":
        intake.step(upload, "committing", 0)
        work.commit.enqueue(upload.pk, upload.by_id)


def _stage(upload: Any) -> str:
    upload.refresh_from_db()
    return str(upload.stage)


def _said_committed(upload: Any) -> int:
    """How often the trail says so."""
    from dishu.site.trail.models import TrailLine

    return TrailLine.objects.filter(verb="committed", subject_type="intake.upload", subject_id=upload.pk).count()


def _doubles() -> int:
    """Units of one code, members of one number, ties of one subject that run at the same time."""
    same = ["SELECT count(*) - count(DISTINCT code) FROM registry_unit WHERE code IS NOT NULL",
            "SELECT count(*) - count(DISTINCT citizen_trace) FROM membership_member WHERE citizen_trace IS NOT NULL",
            "SELECT count(*) - count(DISTINCT unit_id) FROM registry_unitstate WHERE until IS NULL",
            "SELECT count(*) - count(DISTINCT member_id) FROM membership_standing WHERE until IS NULL"]  # fmt: skip
    return sum(int(_asked(sql)[0][0]) for sql in same)


def _until(done: Any) -> None:
    until = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > until:
            raise TimeoutError("it did not come to its end")
        time.sleep(0.05)


def main() -> None:
    """The parts asked for, in a site of their own."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--home", type=Path, help="the folder of the site; without it one that is thrown away")
    words.add_argument("--part", choices=PARTS, nargs="*", default=list(PARTS))
    words.add_argument("--files", type=int, default=100)
    words.add_argument("--rounds", type=int, default=20)
    words.add_argument("--kills", type=int, default=50)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as other:
        drawn = ready(asked.home or Path(other))
        parts = {"dirty": lambda: dirty(drawn, asked.files), "twice": lambda: twice(drawn, asked.rounds),
                 "killed": lambda: killed(drawn, asked.kills)}  # fmt: skip
        for name in asked.part:
            parts[name]()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main()
