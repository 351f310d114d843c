"""Take a person's name apart so that 肖/萧, 張/张, 李雪/李学 and 王* can be compared with what they may stand for."""

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from pypinyin import lazy_pinyin


def words(text: str) -> tuple[str, ...]:
    """The words of a list written over several lines.

    >>> words("a b")
    ('a', 'b')
    """
    return tuple(text.split())


COMPOUND_SURNAMES = frozenset(
    words("""
    万俟 上官 东方 东郭 亓官 令狐 仲孙 公冶 公孙 单于 南宫 司寇 司徒 司空 司马 呼延 夏侯 太叔 宇文 宗政
    尉迟 左丘 慕容 拓跋 梁丘 欧阳 淳于 澹台 濮阳 独孤 申屠 百里 皇甫 端木 第五 西门 诸葛 轩辕 钟离 长孙
    闻人 闾丘 鲜于
""")
)
# One written form of surnames that registrars and members write either way.
SURNAME_FOLD = {"萧": "肖", "阎": "闫", "傅": "付", "邱": "丘", "代": "戴"}
# Read differently as a surname; compound surnames whole.
SURNAME_SOUND = dict(
    pair.split(":")
    for pair in words("""
    单:shan 曾:zeng 解:xie 仇:qiu 查:zha 区:ou 朴:piao 盖:ge 任:ren 翟:zhai 覃:qin 乐:yue 宁:ning 尉迟:yuchi
    万俟:moqi 缪:miao 折:she 员:yun 葛:ge 洗:xian 召:shao 种:chong 秘:bi 繁:po 长孙:zhangsun 澹台:tantai 令狐:linghu
    """)
)
_MASKS = "*?□○〇某"
_NOTE = re.compile(r"[(\[【〔<{].*?([)\]】〕>}]|$)")
_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅․.．", "·"))
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad'`‘’\"“”,，、;；:：_\-]+")
_KEEP = frozenset("乾著藉瞭徵夥於")  # simplified in their own right, or surnames' own characters


class PersonName(NamedTuple):
    """One name taken apart; a part that cannot be known is None.

    `name` is None for a masked name; `last` is the last character of the given name where it can be seen.
    """

    name: str | None
    surname: str | None
    given: str | None
    first: str | None
    last: str | None
    sound: str | None
    surname_sound: str | None
    given_sound: str | None


NOBODY = PersonName(*[None] * 8)


@lru_cache(maxsize=1)
def _to_simplified() -> dict[int, str]:
    """The table of OpenCC, traditional to simplified, one character at a time (names have no phrases)."""
    text = (files("opencc") / "dictionary" / "TSCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in text.splitlines() if "\t" in line)
    return {ord(old): new.split()[0] for old, new in pairs if len(old) == 1 and old not in _KEEP}


def simplified(text: str) -> str:
    """Traditional characters as simplified ones.

    >>> simplified("張偉")
    '张伟'
    """
    return text if text.isascii() else text.translate(_to_simplified())


def plain(text: str) -> str:
    """Half-width, without blanks, invisible characters, quotes and notes in brackets; simplified.

    >>> plain("王　偉（已退休）")
    '王伟'
    """
    bare = unicodedata.normalize("NFKC", text)
    return simplified(_INVISIBLE.sub("", _NOTE.sub("", bare)))


@lru_cache(maxsize=50_000)
def _sound(char: str) -> str:
    return str(lazy_pinyin(char)[0])


def pinyin(text: str) -> str:
    """The sound of each character without tone, joined by blanks.

    >>> pinyin("李雪") == pinyin("李学")
    True
    """
    return " ".join(map(_sound, text))


def surname_sound(surname: str) -> str:
    """The sound of a surname, which may differ from the usual reading.

    >>> surname_sound("单"), surname_sound("王")
    ('shan', 'wang')
    """
    return SURNAME_SOUND.get(surname) or pinyin(surname).replace(" ", "")


def person_name(text: str | None) -> str | None:
    """A person's name as one would write it: simplified, half-width, no blanks or notes. None for an empty one.

    Masked names keep their stars. Placeholders (无, 不详) are None.

    >>> person_name(" 張　偉（男）"), person_name("阿依古丽•买买提"), person_name("无")
    ('张伟', '阿依古丽·买买提', None)
    """
    name = plain(text or "").translate(_DOTS).strip("·/\\")
    if name.isascii():
        name = name.upper()
    return None if name in ("", "无", "不详", "未知", "空", "NULL", "NONE", "NAN", "0") or name.isdigit() else name


def _split(name: str) -> tuple[str, str]:
    """Surname and given name; of a name with a dot what stands before it."""
    if "·" in name:
        head, _, tail = name.partition("·")
        return head, tail
    size = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
    return name[:size], name[size:]


def _masked(name: str) -> PersonName:
    surname, given = _split(name)
    if surname[0] in _MASKS:
        seen = given.strip(_MASKS)
        whole = seen if seen and seen == given else None
        return PersonName(None, None, whole, None, seen[-1:] or None, None, None, pinyin(whole) if whole else None)
    surname = SURNAME_FOLD.get(surname, surname)
    last = given[-1] if given and given[-1] not in _MASKS else None
    return PersonName(None, surname, None, None, last, None, surname_sound(surname), None)


def parse(text: str | None) -> PersonName:
    """Take a written name apart, surname variants folded into one form.

    >>> parse("蕭學軍").name, parse("欧阳雪莹").surname, parse("王*").name, parse("王*军").last
    ('肖学军', '欧阳', None, '军')
    """
    name = person_name(text)
    if name is None:
        return NOBODY
    hidden = name.translate(str.maketrans("xX", "**")) if not name.isascii() else name
    if any(char in _MASKS for char in hidden):
        return _masked(hidden)
    surname, given = _split(name)
    surname = SURNAME_FOLD.get(surname, surname)
    sounds = surname_sound(surname), pinyin(given)
    whole = surname + given
    return PersonName(
        whole, surname, given or None, given[:1] or None, given[-1:] or None, " ".join(sounds).strip(), *sounds
    )
