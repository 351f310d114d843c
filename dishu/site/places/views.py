"""The tree of places of my scope, level by level, as of any day; one place with its history."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from dishu.site.accounts.guard import everyone
from dishu.site.places.forms import WAYS
from dishu.site.territory.models import KINDS, LEVELS, Place, PlaceState, on

PAGE = 100


def asked_day(request: HttpRequest) -> date:
    """The day of the question; today where none or a broken one is given."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return timezone.localdate()


def states(request: HttpRequest, day: date) -> QuerySet[PlaceState]:
    """Places of the scope as they were on a day, each with whether something lay in it."""
    inside = PlaceState.objects.filter(on(day), parent=OuterRef("place_id"))
    found = PlaceState.objects.filter(on(day)).select_related("place", "parent").order_by("place__code")
    return request.scope.narrow(found).annotate(has_below=Exists(inside))


def _page(found: QuerySet[PlaceState], request: HttpRequest) -> dict[str, Any]:
    after = request.GET.get("after", "")
    if after:
        found = found.filter(place__code__gt=after)
    rows = list(found[: PAGE + 1])
    return {"rows": rows[:PAGE], "more": rows[PAGE - 1].place.code if len(rows) > PAGE else None}


@everyone
def tree(request: HttpRequest) -> HttpResponse:
    """The topmost places of the scope, or those whose name or code was looked for."""
    day, text, kind = asked_day(request), request.GET.get("q", "").strip(), request.GET.get("kind", "")
    found = states(request, day)
    if kind in KINDS and kind:
        found = found.filter(place__kind=kind)
    if text:
        found = (
            found.filter(place__code__startswith=text.upper()) if text.isascii() else found.filter(name__contains=text)
        )
    looking = bool(text or (kind in KINDS and kind))
    if not looking:
        found = found.filter(place__in=request.scope.nodes)
    context = {"day": day, "q": text, "kind": kind, "kinds": KINDS, "looking": looking, "today": timezone.localdate()}
    shown = _page(found, request)
    topmost = not looking and len(shown["rows"]) <= 3
    return render(request, "places/tree.html", {**context, **shown, "topmost": topmost})


@everyone
def below(request: HttpRequest, code: str) -> HttpResponse:
    """What lay directly in a place: one level of the tree, fetched when somebody opens it."""
    one = get_object_or_404(request.scope.places(), code=code)
    day = asked_day(request)
    found = states(request, day).filter(parent=one)
    return render(request, "places/_level.html", {"day": day, "place": one, **_page(found, request)})


@everyone
def place(request: HttpRequest, code: str) -> HttpResponse:
    """One place: what it was on the day, all its states with their documents, what it came from and became."""
    one = get_object_or_404(request.scope.places().select_related("parent", "successor"), code=code)
    day = asked_day(request)
    history = list(one.states.select_related("parent").order_by("-since"))
    then = next((s for s in history if s.since <= day and (s.until is None or day < s.until)), None)
    context = {
        "place": one, "day": day, "today": timezone.localdate(), "then": then, "history": history,
        "path": _path(request, then), "levels": LEVELS, "ways": _ways(request, one),
        "predecessors": request.scope.narrow(one.predecessors.order_by("code"), "pk"), "handed": _handed(request, one),
        "gone": one.closed_on is not None and day >= one.closed_on,
        "last": one.closed_on and one.closed_on - timedelta(days=1),
    }  # fmt: skip
    return render(request, "places/place.html", {**context, **_page(states(request, day).filter(parent=one), request)})


def _handed(request: HttpRequest, one: Place) -> list[tuple[date, bool, Place, int]]:
    """What lay in the place and went elsewhere, or came here: the day, whether it went, where to or from, how many.

    A split leaves no other trace of where its parts are than the places that went there.
    """
    before = {"place__states__until": F("since")}  # the state that ended when this one began
    gone = PlaceState.objects.filter(**before, place__states__parent=one).values_list("since", "parent")
    came = PlaceState.objects.filter(**before, parent=one).values_list("since", "place__states__parent")
    found = Counter((day, True, other) for day, other in gone if other not in (None, one.pk))
    found.update((day, False, other) for day, other in came if other not in (None, one.pk))
    others = request.scope.narrow(Place.objects.all(), "pk").in_bulk({other for _, _, other in found})
    return [
        (day, went, others[other], count)
        for (day, went, other), count in sorted(found.items(), reverse=True)
        if other in others
    ]


def _path(request: HttpRequest, state: PlaceState | None) -> list[PlaceState]:
    """What the place lay in on that day, the highest first, as far as the scope goes."""
    path: list[PlaceState] = []
    while state is not None and state.parent_id and len(path) < 16:
        state = states(request, asked_day(request)).filter(place=state.parent_id).first()
        if state is not None:
            path.append(state)
    return path[::-1]


def _ways(request: HttpRequest, one: Place) -> list[tuple[str, str]]:
    """The changes the user may make here: inside the own nodes, below them, while the place exists."""
    if not request.scope.allows("territory.edit") or one.closed_on:
        return []
    strictly = request.scope.below().filter(pk=one.pk).exists()
    return [(key, way.title) for key, way in WAYS.items() if strictly or key == "found"]


@everyone
def suggest(request: HttpRequest) -> HttpResponse:
    """Places whose name or code begins like this, for the field that asks for one."""
    text = (request.GET.get("parent") or request.GET.get("into") or request.GET.get("q") or "").strip()
    found = request.scope.places().open().order_by("code")
    found = found.filter(code__startswith=text) if text.isascii() else found.filter(name__contains=text)
    return render(request, "places/_options.html", {"places": found.select_related("parent")[:12] if text else []})
