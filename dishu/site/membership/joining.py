"""Two members who are one, joined by a person's word, and parted again: what the whole judgement of all rosters would say."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dishu.site.doubts import snapshot
from dishu.site.intake import kept
from dishu.site.intake.fold import Tie
from dishu.site.membership import write
from dishu.site.membership.judge import TABLES, Person, again
from dishu.site.membership.models import Member
from dishu.site.registry.changing import Impossible
from dishu.site.territory.models import Place

_LACKING = ("citizen_id", "citizen_trace", "phone", "phone_trace", "phone_end", "sex", "birth")


@dataclass
class Parts:
    """What a joining is taken back with: the rows of both members before, and what the rosters said of each.

    `after`: what both looked like joined; when they look otherwise, something rests on the joining.
    """

    rows: snapshot.Rows
    recs: dict[str, int]
    ties: dict[str, dict[int, list[Tie]]]
    after: str = ""
    given_way: int = 0


def join(top: Place, first: int, other: int) -> Parts:
    """All that is known of `other` is `first`'s from now on. Raises `Impossible`; in the caller's transaction."""
    before = write.last(top)
    recs, ties = _of(before, first, other)
    parts = Parts(snapshot.taken(Member, [first, other]), recs, ties)
    uploads = kept.committed(top)
    person = again(set(recs), uploads, before.employers, before.owned, before.public)
    if recs and person is None:
        raise Impossible(_("合在一起看，这个人已不在本领域工作，不能并为一名党员。请先核对两边的工作单位。"))
    lost = Member.objects.get(pk=other)
    Member.objects.filter(pk=other).update(citizen_id=None, citizen_trace=None)  # a number is one member's only
    _complete(first, lost)
    if person is not None:
        write.one(ties, {first: person}, frozenset(u.pk for u in uploads))
    try:
        parts.given_way = snapshot.move(Member, other, first)
    except snapshot.Bound as error:
        raise Impossible(str(error)) from error
    Member.objects.filter(pk=other).delete()
    if recs:
        _patch(
            top, before, dict.fromkeys(recs, first), {n: {first: p} for n, p in _ties(person).items()}, (first, other)
        )
    parts.after = _look(top, first, other)
    return parts


def _ties(person: Person | None) -> dict[str, list[Tie]]:
    return {name: person.ties[name] if person else [] for name in TABLES}


def part(top: Place, first: int, other: int, parts: Parts) -> None:
    """Both as they were before the joining. Raises `Impossible` where something has changed since."""
    if _look(top, first, other) != parts.after:
        raise Impossible(_("合并以后，这名党员的记录又有变化，不能原样分开。请先撤销后来的修改或撤回后来的名册。"))
    snapshot.put_back(Member, [first, other], parts.rows)
    _patch(top, write.last(top), parts.recs, parts.ties, (first, other))


def _of(last: write.Last, first: int, other: int) -> tuple[dict[str, int], dict[str, dict[int, list[Tie]]]]:
    """What the rosters said last of these two."""
    both = (first, other)
    recs = {rec: pk for rec, pk in last.recs.items() if pk in both}
    return recs, {name: {pk: last.ties[name][pk] for pk in both if pk in last.ties[name]} for name in TABLES}  # type: ignore[index]


def _look(top: Place, first: int, other: int) -> str:
    recs, ties = _of(write.last(top), first, other)
    return snapshot.digest(snapshot.content(snapshot.taken(Member, [first, other])), sorted(recs), ties)


def _complete(first: int, lost: Member) -> None:
    """What is known only of the other."""
    kept_one = Member.objects.select_for_update().get(pk=first)
    for names in (_LACKING[:2], _LACKING[2:5], *((name,) for name in _LACKING[5:])):
        if not getattr(kept_one, names[0]):
            for name in names:
                setattr(kept_one, name, getattr(lost, name))
    kept_one.version += 1
    kept_one.save()


def _patch(
    top: Place, last: write.Last, recs: dict[str, int], ties: dict[str, dict[int, list[Tie]]], both: tuple[int, int]
) -> None:
    last.recs.update(recs)
    for name in TABLES:
        for pk in both:
            last.ties[name].pop(pk, None)
        last.ties[name].update(ties[name])  # type: ignore[arg-type]
    write.remember(top, last)
