"""How likely are so few bad records in a draw? Decided in whole numbers: no rounding ever moves a plan by a record.

`size` records of which `bad` are bad, `n` drawn without putting back; `size` None: with so many records that drawing
takes nothing away (binomial), `bad` then being the exact share.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import comb, log, log1p
from typing import Any

import numpy as np
from scipy.special import gammaln, logsumexp

#: Up to here whole numbers are quicker than logarithms.
SHORT = 500


def at_most(found: int, size: int, bad: int, n: int) -> tuple[int, int]:
    """The chance of at most `found` bad among `n` drawn, as numerator and denominator. ValueError for impossible counts.

    >>> at_most(0, 10, 5, 2)
    (10, 45)
    """
    if not (0 <= bad <= size and 0 <= n <= size):
        raise ValueError(f"共 {size}、坏 {bad}、抽 {n}：坏的和抽的都应在 0 与 {size} 之间")
    # bad and n may change places; with the smaller as draw the numbers stay short
    return sum(_ways(found, size, max(bad, n), min(bad, n))), comb(size, min(bad, n))


def _ways(found: int, size: int, bad: int, n: int) -> Iterator[int]:
    """In how many ways a draw holds i bad, for i up to `found`, each from the one before."""
    first = max(0, n - (size - bad))
    if first > found:
        return
    ways = comb(bad, first) * comb(size - bad, n - first)
    for i in range(first, min(found, bad, n) + 1):
        yield ways
        ways = ways * (bad - i) * (n - i) // ((i + 1) * (size - bad - n + i + 1))


def unlikely(found: int, size: int | None, bad: int | Fraction, n: int, risk: Fraction) -> bool:
    """Whether at most `found` bad among `n` is no likelier than `risk`, without rounding.

    Logarithms decide only what is far from the edge; what is near is counted in whole numbers.

    >>> [unlikely(0, 100, 5, n, Fraction(1, 20)) for n in (44, 45)]
    [False, True]
    """
    if n > SHORT and (size is None or bad > SHORT):
        far = _log_at_most(found, size, bad, n) - log(risk)
        # the logarithms of factorials are good to 16 digits; those of a million have 8 before the point
        if abs(far) > 1e-6 * max(1.0, (size or n) / 1e6):
            return bool(far < 0)
    if size is None:
        return _binomial(found, Fraction(bad), n, risk)
    numerator, denominator = at_most(found, size, int(bad), n)
    return numerator * risk.denominator <= denominator * risk.numerator


def _binomial(found: int, share: Fraction, n: int, risk: Fraction) -> bool:
    p, q = share.numerator, share.denominator - share.numerator
    ways = sum(comb(n, i) * p**i * q ** (n - i) for i in range(min(found, n) + 1))
    return bool(ways * risk.denominator <= share.denominator**n * risk.numerator)


def _log_at_most(found: int, size: int | None, bad: int | Fraction, n: int) -> float:
    least = 0 if size is None else max(0, n - (size - int(bad)))
    i = np.arange(least, min(found, n, n if size is None else int(bad)) + 1)
    if not len(i):
        return -np.inf
    if size is None:
        p = float(bad)
        return float(logsumexp(_log_comb(n, i) + i * log(p) + (n - i) * log1p(-p)))
    ways = _log_comb(int(bad), i) + _log_comb(size - int(bad), n - i)
    return float(logsumexp(ways) - _log_comb(size, n))


def _log_comb(total: int, chosen: Any) -> Any:
    return gammaln(total + 1) - gammaln(chosen + 1) - gammaln(total - chosen + 1)
