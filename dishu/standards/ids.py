"""Are these numbers real? Citizen numbers, credit codes, registration numbers and phones: judged, mended, masked.

Each judge takes text as people typed it and answers with a :class:`Verdict`: it never raises and never guesses.
Sources: GB 11643-1999 (公民身份号码), GB 32100-2015 and GB 11714-1997 (统一社会信用代码), GS15-2006 and 工商办字〔2007〕79号 (注册号),
the ministry's numbering table to March 2023 (手机号段).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from dishu.standards.masks import mask_citizen_id as mask_citizen_id
from dishu.standards.masks import mask_name as mask_name
from dishu.standards.masks import mask_phone as mask_phone

Sex = Literal["male", "female"]
UnitKind = Literal["enterprise", "individual_business"]

_REASONS: Final = {
    "citizen_id_empty": "身份证号为空",
    "citizen_id_masked": "身份证号已打码，无法核验",
    "citizen_id_rounded": "身份证号被表格软件改成了科学计数法，后几位已丢失",
    "citizen_id_length": "身份证号应为18位（旧号15位）",
    "citizen_id_digits": "身份证号含有数字（末位可为X）以外的字符",
    "citizen_id_birth": "身份证号中的出生日期不存在",
    "citizen_id_check": "身份证号校验码不符，可能录错一位",
    "citizen_id_demo": "身份证号以99开头，是演示数据，不能用于真实名册",
    "credit_code_empty": "统一社会信用代码为空",
    "credit_code_length": "统一社会信用代码应为18位",
    "credit_code_letters": "统一社会信用代码含有不允许的字符（不用 I、O、S、V、Z）",
    "credit_code_check": "统一社会信用代码校验码不符，可能录错一位",
    "registration_no_empty": "注册号为空",
    "registration_no_length": "注册号应为15位数字",
    "registration_no_digits": "注册号含有数字以外的字符",
    "registration_no_check": "注册号校验码不符，可能录错一位",
    "unit_code_length": "单位代码应为18位统一社会信用代码或15位注册号（2007年7月以前的旧号13位）",
    "phone_empty": "手机号码为空",
    "phone_masked": "手机号码已打码，无法核验",
    "phone_digits": "手机号码含有数字以外的字符",
    "phone_landline": "这是固定电话，不是手机号码",
    "phone_length": "手机号码应为11位",
    "phone_segment": "手机号码的号段未分配",
    "phone_demo": "手机号码以194开头，是演示数据，不能用于真实名册",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge found.

    `value` is the mended text (upper case, half width, no blanks) when `ok`; a masked number keeps its value though
    it is not ok; any other refusal has none. `code` is the stable problem code and `reason` says it in Chinese.
    `warnings` are codes of what is odd but no ground for refusal.
    """

    ok: bool
    value: str | None
    code: str | None = None
    reason: str | None = None
    warnings: tuple[str, ...] = ()


def normalise(text: str | None) -> str:
    """The text of a number as machines want it: half width, upper case, no blanks, no leading apostrophe.

    >>> normalise(" １１０１０５ 19491231\\u3000002x ")
    '11010519491231002X'
    """
    plain = text or ""
    if not plain.isascii():  # character by character, so that none melts into its neighbour; "Cf" are marks nobody sees
        plain = "".join(unicodedata.normalize("NFKC", c) for c in plain if unicodedata.category(c) != "Cf")
    return "".join(plain.upper().split()).lstrip("'’‘`")


def _refused(code: str, value: str | None = None) -> Verdict:
    return Verdict(False, value, code, _REASONS[code])


# --- citizen numbers -------------------------------------------------------------------------------------------------
# ISO 7064 MOD 11-2: character i (from the right, 0) weighs 2**i, the sum must leave 1. The number is cut into six
# pieces of three; one table per place gives a piece's share of the sum, and refuses what is not a digit.

_FIRST_YEAR: Final = 1880
_DIGITS: Final = "0123456789"
_SHARE: Final = {f"{n:03d}": (n // 100 * 4 + n // 10 % 10 * 2 + n % 10) for n in range(1000)}
_S0, _S3, _S6, _S9, _S12 = ({t: s * 2**e % 11 for t, s in _SHARE.items()} for e in (15, 12, 9, 6, 3))
_S15: Final = _SHARE | {f"{n:02d}X": n // 10 * 4 + n % 10 * 2 + 10 for n in range(100)}
_DAYS: Final = frozenset(date.fromordinal(date(2000, 1, 1).toordinal() + n).strftime("%m%d") for n in range(366))
_SAME_AS_X: Final = str.maketrans("×ХΧ", "XXX")  # the sign, the Cyrillic and the Greek letter people type for X
_CHECK_OF_17: Final = "10X98765432"


def citizen_id(text: str | None, demo: bool = True) -> Verdict:
    """Judge a citizen identity number (公民身份号码) of 18 digits, or of 15 (then made 18, warned `citizen_id_15`).

    The area is never a ground for refusal: it is that of the year of issue, and many are abolished. Only the demo
    area 99 is refused, and only when `demo` is False. A birth day must exist and be of 1880 or later; whether it lies
    in the future is not judged here. Codes: citizen_id_empty, _masked (value kept), _rounded, _length, _digits,
    _birth, _check, _demo. Source: GB 11643-1999.

    >>> citizen_id("11010519491231002x").value
    '11010519491231002X'
    >>> citizen_id("130503670401001").value
    '130503196704010016'
    >>> citizen_id("110105194912310021").code
    'citizen_id_check'
    """
    if text is not None and len(text) == 18 and _holds(text) and (demo or text[:2] != "99"):
        return Verdict(True, text)
    return _citizen_id_slowly(normalise(text).translate(_SAME_AS_X), demo)


def _holds(text: str) -> bool:
    """Whether these 18 characters are a number in order: the short way, for the million that are."""
    try:
        total = _S0[text[:3]] + _S3[text[3:6]] + _S6[text[6:9]] + _S9[text[9:12]] + _S12[text[12:15]] + _S15[text[15:]]
    except KeyError:
        return False
    return total % 11 == 1 and _is_birth(text[6:10], text[10:14])


def _is_birth(year: str, month_day: str) -> bool:
    number = int(year)
    if number < _FIRST_YEAR or month_day not in _DAYS:
        return False
    return month_day != "0229" or (number % 4 == 0 and (number % 100 != 0 or number % 400 == 0))


def _citizen_id_slowly(value: str, demo: bool) -> Verdict:
    """Mend if it can be mended, else say what is wrong: the long way."""
    code = _shape_problem(value)
    if code is not None:
        return _refused(code, value if code == "citizen_id_masked" else None)
    long = upgrade_citizen_id(value) if len(value) == 15 else value
    if not _is_birth(long[6:10], long[10:14]):
        return _refused("citizen_id_birth")
    if not _holds(long):
        return _refused("citizen_id_check")
    if long.startswith("99") and not demo:
        return _refused("citizen_id_demo")
    return Verdict(True, long, warnings=("citizen_id_15",) if len(value) == 15 else ())


def _shape_problem(value: str) -> str | None:
    if not value:
        return "citizen_id_empty"
    if "*" in value or value.count("X") > 1:
        return "citizen_id_masked"
    if "E+" in value:
        return "citizen_id_rounded"
    if len(value) not in (15, 18):
        return "citizen_id_length"
    body = value[:-1] if len(value) == 18 and value[-1] == "X" else value
    return None if _all_digits(body) else "citizen_id_digits"


def _all_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def upgrade_citizen_id(text: str) -> str:
    """The 18 digits of a 15-digit number: `19` after the area, the check digit at the end. No judgement.

    >>> upgrade_citizen_id("320311770706001")
    '320311197707060018'
    """
    body = f"{text[:6]}19{text[6:]}"
    return body + citizen_check(body)


def citizen_check(body: str) -> str:
    """The check character of 17 digits (ISO 7064 MOD 11-2).

    >>> citizen_check("99000019800229001")
    'X'
    """
    return _CHECK_OF_17[sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(body)) % 11]


def citizen_birth(id18: str) -> date:
    """The birth day in an 18-digit number that was judged ok.

    >>> citizen_birth("11010519491231002X")
    datetime.date(1949, 12, 31)
    """
    return date(int(id18[6:10]), int(id18[10:12]), int(id18[12:14]))


def citizen_sex(id18: str) -> Sex:
    """The sex in an 18-digit number that was judged ok: an odd 17th digit is male.

    >>> citizen_sex("11010519491231002X")
    'female'
    """
    return "male" if int(id18[16]) % 2 else "female"


# --- units' codes ----------------------------------------------------------------------------------------------------

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WORTH: Final = {letter: worth for worth, letter in enumerate(_ALPHABET)}
_CREDIT_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
_ORG_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_ORG_WORTH: Final = {c: n for n, c in enumerate(_DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ")}


def credit_code(text: str | None) -> Verdict:
    """Judge a unified social credit code (统一社会信用代码) of 18 characters.

    The 18th character must check (hard). The organization code within (9th to 17th) may fail: some issued since
    carry no check of their own, so that is only the warning `credit_code_org_check`. Codes: credit_code_empty,
    _length, _letters, _check. Source: GB 32100-2015, GB 11714-1997.

    >>> credit_code("9144030071526726xg").value
    '9144030071526726XG'
    >>> credit_code("914403001922038217").code
    'credit_code_check'
    """
    value = normalise(text)
    if not value:
        return _refused("credit_code_empty")
    if len(value) != 18:
        return _refused("credit_code_length")
    if any(letter not in _WORTH for letter in value):
        return _refused("credit_code_letters")
    if credit_check(value[:17]) != value[17]:
        return _refused("credit_code_check")
    return Verdict(True, value, warnings=() if org_check(value[8:16]) == value[16] else ("credit_code_org_check",))


def credit_check(body: str) -> str:
    """The 18th character for the 17 before it.

    >>> credit_check("92421303XXXXXXX19")
    '2'
    """
    total = sum(_WORTH[letter] * weight for letter, weight in zip(body, _CREDIT_WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def org_check(body: str) -> str:
    """The 9th character of an organization code (组织机构代码, GB 11714) for the eight before it.

    >>> org_check("71526726")
    'X'
    """
    total = sum(_ORG_WORTH[letter] * weight for letter, weight in zip(body, _ORG_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def registration_no(text: str | None) -> Verdict:
    """Judge an old registration number (注册号) of 15 digits, as in rosters before 2015.

    Codes: registration_no_empty, _length, _digits, _check (ISO 7064 MOD 11,10). Source: GS15-2006.

    >>> registration_no("110108000000016").ok
    True
    """
    value = normalise(text)
    if not value:
        return _refused("registration_no_empty")
    if len(value) != 15:
        return _refused("registration_no_length")
    if not _all_digits(value):
        return _refused("registration_no_digits")
    return Verdict(True, value) if registration_check(value[:14]) == value[14] else _refused("registration_no_check")


def registration_check(body: str) -> str:
    """The 15th digit for the 14 before it.

    >>> registration_check("42130200000001")
    '4'
    """
    rest = 0
    for digit in body:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - rest) % 10)


def unit_code(text: str | None) -> Verdict:
    """Judge a unit's code of any age: 18 characters as a credit code, 15 or 13 digits as a registration number.

    Registration numbers of 13 digits were given before 2007-07-01 and kept until the licence was next changed (of units
    closed before, for good). They have no check digit and are not unique in the country: good, with the warning
    `registration_no_13`. Codes: those of the two, and unit_code_length for any other length. Source: 工商办字〔2007〕79号.

    >>> unit_code("421300600000016").ok, unit_code("4213").code, unit_code("4213002100123").warnings
    (True, 'unit_code_length', ('registration_no_13',))
    """
    value = normalise(text)
    length = len(value)
    if length in (0, 18):
        return credit_code(text)
    if length == 13 and _all_digits(value):
        return Verdict(True, value, warnings=("registration_no_13",))
    return registration_no(text) if length == 15 else _refused("unit_code_length")


def unit_kind_of(code: str) -> UnitKind | None:
    """What kind of unit a judged code belongs to; None for others (cooperatives, institutions, offices).

    Credit codes: 91 enterprise, 92 individual business. Registration numbers: first digit of the sequence 0-5
    enterprise (4 and 5 foreign-invested), 6-9 individual business. Source: GB 32100-2015, GS15-2006.

    >>> unit_kind_of("92330110XXXXXXX19W"), unit_kind_of("421302000000014"), unit_kind_of("12330100XXXXXXX19M")
    ('individual_business', 'enterprise', None)
    """
    if len(code) == 15:
        return "enterprise" if code[6] in "012345" else "individual_business"
    if code.startswith("91"):
        return "enterprise"
    return "individual_business" if code.startswith("92") else None


# --- phones ----------------------------------------------------------------------------------------------------------

_MOBILE: Final = re.compile(r"1(?:3\d|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9])\d{8}")
_COUNTRY: Final = re.compile(r"^(?:\+86|0086|86(?=1\d{10}$))")
_PUNCTUATION: Final = str.maketrans("", "", "-‐‑–—()")


def phone(text: str | None, demo: bool = True) -> Verdict:
    """Judge a mobile number; the value is its 11 digits without country code, blanks or dashes.

    Segment 194 rings nobody: it is accepted as made-up data unless `demo` is False. Codes: phone_empty, _masked
    (value kept), _digits, _landline, _length, _segment, _demo. Source: the ministry's table to March 2023.

    >>> phone("+86 138-0013-8000").value
    '13800138000'
    >>> phone("0722-3312345").code
    'phone_landline'
    """
    value = _COUNTRY.sub("", normalise(text).translate(_PUNCTUATION))
    code = _phone_problem(value, demo)
    if code is None:
        return Verdict(True, value)
    return _refused(code, value if code == "phone_masked" else None)


def _phone_problem(value: str, demo: bool) -> str | None:
    if not value:
        return "phone_empty"
    if "*" in value:
        return "phone_masked"
    if not _all_digits(value):
        return "phone_digits"
    if value[0] == "0" or (len(value) in (7, 8) and value[0] != "1"):
        return "phone_landline"
    if len(value) != 11:
        return "phone_length"
    if value.startswith("194"):
        return None if demo else "phone_demo"
    return None if _MOBILE.fullmatch(value) else "phone_segment"
