"""The situation report as a file: page, grid, fonts, page numbers and annex as GB/T 9704-2012 asks."""

import pytest
from docx import Document
from docx.oxml.ns import qn

from dishu.engine.report import gb9704, word
from dishu.engine.report.annex import ANNEX_TITLE

LETTER = word.Letter("中共随州市委组织部文件", "随组文〔2011〕12号", "市委", "中共随州市委组织部")


@pytest.fixture
def written(content, tmp_path):
    word.write(content, tmp_path / "r.docx", LETTER)
    return Document(tmp_path / "r.docx")


def fonts(run):
    """The East Asian and the Latin font of a run, from itself or from Normal."""
    found = run._r.rPr.rFonts
    return found.get(qn("w:eastAsia")), found.get(qn("w:ascii"))


def by_text(document, start):
    return next(p for p in document.paragraphs if p.text.startswith(start))


def test_margins_leave_a_block_of_156_by_225(written):
    for section in written.sections:
        assert (section.page_width.mm, section.page_height.mm) == pytest.approx((210, 297), abs=0.1)
        sides = [getattr(section, f"{side}_margin").mm for side in ("top", "bottom", "left", "right")]
        assert sides == pytest.approx([37, 35, 28, 26], abs=0.1)


def test_the_grid_is_22_lines_of_28_characters(written):
    for section in written.sections:
        grid = section._sectPr.find(qn("w:docGrid"))
        assert grid.get(qn("w:type")) == "linesAndChars"
        pitch = int(grid.get(qn("w:linePitch"))) / 20
        assert pitch == pytest.approx(28.99, abs=0.05)
        assert 22 * pitch <= 225 * gb9704.POINTS_PER_MM < 23 * pitch
        character = 16 + int(grid.get(qn("w:charSpace"))) / 4096
        assert 28 * character <= 156 * gb9704.POINTS_PER_MM < 29 * character


def test_the_body_keeps_to_the_grid_in_any_program(written):
    normal = written.styles["Normal"]
    closer = int(normal.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert normal.font.size.pt == 16
    assert 28 * (16 + closer) <= 156 * gb9704.POINTS_PER_MM < 29 * (16 + closer)
    assert normal.paragraph_format.line_spacing.pt == pytest.approx(gb9704.LINE_PITCH / 20)
    assert normal.paragraph_format.widow_control is False


def test_each_part_has_its_font_by_name_also_for_chinese(written):
    title = by_text(written, "关于全市")
    assert fonts(title.runs[0]) == ("方正小标宋简体",) * 2
    assert title.runs[0].font.size.pt == 22
    assert fonts(by_text(written, "一、").runs[0]) == ("黑体",) * 2
    step = by_text(written, "（一）")
    assert [fonts(run)[0] for run in step.runs] == ["楷体_GB2312", "仿宋_GB2312"]
    normal = written.styles["Normal"].element.rPr.rFonts
    assert normal.get(qn("w:eastAsia")) == "仿宋_GB2312"


def test_letterhead_is_red_and_number_stands_over_a_red_line(written):
    head = by_text(written, "中共随州市委组织部文件")
    assert str(head.runs[0].font.color.rgb) == "FF0000"
    assert head.paragraph_format.space_before.mm == pytest.approx(35, abs=0.05)
    rule = by_text(written, "随组文")._p.pPr.find(f"{qn('w:pBdr')}/{qn('w:bottom')}")
    assert rule.get(qn("w:color")) == "FF0000"
    assert int(rule.get(qn("w:space"))) * 25.4 / 72 == pytest.approx(4, abs=0.2)


def test_addressee_ends_with_a_colon_and_starts_at_the_edge(written):
    line = by_text(written, "市委")
    assert line.text == "市委："
    assert not line.paragraph_format.first_line_indent


def test_paragraphs_begin_two_characters_in(written):
    indent = by_text(written, "现将随州市截至2011年11月30日的")._p.pPr.ind
    assert indent.get(qn("w:firstLineChars")) == "200"


def test_the_date_stands_four_characters_from_the_right(written):
    date = [p for p in written.paragraphs if p.text == "2011年11月30日"][-1]
    assert date._p.pPr.ind.get(qn("w:rightChars")) == "400"


def test_page_numbers_are_right_on_odd_and_left_on_even_pages(written):
    assert written.settings.odd_and_even_pages_header_footer
    section = written.sections[0]
    for footer, side in ((section.footer, "rightChars"), (section.even_page_footer, "leftChars")):
        paragraph = footer.paragraphs[0]
        assert paragraph._p.pPr.ind.get(qn(f"w:{side}")) == "100"
        assert paragraph.text == "— 1 —"
        assert {fonts(run)[0] for run in paragraph.runs} == {"宋体"}
        assert {run.font.size.pt for run in paragraph.runs} == {14}
        assert [i.text for i in paragraph._p.iter(qn("w:instrText"))] == [" PAGE "]


def test_the_annex_shows_the_six_by_place(written):
    assert by_text(written, "附件：").text == f"附件：{ANNEX_TITLE}"
    table = written.tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert [row[0] for row in rows[2:]] == ["随州市", "曾都区", "广水市"]
    assert rows[0][1] == rows[0][2] == "党组织和党员底数摸清"
    assert rows[2][1:7] == ["97.8%", "29\n(9)", "70.3%", "1203\n(503)", "99.9%以上", "1\n(1)"]
    assert sum(column.width.mm for column in table.columns) == pytest.approx(156, abs=0.5)
    assert all(row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows[:2])


def test_without_letter_places_or_figures_it_is_still_a_report(nothing, tmp_path):
    word.write(nothing, tmp_path / "r.docx")
    document = Document(tmp_path / "r.docx")
    assert not document.tables
    assert "本版次没有可汇总的数字。" in [p.text for p in document.paragraphs]
    assert not any("附件" in p.text for p in document.paragraphs)


def test_the_same_content_gives_the_same_bytes(content, tmp_path):
    for name in ("a.docx", "b.docx"):
        word.write(content, tmp_path / name, LETTER)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于底数情况的报告", ["关于底数情况的报告"]),
        ("甲的\n报告", ["甲的", "报告"]),
        ("关于全市非公有制企业和个体工商户党建工作底数情况的报告", ["关于全市非公有制企业和", "个体工商户党建工作底数情况的报告"]),
    ],
)  # fmt: skip
def test_titles_break_after_whole_words(title, lines):
    assert word.title_lines(title) == lines
