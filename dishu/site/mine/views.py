"""A member's own pages: what is held about me, who looked, what is shown of me, what is wrong, and all of it to take away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dishu.site.accounts.guard import may
from dishu.site.membership import actions as membership
from dishu.site.membership.models import Member
from dishu.site.mine import corrections, told
from dishu.site.mine.models import FIELDS
from dishu.site.records import export, history
from dishu.site.registry.changing import Impossible
from dishu.site.trail import lines as trail
from dishu.site.ui.numbers import number

LOOKS = 30


def _me(request: HttpRequest) -> Member:
    """The record this log-in belongs to."""
    return get_object_or_404(Member.objects.select_related("place"), pk=request.scope.member)


@may("own.read")
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """What is held about me, in plain words."""
    me, day = _me(request), timezone.localdate()
    return render(request, "mine/mine.html", {"me": me, "today": day, **told.told(me, day), **_asked(me)})


def _asked(me: Member) -> dict[str, Any]:
    found = list(me.corrections.select_related("answered_by").order_by("-pk")[:20])
    rows = [(one, corrections.word(one.field, corrections.masked(one.field, one.said))) for one in found]
    return {"corrections": rows, "waiting": {one.field for one in found if one.state == "open"}}


@may("own.read")
@never_cache
def looks(request: HttpRequest) -> HttpResponse:
    """Who looked at my record, took its numbers or changed it, and why."""
    me = _me(request)
    found = history.looks(me, LOOKS + 1, before=number(request.GET.get("before", "")))
    more = found[LOOKS - 1].line.pk if len(found) > LOOKS else None
    return render(request, "mine/looks.html", {"me": me, "looks": history.together(found[:LOOKS]), "more": more})


@may("own.read")
@require_POST
def show(request: HttpRequest) -> HttpResponse:
    """My own act: my identity is shown from today on, or no longer."""
    shown = request.POST.get("shown") == "yes"
    try:
        membership.show_oneself(by=request.user, member=_me(request), shown=shown, day=timezone.localdate())
    except Impossible as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, _("已按您的决定登记：亮身份。") if shown else _("已按您的决定登记：不亮身份。"))
    return redirect("mine")


@may("own.read")
@never_cache
def correct(request: HttpRequest) -> HttpResponse:
    """Ask for something to be put right."""
    me = _me(request)
    field = request.POST.get("field") or request.GET.get("field", "")
    page: dict[str, Any] = {
        "me": me, "field": field if field in FIELDS else "", "fields": FIELDS, "title": FIELDS.get(field, ""),
        "choices": corrections.CODES.get(field, {}), "problem": "", "said": request.POST,
        "stands": corrections.word(field, corrections.stands(me, field)) if field in FIELDS else "",
    }  # fmt: skip
    if request.method == "POST":
        try:
            corrections.ask(
                by=request.user, member=me, field=field, wish=request.POST.get("wish", "")[:300],
                note=request.POST.get("note", "")[:300],
            )  # fmt: skip
        except Impossible as why:
            page["problem"] = str(why)
        else:
            messages.success(request, _("已送达您所在地的工作人员，办好以后在这里答复。"))
            return redirect("mine")
    return render(request, "mine/correct.html", page, status=422 if page["problem"] else 200)


@may("own.read")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a question back."""
    corrections.withdraw(by=request.user, correction=get_object_or_404(_me(request).corrections, pk=pk))
    return redirect("mine")


@may("own.read")
@require_POST
@never_cache
def reckon(request: HttpRequest) -> HttpResponse:
    """What my dues would be for an income I type in; it is not kept."""
    day = timezone.localdate()
    try:
        found = told.reckoned(request.POST.get("kind", ""), request.POST.get("income", "").strip(), day)
    except ValueError as why:
        return render(request, "mine/_dues.html", {"problem": str(why)})
    return render(request, "mine/_dues.html", {"found": found})


@may("own.read")
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """All that is held about me, in one file."""
    me, day = _me(request), timezone.localdate()
    file = told.book(me, day)
    trail.write(by=request.user, verb="exported", subject=me, place=me.place, reason=_("本人取走自己的资料"))
    return export.sent(file, f"{_('我的登记')}-{day:%Y%m%d}.xlsx")
