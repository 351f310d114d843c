"""The page of an official document (GB/T 9704-2012): paper, margins, grid of 22 lines by 28 characters, page numbers."""

from __future__ import annotations

from math import floor
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from .fonts import FANGSONG, SIZES, SONG, name_font

PAPER = (210, 297)  # mm; GB/T 9704-2012, 5.1
MARGINS = {"top": 37, "bottom": 35, "left": 28, "right": 26}  # mm; 5.2.1: block 156 x 225
BLOCK = PAPER[0] - MARGINS["left"] - MARGINS["right"]  # mm wide
LINES, CHARACTERS = 22, 28  # 5.2.3
FOOTER = 25  # mm from the paper's edge, so that the dashes stand 7 mm below the block (7.5)
POINTS_PER_MM = 72 / 25.4

LINE_PITCH = floor((PAPER[1] - MARGINS["top"] - MARGINS["bottom"]) * POINTS_PER_MM / LINES * 20)
"""Twentieths of a point; rounded down, or the 22nd line would not fit: 28.95 of 28.99 pt."""


def character_space(size: float = SIZES["三号"]) -> int:
    """What the grid adds to each character of body size, in 1/4096 pt, so that 28 fill a line of 156 mm.

    >>> round(16 + character_space() / 4096, 2)
    15.79
    """
    width = (PAPER[0] - MARGINS["left"] - MARGINS["right"]) * POINTS_PER_MM / CHARACTERS
    return floor((width - size) * 4096)


def set_page(section: Any) -> None:
    """Paper, margins and grid of a section."""
    section.page_width, section.page_height = Mm(PAPER[0]), Mm(PAPER[1])
    for side, width in MARGINS.items():
        setattr(section, f"{side}_margin", Mm(width))
    section.footer_distance = Mm(FOOTER)
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(LINE_PITCH))
    grid.set(qn("w:charSpace"), str(character_space()))
    properties.append(grid)


def set_body_style(document: Any) -> None:
    """Normal text: 三号仿宋, 22 lines of 28 characters a page, no widow control (the 22nd line must be used).

    The page declares the grid; the text itself is spaced to it (exact line pitch, characters 0.25 pt closer) rather
    than snapped: programs other than Word put 19 characters on a line when cells are narrower than their characters.
    """
    root = document.styles.element
    defaults = root.find(qn("w:docDefaults"))
    defaults.remove(defaults.find(qn("w:pPrDefault")))
    style = document.styles["Normal"]
    for properties in (style.element.get_or_add_rPr(), defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}")):
        name_font(properties, FANGSONG)
        for old in list(properties)[1:]:
            properties.remove(old)
        _add(properties, "w:sz", val=str(int(SIZES["三号"] * 2)))
        _add(properties, "w:szCs", val=str(int(SIZES["三号"] * 2)))
        _add(properties, "w:lang", val="en-US", eastAsia="zh-CN")  # or numbers would break like characters
    _space_to_grid(style)


def _space_to_grid(style: Any) -> None:
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE_PITCH / 20)
    layout.widow_control = False
    paragraph = style.element.get_or_add_pPr()
    for tag in ("w:autoSpaceDE", "w:autoSpaceDN", "w:snapToGrid"):
        _before(paragraph, tag, ("w:spacing", "w:ind", "w:jc"))
    run = style.element.get_or_add_rPr()
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(floor(character_space() / 4096 * 20)))
    run.insert_element_before(spacing, "w:sz")
    _before(run, "w:snapToGrid", ("w:spacing",))


def _before(parent: Any, tag: str, followers: tuple[str, ...]) -> None:
    """Switch a setting off, in the place the schema wants it."""
    setting = OxmlElement(tag)
    setting.set(qn("w:val"), "0")
    parent.insert_element_before(setting, *followers)


def _add(parent: Any, tag: str, **values: str) -> None:
    setting = OxmlElement(tag)
    for name, value in values.items():
        setting.set(qn(f"w:{name}"), value)
    parent.append(setting)


def set_language(document: Any) -> None:
    """Chinese line breaking and punctuation instead of the template's English and Japanese."""
    settings = document.settings.element
    settings.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), "zh-CN")
    settings.find(qn("w:characterSpacingControl")).set(qn("w:val"), "compressPunctuation")


def number_pages(document: Any) -> None:
    """— 1 — in 四号 half-width 宋体: odd pages right, even pages left, one character in (7.5)."""
    document.settings.odd_and_even_pages_header_footer = True
    first = document.sections[0]
    for footer, right in ((first.footer, True), (first.even_page_footer, False)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
        indent_characters(paragraph, SIZES["四号"], **({"right": 1.0} if right else {"left": 1.0}))
        for part in ("— ", "PAGE", " —"):
            _footer_run(paragraph, part)


def _footer_run(paragraph: Any, part: str) -> None:
    run = paragraph.add_run("" if part == "PAGE" else part)
    run.font.size = Pt(SIZES["四号"])
    name_font(run._r.get_or_add_rPr(), SONG)
    if part != "PAGE":
        return
    for kind in ("begin", None, "separate", "text", "end"):
        run._r.append(_field_part(kind))


def _field_part(kind: str | None) -> Any:
    """One piece of a PAGE field; a program that does not count pages shows the 1."""
    if kind is None:
        piece = OxmlElement("w:instrText")
        piece.set(qn("xml:space"), "preserve")
        piece.text = " PAGE "
    elif kind == "text":
        piece = OxmlElement("w:t")
        piece.text = "1"
    else:
        piece = OxmlElement("w:fldChar")
        piece.set(qn("w:fldCharType"), kind)
    return piece


def indent_characters(
    paragraph: Any, size: float, *, left: float = 0, right: float = 0, first: float = 0, hanging: float = 0
) -> None:
    """Indents counted in characters of `size` points; written in characters for Word and in points for others."""
    layout = paragraph.paragraph_format
    layout.left_indent, layout.right_indent = Pt(left * size), Pt(right * size)
    layout.first_line_indent = Pt((first - hanging) * size)
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    for name, value in (("left", left), ("right", right), ("firstLine", first), ("hanging", hanging)):
        if value:
            indent.set(qn(f"w:{name}Chars"), str(round(value * 100)))


def border_below(paragraph: Any, *, colour: str, eighths: int, space: int) -> None:
    """A rule as wide as the block under a paragraph: `eighths` of a point thick, `space` points below the text."""
    rule = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", str(space)), ("color", colour)):
        rule.set(qn(f"w:{name}"), value)
    borders = OxmlElement("w:pBdr")
    borders.append(rule)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
