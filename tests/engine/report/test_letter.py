"""What only the sender knows, written in a small file with Chinese keys; every mistake is told with what to write."""

from datetime import date

import pytest

from dishu.engine.report import letter
from dishu.engine.report.letter import EXAMPLE, KEYS, Letter


def test_the_example_is_read_whole():
    assert letter.parse(EXAMPLE) == Letter(
        head="中共随州市委组织部文件",
        number="随组文〔2007〕12号",
        addressee="市委",
        signature="中共随州市委组织部",
        dated=date(2007, 8, 3),
        copies=("市政府办公室", "各县（市、区）委组织部"),
        printer="中共随州市委组织部办公室",
        printed=date(2007, 8, 6),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_from_any_editor_is_read(tmp_path, encoding):
    (tmp_path / "公文.yaml").write_bytes(EXAMPLE.encode(encoding))
    assert letter.read(tmp_path / "公文.yaml") == letter.parse(EXAMPLE)


# what is written, what part, as what
READ = [
    ("抄送: 市政府办公室", "copies", ("市政府办公室",)),
    ("签发人: 王大明", "signer", "王大明"),
    ("发文字号: 12", "number", "12"),
    ("主送机关:", "addressee", None),
    ("", "head", None),
]


@pytest.mark.parametrize(("text", "part", "value"), READ, ids=[text for text, *_ in READ])
def test_parts(text, part, value):
    assert getattr(letter.parse(text), part) == value


# what is written, what is answered
WRONG = [
    ("收文机关: 市委", "没有“收文机关”这一项；可写：发文机关标志、"),
    ("成文日期: 八月三日", "“成文日期”不是一个日期，请写成 2007-08-03 这样"),
    ("成文日期: 2007-08-03 10:00:00", "“成文日期”不是一个日期"),
    ("主送机关: [市委, 市政府]", "“主送机关”要写文字"),
    ("抄送: [{甲: 乙}]", "“抄送”要写文字"),
    ("主送机关：市委", "每行写“名称: 内容”，冒号后空一格"),
    ("主送机关: 市委\n发文字号: [", "第2行看不懂"),
    ("- 市委", "每行写“名称: 内容”"),
]


@pytest.mark.parametrize(("text", "answer"), WRONG, ids=[text.split("\n")[-1] for text, _ in WRONG])
def test_mistakes_are_named(text, answer):
    with pytest.raises(ValueError, match=r"公文\.yaml") as refused:
        letter.parse(text, "公文.yaml")
    assert answer in str(refused.value)


def test_what_is_no_text_is_refused(tmp_path):
    (tmp_path / "公文.docx").write_bytes(b"PK\x03\x04\xff\xff\x81")
    with pytest.raises(ValueError, match="不是文本文件"):
        letter.read(tmp_path / "公文.docx")


def test_every_part_has_a_key():
    assert set(KEYS.values()) == set(Letter.__dataclass_fields__)


def test_the_page_shows_every_key_and_can_be_read():
    from pathlib import Path

    page = (Path(__file__).parents[3] / "docs/how-to/send-the-report.md").read_text("utf-8")
    shown = page.split("```yaml\n")[1].split("```")[0]
    assert {line.split(":")[0] for line in shown.splitlines()} == set(KEYS)
    assert letter.parse(shown).signer == "王大明"
