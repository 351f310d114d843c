"""My own account: my roles, my password and second factors, my last log-ins."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone

from dishu.site.accounts.guard import anybody, everyone, members_too
from dishu.site.accounts.roles import MAY
from dishu.site.accounts.secrets import FACTORS
from dishu.site.territory.models import on
from dishu.site.trail.models import TrailLine

LOGINS = ("logged_in", "login_failed", "reset", "unlocked")


@everyone
@members_too
def own(request: HttpRequest) -> HttpResponse:
    """What the house knows of me as a user; a member has it beside the own record."""
    if request.scope.member is not None:
        return redirect("mine")
    me = request.user
    lines = TrailLine.objects.filter(subject_type="accounts.user", subject_id=me.pk, verb__in=LOGINS)
    factors = Authenticator.objects.filter(user=me).order_by("created_at")
    context = {
        "held": me.appointments.filter(on(timezone.localdate())).select_related("place"),
        "may": [text for key, text in MAY.items() if request.scope.allows(key)],
        "factors": [(FACTORS.get(factor.type, factor.type), factor.created_at) for factor in factors],
        "lines": lines[:10],
    }
    return render(request, "accounts/own.html", context)


@everyone
@members_too
def here(request: HttpRequest) -> HttpResponse:
    """Somebody is at work on a page: the idle limit begins anew, and a form long open gets the token of now."""
    return JsonResponse({"token": get_token(request)})


@anybody
def forgotten(request: HttpRequest) -> HttpResponse:
    """No secret goes by mail: who forgot the password asks the security administrator, a person."""
    return render(request, "accounts/forgotten.html")


@everyone
@members_too
def to_own(request: HttpRequest) -> HttpResponse:
    """Nobody has mail addresses here, nor ties an outside log-in by hand: allauth's pages for that lead to one's own account."""
    return redirect("own")
