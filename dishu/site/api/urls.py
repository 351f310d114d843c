"""Paths of the API: /api/."""

from django.urls import include, path

from dishu.site.api import (  # noqa: F401  (each registers its calls)
    behind,
    borders,
    changes,
    document,
    editions,
    figures,
    members,
    organizations,
    places,
    rosters,
    sending,
    units,
)
from dishu.site.api.calls import api

_patterns, _, _ = api.urls
_calls = [pattern for pattern in _patterns if pattern.name != "api-root"]
urlpatterns = [
    path("", document.page, name="api"),
    path("openapi.json", document.openapi, name="openapi"),
    path("", include((_calls, "api"))),  # names of their own: pages have a "figures", too
]
