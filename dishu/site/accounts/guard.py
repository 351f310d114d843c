"""At the door of each page: is somebody logged in, and may they do what the page is for?"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from dishu.site.accounts.roles import MAY

View = Callable[..., HttpResponse]


def may(what: str) -> Callable[[View], View]:
    """A view for users who may do `what`; others get the page that says who to ask.

    Where they may do it is for the view's queries to say: `request.scope.narrow(...)`.
    """
    if what not in MAY:
        raise KeyError(what)

    def guard(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.scope.allows(what):
                raise PermissionDenied(_("您的角色不能“{what}”。").format(what=MAY[what]))
            return view(request, *args, **kwargs)

        guarded.may = what  # type: ignore[attr-defined]
        return guarded

    return guard


def everyone(view: View) -> View:
    """A view for whoever works here; for members at their own record only where it says `members_too`."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.scope.member is not None and not getattr(view, "members_too", False):
            raise PermissionDenied(_("这一页是工作人员用的，您可以在“我的登记”里看到本人的全部资料。"))
        return view(request, *args, **kwargs)

    guarded.may = ""  # type: ignore[attr-defined]
    return guarded


def members_too(view: View) -> View:
    """Marks a view of `everyone` that shows a member nothing but what is their own."""
    view.members_too = True  # type: ignore[attr-defined]
    return view


def anybody(view: View) -> View:
    """A view that says nothing of the house, for whoever comes."""
    view.may = None  # type: ignore[attr-defined]
    return view
