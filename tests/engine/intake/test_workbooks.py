"""Workbooks: dates and numbers unharmed, spoilt numbers caught, hidden sheets left alone, formulas by their value."""

from datetime import date, datetime

import pytest
import xlsxwriter
import xlwt

from dishu.engine import intake

HEADER = ["姓名", "党员类别", "身份证号", "入党日期", "工作单位"]
ROW = ["张三", "正式党员", "11010519491231002X", "1970-07-01", "甲"]


def note_codes(taken):
    return [(note.sheet, note.code) for note in taken.notes]


def problem_codes(roster):
    return list(zip(roster.problems["row"].to_pylist(), roster.problems["code"].to_pylist(), strict=True))


def old_book(path, cells, hidden=None):
    """An .xls workbook with these cells {(row, column): value}."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("名册")
    style = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for (row, column), value in cells.items():
        sheet.write(row, column, value, *([style] if isinstance(value, date) else []))
    if hidden:
        book.add_sheet(hidden).visibility = 1
    book.save(str(path))
    return path


def test_dates_and_numbers_come_out_unharmed(book_file):
    rows = [
        ["企业名称", "统一社会信用代码", "成立日期", "注销日期", "从业人员", "营业收入（万元）", "是否党员"],
        ["甲", 421302000000014, date(2007, 8, 1), datetime(2011, 12, 31, 12), 50, 0.1 + 0.2, True],
    ]
    (roster,) = intake.read(book_file({"名册": rows})).rosters
    (row,) = roster.table.to_pylist()
    assert row["unit_code"] == "421302000000014"
    assert (row["opened_on"], row["closed_on"]) == (date(2007, 8, 1), date(2011, 12, 31))
    assert (row["employees"], row["turnover"], row["owner_is_member"]) == (50, 3000, True)


def test_rows_and_columns_left_empty_keep_the_row_numbers_right(book_file):
    rows = [[], [], [None, *HEADER], [None, *ROW], [], [None, "李四", "乱"]]
    (roster,) = intake.read(book_file({"名册": rows})).rosters
    assert roster.table["source_row"].to_pylist() == [4]
    assert roster.refused["source_row"].to_pylist() == [6] and roster.blank_rows == 1


def test_long_numbers_that_lost_digits_are_refused_though_they_look_whole(book_file):
    rows = [[], HEADER, ROW] + [["人" + "甲乙丙"[n], "正式党员", 1.10105194912310e17 + n * 64] for n in range(3)]
    (roster,) = intake.read(book_file({"名册": rows})).rosters
    assert [pair for pair in problem_codes(roster) if pair[1] == "number_lost_digits"] == [
        (row, "number_lost_digits") for row in (4, 5, 6)
    ]
    assert roster.table.num_rows == 1


def test_long_numbers_in_old_workbooks(tmp_path):
    cells = {(0, at): title for at, title in enumerate(HEADER)}
    cells |= {(1, 0): "张三", (1, 1): "正式党员", (1, 2): "11010519491231002X"}
    cells |= {(2, 0): "李四", (2, 1): "正式党员", (2, 2): 421303199001011234}
    (roster,) = intake.read(old_book(tmp_path / "旧.xls", cells)).rosters
    assert problem_codes(roster) == [(3, "number_lost_digits")]


def test_old_workbooks(tmp_path):
    cells = {(0, 0): "随州市党员花名册"}
    cells |= {(1, at): title for at, title in enumerate(HEADER)}
    cells |= {(2, 0): "张三", (2, 1): "正式党员", (2, 3): date(1970, 7, 1), (2, 4): 7}
    taken = intake.read(old_book(tmp_path / "旧.xls", cells, hidden="底稿"))
    (row,) = taken.rosters[0].table.to_pylist()
    assert (row["joined_on"], row["employer"], row["source_row"]) == (date(1970, 7, 1), "7", 3)
    assert note_codes(taken) == [("底稿", "sheet_hidden")]


def test_hidden_sheets_are_left_alone_and_others_all_read(book_file):
    def hide(book):
        book["底稿"].sheet_state = "hidden"
        book["深藏"].sheet_state = "veryHidden"

    sheets = {"东城": [HEADER, ROW], "底稿": [HEADER, ROW], "深藏": [HEADER, ROW], "空": [], "说明": [["请月底前报送"]]}
    sheets["西城"] = [["党员花名册"], HEADER, ["李四", "预备党员"], ROW]
    taken = intake.read(book_file(sheets, hide))
    assert [(roster.sheet, roster.rows) for roster in taken.rosters] == [("东城", 1), ("西城", 2)]
    assert note_codes(taken) == [
        ("底稿", "sheet_hidden"),
        ("深藏", "sheet_hidden"),
        ("空", "sheet_empty"),
        ("说明", "sheet_no_header"),
    ]
    assert "与工作表“东城”第2行完全相同" in taken.rosters[1].problems["text"].to_pylist()


def test_sheets_of_different_layouts_in_one_file(book_file):
    unit = [["企业名称", "法定代表人", "从业人员"], ["甲", "张三", 5]]
    shop = [["字号名称", "经营者", "从业人员"], ["乙", "李四", 1]]
    taken = intake.read(book_file({"一": unit, "二": shop}))
    assert [roster.layout.name for roster in taken.rosters] == ["registration", "individual"]


def test_formulas_give_their_stored_value(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "公式.xlsx")) as book:
        sheet = book.add_worksheet("名册")
        sheet.write_row(0, 0, ["企业名称", "从业人员"])
        sheet.write_row(1, 0, ["甲"])
        sheet.write_formula("B2", "=20+30", None, 50)
    (roster,) = intake.read(tmp_path / "公式.xlsx").rosters
    assert roster.table["employees"].to_pylist() == [50]


def test_a_formula_never_computed_is_refused_where_it_matters(book_file):
    rows = [[], [None, "企业名称", "从业人员", "爱好"], [None, "甲", "=20+30"], [None, "乙", 5, "=1+1"]]
    (roster,) = intake.read(book_file({"名册": rows})).rosters
    assert (3, "formula_without_value") in problem_codes(roster)
    assert roster.table["name"].to_pylist() == ["乙"]


def test_an_error_value_is_remarked(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "错.xlsx")) as book:
        sheet = book.add_worksheet("名册")
        sheet.write_row(0, 0, ["企业名称", "从业人员"])
        sheet.write_row(1, 0, ["甲"])
        sheet.write_formula("B2", "=NA()", None, "#N/A")
    (roster,) = intake.read(tmp_path / "错.xlsx").rosters
    assert problem_codes(roster) == [(2, "cell_error")]
    assert roster.table["employees"].to_pylist() == [None]


def test_text_that_looks_like_a_formula_stays_text(book_file):
    def as_text(book):
        book["名册"]["A2"].data_type = "s"

    (roster,) = intake.read(book_file({"名册": [["企业名称", "从业人员"], ["=甲&乙", 5]]}, as_text)).rosters
    assert problem_codes(roster) == [(2, "formula_text")]
    assert roster.table["name"].to_pylist() == ["=甲&乙"]


@pytest.mark.parametrize("noise", ["右边的话", None])
def test_words_beside_the_table_do_no_harm(book_file, noise):
    (roster,) = intake.read(book_file({"名册": [HEADER, [*ROW, None, noise]]})).rosters
    assert roster.table.num_rows == 1
