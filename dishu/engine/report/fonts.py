"""The fonts official documents ask for, by name: they are not free, so they are named and never shipped."""

from __future__ import annotations

from typing import Any

from docx.oxml.ns import qn

FANGSONG = "仿宋_GB2312"
TITLE_SONG = "方正小标宋简体"
HEI = "黑体"
KAI = "楷体_GB2312"
SONG = "宋体"

#: Sizes by their Chinese names, in points (GB/T 9704-2012 speaks of 号).
SIZES = {"一号": 26.0, "二号": 22.0, "三号": 16.0, "四号": 14.0, "小四": 12.0, "五号": 10.5, "小五": 9.0}


def name_font(properties: Any, font: str) -> None:
    """Set a font for Chinese and Latin characters alike on the run properties (w:rPr) of a run or style."""
    fonts = properties.get_or_add_rFonts()
    for slot in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(slot), font)
    fonts.set(qn("w:hint"), "eastAsia")  # or the curly quotes would be set as Latin ones
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        if fonts.get(qn(theme)) is not None:
            del fonts.attrib[qn(theme)]
