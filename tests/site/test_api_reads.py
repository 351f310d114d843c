"""Lists of the API: fields, filters, pages after a key, CSV of the same rows; figures are those of the page and the engine."""

import csv
import io
import json
import re

import pytest
from apicalls import Caller, token
from django.conf import settings
from rosterdesk import DAY, OTHER_UNIT, SUN, UNIT, put

from dishu.engine import figures as engine
from dishu.site.api.errors import catalogue
from dishu.site.reports import current, soon

COUNTY = "421302"


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    monkeypatch.setattr(soon, "PATIENCE", 60)


@pytest.fixture
def city(cast):
    return Caller(token(cast.shi, "city_officer", "4213"))


@pytest.fixture
def rosters(cast):
    put("企业.csv", UNIT, OTHER_UNIT)
    member = {**SUN, "党员类别": "正式党员", "单位名称": UNIT["企业名称"], "党组织": "=凯旋支部"}
    return put("党员.csv", member, {**member, "姓名": "李四", "身份证号码": "", "手机": ""})[0].pk


def read(answer):
    """The rows of CSV, each value as JSON would have it."""
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def as_text(value):
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@" and value else str(value)


LISTS = ["/places", "/units", "/members", "/organizations?state=named", "/figures/4213?day=2007-07-20&below=true",
         "/figures/4213/org_coverage/total?day=2007-07-20", "/figures/4213/affiliation_clear/total?day=2007-07-20",
         "/trouble/4213?day=2007-07-20", "/uploads", "/uploads/{upload}/outcomes"]  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_csv_says_what_json_says(city, rosters, path):
    path, _, query = path.format(upload=rosters).partition("?")
    asked = dict(part.split("=") for part in query.split("&")) if query else {}
    rows = city.get(path, **asked).json()["rows"]
    assert rows
    for answer in (city.get(path, **asked, format="csv"), city.get(path, {"accept": "text/csv"}, **asked)):
        assert answer["Content-Type"].startswith("text/csv")
        assert read(answer)[: len(rows)] == [{k: as_text(v) for k, v in row.items()} for row in rows]


@pytest.mark.parametrize("path", LISTS)
def test_pages_after_a_key_are_the_whole_list(city, rosters, path):
    path, _, query = path.format(upload=rosters).partition("?")
    asked = dict(part.split("=") for part in query.split("&")) if query else {}
    whole = city.get(path, **asked, limit=200).json()
    found, cursor = [], None
    while cursor or not found:
        page = city.get(path, **asked, limit=7, **({"cursor": cursor} if cursor else {})).json()
        assert len(page["rows"]) <= 7
        found += page["rows"]
        cursor = page["next"]
        if len(found) >= 200:
            break
    assert found[:200] == whole["rows"][:200] and whole["rows"]


@pytest.mark.parametrize(("query", "refusal"), [
    ({"fields": "name,nonsense"}, "unknown_field"), ({"nonsense": "1"}, "unknown_parameter"),
    ({"cursor": "nonsense"}, "bad_cursor"), ({"cursor": "WyJwbGFjZXMiLCAiNDIxMyJd"}, "bad_cursor"),
    ({"limit": "0"}, "invalid"), ({"kind": "nonsense"}, "invalid"), ({"q": "a\x00"}, "invalid_json"),
    ({"place": "421381999"}, "not_found"), ({"place": "33"}, "not_found"),
])  # fmt: skip
def test_what_is_asked_wrong_is_refused_and_never_ignored(city, query, refusal):
    answer = city.get("/units", **query)
    assert (answer.json()["code"], answer.status_code) == (refusal, catalogue()[refusal].status)


def test_fields_come_in_the_order_asked(city, rosters):
    row = city.get("/units", fields="code,name", q="凯旋").json()["rows"]
    assert [list(one.items()) for one in row] == [[("code", "421302099000017"), ("name", "曾都区凯旋医药贸易有限公司")]]


@pytest.mark.parametrize("borders", ["then", "now"])
@pytest.mark.parametrize("part", ["", "enterprise"])
def test_figures_are_those_of_the_page_and_of_the_engine(client, cast, city, rosters, borders, part):
    asked = {"day": str(DAY), "borders": borders, "part": part}
    rows = city.get("/figures/4213", **asked, limit=200).json()["rows"]
    mine = {row["indicator"]: row for row in rows}
    client.force_login(cast.shi)
    page = client.get("/figures/4213/", asked)
    for indicator, figure, _ in page.context["six"]:
        if figure:
            assert {k: figure[k] for k in ("total", "held", "failed", "unknown", "share")} == {
                k: mine[indicator.code][k] for k in ("total", "held", "failed", "unknown", "share")
            }
    now = current.current()
    table = engine.figures(
        engine.Counts.of(engine.states_at(now.facts(), DAY)), page.context["asked"].tree,
        part=engine.Slice(("enterprise",)) if part else engine.EVERYTHING,
    )  # fmt: skip
    counted = {r["indicator"]: r for r in table.to_pylist() if r["place"] == "4213"}
    assert {name: (r["total"], r["held"], r["failed"], r["unknown"]) for name, r in counted.items()} == {
        name: (r["total"], r["held"], r["failed"], r["unknown"]) for name, r in mine.items()
    }


def test_an_unforeseen_error_has_a_number_that_is_in_the_log(city, monkeypatch, caplog):
    monkeypatch.setattr("dishu.site.api.places.states", lambda *_: 1 / 0)
    answer = city.get("/places")
    said = answer.json()
    assert answer.status_code == 500 and said["code"] == "unforeseen"
    assert said["details"]["reference"] in caplog.text and "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(("method", "path", "refusal"), [
    ("get", "/nonsense", "not_found"), ("get", "/units/abc", "not_found"), ("delete", "/units", "method_not_allowed"),
    ("get", "/units/99999999999999999999999", "not_found"),
])  # fmt: skip
def test_even_what_is_no_call_is_answered_in_our_shape(city, method, path, refusal):
    answer = getattr(city.client, method)(f"/api{path}", headers=city.headers)
    assert answer.json()["code"] == refusal and answer.json()["message_en"]


def test_the_document_and_its_page_load_nothing_from_elsewhere(client, db):
    said = client.get("/api/openapi.json").json()
    assert said["openapi"].startswith("3.1") and "/api/units" in said["paths"]
    page = client.get("/api/").content.decode()
    assert "/api/units" in page and "://" not in page.replace("http://www.w3.org", "")


def test_the_document_is_chinese_and_english_for_whoever_chose_it(client, db):
    def said(part):
        if isinstance(part, list):
            return {text for one in part for text in said(one)}
        if not isinstance(part, dict):
            return set()
        here = {text for key, text in part.items() if key in ("description", "summary") and isinstance(text, str)}
        return here.union(*(said(one) for one in part.values()))

    chinese = re.compile("[一-鿿]")
    assert not {text for text in said(client.get("/api/openapi.json").json()) if not chinese.search(text)}
    page = client.get("/api/").content.decode()
    assert "令牌区域内的党员。" in page and "Members of the token" not in page
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = said(client.get("/api/openapi.json").json())
    assert {text for text in english if chinese.search(text)} == {
        "Document: Number of the document, such as 鄂民政〔2009〕1号."
    }
    page = client.get("/api/").content.decode()
    assert "Members of the token" in page and "令牌区域内的党员" not in page


@pytest.mark.parametrize(
    "path", ["/me", "/places", "/units", "/members", "/organizations?state=named", "/uploads", "/editions"]
)
def test_a_list_asks_the_database_a_bounded_number_of_questions(city, rosters, path, django_assert_max_num_queries):
    path, _, query = path.partition("?")
    with django_assert_max_num_queries(17):  # the test's own savepoints among them
        answer = city.get(path, **dict(part.split("=") for part in query.split("&") if part))
    assert answer.status_code == 200
