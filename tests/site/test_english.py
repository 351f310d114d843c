"""English behind the switch: pages in English say nothing in Chinese but data, and the choice is kept."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from dishu.engine.link.reasons import judgements
from dishu.site.accounts.models import User
from dishu.site.intake.models import Upload
from dishu.site.membership.models import Employment, Member, Organization, OrganizationState, Standing
from dishu.site.registry.models import Unit, UnitState
from dishu.site.territory.models import Place, PlaceState
from dishu.site.ui.words import judged, retold
from dishu.standards.problems import catalogue

SINCE = date(2000, 1, 1)
HAN = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]+")
#: What says of itself that it is Chinese: the switch back, names of laws.
MARKED = re.compile(r"<(\w+)[^>]*\blang=\"zh[^>]*>.*?</\1>", re.S)
COUNTY = "421381"


@pytest.fixture
def world(cast, place):
    """One of each in the county of Guang."""
    street = place(COUNTY).children.open().order_by("code").first()
    unit = Unit.objects.create(kind="enterprise", name="甲公司", place=street)
    UnitState.objects.create(unit=unit, place=street, since=SINCE, control="private", employees=9, industry="C13")
    org = Organization.objects.create(name="乙党支部", plain="乙", place=street)
    OrganizationState.objects.create(org=org, place=street, kind="branch", system="market", superior=None, since=SINCE)
    member = Member.objects.create(name="丙", place=street)
    Standing.objects.create(member=member, place=street, standing="full", since=SINCE)
    Employment.objects.create(member=member, unit=unit, role="owner", since=SINCE)
    upload = Upload.objects.create(
        name="丁.xlsx", sha256="x", size=1, day=SINCE, place=place(COUNTY), by=cast.guang, stage="previewed"
    )
    return {"unit": unit, "org": org, "member": member, "upload": upload}


def names() -> list[str]:
    """What is data: names of places, people, units, organizations, files, documents; the longest first."""
    tables = (Place, PlaceState, User, Unit, Organization, Member, Upload)
    found = {name for table in tables for name in table.objects.values_list("name", flat=True)}
    found |= set(PlaceState.objects.values_list("document", flat=True)) - {""}
    return sorted(found, key=len, reverse=True)


def chinese(said: str) -> set[str]:
    """What is left in Chinese when data and what is marked as Chinese are taken away."""
    said = MARKED.sub("", said)
    for name in names():
        said = said.replace(name, "")
    return set(HAN.findall(said))


#: Page, who looks, arguments from the world.
PAGES = [
    ("desk", "guang", {}), ("figures", "guang", {"code": COUNTY}), ("six", "guang", {"code": COUNTY}),
    ("indicator", "guang", {"code": COUNTY, "name": "base_known"}),
    ("rows", "guang", {"code": COUNTY, "name": "affiliation_clear", "part": "total"}), ("trouble", "guang", {"code": COUNTY}),
    ("uploads", "guang", {}), ("upload", "guang", {"pk": "upload"}), ("units", "guang", {}), ("members", "guang", {}),
    ("organizations", "guang", {}), ("unit", "guang", {"pk": "unit"}), ("member", "guang", {"pk": "member"}),
    ("organization", "guang", {"pk": "org"}), ("unit_form", "guang", {"pk": "unit"}), ("ledger", "guang", {"code": COUNTY}),
    ("database", "guang", {"code": COUNTY}), ("unit_act", "guang", {"pk": "unit", "name": "correct"}),
    ("member_act", "guang", {"pk": "member", "name": "correct"}), ("places", "guang", {}), ("place", "guang", {"code": COUNTY}),
    ("organization_tree", "guang", {}), ("editions", "guang", {}), ("own", "guang", {}), ("cover", "guang", {"pk": "unit"}),
    ("settle", "guang", {"pk": "member"}), ("users", "system", {}), ("user_open", "system", {}), ("locks", "security", {}),
    ("trail", "audit", {}), ("account_login", None, {}), ("account_reset_password", None, {}),
]  # fmt: skip


@pytest.mark.parametrize(("page", "who", "asked"), PAGES, ids=[page for page, _who, _asked in PAGES])
def test_a_page_in_english_is_english(client, cast, world, page, who, asked):
    if who:
        client.force_login(getattr(cast, who))
    client.cookies["django_language"] = "en"
    asked = {key: world[value].pk if value in world else value for key, value in asked.items()}
    answer = client.get(reverse(page, kwargs=asked))
    said = answer.content.decode()
    assert answer.status_code == 200
    assert chinese(said) == set(), "translate these (see docs/how-to/speak-english.md), or mark them lang=zh"
    assert '<html lang="en">' in said or "<html" not in said


def test_the_switch_keeps_what_was_chosen_and_leads_back(client, cast, world):
    client.force_login(cast.guang)
    assert "工作台" in client.get("/").content.decode()
    answer = client.post(reverse("set_language"), {"language": "en", "next": "/units/?q=1"})
    assert answer.url == "/units/?q=1"
    assert answer.cookies["django_language"]["max-age"] >= 300 * 86_400
    assert "Work desk" in client.get("/").content.decode()
    client.post(reverse("set_language"), {"language": "zh-hans"})
    said = client.get("/").content.decode()
    assert "工作台" in said and '<html lang="zh-CN">' in said


def test_the_switch_leads_nowhere_else(client, db):
    answer = client.post(reverse("set_language"), {"language": "en", "next": "https://example.com/"})
    assert "example.com" not in answer.url


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "再提交一次"), ("en", "Go back in your browser")])
def test_a_form_of_a_page_long_open_is_answered_in_the_sites_words(db, language, said):
    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = language
    answer = client.post(reverse("account_login"), {"login": "guang"})
    assert answer.status_code == 403 and said in answer.content.decode() and "CSRF" not in answer.content.decode()


def test_a_browser_in_english_is_no_choice(client, db):
    said = client.get(reverse("account_login"), headers={"accept-language": "en"}).content.decode()
    assert "登录名" in said and 'name="language" value="en"' in said


def test_what_is_written_down_does_not_depend_on_the_reader(client, cast, world):
    """A settled affiliation says where it comes from in the records' language, whoever settled it."""
    client.force_login(cast.guang)
    client.cookies["django_language"] = "en"
    told = {"org": str(world["org"].pk), "since": "2001-01-01", "reason": "letter 1", "seen": world["member"].version}
    assert client.post(reverse("settle", args=[world["member"].pk]), told).status_code == 302
    assert world["member"].affiliations.get().source == "核定"


@pytest.mark.once
@pytest.mark.parametrize(
    ("chinese_text", "english"),
    [
        ("企业名称为空，这一栏必须填写", "Name of the enterprise is empty and must be filled in"),
        ("成立时间“199年8月”不是能认出的日期", "“199年8月” is not a date"),  # what stood in the cell stays as it stood
        ("与第104行完全相同", "Exactly the same as row 104"),
        (
            "没有认出任何名册的表头。对照模板检查表头，或指定名册格式和栏目",
            "No roster's header was found. Compare the header",
        ),
    ],
)
def test_why_a_row_was_refused_is_said_in_english(chinese_text, english):
    with translation.override("en"):
        assert english in retold(chinese_text)
    assert retold(chinese_text) == chinese_text


@pytest.mark.once
def test_each_problem_of_the_catalogue_finds_its_own_english():
    with translation.override("en"):
        for one in catalogue().values():
            for template in (one.text, one.mend):
                said = retold(re.sub(r"{(\w+)}", r"<\1>", template))
                assert not set(HAN.findall(said)) - {"是", "否"}, template


@pytest.mark.once
def test_why_two_records_may_be_the_same_is_said_in_english():
    """The judgement in English, the names and digits it is about as they stand in the rosters."""
    assert judged("姓名相近：柳德/柳继德") == "姓名相近：柳德/柳继德"
    with translation.override("en"):
        assert judged("姓名相近：柳德/柳继德") == "similar names of the person: 柳德/柳继德"
        assert judged("手机号一致（尾号1484）") == "same mobile number (ending 1484)"
        assert {one for one in judgements() if HAN.search(judged(one))} == set()
