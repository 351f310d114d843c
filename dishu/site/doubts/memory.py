"""Doubtful pairs kept up with what the rosters say, and decisions told to the matching before it asks again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from dishu.site import crypto
from dishu.site.doubts.models import Pair
from dishu.site.territory.models import Place, Reach

Sides = tuple[frozenset[str], frozenset[str]]


def mark(*words: Any) -> str:
    """A keyed hash of what a row says: the same row is known again, and nothing is told by it."""
    return crypto.trace("\x1f".join("" if word is None else str(word) for word in words))


@dataclass(frozen=True)
class Told:
    """What was decided: the marks of the two sides of each pair."""

    same: tuple[Sides, ...] = ()
    apart: tuple[Sides, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.same or self.apart)

    def of(self, records: Iterable[tuple[str, str]]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Pairs of records that are the same, and that are not; `records`: each with the mark of what it says."""
        by_mark: dict[str, list[str]] = defaultdict(list)
        for record, its_mark in records:
            by_mark[its_mark].append(record)

        def across(sides: Sides) -> tuple[list[str], list[str]]:
            left, right = ([r for m in sorted(side) for r in by_mark.get(m, ())] for side in sides)
            return left, right

        told_same = [across(sides) for sides in self.same]
        same = [(left[0], one) for left, right in told_same if left and right for one in (*left[1:], *right)]
        told_apart = [across(sides) for sides in self.apart]
        apart = [(one, two) for left, right in told_apart for one in left for two in right if one != two]
        return same, apart


def told(top: Place, kind: str) -> Told:
    """What was decided of pairs below a place."""
    rows = Pair.objects.settled().filter(kind=kind, place__reached__node=top).order_by("decided_at", "pk")
    found: dict[str, list[Sides]] = {"same": [], "different": []}
    for state, left, right in rows.values_list("state", "marks_left", "marks_right"):
        found[state].append((frozenset(left), frozenset(right)))
    return Told(tuple(found["same"]), tuple(found["different"]))


def stand(top: Place) -> list[tuple[int, str]]:
    """Which decisions there are below a place."""
    return list(Pair.objects.settled().filter(place__reached__node=top).order_by("pk").values_list("pk", "state"))


@dataclass(frozen=True)
class Found:
    """A pair as the matching found it: keys, where each side lies, why, and the marks of both sides."""

    left: int
    right: int
    places: tuple[str, str]
    upload: int | None
    reasons: str
    probability: float
    model: str
    marks: Sides = field(default=(frozenset(), frozenset()))

    def ordered(self) -> Found:
        """With the smaller key on the left."""
        if self.left < self.right:
            return self
        return Found(
            self.right, self.left, self.places[::-1], self.upload, self.reasons, self.probability, self.model,
            self.marks[::-1],
        )  # fmt: skip


_KEPT = ("place_id", "reasons", "probability", "model", "marks_left", "marks_right")


def keep_up(top: Place, kind: str, found: Iterable[Found]) -> int:
    """The pairs that wait below a place become those that were found; settled ones stay as they are. Returns changes.

    The caller holds the lock of commits (`intake.kept.alone`); the table's own constraint stands behind it.
    """
    pairs = {(one.left, one.right): one for one in (one.ordered() for one in found)}
    lies = common(code for one in pairs.values() for code in one.places)
    waiting = {(one.left, one.right): one for one in Pair.objects.waiting().filter(kind=kind, place__reached__node=top)}
    gone = [one.pk for key, one in waiting.items() if key not in pairs]
    Pair.objects.waiting().filter(pk__in=gone).delete()
    settled = set(Pair.objects.settled().filter(kind=kind).values_list("left", "right"))
    new, better = [], []
    for key, one in pairs.items():
        values = _values(one, lies(one.places, top))
        if key in waiting:
            old = waiting[key]
            if any(getattr(old, name) != value for name, value in values.items()):
                better.append(Pair(pk=old.pk, **values))
        elif key not in settled:
            new.append(Pair(kind=kind, left=one.left, right=one.right, upload_id=one.upload, **values))
    Pair.objects.bulk_create(new, ignore_conflicts=True, batch_size=2000)
    Pair.objects.bulk_update(better, _KEPT, batch_size=2000) if better else None
    return len(gone) + len(new) + len(better)


def add(top: Place, kind: str, found: Iterable[Found]) -> int:
    """More pairs wait below a place, where nobody is asked or has settled it. Returns how many."""
    pairs = {(one.left, one.right): one for one in (one.ordered() for one in found)}
    lies = common(code for one in pairs.values() for code in one.places)
    there = set(Pair.objects.filter(kind=kind, left__in=[left for left, _ in pairs]).values_list("left", "right"))
    apart = told(top, kind).apart if pairs else ()
    new = [
        Pair(kind=kind, left=one.left, right=one.right, upload_id=one.upload, **_values(one, lies(one.places, top)))
        for key, one in pairs.items()
        if key not in there and not any(_across(one.marks, sides) for sides in apart)
    ]
    Pair.objects.bulk_create(new, ignore_conflicts=True, batch_size=2000)
    return len(new)


def _across(marks: Sides, sides: Sides) -> bool:
    return any(marks[n] & sides[0] and marks[1 - n] & sides[1] for n in (0, 1))


def forget(kind: str, records: Iterable[int]) -> None:
    """These records are gone: nobody needs to be asked about them."""
    gone = list(records)
    Pair.objects.waiting().filter(Q(left__in=gone) | Q(right__in=gone), kind=kind).delete()


def _values(one: Found, place: int) -> dict[str, Any]:
    left, right = (sorted(side) for side in one.marks)
    return dict(zip(_KEPT, (place, one.reasons, one.probability, one.model, left, right), strict=True))


def common(codes: Iterable[str]) -> Callable[[tuple[str, str], Place], int]:
    """Gives, for two of these places, the nearest that both lie in."""
    above: dict[str, dict[int, str]] = defaultdict(dict)
    asked = Reach.objects.filter(place__code__in=set(codes))
    for place, node, code in asked.values_list("place__code", "node_id", "node__code"):
        above[place][node] = code

    def nearest(two: tuple[str, str], top: Place) -> int:
        both = above[two[0]].keys() & above[two[1]].keys()
        names = above[two[0]]  # a closed place lies in its successor too, whose code is as long: itself is nearer
        return max(both, key=lambda node: (len(names[node]), names[node] in two, node), default=top.pk)

    return nearest
