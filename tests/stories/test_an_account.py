"""An account from the day it is opened: own password, locked and unlocked, a second factor, a passkey, the other language."""

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import expect

from dishu.site.trail.models import TrailLine

OWN = "qi-jing-zhen-89"


@pytest.fixture
def anybody(site, browser):
    """A browser in which nobody is logged in."""
    context = browser.new_context(base_url=site.url, locale="zh-CN")
    context.set_default_timeout(5_000)
    yield context.new_page()
    context.close()


def log_in(page, who, password):
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(who)
    page.locator("[name=password]").fill(password)
    page.locator("form button[type=submit]").first.click()


def log_out(page):
    page.get_by_role("link", name="退出").first.click()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()


def is_in(page):
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()


def code_of(secret):
    """What an authenticator app shows now."""
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def test_from_the_first_log_in_to_a_passkey(desk, anybody):
    word = the_administrator_opens_it(desk("system"))
    the_first_log_in_asks_for_a_password_of_ones_own(anybody, word)
    wrong_passwords_lock_and_another_administrator_unlocks(anybody, desk("security"))
    secret, spare = a_second_factor_is_set_up(anybody)
    the_next_log_in_asks_for_it(anybody, secret, spare)
    a_passkey_needs_no_password(anybody)
    the_pages_speak_english_too(anybody)
    told = set(TrailLine.objects.filter(by__username="wang.wu").values_list("verb", flat=True))
    assert {"logged_in", "logged_out", "changed"} <= told


def the_administrator_opens_it(page):
    page.goto("/people/open/")
    said = {"登录名": "wang.wu", "姓名": "王五"}
    for label, value in said.items():
        page.get_by_label(label, exact=True).fill(value)
    page.locator("[name=role]").select_option("county_officer")
    page.locator("[name=place]").fill("421381")
    page.locator("[name=since]").fill("2020-01-01")
    page.locator("main form button[type=submit], .page-body form button[type=submit]").first.click()
    shown = page.get_by_text(re.compile(r"\w{4}-\w{4}-\w{4}-\w{4}")).first
    expect(shown).to_be_visible()
    return re.search(r"\w{4}-\w{4}-\w{4}-\w{4}", shown.inner_text())[0]


def the_first_log_in_asks_for_a_password_of_ones_own(page, word):
    log_in(page, "wang.wu", word)
    page.wait_for_url("**/password/change/**")
    for new in ("12345678", OWN):
        page.locator("[name=oldpassword]").fill(word)
        page.locator("[name=password1]").fill(new)
        page.locator("[name=password2]").fill(new)
        page.locator(".page-body form button[type=submit]").first.click()
        if new != OWN:
            expect(page.locator("[name=password1][aria-invalid=true]")).to_be_visible()
    is_in(page)
    log_out(page)


def wrong_passwords_lock_and_another_administrator_unlocks(page, other):
    for _ in range(5):
        log_in(page, "wang.wu", "not-this-one")
    log_in(page, "wang.wu", OWN)
    expect(page.get_by_text("登录失败次数过多").first).to_be_visible()
    other.goto("/people/locks/")
    other.get_by_role("row", name=re.compile("王五.*已锁定")).get_by_role("link").click()
    other.get_by_label("理由").fill("本人来电，口令核对无误")
    other.get_by_role("button", name="确定").click()
    log_in(page, "wang.wu", OWN)
    is_in(page)


def confirm(page):
    """A change of how one logs in asks for the password once more, where it was not typed just now."""
    if "reauthenticate" in page.url:
        page.locator("[name=password]").fill(OWN)
        page.get_by_role("button", name="确认").click()


def a_second_factor_is_set_up(page):
    page.goto("/accounts/2fa/totp/activate/")
    confirm(page)
    secret = page.get_by_label("身份验证器密钥").input_value()
    page.get_by_label("认证器代码").fill("000000")
    page.get_by_role("button", name="激活").click()
    expect(page.get_by_text("错误代码").first).to_be_visible()
    page.get_by_label("认证器代码").fill(code_of(secret))
    page.get_by_role("button", name="激活").click()
    spare = page.get_by_role("textbox").first.input_value().split()[0]
    log_out(page)
    return secret, spare


def the_next_log_in_asks_for_it(page, secret, spare):
    def say(code):
        page.get_by_label("代码").fill(code)
        page.get_by_role("button", name="登录", exact=True).click()

    log_in(page, "wang.wu", OWN)
    say(code := code_of(secret))
    is_in(page)
    log_out(page)
    log_in(page, "wang.wu", OWN)
    say(code)  # counts once
    expect(page.get_by_text("错误代码").first).to_be_visible()
    say(spare)  # where the phone is lost
    is_in(page)


def a_passkey_needs_no_password(page):
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send("WebAuthn.addVirtualAuthenticator",
                {"options": kind | {"isUserVerified": True, "automaticPresenceSimulation": True}})  # fmt: skip
    page.goto("/accounts/2fa/webauthn/add/")
    confirm(page)
    page.locator("[name=name]").fill("这台电脑")
    page.locator("[name=passwordless]").check()
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("status").filter(has_text="已添加安全密钥")).to_be_visible()
    log_out(page)
    page.get_by_role("button", name="用通行密钥登录").click()
    is_in(page)


def the_pages_speak_english_too(page):
    page.get_by_role("button", name="English").first.click()
    expect(page.get_by_role("heading", name="Work desk")).to_be_visible()
    page.get_by_role("button", name="中文").first.click()
    is_in(page)
