"""What a member pays: monthly dues by kind and day, whom hardship relieves, from when, and how far back.

The rate of a bracket holds for the whole base, not for the part above its lower end. Amounts are whole fen; rounding is
not regulated, so its step is a setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final, Literal, get_args

from dishu.standards import calendar, law, money
from dishu.standards.law.book import Rule

Kind = Literal["wage", "annual", "pension", "individual", "farmer", "student", "unemployed", "relief"]
KINDS: Final[Mapping[str, str]] = {
    "wage": "按月领取工资", "annual": "年薪制", "pension": "离退休", "individual": "个体经营、无固定月收入",
    "farmer": "农民", "student": "学生", "unemployed": "下岗失业", "relief": "依靠抚恤或最低生活保障",
}  # fmt: skip
FLAT: Final = frozenset({"farmer", "student", "unemployed", "relief"})


@dataclass(frozen=True)
class Dues:
    """A month's dues in fen: `amount` (at least), up to `most`; the base in yuan and its rate, None for fixed amounts.

    `readings`: the law it rests on; `notes` in Chinese: what to see to.
    """

    kind: Kind
    base: Fraction | None
    rate: Fraction | None
    amount: int
    most: int
    readings: tuple[law.Reading, ...]
    notes: tuple[str, ...] = ()


def monthly(kind: Kind, day: date, base: money.Yuan | None = None, step: int = 1) -> Dues:
    """A month's dues. `base` in yuan a month, what counts as such is the rule `dues_base`; `step`: round to 1, 10 or 100 fen.

    ValueError for a missing or negative base; law.OutsideDates where the day's rules say nothing of the kind. Source:
    中组发〔2008〕3号, before it the rules of 1998.

    >>> found = monthly("wage", date(2026, 10, 31), "8000")
    >>> money.written(found.amount), found.readings[0].source
    ('120.00', '中组发〔2008〕3号 第二条')
    >>> money.written(monthly("wage", date(2007, 8, 1), "2000").amount)
    '60.00'
    """
    if kind not in get_args(Kind):
        raise ValueError(f"没有“{kind}”这一类：可用 {'、'.join(KINDS)}")
    if step not in (1, 10, 100):
        raise ValueError(f"按 {step} 分取整：只能按 1 分、10 分（角）、100 分（元）")
    rules = law.at(day)
    by_rate = kind not in FLAT or (kind == "farmer" and base is not None and rules.find("dues_farmer_income_by_wage"))
    return _by_rate(kind, rules, base, step) if by_rate else _flat(kind, rules, base)


def _by_rate(kind: Kind, rules: law.Rules, base: money.Yuan | None, step: int) -> Dues:
    if base is None:
        raise ValueError(f"{KINDS[kind]}的党员要写交纳基数（元/月）：{_base_is(kind, rules)}")
    exact = money.yuan(base, "交纳基数")
    rate = bracket(exact, rules.value("dues_pension" if kind == "pension" else "dues_wage")["brackets"])
    amount = money.fen(exact * rate, step)
    notes = (f"交纳基数：{_base_is(kind, rules)}",)
    return Dues(kind, exact, rate, amount, amount, rules.read, notes)


def bracket(base: Fraction, brackets: tuple[tuple[float | None, float], ...]) -> Fraction:
    """The rate of the bracket a base lies in; an upper end belongs to its bracket, None is without end.

    >>> bracket(Fraction(3000), ((3000, 0.005), (None, 0.01)))
    Fraction(1, 200)
    """
    return next(money.rate(rate) for upto, rate in brackets if upto is None or base <= money.rate(upto))


def _base_is(kind: Kind, rules: law.Rules) -> str:
    return str(rules.value("dues_base")["farmer" if kind == "farmer" else kind])


def _flat(kind: Kind, rules: law.Rules, base: money.Yuan | None) -> Dues:
    amounts = rules.value("dues_flat")
    if kind not in amounts:
        whole = law.rule("dues_flat")
        steps = tuple(one for one in whole.steps if kind in one.value)
        raise law.OutsideDates(
            Rule(whole.name, f"{whole.title}（{KINDS[kind]}）", whole.unit, whole.hard, steps), rules.day
        )
    least, most = (money.fen(money.rate(yuan)) for yuan in amounts[kind])
    notes = ("定额交纳，不看收入；写的基数没有用到",) if base is not None else ()
    return Dues(kind, None, None, least, most, rules.read, notes)


def quarter_base(net_income: money.Yuan) -> Fraction:
    """The monthly base of an individual business: a third of the previous quarter's net income, in yuan, not rounded.

    >>> quarter_base("27000")
    Fraction(9000, 1)
    """
    return money.yuan(net_income, "上季度纯收入") / 3


def previous_quarter(day: date) -> tuple[date, date]:
    """First and last day of the quarter before the one a day lies in.

    >>> [str(end) for end in previous_quarter(date(2026, 5, 2))]
    ['2026-01-01', '2026-03-31']
    """
    first = calendar.add_months(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), -3)
    return first, calendar.month_end(calendar.add_months(first, 2))


def base_on(changes: Mapping[date, money.Yuan], day: date, yearly: bool = False) -> Fraction:
    """The base of a day's month: the newest wage that began in it or before. LookupError before the first.

    `yearly`: the base of 1 January holds all year; some places do so by a notice of 2017 that could not be verified.
    Source: 中组发〔2008〕3号 第十条.

    >>> wages = {date(2026, 1, 1): 5000, date(2026, 7, 15): 6000}
    >>> [int(base_on(wages, date(2026, month, 1))) for month in (6, 7)]
    [5000, 6000]
    """
    until = date(day.year, 1, 31) if yearly else calendar.month_end(day)
    known = [since for since in changes if since <= until]
    if not known:
        raise LookupError(f"{until} 以前没有工资记录：请补上最早一次的工资和起始日期")
    return money.yuan(changes[max(known)], "工资")


def relieved(dues: Dues, to: money.Yuan, day: date, approval: str) -> Dues:
    """Dues lowered for hardship, down to nothing. `approval`: the document of the next higher committee.

    ValueError without an approval, or for more than is due. Source: 中组发〔2008〕3号 第七条.
    """
    amount = money.fen(money.yuan(to, "减免后的党费"))
    reading = law.at(day).reading("dues_hardship")
    if not approval.strip():
        raise ValueError("生活困难少交或免交党费：须经党支部研究、上一级党委批准，请写明批准文件")
    if amount > dues.amount:
        raise ValueError(f"减免后 {money.written(amount)} 元，多于应交的 {money.written(dues.amount)} 元")
    notes = (
        *dues.notes,
        f"应交 {money.written(dues.amount)} 元，经批准减为 {money.written(amount)} 元：{approval.strip()}",
    )
    return replace(dues, amount=amount, most=amount, readings=(*dues.readings, reading), notes=notes)


def first_month(admitted: date) -> date:
    """The first month a probationary member pays for, by its first day: that of the branch meeting that admitted them.

    The rule says "from the day"; that the month counts whole is our reading. law.OutsideDates before the rule. Source:
    中组发〔2008〕3号 第八条.

    >>> first_month(date(2026, 7, 15))
    datetime.date(2026, 7, 1)
    """
    law.at(admitted).value("dues_from_admission")
    return admitted.replace(day=1)


@dataclass(frozen=True)
class Arrears:
    """Months that ended unpaid. `payable`: how many may be paid back as a rule; `report`: to be reported to the branch.

    The software reports; people decide.
    """

    months: int
    payable: int
    report: bool
    readings: tuple[law.Reading, ...]


def arrears(paid_up_to: date, day: date) -> Arrears:
    """How far behind a member is who last paid for the month of `paid_up_to`. law.OutsideDates before 1998.

    >>> found = arrears(date(2026, 1, 31), date(2026, 8, 15))
    >>> found.months, found.payable, found.report
    (6, 6, True)
    """
    ended = (day.year - paid_up_to.year) * 12 + day.month - paid_up_to.month - (day < calendar.month_end(day))
    months, rules = max(0, ended), law.at(day)
    most = rules.find("dues_back_payment_max_months")
    payable = months if most is None else min(months, most)
    return Arrears(months, payable, months >= rules.value("dues_arrears_months"), rules.read)


def back_payment(
    kind: Kind, found: Arrears, day: date, base: money.Yuan | None = None, step: int = 1
) -> tuple[int, int]:
    """What the months that may be paid back come to, in fen: at least and at most. The newest of them, each by its own day's rule.

    >>> back_payment("wage", arrears(date(2008, 1, 31), date(2008, 4, 30)), date(2008, 4, 30), "2000")
    (13000, 13000)
    """
    last = day.replace(day=1) if day == calendar.month_end(day) else calendar.add_months(day.replace(day=1), -1)
    months = [calendar.month_end(calendar.add_months(last, -back)) for back in range(found.payable)]
    each = [monthly(kind, month, base, step) for month in months]
    return sum(one.amount for one in each), sum(one.most for one in each)
