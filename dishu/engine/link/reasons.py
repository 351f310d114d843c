"""Say in Chinese why two rows may be the same person or unit: what agrees, what differs, no number shown whole."""

import re

from dishu.engine.link import conditions as when
from dishu.engine.link import unit_conditions as unit

RIVAL = "另有相近人选，须人工辨认"

_BOTH_NAMES = "coalesce(l.name, l.sur) || '/' || coalesce(r.name, r.sur)"
# One list per kind of fact; the first condition that holds gives the words, as SQL text.
_PEOPLE: tuple[tuple[tuple[str, str], ...], ...] = (
    (
        ("l.valid = r.valid", "'身份证号一致'"),
        (when.ID_SAME, "'身份证号写法一致（校验不符）'"),
        (when.ID_SLIP, "'身份证号疑似录错一两位'"),
        (when.ID_MASKED, "'身份证号打码，末四位相符'"),
        ("l.tail <> r.tail OR l.idn <> r.idn", "'身份证号不同'"),
    ),
    (
        (when.NAME_SAME, "'姓名一致'"),
        (when.NAME_SOUND, "'姓名同音：' || l.name || '/' || r.name"),
        (when.NAME_MASKED, "'姓名已打码，姓氏相符'"),
        (when.NAME_ONE_GIVEN, f"'姓名相近：' || {_BOTH_NAMES}"),
        (when.NAMES_KNOWN, "'姓名不同：' || l.name || '/' || r.name"),
    ),
    (
        ("l.valid = r.valid", "NULL"),
        (when.BORN_SAME, "'出生日期一致'"),
        (when.BORN_MONTH, "'出生年月一致'"),
        (when.BORN_NEAR, "'出生日期相近'"),
        (when.BORN_YEAR, "'出生年份一致'"),
        ("l.born_y <> r.born_y", "'出生日期不同'"),
    ),
    (
        (when.PHONE_SAME, "'手机号一致（尾号' || l.ph4 || '）'"),
        (when.PHONE_MASKED, "'手机号打码，末四位一致'"),
        (when.PHONE_SLIP, "'手机号疑似录错一位'"),
        (when.PHONE_OTHER, "'手机号不同'"),
    ),
    (
        (when.EMPLOYER_SAME, "'单位一致'"),
        (when.EMPLOYER_BRAND, "'单位字号一致'"),
        (when.EMPLOYER_TWO, "'单位名称相近'"),
        (when.EMPLOYER_OTHER, "'单位不同'"),
    ),
    (
        (when.DOOR_SAME, "'住址一致'"),
        (when.ESTATE_SAME, "'同一小区、道路或村'"),
        (when.COUNTY_OTHER, "'住址不在同一县'"),
    ),
    ((when.SEX_OTHER, "'性别不同'"),),
)


_UNITS: tuple[tuple[tuple[str, str], ...], ...] = (
    (
        ("l.credit = r.credit", "'统一社会信用代码一致'"),
        ("l.reg = r.reg", "'注册号一致'"),
        (unit.ORG_SAME, "'组织机构代码一致'"),
        (unit.CODES_DIFFER, "'单位代码不同'"),
    ),
    (
        (unit.FULL_SAME, "'名称一致'"),
        (unit.CORE_SAME, "'名称主体一致：' || l.whole || '/' || r.whole"),
        (unit.BRAND_SAME, "'字号一致：' || l.whole || '/' || r.whole"),
        (unit.SHORT_NAME, "'名称相近：' || l.whole || '/' || r.whole"),
        (unit.NAMES_DIFFER, "'名称不同：' || l.whole || '/' || r.whole"),
    ),
    (
        (unit.OWNER_ID_SAME, "'经营者身份证号一致'"),
        (unit.OWNER_SAME, "'经营者姓名一致'"),
        (unit.OWNER_SOUND, "'经营者姓名同音'"),
        (unit.OWNER_DIFFERS, "'经营者不同'"),
    ),
    ((unit.PHONE_SAME, "'电话一致（尾号' || right(l.phone, 4) || '）'"), ("l.phone <> r.phone", "'电话不同'")),
    ((unit.DOOR_SAME, "'地址一致'"), (unit.ESTATE_SAME, "'同一小区、道路或村'")),
    (
        (unit.SPOT_SAME, "'同一地点'"),
        (unit.COUNTY_SAME, "'同一县（市、区）'"),
        (unit.COUNTY_DIFFERS, "'不在同一县（市、区）'"),
    ),
)


def _first(facts: tuple[tuple[str, str], ...]) -> str:
    return "CASE " + " ".join(f"WHEN {condition} THEN {words}" for condition, words in facts) + " END"


def _all(facts: tuple[tuple[tuple[str, str], ...], ...]) -> str:
    return "concat_ws('；', " + ", ".join(map(_first, facts)) + ")"


def people() -> str:
    """SQL for the reasons of a pair of persons, joined by ；.

    >>> "单位一致" in people()
    True
    """
    return _all(_PEOPLE)


def units() -> str:
    """SQL for the reasons of a pair of units, joined by ；.

    >>> "名称一致" in units()
    True
    """
    return _all(_UNITS)


def judgements() -> set[str]:
    """What can be said of a pair, without the names or digits that may follow.

    >>> {"姓名相近", "手机号一致", "同一地点", "经营者相同"} <= judgements()
    True
    """
    sql = (words for facts in _PEOPLE + _UNITS for _, words in facts)
    said = {found[1] for words in sql if (found := re.match("'([^']+)'", words))}
    return {one.removesuffix("：").removesuffix("（尾号") for one in said} | {RIVAL} | {to for _, to in _OWNERS if to}


#: What is said of owners, and what of it may be told where they are to leave no trace.
_OWNERS = (
    ("经营者身份证号一致|经营者姓名一致", "经营者相同"),
    ("经营者姓名同音", "经营者可能相同"),
    ("（尾号[0-9]+）", ""),
)


def of_no_owner(said: str) -> str:
    """The reasons of a pair of units with nothing of their owners but whether they are the same.

    >>> of_no_owner("名称一致；经营者姓名一致；电话一致（尾号1234）")
    '名称一致；经营者相同；电话一致'
    """
    for words, instead in _OWNERS:
        said = re.sub(words, instead, said)
    return said
