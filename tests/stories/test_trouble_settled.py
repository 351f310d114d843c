"""A list of trouble is worked off: a unit with members and no organization is settled by its button, and the figures above follow."""

import re

import pytest
from playwright.sync_api import expect
from rosterdesk import SUN, put

HERE = {"县（市、区）": "广水市", "乡镇（街道）": "应山街道", "成立日期": "2001-05-01"}
UNIT = {"注册号": "421381099000016", "企业名称": "广水应山酿酒有限公司", **HERE}
NEIGHBOUR = {"注册号": "421381099000024", "企业名称": "广水应山机械有限公司", **HERE}
BRANCH = {
    "党组织名称": "应山机械党支部",
    "类别": "党支部",
    **HERE,
    "组建方式": "单独组建",
    "覆盖单位": NEIGHBOUR["企业名称"],
}
JOINT, LIST = "有党员但不具备单独组建条件的100%组建", "有党员、不够单建，也没有被覆盖"


@pytest.fixture
def known(site):
    """Two firms in a street, a branch at one of them, a member at the other."""
    put("单位.csv", UNIT, NEIGHBOUR)
    put("党组织.csv", BRANCH)
    put("党员.csv", {**SUN, "党员类别": "正式党员", "单位名称": UNIT["企业名称"]})


def test_a_unit_with_members_and_no_organization_is_settled(known, desk):
    city, county = desk("shi"), desk("guang")
    city.goto("/figures/4213/")
    expect(six(city)).to_contain_text(re.compile(r"0 / 1.*未达到 1", re.DOTALL))
    the_list_says_what_to_do_and_leads_to_the_unit(county)
    the_page_says_what_the_rules_allow_and_offers_the_branch_next_door(county)
    the_list_is_empty_now(county)
    city.reload()
    expect(six(city)).to_contain_text(re.compile(r"1 / 1.*达到目标", re.DOTALL))
    the_desk_has_one_thing_less_to_do(county)


def six(page):
    """The card of the figure that is to change."""
    return page.locator(".card").filter(has=page.get_by_role("link", name=JOINT, exact=True)).first


def the_list_says_what_to_do_and_leads_to_the_unit(page):
    page.get_by_role("link", name=re.compile(f"^{LIST}")).click()  # from the work desk
    expect(page.get_by_text("就近与其他单位联合")).to_be_visible()
    page.get_by_role("row", name=UNIT["企业名称"]).get_by_role("link", name="登记组建").click()
    expect(page.get_by_role("heading", name=f"登记组建：{UNIT['企业名称']}")).to_be_visible()


def the_page_says_what_the_rules_allow_and_offers_the_branch_next_door(page):
    expect(page.get_by_role("row", name=SUN["姓名"])).to_contain_text("没有记载")
    expect(page.get_by_text(re.compile("按规定：.*正式党员1名"))).to_be_visible()
    page.get_by_role("link", name=BRANCH["党组织名称"]).click()
    expect(page.get_by_label("由哪个党组织覆盖")).to_have_value(BRANCH["党组织名称"])
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_label("批复文号或依据")).to_be_focused()  # nothing is written without a reason
    page.get_by_label("批复文号或依据").fill("应山街道党工委〔2026〕3号")
    page.get_by_role("button", name="登记", exact=True).click()


def the_list_is_empty_now(page):
    expect(page.get_by_text(f"已登记{UNIT['企业名称']}的组建")).to_be_visible()
    expect(page.get_by_text("这张清单已经处理完")).to_be_visible()
    page.get_by_role("link", name="看其余清单").click()
    expect(page.locator(".list-group-item", has_text=LIST)).to_contain_text(re.compile(r"^\s*0"))


def the_desk_has_one_thing_less_to_do(page):
    page.get_by_role("link", name="工作台").click()
    expect(page.get_by_text("组织关系不明")).to_be_visible()
    expect(page.get_by_text(LIST)).to_have_count(0)
