"""How large is an enterprise: large, medium, small or micro; above designated size; above quota.

Bounds and dates stand in the law files `size_classes.yaml` and `size.yaml`; here only which trade reads which rule.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from dishu.standards import law

SizeClass = Literal["large", "medium", "small", "micro"]

#: The day from which the edition of 2017 (国统字〔2017〕213号) is asked when no day is given.
EDITION_2017: Final = date(2017, 12, 28)
_CODE: Final = re.compile(r"([A-T]?)(\d{0,4})")
_QUOTAS: Final = {
    "51": "above_quota_wholesale_wan",
    "52": "above_quota_retail_wan",
    "61": "above_quota_hotel_catering_wan",
    "62": "above_quota_hotel_catering_wan",
}


@dataclass(frozen=True)
class _Trade:
    """A row of the table: the law rule, the letters it may stand under, the beginnings of its class codes.

    `whole`: the row covers its letters entirely, so that the letter alone will do.
    """

    rule: str
    letters: str
    classes: frozenset[str]
    whole: bool = True


def _range(first: int, last: int) -> set[str]:
    return {f"{number:02d}" for number in range(first, last + 1)}


def _trade(rule: str, letters: str, classes: Iterable[str], whole: bool = True) -> _Trade:
    return _Trade(rule, letters, frozenset(classes), whole)


_TRADES: Final = (
    _trade("size_agriculture", "A", _range(1, 5)),
    _trade("size_industry", "BCD", _range(6, 46)),
    _trade("size_construction", "E", _range(47, 50)),
    _trade("size_wholesale", "F", ["51"], whole=False),
    _trade("size_retail", "F", ["52"], whole=False),
    _trade("size_transport", "G", _range(54, 58), whole=False),  # 53 is rail: not classed
    _trade("size_storage", "G", ["59"], whole=False),
    _trade("size_post", "G", ["60"], whole=False),
    _trade("size_hotel_catering", "H", ["61", "62"]),
    _trade("size_telecom_internet", "I", ["63", "64"], whole=False),
    _trade("size_software", "I", ["65"], whole=False),
    _trade("size_property_development", "K", ["701"], whole=False),
    _trade("size_property_management", "K", ["702"], whole=False),
    _trade("size_leasing_business", "L", ["71", "72"]),
    _trade("size_other", "MNOR", _range(73, 82) | _range(86, 90)),
    _trade("size_other", "Q", ["85"], whole=False),  # social work; 84 health is not classed
    _trade("size_other", "K", ["703", "709"], whole=False),  # 704, one's own property, is not classed
)


class NotClassed(ValueError):
    """The enterprise has no size class: the trade is not in the table, or a figure it needs is missing.

    `industry` is what was asked.
    """

    def __init__(self, industry: str, reason: str) -> None:
        self.industry = industry
        super().__init__(f"行业“{industry}”不能划分企业规模：{reason}")


def size_class(
    industry: str,
    employees: float | None,
    turnover_wan: float | None,
    assets_wan: float | None,
    day: date = EDITION_2017,
) -> SizeClass:
    """The statistical size of an enterprise: the largest class whose lower bounds it all reaches, else micro.

    `industry`: a letter, a class code of GB/T 4754-2017 or both ("C", "C13", "52", "7010"); `employees` persons;
    `turnover_wan`, `assets_wan` in 万元, None where unknown. NotClassed for trades the method leaves out and where a
    figure that counts in the trade is unknown; law.OutsideDates before 2017-12-28. Source: 国统字〔2017〕213号.

    >>> size_class("52", 60, 400, None)
    'small'
    >>> size_class("I65", 103, 15735.28, None)
    'medium'
    """
    bounds = law.at(day).value(_find(industry).rule)
    known = {"employees": employees, "turnover_wan": turnover_wan, "assets_wan": assets_wan}
    return _class_of(industry, {name: (known[name], steps) for name, steps in bounds.items()})


def _class_of(industry: str, figures: dict[str, tuple[float | None, tuple[int, int, int]]]) -> SizeClass:
    ranks = []
    for name, (figure, bounds) in figures.items():
        if figure is None:
            raise NotClassed(industry, f"缺少{_TITLES[name]}")
        ranks.append(sum(figure >= bound for bound in bounds))
    return _CLASSES[min(ranks)]


_TITLES: Final = {"employees": "从业人员数", "turnover_wan": "营业收入", "assets_wan": "资产总额"}
_CLASSES: Final[tuple[SizeClass, ...]] = ("micro", "small", "medium", "large")


def _find(industry: str) -> _Trade:
    letter, digits = _parts(industry)
    if digits:
        found = [t for t in _TRADES if t.classes & {digits[:2], digits[:3]} and letter in t.letters]
    else:
        found = [t for t in _TRADES if letter in t.letters and t.whole]
    if not found:
        raise NotClassed(industry, "不在划分办法的行业之内，或代码不够细")
    return found[0]


def _parts(industry: str) -> tuple[str, str]:
    """Letter and digits of an industry code, either of which may be empty but not both."""
    match = _CODE.fullmatch(industry.strip().upper())
    if match is None or len(match[2]) == 1 or not match[0]:
        raise NotClassed(industry, "不是国民经济行业分类的代码")
    return match[1], match[2]


def is_industrial(industry: str) -> bool:
    """Whether a code is of mining, manufacturing or utilities (letters B, C, D; classes 06 to 46).

    >>> is_industrial("C13"), is_industrial("06"), is_industrial("52")
    (True, True, False)
    """
    letter, digits = _parts(industry)
    return letter in "BCD" if letter else "06" <= digits[:2] <= "46"


def above_size(industry: str, turnover_wan: float, day: date, state_owned: bool = False) -> bool:
    """Whether an enterprise is above designated size (规模以上工业) on a day; outside industry never.

    `turnover_wan`: yearly main-business revenue, 万元. `state_owned` counted whatever the revenue until 2006.
    law.OutsideDates before 1998. NotClassed for a text that is no industry code.

    >>> above_size("C13", 600, date(2010, 12, 31)), above_size("C13", 600, date(2011, 1, 1))
    (True, False)
    """
    if not is_industrial(industry):
        return False
    rules = law.at(day)
    if state_owned and rules.find("designated_size_state_owned_all"):
        return True
    return bool(turnover_wan >= rules.value("designated_size_industry_wan"))


def above_quota(industry: str, turnover_wan: float, day: date) -> bool:
    """Whether an enterprise of wholesale, retail, hotels or catering is above quota (限额以上); others never.

    `turnover_wan`: yearly main-business revenue, 万元. The bounds are not verified. law.OutsideDates before 2011.

    >>> above_quota("52", 500, date(2012, 1, 1)), above_quota("51", 500, date(2012, 1, 1))
    (True, False)
    """
    rule = _QUOTAS.get(_parts(industry)[1][:2])
    return rule is not None and bool(turnover_wan >= law.at(day).value(rule))
