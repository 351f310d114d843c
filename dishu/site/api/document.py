"""The OpenAPI document and the page printed from it; nothing is loaded from elsewhere."""

from functools import cache
from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from dishu.site.accounts.guard import anybody
from dishu.site.api.calls import api
from dishu.site.api.errors import catalogue


@cache
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    import_module("dishu.site.api.urls")  # there the calls register themselves
    return dict(api.get_openapi_schema(path_prefix="/api/"))


@anybody
def openapi(request: HttpRequest) -> HttpResponse:
    """The document for machines."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


@anybody
def page(request: HttpRequest) -> HttpResponse:
    """The document for people."""
    paths = [
        {"path": path, "method": method.upper(), **operation}
        for path, methods in document()["paths"].items() for method, operation in methods.items()
    ]  # fmt: skip
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in paths:
        groups.setdefault(one["tags"][0], []).append(one)
    return render(request, "api/document.html", {"groups": groups, "errors": catalogue().values()})
