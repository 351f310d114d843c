"""From a record to the cell of the workbook: the row as it was sent, other people's columns withheld, the look written down."""

import re
from datetime import date

import pytest
import xlsxwriter
from django.core.files import File

from dishu.site.intake import actions as intake
from dishu.site.membership.models import Member, Standing
from dishu.site.registry.models import Unit, UnitState
from dishu.site.trail.models import TrailLine

DAY = date(2011, 6, 30)
UNITS = [
    ["企业名称", "统一社会信用代码", "企业类型", "法定代表人", "法定代表人身份证号", "从业人员", "内部备忘"],
    ["东风厂", "", "私营", "张三", "420101196001011234", "12", "与李四有纠纷"],
    ["红星厂", "", "私营", "赵五", "420101196001015678", "7", ""],
]
MEMBERS = [
    ["姓名", "身份证号码", "手机", "党员类别", "单位名称"],
    ["王明", "420101197001011237", "13900001111", "正式党员", "东风厂"],
]


@pytest.fixture
def sent(cast, place, tmp_path):
    """`sent("units", rows)`: an upload of a workbook, the rows on its second sheet."""

    def send(name, rows, layout):
        path = tmp_path / f"{name}.xlsx"
        with xlsxwriter.Workbook(path) as book:
            book.add_worksheet("封面").write(0, 0, "名册")
            sheet = book.add_worksheet("二季度")
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
        with path.open("rb") as opened:
            upload = intake.receive(by=cast.guang, file=File(opened, path.name), place=place("421381"), day=DAY)
        upload.layout = layout
        upload.save()
        return upload

    return send


@pytest.fixture
def unit(sent, place):
    upload = sent("units", UNITS, "registration")
    one = Unit.objects.create(kind="enterprise", name="红星厂", place=place("421381"))
    UnitState.objects.create(unit=one, place=one.place, since=DAY, upload=upload, sheet="二季度", row=3)
    return one


@pytest.fixture
def member(sent, place):
    upload = sent("members", MEMBERS, "member")
    one = Member.objects.create(name="王明", place=place("421381"))
    Standing.objects.create(
        member=one, place=one.place, standing="full", since=DAY, upload=upload, sheet="二季度", row=2
    )
    return one


@pytest.fixture
def look(cast, client):
    def at(who, kind, record):
        client.force_login(getattr(cast, who), "allauth.account.auth_backends.AuthenticationBackend")
        return client.get(f"/source/{kind}/{record.pk}/")

    return at


def cells(answer):
    """Address -> text."""
    found = re.findall(r"<code>([A-Z]+\d+)</code></td>.*?</th><td[^>]*>(.*?)</td>", answer.content.decode())
    return {at: re.sub(r"<[^>]+>", "", text) for at, text in found}


def test_the_row_stands_there_as_it_was_sent(unit, look):
    assert cells(look("guang", "unitstate", unit.states.get())) == {
        "A3": "红星厂", "B3": "空", "C3": "私营", "D3": "（不显示）", "E3": "（不显示）", "F3": "7", "G3": "空",
    }  # fmt: skip


def test_nothing_of_other_people_or_of_other_rows_is_on_the_page(unit, look):
    page = look("guang", "unitstate", unit.states.get()).content.decode()
    assert not {"赵五", "张三", "420101196001015678", "东风厂", "与李四有纠纷"} & set(re.findall(r"[\w]+", page))


def test_a_members_numbers_are_masked(member, look):
    found = cells(look("guang", "standing", member.standings.get()))
    assert found["A2"] == "王明" and found["D2"] == "正式党员"
    assert "*" in found["B2"] and "197001" not in found["B2"]
    assert "*" in found["C2"] and found["C2"] != "13900001111"


def test_who_looked_is_written_down_at_the_record(member, look, cast):
    look("guang", "standing", member.standings.get())
    line = TrailLine.objects.filter(verb="looked").first()
    assert (line.by_id, line.subject_type, line.subject_id) == (cast.guang.pk, "membership.member", member.pk)
    assert line.details["row"] == 2


@pytest.mark.parametrize(
    ("who", "answer"), [("guang", 200), ("shi", 200), ("lead", 200), ("zeng", 404), ("system", 404)]
)
def test_only_from_the_own_place(unit, member, look, who, answer):
    records = {"unitstate": unit.states.get(), "standing": member.standings.get()}
    assert {kind: look(who, kind, record).status_code for kind, record in records.items()} == dict.fromkeys(
        records, answer
    )


def test_a_file_that_is_gone_is_said_to_be_gone(unit, look):
    state = unit.states.get()
    state.upload.file.delete()
    assert "原文件已不在服务器上" in look("guang", "unitstate", state).content.decode()


def test_a_kind_that_does_not_exist_is_not_found(unit, look):
    assert look("guang", "user", unit.states.get()).status_code == 404
