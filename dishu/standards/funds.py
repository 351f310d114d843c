"""Where the money goes: dues up to the centre and back to the enterprise, fen by fen; association and enterprise funds.

Each province sets the shares of branch, township, county, city and itself: they are configuration, per level and year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from dishu.standards import law, money

CENTRE: Final = "centre"


@dataclass(frozen=True)
class Payment:
    """What one member paid at once, in fen, to a branch. `voluntary`: more than is due, given freely."""

    member: str
    branch: str
    amount: int
    voluntary: bool = False


@dataclass(frozen=True)
class Line:
    """One stretch of the way of a payment's fen: to a level (`share`), or from it back to the branch (`return`)."""

    payment: int
    branch: str
    level: str
    kind: str
    amount: int


@dataclass(frozen=True)
class Flow:
    """The dues of a year: every payment's lines, and the law they rest on."""

    payments: tuple[Payment, ...]
    lines: tuple[Line, ...]
    readings: tuple[law.Reading, ...]

    def total(self, kind: str, level: str | None = None, branch: str | None = None) -> int:
        """Fen on all lines of a kind (`share`, `return`), of one level or one branch where named."""
        return sum(
            line.amount
            for line in self.lines
            if line.kind == kind and level in (None, line.level) and branch in (None, line.branch)
        )

    def kept(self, level: str) -> int:
        """What stays with a level after it has given back."""
        return self.total("share", level) - self.total("return", level)


def flow(
    payments: tuple[Payment, ...],
    day: date,
    shares: Mapping[str, Fraction],
    returns: Mapping[str, Fraction] | None = None,
) -> Flow:
    """The year's dues as paid, shared out and given back; all parts add up to the fen, by payment and by level.

    `day`: the last day of the year; `shares`: of what is left after the centre's 5 %, by level, together 1; `returns`:
    how much of its share each level gives back to the branch it came from, 0 to 1. A single voluntary payment of 1,000
    yuan or more goes whole to the centre, whatever the shares. ValueError for shares that are not 1 together, amounts
    below 0, returns above the day's highest; law.OutsideDates. Source: 中组发〔2008〕3号 第十一、十五条, 中办发〔2012〕11号.

    >>> paid = (Payment("甲", "一支部", 1205), Payment("乙", "一支部", 2000), Payment("丙", "二支部", 120000, True))
    >>> year = flow(paid, date(2026, 12, 31), {"县": Fraction(1)}, {"县": Fraction(1)})
    >>> year.total("share", "centre"), year.total("return", "县", "一支部"), year.kept("县")
    (120160, 3045, 0)
    """
    rules = law.at(day)
    _check(payments, shares)
    whole = [at for at, paid in enumerate(payments) if _whole_to_centre(paid, rules)]
    ordinary = {str(at): paid.amount for at, paid in enumerate(payments) if at not in set(whole)}
    parts = {CENTRE: money.rate(rules.value("dues_remit_centre")["rate"])}
    parts |= {level: (1 - parts[CENTRE]) * share for level, share in shares.items()}
    lines = [Line(at, payments[at].branch, CENTRE, "share", payments[at].amount) for at in whole]
    for level, by_payment in money.cross(ordinary, parts).items():
        lines += _lines(payments, level, "share", by_payment)
        back = _allowed(level, returns or {}, rules)
        if back and level != CENTRE:
            lines += _lines(
                payments, level, "return", money.cross(by_payment, {"back": back, "kept": 1 - back})["back"]
            )
    return Flow(payments, tuple(lines), rules.read)


def _check(payments: tuple[Payment, ...], shares: Mapping[str, Fraction]) -> None:
    for paid in payments:
        if paid.amount < 0:
            raise ValueError(f"{paid.member} 交纳 {paid.amount} 分：不能小于 0")
    if CENTRE in shares or min(shares.values(), default=Fraction(0)) < 0 or sum(shares.values()) != 1:
        raise ValueError("各级留存比例（上缴中央以外）应都不小于 0、合计为 1，且不含中央")


def _whole_to_centre(paid: Payment, rules: law.Rules) -> bool:
    return paid.voluntary and paid.amount >= rules.value("dues_voluntary_to_centre_min") * 100


def _allowed(level: str, returns: Mapping[str, Fraction], rules: law.Rules) -> Fraction:
    back = returns.get(level, Fraction(0))
    highest = money.rate(rules.value("dues_return_nonpublic")) if back else Fraction(1)
    if not 0 <= back <= highest:
        raise ValueError(f"{level} 的返还比例是 {float(back):g}：应在 0 与 {float(highest):g} 之间")
    return back


def _lines(payments: tuple[Payment, ...], level: str, kind: str, by_payment: Mapping[str, int]) -> list[Line]:
    return [Line(int(at), payments[int(at)].branch, level, kind, amount) for at, amount in by_payment.items() if amount]


@dataclass(frozen=True)
class Amount:
    """An amount in fen the law names, perhaps with a day by which it is due."""

    amount: int
    due: date | None
    readings: tuple[law.Reading, ...]


def remittance(paid: int, year: int) -> Amount:
    """What a province remits to the centre of `paid` fen received in a year, and by when. law.OutsideDates before 1998.

    >>> found = remittance(1_234_567, 2011)
    >>> found.amount, str(found.due)
    (61728, '2012-04-30')
    """
    rules = law.at(date(year, 12, 31))
    rule = rules.value("dues_remit_centre")
    due = date.fromisoformat(f"{year + 1}-{rule['due']}")
    return Amount(money.fen(Fraction(paid, 100) * money.rate(rule["rate"])), due, rules.read)


def association_shortfall(dues: int, spent: int, day: date) -> Amount:
    """What an association falls short of its least share for Party work: collected by the next higher, spent there. Fen.

    ValueError below 0; law.OutsideDates before 2011. Source: speech of autumn 2011 (3 % to 5 % of association dues).

    >>> association_shortfall(10_000_00, 200_00, date(2011, 12, 31)).amount
    10000
    """
    return Amount(
        max(0, association_range(dues, day)[0] - _not_below_0(spent)), None, _read("association_fund_share", day)
    )


def association_range(dues: int, day: date) -> tuple[int, int]:
    """Least and most of an association's dues (fen) meant for Party work.

    >>> association_range(10_000_00, date(2011, 12, 31))
    (30000, 50000)
    """
    share = law.at(day).value("association_fund_share")
    least, most = (money.fen(Fraction(_not_below_0(dues), 100) * money.rate(share[end])) for end in ("min", "max"))
    return least, most


def deductible(wages: int, spent: int, day: date) -> Amount:
    """How much of an enterprise's spending on Party work may be deducted: as spent, up to 1 % of the year's wages. Fen.

    ValueError below 0; law.OutsideDates before 2014-12-05.

    >>> deductible(1_000_000_00, 12_000_00, date(2025, 12, 31)).amount
    1000000
    """
    limit = Fraction(_not_below_0(wages), 100) * money.rate(law.at(day).value("enterprise_party_fund_tax"))
    return Amount(min(_not_below_0(spent), int(limit * 100 // 1)), None, _read("enterprise_party_fund_tax", day))


def _read(name: str, day: date) -> tuple[law.Reading, ...]:
    return (law.at(day).reading(name),)


def _not_below_0(amount: int) -> int:
    if amount < 0:
        raise ValueError(f"金额是 {amount} 分：不能小于 0")
    return amount
