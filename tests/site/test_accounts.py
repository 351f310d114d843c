"""Accounts: opened and appointed by one administrator, unlocked by another, looked over by a third."""

import re
from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from dishu.site.accounts import actions, middleware, secrets
from dishu.site.accounts import scope as scopes
from dishu.site.accounts.actions import Impossible
from dishu.site.accounts.models import Appointment, User
from dishu.site.accounts.roles import APART, ROLES
from dishu.site.trail.models import TrailLine

PASSWORD = "made-up-2007"
SINCE = date(2000, 1, 1)
COUNTY, STREET, OTHER = "421381", "421381001", "421303"


def log_in(client, username, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": username, "password": password})


def opened(cast, place, username="xinlai", where=STREET, role="office_officer"):
    return actions.open_with_role(
        by=cast.system, username=username, name="新来", role=role, place=place(where), since=SINCE
    )


# --- three administrators ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", sorted(APART))
@pytest.mark.parametrize("other", sorted(ROLES))
def test_an_administrator_holds_no_second_role(cast, place, one, other):
    user = actions.open_account(by=cast.system, username="both", name="两职")
    Appointment.objects.create(user=user, role=one, place=place("4213"), since=SINCE)
    if one == other:
        return
    where = {"": "4213", "province": "42", "prefecture": "4213", "county": COUNTY, "township": STREET}
    level = next(iter(ROLES[other].at), "")
    with pytest.raises(Impossible, match="必须由不同的人担任"):
        actions.appoint(by=cast.system, user=user, role=other, place=place(where[level]), since=SINCE)


def test_each_of_the_three_sees_only_their_own_pages(client, cast):
    pages = {"system": "users", "security": "locks", "audit": "trail"}
    for who in pages:
        client.force_login(getattr(cast, who))
        for owner, page in pages.items():
            assert client.get(reverse(page)).status_code == (200 if owner == who else 403)


def test_nobody_appoints_unlocks_or_resets_themselves(cast, place, rf):
    with pytest.raises(Impossible, match="不能给自己"):
        actions.appoint(by=cast.system, user=cast.system, role="system_administrator", place=place("4213"), since=SINCE)
    with pytest.raises(Impossible, match="另一位安全管理员"):
        secrets.reset_password(by=cast.security, user=cast.security, reason="忘了")


def test_an_administrator_keeps_only_accounts_that_lie_wholly_in_the_own_part(cast, place):
    user, _ = opened(cast, place)
    assert user in cast.scope("system").users()
    actions.appoint(by=None, user=user, role="leader", place=place("42"), since=SINCE)
    assert user not in cast.scope("system").users()
    assert cast.sheng not in cast.scope("system").users() and cast.zeng in cast.scope("system").users()


def test_appointing_outside_is_refused_even_where_the_check_is_forgotten(cast, place):
    user, _ = opened(cast, place)
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
        scopes.walled(cast.scope("system")),
    ):
        actions.appoint(by=cast.system, user=user, role="leader", place=place("42"), since=SINCE)


# --- pages ------------------------------------------------------------------------------------------------------------


def test_an_account_is_opened_on_its_page_and_its_password_shown_once(client, cast):
    client.force_login(cast.system)
    form = {"username": "wang.wu", "name": "王五", "role": "county_officer", "place": COUNTY, "since": "2026-01-01"}
    answer = client.post(reverse("user_open"), form)
    word = re.search(r"\w{4}-\w{4}-\w{4}-\w{4}", answer.content.decode())[0]
    user = User.objects.get(username="wang.wu")
    assert user.check_password(word) and user.temporary_until > timezone.now()
    assert word not in client.get(reverse("user", args=[user.pk])).content.decode()
    assert not any(word in str(line.details) for line in TrailLine.objects.all())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"username": "zeng"}, "已被使用"),
        ({"username": "大写"}, "小写字母"),
        ({"place": "42"}, "您的辖区内没有"),
        ({"place": STREET}, "不能设在"),
        ({"name": ""}, "请填写这一项"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(client, cast, change, says):
    client.force_login(cast.system)
    form = {"username": "wang.wu", "name": "王五", "role": "county_officer", "place": COUNTY, "since": "2026-01-01"}
    answer = client.post(reverse("user_open"), form | change)
    assert answer.status_code == 422 and says in answer.content.decode()
    assert not User.objects.filter(username="wang.wu").exists()


def test_a_role_ends_on_its_page(client, cast, place):
    user, _ = opened(cast, place)
    post = user.appointments.get()
    client.force_login(cast.system)
    client.post(reverse("user_release", args=[post.pk]), {"until": "2026-01-01"})
    post.refresh_from_db()
    assert post.until == date(2026, 1, 1)
    assert TrailLine.objects.filter(verb="released", subject_id=user.pk, by=cast.system).exists()


def test_a_closed_account_does_not_log_in(client, cast):
    actions.close_account(by=cast.system, user=cast.zeng, reason="调离")
    log_in(client, "zeng")
    assert client.get(reverse("own")).status_code == 302


# --- passwords --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("kurz1", "太短"),
        ("password123", "太常见"),
        ("1029384756", "全都是数字"),
        ("xinlai2026", "与 登录名 太相似|登录名"),
    ],
)
def test_weak_passwords_are_refused(client, cast, place, word, why):
    user, temporary = opened(cast, place)
    log_in(client, "xinlai", temporary)
    form = {"oldpassword": temporary, "password1": word, "password2": word}
    answer = client.post(reverse("account_change_password"), form)
    assert answer.status_code == 200 and re.search(why, answer.content.decode())
    user.refresh_from_db()
    assert user.check_password(temporary)


def test_a_temporary_password_opens_nothing_but_the_change_of_it(client, cast, place):
    user, word = opened(cast, place)
    log_in(client, "xinlai", word)
    for page in ("desk", "units", "own"):
        assert client.get(reverse(page)).url == reverse("account_change_password")
    new = "qi-jing-zhen-89"
    client.post(reverse("account_change_password"), {"oldpassword": word, "password1": new, "password2": new})
    user.refresh_from_db()
    assert user.temporary_until is None and client.get(reverse("own")).status_code == 200
    assert TrailLine.objects.filter(verb="changed", by=user, details__what="password").exists()


def test_a_temporary_password_runs_out(client, cast, place):
    user, word = opened(cast, place)
    User.objects.filter(pk=user.pk).update(temporary_until=timezone.now() - timedelta(minutes=1))
    log_in(client, "xinlai", word)
    assert client.get(reverse("own")).url.startswith(reverse("account_login"))


def test_a_reset_password_ends_the_sessions_of_its_owner(client, cast):
    log_in(client, "zeng")
    assert client.get(reverse("own")).status_code == 200
    secrets.reset_password(by=cast.security, user=cast.zeng, reason="本人来电")
    assert client.get(reverse("own")).status_code == 302
    assert TrailLine.objects.filter(verb="reset", subject_id=cast.zeng.pk, reason="本人来电").exists()


def test_second_factors_are_taken_away_with_a_reason(client, cast):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=cast.zeng, type="totp", data={})
    client.force_login(cast.security)
    page = reverse("lock", args=[cast.zeng.pk])
    assert client.post(page, {"what": "factors", "reason": ""}).status_code == 422
    client.post(page, {"what": "factors", "reason": "手机丢失"})
    assert not Authenticator.objects.filter(user=cast.zeng).exists()


# --- lock-out and idle time -------------------------------------------------------------------------------------------


@pytest.fixture
def shared_cache(settings, db):
    """The cache of the real site: a table, which all processes share."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
    call_command("createcachetable", verbosity=0)
    yield caches["default"]
    caches["default"].clear()


def test_five_wrong_passwords_lock_and_the_count_is_kept_where_all_processes_see_it(client, cast, shared_cache):
    for _ in range(5):
        log_in(client, "zeng", "wrong-wrong")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache WHERE cache_key LIKE '%%login_failed%%'")
        assert cursor.fetchone()[0] >= 1
    answer = log_in(client, "zeng")
    assert client.get(reverse("own")).status_code == 302 and "登录失败次数过多" in answer.content.decode()
    assert TrailLine.objects.filter(verb="login_failed", subject_id=cast.zeng.pk).count() == 5


def test_the_security_administrator_unlocks(client, cast, shared_cache, django_user_model):
    for _ in range(6):
        log_in(client, "zeng", "wrong-wrong")
    client.force_login(cast.security)
    assert "已锁定" in client.get(reverse("locks")).content.decode()
    client.post(reverse("lock", args=[cast.zeng.pk]), {"what": "unlock", "reason": "本人来电"})
    client.logout()
    log_in(client, "zeng")
    assert client.get(reverse("own")).status_code == 200


def test_whoever_is_idle_for_half_an_hour_logs_in_again(client, cast):
    client.force_login(cast.zeng)
    client.get(reverse("own"))
    session = client.session
    session["last_seen"] -= middleware.IDLE_SECONDS - 5
    session.save()
    assert client.get(reverse("own")).status_code == 200
    session = client.session
    session["last_seen"] -= middleware.IDLE_SECONDS + 5
    session.save()
    assert client.get(reverse("own")).status_code == 302


@pytest.mark.parametrize(("method", "lost"), [("get", False), ("post", True)])
def test_who_was_logged_out_is_told_why_and_what_was_not_saved(client, cast, method, lost):
    client.force_login(cast.zeng)
    client.get(reverse("own"))
    session = client.session
    session["last_seen"] -= middleware.IDLE_SECONDS + 5
    session.save()
    said = getattr(client, method)(reverse("desk"), follow=True).content.decode()
    assert "已经半小时没有操作" in said and ("没有保存" in said) == lost


def test_somebody_at_work_on_a_page_stays_logged_in_and_gets_the_token_of_now(client, cast):
    assert client.get(reverse("here")).status_code == 302
    client.force_login(cast.zeng)
    client.get(reverse("own"))
    session = client.session
    session["last_seen"] -= middleware.IDLE_SECONDS - 60
    session.save()
    answer = client.get(reverse("here"))
    assert answer.json()["token"] and client.session["last_seen"] > session["last_seen"]


def test_too_many_attempts_are_answered_in_the_sites_words(client, cast, shared_cache):
    client.force_login(cast.zeng)
    wrong = {"oldpassword": "wrong", "password1": "x", "password2": "y"}
    last = [client.post(reverse("account_change_password"), wrong) for _ in range(7)][-1]
    assert last.status_code == 429 and "没有做任何改动" in last.content.decode()


# --- the first administrators -----------------------------------------------------------------------------------------


def test_the_first_administrator_is_opened_from_the_terminal(cast, capsys):
    call_command("open_account", "diyi", "第一人", "system_administrator", "4213")
    word = re.search(r"\w{4}-\w{4}-\w{4}-\w{4}", capsys.readouterr().out)[0]
    assert User.objects.get(username="diyi").check_password(word)
    with pytest.raises(CommandError, match="没有代码是 99"):
        call_command("open_account", "dier", "第二人", "system_administrator", "99")


@pytest.mark.parametrize("alone", [True, False])
def test_the_first_administrator_is_told_to_open_accounts(client, cast, alone):
    if alone:
        Appointment.objects.exclude(role__in=APART).delete()
        User.objects.exclude(appointments__role__in=APART).update(is_active=False)
    client.force_login(cast.system)
    assert (reverse("user_open") in client.get("/").content.decode()) is alone
