"""Things picked by typing: places, units, organizations; what is typed holds a code, a number after # or the exact name."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Func, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from dishu.site.membership.models import Affiliation, Organization
from dishu.site.registry.models import Unit
from dishu.site.territory.models import Place, Reach

OFFERED = 20
_NUMBER = re.compile(r"#(\d+)\s*$")


def organizations(scope: Any) -> QuerySet[Organization]:
    """Organizations of the scope, and those that only a roster of the scope names."""
    if scope.whole:
        return Organization.objects.all()
    places = Reach.objects.filter(node__in=scope.nodes).values("place")
    named = Affiliation.objects.filter(member__place__in=places, org__place__isnull=True).values("org")
    # an array is asked for only when an organization without a place is met: most often never
    among = Func(
        "pk", ArraySubquery(named), template="%(expressions)s)", arg_joiner=" = ANY (", output_field=BooleanField()
    )
    return Organization.objects.filter(Q(place__in=places) | (Q(place__isnull=True) & Q(among)))


def offered(what: str, scope: Any, text: str) -> list[str]:
    """What the field offers while somebody types."""
    text = text.strip()
    if what == "place":
        found = scope.places().open().filter(Q(name__icontains=text) | Q(code__startswith=text))[:OFFERED]
        return [f"{place.name} {place.code}" for place in found]
    return [f"{one} #{one.pk}" for one in _searched(what, scope, text)[:OFFERED]]


def _searched(what: str, scope: Any, text: str) -> QuerySet[Any]:
    if what == "unit":
        return scope.narrow(Unit.objects.open().matching(text)).order_by("pk")
    return organizations(scope).filter(name__icontains=text).order_by("pk")


def picked(what: str, scope: Any, text: str) -> Any:
    """The one thing that is meant; LookupError with the reason where there is none, or several."""
    text = text.strip()
    if what == "place":
        found = scope.places().filter(Q(code=text.split()[-1]) | Q(name=text)) if text else []
    elif number := _NUMBER.search(text):
        found = _all(what, scope).filter(pk=int(number[1]))
    else:
        found = _all(what, scope).filter(Q(name=text) | Q(code=text.upper()) if what == "unit" else Q(name=text))
    one = list(found[:2])
    if not one:
        raise LookupError(_("没有找到“{text}”，请从下拉提示中选。").format(text=text))
    if len(one) > 1:
        raise LookupError(_("叫“{text}”的不止一个，请从下拉提示中选。").format(text=text))
    return one[0]


def _all(what: str, scope: Any) -> QuerySet[Any]:
    return scope.narrow(Unit.objects.all()) if what == "unit" else organizations(scope)


def place_asked(request: HttpRequest) -> Place | None:
    """The place a list is asked for, looked up once; None where it is not found."""
    if not hasattr(request, "place_asked"):
        try:
            request.place_asked = picked("place", request.scope, request.GET["place"])
        except LookupError:
            request.place_asked = None
    return request.place_asked  # type: ignore[no-any-return]


def below(found: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """Only what lies at the place asked for, or below it; a place that is not found shows nothing."""
    if not request.GET.get("place", "").strip():
        return found
    place = place_asked(request)
    return found.filter(place__in=Reach.objects.filter(node=place).values("place")) if place else found.none()
