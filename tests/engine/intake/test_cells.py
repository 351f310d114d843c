"""What one cell means, however it is written."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.engine.intake.columns import read_column
from dishu.engine.intake.dates import read_date
from dishu.engine.intake.numbers import read_int, read_money
from dishu.engine.intake.readers import reader_for
from dishu.engine.intake.result import arrow_type
from dishu.engine.intake.text import clean
from dishu.standards import forms, problems

AUGUST = date(2007, 8, 1)


def field(layout, name):
    return reader_for(forms.layout(layout).field(name))


@pytest.mark.parametrize(
    "text", ["2007-08-01", "2007/8/1", "2007.8.1", "20070801", "2007年8月1日", "2007-08-01 00:00:00", "2007年08月01"]
)
def test_five_written_styles_and_what_programs_make_of_them(text):
    assert read_date(text) == (AUGUST, None, None)


@pytest.mark.parametrize("text", ["2007年8月", "2007.08", "200708", "2007-8"])
def test_a_month_alone_is_its_first_day_with_a_warning(text):
    assert read_date(text)[:2] == (AUGUST, "date_month_only")


def test_a_serial_number_is_a_day_with_a_warning():
    assert read_date("39295")[:2] == (AUGUST, "date_serial")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2007-13-01", "date_unreadable"),
        ("2007-02-30", "date_unreadable"),
        ("07-8-1", "date_unreadable"),
        ("2007年", "date_unreadable"),
        ("2007", "date_unreadable"),
        ("去年", "date_unreadable"),
        ("1899-12-31 03:04:00", "date_range"),
        ("2207-08-01", "date_range"),
    ],
)
def test_no_day_is_guessed(text, code):
    assert read_date(text)[:2] == (None, code)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("50", 50, None),
        ("50.0", 50, None),
        ("1,234,567", 1_234_567, None),
        ("约50", 50, "number_approximate"),
        ("50人", 50, "number_approximate"),
        ("50余人", 50, "number_approximate"),
        ("50.5", None, "number_not_whole"),
        ("1,23", None, "number_unreadable"),
        ("50-60", None, "number_unreadable"),
        ("五十", None, "number_unreadable"),
        ("5万元", None, "number_unreadable"),
        ("4.2E+12", None, "number_lost_digits"),
        ("9" * 30, None, "number_range"),
    ],
)
def test_whole_numbers(text, value, code):
    assert read_int(text)[:2] == (value, code)


@pytest.mark.parametrize(
    ("text", "yuan", "code"),
    [
        ("12.5", 125_000, None),
        ("0.00005", 1, None),
        ("1,234.5678", 12_345_678, None),
        ("1.2亿元", 120_000_000, "number_unit_written"),
        ("300元", 300, "number_unit_written"),
        ("约12", 120_000, "number_approximate"),
        ("若干", None, "number_unreadable"),
        ("50人", None, "number_unreadable"),
    ],
)
def test_amounts_in_wan_become_whole_yuan(text, yuan, code):
    assert read_money(text)[:2] == (yuan, code)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [("\u3000张\u200b三\ufeff ", "张三"), ("１２号\nＡ座", "12号 A座"), ("\xa0甲（公司）", "甲（公司）")],
)
def test_stray_characters_go(text, cleaned):
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("layout", "name", "text", "value", "code"),
    [
        ("member", "name", "张 三", "张三", None),
        ("member", "name", "买买提 • 艾力", "买买提·艾力", None),
        ("member", "name", "张三2", "张三2", "name_odd"),
        ("member", "standing", "预备 党员", "probationary", None),
        ("member", "standing", "群众", None, "choice_unknown"),
        ("member", "shown", "√", True, None),
        ("member", "shown", "未表态", None, None),
        ("member", "shown", "也许", None, "bool_unreadable"),
        ("member", "phone", "138-0013-8000", "13800138000", None),
        ("member", "phone", "0722-3312345", None, "phone_landline"),
        ("member", "phone", "1.38E+10", None, "number_lost_digits"),
        ("member", "citizen_id", "11010519491231002x", "11010519491231002X", None),
        ("member", "citizen_id", "130503670401001", "130503196704010016", "citizen_id_15"),
        ("member", "citizen_id", "110105********002X", None, "citizen_id_masked"),
        ("member", "citizen_id", "110105194912310021", None, "citizen_id_check"),
        ("member", "citizen_id", "4.21303E+17", None, "number_lost_digits"),
        ("member", "citizen_id", "421303199001011000", None, "number_lost_digits"),
        ("member", "citizen_id", "无", None, None),
        ("registration", "unit_code", "914403001922038217", None, "credit_code_check"),
        ("registration", "unit_code", "4213002100123", "4213002100123", "registration_no_13"),
        ("registration", "control", "有限责任公司(自然人独资)", "private_sole", None),
        ("registration", "surveyed", "未摸底", None, None),
        ("registration", "address", "=1+1", "=1+1", "formula_text"),
        ("registration", "address", "路" * 300, "路" * 300, None),
        ("registration", "address", "路" * 301, None, "text_too_long"),
        ("registration", "name", "随 " * 101, None, "text_too_long"),
        ("member", "name", "x" * 60, "x" * 60, None),
        ("member", "name", "x" * 61, None, "text_too_long"),
        ("registration", "employees", "-3", None, "number_range"),
        ("organization", "kind", "联合 党支部", "joint_branch", None),
    ],
)
def test_cells_by_column(layout, name, text, value, code):
    assert field(layout, name)(text)[:2] == (value, code)


@pytest.mark.parametrize("layout", forms.layouts(), ids=lambda layout: layout.name)
def test_official_words_are_understood(layout):
    for entry in layout.fields:
        for value, words in entry.choices.items():
            for word in words:
                assert reader_for(entry)(word)[:2] == (None if value == "none" else value, None)


EVERY_COLUMN = [field for layout in forms.layouts() for field in layout.fields]
ODD = st.text(st.sampled_from("0123456789.,-+/:年月日 E=*Xx'张三约万元人是否无有限（）\u3000\ufffd"), max_size=20)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(EVERY_COLUMN), ODD | st.text(max_size=10))
def test_nothing_anyone_types_is_too_much(entry, text):
    column = read_column(entry, pa.array([text]), reader_for(entry), floats=True)
    assert column.values.type == arrow_type(entry)
    assert {value.code for _, value in column.found[1:]} <= set(problems.catalogue())
