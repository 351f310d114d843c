"""How a call is refused: one shape for everything, its code and texts from one catalogue."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.http import HttpRequest, JsonResponse

logger = logging.getLogger(__name__)
_FILE = Path(__file__).with_name("errors.yaml")


@dataclass(frozen=True, slots=True)
class Entry:
    """One way of being refused; the texts are templates."""

    code: str
    status: int
    zh: str
    en: str
    do_zh: str
    do_en: str


@cache
def catalogue() -> Mapping[str, Entry]:
    """All entries by code."""
    return {code: Entry(code, **entry) for code, entry in yaml.safe_load(_FILE.read_text("utf-8")).items()}


class Refusal(Exception):
    """Refuse a call: a code of the catalogue, which field or row it is about, what fills the texts.

    `details` go along as they are: both values of a conflict, further problems.
    """

    def __init__(
        self, code: str, *, field: str | None = None, row: int | None = None, details: Any = None,
        wait: int | None = None, **facts: Any,
    ) -> None:  # fmt: skip
        super().__init__(code)
        self.entry, self.field, self.row, self.details, self.wait = catalogue()[code], field, row, details, wait
        self.facts = {"field": field, **facts}


def body(why: Refusal, language: str = "") -> dict[str, Any]:
    """The shape every refused call is answered in."""
    entry, facts = why.entry, why.facts
    do = entry.do_en if language.lower().startswith("en") else entry.do_zh
    return {
        "code": entry.code, "message_zh": entry.zh.format(**facts), "message_en": entry.en.format(**facts),
        "field": why.field, "row": why.row, "what_to_do": do.format(**facts), "details": why.details,
    }  # fmt: skip


def answer(request: HttpRequest, why: Refusal) -> JsonResponse:
    """The answer to a refused call."""
    found = JsonResponse(
        body(why, request.headers.get("Accept-Language", "")), status=why.entry.status,
        json_dumps_params={"ensure_ascii": False},
    )  # fmt: skip
    if why.wait is not None:
        found["Retry-After"] = str(why.wait)
    if why.entry.status == 401:
        found["WWW-Authenticate"] = 'Bearer realm="dishu"'
    return found


def unforeseen(request: HttpRequest, problem: BaseException | None) -> JsonResponse:
    """The answer where nobody foresaw the error: a reference under which the log tells more."""
    reference = secrets.token_hex(6)
    logger.error("接口错误 %s：%s %s", reference, request.method, request.path, exc_info=problem)
    return answer(request, Refusal("unforeseen", reference=reference, details={"reference": reference}))
