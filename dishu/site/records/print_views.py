"""On paper as on screen: a unit's form, the ledger of a place, a county's database; all from the same records."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from itertools import batched, islice
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from dishu.site.accounts.guard import may
from dishu.site.membership.models import Member, Organization
from dishu.site.records import counting, export, history, members, organizations, units
from dishu.site.records.lists import CHUNK, Column, Listing, Row
from dishu.site.records.record_views import my_unit
from dishu.site.registry.models import CONTROLS, UNIT_KINDS, Unit, UnitState
from dishu.site.territory.models import Place, Reach, on
from dishu.site.trail import lines as trail
from dishu.site.ui.numbers import number
from dishu.site.ui.words import KINDS

LEDGER = 200  # lines on a page of the screen; on paper they are all there
ROOM = "<!-- lines -->"


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


def _inside(request: HttpRequest, place: Place, day: date) -> Any:
    """The units that lay at the place on the day, in the order of the ledger."""
    states = UnitState.objects.filter(on(day), place__in=_at(place), unit=OuterRef("pk"))
    return request.scope.narrow(Unit.objects.filter(Exists(states)).select_related("place")).order_by("pk")


def _lines(request: HttpRequest, place: Place, day: date) -> Iterator[Row]:
    """The whole ledger, some lines at a time."""
    found, last, number = _inside(request, place, day), 0, 0
    while chunk := list(found.filter(pk__gt=last)[:CHUNK]):
        for row in units.rows(chunk, day):
            number += 1
            yield row | {"number": number}
        last = chunk[-1].pk


@may("units.read")
def ledger(request: HttpRequest, code: str) -> HttpResponse:
    """The ledger of a place as of a day: page by page on screen, whole on paper and as a workbook."""
    place, day = _place(request, code), history.day_of(request)
    kind, total = request.GET.get("as", ""), counting.counts([place], day)[place.pk]
    if kind in ("xlsx", "print"):
        return _whole_ledger(request, place, day, kind, total)
    after, before = (request.GET.get(name, "") for name in ("after", "number"))
    found = list(_inside(request, place, day).filter(pk__gt=number(after) or 0)[: LEDGER + 1])
    first = (number(after) and number(before)) or 0
    rows = [row | {"number": first + n} for n, row in enumerate(units.rows(found[:LEDGER], day), 1)]
    more = found[LEDGER - 1].pk if len(found) > LEDGER else None
    page = {"place": place, "day": day, "rows": rows, "total": total, "more": more, "last": first + len(rows)}
    return render(request, "records/ledger.html", page | {"screen": True, "today": timezone.localdate()})


def _whole_ledger(request: HttpRequest, place: Place, day: date, kind: str, total: Row) -> HttpResponse:
    """All lines, written to a file while they are read: memory stays small, and the wall stands meanwhile."""
    if kind == "xlsx" and not request.scope.allows("export"):
        raise PermissionDenied(_("您的角色不能“导出名单”。"))
    lines = export.limited(_lines(request, place, day), "xlsx")
    try:
        if kind == "print":
            frame = {"place": place, "day": day, "total": total, "today": timezone.localdate()}
            return _printed(render_to_string("records/ledger.html", frame, request), lines)
        file, count = export.as_book([(_("台账"), (Column("number", _("序号"), kind="int"), *units.COLUMNS), lines)])
    except export.TooMany as problem:
        messages.warning(request, str(problem))
        return redirect("ledger", place.code)
    details = {"list": "ledger", "rows": count, "day": str(day)}
    trail.write(by=request.user, verb="exported", subject=place, place=place, details=details)
    return export.sent(file, _("{place}台账-{day:%Y%m%d}.xlsx").format(place=place.name, day=day))


def _printed(frame: str, lines: Iterator[Row]) -> HttpResponse:
    """The page with all lines where its frame leaves room for them."""
    head, tail = frame.split(ROOM)
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    file.write(head.encode())
    while chunk := list(islice(lines, CHUNK)):
        file.write(render_to_string("records/_ledger_lines.html", {"rows": chunk}).encode())
    file.write(tail.encode())
    file.seek(0)
    return FileResponse(file, content_type="text/html; charset=utf-8")


@may("members.read")
def database(request: HttpRequest, code: str) -> HttpResponse:
    """What the register holds of a place on a day, counted place by place; all of it as one workbook."""
    place, day = _place(request, code), history.day_of(request)
    if request.GET.get("as") == "xlsx":
        return _database_book(request, place, day)
    below = list(request.scope.places().open().filter(parent=place))
    counted = counting.counts([place, *below], day)
    return render(
        request, "records/database.html",
        {"place": place, "total": counted[place.pk], "lines": [(child, counted[child.pk]) for child in below],
         "kinds": UNIT_KINDS, "day": day, "today": timezone.localdate()},
    )  # fmt: skip


def _database_book(request: HttpRequest, place: Place, day: date) -> HttpResponse:
    """Three lists of a day, as the page counts them, in one workbook; numbers masked, its line in the trail."""
    if not request.scope.allows("export"):
        raise PermissionDenied(_("您的角色不能“导出名单”。"))
    whole = (
        (units.LISTING, Unit, "unit"),
        (members.LISTING, Member, "member"),
        (organizations.LISTING, Organization, "org"),
    )
    sheets = (
        (
            listing.title,
            listing.columns,
            _all(listing, model.objects.select_related("place"), counting.at(what, place, day), day),
        )
        for listing, model, what in whole
    )
    try:
        file, count = export.as_book(sheets)
    except export.TooMany as problem:
        messages.warning(request, str(problem))
        return redirect("database", place.code)
    details = {"list": "database", "rows": count, "day": str(day)}
    trail.write(by=request.user, verb="exported", subject=place, place=place, details=details)
    return export.sent(file, _("{place}数据库-{localdate:%Y%m%d}.xlsx").format(place=place.name, localdate=day))


def _all(listing: Listing, records: Any, keys: list[int], day: date) -> Iterator[Row]:
    for some in batched(keys, CHUNK):
        yield from listing.rows(list(records.filter(pk__in=some).order_by("pk")), day)
