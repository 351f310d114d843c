"""Calls that read places; and what a token is."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Schema

from dishu.site.api.calls import call
from dishu.site.api.errors import Refusal
from dishu.site.api.lists import Page, Paging, listed, of_query
from dishu.site.places.views import states
from dishu.site.territory.models import KINDS, LEVELS, Place, PlaceState


class Me(Schema):
    """What the token is and may."""

    name: str
    owner: str
    role: str
    place: str
    may: list[str]
    writes: bool
    expires_at: datetime


@call("GET", "/me", "", Me)
def me(request: HttpRequest) -> Any:
    """What this token is, may, and when it ends."""
    token = request.token
    return {"name": token.name, "owner": token.owner.username, "role": token.role, "place": token.place.code,
            "may": sorted(request.scope.may), "writes": token.writes, "expires_at": token.expires_at}  # fmt: skip


class PlaceRow(Schema):
    """A place as it was on the day asked for."""

    code: str
    name: str
    level: str
    kind: str
    parent: str | None
    since: date
    until: date | None
    has_below: bool


class PlaceQuery(Paging):
    """What may be asked of places."""

    day: date | None = None
    q: str = ""
    level: Literal[*LEVELS] | None = None  # type: ignore[valid-type]
    kind: Literal[*KINDS] | None = None  # type: ignore[valid-type]
    parent: str | None = None


@call("GET", "/places", "", Page[PlaceRow], csv=True)
def places(request: HttpRequest, query: Query[PlaceQuery]) -> HttpResponse:
    """Places of the token's place as they were on a day."""
    found = states(request, query.day or timezone.localdate())
    if query.level:
        found = found.filter(level=query.level)
    if query.kind is not None:
        found = found.filter(place__kind=query.kind)
    if query.parent:
        found = found.filter(parent=my_place(request, query.parent))
    if text := query.q.strip():
        found = found.filter(name__contains=text)
    return listed(request, query, of_query("places", found, PlaceRow, _rows(request), key="place__code"))


def _rows(request: HttpRequest) -> Any:
    """Places as rows; a parent outside the scope is not named."""

    def rows(found: Sequence[PlaceState]) -> list[dict[str, Any]]:
        parents = {state.parent_id for state in found if state.parent_id}
        mine = dict(request.scope.places().filter(pk__in=parents).values_list("pk", "code"))
        return [
            {"code": s.place.code, "name": s.name, "level": s.level, "kind": s.place.kind, "since": s.since,
             "parent": mine.get(s.parent_id), "until": s.until, "has_below": s.has_below}
            for s in found
        ]  # fmt: skip

    return rows


def my_place(request: HttpRequest, code: str, field: str = "place") -> Place:
    """A place of the scope by its code; what lies outside is not found."""
    found = request.scope.places().filter(code=code).first()
    if found is None:
        raise Refusal("not_found", field=field)
    return found


class StateRow(Schema):
    """What a place was for a time, and the document that says so."""

    name: str
    level: str
    since: date
    until: date | None
    document: str


class PlaceWhole(Schema):
    """A place with its history."""

    code: str
    name: str
    level: str
    kind: str
    closed_on: date | None
    successor: str | None
    states: list[StateRow]


@call("GET", "/places/{place}", "", PlaceWhole)
def place(request: HttpRequest, place: str) -> Any:
    """One place with all its states."""
    one = get_object_or_404(request.scope.places(), code=place)
    successor = request.scope.places().filter(pk=one.successor_id).first() if one.successor_id else None
    return {
        "code": one.code, "name": one.name, "level": one.level, "kind": one.kind, "closed_on": one.closed_on,
        "successor": successor.code if successor else None,
        "states": list(one.states.order_by("since").values("name", "level", "since", "until", "document")),
    }  # fmt: skip
