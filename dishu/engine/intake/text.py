"""Cells as people typed them, made clean: stray blanks, width, invisible characters."""

from __future__ import annotations

import re
from typing import Final

_ODD: Final = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\uff01-\uff5e\x00-\x1f\x7f]")
_INVISIBLE: Final = re.compile(r"[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f]")
_BLANKS: Final = re.compile(r"\s+")
# Letters, digits and a few signs become half width; Chinese brackets, commas and colons belong to names and stay.
_LETTERS: Final = (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
_WIDE: Final = {code: chr(code - 0xFEE0) for code in (*_LETTERS, *map(ord, "＊＋－．／"))}
_EMPTY: Final = frozenset({"", "/", "\\", "-", "--", "—", "——", "N/A", "n/a", "#N/A", "NULL", "null", "None", "nan"})
_UNSAID: Final = frozenset({"无", "不详", "未知", "暂无", "空", "不清楚"})
_BROKEN: Final = re.compile("\ufffd|锟斤拷")
_SIGNS: Final = (
    "\\x{00ad}\\x{180e}\\x{200b}-\\x{200f}\\x{202a}-\\x{202e}\\x{2060}-\\x{2064}\\x{feff}\\x{fffd}\\x00-\\x1f\\x7f"
)
# RE2: what `clean` would leave as it is, has no blank, no broken character, and does not look like a formula.
PLAIN_TEXT: Final = f"^[^=\\s\\pZ{_SIGNS}０-９Ａ-Ｚａ-ｚ＊＋－．／][^\\s\\pZ{_SIGNS}０-９Ａ-Ｚａ-ｚ＊＋－．／锟]*$"
PLAIN_NAME: Final = "^[\\x{3400}-\\x{9fff}·A-Za-z]+$"
NOTHING: Final = tuple(sorted(_EMPTY | _UNSAID))


def clean(text: str | None) -> str:
    """The cell without stray and invisible characters, letters and digits half width; "" for an empty cell.

    >>> clean("\\u3000随州 市\\u200bＡ区１２号\\n"), clean(None)
    ('随州 市A区12号', '')
    """
    if not text or not _ODD.search(text):
        return text or ""
    return _BLANKS.sub(" ", _INVISIBLE.sub("", text).translate(_WIDE)).strip()


def tight(text: str) -> str:
    """The cleaned cell without any blank: for names of units, choices and headers.

    >>> tight("张 三")
    '张三'
    """
    return text.replace(" ", "")


def says_nothing(text: str, choice: bool = False) -> bool:
    """Whether the cleaned cell only marks that nothing is known: a stroke, N/A, 无, 不详.

    Where people choose among words (`choice`) 无 may be an answer, so only strokes count.

    >>> says_nothing("——"), says_nothing("不详"), says_nothing("无", choice=True)
    (True, True, False)
    """
    return text in _EMPTY or (not choice and text in _UNSAID)


def is_garbled(text: str) -> bool:
    """Whether the text went through a wrong encoding.

    >>> is_garbled("锟斤拷锟斤拷")
    True
    """
    return bool(_BROKEN.search(text))
