"""The situation report as a Word file in the layout of official documents, with its annex table."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt, RGBColor

from . import gb9704, text
from .annex import annexes, write_annex
from .content import Content
from .fonts import FANGSONG, HEI, KAI, SIZES, TITLE_SONG, name_font
from .imprint import write_imprint
from .letter import Letter
from .words import day, title_lines

RED = "FF0000"
BODY = SIZES["三号"]


def write(content: Content, path: Path, letter: Letter | None = None) -> None:
    """Write the report; the same content gives the same bytes."""
    letter = letter or Letter()
    document = Document()
    gb9704.set_language(document)
    gb9704.set_body_style(document)
    gb9704.set_page(document.sections[0])
    gb9704.number_pages(document)
    _head(document, letter)
    _title(document, letter.title or content.title)
    if letter.addressee:
        _line(document, letter.addressee.rstrip("：:") + "：")
    body = [_body(document, paragraph) for paragraph in text.report(content)]
    body[-1].paragraph_format.keep_with_next = True  # never a signature alone on a page
    found = annexes(content)
    _annexes_named(document, [annex.title for annex in found])
    _sign(document, content, letter)
    for number, annex in enumerate(found, start=1):
        write_annex(document, content, annex, f"附件{number}" if len(found) > 1 else "附件")
    if letter.imprinted:
        write_imprint(document, letter)
    _properties(document, content)
    document.save(str(path))
    _settle(path, content)


def _annexes_named(document: Any, titles: list[str]) -> None:
    """附件：1. …, each further one beneath the first one's number (7.3.4)."""
    if titles:
        _keep(_line(document))
    for number, title in enumerate(titles, start=1):
        numbered = f"{number}. {title}" if len(titles) > 1 else title
        line = _keep(_line(document, ("附件：" if number == 1 else "") + numbered))
        before = 5 if len(titles) == 1 else 6  # 附件： after two characters, and the number
        first = 2 if number == 1 else 5
        gb9704.indent_characters(line, BODY, left=before, hanging=before - first)


def _head(document: Any, letter: Letter) -> None:
    """Letterhead 35 mm below the block's top, number two lines below it, the red line 4 mm below the number."""
    if letter.head:
        head = _line(document, letter.head, font=TITLE_SONG, size=_head_size(letter.head), colour=RED)
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        head.paragraph_format.space_before = Mm(35)
        head.paragraph_format.line_spacing = 1.0
        _line(document)
        _line(document)
    if letter.head or letter.number or letter.signer:
        number = _signed(document, letter) if letter.signer else _line(document, letter.number or "")
        if not letter.signer:
            number.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if letter.head:
            gb9704.border_below(number, colour=RED, eighths=18, space=11)
        _line(document)
        _line(document)


def _signed(document: Any, letter: Letter) -> Any:
    """The line of a document that goes up: number one character from the left, 签发人 one from the right (7.2.6).

    Set with a tab and without indents, which would shorten the red line beneath.
    """
    line = _line(document, f"　{letter.number or ''}\t签发人：")
    line.paragraph_format.tab_stops.add_tab_stop(Mm(gb9704.BLOCK), WD_TAB_ALIGNMENT.RIGHT)
    _run(line, letter.signer or "", KAI)
    _run(line, "　", FANGSONG)
    return line


def _head_size(head: str) -> float:
    """As large as fits the block on one line, at most 62 pt.

    >>> _head_size("中共随州市委组织部文件")
    39.0
    """
    return float(min(62, int(156 * gb9704.POINTS_PER_MM / max(len(head) + 0.2, 1))))


def _title(document: Any, title: str) -> None:
    for line in title_lines(title):
        paragraph = _line(document, line, font=TITLE_SONG, size=SIZES["二号"])
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.line_spacing = Pt(gb9704.LINE_PITCH / 20 * 1.2)
    _line(document)


def _keep(paragraph: Any) -> Any:
    paragraph.paragraph_format.keep_with_next = True
    return paragraph


def _body(document: Any, paragraph: text.Paragraph) -> Any:
    heading = paragraph.kind == "heading"
    line = document.add_paragraph()
    gb9704.indent_characters(line, BODY, first=2)
    line.paragraph_format.keep_with_next = heading
    if paragraph.lead:
        _run(line, paragraph.lead, KAI)
    _run(line, paragraph.text, HEI if heading else FANGSONG)
    return line


def _sign(document: Any, content: Content, letter: Letter) -> None:
    """Sender, date and 附注; the date four characters from the right, the sender centred over it."""
    date = day(letter.dated or content.day)
    wide = _width(date)
    _keep(_line(document))
    _keep(_line(document))
    if letter.signature:
        sign = _keep(_line(document, letter.signature))
        sign.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        gb9704.indent_characters(sign, BODY, right=max(0.0, 4 + (wide - _width(letter.signature)) / 2))
    paragraph = _line(document, date)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    gb9704.indent_characters(paragraph, BODY, right=4)
    if letter.remark:
        _line(document, f"（{letter.remark.strip('（）()')}）", first=2)


def _width(words: str) -> float:
    """Width in characters, ASCII counting half.

    >>> _width("2007年8月31日")
    6.5
    """
    return sum(0.5 if c.isascii() else 1.0 for c in words)


def _line(
    document: Any,
    words: str = "",
    *,
    font: str = FANGSONG,
    size: float = BODY,
    colour: str | None = None,
    first: float = 0,
) -> Any:
    paragraph = document.add_paragraph()
    if first:
        gb9704.indent_characters(paragraph, BODY, first=first)
    if words:
        run = _run(paragraph, words, font, size)
        if colour:
            run.font.color.rgb = RGBColor.from_string(colour)
    return paragraph


def _run(paragraph: Any, words: str, font: str, size: float = BODY) -> Any:
    run = paragraph.add_run(words)
    if size != BODY:
        run.font.size = Pt(size)
    name_font(run._r.get_or_add_rPr(), font)
    return run


def _properties(document: Any, content: Content) -> None:
    core = document.core_properties
    core.title, core.author, core.comments = content.title.replace("\n", ""), "", f"版次{content.edition}"
    core.created = core.modified = datetime(content.day.year, content.day.month, content.day.day)
    core.last_modified_by, core.language = "", "zh-CN"


def _settle(path: Path, content: Content) -> None:
    """Rewrite the archive with one fixed time, so that equal content gives equal files."""
    with zipfile.ZipFile(path) as source:
        parts = [(name, source.read(name)) for name in source.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts:
            target.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
