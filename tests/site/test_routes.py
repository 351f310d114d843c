"""Every route × every kind of visitor, taken from the URLconf: a new route is walked without writing a test.

A route with arguments needs a sample in SAMPLES: what to ask for inside the visitor's scope and outside it.
"""

import re
from collections import Counter
from pathlib import Path

import pytest
from apicalls import Caller, body_of
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from walking import (
    FOREIGN,
    HERE,
    INSIDE,
    NOWHERE,
    OF_API,
    OUTSIDE,
    PERSON,
    SAMPLES,
    SECRET,
    SINCE,
    WITHOUT,
    address,
    body,
    names,
    ours,
    routes,
    visit,
)

import dishu
from dishu.site import crypto
from dishu.site.accounts import actions as accounts
from dishu.site.accounts.models import Appointment, User
from dishu.site.accounts.roles import MAY, ROLES
from dishu.site.api import tokens
from dishu.site.api.calls import CALLS
from dishu.site.api.document import document
from dishu.site.doubts.models import Pair
from dishu.site.intake.models import Upload
from dishu.site.membership.models import Member, Organization, OrganizationState, Standing
from dishu.site.mine.models import Correction
from dishu.site.registry.models import Unit, UnitState
from dishu.site.reports.models import Sealed
from dishu.site.territory.models import Place
from dishu.site.trail.models import TrailLine


@pytest.fixture
def world(cast, place):
    """The same records on both sides: a unit, a member, an organization, an upload, an account."""

    def side(code, word):
        county, street = place(code), place(code).children.open().order_by("code").first()
        unit = Unit.objects.create(kind="enterprise", name=f"{word}公司", place=street)
        UnitState.objects.create(unit=unit, place=street, since=SINCE, control="private", employees=9)
        org = Organization.objects.create(name=f"{word}党支部", plain=word, place=street)
        OrganizationState.objects.create(
            org=org, place=street, kind="branch", system="market", superior=None, since=SINCE
        )
        member = Member.objects.create(name=word, place=street)
        upload = Upload.objects.create(
            name=f"{word}.xlsx", sha256=word, size=1, day=SINCE, place=county, by=cast.shi, stage="previewed"
        )
        standing = Standing.objects.create(
            member=member, place=street, standing="full", since=SINCE, upload=upload, row=2
        )
        sealed = Sealed.objects.create(
            place=county, day=SINCE, moment=timezone.now(), contents=code, manifest="", name=code, line=1, by=cast.shi
        )
        user = accounts.open_account(by=None, username=f"u{code}", name=word)
        post = accounts.appoint(by=None, user=user, role="leader", place=street, since=SINCE)
        token, _ = tokens.make(by=user, name=word, role="leader", place=street, days=1, writes=False)
        pair = Pair.objects.create(
            kind="member", left=member.pk, right=member.pk + 1_000_000, place=street, reasons="姓名一致", probability=0.5,
            model="people-1",
        )  # fmt: skip
        correction = Correction.objects.create(
            member=member, field="name", stood=crypto.hide(word), wish=crypto.hide(f"{word}己")
        )
        return {"place": code, "street": street.code, "unit": unit, "org": org, "member": member, "upload": upload,
                "user": user, "post": post, "standing": standing, "sealed": sealed, "token": token,
                "correction": correction, "pair": pair}  # fmt: skip

    return {"inside": side(INSIDE, PERSON), "outside": side(OUTSIDE, SECRET)}


@pytest.fixture
def persona(cast, place):
    """Somebody inside who holds every business role that may do what is asked, at the one county."""

    def made(what, world=None):
        if what == "own.read":
            return User.objects.create_user("in-member", None, name="里面的人", member=world["inside"]["member"])
        role = next(r.code for r in ROLES.values() if not what or what in r.may)
        user = User.objects.create_user(f"in-{role}", None, name="里面的人")
        Appointment.objects.create(user=user, role=role, place=place(INSIDE), since=SINCE)
        return user

    return made


def test_no_name_is_of_two_routes():
    assert [name for name, times in Counter(names()).items() if times > 1] == []


def test_a_route_with_arguments_and_no_sample_fails_loudly():
    lacking = [text for entry, text in routes()
               if entry.callback.__module__.startswith("dishu.") and "<" in text and entry.name not in SAMPLES]  # fmt: skip
    assert lacking == [], f"请在 SAMPLES 里为这些路径写明取哪条记录：{lacking}"


def test_every_view_is_ours_and_guarded_or_somebody_elses_and_known():
    for entry, text in routes():
        module = entry.callback.__module__
        assert hasattr(entry.callback, "may") or module.startswith(FOREIGN), f"路径 {text} 没有 @may 或 @everyone"


@pytest.mark.once
@pytest.mark.parametrize(("entry", "text"), ours())
def test_an_anonymous_visitor_is_sent_to_log_in(client, world, entry, text):
    answer = visit(client, address(entry, text, world["inside"]))
    if entry.callback.may is None:
        assert answer.status_code == 200 and PERSON not in body(answer)
        return
    assert answer.status_code == 302 and answer.url.startswith(reverse(settings.LOGIN_URL))


@pytest.mark.once
@pytest.mark.parametrize(("entry", "text"), ours())
def test_whoever_has_no_such_right_is_told_so(client, world, cast, entry, text):
    what = entry.callback.may
    client.force_login(cast.stranger)
    answer = visit(client, address(entry, text, world["inside"]))
    assert answer.status_code == (403 if what else answer.status_code)
    assert answer.status_code < 500 and PERSON not in body(answer) and SECRET not in body(answer)
    if what:
        assert str(MAY[what]) in body(answer)


@pytest.mark.parametrize(("entry", "text"), ours())
def test_inside_it_works_and_names_nobody_outside(client, world, persona, entry, text):
    user = persona(entry.callback.may, world)
    client.force_login(user)
    before = TrailLine.objects.count()
    answer = visit(client, address(entry, text, world["inside"]))
    said = body(answer)
    assert answer.status_code in (200, 302, 422) or (entry.name in WITHOUT and answer.status_code == 404)
    assert SECRET not in said
    if PERSON in said and (entry.callback.may or "").startswith(("members.", "figures.", "match.")):
        kept = TrailLine.objects.filter(by=user, verb__in=("looked", "searched", "revealed", "exported"))
        shown = world["inside"]["member"].name in said.replace(f"{PERSON}公司", "").replace(f"{PERSON}党支部", "")
        assert not shown or (kept.exists() and TrailLine.objects.count() > before), f"路径 {text} 显示了党员而没有留痕"


@pytest.mark.parametrize(("entry", "text"), ours())
def test_a_member_reaches_their_own_record_and_nothing_else(client, world, persona, entry, text):
    """Not even the neighbours inside the same street: every page of the officers is closed to them."""
    client.force_login(persona("own.read", world))
    answer = visit(client, address(entry, text, world["outside"]))
    assert answer.status_code == (403 if entry.callback.may not in ("own.read", "", None) else answer.status_code)
    assert answer.status_code < 500 and SECRET not in body(answer)
    if entry.callback.may == "" and answer.status_code != 403 and text != HERE:
        assert answer.status_code == 302


@pytest.mark.parametrize(("entry", "text"), ours())
def test_what_lies_outside_is_not_found(client, world, persona, entry, text):
    client.force_login(persona(entry.callback.may, world))
    answer = visit(client, address(entry, text, world["outside"]))
    assert SECRET not in body(answer)
    assert answer.status_code == (404 if "<" in text else answer.status_code) and answer.status_code < 500


#: Pages of libraries; those that want a number of theirs are theirs to test.
OTHERS = [
    p for p in routes()
    if not p[0].callback.__module__.startswith(("dishu.", "ninja.")) and p[0].name is not None and "<" not in p[1]
]  # fmt: skip


@pytest.mark.parametrize(("entry", "text"), OTHERS, ids=lambda p: str(p)[:60])
def test_what_is_not_ours_never_breaks(client, cast, entry, text):
    for user in (None, cast.zeng):
        if user:
            client.force_login(user)
        assert client.get("/" + text).status_code < 500


#: Every word that a page reads in an address or a form, and what nobody expects there.
WORDS = sorted({
    word for file in Path(dishu.__file__).parent.glob("site/**/*.py")
    for word in re.findall(r'(?:GET|POST)(?:\.get\(|\.getlist\(|\[)"(\w+)"', file.read_text(encoding="utf-8"))
} - {"layout"})  # fmt: skip
STRANGE = ("²", "9" * 30, "2011-02-30", "\0", "'\"<%_" + "字" * 300)


@pytest.mark.once
@pytest.mark.parametrize(("entry", "text"), [one for one in ours() if not one.values[1].startswith("api/")])
def test_whatever_is_written_into_an_address_or_a_form_no_page_breaks(client, world, persona, entry, text):
    client.force_login(persona(entry.callback.may, world))
    for strange in STRANGE:
        asked = dict.fromkeys(WORDS, strange)
        url = address(entry, text, world["inside"])
        for send in (client.get, client.post):
            answer = send(url, asked)
            assert answer.status_code < 500 and body(answer) is not None, strange


def test_no_role_may_do_what_no_page_offers_words_for():
    assert all(what in MAY for role in ROLES.values() for what in role.may)


# --- the API ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def callers(place):
    """A caller at the one county for any role; each person has one token."""
    made = {}

    def of(role):
        if role not in made:
            unwalled()
            user = User.objects.create_user(f"api-{role}", None, name="里面的人")
            Appointment.objects.create(user=user, role=role, place=place(INSIDE), since=SINCE)
            made[role] = caller(user, role, INSIDE)
            made[role].user = user
        return made[role]

    return of


def may_do(right):
    return next(role.code for role in ROLES.values() if not right or right in role.may)


def each_call(callers, world, side):
    """Every call about one side's records by somebody who may; what it did is undone."""
    for method, path, right in CALLS:
        calling = callers(may_do(right))
        with transaction.atomic():
            yield calling.user, path, right, api_answer(calling, method, path, world[side])
            transaction.set_rollback(True)


def caller(user, role, code):
    secret = tokens.make(by=user, name="走", role=role, place=Place.objects.get(code=code), days=1, writes=True)[1]
    return Caller(secret, Client())


def unwalled():
    """Take away the wall of the call before: its transaction is the test's and goes on."""
    connection.cursor().execute("RESET ROLE")


def api_answer(calling, method, path, world):
    """The answer to a call about one side's records, with the least body it takes."""
    names = re.findall(r"{(?:\w+:)?(\w+)}", path)
    assert set(names) <= set(OF_API), f"调用 {path} 带新参数：请在 OF_API 里写明它指什么。"
    where = re.sub(r"{(?:\w+:)?(\w+)}", lambda found: str(OF_API[found[1]](world)), path)
    unwalled()
    if method == "GET":
        return calling.get(where)
    said = document()
    plain = re.sub(r"{\w+:", "{", path)
    known = {"place": world["place"], "version": 1, "tie": 0, "code": "4213990"}
    return calling.post(where, body_of(said, said["paths"][f"/api{plain}"]["post"], **known))


def test_every_call_of_the_api_is_registered_with_its_right():
    wired = [text for entry, text in routes() if entry.callback.__module__.startswith("ninja.")]
    known = {"api" + re.sub(r"{int:(\w+)}", r"<int:\1>", re.sub(r"{(\w+)}", r"<\1>", path)) for _, path, _ in CALLS}
    assert set(wired) == known and len(CALLS) >= len(wired)


def test_without_a_token_the_api_says_nothing(world):
    for method, path, _ in CALLS:
        answer = api_answer(Caller(None, Client()), method, path, world["inside"])
        assert (answer.status_code, answer.json()["code"]) == (401, "token_missing"), path


def test_a_token_without_the_right_is_told_so(world, callers):
    for method, path, right in CALLS:
        role = next((role.code for role in ROLES.values() if right not in role.may), None)
        if right and role:
            answer = api_answer(callers(role), method, path, world["inside"])
            assert (answer.status_code, answer.json()["code"]) == (403, "no_right"), path
            assert str(MAY[right]) in answer.json()["message_zh"] and PERSON not in body(answer)


def test_a_token_inside_reads_and_writes_and_names_nobody_outside(world, callers):
    kept = ("looked", "searched", "revealed", "exported")
    for user, path, right, answer in each_call(callers, world, "inside"):
        said = body(answer)
        assert answer.status_code < 500 or answer.json()["code"] == "computing", path
        assert SECRET not in said, path
        people = world["inside"]["member"].name in said.replace(f"{PERSON}公司", "").replace(f"{PERSON}党支部", "")
        if people and right.startswith(("members.", "figures.", "match.")):
            assert TrailLine.objects.filter(by=user, verb__in=kept).exists(), f"调用 {path} 显示了党员而没有留痕"


def test_a_token_finds_nothing_outside(world, callers):
    for _, path, _, answer in each_call(callers, world, "outside"):
        assert SECRET not in body(answer), path
        if set(re.findall(r"{(?:\w+:)?(\w+)}", path)) - set(NOWHERE):
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path


def test_an_address_for_forms_says_so_when_it_is_opened(client, cast):
    client.force_login(cast.guang)
    answer = client.get("/rosters/send/")
    assert answer.status_code == 405 and "这里只接收表单" in answer.content.decode() and answer["Allow"] == "POST"
