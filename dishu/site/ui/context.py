"""What the frame around every page shows: the menu of what this user may do."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as lazy

#: name of the URL, icon, title, what one must be allowed to do
MENU = (
    ("mine", "home", lazy("我的登记"), "own.read"),
    ("desk", "home", lazy("工作台"), ""),
    ("my_figures", "chart-bar", lazy("数字"), "figures.read"),
    ("my_trouble", "alert-triangle", lazy("问题清单"), "members.read"),
    ("uploads", "upload", lazy("名册"), "intake.upload"),
    ("pairs", "arrows-shuffle", lazy("核对"), "match.decide"),
    ("units", "building-store", lazy("单位"), "units.read"),
    ("members", "users", lazy("党员"), "members.read"),
    ("organizations", "flag", lazy("党组织"), "members.read"),
    ("places", "map-2", lazy("区域"), ""),
    ("users", "user-cog", lazy("账号"), "users.edit"),
    ("locks", "lock", lazy("账号安全"), "users.secure"),
    ("trail", "history", lazy("操作记录"), "trail.read"),
    ("editions", "lock", lazy("封存版次"), "figures.read"),
)


#: Pages that belong to an entry of the menu though their addresses begin otherwise.
ELSEWHERE = {"/places/organizations/": "organizations", "/ledger/": "units", "/database/": "units"}


def shell(request: HttpRequest) -> dict[str, Any]:
    """The menu and the scope for the templates."""
    scope = getattr(request, "scope", None)
    staff = scope and scope.member is None
    mine = [item for item in MENU if scope and (scope.allows(item[3]) if item[3] else staff)]
    menu = [(name, picture, title, _address(name)) for name, picture, title, _ in mine]
    section = _section(request.path, {name: address for name, _, _, address in menu})
    return {"menu": menu, "scope": scope, "section": section, "oidc_only": settings.OIDC_ONLY}


@cache
def _address(name: str) -> str:
    """The same for every request."""
    return reverse(name)


def _section(path: str, menu: dict[str, str]) -> str:
    """The entry of the menu under which a page stands: the one with the longest address that the page's begins with."""
    if away := next((name for begin, name in ELSEWHERE.items() if path.startswith(begin)), ""):
        return away
    found = [name for name, address in menu.items() if name != "desk" and path.startswith(address)]
    return max(found, key=lambda name: len(menu[name]), default="desk" if path == _address("desk") else "")
