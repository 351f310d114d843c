"""The worker is killed in the middle of writing a roster: nothing is half done, and the next worker ends what it began."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import quote, urlencode

import psycopg
import pytest
from django.db import connection
from playwright.sync_api import expect
from rosterdesk import DAY, OTHER_UNIT, UNIT, written

from dishu.site.intake.models import Upload
from dishu.site.registry.models import Unit


@pytest.fixture
def worker(site, home, settings):
    """`worker()` starts a worker as `dishu serve` does; all are ended in the end."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    started = []

    def start():
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "dishu.site.settings", "DISHU_HOME": str(home)}
        environment["DATABASE_URL"] = address()
        command = [sys.executable, "-m", "django", "work", "--interval", "0.2"]
        started.append(subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def address():
    """The database of the tests, as another process is told it."""
    to = {key: str(value) for key, value in connection.get_connection_params().items() if isinstance(value, str | int)}
    more = {key: to[key] for key in ("host", "port") if to.get(key)}
    return f"postgresql://{to['user']}:{quote(to.get('password', ''))}@/{to['dbname']}?{urlencode(more)}"


@contextmanager
def held(table):
    """Nobody else writes into the table meanwhile: whoever tries waits."""
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield
        other.rollback()


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def until(what, seconds=30):
    for _ in range(seconds * 10):
        if what():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to that")


def stands(page, stage):
    expect(page.get_by_role("status").filter(has_text=stage)).to_be_visible()


def test_what_a_killed_worker_began_the_next_one_ends(desk, worker):
    first, page = worker(), desk("shi")
    page.goto("/rosters/")
    roster = {"name": "单位.csv", "mimeType": "text/csv", "buffer": written(UNIT, OTHER_UNIT)}
    page.locator("#files").set_input_files(roster)
    page.get_by_label("名册截至日期").fill(DAY.isoformat())
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("progressbar", name="收到")).to_be_visible()  # it says how far it is, and may be left alone
    stands(page, "待确认")
    with held("registry_unitstate"):
        page.get_by_role("button", name="确认入库").click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        until(somebody_waits)  # units are written, their states are not
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    assert not Unit.objects.exists()
    page.reload()
    expect(page.get_by_role("progressbar")).to_be_visible()
    assert Upload.objects.get().stage == "committing"
    worker()
    stands(page, "已入库")
    assert sorted(Unit.objects.values_list("name", flat=True)) == sorted([UNIT["企业名称"], OTHER_UNIT["企业名称"]])
