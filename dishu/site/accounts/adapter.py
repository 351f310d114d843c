"""Accounts are opened by administrators: nobody signs up. A temporary password lasts a day."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dishu.site.accounts.models import User


class Adapter(DefaultAccountAdapter):
    """allauth's questions answered for this house."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": lazy("登录名或密码不正确。连续输错 5 次，这个登录名暂停登录 10 分钟。"),
        "too_many_login_attempts": lazy(
            "登录失败次数过多，暂停登录，最多 10 分钟，这期间输对了也进不去。请 10 分钟后再试；急用时请安全管理员解锁。"
        ),
        "rate_limited": lazy("短时间内试得太多，请过几分钟再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To work: whoever was made to change a temporary password has come to do something."""
        return str(resolve_url(settings.LOGIN_REDIRECT_URL))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Where only the house's own provider counts, a password opens a member's own log-in and nothing else."""
        user = super().authenticate(request, **credentials)
        if settings.OIDC_ONLY and user is not None and user.member_id is None:
            raise ValidationError(_("工作人员请用单位的统一账号登录，不再使用这里的密码。"))
        return user

    def pre_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse | None:
        """Nobody comes in with a temporary password that has run out."""
        if user.temporary_until and user.temporary_until < timezone.now():
            messages.error(request, _("临时密码已经过期，请联系安全管理员重新设置。"))
            return redirect("account_login")
        return super().pre_login(request, user, **more)
