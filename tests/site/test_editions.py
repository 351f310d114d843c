"""Sealed editions: what was reported stays what it was, whoever tries; and two of them say row by row what changed."""

import json
import shutil
from datetime import date, timedelta

import pyarrow.parquet as pq
import pytest
import registerworld
from django.db import ProgrammingError, connection, transaction

from dishu.site.membership.models import Standing
from dishu.site.registry.models import Unit, UnitState
from dishu.site.reports import asked, current, delta, sealing, work
from dishu.site.reports.models import Sealed
from dishu.site.territory.models import Place
from dishu.site.trail import lines as trail

DAY = date(2008, 12, 31)


@pytest.fixture
def world(cast):
    registerworld.fill(4, units=30)


@pytest.fixture
def sealed(world, cast, place):
    return sealing.seal(by=cast.shi, place=place("4213"), day=DAY, note="年底")


@pytest.fixture
def log_in(cast, client):
    def as_(who):
        client.force_login(getattr(cast, who), "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return as_


def figures(place, of):
    table = of.to_pylist()
    return sorted(
        (row["indicator"], row["place"], row["total"], row["held"], row["failed"], row["unknown"])
        for row in table if row["place"].startswith(place) and row["total"]
    )  # fmt: skip


@pytest.mark.parametrize("code", ["42", "4213", "421302", "421381"])
def test_the_sealed_figures_are_those_of_the_current_edition(world, cast, place, code):
    made = sealing.seal(by=cast.sheng, place=place(code), day=DAY)
    now = asked.Asked(place(code), DAY, "then", "", current.current())
    assert figures(code, sealing.opened(made).sealed_figures()) == figures(code, now.table) != []
    assert sealing.examine(made) == []


def test_after_a_year_of_edits_it_computes_to_the_same(sealed, world):
    Standing.objects.update(standing="probationary")
    UnitState.objects.update(surveyed="unclear", employees=1)
    trail.write(by=None, verb="changed", subject=None)
    assert sealing.examine(sealed) == []


def test_no_name_is_in_it(sealed):
    for file in sealed.folder.rglob("*.parquet"):
        if "facts/place" not in str(file) and file.name != "figures.parquet":
            text = str(pq.read_table(file).to_pylist())
            assert "单位" not in text and "党员" not in text, file


@pytest.mark.parametrize("what", ["UPDATE reports_sealed SET day = '2000-01-01'", "DELETE FROM reports_sealed"])
def test_the_database_keeps_it(sealed, what):
    with (
        pytest.raises(ProgrammingError, match="不能修改、不能删除"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(what)


def _open(folder):
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755)


def _byte(folder):
    file = next(folder.glob("facts/unit/*.parquet"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def _manifest(folder):
    file = folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"day": "2009-12-31"}, ensure_ascii=False))


def _rehashed(folder):
    """A row taken out, and the manifest made to fit."""
    from dishu.engine.edition import sha256

    entry_file = next(folder.glob("facts/unit/*.parquet"))
    pq.write_table(pq.read_table(entry_file).slice(1), entry_file)
    manifest = json.loads((folder / "manifest.json").read_text())
    for entry in manifest["files"]:
        if entry["file"] == str(entry_file.relative_to(folder)):
            entry["sha256"] = sha256(entry_file)
    (folder / "manifest.json").write_text(json.dumps(manifest))


ATTACKS = {
    "one bit": _byte,
    "another day": _manifest,
    "a row out and the hashes made to fit": _rehashed,
    "a file away": lambda folder: next(folder.glob("facts/member/*.parquet")).unlink(),
    "a file more": lambda folder: shutil.copy(next(folder.glob("facts/unit/*")), folder / "facts/unit/x.parquet"),
    "figures away": lambda folder: (folder / "figures.parquet").unlink(),
    "all away": shutil.rmtree,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_done_to_the_files_is_found(sealed, log_in, attack):
    _open(sealed.folder)
    ATTACKS[attack](sealed.folder)
    assert sealing.examine(sealed)
    page = log_in("shi").get(f"/editions/{sealed.pk}/check").content.decode()
    assert "处不符" in page
    if attack != "a file more":
        assert "已不是封存时的样子" in log_in("shi").get(f"/editions/{sealed.pk}/").content.decode()


def test_its_files_are_read_only(sealed):
    assert all(not path.stat().st_mode & 0o222 for path in (sealed.folder, *sealed.folder.rglob("*")))


def test_a_sound_edition_is_said_to_be_sound(sealed, log_in):
    client = log_in("shi")
    assert "完好" in client.get(f"/editions/{sealed.pk}/check").content.decode()
    assert sealed.contents in client.get(f"/editions/{sealed.pk}/").content.decode()


def test_two_editions_say_row_by_row_what_changed(sealed, cast, place, log_in):
    unit = UnitState.objects.filter(surveyed="known", since__lte=DAY).exclude(until__lte=DAY).first()
    UnitState.objects.filter(pk=unit.pk).update(surveyed="unclear")
    trail.write(by=cast.shi, verb="changed", subject=unit, place=unit.place)
    later = sealing.seal(by=cast.shi, place=place("4213"), day=DAY)
    page = log_in("shi").get(f"/editions/{later.pk}/against/{sealed.pk}/", {"of": "base_known"}).content.decode()
    assert str(unit.unit) in page and "摸底：已摸清→不清" in page


def test_why_a_row_is_different_is_said_in_english(sealed, cast, place, log_in):
    unit = UnitState.objects.filter(surveyed="known", since__lte=DAY).exclude(until__lte=DAY).first()
    UnitState.objects.filter(pk=unit.pk).update(surveyed="unclear")
    trail.write(by=cast.shi, verb="changed", subject=unit, place=unit.place)
    later = sealing.seal(by=cast.shi, place=place("4213"), day=DAY, note="第二次")
    client = log_in("shi")
    client.cookies["django_language"] = "en"
    page = client.get(f"/editions/{later.pk}/against/{sealed.pk}/", {"of": "base_known"}).content.decode()
    assert "Surveyed: Known→Unclear" in page and "摸底" not in page
    assert sealed.note in page and later.note in page  # which two are compared


def test_what_was_filled_in_is_not_lost_when_it_cannot_be_sealed(world, log_in):
    filled = {"place": "4213", "day": "1980-01-01", "note": "年底上报"}
    page = log_in("shi").post("/editions/seal", filled, follow=True).content.decode()
    assert "还没有随州市" in page and 'value="1980-01-01"' in page and 'value="年底上报"' in page


def test_sealing_the_same_again_is_not_said_to_be_a_new_edition(sealed, log_in):
    answer = log_in("shi").post("/editions/seal", {"place": "4213", "day": str(DAY)}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/editions/{sealed.pk}/"
    assert "没有另封一版" in page and "已封存" not in page


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_the_report_comes_from_the_sealed_edition(sealed, log_in, kind):
    answer = log_in("shi").get(f"/editions/{sealed.pk}/report.{kind}")
    content = b"".join(answer.streaming_content)
    assert answer.status_code == 200 and content.startswith(b"PK") and len(content) > 5000


@pytest.mark.parametrize(
    ("who", "answer"), [("shi", 200), ("sheng", 200), ("lead", 200), ("guang", 404), ("system", 403)]
)
def test_an_edition_is_seen_from_its_place_and_above(sealed, log_in, who, answer):
    for page in ("", "check", "report.xlsx"):
        found = log_in(who).get(f"/editions/{sealed.pk}/{page}")
        b"".join(found.streaming_content if found.streaming else [])  # to its end: that closes the file
        assert found.status_code == answer, page


def test_the_database_shows_it_to_no_other_place(sealed, cast):
    from dishu.site.accounts import scope

    for who, number in (("shi", 1), ("guang", 0)):
        with scope.walled(cast.scope(who)):
            assert Sealed.objects.count() == number


def test_sealing_the_same_again_gives_the_same_edition_and_another_day_another(sealed, cast, place):
    same = sealing.seal(by=cast.shi, place=place("4213"), day=DAY, note="再报")
    other = sealing.seal(by=cast.shi, place=place("4213"), day=DAY + timedelta(1), note="")
    assert same == sealed != other
    assert {one.name for one in Sealed.objects.all()} == {folder.name for folder in sealed.folder.parent.iterdir()}


def test_who_may_seal_seals_in_the_browser(world, log_in):
    answer = log_in("guang").post("/editions/seal", {"place": "421381", "day": "2011-12-31", "note": "上报"})
    made = Sealed.objects.get()
    assert (answer.url, made.note, made.day) == (f"/editions/{made.pk}/", "上报", date(2011, 12, 31))
    assert log_in("lead").post("/editions/seal", {"place": "4213", "day": "2011-12-31"}).status_code == 403
    assert log_in("guang").post("/editions/seal", {"place": "421302", "day": "2011-12-31"}).status_code == 404


@pytest.mark.parametrize(
    ("code", "day"), [("421381001", DAY), ("4213", date(2999, 1, 1)), ("421321", date(1995, 1, 1))]
)
def test_what_cannot_be_sealed_is_refused(world, cast, code, day):
    with pytest.raises(sealing.Impossible):
        sealing.seal(by=cast.shi, place=Place.objects.get(code=code), day=day)
    assert not Sealed.objects.exists()


class Worker:
    """A worker that is sent for, and comes when it likes."""

    def __init__(self, sent):
        self.sent = sent

    def enqueue(self):
        self.sent.append(current.last_change())


def test_what_is_too_much_for_a_page_is_sent_for_after_each_change(world, monkeypatch):
    sent = []
    monkeypatch.setattr(current, "AT_ONCE", -1)
    monkeypatch.setattr(delta, "MOST", -1)
    monkeypatch.setattr(work, "follow", Worker(sent))

    def ask_twice():
        for _ in range(2):
            with pytest.raises(current.Computing):
                current.current()

    ask_twice()
    current.follow()  # the worker was there; the next change sends for it again at once
    Unit.objects.first().save()
    ask_twice()
    assert len(sent) == 2
