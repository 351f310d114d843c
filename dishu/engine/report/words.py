"""Numbers, shares, days and places as an official Chinese text says them, never rounding a gap away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from .content import Figure

DIGITS = "〇一二三四五六七八九"
NOTHING = "—"
TITLE_WIDTH = 20  # characters of 二号 in one line of 156 mm


def percent(held: float, total: float, *, complete: bool = True) -> str:
    """A share with one decimal; 100% only when nothing is missing, 0 only when nothing is held.

    >>> percent(61, 62), percent(62, 62), percent(4055, 4056), percent(1, 9000), percent(0, 9)
    ('98.4%', '100%', '99.9%以上', '0.1%以下', '0')
    >>> percent(5, 5, complete=False), percent(0, 0)
    ('99.9%以上', '—')
    """
    if not total:
        return NOTHING
    if held <= 0:
        return "0"
    if held >= total and complete:
        return "100%"
    rounded = round(held / total * 100, 1)
    if rounded >= 100:
        return "99.9%以上"
    return f"{rounded:.1f}%" if rounded >= 0.1 else "0.1%以下"


def share(figure: Figure) -> str:
    """The share of a figure; 100% only when nothing failed and nothing is unknown.

    >>> share(Figure("x", "1", "甲", "county", None, 3, 3, 0, 1, None))
    '99.9%以上'
    """
    return percent(figure.held, figure.total, complete=figure.complete)


def verified(value: float | None) -> str:
    """A verified share (0 to 1) in words; given to 4 decimals, so 1.0 is taken as whole.

    >>> verified(0.4271), verified(None), verified(1.0)
    ('42.7%', '—', '100%')
    """
    return NOTHING if value is None else percent(value, 1.0)


def day(value: date) -> str:
    """A day with Arabic digits and no leading zeros (GB/T 9704-2012, 7.3.5.4).

    >>> day(date(2007, 8, 1))
    '2007年8月1日'
    """
    return f"{value.year}年{value.month}月{value.day}日"


def count(value: int, unit: str) -> str:
    """A count with its unit; yuan as 亿元 or 万元.

    >>> count(123, "户"), count(5_872_000_000, "元"), count(33_0000, "元"), count(500, "元")
    ('123户', '58.72亿元', '33万元', '500元')
    """
    if unit != "元" or abs(value) < 10_000:
        return f"{value}{unit}"
    size, name = (100_000_000, "亿元") if abs(value) >= 100_000_000 else (10_000, "万元")
    return f"{value / size:.2f}".rstrip("0").rstrip(".") + name


def ordinal(number: int) -> str:
    """1 to 99 as the Chinese numeral of a heading.

    >>> [ordinal(n) for n in (1, 10, 11, 20, 23)]
    ['一', '十', '十一', '二十', '二十三']
    """
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else DIGITS[tens] + "十")
    return head + (DIGITS[ones] if ones else "")


def whole(place_name: str) -> str:
    """The whole of a place in one short word, or its name where there is none.

    >>> whole("随州市"), whole("曾都区"), whole("淅河镇"), whole("东城街道")
    ('全市', '全区', '全镇', '东城街道')
    """
    return f"全{place_name[-1]}" if place_name[-1:] in tuple("省市区县旗州乡镇村") else place_name


def listed(names: Sequence[str], most: int = 5) -> str:
    """Names joined by 、; of more than `most` only the first, with how many there are.

    >>> listed(["曾都区", "广水市"]), listed(["甲", "乙", "丙"], most=2)
    ('曾都区、广水市', '甲、乙等3个')
    """
    shown = "、".join(names[:most])
    return shown if len(names) <= most else f"{shown}等{len(names)}个"


def title_lines(title: str) -> list[str]:
    """The title in lines of at most 20 characters, broken after a whole word, as even as possible.

    >>> title_lines("关于随州市非公有制企业党建工作底数和组织覆盖情况的报告")
    ['关于随州市非公有制企业党建工作', '底数和组织覆盖情况的报告']
    >>> title_lines("关于底数情况的报告")
    ['关于底数情况的报告']
    """
    if "\n" in title:
        return title.split("\n")
    if len(title) <= TITLE_WIDTH:
        return [title]
    parts = -(-len(title) // TITLE_WIDTH)
    target = -(-len(title) // parts)
    window = range(min(TITLE_WIDTH, len(title) - 1), max(target - 6, 1), -1)
    ends = ("工作", "企业", "情况", "党员", "组织", "市场", "经济", "的", "和", "、", "关于", "省", "市", "县", "区")
    good = [i for i in window if title[:i].endswith(ends) and not title[i:].startswith(("的", "、"))]
    cut = min(good, key=lambda i: abs(i - target)) if good else target
    return [title[:cut], *title_lines(title[cut:])]
