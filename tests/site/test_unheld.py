"""What no database can hold is answered as the sender's to mend, in Chinese, and nothing is changed."""

import pytest

NUL, HUGE = "\x00", "9" * 30
NAMES = ("q", "after", "day", "page", "sort", "place", "kind")


@pytest.fixture
def log_in(cast, client):
    client.force_login(cast.shi, "allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("value", [NUL, HUGE])
@pytest.mark.parametrize(
    "path", ["/", "/units/", "/members/", "/organizations/", "/places/", "/trouble/", "/editions/"]
)
def test_no_list_stumbles(log_in, path, value):
    assert [name for name in NAMES if log_in.get(path, {name: value}).status_code >= 500] == []


def test_the_answer_says_what_to_do(log_in):
    answer = log_in.get("/units/", {"q": NUL})
    assert answer.status_code == 400
    assert "什么也没有改动" in answer.content.decode()


def test_neither_does_the_log_in(client, cast):
    assert client.post("/accounts/login/", {"login": NUL, "password": NUL}).status_code < 500


def test_the_api_says_so_in_its_own_shape(client, cast):
    answer = client.get("/api/units", {"q": NUL})
    assert answer.headers["Content-Type"].startswith("application/json") and answer.status_code < 500
