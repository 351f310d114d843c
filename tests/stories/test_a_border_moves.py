"""A border moves by the pages of places, with a document and a day: the figures of before stay, those of after follow."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect
from rosterdesk import put

STREET, COUNTY, OTHER = "421381001", "421381", "421303"
BEFORE, DAY = "2011-12-31", "2012-01-01"
FIRMS = [
    {"注册号": "421381099000016", "企业名称": "广水应山酿酒有限公司", "县（市、区）": "广水市", "乡镇（街道）": "应山街道", "成立日期": "2001-05-01"},
    {"注册号": "421381099000024", "企业名称": "广水十里机械有限公司", "县（市、区）": "广水市", "乡镇（街道）": "十里街道", "成立日期": "2001-05-01"},
    {"注册号": "421381099000032", "企业名称": "广水长岭食品有限公司", "县（市、区）": "广水市", "乡镇（街道）": "长岭镇", "成立日期": "2001-05-01"},
]  # fmt: skip


@pytest.fixture
def known(site):
    put("登记.csv", *FIRMS, day=date(2011, 6, 30))


def units(page, place, day, borders="then"):
    """How many units the page of figures counts there on that day."""
    page.goto(f"/figures/{place}/?day={day}&borders={borders}&view=table")
    expect(page.get_by_text(f"截至 {day}").first).to_be_visible()
    row = page.get_by_role("row", name=re.compile("^在册单位"))
    return int(row.get_by_role("cell").first.inner_text()) if row.count() else 0


def test_a_township_goes_to_another_county(known, desk):
    page = desk("shi")
    assert [units(page, place, BEFORE) for place in (COUNTY, OTHER)] == [3, 0]
    it_is_found_and_the_change_chosen(page)
    what_is_wrong_is_said_before_anything_moves(page)
    all_that_moves_with_it_is_shown_and_confirmed(page)
    assert [units(page, place, BEFORE) for place in (COUNTY, OTHER)] == [3, 0]
    assert [units(page, place, DAY) for place in (COUNTY, OTHER)] == [2, 1]
    assert [units(page, place, BEFORE, "now") for place in (COUNTY, OTHER)] == [2, 1]


def it_is_found_and_the_change_chosen(page):
    page.get_by_role("link", name="区域", exact=True).click()
    page.locator("[name=q]").fill("应山")
    page.locator("[name=q]").press("Enter")
    page.get_by_role("link", name=re.compile("应山街道")).first.click()
    page.get_by_role("button", name="登记变更").click()
    page.get_by_role("link", name="划转", exact=True).click()


def what_is_wrong_is_said_before_anything_moves(page):
    page.get_by_label("划归").fill("没有这个县")
    page.get_by_label("生效日期").fill(DAY)
    page.get_by_label("文件依据").fill("鄂民政〔2011〕9号")
    page.locator(".page-body form[method=post] button[type=submit]").click()
    expect(page.get_by_text("辖区内没有这个代码或名称的区域")).to_be_visible()


def all_that_moves_with_it_is_shown_and_confirmed(page):
    page.get_by_label("划归").fill(OTHER)
    page.locator(".page-body form[method=post] button[type=submit]").click()
    expect(page.get_by_role("heading", name="确认划转")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("单位"))).to_contain_text("1")
    expect(page.get_by_text("2012年1月1日以前的数字不变")).to_be_visible()
    page.get_by_role("button", name="确认划转").click()
    history = page.get_by_role("row", name=re.compile("鄂民政〔2011〕9号"))
    expect(history).to_contain_text("曾都区")
    page.get_by_label("哪一天").fill(BEFORE)
    page.get_by_role("button", name="看这一天").click()
    expect(page.locator("dd", has_text="广水市").first).to_be_visible()
