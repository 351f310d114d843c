"""The annexes of the situation report, each a table by place on its own page: the six 100 %, and who has no organization."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from docx.enum.section import WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from . import gb9704
from .content import Content, Definition, Formation, Place
from .fonts import FANGSONG, HEI, SIZES, TITLE_SONG, name_font
from .words import NOTHING, day, share, title_lines

SIX_TITLE = "“六个100%”分地区情况表"
SMALL_TITLE = "个体工商户和市场“六个100%”分地区情况表"
MEMBERS_TITLE = "有党员单位建立党组织情况表"
NEWCOMERS_TITLE = "计划确定后新增规模以上企业建立党组织情况表"
FORMATION_TITLE = "未建党组织单位组建方案分地区情况表"
COUNT_HEADS = ("对象总数", "已建立\n党组织", "未建立\n党组织", "情况不明", "已建立的\n比例")
PLACE_WIDTH = 20.0  # mm
CELL = SIZES["小五"]
SHARES = "注：比例为已达到数占对象总数的比例；缺口为未达到与情况不明之和，括号内为其中情况不明的；“—”为没有统计对象。"
FORMATION = "注：未建单位为有党员而没有党组织的单位；联合支部按个、需指导员按名、其余按户计。方案是供研究的建议，逐户名单见随版次保存的清单。"
COUNTS = "注：对象为{among}；“—”为没有统计对象。只列数目，名单见随版次保存的清单。"


@dataclass(frozen=True)
class Annex:
    """One annex: its title, its table, and the note beneath."""

    title: str
    draw: Callable[[Any], None]
    note: str


def annexes(content: Content) -> list[Annex]:
    """The annexes that have something to say; none where no place lies beneath the top one."""
    if not (content.children and content.six):
        return []
    found = [Annex(SIX_TITLE, partial(_six, content=content), SHARES)]
    if content.small:
        found.append(Annex(SMALL_TITLE, partial(_six, content=content.small), SHARES))
    for code, title in (("org_coverage_with_members", MEMBERS_TITLE), ("newcomers_formed", NEWCOMERS_TITLE)):
        definition, figure = content.definition(code), content.at(code)
        if definition and figure and figure.gap:
            table = partial(_counts, content=content, definition=definition)
            found.append(Annex(title, table, COUNTS.format(among=definition.among_text)))
    if content.formation:
        found.append(Annex(FORMATION_TITLE, partial(_formation, content=content, found=content.formation), FORMATION))
    return found


def write_annex(document: Any, content: Content, annex: Annex, label: str) -> None:
    """Append a section with 附件, title and table."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    gb9704.set_page(section)
    _text(document.add_paragraph(), label, HEI, SIZES["三号"])
    document.add_paragraph()
    for line in title_lines(annex.title):
        title = document.add_paragraph()
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _text(title, line, TITLE_SONG, SIZES["二号"])
    _small(document, f"数据截至{day(content.day)}　　版次{content.edition}", WD_ALIGN_PARAGRAPH.RIGHT)
    annex.draw(document)
    _small(document, annex.note, WD_ALIGN_PARAGRAPH.LEFT)


def _places(content: Content) -> tuple[Place, ...]:
    return tuple(p for p in (content.top, *content.children) if p)


def _counts(document: Any, content: Content, definition: Definition) -> None:
    """One row per place: how many there are, how many have an organization, how many have none."""
    table = _new(document, 1, 1 + len(COUNT_HEADS))
    for cell, head in zip(table.rows[0].cells, ("地区", *COUNT_HEADS), strict=True):
        _cell(cell, head, HEI)
    _repeat(table.rows[0])
    for place in _places(content):
        figure = content.at(definition.code, place)
        numbers = (figure.total, figure.held, figure.failed, figure.unknown) if figure else ()
        cells = table.add_row().cells
        _cell(cells[0], place.name, left=True)
        for cell, words in zip(
            cells[1:], (*map(str, numbers), share(figure)) if figure else (NOTHING,) * 5, strict=True
        ):
            _cell(cell, words)
    _measure(table, [(gb9704.BLOCK - PLACE_WIDTH) / len(COUNT_HEADS)] * len(COUNT_HEADS))


def _formation(document: Any, content: Content, found: Formation) -> None:
    """One row per place, also those where nothing is to be done: how many units without an organization get which."""
    titles = found.by_place.column_names[4:]
    counted = {row["place"]: row for row in found.by_place.to_pylist()}
    table = _new(document, 1, 1 + len(titles))
    for cell, head in zip(table.rows[0].cells, ("地区", *titles), strict=True):
        _cell(cell, head, HEI)
    _repeat(table.rows[0])
    for place in _places(content):
        cells = table.add_row().cells
        _cell(cells[0], place.name, left=True)
        for cell, title in zip(cells[1:], titles, strict=True):
            _cell(cell, str(counted.get(place.code, {}).get(title, 0)))
    _measure(table, [(gb9704.BLOCK - PLACE_WIDTH) / len(titles)] * len(titles))


def _six(document: Any, content: Content) -> None:
    """One row per place: share and gap for each of the six; the gap needs more room, its unknown in brackets."""
    six = [d for d, _ in content.six]
    table = _new(document, 2, 1 + 2 * len(six))
    _heads(table, six)
    for place in _places(content):
        cells = table.add_row().cells
        _cell(cells[0], place.name, left=True)
        for number, definition in enumerate(six):
            ratio, gap = _pair(content, definition, place)
            _cell(cells[1 + 2 * number], ratio)
            _cell(cells[2 + 2 * number], gap)
    each = (gb9704.BLOCK - PLACE_WIDTH) / max(len(six), 1)
    _measure(table, [each * 0.49, each * 0.51] * len(six))


def _new(document: Any, rows: int, columns: int) -> Any:
    table = document.add_table(rows=rows, cols=columns, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    return table


def _small(document: Any, words: str, alignment: WD_ALIGN_PARAGRAPH) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = alignment
    paragraph.paragraph_format.line_spacing = 1.0
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(4)
    _text(paragraph, words, FANGSONG, SIZES["五号"])


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


def _measure(table: Any, after: list[float]) -> None:
    """Column widths in mm that add up to the block, and narrow cell margins so that figures fit."""
    widths = [PLACE_WIDTH, *after]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row._tr.tc_lst, _spans(row._tr.tc_lst, widths), strict=True):
            cell.width = Mm(width)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "20")  # twips: a third of a millimetre
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
