"""Keys that are the same in every edition and tell nothing: a keyed hash of what identifies a unit or a person."""

from __future__ import annotations

import hmac
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

#: What people write where they mean "not known"; such an organization is no organization.
NOTHING = frozenset(
    {"", "无", "不明", "不详", "不清", "不清楚", "未知", "待查", "待核", "暂无", "没有", "-", "/", "空"}
)


@dataclass(frozen=True)
class Keyring:
    """Makes int64 keys from texts with a secret of at least 16 bytes."""

    secret: bytes

    def __post_init__(self) -> None:
        if len(self.secret) < 16:
            raise ValueError("密钥至少要有16个字节")

    def key(self, kind: str, *texts: str | None) -> int:
        """A positive int64 for what identifies something of that kind.

        >>> ring = Keyring(b"0123456789abcdef")
        >>> ring.key("unit", "421302000000014") == ring.key("unit", "421302000000014")
        True
        """
        message = "\x1f".join((kind, *(text or "" for text in texts))).encode()
        digest = hmac.digest(self.secret, message, "sha256")
        return int.from_bytes(digest[:8], "big") >> 1


def org_name(text: str | None) -> str | None:
    """An organization's name as it is compared: half-width, no blanks, no 中共; empty for "not known".

    >>> org_name(" 中共曾都区东城街道 文峰社区支部委员会"), org_name("不详")
    ('曾都区东城街道文峰社区支部', None)
    """
    plain = "".join(unicodedata.normalize("NFKC", text or "").split())
    for prefix in ("中国共产党", "中共"):
        plain = plain.removeprefix(prefix)
    for long, short in (("支部委员会", "支部"), ("总支部委员会", "总支部")):
        if plain.endswith(long):
            plain = plain.removesuffix(long) + short
    return None if plain in NOTHING else plain


class Clusters:
    """Groups of records that are one and the same, from pairs that were found to be.

    `apart`: records that a person has said are not the same; no chain of pairs joins them. Pairs are taken in order.
    """

    def __init__(
        self, ids: Iterable[str], pairs: Iterable[tuple[str, str]], apart: Iterable[tuple[str, str]] = ()
    ) -> None:
        self._parent = {one: one for one in ids}
        self._apart: dict[str, set[str]] = defaultdict(set)
        for left, right in apart:
            self._apart[left].add(right)
            self._apart[right].add(left)
        for left, right in pairs:
            self._join(left, right)

    def _root(self, one: str) -> str:
        while (above := self._parent[one]) != one:
            self._parent[one] = self._parent[above]
            one = self._parent[one]
        return one

    def _join(self, left: str, right: str) -> None:
        a, b = sorted((self._root(left), self._root(right)))
        if a == b or b in self._apart.get(a, ()):
            return
        self._parent[b] = a
        for other in self._apart.pop(b, ()):
            self._apart[other].discard(b)
            self._apart[other].add(a)
            self._apart[a].add(other)

    def of(self, ids: Iterable[str]) -> list[str]:
        """The group of each record, named by its first record.

        >>> Clusters("abc", [("b", "c")]).of("abc")
        ['a', 'b', 'b']
        >>> Clusters("abc", [("a", "b"), ("b", "c")], apart=[("a", "c")]).of("abc")
        ['a', 'a', 'c']
        """
        return [self._root(one) for one in ids]
