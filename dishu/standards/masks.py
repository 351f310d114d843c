"""What of a person's number or name may stand on a screen: the masks, ordinary and strict.

By convention (脱敏), not by law: several variants are in use, so each mask has an ordinary and a strict form and the
caller chooses by role.
"""

import re
from typing import Final

_COMPOUND_SURNAME: Final = re.compile(
    "欧阳|司马|上官|诸葛|夏侯|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|司空|端木|长孙|宇文|独孤|南宫|公羊|澹台|"
    "轩辕|赫连|呼延|申屠|太史|闻人|钟离|濮阳|淳于|单于|万俟|闾丘|鲜于|西门|东郭|拓跋|百里|第五"
)


def mask_citizen_id(text: str, strict: bool = False) -> str:
    """A citizen number for a screen: first 6 and last 4 shown, or 3 and 3 when `strict`.

    >>> mask_citizen_id("11010519491231002X"), mask_citizen_id("11010519491231002X", strict=True)
    ('110105********002X', '110************02X')
    """
    return _masked(text, 3, 3) if strict else _masked(text, 6, 4)


def mask_phone(text: str, strict: bool = False) -> str:
    """A phone number for a screen: first 3 and last 4 shown, or only the last 4 when `strict`.

    >>> mask_phone("19400001234"), mask_phone("19400001234", strict=True)
    ('194****1234', '*******1234')
    """
    return _masked(text, 0 if strict else 3, 4)


def _masked(text: str, head: int, tail: int) -> str:
    hidden = len(text) - head - tail
    return text[:head] + "*" * hidden + text[-tail:] if hidden > 0 else "*" * len(text)


def mask_name(name: str, strict: bool = False) -> str:
    """A person's name for a screen: surname and last character; when `strict` the surname only, length hidden.

    >>> [mask_name(name) for name in ("张三", "张小三", "欧阳修", "欧阳小三")]
    ['张*', '张*三', '欧阳*', '欧阳*三']
    >>> mask_name("张三", strict=True)
    '张**'
    """
    if len(name) < 2:
        return "*" * len(name)
    surname = name[:2] if len(name) > 2 and _COMPOUND_SURNAME.match(name) else name[0]
    if strict:
        return f"{surname}**"
    hidden = len(name) - len(surname) - 1
    return f"{surname}{'*' * hidden}{name[-1]}" if hidden else f"{surname}*"
