"""Days as people write them: five written styles, months alone, the serial numbers of table programs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from dishu.engine.intake.value import Value

_WRITTEN: Final = re.compile(
    r"(\d{4})\s?(?:[-/.]\s?(\d{1,2})(?:\s?[-/.]\s?(\d{1,2}))?|年\s?(\d{1,2})\s?(?:月\s?(?:(\d{1,2})\s?[日号]?)?)?)"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_SERIAL: Final = re.compile(r"(\d{4,5})(?:\.\d+)?")
# Day 0 of the 1900 system, good from 1900-03-01 on (it believes in 1900-02-29).
_DAY_ZERO: Final = date(1899, 12, 30)
_SERIALS: Final = range(3654, 73415)  # 1910-01-02 to 2100-12-31: a bare 2007 is a year, not a day of 1905


def read_date(text: str) -> Value:
    """A day: 2007-08-01, 2007/8/1, 2007.8.1, 20070801, 2007年8月1日; a clock time behind it is dropped.

    A month alone gives its first day, warned `date_month_only`; a serial number is warned `date_serial`.
    Problems: date_unreadable, date_range (outside 1900-2100).

    >>> read_date("2007年8月1日").value, read_date("2007.08")
    (datetime.date(2007, 8, 1), Value(value=datetime.date(2007, 8, 1), code='date_month_only', reason=None))
    """
    written = _WRITTEN.fullmatch(text) or _COMPACT.fullmatch(text)
    if written:
        year, *rest = (group for group in written.groups() if group)
        return _day(int(year), int(rest[0]), int(rest[1]) if len(rest) > 1 else None)
    serial = _SERIAL.fullmatch(text)
    if serial and int(serial[1]) in _SERIALS:
        return Value(_DAY_ZERO + timedelta(days=int(serial[1])), "date_serial")
    return Value(None, "date_unreadable")


def _day(year: int, month: int, day: int | None) -> Value:
    try:
        value = date(year, month, day or 1) if day != 0 else None
    except ValueError:
        value = None
    if value is None:
        return Value(None, "date_unreadable")
    if not 1900 <= year <= 2100:
        return Value(None, "date_range")
    return Value(value, None if day else "date_month_only")
