"""Somebody fills in a form, the session ends meanwhile: what was filled in is sent after logging in again, not lost."""

from datetime import date

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect
from rosterdesk import put

from dishu.site.registry.models import Unit

FIRM, NEW = "广水应山酿酒有限公司", "广水市应山大道1号"


@pytest.fixture
def form(site, desk):
    """A form, half filled in."""
    row = {
        "注册号": "421381099000016",
        "企业名称": FIRM,
        "县（市、区）": "广水市",
        "成立日期": "2001-05-01",
        "摸底情况": "未摸清",
    }
    put("登记.csv", row, day=date(2012, 3, 31))
    page = desk("guang")
    page.clock.install()
    page.goto(f"/units/{Unit.objects.get(name=FIRM).pk}/change/correct/")
    page.get_by_label("经营地址").fill(NEW)
    page.get_by_label("从哪一天起").fill("2012-06-01")
    page.get_by_label("理由或依据").fill("上门核实")
    return page


@pytest.mark.parametrize("later", ["02:00", "20:00"])
def test_what_was_filled_in_is_sent_after_logging_in_again(form, later):
    Session.objects.all().delete()
    form.clock.fast_forward(later)
    save = form.get_by_role("button", name="保存", exact=True)
    save.click()
    expect(form.get_by_text("登录已经过期，没有提交")).to_be_visible()
    expect(form.get_by_label("经营地址")).to_have_value(NEW)
    with form.context.expect_page() as opened:
        form.get_by_role("link", name="在新的标签页里登录").click()
    tab = opened.value
    tab.get_by_label("登录名").fill("guang")
    tab.get_by_label("密码").fill("made-up-2007")
    tab.get_by_role("button", name="登录", exact=True).click()
    expect(tab.get_by_role("heading", name="工作台")).to_be_visible()
    form.clock.fast_forward(later)
    save.click()  # with the token of the new session
    expect(form.get_by_text("已登记。")).to_be_visible()
    assert Unit.objects.get(name=FIRM).address == NEW


def test_who_does_nothing_is_warned_and_goes_on(form):
    form.clock.run_for("27:00")
    expect(form.get_by_text("几分钟后将自动退出")).to_be_visible()
    form.get_by_role("button", name="继续用").click()
    expect(form.get_by_text("几分钟后将自动退出")).to_be_hidden()
    expect(form.get_by_label("经营地址")).to_have_value(NEW)


def test_a_part_of_a_page_is_not_the_log_in_page(form):
    form.goto("/editions/")
    form.get_by_role("button", name="封存").click()
    Session.objects.all().delete()
    form.get_by_role("button", name="校验并重算").click()
    expect(form.get_by_text("登录已经过期，没有提交")).to_be_visible()
    assert form.get_by_label("密码").count() == 0
