"""The door of the API: who comes with which token, how often; nothing leaves but JSON, CSV and files, errors in one shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from dishu.site.api import tokens
from dishu.site.api.errors import Refusal, answer, unforeseen
from dishu.site.api.models import Token
from dishu.site.trail import lines as trail

PREFIX = "/api/"
#: Pages that say nothing of the house and want no token.
OPEN = ("/api/", "/api/openapi.json")
SAFE = ("GET", "HEAD", "OPTIONS")
#: The most bytes of a call that is no file.
MOST_BYTES = 1_000_000
_CODES = {400: "invalid_json", 403: "no_right", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


def door(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Django's middleware; stands before the wall, which then is that of the token."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX) or request.path in OPEN:
            return get_response(request)
        request.user = AnonymousUser()  # a browser's log-in opens no door here: no other site can use it
        try:
            token = _token(request)
            _small(request)
        except Refusal as why:
            return answer(request, why)
        request.user, request.token = token.owner, token  # type: ignore[attr-defined]
        with trail.through(token=token.pk):
            return _in_shape(request, get_response(request))

    return middleware


def _token(request: HttpRequest) -> Token:
    """The token of the call; sets what it may on the request. Raises `Refusal`."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise Refusal("token_missing")
    token = tokens.found(secret.strip())
    if token is None:
        raise Refusal("token_unknown")
    if token.revoked_at is not None:
        raise Refusal("token_revoked")
    if token.expires_at <= timezone.now():
        raise Refusal("token_expired")
    if not token.owner.is_active:
        raise Refusal("owner_inactive")
    if token.owner.temporary_until:
        raise Refusal("owner_password")
    lent = tokens.scope(token)
    if lent is None:
        raise Refusal("token_exceeds_owner")
    if tokens.count(token) > settings.API_PER_MINUTE:
        raise Refusal("rate_limited", limit=settings.API_PER_MINUTE, wait=60 - timezone.now().second)
    if not token.writes and request.method not in SAFE:
        raise Refusal("read_only")
    request.lent = lent  # type: ignore[attr-defined]
    return token


def _small(request: HttpRequest) -> None:
    """Refuse before reading what is too large; a roster has a limit of its own."""
    length = request.META.get("CONTENT_LENGTH") or ""
    sent = int(length) if length.isdecimal() else 0
    most = settings.API_MOST_FILE if (request.content_type or "").startswith("multipart/") else MOST_BYTES
    if sent > most:
        raise Refusal("too_large", limit=f"{most:,} B")


def _in_shape(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Whatever answered instead of the API (no such address, a broken commit) says so in the API's own shape."""
    if response.status_code < 400 or response.headers.get("Content-Type", "").startswith("application/json"):
        return response
    if response.status_code >= 500:
        return unforeseen(request, None)
    facts: dict[str, Any] = {"what": "", "right": "", "limit": ""}
    found = answer(request, Refusal(_CODES.get(response.status_code, "invalid_json"), **facts))
    if "Allow" in response.headers:
        found["Allow"] = response.headers["Allow"]
    return found
