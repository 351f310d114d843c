"""The OpenAPI document and the page printed from it, in the reader's language; nothing is loaded from elsewhere."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as lazy

from dishu.site.accounts.guard import anybody
from dishu.site.api.calls import api
from dishu.site.api.errors import catalogue

#: What the groups of calls are about.
TAGS = {
    "figures": lazy("数字"), "trouble": lazy("问题清单"), "uploads": lazy("名册"), "units": lazy("单位"),
    "members": lazy("党员"), "organizations": lazy("党组织"), "places": lazy("区域"), "editions": lazy("封存版次"),
    "trail": lazy("操作记录"), "me": lazy("访问令牌"),
}  # fmt: skip
_TEXTS = Path(__file__).with_name("texts.yaml")


@cache
def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document, its texts as they stand in the code."""
    import_module("dishu.site.api.urls")  # there the calls register themselves
    return dict(api.get_openapi_schema(path_prefix="/api/"))


@cache
def in_language(language: str) -> dict[str, Any]:
    """The document with its texts in one language.

    What the code says in English stands in `texts.yaml` in Chinese; names of fields are Chinese in the code and
    have their English among the words of the pages.
    """
    chinese = language.startswith("zh")
    texts: Mapping[str, str] = yaml.safe_load(_TEXTS.read_text("utf-8")) if chinese else {}
    with override(language):
        tags = [{"name": name, "description": str(title)} for name, title in TAGS.items()]
        return {**_worded(document(), texts), "tags": tags}


def _worded(part: Any, texts: Mapping[str, str]) -> Any:
    """A part of the document with its descriptions and summaries put into words."""
    if isinstance(part, list):
        return [_worded(one, texts) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        key: _said(value, texts) if key in ("description", "summary") and isinstance(value, str) else _worded(value, texts)
        for key, value in part.items()
    }  # fmt: skip


def _said(text: str, texts: Mapping[str, str]) -> str:
    if text in texts:
        return texts[text]
    if text.isascii():
        return text
    return gettext("：").join(gettext(one) for one in re.split("[　：]", text, maxsplit=1))  # a label and its help


@anybody
def openapi(request: HttpRequest) -> HttpResponse:
    """The document for machines."""
    said = in_language(get_language() or "")
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})


@anybody
def page(request: HttpRequest) -> HttpResponse:
    """The document for people."""
    said = in_language(get_language() or "")
    groups: dict[str, list[dict[str, Any]]] = {one["description"]: [] for one in said["tags"]}
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            calls = groups[str(TAGS[operation["tags"][0]])]
            calls.append({"path": path, "method": method.upper(), **operation})
    return render(request, "api/document.html", {"groups": groups, "errors": catalogue().values()})
