"""The workbook: numbers equal to the figures, links that lead to lists, texts that stay texts, empty parts that say so."""

import re
import zipfile
from dataclasses import replace

import openpyxl
import pyarrow as pa
import pytest

from dishu.engine.report import book, excel
from dishu.engine.report.content import Rows


def opened(content, tmp_path):
    excel.write(content, tmp_path / "r.xlsx")
    return openpyxl.load_workbook(tmp_path / "r.xlsx")


@pytest.fixture
def workbook(content, tmp_path):
    return opened(content, tmp_path)


def values(sheet, row):
    return [cell.value for cell in sheet[row]]


def test_the_sheets_in_their_order(workbook):
    assert workbook.sheetnames == [
        "总览", "分地区", "指标", "趋势", "附表27", "清单-党组织和党员底数摸清", "清单-党员身份亮明", "口径", "来源与退回",
    ]  # fmt: skip


def test_the_overview_has_the_figures_as_numbers(content, workbook):
    sheet = workbook["总览"]
    assert values(sheet, 3)[:7] == ["指标", "单位", "对象总数", "已达到", "未达到", "情况不明", "比例"]
    for row, (definition, figure) in enumerate(content.six, start=4):
        told = values(sheet, row)
        assert told[:6] == [
            definition.name,
            definition.unit_of_count,
            figure.total,
            figure.held,
            figure.failed,
            figure.unknown,
        ]
        assert told[6] == pytest.approx(figure.held / figure.total)
        assert told[7] == figure.verified_share
        assert told[8] == figure.gap
        assert told[9].date() == definition.deadline


def test_individual_businesses_and_markets_stand_beneath_all_units(small, tmp_path):
    """The same columns, without links: the lists hold all units."""
    sheet = opened(small, tmp_path)["总览"]
    rows = [values(sheet, row) for row in range(1, sheet.max_row + 1)]
    at = next(n for n, row in enumerate(rows) if row[0] == "其中：个体工商户和市场")
    assert rows[at + 1] == rows[2]
    assert [row[:9] for row in rows[at + 2 : at + 5]] == [
        ["党组织和党员底数100%摸清", "户", 900, 880, 12, 8, pytest.approx(880 / 900), 0.5, 20],
        ["党员身份100%亮明", "名", 700, 700, 0, 0, 1, 0.25, 0],
        ["具备单独组建条件的100%单建", "户", 0, 0, 0, 0, "—", "—", 0],
    ]
    assert not any(cell.hyperlink for row in sheet.iter_rows(min_row=at + 1) for cell in row)
    assert rows[3][2] == 1300  # all units stay where they were


def test_without_such_units_nothing_is_said_of_them(workbook):
    assert not any("个体工商户和市场" in str(cell.value) for row in workbook["总览"] for cell in row[:1])


def test_a_share_just_under_the_whole_is_neither_stored_nor_shown_as_100(workbook):
    cell = workbook["总览"]["G6"]
    assert cell.value < 1
    assert cell.number_format == '[=1]0%;[>=0.9995]"99.9%以上";0.0%'


def test_a_complete_but_unverified_indicator_is_not_called_reached(workbook):
    assert [workbook["总览"][f"K{row}"].value for row in (4, 9)] == ["推进中", "账面达到，待核实"]


def test_numbers_open_their_list_at_their_part(workbook):
    sheet = workbook["总览"]
    links = {at: sheet[at].hyperlink.location for at in ("C4", "D4", "E4", "F4", "I4")}
    assert links == {
        "C4": "'清单-党组织和党员底数摸清'!A1",
        "D4": "'清单-党组织和党员底数摸清'!A1",
        "E4": "'清单-党组织和党员底数摸清'!A5",
        "F4": "'清单-党组织和党员底数摸清'!A26",
        "I4": "'清单-党组织和党员底数摸清'!A1",
    }
    for location in links.values():
        name, cell = re.fullmatch(r"'(.+)'!(.+)", location).groups()
        assert workbook[name][cell].value is not None
    assert workbook["清单-党组织和党员底数摸清"]["A26"].value == "情况不明"
    assert sheet["C6"].hyperlink is None


def test_places_have_share_and_gap_and_a_dash_where_nothing_is_to_count(workbook):
    sheet = workbook["分地区"]
    assert values(sheet, 5)[:7] == [
        "随州市",
        "市（州）",
        "—",
        pytest.approx(1271 / 1300),
        29,
        pytest.approx(2853 / 4056),
        1203,
    ]
    assert values(sheet, 8)[:3] == ["西城街道", "乡镇（街道）", "曾都区"]
    assert values(sheet, 8)[11:13] == ["—", "—"]
    assert len(sheet.conditional_formatting) == 12


def test_money_is_shown_in_wan(workbook):
    sheet = workbook["指标"]
    row = next(row for row in sheet.iter_rows(values_only=True) if row[1] == "资产总额")
    assert row[2:4] == ("万元", 587_200)


def test_table_27_stands_as_on_paper(workbook):
    sheet = workbook["附表27"]
    assert sheet["A1"].value == "非公有经济控制的企业法人单位建立党的基层组织情况"
    assert [c for c in values(sheet, 3) if c] == [
        "行次", "项目", "总数", "其中", "法定代表人", "私有经济控制", "港澳台商经济控制", "外商经济控制", "控股情况未填",
    ]  # fmt: skip
    assert values(sheet, 4)[7:11] == ["小计", "私营独资", "港澳台商投资", "外商投资"]
    assert values(sheet, 5)[:4] == ["甲", "乙", "1", "2"]
    assert values(sheet, 6)[:3] == [1, "单位数", 1300]
    assert any("审核不符：总数：第1行" in str(row[0]) for row in sheet.iter_rows(values_only=True))


def test_texts_beginning_like_a_formula_stay_texts(workbook, tmp_path):
    names = [row[1].value for row in workbook["清单-党组织和党员底数摸清"].iter_rows()]
    assert "=cmd|'/c calc'!A1" in names
    with zipfile.ZipFile(tmp_path / "r.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/" in name]
    assert not any(b"<f>" in sheet for sheet in sheets)


def test_a_list_says_how_many_rows_there_are_and_where_all_of_them_are(workbook):
    note = workbook["清单-党组织和党员底数摸清"]["A3"].value
    assert "共3000行，此处只列前30行，全部见 缺口-底数摸清.csv" in note
    assert "此处只列" not in workbook["清单-党员身份亮明"]["A3"].value


def test_every_sheet_ends_with_day_edition_verified_and_unknown(workbook):
    for sheet in workbook:
        told = [row[0] for row in sheet.iter_rows(values_only=True) if row[0]]
        assert any(
            str(t).startswith("数据截至2011年11月30日，版次3f9a2c7，核实比例") and "未知" in str(t) for t in told
        ), sheet


def test_every_sheet_is_set_up_for_reading_and_print(workbook):
    for sheet in workbook:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        one_page = sheet.title == "趋势"  # a chart cut by a page break says nothing
        assert (sheet.page_setup.fitToHeight == 0) != one_page
        assert sheet.print_title_rows
        assert sheet.freeze_panes
        assert "&P" in sheet.oddFooter.center.text


def test_lists_and_tables_can_be_filtered(workbook):
    filtered = {sheet.title for sheet in workbook if sheet.auto_filter.ref}
    assert filtered == set(workbook.sheetnames) - {"附表27"}


def test_fonts_are_named(workbook):
    used = {cell.font.name for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert used == {"黑体", "宋体", "仿宋"}


def test_columns_are_wide_enough_for_chinese(workbook):
    sheet = workbook["清单-党组织和党员底数摸清"]
    assert sheet.column_dimensions["B"].width > book.display_width(sheet["B5"].value)


def test_empty_parts_say_that_they_are_empty(nothing, tmp_path):
    told = {
        sheet.title: [str(c) for row in sheet.iter_rows(values_only=True) for c in row if c]
        for sheet in opened(replace(nothing, definitions=()), tmp_path)
    }
    for title, words in {
        "总览": "本版次没有可汇总的“六个100%”数字",
        "分地区": "本版次没有可分地区汇总的数字",
        "指标": "本版次没有可列的指标",
        "附表27": "本版次没有编制附表27",
        "口径": "本版次没有指标定义",
        "来源与退回": "没有读入文件",
    }.items():
        assert words in told[title]
    assert "趋势" not in told


def test_a_list_without_rows_says_so(content, tmp_path):
    empty = Rows(pa.table({"情况": pa.array([], pa.string())}), 0)
    sheet = opened(replace(content, rows={"base_known": empty}), tmp_path)["清单-党组织和党员底数摸清"]
    assert "没有缺口，无需列出" in [row[0] for row in sheet.iter_rows(values_only=True)]


def test_sheet_names_are_short_clean_and_unique(content, tmp_path):
    made = book.Book(content, tmp_path / "names.xlsx")
    names = [made.name("清单-" + "很长的名字" * 9) for _ in range(12)] + [made.name("a/b:c*d?[e]'f")]
    made.workbook.add_worksheet()
    made.workbook.close()
    assert len(set(names)) == 13
    assert all(len(name) <= 31 for name in names)
    assert names[-1] == "a_b_c_d__e__f"


def test_the_same_content_gives_the_same_bytes(content, tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        excel.write(content, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_how_many_are_missing_has_its_sheet_with_interval_method_and_wording(proposed, tmp_path):
    sheet = opened(proposed, tmp_path)["还差多少人"]
    assert values(sheet, 4) == ["还差（95% 区间）", "82 人", "54 人", "135 人"]
    told = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert "方法：Chapman 估计。" in told
    assert "还差约 82 人。" in told


def test_the_plan_has_its_counts_by_place_and_its_list(proposed, tmp_path):
    book = opened(proposed, tmp_path)
    assert book.sheetnames[5:8] == ["还差多少人", "组建方案", "清单-组建方案"]
    places = [row[:3] for row in book["组建方案"].iter_rows(min_row=4, max_row=6, values_only=True)]
    assert places == [("随州市", 3, 1), ("　曾都区", 2, 1), ("　　西城街道", 2, 1)]
    assert "拟建：依托现有党组织1个，接收1户。" in [row[0] for row in book["组建方案"].iter_rows(values_only=True)]
    listed = book["清单-组建方案"]
    assert listed["A3"].value.startswith("共5户，此处只列前3户，全部见 plan/units.csv")
    assert [row[:3] for row in listed.iter_rows(min_row=5, max_row=7, values_only=True)] == [
        ("单独组建", "甲厂", 3), ("依托组建", "=乙店", 1), ("待研究", "丙店", 2)]  # fmt: skip
