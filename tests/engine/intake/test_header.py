"""The header is found wherever it stands and whatever its columns are called."""

import pytest

from dishu.engine.intake import files
from dishu.engine.intake.header import find
from dishu.standards import forms

PERSON = ["张三", "正式党员", "11010519491231002X"]


def fields(head):
    return [field.name if field else None for field in head.fields]


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["姓名", "党员类别", "身份证号"], ["name", "standing", "citizen_id"]),
        (["*姓　名", "党员\n类别", "公民身份号码（18位）"], ["name", "standing", "citizen_id"]),
        (["【姓名】", "人员类别：", "ＩＤ"], ["name", "standing", None]),
        (["姓名", "类别", "姓名"], ["name", "standing", None]),
    ],
)
def test_titles_by_synonyms_signs_and_width(titles, names):
    assert fields(find([titles, PERSON], [forms.layout("member")])) == names


def test_title_rows_above_are_passed():
    rows = [
        ["随州市党员花名册", None, None],
        [None] * 3,
        ["填报单位：", "甲", None],
        ["姓名", "类别", "身份证"],
        PERSON,
    ]
    head = find(rows, forms.layouts())
    assert (head.layout.name, head.row, head.depth) == ("member", 4, 1)


def test_merged_header_of_two_rows():
    rows = [
        ["企业名称", "法定代表人", None, None, "营业收入\n（元）"],
        [None, "姓名", "身份证号", "联系电话", None],
        ["甲公司", "张三", "11010519491231002X", "13800138000", "5"],
    ]
    head = find(rows, forms.layouts())
    assert (head.layout.name, head.row, head.depth) == ("registration", 1, 2)
    assert fields(head) == ["name", "owner", "owner_id", "owner_phone", "turnover"]


def test_missing_required_columns_are_named():
    assert find([["姓名", "身份证号", "入党时间"], PERSON], forms.layouts()).missing == ("党员类别",)


def test_nothing_like_a_header():
    assert find([["通知"], ["请于月底前报送"]], forms.layouts()) is None


@pytest.mark.parametrize("layout", forms.layouts(), ids=lambda layout: layout.name)
def test_official_titles_find_their_layout(layout):
    head = find([[field.title for field in layout.fields]], forms.layouts())
    assert head.layout.name == layout.name
    assert fields(head) == [field.name for field in layout.fields]


def test_mapping_says_what_a_column_is(text_file):
    path = text_file([["何人", "党员类别", "身份证号"], PERSON])
    (roster,) = files.read(path, "member", {"何人": "name", "身份证号": None}).rosters
    assert roster.table["name"].to_pylist() == ["张三"]
    assert roster.table["citizen_id"].to_pylist() == [None]


def test_proposal_shows_columns_with_samples(text_file):
    path = text_file([["姓名", "党员类别", "爱好"], ["张三", "正式党员", "棋"], ["李四", "正式党员", "棋"]])
    (proposal,) = files.propose(path)
    assert (proposal.layout, proposal.header_row, proposal.missing) == ("member", 1, ())
    assert [(column.title, column.field, column.samples) for column in proposal.columns] == [
        ("姓名", "name", ("张三", "李四")),
        ("党员类别", "standing", ("正式党员",)),
        ("爱好", None, ("棋",)),
    ]
