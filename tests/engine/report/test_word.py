"""The situation report as a file: page, grid, fonts, page numbers and annex as GB/T 9704-2012 asks."""

from dataclasses import replace
from datetime import date

import pytest
from docx import Document
from docx.oxml.ns import qn

from dishu.engine.report import gb9704, word, words
from dishu.engine.report.annex import MEMBERS_TITLE, NEWCOMERS_TITLE, SIX_TITLE, SMALL_TITLE

LETTER = word.Letter("中共随州市委组织部文件", "随组文〔2011〕12号", "市委", "中共随州市委组织部")
WHOLE = replace(
    LETTER,
    signer="王大明",
    dated=date(2011, 12, 2),
    remark="联系人：李小明",
    copies=("市政府办公室", "各县（市、区）委组织部。"),
    printer="市委组织部办公室",
    printed=date(2011, 12, 5),
    title="关于底数的报告",
)


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
    assert by_text(written, "附件：").text == f"附件：1. {SIX_TITLE}"
    table = written.tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert [row[0] for row in rows[2:]] == ["随州市", "曾都区", "广水市"]
    assert rows[0][1] == rows[0][2] == "党组织和党员底数摸清"
    assert rows[2][1:7] == ["97.8%", "29\n(9)", "70.3%", "1203\n(503)", "99.9%以上", "1\n(1)"]
    assert sum(column.width.mm for column in table.columns) == pytest.approx(156, abs=0.5)
    assert all(row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows[:2])


def texts(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_further_annexes_count_who_has_no_organization_by_place(written):
    """Counts, no names."""
    six, members, newcomers = written.tables
    assert texts(members)[1:] == [
        ["随州市", "512", "363", "149", "0", "70.9%"],
        ["曾都区", "310", "235", "75", "0", "75.8%"],
        ["广水市", "202", "128", "74", "0", "63.4%"],
    ]
    assert texts(newcomers)[1:] == [
        ["随州市", "9", "0", "9", "0", "0"],
        ["曾都区", "6", "0", "6", "0", "0"],
        ["广水市", "—", "—", "—", "—", "—"],
    ]
    assert [p.text for p in written.paragraphs if p.text.startswith("附件") and len(p.text) == 3] == [
        "附件1",
        "附件2",
        "附件3",
    ]


def test_annexes_are_named_one_beneath_the_other(written):
    lines = [by_text(written, start) for start in ("附件：1. ", "2. ", "3. ")]
    assert [line.text.split(". ")[1] for line in lines] == [SIX_TITLE, MEMBERS_TITLE, NEWCOMERS_TITLE]
    indents = [line._p.pPr.ind for line in lines]
    assert [i.get(qn("w:leftChars")) for i in indents] == ["600"] * 3
    assert [i.get(qn("w:hangingChars")) for i in indents] == ["400", "100", "100"]


def test_the_small_sector_has_its_own_annex_and_paragraph(small, tmp_path):
    word.write(small, tmp_path / "r.docx")
    document = Document(tmp_path / "r.docx")
    assert by_text(document, "2. ").text == f"2. {SMALL_TITLE}"
    assert texts(document.tables[1])[2][:5] == ["随州市", "97.8%", "20\n(8)", "100%", "0"]
    told = by_text(document, "（七）其中个体工商户和市场情况。").text
    assert "党组织和党员底数摸清共900户，已达到880户，占97.8%，未达到12户，情况不明8户；" in told
    assert "党员身份亮明共700名，已达到700名，占100%（按已有记录计，经核实的占25.0%）" in told
    assert told.endswith("具备单独组建条件的单建没有统计对象。")


@pytest.fixture
def whole(content, tmp_path):
    word.write(content, tmp_path / "w.docx", WHOLE)
    return Document(tmp_path / "w.docx")


def test_a_document_that_goes_up_names_who_signs_beside_its_number(whole):
    line = by_text(whole, "　随组文")
    assert line.text == "　随组文〔2011〕12号\t签发人：王大明　"
    assert [fonts(run)[0] for run in line.runs] == ["仿宋_GB2312", "楷体_GB2312", "仿宋_GB2312"]
    assert line.paragraph_format.tab_stops[0].position.mm == pytest.approx(156, abs=0.1)


def test_its_own_title_day_and_remark(whole):
    assert by_text(whole, "关于底数的报告")
    lines = [p.text for p in whole.paragraphs]
    assert lines[lines.index("2011年12月2日") + 1] == "（联系人：李小明）"


def test_the_imprint_stands_on_the_lower_edge_after_the_annexes(whole):
    imprint = whole.tables[-1]
    assert texts(imprint) == [
        ["抄送：市政府办公室，各县（市、区）委组织部。"] * 2,
        ["市委组织部办公室", "2011年12月5日印发"],
    ]
    place = imprint._tbl.tblPr.find(qn("w:tblpPr"))
    assert (place.get(qn("w:vertAnchor")), place.get(qn("w:tblpYSpec"))) == ("margin", "bottom")
    lines = {
        line.tag.split("}")[1]: int(line.get(qn("w:sz"))) / 8 * 25.4 / 72
        for line in imprint._tbl.tblPr.find(qn("w:tblBorders"))
    }
    assert lines == pytest.approx({"top": 0.35, "bottom": 0.35, "insideH": 0.25}, abs=0.02)
    assert {run.font.size.pt for cell in imprint._cells for p in cell.paragraphs for run in p.runs} == {14}
    assert sum(column.width.mm for column in imprint.columns) == pytest.approx(156, abs=0.5)


@pytest.mark.parametrize(
    ("parts", "rows"),
    [
        ({}, None),
        ({"copies": ("甲",)}, [["抄送：甲。", "抄送：甲。"]]),
        ({"printer": "乙"}, [["乙", ""]]),
        ({"printed": date(2011, 1, 9)}, [["", "2011年1月9日印发"]]),
    ],
)
def test_only_what_is_written_is_printed(content, tmp_path, parts, rows):
    word.write(content, tmp_path / "r.docx", word.Letter(**parts))
    tables = Document(tmp_path / "r.docx").tables
    assert (texts(tables[3]) if len(tables) > 3 else None) == rows


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
    assert words.title_lines(title) == lines


def test_the_plan_has_an_annex_with_every_place_also_where_nothing_is_to_be_done(proposed, tmp_path):
    word.write(proposed, tmp_path / "report.docx")
    table = Document(str(tmp_path / "report.docx")).tables[-1]
    assert [cell.text for cell in table.rows[0].cells][:3] == ["地区", "未建单位", "单独组建"]
    assert [[cell.text for cell in row.cells][:2] for row in table.rows[1:]] == [
        ["随州市", "3"], ["曾都区", "2"], ["广水市", "0"]]  # fmt: skip
