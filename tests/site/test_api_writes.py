"""Writes of the API: tried without a trace, done once under a key, refused with both values where somebody was faster."""

import re
from datetime import timedelta

import pytest
from apicalls import Caller, token
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone
from rosterdesk import DAY, OTHER_UNIT, UNIT, put, row_versions, sent, written

from dishu.site.api import writes
from dishu.site.api.models import Answer, Token
from dishu.site.intake.models import Upload
from dishu.site.registry.models import Unit
from dishu.site.reports import soon
from dishu.site.reports.models import Sealed
from dishu.site.trail.models import TrailLine

COUNTY, STREET, NEXT_STREET = "421303", "421303001", "421303002"
BECAUSE = {"day": "2010-01-01", "reason": "上门核实"}


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    monkeypatch.setattr(soon, "PATIENCE", 60)


@pytest.fixture
def desk(cast):
    """A city's officer with two units, an organization that covers one, a member who works there and one who left."""
    calling = Caller(token(cast.shi, "city_officer", "4213"))
    put("企业.csv", UNIT, OTHER_UNIT)
    calling.unit, calling.other = Unit.objects.order_by("name").values_list("pk", flat=True)
    calling.org = done(calling.post("/organizations", {
        "name": "凯旋支部", "place": COUNTY, "kind": "branch", "system": "market", "day": "2008-01-01", "reason": "批复",
    }))["id"]  # fmt: skip
    calling.member = done(calling.post("/members", {
        "name": "孙志春", "place": COUNTY, "standing": "full", "unit": calling.unit, "role": "employee", "day": "2008-01-01",
        "reason": "本人申报",
    }))["id"]  # fmt: skip
    calling.away = done(calling.post("/members", {
        "name": "钱远", "place": COUNTY, "standing": "full", "role": "employee", "day": "2008-01-01", "reason": "本人申报",
    }))["id"]  # fmt: skip
    done(calling.post(f"/members/{calling.away}/leave", {"version": 1, "day": "2009-01-01", "reason": "外出"}))
    return calling


def done(answer):
    assert answer.status_code in (200, 201, 202), answer.content.decode()
    return answer.json()


def refusal(answer):
    return answer.status_code, answer.json()["code"]


def everything():
    """Each row of register, territory, rosters, editions and trail with the transaction that wrote it."""
    found = row_versions()
    with connection.cursor() as cursor:
        for table in ("territory_place", "territory_placestate", "territory_reach", "intake_upload", "reports_sealed",
                      "trail_trailline", "api_answer"):  # fmt: skip
            cursor.execute(f"SELECT id, xmin::text FROM {table} ORDER BY id")
            found[table] = cursor.fetchall()
    return found


#: Path and body of each write; {names} are numbers of the desk.
WRITES = [
    ("/units", {"kind": "enterprise", "name": "新厂", "place": COUNTY}),
    ("/units/{unit}/correct", {"version": 1, "employees": 12, "surveyed": "known"}),
    ("/units/{unit}/move", {"version": 1, "place": STREET}),
    ("/units/{unit}/close", {"version": 1, "sure": True}),
    ("/units/{unit}/cover", {"version": 1, "organization": "{org}", "org": "{org}", "mode": "single", "sure": True}),
    ("/units/verify", {"units": ["{unit}", "{other}"], "channel": "visited"}),
    ("/members/{member}/correct", {"version": 1, "name": "孙志椿"}),
    ("/members/{member}/standing", {"version": 1, "standing": "probationary"}),
    ("/members/{member}/employ", {"version": 1, "unit": "{other}", "role": "owner"}),
    ("/members/{member}/show", {"version": 1, "shown": True, "paper": "承诺书1号"}),
    ("/members/{member}/leave", {"version": 1}),
    ("/members/{away}/come_back", {"version": 2, "standing": "full"}),
    ("/members/{member}/settle", {"version": 1, "organization": "{org}", "since": "2010-01-01"}),
    ("/organizations/{org}/change", {"version": "{version}", "kind": "general_branch"}),
    ("/organizations/{org}/dissolve", {"version": "{version}"}),
    ("/places/421303001/rename", {"name": "西关", "document": "鄂民政〔2010〕1号"}),
    ("/places/421303/found", {"level": "township", "kind": "park", "code": "421303900", "name": "新园区", "document": "批复"}),
    ("/places/421303001001/close", {"document": "批复"}),
    ("/places/421303001/merge", {"into": NEXT_STREET, "document": "批复"}),
    ("/places/421303001/split", {"parts": [{"code": "421303901", "name": "东段"}], "close": False, "document": "批复"}),
    ("/editions", {"place": COUNTY, "day": "2009-12-31", "note": "年报"}),
]  # fmt: skip


def filled(desk, path, body):
    """The call with the desk's numbers; its day is one on which all of it was there."""
    numbers = {"unit": desk.unit, "other": desk.other, "org": desk.org, "member": desk.member, "away": desk.away}
    numbers["version"] = desk.get(f"/organizations/{desk.org}").json()["version"]

    def fill(value):
        if isinstance(value, str) and (name := re.fullmatch(r"{(\w+)}", value)):
            return numbers[name[1]]
        return (
            [fill(one) for one in value] if isinstance(value, list) and value and isinstance(value[0], str) else value
        )

    told = {key: fill(value) for key, value in body.items()}
    if path.endswith("/cover"):
        told.pop("organization")
    if "since" in told:
        told |= {"reason": "介绍信"}
    elif path.startswith("/places"):
        told |= {"day": "2026-01-05"}
    elif path != "/editions":
        told |= BECAUSE
    return path.format(**numbers), told


def looks(before, now):
    """The same but for lines of the trail that were added: looks at a person, which a dry run is too."""
    kept = dict(now)
    kept["trail_trailline"] = now["trail_trailline"][: len(before["trail_trailline"])]
    verbs = set(TrailLine.objects.order_by("id")[len(before["trail_trailline"]) :].values_list("verb", flat=True))
    return kept == before and verbs <= {"looked"}


@pytest.mark.slow
def test_a_dry_run_leaves_no_row_and_the_call_does_what_it_said(desk, home):
    for path, body in WRITES:
        path, body = filled(desk, path, body)
        before, files = everything(), sorted(home.rglob("sealed/*"))
        tried = done(desk.post(path, body, dry_run="true"))
        assert looks(before, everything()) and sorted(home.rglob("sealed/*")) == files, path
        assert tried["dry_run"] and tried["lines"], path
        with transaction.atomic():
            real = done(desk.post(path, body))
            assert not real["dry_run"] and not looks(before, everything()), path
            assert [line["verb"] for line in real["lines"]] == [line["verb"] for line in tried["lines"]], path
            assert (real["counts"], real["concerns"]) == (tried["counts"], tried["concerns"]), path
            transaction.set_rollback(True)


def test_the_same_key_does_it_once_and_says_the_same(desk):
    path, body = filled(desk, *WRITES[0])
    first = desk.post(path, body, key="k-1")
    rows = everything()
    again = desk.post(path, body, key="k-1")
    assert first.status_code == again.status_code == 201 and again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true" and everything() == rows
    assert Unit.objects.filter(name="新厂").count() == 1


def test_the_same_key_for_another_call_is_refused(desk):
    path, body = filled(desk, *WRITES[0])
    done(desk.post(path, body, key="k-1"))
    assert refusal(desk.post(path, body | {"name": "别的厂"}, key="k-1")) == (409, "key_reused")
    assert not Unit.objects.filter(name="别的厂").exists()


def test_a_key_is_one_tokens_and_ends(desk, cast):
    path, body = filled(desk, *WRITES[0])
    first = done(desk.post(path, body, key="k-1"))["id"]
    other = Caller(token(cast.shi, "city_officer", COUNTY))
    assert done(other.post(path, body, key="k-1"))["id"] != first
    Answer.objects.update(at=timezone.now() - timedelta(hours=49))
    assert done(desk.post(path, body, key="k-1"))["id"] != first


def test_a_refused_call_keeps_no_key(desk):
    path, body = filled(desk, *WRITES[0])
    assert refusal(desk.post(path, body | {"place": "33"}, key="k-1"))[0] == 422
    assert done(desk.post(path, body, key="k-1"))["id"]


def test_who_comes_late_gets_both_values(desk):
    body = {"version": 1, "name": "甲公司", "employees": 5} | BECAUSE
    done(desk.post(f"/units/{desk.unit}/correct", body))
    late = desk.post(f"/units/{desk.unit}/correct", body | {"name": "乙公司"})
    assert refusal(late) == (409, "version_conflict")
    details = late.json()["details"]
    assert details == {"version": 2, "fields": [{"field": "name", "theirs": "甲公司", "yours": "乙公司"}]}
    done(desk.post(f"/units/{desk.unit}/correct", body | {"name": "乙公司", "version": details["version"]}))


def test_what_is_left_out_stays_as_it_is(desk):
    before = desk.get(f"/units/{desk.unit}").json()
    done(desk.post(f"/units/{desk.unit}/correct", {"version": 1, "employees": 12} | BECAUSE))
    after = desk.get(f"/units/{desk.unit}").json()
    kept = set(before) - {"employees", "version", "states"}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept} and after["employees"] == 12


def test_a_soft_rule_warns_until_it_is_meant(desk):
    body = {"version": 1} | BECAUSE
    warned = desk.post(f"/units/{desk.unit}/close", body)
    assert refusal(warned) == (409, "concerns") and "党员" in warned.json()["message_zh"]
    assert done(desk.post(f"/units/{desk.unit}/close", body | {"sure": True}))["concerns"] == warned.json()["details"]


REFUSED = [
    ("/units", {"kind": "enterprise", "name": "厂", "place": "33"} | BECAUSE, (422, "invalid")),
    ("/units", {"kind": "ship", "name": "厂", "place": COUNTY} | BECAUSE, (422, "invalid")),
    ("/units", {"kind": "enterprise", "name": "厂", "place": COUNTY, "code": "123"} | BECAUSE, (422, "refused")),
    ("/units", {"kind": "enterprise", "name": "厂", "place": COUNTY, "day": "2999-01-01", "reason": "x"}, (422, "refused")),
    ("/units", {"kind": "enterprise", "nonsense": 1} | BECAUSE, (422, "invalid")),
    ("/units/{unit}/move", {"version": 1, "place": "3302"} | BECAUSE, (422, "invalid")),
    ("/units/verify", {"units": [1, 999999999], "channel": "visited"} | BECAUSE, (404, "not_found")),
    ("/members/{member}/settle", {"version": 1, "organization": 999999, "since": "2010-01-01", "reason": "x"},
     (404, "not_found")),
    ("/places/421303001/rename", {"name": "西关", "document": "批复", "day": "2999-01-01"}, (422, "invalid")),
    ("/places/421303001/nonsense", {}, (404, "not_found")),
    ("/editions", {"place": STREET, "day": "2009-12-31"}, (422, "refused")),
]  # fmt: skip


def test_what_cannot_be_is_refused(desk):
    for path, body, expected in REFUSED:
        assert refusal(desk.post(path.format(unit=desk.unit, member=desk.member), body)) == expected, path


def test_whole_numbers_are_shown_with_a_reason_that_is_kept(desk):
    number = "991558196811277652"
    body = {"version": 1, "citizen_id": number} | BECAUSE
    done(desk.post(f"/members/{desk.member}/correct", body))
    assert number not in desk.get(f"/members/{desk.member}").content.decode()
    assert refusal(desk.post(f"/members/{desk.member}/reveal", {"reason": "  "})) == (422, "invalid")
    shown = desk.post(f"/members/{desk.member}/reveal", {"reason": "核对介绍信"})
    assert shown.json()["citizen_id"] == number and shown["Cache-Control"] == "no-store"
    assert TrailLine.objects.get(verb="revealed").reason == "核对介绍信"


# --- rosters ----------------------------------------------------------------------------------------------------------


def send(calling, content, name="新企业.csv", **query):
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    form = {"place": "4213", "day": str(DAY), "file": SimpleUploadedFile(name, content)}
    return calling.client.post(f"/api/uploads?{asked}", form, headers=calling.headers)


def test_a_roster_from_the_dry_run_to_the_undo(cast, home, django_capture_on_commit_callbacks):
    calling = Caller(token(cast.shi, "city_officer", "4213"))
    before = everything()
    tried = done(send(calling, written(UNIT, OTHER_UNIT), dry_run="true"))
    assert everything() == before and not [f for f in home.rglob("*") if f.is_file() and "editions" not in f.parts]
    assert tried["counts"]["new"] == 2 and tried["id"] is None
    with django_capture_on_commit_callbacks(execute=True):
        number = done(send(calling, written(UNIT, OTHER_UNIT)))["id"]
    upload = calling.get(f"/uploads/{number}").json()
    assert upload["stage"] == "previewed" and {k: v for k, v in upload["counts"].items() if v} == {
        k: v for k, v in tried["counts"].items() if v
    }
    assert [row["outcome"] for row in calling.get(f"/uploads/{number}/outcomes").json()["rows"]] == ["new", "new"]
    rows = everything()
    assert done(calling.post(f"/uploads/{number}/commit", dry_run="true"))["counts"]["written"] > 0
    assert everything() == rows
    with django_capture_on_commit_callbacks(execute=True):
        done(calling.post(f"/uploads/{number}/commit"))
    assert Unit.objects.count() == 2 and Upload.objects.get().stage == "committed"
    assert refusal(calling.post(f"/uploads/{number}/commit")) == (409, "not_now")
    rows = everything()
    done(calling.post(f"/uploads/{number}/undo", {"reason": "发错了"}, dry_run="true"))
    assert everything() == rows
    with django_capture_on_commit_callbacks(execute=True):
        done(calling.post(f"/uploads/{number}/undo", {"reason": "发错了"}))
    assert Unit.objects.count() == 0 and TrailLine.objects.get(verb="undone").reason == "发错了"


@pytest.mark.parametrize(("content", "said"), [(b"", "空"), (b"\x00\x01\x02", ""), (b"a,b\n1,2\n", "")])
def test_a_file_that_cannot_be_read_says_why_in_the_dry_run(cast, content, said):
    tried = send(Caller(token(cast.shi, "city_officer", "4213")), content, dry_run="true")
    if tried.status_code == 200:
        assert tried.json()["concerns"] and said in tried.json()["concerns"][0]
    else:
        assert refusal(tried) == (422, "invalid")


def test_a_roster_previewed_by_the_page_is_the_same_roster(cast):
    one = sent("企业.csv", written(UNIT))
    calling = Caller(token(cast.shi, "city_officer", "4213"))
    assert done(send(calling, written(UNIT), name="企业.csv"))["id"] == one.pk


@pytest.mark.slow
def test_a_sealed_edition_is_read_checked_and_compared(desk):
    body = {"place": COUNTY, "day": "2009-12-31"}
    first = done(desk.post("/editions", body))["id"]
    done(desk.post(f"/units/{desk.other}/correct", {"version": 1, "surveyed": "known"} | BECAUSE))
    second = done(desk.post("/editions", body | {"day": "2010-06-30"}))["id"]
    assert desk.get(f"/editions/{first}/check").json() == {"sound": True, "findings": []}
    sealed = {row["indicator"]: row for row in desk.get(f"/editions/{first}/figures").json()["rows"]}
    live = desk.get(f"/figures/{COUNTY}", day="2009-12-31", limit=200).json()["rows"]
    assert {r["indicator"]: r["total"] for r in live} == {name: r["total"] for name, r in sealed.items()}
    changes = desk.get(f"/editions/{second}/against/{first}", indicator="base_known").json()["rows"]
    assert [(row["id"], row["change"]) for row in changes] == [(desk.other, "changed")]
    assert Sealed.objects.count() == 2


def test_old_answers_go_also_those_of_a_token_nobody_uses_any_more(cast, django_capture_on_commit_callbacks):
    for who, role in ((cast.shi, "city_officer"), (cast.lead, "leader")):
        token(who, role, "4213")
    owners = list(Token.objects.order_by("pk"))
    old = Answer.objects.create(token=owners[0], key="old", request="x", status=200)
    Answer.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(hours=49))
    kept = Answer.objects.create(token=owners[1], key="young", request="x", status=200)
    Answer.objects.filter(pk=kept.pk).update(at=timezone.now() - timedelta(hours=47))
    with django_capture_on_commit_callbacks(execute=True):
        writes._claim(owners[1], "new", "y")
    assert set(Answer.objects.values_list("key", flat=True)) == {"young", "new"}
    with django_capture_on_commit_callbacks() as asked:
        writes._claim(owners[1], "next", "z")
    assert asked == []  # once an hour is enough


def test_a_place_with_half_a_character_is_refused_not_looked_up(desk):
    answer = desk.post("/editions", {"place": "\ud800", "day": "2020-01-01", "note": ""})
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["field"]) == ("invalid", "place")
