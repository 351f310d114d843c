"""Two units that are one, joined by a person's word, and parted again: with whom they employ, who covers them, the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dishu.site.doubts import snapshot
from dishu.site.intake import kept
from dishu.site.intake.fold import Tie
from dishu.site.membership import write
from dishu.site.membership.judge import TABLES, again
from dishu.site.registry import joining
from dishu.site.registry.changing import Impossible
from dishu.site.registry.models import Unit
from dishu.site.territory.models import Place

#: Ties that are kept by unit; those of members name the unit in their key.
_BY_UNIT = ("coverage", "plan")


@dataclass
class Said:
    """What the last judgement says of two units."""

    employers: dict[str, int]
    owned: dict[str, list[int]]
    public: list[int]
    members: dict[int, dict[str, list[Tie]]]
    units: dict[str, dict[int, list[Tie]]]


@dataclass
class Parts:
    """What a joining is taken back with: the rows of both units before, and what was judged of them.

    `after`: what both looked like joined; when they look otherwise, something rests on the joining.
    """

    rows: snapshot.Rows
    said: Said
    after: str = ""
    given_way: int = 0


def join(top: Place, first: int, other: int) -> Parts:
    """All that is known of `other` is `first`'s from now on. Raises `Impossible`; in the caller's transaction."""
    last = write.last(top)
    parts = Parts(snapshot.taken(Unit, [first, other]), _of(last, first, other))
    both = Unit.objects.select_related("place").in_bulk([first, other])
    if "market" in {unit.kind for unit in both.values()}:
        raise Impossible(_("市场的合并、拆分在“区域”里办理。"))
    try:
        with transaction.atomic():
            joining.one(top, both[first], both[other])
    except IntegrityError as error:
        raise Impossible(_("两条记录的登记有冲突，不能并在一起。请先核对两边的起止时间。")) from error
    _renamed(top, last, parts.said, first, other)
    try:
        parts.given_way = snapshot.move(Unit, other, first)
    except snapshot.Bound as error:
        raise Impossible(str(error)) from error
    Unit.objects.filter(pk=other).delete()
    write.remember(top, last)
    parts.after = _look(top, first, other)
    return parts


def part(top: Place, first: int, other: int, parts: Parts) -> None:
    """Both as they were before the joining. Raises `Impossible` where something has changed since."""
    if _look(top, first, other) != parts.after:
        raise Impossible(_("合并以后，这个单位的记录又有变化，不能原样分开。请先撤销后来的修改或撤回后来的名册。"))
    snapshot.put_back(Unit, [first, other], parts.rows)
    last, said = write.last(top), parts.said
    last.employers.update(said.employers)
    last.owned.update(said.owned)
    last.public = (last.public - {first}) | frozenset(said.public)
    for name in _BY_UNIT:
        for unit in (first, other):
            last.ties[name].pop(unit, None)
        last.ties[name].update(said.units[name])  # type: ignore[arg-type]
    for member, ties in said.members.items():
        for name in TABLES:
            last.ties[name][member] = ties[name]  # type: ignore[index]
    write.remember(top, last)


def _of(last: write.Last, first: int, other: int) -> Said:
    both = {first, other}
    workers = [pk for pk, ties in last.ties["employment"].items() if any(_unit(tie) in both for tie in ties)]
    return Said(
        {rec: unit for rec, unit in last.employers.items() if unit in both},
        {rec: list(units) for rec, units in last.owned.items() if both & set(units)},
        sorted(both & last.public),
        {pk: {name: list(last.ties[name].get(pk, [])) for name in TABLES} for pk in workers},  # type: ignore[call-overload]
        {name: {unit: list(last.ties[name][unit]) for unit in both & last.ties[name].keys()} for name in _BY_UNIT},  # type: ignore[index]
    )


def _unit(tie: Tie) -> Any:
    return tie.key[0]


def _renamed(top: Place, last: write.Last, said: Said, first: int, other: int) -> None:
    """The last judgement says `first` where it said `other`; whoever was found in both, or owns one, is judged again."""
    owners = {last.recs.get(rec) for rec in said.owned}
    last.employers.update(dict.fromkeys(said.employers, first))
    last.owned.update({rec: _without(units, first, other) for rec, units in said.owned.items()})
    last.public = frozenset(first if unit == other else unit for unit in last.public)
    for pk, ties in said.members.items():
        if pk in owners or {first, other} <= {_unit(tie) for tie in ties["employment"]}:
            _again(top, last, pk, ties)
        else:
            last.ties["employment"][pk] = [_of_first(tie, first, other) for tie in ties["employment"]]  # type: ignore[index]
    for name in _BY_UNIT:
        ties_of = {unit: list(last.ties[name].pop(unit, [])) for unit in (first, other)}  # type: ignore[call-overload]
        known = {tie.key for tie in ties_of[first]}
        if line := ties_of[first] + [tie for tie in ties_of[other] if tie.key not in known]:
            last.ties[name][first] = line  # type: ignore[index]


def _without(units: list[int], first: int, other: int) -> list[int]:
    return list(dict.fromkeys(first if unit == other else unit for unit in units))


def _of_first(tie: Tie, first: int, other: int) -> Tie:
    return tie._replace(key=(first,)) if _unit(tie) == other else tie


def _again(top: Place, last: write.Last, member: int, ties: dict[str, list[Tie]]) -> None:
    """One who worked at both worked at one."""
    uploads = kept.committed(top)
    recs = {rec for rec, pk in last.recs.items() if pk == member}
    person = again(recs, uploads, last.employers, last.owned, last.public)
    if person is None:
        raise Impossible(_("合在一起看，其中有党员已不在本领域工作，不能并为一个单位。请先核对控股类型。"))
    write.one({name: {member: ties[name]} for name in TABLES}, {member: person}, frozenset(u.pk for u in uploads))
    for name in TABLES:
        last.ties[name][member] = person.ties[name]  # type: ignore[index]


def _look(top: Place, first: int, other: int) -> str:
    said = _of(write.last(top), first, other)
    rows = snapshot.content(snapshot.taken(Unit, [first, other]))
    return snapshot.digest(rows, *(sorted(part.items()) for part in (said.employers, said.owned, said.members)),
                           said.public, [sorted(said.units[name].items()) for name in _BY_UNIT])  # fmt: skip
