"""Pages of the matching desk: the heap with its progress, one pair at a time, deciding it, taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dishu.site.accounts.guard import may
from dishu.site.doubts.models import KINDS, STATES, Pair
from dishu.site.intake.models import Upload
from dishu.site.matching import actions, sides
from dishu.site.matching.heap import PAGE, Heap, done_today
from dishu.site.registry.changing import Impossible
from dishu.site.trail import lines as trail


@may("match.decide")
def pairs(request: HttpRequest) -> HttpResponse:
    """The heap: how much is left, by place and by roster, and the pairs asked for."""
    heap = Heap(request)
    page = heap.page()
    shown = page[:PAGE]
    trail.write(by=request.user, verb="searched", subject=None, details={"pairs": [one.pk for one in shown]})
    return render(
        request, "matching/pairs.html",
        {"heap": heap, "pairs": _named(shown), "more": shown[-1].pk if len(page) > PAGE else None, "counts": heap.counts(),
         "today": done_today(heap.asked), "places": heap.by_place(), "uploads": heap.by_upload(), "kinds": KINDS,
         "states": STATES, "upload": Upload.objects.filter(pk=heap.upload or 0).first()},
    )  # fmt: skip


def _named(found: list[Pair]) -> list[dict[str, Any]]:
    """The pairs with the names of both sides, masked names being no use to who must decide."""
    names: dict[tuple[str, int], str] = {}
    for kind, model in sides.MODELS.items():
        keys = {pk for one in found if one.kind == kind for pk in (one.left, one.right)}
        names |= {(kind, pk): name for pk, name in model._default_manager.filter(pk__in=keys).values_list("pk", "name")}
    gone = _("（已并入）")
    return [
        {"pair": one, "left": names.get((one.kind, one.left), gone), "right": names.get((one.kind, one.right), gone)}
        for one in found
    ]


@may("match.decide")
def first(request: HttpRequest) -> HttpResponse:
    """The pair to begin with; the heap where nothing waits."""
    heap = Heap(request)
    one = heap.next()
    return redirect(_address("pair", heap, one.pk) if one else _address("pairs", heap))


def _address(name: str, heap: Heap, *args: int) -> str:
    address = reverse(name, args=args)
    return f"{address}?{heap.query}" if heap.query else address


def _mine(request: HttpRequest, pk: int) -> Pair:
    """A pair of the scope."""
    return get_object_or_404(request.scope.narrow(Pair.objects.select_related("place", "upload", "by")), pk=pk)


@may("match.decide")
def pair(request: HttpRequest, pk: int) -> HttpResponse:
    """One pair side by side; the look at both is written down."""
    return _desk(request, Heap(request), _mine(request, pk))


def _desk(request: HttpRequest, heap: Heap, one: Pair | None, problem: str = "") -> HttpResponse:
    """The page of a pair, or of an empty heap; its inner part alone where the page is there already."""
    context: dict[str, Any] = {
        "heap": heap, "pair": one, "problem": problem, "counts": heap.counts(), "today": done_today(heap.asked),
        "mine": heap.mine(),
    }  # fmt: skip
    if one is not None:
        context |= _both(request, one) | {"previous": heap.before(one.pk), "following": heap.after(one.pk)}
    answer = render(request, "matching/_desk.html" if request.htmx else "matching/pair.html", context)
    if request.htmx:
        answer["HX-Push-Url"] = _address("pair", heap, one.pk) if one else _address("pairs", heap)
    return answer


def _both(request: HttpRequest, one: Pair) -> dict[str, Any]:
    model = sides.MODELS[one.kind]
    there = request.scope.narrow(model._default_manager.select_related("place")).in_bulk((one.left, one.right))
    if not there:
        raise Http404
    for record in there.values():
        trail.write(by=request.user, verb="looked", subject=record, place=record.place, details={"pair": one.pk})
    left, right = there.get(one.left), there.get(one.right)
    return {
        "left": sides.side(one.kind, left) if left else None, "right": sides.side(one.kind, right) if right else None,
        "lines": sides.lines(one, left, right) if left and right else [], "record": one.kind,
    }  # fmt: skip


@may("match.decide")
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide, and go on to the next pair."""
    heap, one = Heap(request), _mine(request, pk)
    decision = request.POST.get("decision", "")
    if decision not in ("same", "different", "unsure"):
        raise Http404
    try:
        actions.decide(by=request.user, pair=one, decision=decision)
    except Impossible as impossible:
        return _said(request, heap, _mine(request, pk), str(impossible))
    return _on(request, heap, heap.next(pk))


@may("match.decide")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decision back, and look at the pair again."""
    heap, one = Heap(request), _mine(request, pk)
    try:
        actions.undo(by=request.user, pair=one)
    except Impossible as impossible:
        return _said(request, heap, one, str(impossible))
    return _on(request, heap, _mine(request, pk))


@may("match.decide")
@require_POST
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """What was joined is two again, whatever was written since."""
    heap, one = Heap(request), _mine(request, pk)
    try:
        actions.split(by=request.user, pair=one, reason=request.POST.get("reason", ""))
    except Impossible as impossible:
        return _said(request, heap, one, str(impossible))
    return _on(request, heap, _mine(request, pk))


def _said(request: HttpRequest, heap: Heap, one: Pair, problem: str) -> HttpResponse:
    if request.htmx:
        return _desk(request, heap, one, problem)
    messages.warning(request, problem)
    return redirect(_address("pair", heap, one.pk))


def _on(request: HttpRequest, heap: Heap, one: Pair | None) -> HttpResponse:
    if request.htmx:
        return _desk(request, heap, one)
    return redirect(_address("pair", heap, one.pk) if one else _address("pairs", heap))
