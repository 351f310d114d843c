"""One function per type of column: from the cleaned cell to its value or its problem."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from dishu.engine.intake.dates import read_date
from dishu.engine.intake.numbers import WAN, read_int, read_money
from dishu.engine.intake.text import says_nothing, tight
from dishu.engine.intake.value import Value
from dishu.standards import ids
from dishu.standards.forms import Field

Reader = Callable[[str], Value]

_TRUE: Final = frozenset(("是", "有", "对", "√", "✓", "✔", "☑", "y", "yes", "true", "1", "t"))
_FALSE: Final = frozenset(("否", "无", "没有", "不是", "非", "×", "✗", "✘", "x", "□", "n", "no", "false", "0", "f"))
_HAN: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_BETWEEN_HAN: Final = re.compile(f"(?<=[{_HAN}（）()]) (?=[{_HAN}（）()])")
_DOTS: Final = re.compile(r"\s?[·•‧∙・●]\s?")
_PERSON: Final = re.compile(f"[{_HAN}·A-Za-z .'-]+")
_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+")
_BRACKETS: Final = str.maketrans("（）", "()")


def reader_for(field: Field, factor: int = WAN, floats: bool = False) -> Reader:
    """The function that reads this column's cells.

    `factor` is the yuan of the header's unit of money. `floats`: numbers of this file arrive as if they were text
    (.xls), so a long number that a floating point number holds exactly is suspected of having lost its last digits.

    >>> from dishu.standards import forms
    >>> reader_for(forms.layout("member").field("sex"))("女").value
    'female'
    """
    if field.type == "choice":
        return _choice(field)
    if field.type == "bool":
        return _bool(field)
    if field.type in ("int", "wan"):
        return _number(field, factor)
    if field.type in ("citizen_id", "unit_code", "phone"):
        return _judged({"citizen_id": _citizen_id, "unit_code": _unit_code, "phone": _phone}[field.type], floats)
    plain: dict[str, Reader] = {"date": read_date, "text": _text, "name": _name, "unit_name": _joined, "place": _joined}
    read = plain[field.type]
    return _unless_unsaid(read if field.type == "date" else _within(read, field.longest))


def _within(read: Reader, most: int) -> Reader:
    """Text of more characters is no name or address: a neighbour's cells, or a whole page, slipped in."""
    return lambda text: Value(None, "text_too_long", f"最多{most}个字") if len(text) > most else read(text)


def _unless_unsaid(read: Reader) -> Reader:
    return lambda text: Value(None) if says_nothing(text) else read(text)


def _written(read: Callable[[str], str]) -> Reader:
    """Text stays text, also where it looks like a formula; that is only remarked."""
    return lambda text: Value(read(text), "formula_text" if text[0] == "=" else None)


def _name(text: str) -> Value:
    name = _DOTS.sub("·", _BETWEEN_HAN.sub("", text))
    if name[0] == "=":
        return Value(name, "formula_text")
    return Value(name, None if _PERSON.fullmatch(name) else "name_odd")


_text: Final = _written(lambda text: text)
_joined: Final = _written(lambda text: _BETWEEN_HAN.sub("", text) if " " in text else text)


def _word(text: str) -> str:
    return tight(text).translate(_BRACKETS).casefold()


def _choice(field: Field) -> Reader:
    values = {_word(way): value for value, ways in field.choices.items() for way in ways}

    def read(text: str) -> Value:
        value = values.get(_word(text))
        if value is None:
            return Value(None, None if says_nothing(text) else "choice_unknown")
        return Value(None if value == "none" else value)

    return read


def _bool(field: Field) -> Reader:
    yes = _TRUE | {_word(word) for word in field.true_words}
    no = _FALSE | {_word(word) for word in field.false_words}
    unsaid = {_word(word) for word in field.none_words}

    def read(text: str) -> Value:
        word = _word(text)
        if word in yes or word in no:
            return Value(word in yes)
        return Value(None, None if word in unsaid or says_nothing(text) else "bool_unreadable")

    return read


def _number(field: Field, factor: int) -> Reader:
    low = field.min if field.min is not None else float("-inf")
    high = field.max if field.max is not None else float("inf")

    def read(text: str) -> Value:
        if says_nothing(text):
            return Value(None)
        found = read_int(text) if field.type == "int" else read_money(text, factor)
        if isinstance(found.value, int) and not low <= found.value <= high:
            return Value(None, "number_range")
        return found

    return read


def _judged(judge: Reader, floats: bool) -> Reader:
    """A judge's word, unless a table program has already spoilt the number."""

    def read(text: str) -> Value:
        found = judge(text)
        if found.value is not None or found.code is None:
            return found
        if says_nothing(text):
            return Value(None)
        return Value(None, "number_lost_digits") if _lost_digits(text, floats) else found

    return read


def _lost_digits(text: str, floats: bool) -> bool:
    """4.21303E+17, or 15 digits and zeros, or (where all numbers look like text) an exact floating point number."""
    if _SCIENTIFIC.fullmatch(text):
        return True
    if len(text) < 16 or not (text.isascii() and text.isdigit()):
        return False
    return not text[15:].strip("0") or (floats and is_exact_float(text))


def is_exact_float(digits: str) -> bool:
    """Whether a floating point number holds these digits exactly: one in 64 of all 18-digit numbers.

    >>> is_exact_float("421303199001011264"), is_exact_float("421303199001011265")
    (True, False)
    """
    return int(float(digits)) == int(digits)


def _citizen_id(text: str) -> Value:
    verdict = ids.citizen_id(text)
    if verdict.ok:
        return Value(verdict.value, verdict.warnings[0] if verdict.warnings else None)
    return Value(None, verdict.code, verdict.reason)


def _unit_code(text: str) -> Value:
    verdict = ids.unit_code(text)
    if verdict.ok:
        return Value(verdict.value, verdict.warnings[0] if verdict.warnings else None)
    return Value(None, verdict.code, verdict.reason)


def _phone(text: str) -> Value:
    verdict = ids.phone(text)
    return Value(verdict.value) if verdict.ok else Value(None, verdict.code, verdict.reason)
