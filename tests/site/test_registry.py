"""The list of units: found by parts of what one knows, filtered, paged, exported; the record as of any day; the paper."""

import io
from datetime import date, timedelta
from zipfile import ZipFile

import pytest
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook

from dishu.site.registry import actions
from dishu.site.registry.models import Unit, UnitState
from dishu.site.trail.models import TrailLine

DAY, LATER = date(2020, 1, 1), date(2021, 1, 1)
CODE = "91350100M000100Y43"


@pytest.fixture
def units(cast, place):
    """Three units of 曾都区 and one of 广水市."""
    told = {"by": cast.shi, "day": DAY, "reason": "上门"}
    zengdu = place("421302")
    return [
        actions.add(**told, place=zengdu, kind="enterprise", name="随州市鑫源商贸有限公司", code=CODE, employees=9, industry="F",
                    surveyed="known", verified_on=timezone.localdate(), channel="visited"),
        actions.add(**told, place=zengdu, kind="individual_business", name="=早点铺"),
        actions.add(**told, place=zengdu, kind="enterprise", name="鑫鑫建材", industry="E", surveyed="unclear"),
        actions.add(**told, place=place("421381"), kind="enterprise", name="鑫源广水分公司", employees=3),
    ]  # fmt: skip


@pytest.fixture
def as_(client, cast):
    """`as_("zeng")`: the browser of somebody."""

    def log_in(name):
        client.force_login(getattr(cast, name))
        return client

    return log_in


def shown(page, units):
    text = page.content.decode()
    return [at for at, unit in enumerate(units) if f"/units/{unit.pk}/" in text]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=鑫源", [0, 3]),
        ("q=xysm", [0]),
        ("q=XYSM", [0]),
        ("q=9135", [0]),
        ("q=0Y43", [0]),
        ("q=不存在", []),
        ("kind=enterprise", [0, 2, 3]),
        ("place=421381", [3]),
        ("place=没有这里", []),
        ("industry=F", [0]),
        ("surveyed=unclear", [2]),
        ("surveyed=none", [1, 3]),
        ("verified=yes", [0]),
        ("verified=no", [1, 2, 3]),
        ("covered=yes", []),
        ("covered=no&members=no", [0, 1, 2, 3]),
        ("state=closed", []),
        ("after=x", [0, 1, 2, 3]),
    ],
)
def test_units_are_found_by_what_one_knows(as_, units, asked, found):
    assert shown(as_("shi").get(f"/units/?{asked}"), units) == found


def test_each_sees_their_own_part_and_only_those_who_may(as_, units):
    assert shown(as_("zeng").get("/units/"), units) == [0, 1, 2]
    assert as_("guang").get(f"/units/{units[0].pk}/").status_code == 404
    for who in ("stranger", "audit", "system"):
        assert as_(who).get("/units/").status_code == 403


def test_pages_follow_a_key_and_keep_what_was_asked(as_, cast, place):
    Unit.objects.bulk_create(
        Unit(kind="enterprise", name=f"店{n}", place=place("421302"), initials="d", grams=["店"]) for n in range(60)
    )
    page = as_("zeng").get("/units/?q=店&col=name&col=kind").content.decode()
    assert page.count('<th scope="row"') == 50
    after = f"{place('421302').pk}.{Unit.objects.order_by('pk')[49].pk}"
    assert f"col=name&amp;col=kind&amp;after={after}" in page
    assert as_("zeng").get(f"/units/?q=店&after={after}").content.decode().count('<th scope="row"') == 10


@pytest.mark.parametrize("address", ["/units/", "/units/?q=鑫源&industry=F&covered=no", "/units/{pk}/", "/units/{pk}/form/", "/members/",
                                     "/organizations/"])  # fmt: skip
def test_a_page_asks_at_most_fifteen_questions(as_, units, address, django_assert_max_num_queries):
    """The savepoint of the test, begun and released, is none of the page's."""
    browser = as_("zeng")
    browser.get("/units/")
    with django_assert_max_num_queries(15 + 2):
        assert browser.get(address.format(pk=units[0].pk)).status_code == 200


def test_csv_has_the_chosen_columns_no_formula_and_a_line_in_the_trail(as_, units):
    answer = as_("zeng").get("/units/?as=csv&col=name&col=employees")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines == ["名称,从业人员", "随州市鑫源商贸有限公司,9", "'=早点铺,", "鑫鑫建材,"]
    assert TrailLine.objects.latest("id").details["rows"] == 3


def test_a_workbook_holds_no_formula(as_, units):
    answer = as_("zeng").get("/units/?as=xlsx")
    book = ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_who_may_not_export_gets_a_word_and_no_file(as_, units):
    page = as_("lead").get("/units/?as=csv", follow=True)
    assert "不能导出" in page.content.decode()
    assert not TrailLine.objects.filter(verb="exported").exists()


@pytest.mark.parametrize(
    ("days_ago", "channel", "counts"),
    [
        (0, "visited", True),
        (300, "phoned", True),
        (364, "confirmed", True),
        (366, "visited", False),  # a look is good for twelve months
        (10, "reported", False),  # reported is not looked at
    ],
)
def test_verified_means_the_same_in_lists_ledgers_and_records(as_, units, days_ago, channel, counts):
    today = timezone.localdate()
    units[0].states.update(verified_on=today - timedelta(days=days_ago), channel=channel)
    browser = as_("zeng")
    assert (0 in shown(browser.get("/units/?verified=yes"), units)) == counts
    assert browser.get("/ledger/421302/").context["total"]["verified"] == int(counts)
    assert browser.get(f"/units/{units[0].pk}/").context["fresh"] == counts


def test_ticked_units_are_marked_verified_those_outside_are_not(as_, units):
    form = {"pk": [units[1].pk, units[3].pk], "channel": "phoned", "day": "2021-06-01", "reason": "电话核实"}
    page = as_("zeng").post("/units/verify/", form, follow=True).content.decode()
    assert "已标记核实 1 家" in page
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert units[1].states.get(until=None).channel == "phoned"
    assert units[3].states.get(until=None).channel is None
    assert as_("lead").post("/units/verify/", form).status_code == 403


def test_the_record_as_of_a_day_shows_what_was_known_then(as_, cast, units):
    actions.correct(by=cast.zeng, unit=units[0], version=1, day=LATER, reason="来函", employees=77)
    browser = as_("zeng")
    then = browser.get(f"/units/{units[0].pk}/?day=2020-06-01").context["now"]
    now = browser.get(f"/units/{units[0].pk}/").context["now"]
    before = browser.get(f"/units/{units[0].pk}/?day=2019-06-01").context["now"]
    assert (then.employees, now.employees, before) == (9, 77, None)


def test_form_ledger_and_database_come_from_the_same_records(as_, units):
    browser = as_("zeng")
    assert "一个企业一张表格" in browser.get(f"/units/{units[0].pk}/form/").content.decode()
    ledger = browser.get("/ledger/421302/")
    assert shown(ledger, units) == [0, 1, 2]
    total = {key: ledger.context["total"][key] for key in ("units", "employees", "members", "covered", "verified")}
    assert total == {"units": 3, "employees": 9, "members": 0, "covered": 0, "verified": 1}
    counts = browser.get("/database/421302/").context["total"]
    assert (counts["units"], counts["enterprise"], counts["surveyed"], counts["verified"]) == (3, 2, 1, 1)
    book = ZipFile(io.BytesIO(b"".join(browser.get("/database/421302/?as=xlsx").streaming_content)))
    assert sum(name.startswith("xl/worksheets/sheet") for name in book.namelist()) == 3
    assert browser.get("/ledger/421381/").status_code == 404


def test_the_databases_workbook_is_of_the_day_the_page_shows(as_, cast, units):
    actions.correct(by=cast.zeng, unit=units[0], version=1, day=LATER, reason="来函", employees=77)
    actions.close(by=cast.zeng, unit=units[1], version=units[1].version, day=LATER, reason="歇业")
    browser = as_("zeng")

    def employees(day):
        page = browser.get(f"/database/421302/?day={day}")
        assert f"as=xlsx&amp;day={day}" in page.content.decode()
        book = io.BytesIO(b"".join(browser.get(f"/database/421302/?as=xlsx&day={day}").streaming_content))
        head, *lines = load_workbook(book)["单位"].iter_rows(values_only=True)
        assert len(lines) == page.context["total"]["units"]
        return {line[0]: line[head.index("从业人员")] for line in lines}

    before, after = employees("2020-06-01"), employees(LATER)
    assert employees("2019-06-01") == {}
    assert (before[units[0].name], after[units[0].name]) == (9, 77)
    assert set(before) - set(after) == {units[1].name}


def test_fields_offer_only_what_the_scope_shows(as_, units):
    page = as_("zeng").get("/offered/?what=unit&org=鑫源").content.decode()
    assert f"#{units[0].pk}" in page
    assert f"#{units[3].pk}" not in page
    assert "option" not in as_("audit").get("/offered/?what=unit&org=鑫源").content.decode()


# --- the ledger and the database ---------------------------------------------------------------------------------------


@pytest.fixture
def many(place):
    """1,203 shops of 曾都区, more than a page of the ledger, one of them closed in 2021."""
    made = Unit.objects.bulk_create(
        Unit(kind="individual_business", name=f"店{n}", place=place("421302"), initials="d", grams=["店"])
        for n in range(1203)
    )
    UnitState.objects.bulk_create(
        UnitState(unit=unit, place=place("421302"), since=DAY, until=LATER if unit is made[0] else None)
        for unit in made
    )
    return made


def text_of(answer):
    return b"".join(answer.streaming_content).decode()


def test_a_long_ledger_is_paged_on_screen_and_whole_on_paper_and_as_a_workbook(as_, many):
    browser = as_("zeng")
    page, seen = "/ledger/421302/?day=2020-06-01", 0
    while page:
        answer = browser.get(page)
        seen += len(answer.context["rows"])
        page, more = "", answer.context["more"]
        if more:
            page = f"/ledger/421302/?day=2020-06-01&after={more}&number={answer.context['last']}"
    assert seen == 1203 and answer.context["rows"][-1]["number"] == 1203
    paper = text_of(browser.get("/ledger/421302/?as=print&day=2020-06-01"))
    assert paper.count('<td class="num">1203</td>') == 1 and all(f">{unit.name}<" in paper for unit in many)
    book = ZipFile(io.BytesIO(b"".join(browser.get("/ledger/421302/?as=xlsx&day=2020-06-01").streaming_content)))
    assert book.read("xl/worksheets/sheet1.xml").count(b"<row ") == 1204


def test_ledger_and_database_tell_of_any_day(as_, many):
    browser = as_("zeng")
    for day, units in (("2019-01-01", 0), ("2020-06-01", 1203), ("2022-01-01", 1202)):
        assert browser.get(f"/ledger/421302/?day={day}").context["total"]["units"] == units
        assert browser.get(f"/database/421302/?day={day}").context["total"]["units"] == units


@pytest.mark.parametrize(
    "address", ["/ledger/421302/", "/database/4213/", "/database/421302/", "/ledger/421302/?as=print"]
)
def test_ledger_and_database_ask_at_most_fifteen_questions(as_, many, address, django_assert_max_num_queries):
    browser = as_("shi")
    browser.get("/units/")
    with django_assert_max_num_queries(15 + 2):
        answer = browser.get(address)
    assert answer.status_code == 200 and b"1,202" in (text_of(answer).encode() if answer.streaming else answer.content)


def test_the_database_counts_each_place_below_and_they_add_up(as_, units):
    answer = as_("shi").get("/database/4213/")
    lines = {child.code: counts["units"] for child, counts in answer.context["lines"]}
    assert (lines["421381"], sum(lines.values()), answer.context["total"]["units"]) == (1, 4, 4)


def test_chosen_columns_are_kept_for_each_user_and_each_list(as_, units):
    def shown_columns(who, address):
        return [column.key for column in as_(who).get(address).context["asked"].chosen]

    usual = shown_columns("zeng", "/units/")
    assert shown_columns("zeng", "/units/?col=name&col=code&col=没有") == ["name", "code"]
    assert shown_columns("zeng", "/units/?kind=enterprise") == ["name", "code"]
    assert shown_columns("shi", "/units/") == usual != ["name", "code"]
    assert shown_columns("zeng", "/organizations/")[0] == "name" and len(shown_columns("zeng", "/organizations/")) > 2
    again = "&".join(f"col={key}" for key in usual)
    assert shown_columns("zeng", f"/units/?{again}") == usual == shown_columns("zeng", "/units/")


def test_a_list_shows_marks_of_html_as_text(as_, cast, place):
    told = {"by": cast.shi, "day": DAY, "reason": "上门", "place": place("421302")}
    actions.add(**told, kind="enterprise", name='<b>甲</b>&"乙"', address="<i>路")
    page = as_("shi").get("/units/?col=name&col=address").content.decode()
    assert "<b>甲" not in page and "<i>路" not in page
    assert (
        page.count("&lt;b&gt;甲&lt;/b&gt;&amp;&quot;乙&quot;") == 2 and "&lt;i&gt;路" in page
    )  # the name, and the box to tick
