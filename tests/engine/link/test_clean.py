"""Cells cleaned: written differently, equal afterwards; what says nothing is None."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.engine.link import clean, firms, names
from dishu.engine.link.columns import standard_columns

CHARS = st.text(
    alphabet="王李張偉雪学欧阳司马夏·•*某（）() \u3000\u200b无1xX０９随州市鑫源商贸有限责任公司店厂个体户", max_size=16
)


@pytest.mark.parametrize(
    ("written", "name"),
    [("王 伟", "王伟"), ("王　偉", "王伟"), ("王伟（已退休）", "王伟"), ("李\u200b雪", "李雪"), ("", None), (None, None),
     ("不详", None), ("123", None), ("阿依古丽·买买提", "阿依古丽·买买提"), ("李乾坤", "李乾坤"), ("王*", "王*")],
)  # fmt: skip
def test_person_name(written: str | None, name: str | None) -> None:
    assert clean.person_name(written) == name


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("李雪", "李学", True), ("單曉", "单小", True), ("歐陽雪", "欧阳学", True), ("張偉", "章炜", True), ("仇伟", "求伟", True),
     ("仇伟", "丑伟", False), ("李雪", "李薛红", False)],
)  # fmt: skip
def test_names_that_sound_alike(one: str, other: str, alike: bool) -> None:
    assert (names.parse(one).sound == names.parse(other).sound) == alike


@pytest.mark.parametrize(
    ("written", "surname", "last"),
    [("王*", "王", None), ("王某某", "王", None), ("王*军", "王", "军"), ("蕭**", "肖", None), ("欧阳*", "欧阳", None)],
)
def test_masked_names_keep_what_is_seen(written: str, surname: str, last: str | None) -> None:
    name = names.parse(written)
    assert (name.name, name.surname, name.last) == (None, surname, last)


@pytest.mark.parametrize(
    ("written", "number", "checked", "tail"),
    [
        ("99010119700101001X", "99010119700101001X", True, "001X"),
        ("'99010119700101001x", "99010119700101001X", True, "001X"),
        ("９９０１０１ 19700101 001Ｘ", "99010119700101001X", True, "001X"),
        ("990101700101001", "99010119700101001X", None, "001X"),
        ("990101197001010011", "990101197001010011", False, "0011"),
        ("9901011970010101", "9901011970010101", False, "0101"),
        ("990101********001X", None, None, "001X"),
        ("990***********001X", None, None, "001X"),
        ("99010119700101****", None, None, None),
        ("990101197001010000", None, None, None),  # Excel has eaten the end
        ("000000000000000000", None, None, None),
        ("123456789012345678", None, None, None),
        ("无", None, None, None),
    ],
)
def test_id_numbers(written: str, number: str | None, checked: bool | None, tail: str | None) -> None:
    found = clean.id_number(written)
    assert (found.number, found.checked, found.tail) == (number, checked, tail)


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("1963-05-02", (1963, 5, 2)), ("1963/5/2", (1963, 5, 2)), ("1963.05.02", (1963, 5, 2)), ("19630502", (1963, 5, 2)),
        ("1963年5月2日", (1963, 5, 2)), ("23133", (1963, 5, 2)), ("1963-05-02 00:00:00", (1963, 5, 2)),
        ("1963.05", (1963, 5, None)), ("196305", (1963, 5, None)), ("1963年5月", (1963, 5, None)), ("1963", (1963, None, None)),
        ("1963-02-30", (1963, 2, None)), ("不详", (None, None, None)), ("19", (None, None, None)),
    ],
)  # fmt: skip
def test_dates_of_birth(written: str, date: tuple[int | None, int | None, int | None]) -> None:
    assert tuple(clean.born(written)) == date


@pytest.mark.parametrize(
    ("written", "phone"),
    [("194 0013 8001", "19400138001"), ("+8619400138001", "19400138001"), ("19400138001/19400138002", "19400138001"),
     ("0722-3312345", None), ("13800000000", None), ("13800138000", None), ("1940013800", None), ("无", None)],
)  # fmt: skip
def test_phones(written: str, phone: str | None) -> None:
    assert clean.phone(written).number == phone


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("湖北省随州市曾都区何店镇阳光小区3幢2-501", "曾都区阳光小区3栋2单元501室"),
        ("随县双河村3组", "随县洪山镇双河村委会三组".replace("三", "3").replace("委会", "")),
        ("城南街道解放路35号", "解放路３５号"),
    ],
)
def test_addresses_of_one_door(one: str, other: str) -> None:
    assert clean.address(one).door == clean.address(other).door is not None


@pytest.mark.parametrize(
    ("written", "core"),
    [
        ("随州市鑫源商贸有限责任公司", "鑫源商贸"), ("鑫源商贸（随州）有限公司", "鑫源商贸"), ("鑫源商贸", "鑫源商贸"),
        ("湖北省随州市曾都区鑫源商贸有限公司第二门市部", "鑫源商贸"), ("隨州鑫源商貿公司", "随州鑫源商贸"),
        ("万家超市", "万家超市"), ("随州市万家超市", "万家超市"), ("阳光小区便利店", "阳光小区便利"),
        ("个体户", None), ("退休", None), ("无", None), ("灵活就业人员", None), ("", None),
    ],
)  # fmt: skip
def test_unit_names(written: str, core: str | None) -> None:
    assert firms.parse(written).core == core


@given(CHARS)
@settings(max_examples=300, derandomize=True, deadline=None)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    for function in (clean.person_name, clean.unit_name):
        once = function(text)
        assert function(once) == once


@given(st.text(max_size=24))
@settings(max_examples=300, derandomize=True, deadline=None)
def test_no_cell_breaks_the_cleaning(text: str) -> None:
    for function in (clean.person_name, clean.unit_name, clean.id_number, clean.born, clean.phone, clean.address,
                     clean.sex, clean.unit_code, clean.place, names.parse, firms.parse):  # fmt: skip
        function(text)


@given(st.dates(), st.integers(0, 999), st.booleans())
@settings(max_examples=100, derandomize=True, deadline=None)
def test_a_valid_number_tells_birth_and_sex(day, sequence: int, small: bool) -> None:  # type: ignore[no-untyped-def]
    from dishu.standards.ids import citizen_check

    body = f"990101{max(day.year, 1900):04d}{day.month:02d}{min(day.day, 28):02d}{sequence:03d}"
    number = body + citizen_check(body)
    found = clean.id_number(number.lower() if small else number)
    assert (found.valid, found.born, found.sex) == (number, int(body[6:14]), "男" if sequence % 2 else "女")


def test_chinese_titles_become_the_known_columns() -> None:
    import pyarrow as pa

    table = standard_columns(
        pa.table({"姓名*": ["王伟"], "身份证号码": ["1"], "手机": ["2"], "所在单位": ["3"], "乱": [0]})
    )
    assert table.to_pylist() == [
        {"rec_id": "1", "source": None, "name": "王伟", "sex": None, "id_no": "1", "birth": None, "phone": "2",
         "employer": "3", "address": None}
    ]  # fmt: skip
    unit = standard_columns(pa.table({"企业名称": ["甲"], "注册号": ["1"], "县(市、区)": ["曾都区"]}), "unit")
    assert unit.select(["name", "unit_code", "place"]).to_pylist() == [
        {"name": "甲", "unit_code": "1", "place": "曾都区"}
    ]
    with pytest.raises(ValueError, match="没有姓名"):
        standard_columns(pa.table({"甲": [1]}))
