"""The office's side: corrections that members ask for, and the code with which a member opens their own log-in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from dishu.site.accounts.forms import LOGIN
from dishu.site.accounts.guard import anybody, may
from dishu.site.membership.models import Member
from dishu.site.mine import corrections, login
from dishu.site.mine.models import AT_ONCE, NUMBERS, STATES, Correction
from dishu.site.registry.changing import Impossible
from dishu.site.territory import actions as territory
from dishu.site.trail import lines as trail
from dishu.site.ui.numbers import number

PAGE = 50


def _mine(request: HttpRequest) -> Any:
    return request.scope.narrow(Correction.objects.select_related("member__place", "answered_by"), "member__place")


@may("members.edit")
def corrections_asked(request: HttpRequest) -> HttpResponse:
    """What members of my places ask to be put right, the oldest first."""
    state, after = request.GET.get("state", "open"), request.GET.get("after", "")
    found = _mine(request).filter(state=state if state in STATES else "open").order_by("pk")
    rows = list(found.filter(pk__gt=number(after) or 0)[: PAGE + 1])
    trail.looked(by=request.user, at=[one.member for one in rows[:PAGE]])
    more = rows[PAGE - 1].pk if len(rows) > PAGE else None
    return render(request, "mine/asked.html", {"rows": rows[:PAGE], "more": more, "state": state, "states": STATES})


@may("members.edit")
@never_cache
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """One correction: what stands, what is wished; written with the evidence, or declined with the reason."""
    one = get_object_or_404(_mine(request), pk=pk)
    problem = ""
    if request.method == "POST":
        try:
            _answer(request, one)
        except Impossible as why:
            problem = str(why)
        else:
            messages.success(request, _("已答复，本人登录后即可看到。"))
            return redirect("corrections")
    whole = request.scope.allows("members.reveal") or one.field not in NUMBERS
    verb = "revealed" if whole and one.field in NUMBERS else "looked"
    trail.write(by=request.user, verb=verb, subject=one.member, place=one.member.place, reason=_("办理更正申请"))
    said = one.said if whole else corrections.masked(one.field, one.said)
    return render(
        request, "mine/correction.html",
        {"one": one, "said": corrections.word(one.field, said), "before": corrections.word(one.field, one.before),
         "now": corrections.word(one.field, corrections.stands(one.member, one.field)), "at_once": one.field in AT_ONCE,
         "problem": problem, "today": timezone.localdate(), "back": request.POST},
        status=422 if problem else 200,
    )  # fmt: skip


def _answer(request: HttpRequest, one: Correction) -> None:
    reason = request.POST.get("reason", "")
    if request.POST.get("what") == "decline":
        corrections.decline(by=request.user, correction=one, reason=reason)
        return
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError as why:
        raise Impossible(_("请填写从哪天起。")) from why
    version = number(request.POST.get("version", "")) or 0
    corrections.accept(by=request.user, correction=one, version=version, day=day, reason=reason)


@may("members.edit")
@never_cache
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """A code for a member's own log-in, shown once; or an end to the log-in."""
    one = get_object_or_404(request.scope.narrow(Member.objects.select_related("place")), pk=pk)
    page: dict[str, Any] = {"one": one, "account": one.users.order_by("pk").first(), "problem": "", "days": login.DAYS}
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()
        try:
            if request.POST.get("what") == "close":
                login.close(by=request.user, member=one, reason=reason)
                messages.success(request, _("已停用本人登录。"))
                return redirect("member", one.pk)
            page["code"] = login.invite(by=request.user, member=one, reason=reason)
        except territory.Impossible as why:
            page["problem"] = str(why)
    trail.write(by=request.user, verb="looked", subject=one, place=one.place)
    return render(request, "mine/invite.html", page, status=422 if page["problem"] else 200)


@anybody
@never_cache
def activate(request: HttpRequest) -> HttpResponse:
    """A member with a code opens their own log-in."""
    said = {key: request.POST.get(key, "").strip() for key in ("code", "name", "username")}
    problems: dict[str, str] = {}
    if request.method == "POST":
        problems = _problems(request, said)
        if not problems:
            try:
                login.activate(**said, password=request.POST.get("password1", ""))
            except territory.Impossible as why:
                problems[why.field] = str(why)
            else:
                messages.success(request, _("已开通，请用刚才设的登录名和密码登录。"))
                return redirect("account_login")
    return render(request, "mine/activate.html", {"said": said, "problems": problems}, status=422 if problems else 200)


def _problems(request: HttpRequest, said: dict[str, str]) -> dict[str, str]:
    """What is wrong of what was typed, by field."""
    found = {}
    word, again = (request.POST.get(key, "") for key in ("password1", "password2"))
    for field, check in (("username", lambda: LOGIN(said["username"])), ("password1", lambda: validate_password(word))):
        try:
            check()
        except ValidationError as why:
            found[field] = " ".join(why.messages)
    if word != again:
        found["password2"] = _("两次写的密码不一样。")
    return found
