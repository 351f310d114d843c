"""A member's own part: the office hands over a code; the member looks, decides, asks, and reads the answer.

Whoever takes the member's numbers whole says why, and the member reads who it was and why.
"""

import re

import pytest
from playwright.sync_api import expect
from rosterdesk import DAY, SUN

from dishu.site.accounts.models import User
from dishu.site.membership import actions as membership
from dishu.site.membership.models import Member
from dishu.site.territory.models import Place

OWN = "qi-jing-zhen-89"
RIGHT = "19477310001"
WHY, REVEALED = "办理组织关系转接，核对号码", "查看完整号码"


@pytest.fixture
def member(site):
    return membership.add_member(
        by=User.objects.get(username="suo"), name="王小二", place=Place.objects.get(code="421381001"), standing="full",
        day=DAY, reason="上门登记", citizen_id=SUN["身份证号码"], phone=SUN["手机"],
    )  # fmt: skip


def test_a_members_own_part(member, desk, site, browser):
    office = desk("suo")
    code = the_office_hands_over_a_code(office, member)
    context = browser.new_context(base_url=site.url, viewport={"width": 390, "height": 844}, locale="zh-CN")
    own = context.new_page()
    the_member_opens_the_log_in_on_the_phone(own, code)
    the_member_sees_the_own_record_masked_and_who_looked(own)
    the_office_takes_the_numbers_whole_with_a_reason(office, member)
    the_member_reads_who_took_them_and_why(own)
    the_audit_finds_the_look_and_that_no_line_was_touched(desk("audit"), member)
    the_member_shows_being_a_member(own)
    the_member_asks_for_a_correction(own)
    the_office_answers(office)
    the_member_sees_the_answer(own)
    the_member_withdraws_showing(own)
    context.close()


def the_office_hands_over_a_code(page, member):
    page.goto(f"/members/{member.pk}/")
    page.get_by_role("link", name="本人登录").click()
    page.get_by_label("怎样核对的本人").fill("本人持身份证到所")
    page.get_by_role("button", name="开激活码").click()
    expect(page.get_by_text("只显示这一次")).to_be_visible()
    return page.locator(".figure-big").inner_text()


def the_member_opens_the_log_in_on_the_phone(page, code):
    page.goto("/mine/activate/")
    said = {"姓名": "王小二", "激活码": code, "给自己起一个登录名": "wang", "密码": "12345", "再写一次密码": "12345"}
    for label, value in said.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="开通").click()
    expect(page.get_by_text("密码").first).to_be_visible()
    assert page.url.endswith("/mine/activate/")  # too weak a password opens nothing, and the code still holds
    for label in ("密码", "再写一次密码"):
        page.get_by_label(label, exact=True).fill(OWN)
    page.get_by_role("button", name="开通").click()
    page.locator("[name=login]").fill("wang")
    page.locator("[name=password]").fill(OWN)
    page.locator("form button[type=submit]").first.click()
    expect(page.get_by_role("heading", name="王小二")).to_be_visible()


def the_member_sees_the_own_record_masked_and_who_looked(page):
    expect(page.get_by_text("正式党员").first).to_be_visible()
    assert SUN["身份证号码"] not in page.content() and SUN["手机"] not in page.content()
    page.goto("/mine/looks/")
    expect(page.get_by_text("suo").first).to_be_visible()
    expect(page.get_by_text("本人持身份证到所")).to_be_visible()
    page.get_by_role("link", name="我的登记").first.click()


def the_office_takes_the_numbers_whole_with_a_reason(page, member):
    page.goto(f"/members/{member.pk}/")
    look = page.get_by_role("button", name="查看", exact=True)
    look.click()  # nothing is shown to who gives no reason
    expect(page.get_by_label("查看完整号码的理由")).to_be_focused()
    assert SUN["身份证号码"] not in page.content()
    page.get_by_label("查看完整号码的理由").fill(WHY)
    look.click()
    expect(page.get_by_text(SUN["身份证号码"])).to_be_visible()
    expect(page.get_by_text(SUN["手机"])).to_be_visible()
    page.get_by_role("link", name="看完了，返回").click()
    expect(page.get_by_role("row", name=WHY)).to_contain_text(re.compile(f"suo.*{REVEALED}"))
    assert SUN["身份证号码"] not in page.content()


def the_member_reads_who_took_them_and_why(page):
    page.goto("/mine/")
    page.get_by_role("link", name="谁看过、改过我的登记").click()
    line = page.locator(".list-group-item", has_text=WHY)
    expect(line).to_contain_text(re.compile(f"suo.*{REVEALED}"))
    page.get_by_role("link", name="我的登记").first.click()


def the_audit_finds_the_look_and_that_no_line_was_touched(page, member):
    page.get_by_role("link", name="操作记录").click()
    page.get_by_label("做了什么").select_option(label=REVEALED)
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_role("row", name=WHY)).to_contain_text("suo")
    assert SUN["身份证号码"] not in page.content()
    page.get_by_role("button", name="校验全部记录").click()
    expect(page.locator("#proof")).to_contain_text("逐行相符")


def the_member_shows_being_a_member(page):
    expect(page.get_by_text("还没有决定")).to_be_visible()
    page.get_by_role("button", name="我愿意亮身份").click()
    expect(page.get_by_text("已亮身份")).to_be_visible()


def the_member_asks_for_a_correction(page):
    page.goto("/mine/correct/?field=phone")
    page.locator("#wish").fill(RIGHT)
    page.get_by_label("说明（可不填）").fill("换了号码")
    page.get_by_role("button", name="提出更正").click()
    expect(page.get_by_text("应当是：")).to_be_visible()


def the_office_answers(page):
    page.goto("/mine/asked/")
    page.locator("main").get_by_role("link", name="王小二").first.click()
    expect(page.get_by_text("换了号码")).to_be_visible()
    page.get_by_label("依据，或不更正的理由").fill("当面核对")
    page.get_by_role("button", name="核对无误，更正").click()
    expect(page.get_by_role("button", name="核对无误，更正")).to_have_count(0)
    assert Member.objects.get(name="王小二").masked_phone.endswith(RIGHT[-4:])


def the_member_sees_the_answer(page):
    page.goto("/mine/")
    expect(page.get_by_text("当面核对")).to_be_visible()


def the_member_withdraws_showing(page):
    page.get_by_role("button", name="我不亮身份").click()
    expect(page.get_by_role("button", name="我愿意亮身份")).to_be_visible()
    expect(page.get_by_text("不亮身份", exact=False).first).to_be_visible()
