"""Stories in a real browser: Chromium as the system has it, the site on this machine, the cast of tests/conftest.py.

`desk("shi")` is that person's browser, logged in; `desk("shi", phone=True)` their phone.
"""

import os
import shutil
import sys
import time
import traceback

import pytest
from django.db import connection, connections
from playwright.sync_api import Page, expect, sync_playwright

from dishu.site.reports import soon

# Playwright's loop runs in this thread; the tests' own look at the database is not meant by Django's warning.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
#: Where Debian, Ubuntu and others put it; DISHU_CHROMIUM names another.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER = os.environ.get("DISHU_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
PASSWORD = "made-up-2007"
#: Milliseconds until a page must show what is expected; a slow machine is no error.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items):
    for item in items:
        if "/stories/" in item.path.as_posix():
            item.add_marker(pytest.mark.enable_socket)
            if BROWSER is None:
                item.add_marker(pytest.mark.skip(reason="没有 Chromium：apt-get install chromium fonts-noto-cjk"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A story that waited in vain says what the site's threads and the database were at meanwhile."""
    report = yield
    if report.failed and call.when == "call" and "/stories/" in item.path.as_posix():
        stacks = ("".join(traceback.format_stack(frame)[-12:]) for frame in sys._current_frames().values())
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid, state, wait_event, pg_blocking_pids(pid), left(query, 300) FROM pg_stat_activity"
            )
            asked = "\n".join(map(str, cursor.fetchall()))
        report.sections += [("threads", "\n\n".join(stacks)), ("database", asked)]
    return report


@pytest.fixture(scope="module")
def browser():
    """Chromium for the stories of one file.

    While its loop runs, Django takes this thread for one of tasks and keeps other connections for it: they are closed
    before the loop ends, because nobody finds them afterwards.
    """
    quiet = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu", "--disable-quic", *quiet]
        )
        yield chromium
        chromium.close()
        connections.close_all()


@pytest.fixture
def site(committed, home, live_server, monkeypatch):
    """The site at work: places and people there, nothing else. Pages wait for their numbers."""
    monkeypatch.setattr(soon, "PATIENCE", 60)
    # a browser keeps its connections to the server; the server's threads must not keep theirs to the database
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    soon._asked.clear()
    yield live_server
    until_all_rest()


def until_all_rest(patience: int = 60) -> None:
    """What a page asked for last is still being answered when its browser closes; tables are emptied afterwards."""
    quiet, late = 0, time.monotonic() + patience
    while quiet < 2 and time.monotonic() < late:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            quiet = 0 if cursor.fetchone()[0] else quiet + 1
        time.sleep(0.05)


@pytest.fixture
def desk(site, browser):
    """`desk("shi")`: the browser of one of the cast, logged in through the log-in page."""
    opened = []

    def of(who: str, phone: bool = False) -> Page:
        size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
        context = browser.new_context(base_url=site.url, viewport=size, locale="zh-CN", accept_downloads=True)
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.broken = []
        page.on("pageerror", lambda error: page.broken.append(str(error)))
        page.on("response", lambda answer: answer.status >= 500 and page.broken.append(answer.url))
        page.goto("/")
        page.locator("[name=login]").fill(who)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("form button[type=submit]").first.click()
        expect(page.get_by_role("heading", name="工作台")).to_be_visible()
        return page

    yield of
    broken = [error for context in opened for page in context.pages for error in getattr(page, "broken", [])]
    for context in opened:
        context.close()
    assert broken == []
