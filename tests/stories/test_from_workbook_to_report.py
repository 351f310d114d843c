"""From a dirty workbook to the report that is sent: the way of a county's figures, told step by step in a browser.

A city officer drops a workbook, corrects one column, sees what it would do, commits it, mends the refused rows and
sends them again. The province finds in four clicks the row behind a gap, and the cell of the workbook behind the row.
The city seals the figures and takes the report.
"""

import base64
import io
import re
import zipfile
from datetime import date

import fastexcel
import pytest
import xlsxwriter
from playwright.sync_api import expect
from rosterdesk import put

from dishu.site.registry.models import Unit, UnitState

BEFORE, DAY = date(2012, 3, 31), date(2012, 6, 30)
COUNTY = {"县（市、区）": "广水市"}
#: What the register knows before: four enterprises, a branch, three members.
KNOWN = [
    {"注册号": "421381099000016", "企业名称": "广水应山酿酒有限公司", **COUNTY, "乡镇（街道）": "应山街道", "成立日期": "2001-05-01", "从业人员": "34", "摸底情况": "已摸清"},
    {"注册号": "421381099000024", "企业名称": "广水十里机械有限公司", **COUNTY, "乡镇（街道）": "十里街道", "成立日期": "2001-05-01", "从业人员": "60", "摸底情况": "已摸清"},
    {"注册号": "421381099000032", "企业名称": "广水长岭食品有限公司", **COUNTY, "乡镇（街道）": "长岭镇", "成立日期": "2001-05-01", "从业人员": "8", "摸底情况": "未摸清"},
    {"注册号": "421381099000049", "企业名称": "广水余店纺织有限公司", **COUNTY, "乡镇（街道）": "余店镇", "成立日期": "2001-05-01", "从业人员": "12", "摸底情况": "未摸清"},
]  # fmt: skip
BRANCH = {"党组织名称": "应山酿酒党支部", "类别": "党支部", **COUNTY, "成立日期": "2005-01-01", "组建方式": "单独组建", "覆盖单位": "广水应山酿酒有限公司"}  # fmt: skip
MEMBERS = [
    {"姓名": name, "身份证号码": number, "党员类别": "正式党员", "单位名称": "广水应山酿酒有限公司", "组织关系所在党组织": "应山酿酒党支部", "是否亮身份": shown}
    for name, number, shown in (("孙志春", "991558196811277652", "是"), ("柳继德", "991558197001152027", "否"), ("何满仓", "991558197505203035", "是"))
]  # fmt: skip
#: What the officer is given: a title above the header, full-width digits, written dates, a column by an unknown name.
TITLE = "广水市企业登记情况（二季度）"
HEADER = [
    "序号",
    "注册号",
    "企业名称",
    "县（市、区）",
    "乡镇（街道）",
    "成立日期",
    "登记状态",
    "注销日期",
    "用工规模",
    "摸底情况",
]
DIRTY = [
    ["1", "４２１３８１０９９００００１６", "广水应山酿酒有限公司", "广水市", "应山街道", "2001年5月1日", "存续", "", "34", "已摸清"],
    ["2", "421381099000024", "广水十里机械有限公司", "广水市", "广水街道", "2001.5.1", "存续", "", "60", "已摸清"],
    ["3", "421381099000032", "广水长岭食品有限公司 ", "广水市", "长岭镇", "2001-05-01", "注销", "2012-05-31", "8", "未摸清"],
    ["4", "421381099000049", "广水余店纺织有限公司", "广水市", "余店镇", "2001/5/1", "存续", "", "15", "未摸清"],
    ["5", "421381099000057", "广水武胜关石材有限公司", "广水市", "武胜关镇", "2012-04-01", "存续", "", "21", "未摸清"],
    ["6", "421381099000065", "广水杨寨铸造有限公司", "广水市", "杨寨镇", "2012-04-01", "存续", "", "十来个", "已摸清"],
    ["7", "421381099000074", "广水关庙米业有限公司", "广水市", "关庙镇", "2012-04-01", "存续", "", "9", "未摸清"],
]  # fmt: skip
#: What the dry run says of it: one of each, two refused.
OUTCOMES = {"新增": 1, "有变化": 1, "迁移": 1, "注销": 1, "无变化": 1, "退回": 2}


@pytest.fixture
def known(site, settings):
    """The register as it was in March."""
    put("登记.csv", *KNOWN, day=BEFORE)
    put("党组织.csv", BRANCH, day=BEFORE)
    put("党员.csv", *MEMBERS, day=BEFORE)


def workbook(header, rows, title="") -> bytes:
    """Rows as an Excel workbook, below a title where there is one."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("企业")
        above = [[title]] if title else []
        for at, row in enumerate([*above, header, *rows]):
            sheet.write_row(at, 0, row)
    return content.getvalue()


def test_from_workbook_to_report(known, desk):
    city = desk("shi")
    the_officer_drops_a_dirty_workbook_on_the_page(city)
    the_columns_are_proposed_with_values_and_one_is_corrected(city)
    the_dry_run_counts_what_would_happen_and_shows_the_rows_behind_each(city)
    refused = the_refused_rows_come_back_as_a_workbook_with_reasons(city)
    nothing_is_written_before_the_officer_says_so()
    the_workbook_is_committed(city)
    the_refused_rows_are_mended_and_sent_again(city, refused)
    the_six_of_my_place_are_there_and_my_counties_compared(city)
    province = desk("sheng")
    the_province_reaches_the_row_behind_a_gap_in_four_clicks(province)
    from_the_row_it_reaches_the_record_and_the_cell_of_the_workbook(province)
    an_indicator_says_what_it_counts_and_how_it_went(city)
    the_figures_are_sealed_and_the_reports_taken(city)


def the_officer_drops_a_dirty_workbook_on_the_page(page):
    page.get_by_role("link", name="名册", exact=True).click()
    content = base64.b64encode(workbook(HEADER, DIRTY, TITLE)).decode()
    dropped = page.evaluate_handle(
        """(text) => { const parts = new DataTransfer(); const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
        parts.items.add(new File([bytes], "二季度.xlsx")); return parts; }""",
        content,
    )
    page.dispatch_event("#drop", "drop", {"dataTransfer": dropped})
    expect(page.get_by_text("二季度.xlsx")).to_be_visible()
    page.get_by_label("名册截至日期").fill(DAY.isoformat())
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("status").filter(has_text="待确认")).to_be_visible()


def the_columns_are_proposed_with_values_and_one_is_corrected(page):
    page.get_by_role("link", name="核对栏目").click()
    row = page.get_by_role("row", name="用工规模")
    expect(row).to_contain_text("34 / 60 / 8")
    expect(page.get_by_label("企业名称")).to_have_value("name")
    expect(page.get_by_label("用工规模")).to_have_value("")
    page.get_by_label("用工规模").select_option(label="从业人员")
    page.get_by_role("button", name="按此重新预览").click()
    expect(page.get_by_role("status").filter(has_text="待确认")).to_be_visible()


def the_dry_run_counts_what_would_happen_and_shows_the_rows_behind_each(page):
    for outcome, number in OUTCOMES.items():
        page.get_by_role("link", name=f"{number} {outcome}", exact=True).click()
        expect(page.get_by_role("heading", name=outcome, exact=True)).to_be_visible()
        expect(page.locator("tbody tr")).to_have_count(number)
    why, mend = "用工规模“十来个”不是数字", "只填数字"
    expect(page.get_by_role("row", name=why)).to_contain_text(mend)


def the_refused_rows_come_back_as_a_workbook_with_reasons(page):
    with page.expect_download() as download:
        page.get_by_role("link", name="下载退回的行").click()
    sheet = fastexcel.read_excel(download.value.path()).load_sheet(0, header_row=None, dtypes="string")
    header, *rows = zip(*(sheet.to_arrow().to_pydict().values()), strict=True)
    assert header[:2] == ("退回原因", "如何改正")
    assert [row[header.index("企业名称")] for row in rows] == ["广水杨寨铸造有限公司", "广水关庙米业有限公司"]
    assert all(row[0] and row[1] for row in rows)
    return header, rows


def nothing_is_written_before_the_officer_says_so():
    assert Unit.objects.count() == len(KNOWN)


def the_workbook_is_committed(page):
    page.get_by_role("button", name="确认入库").click()
    expect(page.get_by_role("status").filter(has_text="已入库")).to_be_visible()
    assert Unit.objects.filter(name="广水武胜关石材有限公司").exists()
    assert UnitState.objects.get(unit__name="广水余店纺织有限公司", until=None).employees == 15


def the_refused_rows_are_mended_and_sent_again(page, refused):
    header, rows = refused
    mended = [[{"十来个": "11", "421381099000074": "421381099000073"}.get(cell, cell) for cell in row] for row in rows]
    page.get_by_role("link", name="名册", exact=True).first.click()
    with page.expect_file_chooser() as chooser:
        page.get_by_text("把名册拖到这里").click()
    chooser.value.set_files(
        {"name": "退回-改好.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": workbook(header, mended)}
    )
    page.get_by_label("名册截至日期").fill(DAY.isoformat())
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("link", name="2 新增", exact=True)).to_be_visible()
    page.get_by_role("button", name="确认入库").click()
    expect(page.get_by_role("status").filter(has_text="已入库")).to_be_visible()
    # the column was explained once; that holds for this workbook too
    assert UnitState.objects.get(unit__name="广水杨寨铸造有限公司").employees == 11


def the_six_of_my_place_are_there_and_my_counties_compared(page):
    page.get_by_role("link", name="看数字").click()
    expect(page.get_by_role("heading", name="随州市")).to_be_visible()
    six = page.locator(".card").filter(has=page.get_by_role("link", name="党组织和党员底数100%摸清")).first
    expect(six).to_contain_text("3 / 6")  # six are open on the day, of three somebody knows the members
    expect(page.locator(".figure-big")).to_have_count(5)  # no unit has members too few for a branch of its own
    county = page.get_by_role("row", name="广水市")
    expect(county).to_contain_text("50.0%")
    page.get_by_role("link", name="方块").click()
    expect(page.get_by_role("link", name=re.compile("广水市.*50.0%.*差 3"))).to_be_visible()


def clicked(page):
    """What is clicked from here on, as the browser itself counts it."""
    clicks = []
    page.expose_function("clicked", lambda words: clicks.append(words))
    page.add_init_script("addEventListener('click', e => e.isTrusted && clicked(e.target.innerText.trim()), true)")
    page.reload()
    return clicks


def the_province_reaches_the_row_behind_a_gap_in_four_clicks(page):
    clicks = clicked(page)
    page.get_by_role("link", name="看数字").click()
    page.get_by_role("row").get_by_role("link", name="随州市").click()
    page.get_by_role("row").get_by_role("link", name="广水市").click()
    page.get_by_role("link", name="未达到 3").first.click()
    expect(page.get_by_role("row", name="广水武胜关石材有限公司")).to_contain_text("未达到")
    expect(page.locator("tbody tr")).to_have_count(3)
    assert clicks == ["看数字", "随州市", "广水市", "未达到 3"]


def from_the_row_it_reaches_the_record_and_the_cell_of_the_workbook(page):
    page.get_by_role("link", name="广水武胜关石材有限公司").click()
    expect(page.get_by_role("heading", name="广水武胜关石材有限公司")).to_be_visible()
    page.go_back()
    page.get_by_role("row", name="广水武胜关石材有限公司").get_by_role("link", name="二季度").click()
    expect(page.get_by_role("heading", name="二季度.xlsx")).to_contain_text("第 7 行")
    expect(page.get_by_role("row", name="J7")).to_contain_text("未摸清")


def an_indicator_says_what_it_counts_and_how_it_went(page):
    page.goto(f"/figures/421381/base_known/?day={DAY}")
    expect(page.get_by_text("已逐户摸清有无党员、有几名党员")).to_be_visible()
    page.get_by_text("按月的数字").click()
    expect(page.get_by_role("row", name="2012-06-30")).to_contain_text("6")
    page.get_by_role("row", name="2012-05-31").get_by_role("link").click()
    expect(page).to_have_url(re.compile("day=2012-05-31"))


def the_figures_are_sealed_and_the_reports_taken(page):
    page.get_by_role("link", name="封存版次").click()
    page.get_by_label("数据截至").fill(DAY.isoformat())
    page.get_by_label("说明").fill("半年上报")
    page.get_by_role("button", name="封存").click()
    expect(page.get_by_role("heading", name=f"随州市，截至 {DAY}")).to_be_visible()
    page.get_by_role("button", name="校验并重算").click()
    expect(page.get_by_text("一致")).to_be_visible()
    for name, inside in (("Word 情况报告", "word/document.xml"), ("Excel 数据表", "xl/workbook.xml")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        with zipfile.ZipFile(download.value.path()) as report:
            assert inside in report.namelist()
