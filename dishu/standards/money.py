"""Money in whole fen: read as written, rounded half up, and shared out so that the parts add up to the fen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

Yuan = Decimal | Fraction | int | str


def yuan(value: Yuan, name: str = "金额") -> Fraction:
    """An amount in yuan, exact. Text may have thousands separators and end in 元. ValueError below 0 or for no number.

    >>> yuan("27,000.50元")
    Fraction(54001, 2)
    """
    if isinstance(value, Fraction | int):
        exact = Fraction(value)
    else:
        text = str(value).strip().removesuffix("元").replace(",", "").replace("，", "")
        try:
            exact = Fraction(Decimal(text))
        except (InvalidOperation, ValueError, OverflowError):
            raise ValueError(f"{name}“{value}”不是一个数：请写元，如 8000 或 8000.50") from None
    if exact < 0:
        raise ValueError(f"{name}是 {value}：不能小于 0")
    return exact


def rate(value: float | Decimal | Fraction | str) -> Fraction:
    """A rate as it is written: 0.005 is five thousandths, not the binary number next to it.

    >>> rate(0.005)
    Fraction(1, 200)
    """
    return value if isinstance(value, Fraction) else Fraction(str(value))


def fen(value: Fraction, step: int = 1) -> int:
    """Yuan as fen, rounded half up to whole steps of so many fen (1, 10: to the jiao, 100: to the yuan).

    >>> [fen(Fraction("0.125")), fen(Fraction("0.125"), 10), fen(Fraction("149.50"), 100)]
    [13, 10, 15000]
    """
    return int((value * 100 / step + Fraction(1, 2)) // 1) * step


def written(amount: int) -> str:
    """Fen as yuan with two decimals.

    >>> written(13500), written(7)
    ('135.00', '0.07')
    """
    return f"{amount // 100}.{amount % 100:02d}"


def apportion(total: int, weights: Sequence[Fraction | int]) -> list[int]:
    """`total` fen by weights, by largest remainder (the earlier first where equal): the parts add up to the total.

    ValueError where all weights are 0 or one is below.

    >>> apportion(100, [1, 1, 1])
    [34, 33, 33]
    """
    whole = sum(map(Fraction, weights), Fraction(0))
    if whole <= 0 or min(weights) < 0:
        raise ValueError("没有可以据以分配的比例：各份不能小于 0，也不能全是 0")
    exact = [total * Fraction(weight) / whole for weight in weights]
    parts = [int(share // 1) for share in exact]
    short = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in short[: total - sum(parts)]:
        parts[at] += 1
    return parts


def cross(rows: Mapping[str, int], shares: Mapping[str, Fraction]) -> dict[str, dict[str, int]]:
    """Each row's fen by column so that rows and columns both add up: {column: {row: fen}}.

    The columns' totals are `apportion`'s; each is then taken from the rows by what is left in them, so that every fen of
    a column can be followed to the row it came from. ValueError as `apportion`.

    >>> cross({"甲": 10, "乙": 10, "丙": 10}, {"中央": Fraction(1, 20), "支部": Fraction(19, 20)})
    {'中央': {'甲': 1, '乙': 1, '丙': 0}, '支部': {'甲': 9, '乙': 9, '丙': 10}}
    """
    left, taken = dict(rows), {}
    for column, total in zip(shares, apportion(sum(rows.values()), list(shares.values())), strict=True):
        parts = apportion(total, list(left.values())) if total else [0] * len(left)
        taken[column] = dict(zip(left, parts, strict=True))
        left = {row: left[row] - part for row, part in taken[column].items()}
    return taken
