"""The tree of Party organizations of my scope, as of any day."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from dishu.site.accounts.guard import may
from dishu.site.membership.models import Organization, OrganizationState
from dishu.site.places.views import asked_day
from dishu.site.territory.models import on
from dishu.site.ui.numbers import number

PAGE = 100


def _states(request: HttpRequest) -> QuerySet[OrganizationState]:
    """Organizations of the scope on the day asked for."""
    day = asked_day(request)
    under = OrganizationState.objects.filter(on(day), superior=OuterRef("org_id"))
    found = OrganizationState.objects.filter(on(day)).select_related("org", "place", "superior").order_by("org_id")
    return request.scope.narrow(found).annotate(has_below=Exists(under))


def _page(found: QuerySet[OrganizationState], request: HttpRequest) -> dict[str, Any]:
    rows = list(found.filter(org_id__gt=number(request.GET.get("after", "")) or 0)[: PAGE + 1])
    return {"rows": rows[:PAGE], "more": rows[PAGE - 1].org_id if len(rows) > PAGE else None, "day": asked_day(request)}


@may("units.read")
def tree(request: HttpRequest) -> HttpResponse:
    """The tops of the trees of the scope, apart those that stand alone; or those whose name was looked for."""
    text, alone = request.GET.get("q", "").strip(), bool(request.GET.get("alone"))
    found = _states(request)
    if text:
        shown = _page(found.filter(org__name__contains=text), request)
    else:
        mine = request.scope.narrow(OrganizationState.objects.filter(on(asked_day(request)))).values("org_id")
        tops = found.filter(Q(superior__isnull=True) | ~Q(superior__in=mine))
        shown = _page(tops.filter(has_below=not alone), request)
        if not (shown["rows"] or alone or request.GET.get("after")):
            alone, shown = True, _page(tops, request)
    context = {"q": text, "alone": alone, "today": timezone.localdate(), **shown}
    return render(request, "places/organizations.html", context)


@may("units.read")
def below(request: HttpRequest, pk: int) -> HttpResponse:
    """What stood directly under an organization."""
    one = _mine(request, pk)
    return render(
        request, "places/_org_level.html", {"org": one, **_page(_states(request).filter(superior=one), request)}
    )


def _mine(request: HttpRequest, pk: int) -> Organization:
    return get_object_or_404(request.scope.narrow(Organization.objects.select_related("place")), pk=pk)
