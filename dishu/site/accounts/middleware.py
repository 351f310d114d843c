"""Each request of a logged-in user runs in one transaction behind the wall of its scope; a temporary password goes first."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from dishu.site.accounts import scope

IDLE_SECONDS = 30 * 60
_LAST = "last_seen"


def walled(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Django's middleware: `request.scope`, the idle limit, the wall.

    `request.lent`: the scope of a token, narrower than its owner's; set by the door of the API.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if lent := getattr(request, "lent", None):
            request.scope = lent
            return _behind_the_wall(request, get_response)
        if request.user.is_authenticated and _idle(request):
            logout(request)
            messages.warning(request, _ended(request))
        if not request.user.is_authenticated:
            request.scope = scope.NOBODY
            return get_response(request)
        request.scope = scope.of(request.user)
        if _of_the_house(request):
            return get_response(request)
        if request.user.temporary_until:
            return redirect("account_change_password")
        return _behind_the_wall(request, get_response)

    return middleware


def _behind_the_wall(request: HttpRequest, get_response: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    with scope.walled(request.scope, page=True):
        response = get_response(request)
        if response.status_code >= 500:
            transaction.set_rollback(True)
        return response


def _of_the_house(request: HttpRequest) -> bool:
    """Log-in, password and second factor write the user's own secrets, which the wall's role may not touch."""
    return request.path.startswith("/accounts/")


def _ended(request: HttpRequest) -> str:
    """Why one must log in again, and what became of what was sent."""
    why = _("已经半小时没有操作，系统自动退出了，请重新登录。")
    return why + _("刚才提交的内容没有保存，登录后请再填一次。") if request.method == "POST" else why


def _idle(request: HttpRequest) -> bool:
    """Whether the last request was too long ago; notes this one, at most once a minute."""
    now, last = int(timezone.now().timestamp()), request.session.get(_LAST)
    if last is None or now - last > 60:
        request.session[_LAST] = now
    return last is not None and now - last > IDLE_SECONDS
