"""How many records to draw when the number is fixed beforehand, for so many errors allowed.

The plan rests on the hypergeometric distribution, in kind as GB/T 2828.11-2008 for small populations. It holds for one
look at the end; whoever looks after every record uses `stopping`. What such a draw says of all records afterwards:
`dishu.engine.exact.hypergeometric_interval`.
"""

from __future__ import annotations

from collections.abc import Callable

from dishu.engine.hypergeometric import unlikely
from dishu.engine.sample.audit import Audit, Share, share


def sample_size(audit: Audit, errors: int = 0) -> int | None:
    """The smallest draw that, with at most `errors` bad records in it, disproves an unacceptable frame.

    None where no draw can: as many errors as are unacceptable. ValueError for errors below 0.

    >>> [sample_size(Audit.of(500, "0.05", "0.05"), errors) for errors in (0, 1, 2)]
    [56, 87, 114]
    """
    if errors < 0:
        raise ValueError(f"容许差错 {errors} 条：不能小于 0")
    bad = audit.unacceptable
    if bad is not None and errors >= bad:
        return None
    share_or_count = audit.tolerance if bad is None else bad
    return first_true(errors + 1, audit.size, lambda n: unlikely(errors, audit.size, share_or_count, n, audit.risk))


def table(audit: Audit, errors: int = 2) -> list[tuple[int, int]]:
    """(errors allowed, records to draw) for 0 up to `errors`, as far as a plan exists.

    >>> table(Audit.of(50, "0.05", "0.05"))
    [(0, 31), (1, 43), (2, 50)]
    """
    sizes = ((allowed, sample_size(audit, allowed)) for allowed in range(errors + 1))
    return [(allowed, n) for allowed, n in sizes if n is not None]


def precision_size(size: int | None, rate: Share, margin: Share, z: float = 1.959964) -> int:
    """How many records to draw to know a rate near `rate` to ± `margin`; a rule of thumb, for planning only.

    >>> precision_size(842, "0.05", "0.03"), precision_size(None, "0.5", "0.05")
    (164, 385)
    """
    p, d = float(share(rate, "差错率")), float(share(margin, "误差"))
    n = z * z * p * (1 - p) / (d * d)
    exact = n if size is None else n / (1 + (n - 1) / size)
    return -int(-exact // 1)


def first_true(low: int, high: int | None, holds: Callable[[int], bool]) -> int:
    """The smallest number from `low` on for which it holds, where it holds from there on, and at `high` at the latest."""
    step = 64
    while high is None or low + step < high:
        if holds(low + step):
            high = low + step
        else:
            low, step = low + step + 1, step * 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low
