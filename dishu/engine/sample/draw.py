"""Which records are looked at: drawn by a seed rolled in public, so that anyone can draw again and find the same.

The ticket of a record is SHA-256 of seed, comma, id; the smallest tickets are drawn. The order of the rows plays no
part, and whoever draws more keeps those already drawn. The hash of the frame is published before the seed is rolled:
then nobody can add or remove a record afterwards.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from heapq import nsmallest


def normal(text: str) -> str:
    """An id or seed as it counts: full-width forms made plain (NFKC), blanks at both ends gone; case and zeros stay.

    >>> normal(" Ａ００１　")
    'A001'
    """
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()


def frame(ids: Iterable[str | None], rows: Sequence[int] | None = None) -> list[str]:
    """The ids as they count, in their order. ValueError naming the rows of ids that are empty or come twice.

    `rows`: the row numbers to name, where they are not 1, 2, 3 …

    >>> frame(["甲", "乙 "])
    ['甲', '乙']
    """
    found = [normal(text or "") for text in ids]
    numbers = rows if rows is not None else range(1, len(found) + 1)
    where: dict[str, list[int]] = {}
    for text, row in zip(found, numbers, strict=True):
        where.setdefault(text, []).append(row)
    faults = [
        f"{_named(text)}（第{'、'.join(map(str, at))}行）" for text, at in where.items() if not text or len(at) > 1
    ]
    if faults:
        more = f"等 {len(faults)} 处" if len(faults) > 10 else ""
        raise ValueError(
            f"抽样框里编号有空的或重复的：{'；'.join(faults[:10])}{more}。请补全、去重后重新公布名单摘要，再抽"
        )
    if not found:
        raise ValueError("抽样框是空的：没有可抽的记录")
    return found


def _named(text: str) -> str:
    return f"“{text}”重复" if text else "空编号"


def frame_hash(ids: Iterable[str]) -> str:
    """SHA-256 of a frame: its ids sorted, one per line. Published before the seed is rolled; independent of row order.

    >>> frame_hash(["b", "a"]) == frame_hash(["a", "b"])
    True
    """
    return hashlib.sha256("\n".join(sorted(frame(ids))).encode()).hexdigest()


def ticket(seed: str, *parts: str) -> str:
    """The ticket of a record: SHA-256 of the seed and its id (or ids), joined by commas, as hexadecimal.

    >>> ticket("20261122", "A001")[:12]
    '824af5bd6621'
    """
    return hashlib.sha256(",".join((seed, *parts)).encode()).hexdigest()


def draw(ids: Iterable[str], seed: str, number: int) -> list[str]:
    """The first `number` ids by ticket: a simple random sample. ValueError for an empty seed, a number out of reach.

    >>> draw(["甲", "乙", "丙", "丁"], "20261122", 2)
    ['丁', '丙']
    """
    found, seed = frame(ids), normal(seed)
    if not seed:
        raise ValueError("没有种子：请在公布名单摘要之后当众摇出一串数字，用它作种子")
    if not 1 <= number <= len(found):
        raise ValueError(f"要抽 {number} 条，名单有 {len(found)} 条：抽取数应在 1 与 {len(found)} 之间")
    return [one for _, one in nsmallest(number, ((ticket(seed, one), one) for one in found))]
