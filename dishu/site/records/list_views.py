"""The lists on screen: asked, paged, exported; units marked verified many at once; what fields offer while one types."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from dishu.site.accounts.guard import everyone, may
from dishu.site.records import bulk_views, choose, export, members, organizations, table, units
from dishu.site.records.lists import PAGE, Asked, Listing
from dishu.site.registry import actions
from dishu.site.registry.changing import Impossible
from dishu.site.registry.models import CHANNELS, Unit
from dishu.site.territory.models import Place
from dishu.site.trail import lines as trail
from dishu.site.ui.back import back
from dishu.site.ui.numbers import number

#: Of a list that shows nothing: where something was asked, and where nothing is there.
EMPTY = {True: lazy("换一个词，或去掉几个筛选条件再试。"), False: lazy("名册入库后，单位、党员和党组织就列在这里。")}

#: Lists in which rows can be ticked, and who may do something with them.
TICKS = {"units": "units.edit", "members": "members.edit", "organizations": "members.edit"}


def _listed(request: HttpRequest, listing: Listing) -> HttpResponse:
    """A page of a list, or all of it as a file."""
    asked = Asked(listing, request)
    kind = request.GET.get("as", "")
    if kind in export.MOST:
        return _exported(request, asked, kind)
    asked.keep()
    _looked(request, asked)
    ticks = request.scope.allows(TICKS.get(listing.name, "-"))
    return render(
        request, "records/list.html",
        {"asked": asked, "body": table.body(asked, ticks), "listing": listing, "ticks": ticks, "bulks": list(bulk_views.OF[listing.name].items()), "q": request.GET.get("q", ""), "empty": EMPTY[bool(request.GET.get("q") or asked.narrowed)], "channels": CHANNELS,
         "today": timezone.localdate()},
    )  # fmt: skip


def _looked(request: HttpRequest, asked: Asked) -> None:
    """A list of members shows people: who searched for what is written down."""
    if asked.listing.name == "members" and asked.rows:
        details = {"asked": asked.question, "shown": len(asked.rows)}
        trail.write(by=request.user, verb="searched", subject=None, place=_top(request), details=details)


def _top(request: HttpRequest) -> Place | None:
    """Where the user's role is held."""
    return Place(pk=request.scope.nodes[0]) if request.scope.nodes else None


def _exported(request: HttpRequest, asked: Asked, kind: str) -> HttpResponse:
    """The file, with its line in the trail; without the right, or when it is too long, the list with a word."""
    if not request.scope.allows("export"):
        messages.warning(request, _("您的角色不能导出名单。"))
        return HttpResponseRedirect(asked.address(**{"as": ""}))
    title = asked.listing.title
    try:
        if kind == "csv":
            file, count = export.as_csv(asked.chosen, asked.all_rows())
        else:
            file, count = export.as_book([(title, asked.chosen, asked.all_rows())])
    except export.TooMany as problem:
        messages.warning(request, str(problem))
        return HttpResponseRedirect(asked.address(**{"as": ""}))
    details = {"list": asked.listing.name, "as": kind, "rows": count, "asked": asked.question,
               "columns": [column.key for column in asked.chosen]}  # fmt: skip
    trail.write(by=request.user, verb="exported", subject=None, place=_top(request), details=details)
    return export.sent(file, f"{title}-{timezone.localdate():%Y%m%d}.{kind}")


@may("units.read")
def unit_list(request: HttpRequest) -> HttpResponse:
    """Units of my places."""
    return _listed(request, units.LISTING)


@may("members.read")
def member_list(request: HttpRequest) -> HttpResponse:
    """Members of my places."""
    return _listed(request, members.LISTING)


@may("members.read")
def organization_list(request: HttpRequest) -> HttpResponse:
    """Party organizations of my places."""
    return _listed(request, organizations.LISTING)


@may("units.edit")
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Mark the ticked units verified, by which channel and on which day."""
    ticked = [pk for text in request.POST.getlist("pk")[:PAGE] if (pk := number(text))]
    mine = request.scope.narrow(Unit.objects.filter(pk__in=ticked))
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
        if request.POST.get("channel") not in CHANNELS:
            raise Impossible(_("请选择核实方式。"))
        done, refused = actions.verify(
            by=request.user, units=mine, channel=request.POST["channel"], day=day, reason=request.POST.get("reason", "")
        )
        messages.success(request, _("已标记核实 {done} 家。").format(done=done)) if done else messages.info(
            request, _("没有选中单位。")
        )
        for problem in refused:
            messages.warning(request, problem)
    except Impossible as problem:
        messages.warning(request, str(problem))
    except ValueError:
        messages.warning(request, _("请填写核实日期。"))
    return redirect(back(request, "units"))


@everyone
def offered(request: HttpRequest) -> HttpResponse:
    """What a field offers while one types: nothing that the scope or the role does not show."""
    rights = {"place": "", "unit": "units.read", "organization": "members.read"}
    what = request.GET.get("what", "")
    text = next((value for key, value in request.GET.items() if key != "what"), "")
    allowed = what in rights and (not rights[what] or request.scope.allows(rights[what]))
    found = choose.offered(what, request.scope, text) if allowed and text.strip() else []
    return render(request, "records/_offered.html", {"offered": found})
