"""Pages of the system administrator: accounts of my scope, opened, appointed, released, closed."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dishu.site.accounts import actions
from dishu.site.accounts.forms import Opening, Post, Reason, Release
from dishu.site.accounts.guard import may
from dishu.site.accounts.models import Appointment, User
from dishu.site.accounts.roles import ROLES
from dishu.site.territory.actions import Impossible
from dishu.site.territory.models import on

PAGE = 50


def listed(request: HttpRequest) -> dict[str, object]:
    """Accounts of the scope by name or log-in, fifty after a log-in name, each with the roles of today."""
    text, role, after = (request.GET.get(name, "").strip() for name in ("q", "role", "after"))
    now = Appointment.objects.filter(on(timezone.localdate())).select_related("place")
    found = request.scope.users().prefetch_related(Prefetch("appointments", now, to_attr="now"))
    if text:
        found = found.filter(Q(username__icontains=text) | Q(name__contains=text))
    if role in ROLES:
        found = found.filter(pk__in=now.filter(role=role).values("user"))
    rows = list(found.filter(username__gt=after)[: PAGE + 1])
    more = rows[PAGE - 1].username if len(rows) > PAGE else None
    return {"users": rows[:PAGE], "more": more, "q": text, "role": role, "roles": ROLES}


@may("users.edit")
def users(request: HttpRequest) -> HttpResponse:
    """Who has an account."""
    return render(request, "accounts/users.html", listed(request))


def _mine(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(request.scope.users(), pk=pk)


@may("users.edit")
def open_account(request: HttpRequest) -> HttpResponse:
    """Open an account with its first role; its temporary password is shown this once."""
    form = Opening(request.POST or None, scope=request.scope)
    if request.method == "POST" and form.is_valid():
        try:
            user, word = actions.open_with_role(by=request.user, **form.cleaned_data)
        except Impossible as why:
            form.add_error(why.field or None, str(why))
        else:
            return render(request, "accounts/secret.html", {"of": user, "word": word, "back": "users"})
    return render(request, "accounts/open.html", {"form": form}, status=422 if form.errors else 200)


@may("users.edit")
def user(request: HttpRequest, pk: int, form: Post | None = None) -> HttpResponse:
    """One account: its roles now and before, and giving it another."""
    one = _mine(request, pk)
    held = one.appointments.select_related("place", "by").order_by("-since")
    form = form or Post(scope=request.scope)
    context = {
        "one": one,
        "held": held,
        "form": form,
        "release": Release(),
        "reason": Reason(),
        "today": timezone.localdate(),
    }
    return render(request, "accounts/user.html", context, status=422 if form.errors else 200)


@may("users.edit")
@require_POST
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role."""
    one = _mine(request, pk)
    form = Post(request.POST, scope=request.scope)
    if form.is_valid():
        try:
            actions.appoint(by=request.user, user=one, **form.cleaned_data)
        except Impossible as why:
            form.add_error(why.field or None, str(why))
        else:
            messages.success(
                request,
                _("已任命：{one}，{title}。").format(one=one.name, title=ROLES[form.cleaned_data["role"]].title),
            )
            return redirect("user", pk)
    return user(request, pk, form)


@may("users.edit")
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role."""
    one = get_object_or_404(request.scope.narrow(Appointment.objects.filter(user__in=request.scope.users())), pk=pk)
    form = Release(request.POST)
    try:
        if form.is_valid():
            actions.release(by=request.user, appointment=one, until=form.cleaned_data["until"])
            messages.success(
                request, _("已免去：{user}，{role}。").format(user=one.user.name, role=one.get_role_display())
            )
        else:
            messages.error(request, _("请填写免去日期。"))
    except Impossible as why:
        messages.error(request, str(why))
    return redirect("user", one.user_id)


@may("users.edit")
@require_POST
def active(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, or open it again."""
    one, form = _mine(request, pk), Reason(request.POST)
    try:
        if form.is_valid():
            actions.close_account(by=request.user, user=one, active=not one.is_active, **form.cleaned_data)
            messages.success(
                request, (_("{one}的账号已启用。") if one.is_active else _("{one}的账号已停用。")).format(one=one.name)
            )
        else:
            messages.error(request, _("请写明理由。"))
    except Impossible as why:
        messages.error(request, str(why))
    return redirect("user", pk)
