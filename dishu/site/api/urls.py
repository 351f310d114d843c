"""Paths of the API: /api/."""

from django.urls import path

from dishu.site.api import document, figures, places, units  # noqa: F401  (each registers its calls)
from dishu.site.api.calls import api

_patterns, _, _ = api.urls
urlpatterns = [
    path("", document.page, name="api"),
    path("openapi.json", document.openapi, name="openapi"),
    *(pattern for pattern in _patterns if pattern.name != "api-root"),
]
