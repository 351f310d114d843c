"""Tokens: never more than their owner, for a time, revocable; each refusal has its code."""

import json
from datetime import date, timedelta

import pytest
from apicalls import Caller, token
from django.urls import reverse
from django.utils import timezone

from dishu.site.accounts import actions as accounts
from dishu.site.api import tokens
from dishu.site.api.errors import catalogue
from dishu.site.api.models import Token
from dishu.site.territory.actions import Impossible
from dishu.site.trail.models import TrailLine

COUNTY, STREET, OTHER = "421381", "421381001", "421302"


@pytest.fixture
def secret(cast):
    return token(cast.guang, "county_officer", COUNTY)


def code(answer):
    said = answer.json()
    assert set(said) == {"code", "message_zh", "message_en", "field", "row", "what_to_do", "details"}
    assert answer.status_code == catalogue()[said["code"]].status
    return said["code"]


def expired(cast, token):
    Token.objects.update(expires_at=timezone.now())


def revoked(cast, token):
    tokens.revoke(by=cast.guang, token=token)


def closed(cast, token):
    accounts.close_account(by=cast.system, user=cast.guang, reason="调离")


def reset(cast, token):
    user = cast.guang
    user.temporary_until = timezone.now()
    user.save()


def released(cast, token):
    accounts.release(by=None, appointment=cast.guang.appointments.get(), until=date(2001, 1, 1))


def moved_up(cast, token):
    Token.objects.update(place=cast.shi.appointments.get().place)


def another_role(cast, token):
    Token.objects.update(role="city_officer")


def test_a_token_opens_the_door_and_says_what_it_is(cast, secret):
    said = Caller(secret).get("/me").json()
    assert (said["owner"], said["role"], said["place"]) == ("guang", "county_officer", COUNTY)
    assert "members.reveal" in said["may"] and "territory.edit" not in said["may"]


@pytest.mark.parametrize(("happens", "refusal"), [
    (expired, "token_expired"), (revoked, "token_revoked"), (closed, "owner_inactive"), (reset, "owner_password"),
    (released, "token_exceeds_owner"), (moved_up, "token_exceeds_owner"), (another_role, "token_exceeds_owner"),
])  # fmt: skip
def test_a_token_ends_with_what_it_rests_on(cast, secret, happens, refusal):
    assert Caller(secret).get("/me").status_code == 200
    happens(cast, Token.objects.get())
    assert code(Caller(secret).get("/me")) == refusal


@pytest.mark.parametrize(("header", "refusal"), [
    ("", "token_missing"), ("Bearer", "token_missing"), ("Basic eDp5", "token_missing"), ("Bearer x", "token_unknown"),
    ("Bearer dishu_" + "x" * 43, "token_unknown"),
])  # fmt: skip
def test_without_a_proper_token_nothing(client, db, header, refusal):
    assert code(client.get("/api/me", headers={"authorization": header})) == refusal


def test_a_log_in_of_the_browser_opens_no_door_of_the_api(client, cast):
    client.force_login(cast.shi)
    assert code(client.get("/api/me")) == "token_missing"


@pytest.mark.parametrize(("role", "place"), [
    ("county_officer", OTHER), ("county_officer", "4213"), ("city_officer", COUNTY), ("nothing", COUNTY),
])  # fmt: skip
def test_nobody_makes_a_token_that_may_more_than_themselves(cast, role, place):
    with pytest.raises(Impossible, match="不能超出您本人"):
        token(cast.guang, role, place)


@pytest.mark.parametrize("days", [0, -1, tokens.MOST_DAYS + 1])
def test_no_token_for_ever(cast, days):
    with pytest.raises(Impossible, match="有效期"):
        token(cast.guang, "county_officer", COUNTY, days=days)


def test_a_token_may_be_for_a_smaller_place(cast):
    small = Caller(token(cast.guang, "county_officer", STREET))
    assert [row["code"] for row in small.get("/places", level="township").json()["rows"]] == [STREET]
    assert code(small.get(f"/places/{COUNTY}")) == "not_found"


def test_a_reading_token_writes_nothing(cast):
    reading = Caller(token(cast.guang, "county_officer", COUNTY, writes=False))
    assert code(reading.post("/me")) == "read_only"


def test_too_often_in_a_minute(cast, secret, settings):
    settings.API_PER_MINUTE = 2
    answers = [Caller(secret).get("/me") for _ in range(5)]
    late = [answer for answer in answers if answer.status_code == 429]
    assert late and all(code(answer) == "rate_limited" and int(answer["Retry-After"]) > 0 for answer in late)


def test_the_secret_is_kept_nowhere_and_each_step_leaves_a_line(cast, secret):
    one = Token.objects.get()
    assert secret not in json.dumps(list(Token.objects.values()), default=str)
    tokens.revoke(by=cast.guang, token=one)
    lines = TrailLine.objects.filter(subject_type="api.token").order_by("id")
    assert [line.verb for line in lines] == ["created", "closed"]
    assert secret not in json.dumps([line.details for line in lines])


def test_lines_written_through_a_token_say_so(cast, secret):
    Caller(secret).get("/units", format="csv")
    line = TrailLine.objects.get(verb="exported")
    assert line.by == cast.guang and line.details["token"] == Token.objects.get().pk


def test_the_page_makes_one_shows_it_once_and_revokes_it(client, cast):
    client.force_login(cast.guang)
    post = cast.guang.appointments.get()
    made = client.post(reverse("tokens"), {"name": "上报", "post": post.pk, "place": STREET, "days": 30})
    secret = made.context["secret"]
    assert secret in made.content.decode() and secret not in client.get(reverse("tokens")).content.decode()
    one = Token.objects.get()
    assert one.place.code == STREET and one.expires_at - one.created_at > timedelta(days=29) and not one.writes
    assert Caller(secret).get("/me").status_code == 200
    client.post(reverse("token_revoke", args=[one.pk]))
    assert code(Caller(secret).get("/me")) == "token_revoked"


def test_another_persons_token_is_not_found(client, cast, secret):
    client.force_login(cast.zeng)
    assert client.post(reverse("token_revoke", args=[Token.objects.get().pk])).status_code == 404
    assert not client.get(reverse("tokens")).context["tokens"]
