"""On paper as on screen: a unit's form, the ledger of a place, a county's database; all from the same records."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from dishu.site.accounts.guard import may
from dishu.site.membership.models import Coverage, Member, Organization, OrganizationState
from dishu.site.records import export, history, members, organizations, units
from dishu.site.records.lists import CHUNK, Listing, Row
from dishu.site.records.record_views import my_unit
from dishu.site.registry.models import CONTROLS, UNIT_KINDS, Unit
from dishu.site.territory.models import Place, Reach, on
from dishu.site.trail import lines as trail
from dishu.standards.codes import KINDS

LEDGER = 1000  # lines: more is not a ledger that somebody leafs through


@may("members.read")
def unit_form(request: HttpRequest, pk: int) -> HttpResponse:
    """One enterprise, one form, as of a day."""
    one, day = my_unit(request, pk), history.day_of(request)
    found = history.of_unit(one, day)
    for name in ("jobs", "covers", "posts", "plans"):
        found[name] = [tie for tie in found[name] if tie.holds]
    trail.write(by=request.user, verb="looked", subject=one, place=one.place, details={"form": str(day)})
    return render(
        request, "records/unit_form.html",
        found | {"unit": one, "day": day, "controls": CONTROLS, "standings_text": KINDS["standing"], "work_kinds": KINDS["work_kind"]},
    )  # fmt: skip


def _place(request: HttpRequest, code: str) -> Place:
    return get_object_or_404(request.scope.places(), code=code)


def _at(place: Place) -> Any:
    return Reach.objects.filter(node=place).values("place")


@may("units.read")
def ledger(request: HttpRequest, code: str) -> HttpResponse:
    """The ledger of a place: its units line by line; a place with too many shows the places below it."""
    place = _place(request, code)
    found = list(
        request.scope.narrow(Unit.objects.open().filter(place__in=_at(place)))
        .select_related("place")
        .order_by("place__code", "pk")[: LEDGER + 1]
    )
    too_many = len(found) > LEDGER
    rows = [] if too_many else units.rows(found)
    total = {key: sum(row[key] or 0 for row in rows) for key in ("employees", "members")}
    total |= {
        "covered": sum(bool(row["orgs"]) for row in rows),
        "verified": sum(bool(row["verified_on"]) for row in rows),
    }
    below = request.scope.places().open().filter(parent=place) if too_many else []
    return render(
        request, "records/ledger.html",
        {"place": place, "rows": rows, "total": total, "too_many": too_many, "below": below, "today": timezone.localdate(), "most": LEDGER},
    )  # fmt: skip


@may("members.read")
def database(request: HttpRequest, code: str) -> HttpResponse:
    """What the register holds of a place, counted place by place; all of it as one workbook."""
    place = _place(request, code)
    if request.GET.get("as") == "xlsx":
        return _database_book(request, place)
    below = list(request.scope.places().open().filter(parent=place))
    lines = [(child, _counts(request, child)) for child in below[:60]]
    return render(
        request, "records/database.html",
        {"place": place, "total": _counts(request, place), "lines": lines, "kinds": UNIT_KINDS, "today": timezone.localdate()},
    )  # fmt: skip


def _counts(request: HttpRequest, place: Place) -> Row:
    """Units by kind, those surveyed, verified and covered; members; organizations."""
    today, inside = on(timezone.localdate()), _at(place)
    mine = request.scope.narrow(Unit.objects.open().filter(place__in=inside))
    known = Q(states__until__isnull=True)
    counted = mine.aggregate(
        **{kind: Count("pk", filter=Q(kind=kind), distinct=True) for kind in UNIT_KINDS},
        surveyed=Count("pk", filter=known & Q(states__surveyed="known"), distinct=True),
        verified=Count("pk", filter=known & Q(states__verified_on__isnull=False), distinct=True),
    )
    counted["units"] = sum(counted[kind] for kind in UNIT_KINDS)
    counted["covered"] = Coverage.objects.filter(today, unit__in=mine).values("unit").distinct().count()
    counted["members"] = (
        Member.objects.filter(on(timezone.localdate(), "standings__"), place__in=inside).distinct().count()
    )
    counted["orgs"] = OrganizationState.objects.filter(today, place__in=inside).count()
    return counted


def _database_book(request: HttpRequest, place: Place) -> HttpResponse:
    """Three lists and the ties between them as one workbook, numbers masked, its line in the trail."""
    if not request.scope.allows("export"):
        raise PermissionDenied("您的角色不能“导出名单”。")
    inside = _at(place)
    whole = (
        (units.LISTING, request.scope.narrow(Unit.objects.filter(place__in=inside)).select_related("place")),
        (members.LISTING, request.scope.narrow(Member.objects.filter(place__in=inside)).select_related("place")),
        (organizations.LISTING, request.scope.narrow(Organization.objects.filter(place__in=inside)).select_related("place")),
    )  # fmt: skip
    try:
        file, count = export.as_book((listing.title, listing.columns, _all(listing, found)) for listing, found in whole)
    except export.TooMany as problem:
        messages.warning(request, str(problem))
        return redirect("database", place.code)
    trail.write(
        by=request.user, verb="exported", subject=place, place=place, details={"list": "database", "rows": count}
    )
    return export.sent(file, f"{place.name}数据库-{timezone.localdate():%Y%m%d}.xlsx")


def _all(listing: Listing, found: Any) -> Any:
    last = 0
    while chunk := list(found.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield from listing.rows(chunk)
        last = chunk[-1].pk
