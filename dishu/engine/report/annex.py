"""The annex of the situation report: the six 100 % by place as a table on its own A4 page."""

from __future__ import annotations

from typing import Any

from docx.enum.section import WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from . import gb9704
from .content import Content, Definition, Place
from .fonts import FANGSONG, HEI, SIZES, TITLE_SONG, name_font
from .words import NOTHING, day, share

ANNEX_TITLE = "“六个100%”分地区情况表"
PLACE_WIDTH, BLOCK_WIDTH = 24.0, 156.0  # mm
CELL = SIZES["小五"]


def write_annex(document: Any, content: Content) -> None:
    """Append a section with 附件, title and table: one row per place, share and gap for each of the six."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    gb9704.set_page(section)
    _text(document.add_paragraph(), "附件", HEI, SIZES["三号"])
    document.add_paragraph()
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _text(title, ANNEX_TITLE, TITLE_SONG, SIZES["二号"])
    _small(document, f"数据截至{day(content.day)}　　版次{content.edition}", WD_ALIGN_PARAGRAPH.RIGHT)
    places = tuple(p for p in (content.top, *content.children) if p)
    _table(document, content, [d for d, _ in content.six], places)
    note = "注：比例为已达到数占对象总数的比例；缺口为未达到与情况不明之和，括号内为其中情况不明的；“—”为没有统计对象。"
    _small(document, note, WD_ALIGN_PARAGRAPH.LEFT)


def _small(document: Any, words: str, alignment: WD_ALIGN_PARAGRAPH) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = alignment
    paragraph.paragraph_format.line_spacing = 1.0
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(4)
    _text(paragraph, words, FANGSONG, SIZES["五号"])


def _table(document: Any, content: Content, six: list[Definition], places: tuple[Place, ...]) -> None:
    table = document.add_table(rows=2, cols=1 + 2 * len(six), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _heads(table, six)
    for place in places:
        cells = table.add_row().cells
        _cell(cells[0], place.name, left=True)
        for number, definition in enumerate(six):
            ratio, gap = _pair(content, definition, place)
            _cell(cells[1 + 2 * number], ratio)
            _cell(cells[2 + 2 * number], gap)
    _measure(table, len(six))


def _heads(table: Any, six: list[Definition]) -> None:
    top, second = table.rows[0].cells, table.rows[1].cells
    _cell(top[0].merge(second[0]), "地区", HEI)
    for number, definition in enumerate(six):
        _cell(top[1 + 2 * number].merge(top[2 + 2 * number]), definition.plain_name, HEI)
        _cell(second[1 + 2 * number], "比例", HEI)
        _cell(second[2 + 2 * number], "缺口", HEI)
    for row in table.rows[:2]:
        _repeat(row)


def _pair(content: Content, definition: Definition, place: Place) -> tuple[str, str]:
    figure = content.at(definition.code, place)
    if figure is None or not figure.total:
        return NOTHING, NOTHING
    return share(figure), f"{figure.gap}\n({figure.unknown})" if figure.unknown else str(figure.gap)


def _cell(cell: Any, words: str, font: str = FANGSONG, *, left: bool = False) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.CENTER
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(CELL * 1.4)
    layout.space_before = layout.space_after = Pt(2.5)
    _text(paragraph, words, font, CELL)


def _measure(table: Any, indicators: int) -> None:
    """Column widths in mm that add up to the block, and narrow cell margins so that figures fit."""
    each = (BLOCK_WIDTH - PLACE_WIDTH) / max(indicators, 1)
    widths = [PLACE_WIDTH] + [each / 2, each / 2] * indicators
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row._tr.tc_lst, _spans(row._tr.tc_lst, widths), strict=True):
            cell.width = Mm(width)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "28")  # twips: half a millimetre
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    look.addprevious(margins)


def _spans(cells: Any, widths: list[float]) -> list[float]:
    found, at = [], 0
    for cell in cells:
        found.append(sum(widths[at : at + cell.grid_span]))
        at += cell.grid_span
    return found


def _repeat(row: Any) -> None:
    """Repeat a heading row on each page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


def _text(paragraph: Any, words: str, font: str, size: float) -> None:
    run = paragraph.add_run(words)
    run.font.size = Pt(size)
    name_font(run._r.get_or_add_rPr(), font)
