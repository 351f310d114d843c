"""My access tokens: which I have, making one (its secret is shown once), revoking one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from dishu.site.accounts.forms import styled
from dishu.site.accounts.guard import everyone
from dishu.site.api import tokens
from dishu.site.api.models import Token
from dishu.site.territory.actions import Impossible
from dishu.site.territory.models import on

DAYS = (7, 30, 90, tokens.MOST_DAYS)
#: Tokens that have ended are shown for a while, the latest first.
SHOWN = 50


class Making(forms.Form):
    """What a token is for, how far it reaches and for how long."""

    name = forms.CharField(label=_("用途"), max_length=80, help_text=_("例如：每日上报数据、对接本地台账系统。"))
    post = forms.ChoiceField(label=_("角色"))
    place = forms.CharField(
        label=_("区域代码"), required=False, help_text=_("可以比任职区域更小；不填则与任职区域相同。")
    )
    days = forms.TypedChoiceField(
        label=_("有效期"), coerce=int, initial=90, choices=[(n, lazy("{n} 天").format(n=n)) for n in DAYS]
    )
    writes = forms.BooleanField(label=_("可以修改（不勾选则只能读取）"), required=False)

    def __init__(self, *args: Any, request: HttpRequest, **more: Any) -> None:
        super().__init__(*args, **more)
        self.request = request
        held = request.user.appointments.filter(on(timezone.localdate())).select_related("place")
        self.posts = {str(one.pk): one for one in held}
        self.fields["post"].choices = [
            (key, _("{role}　{place}").format(role=one.get_role_display(), place=one.place.name))
            for key, one in self.posts.items()
        ]
        styled(self)
        self.fields["writes"].widget.attrs["class"] = "form-check-input"

    def clean_place(self) -> Any:
        """The place meant, of one's own scope; none where nothing was written."""
        code = self.cleaned_data["place"].strip()
        found = self.request.scope.places().filter(code=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError(_("辖区内没有这个代码的区域。"))
        return found


@everyone
def own(request: HttpRequest) -> HttpResponse:
    """My tokens, and the form for another."""
    form = Making(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        post = form.posts[data["post"]]
        try:
            token, secret = tokens.make(
                by=request.user, name=data["name"], role=post.role, place=data["place"] or post.place,
                days=data["days"], writes=data["writes"],
            )  # fmt: skip
        except Impossible as why:
            form.add_error(why.field if why.field in form.fields else None, str(why))
        else:
            answer = render(request, "api/secret.html", {"token": token, "secret": secret})
            answer["Cache-Control"] = "no-store"
            return answer
    mine = Token.objects.filter(owner=request.user).select_related("place")[:SHOWN]
    context = {"tokens": mine, "form": form, "now": timezone.now()}
    return render(request, "api/tokens.html", context, status=422 if form.errors else 200)


@everyone
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of my tokens."""
    token = get_object_or_404(Token, pk=pk, owner=request.user)
    tokens.revoke(by=request.user, token=token)
    messages.success(request, _("已撤销，用它的程序马上不能再调用。"))
    return redirect("tokens")
