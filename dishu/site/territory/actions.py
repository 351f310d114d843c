"""Changes of the tree of places: each with its day and document; figures for earlier days do not move."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction

from dishu.site.territory.models import Place, PlaceState, on
from dishu.site.trail import lines as trail
from dishu.standards.codes import divisions
from dishu.standards.codes.divisions import Division


class Impossible(ValueError):
    """The change contradicts what is known; nothing was done."""


def reach_again() -> int:
    """Make `Reach` anew from parents and successors of now. Returns the number of rows."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE territory_reach RESTART IDENTITY")
        cursor.execute("""
            INSERT INTO territory_reach (node_id, place_id)
            WITH RECURSIVE up (place, node, depth) AS (
                SELECT id, id, 0 FROM territory_place
                UNION
                SELECT up.place, coalesce(p.successor_id, p.parent_id), depth + 1
                FROM up JOIN territory_place p ON p.id = up.node
                WHERE coalesce(p.successor_id, p.parent_id) IS NOT NULL AND depth < 16
            )
            SELECT DISTINCT node, place FROM up""")
        return cursor.rowcount


@transaction.atomic
def found(
    *, by: trail.Actor | None, code: str, name: str, level: str, parent: Place | None, day: date, kind: str = "",
    document: str = "",
) -> Place:  # fmt: skip
    """A new place: a township that was split off, a market that opened, a park, an association branch."""
    if Place.objects.filter(code=code).exists():
        raise Impossible(f"代码 {code} 已经有区域使用：{Place.objects.get(code=code).name}。请核对代码。")
    place = Place.objects.create(code=code, name=name, level=level, kind=kind, parent=parent)
    PlaceState.objects.create(place=place, name=name, level=level, parent=parent, since=day, document=document)
    _done(by, "founded", place, day, document)
    return place


@transaction.atomic
def rename(*, by: trail.Actor, place: Place, name: str, day: date, document: str) -> Place:
    """The place has another name from that day on."""
    return _change(by, "renamed", place, day, document, name=name)


@transaction.atomic
def move(*, by: trail.Actor, place: Place, parent: Place, day: date, document: str) -> Place:
    """The place lies under another from that day on; what lies in it moves with it."""
    if parent.pk == place.pk or place.reaches.filter(place=parent).exists():
        raise Impossible(f"{place.name}不能划归它自己或它的下级{parent.name}。")
    return _change(by, "moved", place, day, document, parent=parent)


@transaction.atomic
def merge(*, by: trail.Actor, places: Iterable[Place], into: Place, day: date, document: str) -> Place:
    """Places end and what was in them belongs to another from that day on."""
    for place in places:
        if place.pk == into.pk:
            raise Impossible(f"{place.name}不能并入它自己。")
        _end(place, day, into)
        trail.write(by=by, verb="merged", subject=place, place=into, reason=document, details={"day": str(day)})
    _done(by, "took_in", into, day, document)
    return into


@transaction.atomic
def split(
    *, by: trail.Actor, place: Place, parts: Iterable[tuple[str, str]], day: date, document: str, close: bool = True
) -> list[Place]:
    """New places (code, name) come out of one; with `close` the old one ends and counts at the first of them.

    What lay in the old place is then moved, each by its own action, to the part where it lies.
    """
    made = [
        found(by=by, code=code, name=name, level=place.level, parent=place.parent, day=day, document=document)
        for code, name in parts
    ]
    if close and made:
        _end(place, day, made[0])
    _done(by, "split", place, day, document)
    return made


@transaction.atomic
def close(*, by: trail.Actor, place: Place, day: date, document: str, successor: Place | None = None) -> Place:
    """The place ends; its records count at the successor, or else at the place above."""
    if place.children.filter(closed_on__isnull=True).exists():
        raise Impossible(f"{place.name}还有下级区域，请先划转或撤销下级。")
    _end(place, day, successor or place.parent)
    _done(by, "closed", place, day, document)
    return place


def _change(by: trail.Actor, verb: str, place: Place, day: date, document: str, **what: object) -> Place:
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
    _done(by, verb, place, day, document)
    return place


def _present(place: Place, day: date) -> PlaceState:
    """The last state, which must still hold and hold on that day: history is not rewritten by an ordinary change."""
    state = place.states.select_related("parent").filter(on(day), until__isnull=True).first()
    if state is None:
        raise Impossible(f"{place.name}在 {day} 不存在，或者此后已有变更。请核对日期，按先后顺序登记变更。")
    return state


def _end(place: Place, day: date, successor: Place | None) -> None:
    state = _present(place, day)
    if state.since == day:
        raise Impossible(f"{place.name}在 {day} 当天刚刚变更，不能同日撤销。请用次日。")
    PlaceState.objects.filter(pk=state.pk).update(until=day)
    place.closed_on, place.successor = day, successor
    place.save()


def _done(by: trail.Actor | None, verb: str, place: Place, day: date, document: str) -> None:
    reach_again()
    trail.write(by=by, verb=verb, subject=place, place=place, reason=document, details={"day": str(day)})


@transaction.atomic
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
