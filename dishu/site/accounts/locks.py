"""Pages of the security administrator: who is locked out, passwords and second factors made new."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from dishu.site.accounts import secrets
from dishu.site.accounts.forms import Reason
from dishu.site.accounts.guard import may
from dishu.site.accounts.models import User
from dishu.site.accounts.users import listed
from dishu.site.territory.actions import Impossible


@may("users.secure")
def locks(request: HttpRequest) -> HttpResponse:
    """Accounts of the scope: wrong passwords of the last minutes, second factors, temporary passwords."""
    context = listed(request)
    mine = User.objects.filter(pk__in=[user.pk for user in context["users"]])
    factors = dict.fromkeys(Authenticator.objects.filter(user__in=mine).values_list("user_id", flat=True), True)
    return render(request, "accounts/locks.html", {**context, "failures": secrets.failures(mine), "factors": factors})


@may("users.secure")
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    """One account's locks: unlock, a temporary password, second factors taken away; each with its reason."""
    one = get_object_or_404(request.scope.users(), pk=pk)
    form = Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _done(request, one, form.cleaned_data["reason"])
        except Impossible as why:
            form.add_error(None, str(why))
    held = Authenticator.objects.filter(user=one).order_by("created_at")
    factors = [(secrets.FACTORS.get(factor.type, factor.type), factor.created_at) for factor in held]
    failed = secrets.failures(User.objects.filter(pk=pk)).get(pk, 0)
    context = {"one": one, "form": form, "factors": factors, "failed": failed}
    return render(request, "accounts/lock.html", context, status=422 if form.errors else 200)


def _done(request: HttpRequest, one: User, reason: str) -> HttpResponse:
    what = request.POST.get("what")
    if what == "password":
        word = secrets.reset_password(by=request.user, user=one, reason=reason)
        return render(request, "accounts/secret.html", {"of": one, "word": word, "back": "locks"})
    if what == "factors":
        count = secrets.reset_factors(by=request.user, user=one, reason=reason)
        messages.success(
            request, _("已取消{one}的 {count} 个二次验证方式，请本人登录后重新设置。").format(one=one.name, count=count)
        )
    else:
        secrets.unlock(by=request.user, user=one, request=request, reason=reason)
        messages.success(request, _("{one}现在可以重新登录。").format(one=one.name))
    return redirect("lock", one.pk)
