"""Refused rows come back ready to be corrected and sent again."""

import openpyxl
import pytest

from dishu.engine import intake

HEADER = ["序号", "姓名", "党员类别", "工作单位"]
ROWS = [HEADER, ["1", "张三", "正式党员", "甲"], ["2", "李四", "群众", "=1+1"], ["3", "", "正式党员", "007"]]


def cells(path):
    book = openpyxl.load_workbook(path)
    rows = {sheet.title: [list(row) for row in sheet.iter_rows()] for sheet in book}
    book.close()
    return rows


def test_reason_and_remedy_stand_before_the_row_as_written(take, tmp_path):
    assert intake.write_rejected([take(ROWS)], tmp_path / "rejected.xlsx") == 2
    ((name, (header, *rows)),) = cells(tmp_path / "rejected.xlsx").items()
    assert name == "名册"
    assert [cell.value for cell in header] == ["退回原因", "如何改正", *HEADER]
    assert [[cell.value for cell in row[2:]] for row in rows] == [
        ["2", "李四", "群众", "=1+1"],
        ["3", None, "正式党员", "007"],
    ]
    assert rows[0][0].value == "第3行：党员类别“群众”不在可选项内"
    assert rows[0][1].value == "从以下选一项：正式党员、预备党员"
    assert all(cell.data_type in "sn" for row in rows for cell in row), "no formulas"


def test_a_corrected_row_goes_in(take, tmp_path):
    path = tmp_path / "rejected.xlsx"
    intake.write_rejected([take(ROWS)], path)
    book = openpyxl.load_workbook(path)
    sheet = book["名册"]
    sheet["E2"] = "预备党员"
    sheet["D3"] = "王五"
    book.save(path)
    book.close()
    (roster,) = intake.read(path).rosters
    assert roster.table.select(["name", "standing", "employer"]).to_pylist() == [
        {"name": "李四", "standing": "probationary", "employer": "=1+1"},
        {"name": "王五", "standing": "full", "employer": "007"},
    ]
    assert roster.refused.num_rows == 0 and not roster.notes


def test_uncorrected_rows_come_back_again(take, tmp_path):
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    intake.write_rejected([take(ROWS)], first)
    (again,) = intake.read(first).rosters
    assert intake.write_rejected([again], second) == 2


def test_a_merged_header_survives(book_file, tmp_path):
    rows = [["企业名称", "法定代表人", None, "从业人员"], [None, "姓名", "身份证号", None], ["甲", "张三", None, "-5"]]
    path = book_file({"一": rows}, lambda book: book["一"].merge_cells("B1:C1"))
    taken = intake.read(path)
    intake.write_rejected(taken.rosters, tmp_path / "rejected.xlsx")
    (again,) = intake.read(tmp_path / "rejected.xlsx").rosters
    assert (
        again.refused.num_rows == 1
        and again.problems["code"].to_pylist() == taken.rosters[0].problems["code"].to_pylist()
    )


def test_sheets_of_the_same_name_stay_apart(take, tmp_path):
    roster = take(ROWS, name="很长很长" * 10 + ".csv")
    intake.write_rejected([roster, roster], tmp_path / "rejected.xlsx")
    names = list(cells(tmp_path / "rejected.xlsx"))
    assert len(names) == 2 and all(len(name) <= 31 for name in names)


def test_nothing_refused_is_said(tmp_path):
    assert intake.write_rejected([], tmp_path / "rejected.xlsx") == 0
    assert list(cells(tmp_path / "rejected.xlsx")) == ["无退回"]


@pytest.mark.parametrize("text", ["http://x.cn", "=1", "@a", "0012"])
def test_text_stays_text(take, tmp_path, text):
    intake.write_rejected([take([HEADER, ["1", "", "正式党员", text]])], tmp_path / "rejected.xlsx")
    ((_, (_, row)),) = cells(tmp_path / "rejected.xlsx").items()
    assert (row[5].value, row[5].data_type, row[5].hyperlink) == (text, "s", None)
