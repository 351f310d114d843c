"""Two people change one record at once: the slower one is shown what the faster one wrote, and nothing of either is lost."""

import re

from playwright.sync_api import expect
from rosterdesk import UNIT, put

from dishu.site.registry.models import Unit
from dishu.site.trail.models import TrailLine

FIRST, SECOND = "沿河大道12号", "曾都区沿河大道12号凯旋大厦"


def test_two_people_change_one_record_at_once(desk):
    put("单位.csv", {**UNIT, "从业人员": "9", "经营地址": "沿河大道"})
    county, city = desk("zeng"), desk("shi")
    for page in (county, city):
        the_form_is_opened(page)
    the_first_saves(county)
    the_second_sees_both_values_and_what_was_left_alone_follows_the_first(city)
    the_second_decides_where_both_wrote(city)
    the_record_says_who_wrote_what_and_why(county)


def the_form_is_opened(page):
    page.goto("/units/")
    page.get_by_role("link", name=UNIT["企业名称"]).click()
    page.get_by_role("link", name="修改", exact=True).click()
    expect(page.get_by_label("从业人员")).to_have_value("9")


def save(page, reason, button="保存", **values):
    for label, value in (values | {"理由或依据": reason}).items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name=button, exact=True).click()


def the_first_saves(page):
    save(page, "电话核实", 从业人员="12", 经营地址=FIRST)
    expect(page.get_by_text("修改登记资料：已登记。")).to_be_visible()


def the_second_sees_both_values_and_what_was_left_alone_follows_the_first(page):
    save(page, "上门核实", 经营地址=SECOND)
    expect(page.get_by_role("alert")).to_contain_text("已被别人修改")
    expect(page.get_by_text(re.compile("zeng 于 .*理由：电话核实"))).to_be_visible()
    expect(page.get_by_role("row", name="经营地址")).to_contain_text(re.compile(f"{FIRST}.*{SECOND}"))
    expect(page.get_by_role("row", name="从业人员")).to_contain_text(re.compile("12.*没有改，按现在的"))
    expect(page.get_by_label("从业人员")).to_have_value("12")
    expect(page.get_by_label("经营地址")).to_have_value(SECOND)
    assert Unit.objects.get().address == FIRST  # nothing is written over unseen


def the_second_decides_where_both_wrote(page):
    page.get_by_role("button", name="仍按我填的保存").click()
    expect(page.get_by_text("修改登记资料：已登记。")).to_be_visible()
    now = Unit.objects.get()
    assert (now.address, now.states.get(until=None).employees) == (SECOND, 12)


def the_record_says_who_wrote_what_and_why(page):
    page.reload()
    told = page.locator(".card", has=page.get_by_role("heading", name="谁改过、谁看过"))
    expect(told.get_by_role("row", name="电话核实")).to_contain_text(re.compile(f"zeng.*{FIRST}.*9 → 12", re.DOTALL))
    expect(told.get_by_role("row", name="上门核实")).to_contain_text(re.compile(f"shi.*{FIRST} → {SECOND}"))
    assert TrailLine.objects.filter(verb="changed").count() == 2
