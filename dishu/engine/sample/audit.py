"""What is settled before the seed of an audit is drawn: how many records, how many errors are too many, which risk."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

Share = Fraction | Decimal | float | int | str

#: Sample sizes at which people meet and decide; after the last, all records are checked.
ROUNDS: Final = (60, 120, 240)


def share(value: Share, name: str) -> Fraction:
    """A share between 0 and 1 as an exact fraction: 0.05 is one twentieth, never the binary number next to it.

    Text may be `0.05`, `1/20` or `5%`. ValueError (in Chinese, with `name`) unless 0 < share < 1.

    >>> share(0.05, "容许差错率"), share("5%", "容许差错率")
    (Fraction(1, 20), Fraction(1, 20))
    """
    text = str(value).strip().replace("％", "%")
    try:
        exact = Fraction(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{name}“{value}”不是数：请写成 0.05 或 5%") from None
    if not 0 < exact < 1:
        raise ValueError(f"{name}是 {value}：应大于 0、小于 1，例如 0.05")
    return exact


@dataclass(frozen=True)
class Audit:
    """The terms of an audit of `size` records (None: so many that drawing takes nothing away).

    `tolerance`: the share of bad records that may no longer be; `risk`: the chance, at most, of passing a frame that
    bad.
    """

    size: int | None
    tolerance: Fraction
    risk: Fraction

    @classmethod
    def of(cls, size: int | None, tolerance: Share, risk: Share) -> Audit:
        """Terms from what was written. ValueError for a size below 1 or shares outside 0 to 1."""
        if size is not None and size < 1:
            raise ValueError(f"总数是 {size}：至少要有 1 条记录才能抽查")
        return cls(size, share(tolerance, "容许差错率"), share(risk, "误判风险"))

    @property
    def unacceptable(self) -> int | None:
        """The least number of bad records that is too many: tolerance x size rounded up; None for no size.

        >>> Audit.of(842, "0.05", "0.05").unacceptable, Audit.of(100, 0.07, 0.05).unacceptable
        (43, 7)
        """
        return None if self.size is None else -int(-self.tolerance * self.size // 1)

    @property
    def least_mean(self) -> float:
        """The mean goodness that is just too low: what the audit must disprove."""
        if self.size is None or self.unacceptable is None:
            return float(1 - self.tolerance)
        return (self.size - self.unacceptable) / self.size

    def next_round(self, done: int, rounds: tuple[int, ...] = ROUNDS) -> int | None:
        """How many records the next round goes up to, all at the end; None when all are done.

        >>> [Audit.of(200, "0.05", "0.05").next_round(done) for done in (0, 60, 120, 199, 200)]
        [60, 120, 200, 200, None]
        """
        ahead = [to for to in rounds if to > done and (self.size is None or to < self.size)]
        return ahead[0] if ahead else (self.size if self.size is not None and done < self.size else None)
