"""Every page can be used by everybody: read out, reached by keyboard, at a desk and on a phone.

The pages are all there are, taken from the URLconf like in tests/site/test_routes.py, seen by somebody who may see
them. axe-core looks for what is serious; each page has a title and one heading and never scrolls sideways.
"""

import importlib.util
import sys
from pathlib import Path

import pytest
import registerworld
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from playwright.sync_api import expect

from dishu.site.accounts.roles import ROLES

AXE = (Path(__file__).parent / "vendor/axe-core/axe.min.js").read_text()
DESK, PHONE, SMALLEST = 1440, 390, 360
#: Answers that are no pages: pieces of one, files, and what is only sent to. Named, so that a new page is not forgotten.
NO_PAGES = {
    "six", "trend", "trouble_counts", "orgs_named", "offered", "place_suggest", "place_below", "organization_below",
    "rows_export", "report", "rejected", "check_edition", "openapi", "trail_proof", "stalls",
}  # fmt: skip
ALLAUTH = (
    "account_login",
    "account_logout",
    "account_change_password",
    "account_reset_password",
    "mfa_index",
    "mfa_list_webauthn",
)


def _routes():
    """The walk of tests/site: which routes there are, and which records stand for their arguments."""
    path = Path(__file__).parents[1] / "site" / "test_routes.py"
    spec = importlib.util.spec_from_file_location("walked_routes", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


walk = _routes()
world, persona = walk.world, walk.persona


@pytest.fixture
def seen(site, world, persona, browser):
    """`for page, name in seen(width)`: every page, opened as somebody who may see it."""
    registerworld.fill(2, units=30)
    context = browser.new_context(base_url=site.url, locale="zh-CN")
    page = context.new_page()
    users = {}

    def enter(right):
        role = "member" if right == "own.read" else next(r.code for r in ROLES.values() if not right or right in r.may)
        if role not in users:
            users[role] = persona(right, world)
        session = SessionStore()
        session[SESSION_KEY] = str(users[role].pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = users[role].get_session_auth_hash()
        session.create()
        context.clear_cookies()
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": site.url}])

    def pages():
        for entry, text in walk.routes():
            if entry.callback.__module__.startswith("dishu.") and entry.name not in NO_PAGES:
                yield entry.name, getattr(entry.callback, "may", None), walk.address(entry, text, world["inside"])
        yield from ((name, "figures.read", reverse(name)) for name in ALLAUTH)

    def at(width):
        page.set_viewport_size({"width": width, "height": 900})
        before = object()
        for name, right, address in sorted(pages(), key=lambda one: one[1] or ""):
            if right != before:
                enter(right)
                before = right
            answer = context.request.get(address)  # what only takes what is sent has no page to open
            if answer.ok and answer.headers.get("content-type", "").startswith("text/html"):
                page.goto(address)
                yield page, f"{name} {address}"

    yield at
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_no_page_has_a_serious_finding(seen, width):
    found, walked = [], 0
    for page, name in seen(width):
        walked += 1
        page.evaluate(AXE)
        result = page.evaluate("axe.run({resultTypes: ['violations']})")
        found += [
            f"{name}: {one['impact']} {one['id']}: {node['html'][:160]}"
            for one in result["violations"] if one["impact"] in ("serious", "critical") for node in one["nodes"][:2]
        ]  # fmt: skip
    assert walked > 40
    assert found == [], "\n".join(found)


def test_every_page_has_a_title_one_heading_and_fits_the_smallest_phone(seen):
    wrong = []
    for page, name in seen(SMALLEST):
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        headings, title = page.locator("h1").count(), page.title()
        unnamed = page.evaluate(
            "[...document.querySelectorAll('main :is(input:not([type=hidden]), select, textarea)')]"
            ".filter((one) => !one.labels?.length && !one.ariaLabel && !one.getAttribute('aria-labelledby')).map((one) => one.outerHTML)"
        )
        if wide > 0 or headings != 1 or not title.removesuffix("· 底数").strip() or unnamed:
            wrong.append((name, wide, headings, title, unnamed))
    assert wrong == []


def test_who_uses_the_keyboard_sees_where_they_are(desk):
    page = desk("shi")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.reload()
    places = page.locator("a:visible, button:visible, input:visible").count()
    unseen = []
    for _ in range(places):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => { const style = getComputedStyle(document.activeElement); return [document.activeElement.outerHTML.slice(0, 80),"
            " style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2]; }"
        )
        unseen += [] if focused[1] else [focused[0]]
    assert unseen == []
