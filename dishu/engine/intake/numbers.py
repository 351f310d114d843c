"""Numbers as people write them: thousands separators, 约50, 50人, amounts in 万元 or another unit."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from dishu.engine.intake.value import Value

_NUMBER: Final = re.compile(
    r"(?P<about>约|大约|大概|近|超过|超|逾)?\s?(?P<digits>[-+]?(?:\d+|\d{1,3}(?:[,，]\d{3})+)(?:\.\d*)?)"
    r"\s?(?P<more>余|多|来)?\s?(?P<unit>亿元?|百万元?|万元?|千元|元|人|名|户|个|家|位)?\s?(?P<after>左右|上下|以上)?"
)
_LOST: Final = re.compile(r"[-+]?\d(?:\.\d+)?[Ee]\+?\d+")
_YUAN: Final = {"亿": 10**8, "百万": 10**6, "万": 10**4, "千元": 1000, "元": 1}
_TOP: Final = 9 * 10**18  # int64
WAN: Final = 10**4


def read_int(text: str) -> Value:
    """A whole number; words around it are warned `number_approximate`.

    Problems: number_unreadable, number_not_whole, number_range, number_lost_digits (4.2E+12).

    >>> read_int("1,234"), read_int("约50人").value, read_int("五十").code
    (Value(value=1234, code=None, reason=None), 50, 'number_unreadable')
    """
    if text.isascii() and text.isdigit() and len(text) < 10:
        return Value(int(text))
    parts = _NUMBER.fullmatch(text)
    if not parts or parts["unit"] in _YUAN or (parts["unit"] or "").endswith("元"):
        return Value(None, "number_lost_digits" if _LOST.fullmatch(text) else "number_unreadable")
    number = _decimal(parts["digits"])
    if number != number.to_integral_value():
        return Value(None, "number_not_whole")
    worded = any(parts[name] for name in ("about", "more", "unit", "after"))
    return _bounded(int(number), "number_approximate" if worded else None)


def read_money(text: str, factor: int = WAN) -> Value:
    """An amount as whole yuan; `factor` is the yuan of the header's unit (万元 unless it says otherwise).

    A unit in the cell itself wins, warned `number_unit_written`. Half a yuan rounds up. Problems as `read_int`.

    >>> read_money("12.5").value, read_money("1.2亿元"), read_money("3,500", factor=1).value
    (125000, Value(value=120000000, code='number_unit_written', reason=None), 3500)
    """
    if text.isascii() and text.isdigit() and len(text) < 10:
        return Value(int(text) * factor)
    parts = _NUMBER.fullmatch(text)
    unit = (parts["unit"] or "") if parts else ""
    own = _YUAN.get(unit) or _YUAN.get(unit.removesuffix("元"))
    if not parts or (unit and own is None):
        return Value(None, "number_lost_digits" if _LOST.fullmatch(text) else "number_unreadable")
    yuan = (_decimal(parts["digits"]) * (own or factor)).to_integral_value(ROUND_HALF_UP)
    worded = any(parts[name] for name in ("about", "more", "after"))
    return _bounded(int(yuan), "number_approximate" if worded else "number_unit_written" if own else None)


def factor_of(unit: str) -> int | None:
    """The yuan of a unit of money as a header writes it; None for other words.

    >>> factor_of("万元"), factor_of("元"), factor_of("人")
    (10000, 1, None)
    """
    return _YUAN.get(unit) or (_YUAN.get(unit.removesuffix("元")) if unit.endswith("元") else None)


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", "").replace("，", "").rstrip("."))


def _bounded(number: int, code: str | None) -> Value:
    return Value(None, "number_range") if abs(number) > _TOP else Value(number, code)
