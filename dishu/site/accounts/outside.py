"""Log-ins by the house's own identity provider: only people who have an account here, known by their log-in name."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dishu.site.accounts.models import User

#: Claims that may carry the log-in name, the first one given counts.
CLAIMS = ("preferred_username", "username", "sub")


def log_in_name(data: dict[str, Any]) -> str:
    """The log-in name among what the provider says of somebody."""
    told = data.get("userinfo") or data
    return next((str(told[claim]) for claim in CLAIMS if told.get(claim)), "")


class Adapter(DefaultSocialAccountAdapter):
    """allauth's questions about outside log-ins answered for this house."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: accounts are opened by the system administrator."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Tie the outside log-in to the account of the same name the first time it comes."""
        if sociallogin.is_existing:
            return
        name = log_in_name(sociallogin.account.extra_data)
        user = User.objects.filter(username=name, is_active=True).first() if name else None
        if user is None:
            messages.error(
                request, _("统一账号“{name}”在这里还没有账号，请联系本单位的系统管理员开设同名账号。").format(name=name)
            )
            raise ImmediateHttpResponse(redirect("account_login"))
        sociallogin.connect(request, user)
