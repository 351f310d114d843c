"""Clean the cells of a roster so that equal things look equal: numbers, dates, phones, addresses, names.

Every function takes one written cell and gives its parts; what cannot be known is None. Placeholders (无, 0,
13800000000) are None too, or they would join strangers.
"""

import re
import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

from dishu.engine.link.firms import unit_name as unit_name
from dishu.engine.link.names import person_name as person_name
from dishu.engine.link.names import simplified
from dishu.standards import ids


class IdNumber(NamedTuple):
    """A citizen number: `number` as 18 characters (or as typed when it fails), what is seen of its ends, birth in it.

    `checked` is True for 18 digits whose check digit holds, False for one that fails, None for 15 digits (no check).
    """

    number: str | None
    checked: bool | None
    valid: str | None
    head: str | None
    tail: str | None
    born: int | None
    sex: str | None


class Born(NamedTuple):
    """A date of birth, the day or the month unknown in some rosters."""

    year: int | None
    month: int | None
    day: int | None


class Address(NamedTuple):
    """A written address: the door, the estate, road or village it is in, the county."""

    door: str | None
    estate: str | None
    county: str | None


NO_ID = IdNumber(None, None, None, None, None, None, None)
NOT_BORN = Born(None, None, None)
NOWHERE = Address(None, None, None)
_HIDDEN = re.compile(r"^(\d{0,14})[*?#]+(\d{0,3}[\dX])?$")
_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_EXCEL_ZERO = date(1899, 12, 30)


def _folded(text: str | None) -> str:
    if text and text.isascii() and text.isalnum():  # most numbers: nothing to fold
        return text.upper()
    return _BLANK.sub("", unicodedata.normalize("NFKC", text or "")).strip("'’‘`\"").upper()


def _is_filler(digits: str) -> bool:
    """One digit over and over, or counting up: typed to fill the field."""
    return len(set(digits[:-1])) <= 1 or digits[:9] in ("123456789", "012345678")


def _packed(digits: str) -> int | None:
    """Eight digits as the number yyyymmdd if they are a day between 1900 and 2100."""
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
    return int(digits) if 1900 <= born.year <= 2100 else None


def id_number(text: str | None) -> IdNumber:
    """Clean a citizen number: valid, failing its check, or masked. Sex is told by a valid number only.

    >>> id_number("130503670401001").valid, id_number("421303********123X").tail
    ('130503196704010016', '123X')
    >>> id_number("000000000000000000").number is None
    True
    """
    cell = _folded(text).translate(str.maketrans("×ХΧ", "XXX"))
    if len(cell) < 8:
        return NO_ID
    verdict = ids.citizen_id(cell)
    if verdict.ok and verdict.value:
        number = verdict.value
        checked = True if len(cell) == 18 else None
        return IdNumber(
            number, checked, number, number[:14], number[14:], int(number[6:14]), "男" if int(number[16]) % 2 else "女"
        )
    return _doubtful_id(cell)


def _doubtful_id(cell: str) -> IdNumber:
    masked = _HIDDEN.match(re.sub(r"X{2,}", lambda run: "*" * len(run.group()), cell))
    if masked:
        head, tail = masked.group(1), masked.group(2) or ""
        born = _packed(head[6:14]) if len(head) == 14 else None
        return IdNumber(None, None, None, head or None, tail if len(tail) == 4 else None, born, None)
    digits = re.sub(r"[^0-9X]", "", cell)
    if not 14 <= len(digits) <= 20 or _is_filler(digits) or not digits[:-1].isdigit():
        return NO_ID
    if len(digits) == 18 and digits.endswith("000"):  # Excel keeps fifteen digits and writes zeros
        return IdNumber(None, None, None, digits[:14], None, _packed(digits[6:14]), None)
    return IdNumber(
        digits, False, None, digits[:14], digits[-4:], _packed(digits[6:14]) if len(digits) == 18 else None, None
    )


_DATE = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})(?:(?:月|[-/.])(\d{1,2})日?|月)?(?:T?0{1,2}:.*)?$")


def born(text: str | None) -> Born:
    """Clean a date of birth: any written style, an Excel serial number, only year and month, only the year.

    >>> born("1963年5月2日"), born("1963.05").day, born("23133")[:2]
    (Born(year=1963, month=5, day=2), None, (1963, 5))
    """
    cell = _folded(text)
    if not cell:
        return NOT_BORN
    if found := _DATE.match(cell):
        return _born(*(int(part) if part else None for part in found.groups()))
    digits = re.sub(r"(?:\.0+|年)$", "", cell)
    if not digits.isdigit():
        return NOT_BORN
    if len(digits) == 5:
        day = _EXCEL_ZERO + timedelta(days=int(digits))
        return _born(day.year, day.month, day.day)
    if len(digits) in (4, 6, 8):
        return _born(int(digits[:4]), int(digits[4:6] or 0) or None, int(digits[6:] or 0) or None)
    return NOT_BORN


def _born(year: int | None, month: int | None = None, day: int | None = None) -> Born:
    if year is None or not 1900 <= year <= 2100:
        return NOT_BORN
    if month is None or not 1 <= month <= 12:
        return Born(year, None, None)
    try:
        return Born(year, month, day and date(year, month, day).day)
    except ValueError:
        return Born(year, month, None)


class Phone(NamedTuple):
    """A mobile number, or what is seen of a masked one."""

    number: str | None
    head: str | None
    tail: str | None


def phone(text: str | None) -> Phone:
    """Clean a phone cell: the first mobile number in it; landlines and made-up numbers are None.

    >>> phone("+86 194-0013-8001").number, phone("194****8001")
    ('19400138001', Phone(number=None, head='194', tail='8001'))
    >>> phone("13800000000").number is None
    True
    """
    cell = _folded(text)
    if not (len(cell) == 11 and cell.isdigit()):
        cell = re.sub(r"[-‐‑–—()]", "", cell)
    if masked := re.fullmatch(r"(1\d{2})[*?#X]{3,5}(\d{4})", cell):
        return Phone(None, masked.group(1), masked.group(2))
    parts = [cell] if len(cell) == 11 else re.findall(r"(?:\+?86|0086)?(1\d{10})(?!\d)", cell)
    for part in parts:
        if ids.phone(part).ok and len(set(part[3:])) > 1 and part[3:] not in ("12345678", "00138000"):
            return Phone(part, part[:3], part[7:])
    return Phone(None, None, None)


def sex(text: str | None) -> str | None:
    """男 or 女.

    >>> sex("女性"), sex("M"), sex("不详")
    ('女', '男', None)
    """
    cell = _folded(text)
    if cell[:1] in ("男", "M", "1"):
        return "男"
    return "女" if cell[:1] in ("女", "F", "2") else None


class UnitCode(NamedTuple):
    """A unit's code: the credit code, the old registration number, the organization code within."""

    credit: str | None
    reg: str | None
    org: str | None


def unit_code(text: str | None) -> UnitCode:
    """Clean a unit code: 18 characters, 15 digits, or the 9 of an organization code. Of a credit code that fails its
    check the organization code is kept when it holds by itself.

    >>> unit_code("9144030071526726xg"), unit_code("71526726-X").org, unit_code("无").org
    (UnitCode(credit='9144030071526726XG', reg=None, org='71526726X'), '71526726X', None)
    """
    cell = re.sub(r"[-–—]", "", _folded(text))
    verdict = ids.unit_code(cell)
    if len(cell) == 15:
        return UnitCode(None, verdict.value if verdict.ok else None, None)
    body = cell[8:17] if len(cell) == 18 else cell
    org = body if re.fullmatch(r"[0-9A-Z]{8}[0-9X]", body) and ids.org_check(body[:8]) == body[8] else None
    if org and len(set(org[:8])) == 1:
        org = None
    return UnitCode(verdict.value if verdict.ok and len(cell) == 18 else None, None, org)


class Place(NamedTuple):
    """Where a unit lies: the finest place below the county, its township, its county."""

    spot: str | None
    town: str | None
    county: str | None


def place(text: str | None) -> Place:
    """Clean a place: a division code (the market's code begins with its village's), or the name of a county.

    >>> place("421303001001M01"), place("湖北省随州市曾都区").county
    (Place(spot='421303001001M01', town='421303001', county='421303'), '曾都区')
    """
    cell = _folded(text)
    if re.match(r"\d{6}", cell):
        digits = cell if len(cell) != 12 or not cell.isdigit() else re.sub(r"(000){1,2}$", "", cell)
        return Place(digits if len(digits) > 6 else None, digits[:9] if len(digits) >= 9 else None, digits[:6])
    return Place(None, None, (address(cell).county or cell) if len(cell) > 1 and not cell.isdigit() else None)


_DIVISION = re.compile(
    r"[\u4e00-\u9fff]{2,6}?(?:省|自治[区州]|地区|盟|(?<![超都城夜门集菜])市|高新区|开发区|新区|(?<![小社园景片])区|旗)|[\u4e00-\u9fff]{1,5}?县"
)
_TOWN = re.compile(r"^.{1,5}?(?:街道办事处|街道|办事处|镇|乡)(?!路|街|道)")
_ESTATE = re.compile(r"^(.{2,10}?(?:小区|花园|家园|公寓|大厦|广场|新村|新城|国际|华府|名都|苑|园|庭|城|里|坊))")
_ROAD = re.compile(r"^(.{1,8}?(?:路|大道|街|巷|弄|道))")
_VILLAGE = re.compile(r"^(.{1,6}?(?:村委会|居委会|社区|村|湾|屯))")


def address(text: str | None) -> Address:
    """Clean an address: county, estate (or road, or village), and the door within it as numbers.

    >>> address("湖北省随州市曾都区何店镇阳光小区3幢2-501")
    Address(door='阳光小区3-2-501', estate='阳光小区', county='曾都区')
    >>> address("曾都区阳光小区3栋2单元501室").door, address("青春村5组").door, address("无").door
    ('阳光小区3-2-501', '青春村5', None)
    """
    cell = simplified(re.sub(r"[()【】\[\],，。、]", "", _folded(text)))
    if len(cell) < 3:
        return NOWHERE
    at, county = 0, None
    while found := _DIVISION.match(cell, at):
        at, county = found.end(), found.group()
    rest = cell[at:]
    rest = _TOWN.sub("", rest) if len(rest) > 4 else rest
    for kind in (_ESTATE, _VILLAGE, _ROAD):
        if place := kind.match(rest):
            name = place.group(1)
            door = "-".join(re.findall(r"[0-9A-Z]+", rest[place.end() :]))
            return Address(name + door if door else None, name, county)
    return Address(rest if re.search(r"\d", rest) else None, None, county)
