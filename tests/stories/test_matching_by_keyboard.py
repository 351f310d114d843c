"""Doubtful pairs decided at the keyboard, without a mouse; on a phone with the thumb."""

from playwright.sync_api import expect
from rosterdesk import UNIT, put

from dishu.site.doubts.models import Pair

FIRM = {"党员类别": "正式党员", "单位名称": UNIT["企业名称"], "县（市、区）": "曾都区"}
ONE = {**FIRM, "姓名": "王建军", "出生日期": "1968-11-27", "手机": "19477319048"}


def heap():
    """Three who may be one: three pairs."""
    put("单位.csv", UNIT)
    for n, name in enumerate(("王建军", "王建民", "王建林")):
        put(f"{n}.csv", {**ONE, "姓名": name})


def states() -> list[str]:
    return list(Pair.objects.order_by("pk").values_list("state", flat=True))


def test_pairs_are_decided_with_keys(desk):
    heap()
    page = desk("shi")
    page.get_by_role("link", name="去核对").click()
    title = page.locator("#pair-title")
    expect(title).to_have_text("王建军 / 王建民")
    page.wait_for_load_state()  # the keys' script is there
    page.keyboard.press("2")
    expect(title).to_have_text("王建军 / 王建林")
    expect(title).to_be_focused()
    page.keyboard.press("3")
    expect(title).to_have_text("王建民 / 王建林")
    assert states() == ["different", "unsure", "open"]
    page.keyboard.press("u")
    expect(title).to_have_text("王建军 / 王建林")
    page.keyboard.press("j")
    expect(title).to_have_text("王建民 / 王建林")
    page.keyboard.press("k")
    expect(title).to_have_text("王建军 / 王建林")
    assert states() == ["different", "open", "open"]


def test_keys_do_nothing_while_somebody_types(desk):
    heap()
    page = desk("shi")
    page.goto("/matching/next/")
    page.get_by_text("查看完整号码").first.click()
    page.get_by_label("查看完整号码的理由").first.fill("1")
    page.keyboard.press("2")
    page.get_by_label("用快捷键").uncheck()
    page.keyboard.press("2")
    expect(page.locator("#pair-title")).to_have_text("王建军 / 王建民")
    assert states() == ["open", "open", "open"]


def test_on_a_phone_with_the_thumb(desk):
    heap()
    page = desk("shi", phone=True)
    page.goto("/matching/next/")
    same = page.get_by_role("button", name="同一人")
    assert same.bounding_box()["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    same.click()
    expect(page.locator("#pair-title")).not_to_have_text("王建军 / 王建民")
    assert states().count("same") == 1


def firms():
    """A firm known by its number, and two rows without one that may be it."""
    put("工商.csv", UNIT)
    name = UNIT["企业名称"]
    for n, other in enumerate((name.replace("有限公司", "公司"), name.replace("有限公司", ""))):
        put(f"{n}.csv", {"企业名称": other, "县（市、区）": "曾都区", "从业人员数": "37"})


def test_units_are_joined_with_keys_and_taken_back(desk):
    firms()
    page = desk("shi")
    page.goto("/matching/?kind=unit")
    page.get_by_role("link", name="开始核对").click()
    title = page.locator("#pair-title")
    expect(title).to_have_text("曾都区凯旋医药贸易有限公司 / 曾都区凯旋医药贸易公司")
    expect(page.get_by_role("button", name="同一单位")).to_be_visible()
    page.wait_for_load_state()  # the keys' script is there
    page.keyboard.press("1")
    expect(title).not_to_have_text("曾都区凯旋医药贸易有限公司 / 曾都区凯旋医药贸易公司")
    assert states().count("same") == 1
    page.keyboard.press("u")
    expect(title).to_have_text("曾都区凯旋医药贸易有限公司 / 曾都区凯旋医药贸易公司")
    assert set(states()) == {"open"}


def test_on_a_phone_marks_stand_without_gaps_and_nothing_filled_in_is_a_dash(desk):
    firms()
    page = desk("shi", phone=True)
    page.goto("/matching/next/?kind=unit")
    words = page.locator("td .words").filter(has=page.locator("mark")).first
    assert "".join(words.inner_text().split()) == words.inner_text()
    assert words.evaluate("e => getComputedStyle(e).display") in ("inline", "block")
    expect(page.locator("td .words", has_text="没有填").first).to_contain_text("—")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
