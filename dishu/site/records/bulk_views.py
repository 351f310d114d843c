"""Many records changed at once: ticked in a list, tried first and shown, then done; what cannot be done is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from dishu.site.accounts.guard import may
from dishu.site.membership import actions as membership
from dishu.site.membership import settling
from dishu.site.membership.models import Member, Organization
from dishu.site.records import choose, forms
from dishu.site.records.acts import MEMBER, UNIT
from dishu.site.records.lists import PAGE
from dishu.site.registry import actions as registry
from dishu.site.registry.changing import Impossible, grounds
from dishu.site.registry.models import Unit
from dishu.site.territory.models import on
from dishu.site.trail import lines as trail
from dishu.site.ui.back import back
from dishu.site.ui.numbers import number


@dataclass(frozen=True)
class Bulk:
    """One change for many: its form, and the action for one of them."""

    title: str
    form: type[forms.Paper]
    back: str
    run: Callable[..., Any]
    people: bool = False  # a page that names members is a look at each of them
    concerns: Callable[[Any, dict[str, Any]], list[str]] = lambda one, values: []


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


def _close(by: Any, one: Unit, values: dict[str, Any]) -> bool:
    registry.close(by=by, unit=one, version=one.version, **values)
    return True


def _take_part(by: Any, one: Member, values: dict[str, Any]) -> bool:
    if one.participations.filter(on(values["day"]), org=values["org"], until__isnull=True).exists():
        return False
    membership.take_part(by=by, member=one, version=one.version, **values)
    return True


def _member(run: Callable[..., Member]) -> Callable[..., bool]:
    """An action that gives back the member as it is then: the version says whether anything changed."""
    return lambda by, one, values: run(by=by, member=one, version=one.version, **values).version != one.version


UNITS = {
    "assign": Bulk(lazy("划到一个所、分会或市场"), forms.MovePaper, "units", _move),
    "close_many": Bulk(lazy("注销"), forms.Paper, "units", _close, concerns=UNIT["close"].concerns),
}
MEMBERS = {
    "settle_many": Bulk(lazy("组织关系核定到一个党组织"), forms.SettlePaper, "members", _settle, people=True),
    "take_part_many": Bulk(lazy("登记参加活动"), forms.PartPaper, "members", _take_part, people=True),
    "verify_many": Bulk(lazy("登记核实"), forms.VerifyPaper, "members", _member(membership.verify_member), people=True),
    "standing_many": Bulk(
        lazy("变更类别"), forms.OnlyStandingPaper, "members", _member(membership.set_standing), people=True
    ),
    "leave_many": Bulk(
        lazy("登记离开"), forms.Paper, "members", _member(membership.leave), True, MEMBER["leave"].concerns
    ),
}
ORGANIZATIONS = {"under": Bulk(lazy("归到一个上级党组织"), forms.UnderPaper, "organizations", _under)}
#: What can be done with the rows ticked in a list.
OF = {"units": UNITS, "members": MEMBERS, "organizations": ORGANIZATIONS}


@may("units.edit")
@require_POST
def units(request: HttpRequest, name: str) -> HttpResponse:
    """Something done with several units."""
    return _many(request, UNITS[name], request.scope.narrow(Unit.objects.select_related("place")))


@may("members.edit")
@require_POST
def organizations(request: HttpRequest, name: str) -> HttpResponse:
    """Something done with several organizations."""
    return _many(request, ORGANIZATIONS[name], choose.organizations(request.scope).select_related("place"))


@may("members.edit")
@require_POST
def members(request: HttpRequest, name: str) -> HttpResponse:
    """Something done with several members."""
    return _many(request, MEMBERS[name], request.scope.narrow(Member.objects.select_related("place")))


def _many(request: HttpRequest, bulk: Bulk, mine: Any) -> HttpResponse:
    ticked = [pk for text in request.POST.getlist("pk")[:PAGE] if (pk := number(text))]
    chosen = list(mine.filter(pk__in=ticked).order_by("pk"))
    if not chosen:
        messages.info(request, _("没有选中任何一行。"))
        return redirect(bulk.back)
    step = request.POST.get("step", "")
    paper = bulk.form(request.POST if step else None, scope=request.scope)
    page: dict[str, Any] = {"bulk": bulk, "chosen": chosen, "paper": paper, "back": back(request, reverse(bulk.back))}
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
    """Each record with what comes of it: `done` and what to mind, `same`, or `refused` and why.

    Only with `done` anything stays.
    """
    outcome: list[tuple[Any, str, str]] = []
    try:
        with trail.action():
            for one in chosen:
                try:
                    concerns = " ".join(bulk.concerns(one, values))
                    with trail.action():
                        changed = bulk.run(request.user, one, values)
                    outcome.append((one, "done", concerns) if changed else (one, "same", ""))
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
    return redirect(back(request, reverse(bulk.back)))
