"""Changes of the tree of places: each with its day and document; figures for earlier days do not move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from dishu.site import bulk
from dishu.site.territory.models import LEVELS, Place, PlaceState, on
from dishu.site.trail import lines as trail
from dishu.standards.codes import divisions
from dishu.standards.codes.divisions import Division

_RANK = {level: rank for rank, level in enumerate(LEVELS)}
#: One change of the tree after the other: a check made by one holds until it is written.
_ONE_AT_A_TIME = 7202


class Impossible(ValueError):
    """The change contradicts what is known; nothing was done. `field`: where the screen shows why."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True)
class Part:
    """What comes out of a split: its code and name, and the places of the next level that lie in it."""

    code: str
    name: str
    children: tuple[Place, ...] = ()


def reach_again(place: Place | None = None) -> int:
    """Make `Reach` anew for a place and all in it, or for everything. Returns how many rows changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT territory_reach_again(%s)", [place.pk if place else None])
        return int(cursor.fetchone()[0])


@trail.action()
def found(
    *, by: trail.Actor | None, code: str, name: str, level: str, parent: Place | None, day: date, kind: str = "",
    document: str = "",
) -> Place:  # fmt: skip
    """A new place: a township that was split off, a market that opened, a park, an association branch."""
    _alone(*([parent] if parent else []))
    used = Place.objects.filter(code=code).first()
    if used:
        raise Impossible(
            _("代码 {code} 已经有区域使用：{used}。请核对代码。").format(code=code, used=used.name), "code"
        )
    if parent:
        _fits(level, parent, day)
    place = Place.objects.create(code=code, name=name, level=level, kind=kind, parent=parent)
    PlaceState.objects.create(place=place, name=name, level=level, parent=parent, since=day, document=document)
    _done(by, "founded", place, day, document)
    return place


@trail.action()
def rename(*, by: trail.Actor, place: Place, name: str, day: date, document: str) -> Place:
    """The place has another name from that day on."""
    _alone(place)
    if name == place.name:
        raise Impossible(_("名称没有变化，仍是{name}。").format(name=name), "name")
    _change(place, day, document, name=name)
    _done(by, "renamed", place, day, document)
    return place


@trail.action()
def move(*, by: trail.Actor, place: Place, parent: Place, day: date, document: str) -> Place:
    """The place lies under another from that day on; what lies in it moves with it."""
    _alone(place, parent)
    if parent.pk == place.parent_id:
        raise Impossible(_("{place}现在就在{parent}之下。").format(place=place.name, parent=parent.name), "parent")
    if parent.pk == place.pk or place.reaches.filter(place=parent).exists():
        raise Impossible(
            _("{place}不能划归它自己或它的下级{parent}。").format(place=place.name, parent=parent.name), "parent"
        )
    _fits(place.level, parent, day)
    before = place.parent
    _change(place, day, document, parent=parent)
    _done(by, "moved", place, day, document, before)
    return place


@trail.action()
def merge(*, by: trail.Actor, places: Iterable[Place], into: Place, day: date, document: str) -> Place:
    """Places end; what was in them, and the places in them, belong to another from that day on."""
    merged = list(places)
    _alone(into, *merged)
    for place in merged:
        _may_become(place, into, day)
        if place.level != into.level:
            raise Impossible(
                _("{place}与{into}层级不同，不能并入；可改为撤销或划转。").format(place=place.name, into=into.name),
                "into",
            )
        _hand_over(place.children.open(), into, day, document)
        _end(place, day, into, document)
        _done(by, "merged", place, day, document, place.parent)
    _done(by, "took_in", into, day, document)
    return into


@trail.action()
def split(
    *, by: trail.Actor, place: Place, parts: Sequence[Part], day: date, document: str, close: bool = True
) -> list[Place]:
    """New places come out of one, each with the places that lie in it.

    With `close` the old one ends; what nobody assigned, and all records that only name the old place, count at the
    first part. Without, it goes on with what is left.
    """
    _alone(place)
    _present(place, day)
    made = [
        found(by=by, code=part.code, name=part.name, level=place.level, kind=place.kind, parent=place.parent, day=day,
              document=document)
        for part in parts
    ]  # fmt: skip
    if not made:
        raise Impossible(_("请至少填写一个新区域的代码和名称。"), "parts")
    for new, part in zip(made, parts, strict=True):
        _hand_over(part.children, new, day, document)
    if close:
        _hand_over(place.children.open(), made[0], day, document)
        _end(place, day, made[0], document)
    _done(by, "split", place, day, document)
    return made


@trail.action()
def close(*, by: trail.Actor, place: Place, day: date, document: str, successor: Place | None = None) -> Place:
    """The place ends; its records count at the successor, or else at the place above."""
    _alone(place, *([successor] if successor else []))
    if place.children.open().exists():
        raise Impossible(_("{place}还有下级区域，请先划转或撤销下级。").format(place=place.name))
    if place.parent is None:
        raise Impossible(_("{place}是最上一级，不能撤销。").format(place=place.name))
    before = place.parent
    if successor:
        _may_become(place, successor, day)
    _end(place, day, successor or before, document)
    _done(by, "closed", place, day, document, before)
    return place


def _alone(*places: Place) -> None:
    """Wait until nobody else changes the tree, then see the places as they are now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    for place in places:
        place.refresh_from_db()


def _fits(level: str, parent: Place, day: date) -> None:
    """Whether a place of that level can lie under the parent from that day on."""
    if parent.closed_on or not parent.states.filter(on(day)).exists():
        raise Impossible(
            _("{parent}在 {day} 不存在或已撤销，请另选上级。").format(parent=parent.name, day=day), "parent"
        )
    if _RANK[level] <= _RANK[parent.level]:
        raise Impossible(
            _("{level}不能在{parent}（{parent_get_level_display}）之下。").format(
                level=LEVELS[level], parent=parent.name, parent_get_level_display=parent.get_level_display()
            ),
            "parent",
        )


def _may_become(place: Place, into: Place, day: date) -> None:
    """Whether records of the place can count at the other from that day on."""
    if into.pk == place.pk or place.reaches.filter(place=into).exists():
        raise Impossible(_("{place}不能并入它自己或它的下级{into}。").format(place=place.name, into=into.name), "into")
    if into.closed_on or not into.states.filter(on(day)).exists():
        raise Impossible(_("{into}在 {day} 不存在或已撤销，请另选。").format(into=into.name, day=day), "into")


def _hand_over(children: Iterable[Place], parent: Place, day: date, document: str) -> None:
    """Places of the next level lie under another from that day on."""
    for child in children:
        _change(child, day, document, parent=parent)
        reach_again(child)


def _change(place: Place, day: date, document: str, **what: object) -> None:
    """End the present state and begin another that differs in `what`."""
    state = _present(place, day)
    kept = {"name": state.name, "level": state.level, "parent": state.parent} | what
    if state.since == day:
        PlaceState.objects.filter(pk=state.pk).update(**what, document=document)
    else:
        PlaceState.objects.filter(pk=state.pk).update(until=day)
        PlaceState.objects.create(place=place, since=day, document=document, **kept)
    for name, value in what.items():
        setattr(place, name, value)
    place.save()


def _present(place: Place, day: date) -> PlaceState:
    """The last state, which must still hold and hold on that day: history is not rewritten by an ordinary change."""
    state = place.states.select_related("parent").filter(on(day), until__isnull=True).first()
    if state is None:
        raise Impossible(
            _("{place}在 {day} 不存在，或者此后已有变更。请核对日期，按先后顺序登记变更。").format(
                place=place.name, day=day
            ),
            "day",
        )
    return state


def _end(place: Place, day: date, successor: Place, document: str) -> None:
    state = _present(place, day)
    if state.since == day:
        raise Impossible(
            _("{place}在 {day} 当天刚刚变更，不能同日撤销。请用次日。").format(place=place.name, day=day), "day"
        )
    PlaceState.objects.filter(pk=state.pk).update(until=day)
    place.closed_on, place.successor, place.closed_by = day, successor, document
    place.save()


def _done(
    by: trail.Actor | None, verb: str, place: Place, day: date, document: str, before: Place | None = None
) -> None:
    """The reach of the place anew, and its line; one more where it lay before, whose figures change too."""
    reach_again(place)
    trail.write(by=by, verb=verb, subject=place, place=place, reason=document, details={"day": str(day)})
    if before is not None:
        trail.write(by=by, verb=verb, subject=place, place=before, reason=document, details={"day": str(day)})


@trail.action()
def load_divisions(*, by: trail.Actor | None, scope: str) -> int:
    """Places of a scope (`"4213"`) and all above it from the national register, with their history. Known codes stay."""
    rows = [row for row in divisions.table() if row.code.startswith(scope) or scope.startswith(row.code)]
    known = set(Place.objects.values_list("code", flat=True))
    last = {row.code: row for row in sorted(rows, key=lambda row: row.since) if row.code not in known}
    Place.objects.bulk_create(Place(code=r.code, name=r.name, level=r.level, closed_on=r.until) for r in last.values())
    ids = dict(Place.objects.values_list("code", "pk"))
    _connect(last.values(), ids)
    _states([row for row in rows if row.code in last], ids)
    reach_again()
    bulk.look_over("territory_place", "territory_placestate", "territory_reach")
    trail.write(by=by, verb="loaded", subject=None, place=None, reason=scope, details={"places": len(last)})
    return len(last)


def _connect(rows: Iterable[Division], ids: dict[str, int]) -> None:
    """Parents and successors, once every place has its key."""
    changed = [
        Place(pk=ids[row.code], parent_id=ids.get(row.parent or ""), successor_id=ids.get(_first(row.successor)))
        for row in rows
    ]
    Place.objects.bulk_update(changed, ["parent", "successor"], batch_size=2000)


def _first(successor: str | None) -> str:
    return (successor or "").split(";")[0]


def _states(rows: list[Division], ids: dict[str, int]) -> None:
    PlaceState.objects.bulk_create(
        (
            PlaceState(
                place_id=ids[row.code], name=row.name, level=row.level, parent_id=ids.get(row.parent or ""),
                since=row.since, until=row.until, document=row.source,
            )
            for row in rows
        ),
        batch_size=2000,
    )  # fmt: skip
