"""What the frame around every page shows: the menu of what this user may do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

#: name of the URL, icon, title, what one must be allowed to do
MENU = (
    ("mine", "home", "我的登记", "own.read"),
    ("desk", "home", "工作台", ""),
    ("my_figures", "chart-bar", "数字", "figures.read"),
    ("my_trouble", "alert-triangle", "问题清单", "members.read"),
    ("uploads", "upload", "名册", "intake.upload"),
    ("units", "building-store", "单位", "units.read"),
    ("members", "users", "党员", "members.read"),
    ("organizations", "flag", "党组织", "members.read"),
    ("places", "map-2", "区域", ""),
    ("users", "user-cog", "账号", "users.edit"),
    ("locks", "lock", "账号安全", "users.secure"),
    ("trail", "history", "操作记录", "trail.read"),
    ("editions", "lock", "封存版次", "figures.read"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The menu and the scope for the templates."""
    scope = getattr(request, "scope", None)
    staff = scope and scope.member is None
    menu = [item for item in MENU if scope and (scope.allows(item[3]) if item[3] else staff)]
    return {"menu": menu, "scope": scope, "section": _section(request.path, [item[0] for item in menu])}


def _section(path: str, names: list[str]) -> str:
    """The entry of the menu under which a page stands: the one with the longest address that the page's begins with."""
    found = [name for name in names if name != "desk" and path.startswith(reverse(name))]
    return max(found, key=lambda name: len(reverse(name)), default="desk" if path == reverse("desk") else "")
