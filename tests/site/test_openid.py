"""Log-in by the house's own accounts: whoever has an account here comes in; nobody else, and no account is made."""

import os
import subprocess
import sys
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import openid
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse
from django.utils import timezone

from dishu.site.accounts import actions
from dishu.site.accounts.models import Appointment, User
from dishu.site.membership.models import Member
from dishu.site.trail.models import TrailLine

pytestmark = pytest.mark.enable_socket  # loopback only: the provider runs in the test
BUTTON, SINCE = "/accounts/oidc/house/login/?process=login", date(2000, 1, 1)
CALLBACK = "/accounts/oidc/house/login/callback/"


@pytest.fixture
def house(settings):
    """The house's provider, and the site told of it."""
    with openid.provider() as found:
        app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
        told = app | {"settings": app["settings"] | {"server_url": found.address}}
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": settings.SOCIALACCOUNT_PROVIDERS["openid_connect"] | {"APPS": [told]}
        }
        yield found


def begun(client, house):
    """The button pressed: what the site asks of the provider."""
    away = client.post(BUTTON)
    assert away.status_code == 302 and away["Location"].startswith(f"{house.address}/authorize?")
    return {key: values[0] for key, values in parse_qs(urlsplit(away["Location"]).query).items()}


def told(client, answer):
    """What the log-in page says, to which the answer leads."""
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_login"))
    return client.get(answer["Location"]).content.decode()


def come(client, house, **claims):
    """The button pressed, the provider visited, its answer brought back: what the site says to that."""
    house.who = claims or None
    asked = begun(client, house)
    back = requests.get(f"{house.address}/authorize", asked, allow_redirects=False, timeout=10).headers["Location"]
    assert urlsplit(back).path == CALLBACK
    return client.get(f"{CALLBACK}?{urlsplit(back).query}")


def inside(client):
    return "_auth_user_id" in client.session


def test_the_log_in_page_offers_the_house(client, cast):
    page = client.get(reverse("account_login")).content.decode()
    assert "用单位统一账号登录" in page
    assert "/accounts/oidc/house/login/" in page


def test_an_officer_comes_in_and_is_tied_by_name_once(client, cast, house):
    answer = come(client, house, sub="a1", preferred_username="zeng", name="曾某")
    assert (answer.status_code, answer["Location"]) == (302, reverse("desk"))
    assert client.session["_auth_user_id"] == str(cast.zeng.pk)
    assert client.get(reverse("desk")).status_code == 200
    assert TrailLine.objects.filter(verb="logged_in", by=cast.zeng).count() == 1
    assert SocialAccount.objects.get().uid == "a1"
    client.logout()
    come(client, house, sub="a1", preferred_username="renamed")
    assert client.session["_auth_user_id"] == str(cast.zeng.pk)
    cast.zeng.refresh_from_db()
    assert cast.zeng.username == "zeng"  # what the house says changes nothing here


def test_who_has_no_account_is_told_so_and_gets_none(client, cast, house):
    before = User.objects.count()
    page = told(client, come(client, house, sub="b2", preferred_username="waimian", name="外面人"))
    assert "统一账号“waimian”在这里还没有账号，请联系本单位的系统管理员开设同名账号。" in page
    assert not inside(client)
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()


def test_an_account_tied_to_one_person_is_not_taken_by_another_of_the_name(client, cast, house):
    come(client, house, sub="a1", preferred_username="zeng")
    client.logout()
    assert "另一个统一账号" in told(client, come(client, house, sub="c3", preferred_username="zeng"))
    assert not inside(client)
    assert SocialAccount.objects.count() == 1


def test_who_was_closed_stays_out(client, cast, house):
    come(client, house, sub="a1", preferred_username="zeng")
    client.logout()
    User.objects.filter(username="zeng").update(is_active=False)
    assert "已经停用" in told(client, come(client, house, sub="a1", preferred_username="zeng"))
    assert not inside(client)


def test_an_ended_appointment_gives_nothing(client, cast, house):
    held = Appointment.objects.get(user=cast.zeng)
    actions.release(by=cast.system, appointment=held, until=timezone.localdate() - timedelta(days=1))
    come(client, house, sub="a1", preferred_username="zeng")
    assert inside(client)
    assert not cast.scope("zeng").places().exists()
    assert client.get(reverse("units")).status_code == 403


def test_declined_at_the_house_is_said_in_chinese(client, cast, house):
    assert "您没有同意用统一账号登录" in told(client, come(client, house))
    assert not inside(client)


def test_a_made_up_answer_opens_nothing(client, cast, house):
    house.who = {"sub": "a1", "preferred_username": "zeng"}
    for query in ("code=x&state=y", "code=x", "state=y", "", f"code=x&state={begun(client, house)['state']}"):
        assert "没有登录成功" in told(client, client.get(f"{CALLBACK}?{query}"))
        assert not inside(client)


def test_a_house_that_does_not_answer_is_said(client, cast, settings):
    assert "现在连不上" in told(client, client.post(BUTTON))


@pytest.mark.parametrize("lacks", ["all", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"])
def test_a_house_that_does_not_say_all_is_said(client, cast, house, lacks):
    house.lacks = lacks
    assert "没有说全登录要用的地址" in told(client, client.post(BUTTON))
    assert not inside(client)


def test_a_form_may_lead_to_the_house_and_nowhere_else(client, cast, settings):
    rule = next(part for part in client.get(reverse("account_login"))["Content-Security-Policy"].split(";")
                if part.strip().startswith("form-action"))  # fmt: skip
    assert rule.split() == ["form-action", "'self'", settings.OIDC_ORIGIN] and settings.OIDC_ORIGIN.count("/") == 2


def test_a_house_that_breaks_off_in_the_middle_is_said(client, cast, house):
    asked = begun(client, house)
    house.who = None  # gone between the redirect and the token
    house.codes["x"] = asked
    assert "没有登录成功" in told(client, client.get(f"{CALLBACK}?code=x&state={asked['state']}"))
    assert not inside(client)


def test_a_new_account_needs_no_temporary_password_where_the_house_lets_in(client, cast, place, house):
    user, word = actions.open_with_role(
        by=cast.system, username="xinlai", name="新来", role="county_officer", place=place("421302"), since=SINCE
    )
    User.objects.filter(pk=user.pk).update(temporary_until=timezone.now() - timedelta(days=3))
    answer = come(client, house, sub="d4", preferred_username="xinlai")
    assert answer["Location"] == reverse("desk")
    assert client.get(reverse("desk")).status_code == 200
    client.logout()
    client.post(reverse("account_login"), {"login": "xinlai", "password": word})
    assert not inside(client)


def test_there_is_no_signing_up_through_the_side_door(client, cast, house):
    for name in ("socialaccount_signup", "socialaccount_connections"):
        assert client.get(reverse(name)).status_code in (302, 403, 404)


def test_nobody_ties_an_outside_log_in_by_hand(client, cast):
    client.force_login(cast.zeng)
    for answer in (client.get("/accounts/3rdparty/"), client.post("/accounts/3rdparty/", {"account": "1"})):
        assert (answer.status_code, answer["Location"]) == (302, reverse("own"))


@pytest.fixture
def member(place):
    """A member whose own log-in has the name they chose, by chance that of an official at the provider."""
    one = Member.objects.create(name="孙六", place=place("421302"), initials="sl", grams=[])
    return User.objects.create_user("qian", "made-up-2007", name="孙六", member=one)


def test_a_name_a_member_chose_opens_that_record_to_nobody(client, member, house):
    assert "统一账号“qian”在这里还没有账号" in told(client, come(client, house, sub="e5", preferred_username="qian"))
    assert not inside(client)
    assert not SocialAccount.objects.exists()


def test_where_only_the_house_counts_a_password_opens_a_members_own_log_in_only(client, cast, member, settings, house):
    settings.OIDC_ONLY = True
    said = client.post(reverse("account_login"), {"login": "zeng", "password": "made-up-2007"})
    assert "工作人员请用单位的统一账号登录" in said.content.decode()
    assert not inside(client)
    assert "党员本人登录" in client.get(reverse("account_login")).content.decode()
    come(client, house, sub="f6", preferred_username="zeng")
    assert client.session["_auth_user_id"] == str(cast.zeng.pk)
    client.logout()
    client.post(reverse("account_login"), {"login": "qian", "password": "made-up-2007"})
    assert client.session["_auth_user_id"] == str(member.pk)


def test_a_site_where_only_the_house_counts_starts():
    told = {
        "DISHU_OIDC_ONLY": "1",
        "DJANGO_SETTINGS_MODULE": "dishu.site.settings",
        "DATABASE_URL": "postgresql:///none",
    }
    done = subprocess.run(
        [sys.executable, "-m", "django", "check"], env=os.environ | told, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
