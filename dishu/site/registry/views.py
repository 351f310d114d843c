"""The register on screen: found, filtered, paged; one unit with its history."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from dishu.site.accounts.guard import may
from dishu.site.registry.models import UNIT_KINDS, Unit

PAGE = 50


@may("units.read")
def units(request: HttpRequest) -> HttpResponse:
    """Units of my places: search by part of the name, pinyin initials or code; after a key, never by page number."""
    text, kind, after = (request.GET.get(name, "") for name in ("q", "kind", "after"))
    found = request.scope.narrow(Unit.objects.open().matching(text)).select_related("place").order_by("id")
    if kind in UNIT_KINDS:
        found = found.filter(kind=kind)
    if after.isdigit():
        found = found.filter(pk__gt=int(after))
    page = list(found[: PAGE + 1])
    context = {
        "units": page[:PAGE],
        "more": page[PAGE - 1].pk if len(page) > PAGE else None,
        "kinds": UNIT_KINDS,
        "q": text,
        "kind": kind,
    }
    return render(request, "registry/units.html", context)


@may("units.read")
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: what is known now, and what was known when."""
    one = get_object_or_404(request.scope.narrow(Unit.objects.select_related("place")), pk=pk)
    states = one.states.select_related("place", "upload").order_by("-since")
    return render(request, "registry/unit.html", {"unit": one, "states": states, "now": states[0] if states else None})
