"""Figures are sealed and reported; life goes on; sealed again, the two say row by row what is different and why."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect
from rosterdesk import put

FIRST, SECOND = date(2012, 6, 30), date(2012, 9, 30)
HERE = {"县（市、区）": "广水市", "成立日期": "2001-05-01"}
FIRM, GONE = "广水应山酿酒有限公司", "广水长岭食品有限公司"
KNOWN = [
    {"注册号": "421381099000016", "企业名称": FIRM, **HERE, "摸底情况": "未摸清"},
    {"注册号": "421381099000024", "企业名称": "广水十里机械有限公司", **HERE, "摸底情况": "已摸清"},
    {"注册号": "421381099000032", "企业名称": GONE, **HERE, "摸底情况": "已摸清"},
]
#: More than stand on one page.
NEW = [{"企业名称": f"广水新设第{n}商贸有限公司", "县（市、区）": "广水市", "成立日期": "2012-08-01", "摸底情况": "未摸清"} for n in range(1, 61)]  # fmt: skip
INDICATOR = "党组织和党员底数100%摸清"


@pytest.fixture
def known(site):
    put("登记.csv", *KNOWN, day=date(2012, 3, 31))


def test_two_sealed_editions_row_by_row(known, desk):
    page = desk("guang")
    figures_are_sealed(page, FIRST, "半年上报")
    sealed = page.url
    expect(row(page)).to_contain_text("2 / 3")
    a_firm_is_surveyed(page)
    another_is_closed(page)
    put("新设.csv", *NEW, day=SECOND)
    the_figures_of_the_reported_day_follow(page)
    the_sealed_ones_stay(page, sealed)
    figures_are_sealed(page, SECOND, "三季度上报")
    expect(row(page)).to_contain_text("2 / 62")
    page.get_by_role("link", name="半年上报").click()
    what_entered_left_and_changed_is_counted(page)
    who_and_why_is_said_row_by_row(page)
    what_is_more_stands_on_further_pages(page)
    from_the_row_it_goes_to_the_record(page)


def row(page):
    """The figure that is followed."""
    return page.get_by_role("row", name=INDICATOR)


def figures_are_sealed(page, day, note):
    page.get_by_role("link", name="封存版次", exact=True).first.click()
    page.get_by_label("数据截至").fill(day.isoformat())
    page.get_by_label("说明").fill(note)
    page.get_by_role("button", name="封存").click()
    expect(page.get_by_role("heading", name=f"广水市，截至 {day}")).to_be_visible()


def change(page, name, act, day, reason, **chosen):
    page.goto("/units/")
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name=act, exact=True).click()
    for label, value in chosen.items():
        page.get_by_label(label).select_option(label=value)
    page.get_by_label("从哪一天起").fill(day)
    page.get_by_label("理由或依据").fill(reason)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已登记。")).to_be_visible()


def a_firm_is_surveyed(page):
    """From a day before the first was sealed: the officer only now got to know."""
    change(page, FIRM, "修改", "2012-06-01", "上门核实", 摸底情况="已摸清")


def another_is_closed(page):
    change(page, GONE, "注销", "2012-08-15", "工商来函")


def the_figures_of_the_reported_day_follow(page):
    page.goto(f"/figures/421381/base_known/?day={FIRST}")
    expect(page.locator(".figure-big")).to_have_text("100%")


def the_sealed_ones_stay(page, sealed):
    page.goto(sealed)
    expect(row(page)).to_contain_text("2 / 3")
    page.get_by_role("button", name="校验并重算").click()
    expect(page.get_by_text("一致")).to_be_visible()


def what_entered_left_and_changed_is_counted(page):
    expect(page.get_by_role("heading", name=f"广水市：{FIRST} 与 {SECOND}")).to_be_visible()
    page.get_by_role("row", name=INDICATOR).get_by_role("link", name=INDICATOR).click()
    counts = page.get_by_role("row", name=INDICATOR).get_by_role("cell")
    expect(counts).to_have_text(["60", "1", "1"])


def who_and_why_is_said_row_by_row(page):
    page.get_by_role("link", name="改变 1", exact=True).click()
    expect(lines(page)).to_have_count(1)
    expect(lines(page)).to_contain_text(re.compile(f"{FIRM}.*未达到.*达到.*摸底：不清→已摸清", re.DOTALL))
    page.get_by_role("link", name="移出 1", exact=True).click()
    expect(lines(page)).to_contain_text(re.compile(f"{GONE}.*达到.*不在其中.*后一版次已不在册", re.DOTALL))


def what_is_more_stands_on_further_pages(page):
    page.get_by_role("link", name="进入 60", exact=True).click()
    expect(lines(page)).to_have_count(50)
    seen = page.locator("#lines tbody th").all_inner_texts()
    page.get_by_role("link", name="下一页").click()
    expect(lines(page)).to_have_count(10)
    seen += page.locator("#lines tbody th").all_inner_texts()
    assert sorted(seen) == sorted(one["企业名称"] for one in NEW)
    expect(lines(page).first).to_contain_text("后一版次新出现")


def from_the_row_it_goes_to_the_record(page):
    name = page.locator("#lines tbody th").first.inner_text()
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def lines(page):
    return page.locator("#lines tbody tr")
