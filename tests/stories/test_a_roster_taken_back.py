"""What a roster already did: sent again it writes nothing, taken back it is as if it had never come, unless others rest on it."""

import re

from playwright.sync_api import expect
from rosterdesk import DAY, OTHER_UNIT, SUN, UNIT, row_versions, written

from dishu.site.intake.models import Upload
from dishu.site.registry.models import Unit
from dishu.site.trail.models import TrailLine

MEMBER = {**SUN, "党员类别": "正式党员", "单位名称": UNIT["企业名称"]}


def send(page, name, *rows, stage="待确认"):
    """The officer chooses a file and waits for what it would do."""
    page.goto("/rosters/")
    page.locator("#files").set_input_files({"name": name, "mimeType": "text/csv", "buffer": written(*rows)})
    expect(page.locator("#chosen")).to_have_text(name)
    page.get_by_label("名册截至日期").fill(DAY.isoformat())
    page.get_by_role("button", name="上传并预览").click()
    stands(page, stage)


def stands(page, stage):
    expect(page.get_by_role("status").filter(has_text=stage)).to_be_visible()


def commit(page):
    page.get_by_role("button", name="确认入库").click()
    stands(page, "已入库")


def take_back(page, reason="传错了文件"):
    page.get_by_text("撤回整份名册").click()
    page.get_by_label("撤回的理由").fill(reason)
    page.get_by_role("button", name="确认撤回").click()


def test_the_same_roster_again_writes_nothing_and_says_so(desk):
    page = desk("shi")
    send(page, "单位.csv", UNIT, OTHER_UNIT)
    commit(page)
    before = row_versions()
    send(page, "单位.csv", UNIT, OTHER_UNIT, stage="已入库")
    expect(page.get_by_text("同一份文件以前上传过")).to_be_visible()
    assert Upload.objects.count() == 1
    send(page, "换了次序.csv", OTHER_UNIT, UNIT)  # another file that says the same
    expect(page.get_by_role("link", name="2 无变化", exact=True)).to_be_visible()
    expect(page.get_by_text("入库不会改动任何数据")).to_be_visible()
    commit(page)
    assert row_versions() == before


def test_a_roster_is_taken_back_whole(desk):
    page = desk("shi")
    send(page, "单位.csv", UNIT, OTHER_UNIT)
    commit(page)
    take_back(page, reason=" ")  # blanks are no reason
    expect(page.get_by_text("请写明撤回的理由。")).to_be_visible()
    assert Unit.objects.count() == 2
    page.get_by_label("撤回的理由").fill("传错了文件")
    page.get_by_role("button", name="确认撤回").click()
    stands(page, "已撤回")
    expect(page.get_by_text("撤回整份名册")).to_have_count(0)
    assert TrailLine.objects.get(verb="undone").reason == "传错了文件"
    assert not Unit.objects.exists()
    page.get_by_role("link", name="单位", exact=True).first.click()
    expect(page.get_by_text(UNIT["企业名称"])).to_have_count(0)


def test_what_a_later_roster_rests_on_stays_and_the_page_says_which(desk):
    page = desk("shi")
    send(page, "单位.csv", UNIT)
    commit(page)
    first = page.url
    send(page, "党员.csv", MEMBER)
    commit(page)
    later = page.url
    page.goto(first)
    take_back(page)
    expect(page.get_by_role("alert")).to_contain_text(re.compile("党员.csv.*请先撤回"))
    stands(page, "已入库")
    page.goto(later)
    take_back(page)
    stands(page, "已撤回")
    page.goto(first)
    take_back(page)
    stands(page, "已撤回")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert not Unit.objects.exists()


def test_two_officers_send_the_same_roster_at_once(desk):
    city, county = desk("shi"), desk("zeng")
    for page in (city, county):
        send(page, "单位.csv", UNIT, OTHER_UNIT)
        expect(page.get_by_role("link", name="2 新增", exact=True)).to_be_visible()
    for page in (city, county):  # neither waits for the other's answer
        page.get_by_role("button", name="确认入库").click(no_wait_after=True)
    for page in (city, county):
        stands(page, "已入库")
    assert Upload.objects.filter(stage="committed").count() == 2
    assert Unit.objects.count() == 2
