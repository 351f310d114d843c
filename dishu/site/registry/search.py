"""How a name is found by a part of it or by the first letters of its pinyin."""

from __future__ import annotations

from functools import cache

from pypinyin import Style, pinyin


@cache
def _letter(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    return pinyin(character, style=Style.FIRST_LETTER, errors="ignore")[0][0] if character.isalpha() else ""


def initials(name: str) -> str:
    """The first letters of a name's characters.

    >>> initials("随州市鑫源商贸")
    'szsxysm'
    """
    return "".join(_letter(character) for character in name)


def grams(name: str) -> list[str]:
    """The single characters and pairs that a name is found by, and the pairs of its initials.

    >>> sorted(grams("鑫源"))
    ['xy', '源', '鑫', '鑫源']
    """
    plain = "".join(name.split()).lower()
    letters = initials(name)
    found = set(plain) | {plain[i : i + 2] for i in range(len(plain) - 1)}
    return list(found | {letters[i : i + 2] for i in range(len(letters) - 1)})


def asked(text: str) -> list[str]:
    """The grams that every name containing `text` has.

    >>> asked("鑫源商"), asked("源")
    (['鑫源', '源商'], ['源'])
    """
    plain = "".join(text.split()).lower()
    return [plain] if len(plain) == 1 else [plain[i : i + 2] for i in range(len(plain) - 1)]
