"""Calls made up from the OpenAPI document, right ones and wrong ones: no bare error, no answer that is not documented."""

import json
import os
import random
import re
from datetime import date

import pytest
from apicalls import Caller, body_of, token
from django.db import connection, transaction
from rosterdesk import OTHER_UNIT, UNIT, put

from dishu.site.accounts import actions as accounts
from dishu.site.accounts.roles import ROLES
from dishu.site.api.document import document
from dishu.site.api.errors import catalogue
from dishu.site.api.models import Token
from dishu.site.reports import soon

#: Calls in all, and which; the full run of the acceptance is ten thousand: FUZZ_CALLS=10000 FUZZ_SEED=1 pytest tests/site/test_api_fuzz.py
CALLS = int(os.environ.get("FUZZ_CALLS", "400"))
SEED = int(os.environ.get("FUZZ_SEED", "20261122"))
COUNTY = "421303"
ODD = ["", " ", "x", "0", "-1", "1", "2", "9" * 30, "4213", COUNTY, "33", "null", "true", "孙", "%", "'", '"', "a" * 500,
       "\x00", "2010-01-01", "2999-12-31", "0000-00-00", "1e9", "=1+1", "../..", "\u202e", "😀", "#1", "{}", "[]"]  # fmt: skip
ODD_JSON = [None, True, False, 0, -1, 1, 2**31, 2**63, 10**30, 1.5, [], {}, [[]], {"a": 1}, "\ud800", *ODD]


@pytest.fixture
def callers(cast, place, monkeypatch):
    """Somebody of every business role at the prefecture's whole, and an auditor of the trail; with records to find."""
    monkeypatch.setattr(soon, "PATIENCE", 60)
    put("企业.csv", UNIT, OTHER_UNIT)
    made = []
    for who, role in (("shi", "city_officer"), ("audit", "audit_administrator"), ("lead", "leader")):
        made.append(Caller(token(getattr(cast, who), role, "4213")))
    user = accounts.open_account(by=None, username="all", name="全")
    accounts.appoint(by=None, user=user, role="province_officer", place=place("42"), since=date(2000, 1, 1))
    made.append(Caller(token(user, "province_officer", "42")))
    assert ROLES and Token.objects.count() == 4
    return made


def path_of(rng, path, operation):
    """The path with numbers and codes that are there, or not."""
    known = {"place": [COUNTY, "4213", "421303001"], "indicator": ["base_known", "affiliation_clear"],
             "situation": ["total", "held"]}  # fmt: skip

    def some(found):
        right = known.get(found[1], ["1", "2", "3"])
        odd = ["nonsense", "0", "99999999999999999999", "%00", "%E5%AD%99", "-1", "a" * 300]
        return rng.choice(right if rng.random() < 0.8 else odd)

    return re.sub(r"{(\w+)}", some, path.removeprefix("/api"))


def query_of(rng, operation):
    """Some of the parameters, rightly or wrongly; sometimes one that is not there."""
    found = {}
    for one in operation["parameters"]:
        if one["in"] == "query" and rng.random() < 0.3:
            schema = one["schema"]
            words = [v for part in (schema, *schema.get("anyOf", [])) for v in part.get("enum", [])]
            found[one["name"]] = rng.choice(words) if words and rng.random() < 0.6 else rng.choice(ODD)
    if rng.random() < 0.05:
        found[rng.choice(["nonsense", "id", "\x00"])] = "1"
    return found


def content_of(rng, said, operation):
    """A body that is right, then perhaps spoiled."""
    body = body_of(said, operation, place=COUNTY, version=1, tie=1, organization=1, unit=1)
    if not isinstance(body, dict):
        return b"", "application/json"
    schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    names = list(said["components"]["schemas"][schema]["properties"])
    for name in rng.sample(names, rng.randint(0, min(3, len(names)))):
        body[name] = rng.choice(ODD_JSON)
    if rng.random() < 0.1:
        return rng.choice([b"", b"{", b"[]", b"\xff", b'"x"', b"null", b"[" * 5000]), "application/json"
    return json.dumps(body).encode(), rng.choice(["application/json"] * 9 + ["text/plain"])


def shape(answer):
    """What is wrong with a refusal; empty where it has its shape."""
    if answer.status_code < 400:
        return ""
    said = answer.json()
    right = set(said) == {"code", "message_zh", "message_en", "field", "row", "what_to_do", "details"}
    known = right and catalogue()[said["code"]].status == answer.status_code
    return "" if known and said["message_zh"] and said["message_en"] else f"{said}"


@pytest.mark.slow
def test_no_call_is_answered_in_a_way_nobody_documented(callers, settings):
    settings.API_PER_MINUTE = 10**6
    said, rng = document(), random.Random(SEED)
    calls = [(path, method, one) for path, methods in said["paths"].items() for method, one in methods.items()]
    wrong, statuses = [], set()
    for number in range(CALLS):
        path, method, operation = calls[number % len(calls)]
        calling, where, query = rng.choice(callers), path_of(rng, path, operation), query_of(rng, operation)
        content, kind = content_of(rng, said, operation)
        accept = rng.choice(["application/json", "text/csv", "*/*", ""])
        headers = (
            calling.headers | {"accept": accept} | ({"idempotency-key": rng.choice(ODD)} if rng.random() < 0.2 else {})
        )
        headers = {name: value for name, value in headers.items() if value.isprintable()}
        with transaction.atomic():
            answer = calling.client.generic(
                method.upper(), f"/api{where}", content, kind, headers=headers, query_params=query
            )
            b"".join(answer.streaming_content if answer.streaming else [])
            transaction.set_rollback(True)
        connection.cursor().execute("RESET ROLE")
        statuses.add(answer.status_code)
        if (
            answer.status_code == 500
            or str(answer.status_code) not in map(str, operation["responses"])
            or shape(answer)
        ):
            wrong.append((method, where, query, content[:200], answer.status_code, shape(answer)))
    assert wrong == []
    assert {200, 404, 422} <= statuses
