"""One unit, member or organization as of a day; numbers shown whole to who may see them, with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dishu.site import crypto
from dishu.site.accounts.guard import may
from dishu.site.membership import actions as membership
from dishu.site.membership.models import Member, Organization
from dishu.site.records import choose, history, stalls, todo
from dishu.site.registry.models import CONTROLS, Unit
from dishu.site.trail import lines as trail
from dishu.site.ui.words import KINDS


def my_unit(request: HttpRequest, pk: int) -> Unit:
    """A unit of the scope."""
    return get_object_or_404(request.scope.narrow(Unit.objects.select_related("place")), pk=pk)


def my_member(request: HttpRequest, pk: int) -> Member:
    """A member of the scope."""
    return get_object_or_404(request.scope.narrow(Member.objects.select_related("place")), pk=pk)


def my_organization(request: HttpRequest, pk: int) -> Organization:
    """An organization of the scope, or one that a member of the scope is said to belong to."""
    return get_object_or_404(choose.organizations(request.scope).select_related("place"), pk=pk)


def _frame(request: HttpRequest, subject: Any) -> dict[str, Any]:
    """What every record page shows around its own."""
    return {"subject": subject, "looks": history.together(history.looks(subject, 50)), "today": timezone.localdate(), "roles": KINDS["role"],
            "standings_text": KINDS["standing"], "work_kinds": KINDS["work_kind"]}  # fmt: skip


@may("units.read")
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: what was known on the day, what was known when and from where, who works there, who covers it."""
    one, day = my_unit(request, pk), history.day_of(request)
    found = history.of_unit(one, day)
    if not request.scope.allows("members.read"):
        found["jobs"] = []
    if found["jobs"]:
        trail.write(by=request.user, verb="looked", subject=one, place=one.place)
    page = {"unit": one, "day": day, "controls": CONTROLS, "lies_in": stalls.market_of(request, one),
            "tasks": todo.of_unit(one, found, request.scope) if day == timezone.localdate() else []}  # fmt: skip
    return render(request, "records/unit.html", _frame(request, one) | found | page)


@may("units.read")
def stalls_of(request: HttpRequest, pk: int) -> HttpResponse:
    """The stalls of a market, a page at a time, for the card on its page."""
    one = my_unit(request, pk)
    found = stalls.of_market(request, one) if one.kind == "market" else {}
    if any(row.get("owner") for row in found.get("rows", ())):
        trail.write(by=request.user, verb="looked", subject=one, place=one.place)
    return render(request, "records/_stalls.html", {"unit": one, "stalls": found})


@may("members.read")
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """One member, numbers masked; the look is written down."""
    one, day = my_member(request, pk), history.day_of(request)
    trail.write(by=request.user, verb="looked", subject=one, place=one.place)
    found = history.of_member(one, day)
    tasks = todo.of_member(one, found, request.scope) if day == timezone.localdate() else []
    page = {"member": one, "day": day, "tasks": tasks, "decides": one.users.filter(is_active=True).exists()}
    page["left"] = all(standing.until is not None for standing in found["standings"])
    return render(request, "records/member.html", _frame(request, one) | found | page)


@may("members.read")
def organization(request: HttpRequest, pk: int) -> HttpResponse:
    """One organization: its members, what it covers, who is above and below."""
    one, day = my_organization(request, pk), history.day_of(request)
    found = history.of_organization(one, day, request.scope)
    if found["members"] or found["parts"]:
        trail.write(by=request.user, verb="looked", subject=one, place=one.place)
    tasks = todo.of_organization(one, found, request.scope) if day == timezone.localdate() else []
    page = {"org": one, "day": day, "tasks": tasks}
    return render(request, "records/organization.html", _frame(request, one) | found | page)


@may("members.reveal")
@require_POST
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """The numbers whole, once, in this answer only; the reason is kept, the numbers are not."""
    one = my_member(request, pk)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.warning(request, _("查看完整号码必须写明理由。"))
        return redirect("member", pk)
    trail.write(by=request.user, verb="revealed", subject=one, place=one.place, reason=reason)
    numbers = {
        "citizen_id": crypto.show(one.citizen_id) if one.citizen_id else "",
        "phone": crypto.show(one.phone) if one.phone else "",
    }
    answer = render(request, "records/revealed.html", {"member": one, "reason": reason, **numbers})
    answer["Cache-Control"] = "no-store"
    return answer


def version(subject: Any) -> int:
    """What tells this moment of a record from a later one."""
    return membership.version_of(subject) if isinstance(subject, Organization) else int(subject.version)
