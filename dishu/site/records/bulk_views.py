"""Many records changed at once: ticked in a list, tried first and shown, then done; what cannot be done is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from dishu.site.accounts.guard import may
from dishu.site.membership import actions as membership
from dishu.site.membership import settling
from dishu.site.membership.models import Member, Organization
from dishu.site.records import choose, forms
from dishu.site.records.lists import PAGE
from dishu.site.registry import actions as registry
from dishu.site.registry.changing import Impossible, grounds
from dishu.site.registry.models import Unit
from dishu.site.territory.models import on
from dishu.site.trail import lines as trail


@dataclass(frozen=True)
class Bulk:
    """One change for many: its form, and the action for one of them."""

    title: str
    form: type[forms.Paper]
    back: str
    run: Callable[..., Any]
    people: bool = False  # a page that names members is a look at each of them


class _Tried(Exception):
    """Thrown to undo what was only tried."""


def _move(by: Any, one: Unit, values: dict[str, Any]) -> bool:
    if one.place_id == values["place"].pk:
        return False
    registry.move(by=by, unit=one, version=one.version, **values)
    return True


def _under(by: Any, one: Organization, values: dict[str, Any]) -> bool:
    last = one.states.order_by("-since").first()
    if last is not None and last.superior_id == values["superior"].pk:
        return False
    membership.change(by=by, org=one, version=membership.version_of(one), **values)
    return True


def _settle(by: Any, one: Member, values: dict[str, Any]) -> bool:
    org, day = values["org"], values["day"]
    if one.affiliations.filter(on(day), org=org, held=True, until__isnull=True).exists():
        return False
    grounds(day, values["reason"])
    settling.settle_affiliation(by=by, member=one, org=org, since=day, reason=values["reason"], seen=one.version)
    return True


ASSIGN = Bulk(lazy("划到一个所、分会或市场"), forms.MovePaper, "units", _move)
UNDER = Bulk(lazy("归到一个上级党组织"), forms.UnderPaper, "organizations", _under)
SETTLE = Bulk(lazy("组织关系核定到一个党组织"), forms.SettlePaper, "members", _settle, people=True)


@may("units.edit")
@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Several units lie at another place from a day on."""
    return _many(request, ASSIGN, request.scope.narrow(Unit.objects.select_related("place")))


@may("members.edit")
@require_POST
def under(request: HttpRequest) -> HttpResponse:
    """Several organizations stand under another from a day on."""
    return _many(request, UNDER, choose.organizations(request.scope).select_related("place"))


@may("members.edit")
@require_POST
def settle(request: HttpRequest) -> HttpResponse:
    """The membership of several lies with one organization from a day on, as was checked."""
    return _many(request, SETTLE, request.scope.narrow(Member.objects.select_related("place")))


def _many(request: HttpRequest, bulk: Bulk, mine: Any) -> HttpResponse:
    ticked = [int(pk) for pk in request.POST.getlist("pk")[:PAGE] if pk.isdigit()]
    chosen = list(mine.filter(pk__in=ticked).order_by("pk"))
    if not chosen:
        messages.info(request, _("没有选中任何一行。"))
        return redirect(bulk.back)
    step = request.POST.get("step", "")
    paper = bulk.form(request.POST if step else None, scope=request.scope)
    page: dict[str, Any] = {"bulk": bulk, "chosen": chosen, "paper": paper}
    if step and paper.is_valid():
        outcome = _tried(request, bulk, chosen, paper.values(), done=step == "do")
        if step == "do":
            return _told(request, bulk, outcome)
        page["outcome"] = outcome
    if bulk.people:
        trail.looked(by=request.user, at=chosen)
    return render(request, "records/bulk.html", page, status=422 if paper.errors else 200)


def _tried(
    request: HttpRequest, bulk: Bulk, chosen: list[Any], values: dict[str, Any], done: bool
) -> list[tuple[Any, str, str]]:
    """Each record with what comes of it: `done`, `same` or `refused` and why. Only `done` leaves anything behind."""
    outcome: list[tuple[Any, str, str]] = []
    try:
        with trail.action():
            for one in chosen:
                try:
                    with trail.action():
                        changed = bulk.run(request.user, one, values)
                    outcome.append((one, "done" if changed else "same", ""))
                except Impossible as why:
                    outcome.append((one, "refused", str(why)))
            if not done:
                raise _Tried
    except _Tried:
        pass
    return outcome


def _told(request: HttpRequest, bulk: Bulk, outcome: list[tuple[Any, str, str]]) -> HttpResponse:
    count = sum(what == "done" for _one, what, _why in outcome)
    messages.success(request, _("%(title)s：已办理 %(count)d 条。") % {"title": _(bulk.title), "count": count})
    for one, what, why in outcome:
        if what == "refused":
            messages.warning(request, _("{one}：{why}").format(one=one, why=why))
    return redirect(bulk.back)
