"""Log-ins by the house's own identity provider: only people who have an account here, known by their log-in name."""

from __future__ import annotations

from typing import Any, NoReturn

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount import app_settings
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthError
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from dishu.site.accounts import secrets
from dishu.site.accounts.models import User

#: Claims that may carry the log-in name, the first one given counts.
CLAIMS = ("preferred_username", "username", "sub")

#: What a provider must say of itself before anybody can be sent there.
NEEDED = {"issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"}
DISCOVERY = "/.well-known/openid-configuration"


def log_in_name(data: dict[str, Any]) -> str:
    """The log-in name among what the provider says of somebody."""
    told = data.get("userinfo") or data
    return next((str(told[claim]) for claim in CLAIMS if told.get(claim)), "")


class House(requests.Session):
    """Calls to the provider; one that gets no answer, or none that can be read, ends at the log-in page in words."""

    def __init__(self, visit: HttpRequest) -> None:
        super().__init__()
        self.visit = visit

    def request(self, method: Any, url: Any, *args: Any, **more: Any) -> requests.Response:
        """One call, which may not take for ever."""
        try:
            answer = super().request(method, url, *args, **({"timeout": app_settings.REQUESTS_TIMEOUT} | more))
            said = answer.json()
            if str(method).upper() == "GET":  # what a refused token call says, allauth reads itself
                answer.raise_for_status()
        except requests.RequestException:
            _refuse(self.visit, _("统一账号系统现在连不上，请稍后再试；一直如此的，请告诉本单位的系统管理员。"))
        if str(url).endswith(DISCOVERY) and not (
            isinstance(said, dict) and {k for k, v in said.items() if v} >= NEEDED
        ):
            _refuse(self.visit, _("统一账号系统没有说全登录要用的地址，请告诉本单位的系统管理员核对它的配置。"))
        return answer


class Adapter(DefaultSocialAccountAdapter):
    """allauth's questions about outside log-ins answered for this house."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: accounts are opened by the system administrator."""
        return False

    def get_requests_session(self) -> requests.Session:
        """How the provider is called."""
        return House(self.request)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> NoReturn:
        """The person declined, the answer was not for this visit, or the provider refused."""
        if error == AuthError.CANCELLED:
            _refuse(request, _("您没有同意用统一账号登录。"))
        _refuse(request, _("统一账号没有登录成功，请从这一页重新登录；一直如此的，请告诉本单位的系统管理员。"))

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Tie the outside log-in to the account of the same name the first time it comes.

        Never to a member's own log-in: members choose its name themselves, so it says nothing of who comes.
        """
        name = log_in_name(sociallogin.account.extra_data)
        staff = User.objects.filter(member__isnull=True)
        user = sociallogin.user if sociallogin.is_existing else staff.filter(username=name or None).first()
        if user is None:
            _refuse(
                request, _("统一账号“{name}”在这里还没有账号，请联系本单位的系统管理员开设同名账号。").format(name=name)
            )
        if not user.is_active:
            _refuse(request, _("您在这里的账号已经停用；要恢复的，请联系本单位的系统管理员。"))
        if not sociallogin.is_existing:
            if SocialAccount.objects.filter(user=user).exists():  # the name was given to somebody else at the provider
                _refuse(
                    request,
                    _("“{name}”这个账号已经由另一个统一账号使用，请联系本单位的系统管理员核对。").format(name=name),
                )
            sociallogin.connect(request, user)
        if user.temporary_until:
            secrets.void_temporary(user)


def _refuse(request: HttpRequest, said: str) -> NoReturn:
    """Back to the log-in page, where it is said."""
    messages.error(request, said)
    raise ImmediateHttpResponse(redirect("account_login"))
