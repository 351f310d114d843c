"""Changing a record: its form, the concerns of soft rules, and what is shown where somebody was faster."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from dishu.site.accounts.guard import may
from dishu.site.records import faster
from dishu.site.records.acts import COVERAGE, MEMBER, NEW, ORGANIZATION, UNIT, Act
from dishu.site.records.forms import Paper
from dishu.site.records.record_views import my_member, my_organization, my_unit, version
from dishu.site.registry.changing import Impossible, Stale
from dishu.site.trail import lines as trail
from dishu.site.ui.back import back
from dishu.site.ui.numbers import number

#: What a link to a new record may fill in.
STARTS = ("name", "place", "kind", "system")


@may("units.edit")
def unit(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One way of changing a unit."""
    return _change(request, "unit", UNIT, my_unit(request, pk), name)


@may("members.edit")
def coverage(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Which organization covers a unit."""
    return _change(request, "unit", COVERAGE, my_unit(request, pk), name)


@may("members.edit")
def member(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One way of changing a member."""
    one = my_member(request, pk)
    trail.looked(by=request.user, at=[one])
    return _change(request, "member", MEMBER, one, name)


@may("members.edit")
def organization(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One way of changing an organization."""
    return _change(request, "organization", ORGANIZATION, my_organization(request, pk), name)


def _change(request: HttpRequest, kind: str, acts: dict[str, Act], subject: Any, name: str) -> HttpResponse:
    if name not in acts:
        raise Http404
    doing, called = acts[name], "org" if kind == "organization" else kind
    tie = _tie(request, doing, called, subject)
    starts = faster.opened(doing, subject) | {"version": version(subject), "tie": tie.pk if tie else None}
    paper = doing.form(request.POST or None, initial=starts, scope=request.scope)
    page: dict[str, Any] = {"act": doing, "kind": kind, "subject": subject, "paper": paper, "tie": tie, "concerns": []}
    if request.method == "POST" and paper.is_valid():
        told = {called: subject, "version": paper.cleaned_data["version"] or 0} | paper.values()
        if tie is not None and doing.tie:
            told[doing.tie[0]] = tie
        if done := _do(request, doing, subject, told, paper, page):
            return done
    return render(request, "records/act.html", page)


@may("units.edit")
def unit_new(request: HttpRequest) -> HttpResponse:
    """A unit no roster named."""
    return _new(request, "unit")


@may("members.edit")
def member_new(request: HttpRequest) -> HttpResponse:
    """A member no roster named."""
    return _new(request, "member")


@may("members.edit")
def organization_new(request: HttpRequest) -> HttpResponse:
    """An organization founded."""
    return _new(request, "organization")


def _new(request: HttpRequest, kind: str) -> HttpResponse:
    doing = NEW[kind]
    top = request.scope.tops().first()
    starts = {"place": f"{top.name} {top.code}" if top else ""}
    starts |= {key: request.GET[key] for key in STARTS if request.GET.get(key)}
    paper = doing.form(request.POST or None, initial=starts, scope=request.scope)
    page: dict[str, Any] = {"act": doing, "kind": kind, "paper": paper, "concerns": []}
    if request.method == "POST" and paper.is_valid():
        told = {
            key: "" if value is None and key in ("code", "address") else value for key, value in paper.values().items()
        }
        if done := _do(request, doing, None, told, paper, page):
            if kind == "organization" and (page_before := back(request)):
                return redirect(f"{page_before}?{urlencode({'org_name': told['name'], 'mode': 'single'})}")
            return done
    return render(request, "records/act.html", page)


def _tie(request: HttpRequest, doing: Act, called: str, subject: Any) -> Any:
    """The tie that is to end, which must be the subject's own."""
    if doing.tie is None:
        return None
    tie = request.POST.get("tie") or request.GET.get("tie", "")
    return get_object_or_404(doing.tie[1], pk=number(tie), **{called: subject})


def _do(
    request: HttpRequest, doing: Act, subject: Any, told: dict[str, Any], paper: Paper, page: dict[str, Any]
) -> HttpResponse | None:
    """Do it and go to the record; or say on the page why not yet."""
    page["concerns"] = doing.concerns(subject, told)
    if page["concerns"] and not paper.cleaned_data["sure"]:
        return None
    try:
        with transaction.atomic():
            made = doing.run(by=request.user, **told)
    except Stale as stale:
        page |= faster.told(doing, stale, paper, version(stale.now))
        return None
    except Impossible as problem:
        paper.add_error(None, str(problem))
        return None
    messages.success(request, _("{title}：已登记。").format(title=doing.title))
    kind = page["kind"]
    return redirect(kind, (subject or made).pk)
