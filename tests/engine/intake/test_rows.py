"""What becomes of a row: it goes on, goes back with a reason, or is blank; none is lost."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.engine import intake
from dishu.standards import problems

MEMBER = ["姓名", "党员类别", "身份证号", "性别", "出生日期", "入党日期", "转正日期"]
UNIT = ["企业名称", "统一社会信用代码", "成立日期", "注销日期", "登记状态", "从业人员"]
GOOD = ["张三", "正式党员", "11010519491231002X", "女", "1949-12-31", "1970-07-01", "1971-07-01"]


def codes(roster, severity=None):
    found = zip(roster.problems["row"].to_pylist(), roster.problems["code"].to_pylist(), strict=True)
    said = roster.problems["severity"].to_pylist()
    return [pair for pair, how in zip(found, said, strict=True) if severity in (None, how)]


def changed(**cells):
    row = list(GOOD)
    for place, cell in cells.items():
        row[int(place[1:])] = cell
    return row


def test_a_good_row_goes_on_typed(take):
    roster = take([MEMBER, GOOD])
    (row,) = roster.table.to_pylist()
    assert row["standing"] == "full" and row["birth"] == date(1949, 12, 31) and row["citizen_id_written"] is None
    assert (row["source_file"], row["source_sheet"], row["source_row"]) == ("名册.csv", "", 2)
    assert roster.problems.num_rows == roster.refused.num_rows == 0


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (changed(c0=" "), "required_blank"),
        (changed(c1="群众"), "choice_unknown"),
        (changed(c2="4.21303E+17"), "number_lost_digits"),
        (changed(c5="去年"), "date_unreadable"),
        (changed(c6="1969-07-01"), "date_order"),
        (changed(c0="张\ufffd"), "garbled_text"),
        ([*GOOD, "多"], "cells_shifted"),
        (["合 计", "1"], "total_row"),
        (["填表人：王五", "", ""], "footer_row"),
        (MEMBER, "header_again"),
    ],
)
def test_rows_that_go_back(take, row, code):
    roster = take([MEMBER, GOOD, row])
    assert (3, code) in codes(roster, "refused")
    assert roster.table.num_rows == 1 and roster.refused["source_row"].to_pylist() == [3]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (changed(c2=""), "blank"),
        (changed(c2="110105194912310021"), "citizen_id_check"),
        (changed(c2="110105********002X"), "citizen_id_masked"),
        (changed(c2="130503670401001", c3="男", c4="1967-04-01", c5="1990-07-01", c6=""), "citizen_id_15"),
        (changed(c3="男"), "sex_contradicts_id"),
        (changed(c4="1949-12-30"), "birth_contradicts_id"),
        (changed(c5="1967-12-30"), "joined_too_young"),
        (changed(c0="=张三"), "formula_text"),
    ],
)
def test_rows_that_go_on_with_a_remark(take, row, code):
    roster = take([MEMBER, row])
    assert codes(roster) == [(2, code)]
    assert roster.table.num_rows == 1


def test_a_birth_month_does_not_contradict_the_number(take):
    assert codes(take([MEMBER, changed(c4="1949年12月")])) == [(2, "date_month_only")]


def test_a_number_that_cannot_be_read_is_kept_as_written(take):
    (row,) = take([MEMBER, changed(c2="110105********002x")]).table.to_pylist()
    assert row["citizen_id"] is None and row["citizen_id_written"] == "110105********002x"


def test_lists_of_problems_show_no_personal_number(take):
    roster = take([MEMBER, changed(c2="110105194912310021")])
    assert roster.problems["value"].to_pylist() == ["110105********0021"]
    assert "110105194912310021" not in str(roster.problems.to_pylist())


@pytest.mark.parametrize(
    ("row", "code", "severity"),
    [
        (["甲", "914403001922038217"], "credit_code_check", "refused"),
        (["甲", ""], "blank", "warned"),
        (["甲", "421302000000014", "2007-08-01", "2007-07-01"], "date_order", "refused"),
        (["甲", "421302000000014", "", "", "", "-1"], "number_range", "refused"),
        (["甲" * 201, "421302000000014"], "text_too_long", "refused"),
        (["甲", "421302000000014", "", "", "注销"], "closed_undated", "warned"),
        (["甲", "421300600000016"], "unit_kind_other", "warned"),
    ],
)
def test_units(take, row, code, severity):
    assert (2, code) in codes(take([UNIT, row, ["乙", "110108000000016"]], "registration"), severity)


def test_an_identical_row_goes_back_naming_the_first(take):
    again = changed(c4="1949年12月31日", c0="张 三")  # identical once cleaned
    roster = take([MEMBER, GOOD, [], again])
    assert codes(roster) == [(4, "duplicate_row")]
    assert roster.problems["text"].to_pylist() == ["与第2行完全相同"]


def test_serial_numbers_do_not_make_rows_different(take):
    assert codes(take([["序号", *MEMBER], ["1", *GOOD], ["2", *GOOD]])) == [(3, "duplicate_row")]


def test_columns_not_used_still_make_rows_different(take):
    roster = take([[*MEMBER, "爱好"], [*GOOD, "棋"], [*GOOD, "书"]])
    assert codes(roster) == [(3, "duplicate_person")]
    assert [note.code for note in roster.notes] == ["column_unknown"]


def test_the_same_code_with_other_content_is_remarked(take):
    rows = [UNIT, ["甲", "421302000000014"], ["乙", "421302000000014"], ["丙", "914403001922038217"]]
    roster = take(rows, "registration")
    assert (3, "duplicate_code") in codes(roster, "warned") and roster.table.num_rows == 2


def test_money_follows_the_unit_of_the_header(take):
    for title, yuan in [
        ("营业收入（万元）", 50_000),
        ("营业收入(元)", 5),
        ("营业收入【千元】", 5_000),
        ("营业收入", 50_000),
    ]:
        roster = take([["企业名称", "从业人员", title], ["甲", "1", "5"]], "registration")
        assert roster.table["turnover"].to_pylist() == [yuan]
        assert [note.code for note in roster.notes] == (["unit_assumed"] if title == "营业收入" else [])


CELL = st.sampled_from(
    ["", " ", "张三", "正式党员", "1949-12-31", "11010519491231002X", "乱", "=1", "合计", "\ufffd", "2007.8"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELL, min_size=0, max_size=9), max_size=25))
def test_no_row_is_lost(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("rows") / "名册.csv"
    path.write_text("\n".join(",".join(row) for row in [MEMBER, *rows]) + "\n", encoding="utf-8")
    (roster,) = intake.read(path, "member").rosters
    assert roster.rows == len(rows) == roster.table.num_rows + roster.refused.num_rows + roster.blank_rows
    back = set(roster.refused["source_row"].to_pylist())
    assert back == {row for row, _ in codes(roster, "refused")}
    assert not back & set(roster.table["source_row"].to_pylist())
    assert set(roster.problems["code"].to_pylist()) <= set(problems.catalogue())
