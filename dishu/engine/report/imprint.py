"""The imprint (版记) at the foot of the last page: whom the document is copied to, who printed it and when."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from . import gb9704
from .fonts import FANGSONG, SIZES, name_font
from .letter import Letter
from .words import day

SIZE = SIZES["四号"]  # GB/T 9704-2012, 7.4.2 and 7.4.3
THICK, THIN = "8", "6"  # eighths of a point: 0.35 mm and 0.25 mm (7.4.1)


def write_imprint(document: Any, letter: Letter) -> None:
    """Append the imprint as a table whose last line lies on the lower edge of the block, where the text ends (7.4.1)."""
    table = document.add_table(rows=0, cols=2)
    table.autofit = False
    if letter.copies:
        cells = table.add_row().cells
        _copies(cells[0].merge(cells[1]), letter.copies)
    if letter.printer or letter.printed:
        _printed(table.add_row().cells, letter)
    for row in table.rows:
        cells = row._tr.tc_lst
        for cell in cells:
            cell.width = Mm(gb9704.BLOCK / len(cells))
    for column in table.columns:
        column.width = Mm(gb9704.BLOCK / 2)
    _lines(table)
    _at_the_foot(table)
    document.add_paragraph().paragraph_format.line_spacing = Pt(1)  # what the table stands before


def _copies(cell: Any, copies: tuple[str, ...]) -> None:
    """抄送：…。, one character in on both sides, further lines beneath the first name."""
    paragraph = _text(cell, f"抄送：{'，'.join(name.rstrip('。') for name in copies)}。")
    gb9704.indent_characters(paragraph, SIZE, left=4, right=1, hanging=3)


def _printed(cells: Any, letter: Letter) -> None:
    """The printer one character from the left, the day one from the right."""
    left = _text(cells[0], letter.printer or "")
    gb9704.indent_characters(left, SIZE, left=1)
    right = _text(cells[1], f"{day(letter.printed)}印发" if letter.printed else "")
    right.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    gb9704.indent_characters(right, SIZE, right=1)


def _text(cell: Any, words: str) -> Any:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(words)
    run.font.size = Pt(SIZE)
    name_font(run._r.get_or_add_rPr(), FANGSONG)
    return paragraph


def _lines(table: Any) -> None:
    """Thick above the first and below the last row, thin between them; no cell margins, so that indents count."""
    borders = OxmlElement("w:tblBorders")
    for side, size in (("top", THICK), ("bottom", THICK), ("insideH", THIN)):
        borders.append(_element(side, val="single", sz=size, space="0", color="000000"))
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(side, w="0", type="dxa"))
    layout = table._tbl.tblPr.find(qn("w:tblLayout"))  # the schema has an order
    layout.addprevious(borders)
    layout.addnext(margins)


def _at_the_foot(table: Any) -> None:
    """On the lower edge of the block; from the left as LibreOffice understands it, too: counted from the paper's edge."""
    left = str(round(gb9704.MARGINS["left"] * gb9704.POINTS_PER_MM * 20))
    place = _element("tblpPr", vertAnchor="margin", horzAnchor="page", tblpX=left, tblpYSpec="bottom")
    table._tbl.tblPr.insert(0, place)


def _element(name: str, **values: str) -> Any:
    element = OxmlElement(f"w:{name}")
    for key, value in values.items():
        element.set(qn(f"w:{key}"), value)
    return element
