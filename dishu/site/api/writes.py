"""Every write: tried with `dry_run`, done once under an `Idempotency-Key`, answered with the lines it left in the trail."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Field, Schema
from pydantic import ConfigDict

from dishu.site import crypto
from dishu.site.api import work
from dishu.site.api.calls import api, clean
from dishu.site.api.errors import Refusal, answer
from dishu.site.api.models import Answer, Token
from dishu.site.registry import changing
from dishu.site.reports import sealing
from dishu.site.rosters.actions import TooLate
from dishu.site.territory import actions as territory
from dishu.site.trail import lines as trail
from dishu.site.trail.models import TrailLine


class Body(Schema):
    """What a write is told; what it does not know is refused, never ignored."""

    model_config = ConfigDict(extra="forbid")

    def model_post_init(self, context: Any, /) -> None:
        """Text that no database keeps is refused here, not where it is first looked up."""
        for name, value in self:
            clean(name, value)


class Trying(Schema):
    """Whether to do it, or only to say what it would do."""

    dry_run: bool = Field(False, description="Do everything, say what it would change, and undo it")


class Written(Schema):
    """A line of the trail: what was done to what, and what changed."""

    verb: str
    subject_type: str
    subject_id: int | None
    details: dict[str, Any]


class Done(Schema):
    """What a write did, or with `dry_run` would do. `version`: of the record now, for the next change."""

    dry_run: bool
    id: int | None
    code: str | None
    version: int | None
    lines: list[Written]
    concerns: list[str]
    counts: dict[str, int]


@dataclass
class Outcome:
    """What a write came to. `tidy`: takes away files that a dry run left. `made`: its number dies with the dry run."""

    id: int | None = None
    code: str | None = None
    version: int | None = None
    concerns: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    made: bool = False
    tidy: Callable[[], None] | None = None


class _OnlyTried(Exception):
    """Undoes what was only tried."""


def written(request: HttpRequest, do: Callable[[], Outcome], dry_run: bool, *, status: int = 200) -> HttpResponse:
    """Do it, or try it. Refusals and what the actions raise undo everything; the handlers below answer them."""
    if dry_run:
        return _answer(_tried(do), 200)
    key = _key(request)
    with transaction.atomic():
        kept = _claim(request.token, key, _digest(request)) if key else None  # type: ignore[attr-defined]
        if kept is not None and kept.status:
            return _again(kept)
        with trail.gathered() as lines:
            outcome = do()
        said = _said(outcome, lines, False)
        if kept is not None:
            kept.status, kept.body = status, crypto.hide(json.dumps(said, cls=DjangoJSONEncoder))
            kept.save(update_fields=["status", "body"])
    return _answer(said, status)


def _tried(do: Callable[[], Outcome]) -> dict[str, Any]:
    """What it would do; nothing of it is left."""
    outcome, lines = Outcome(), []
    try:
        with transaction.atomic(), trail.gathered() as lines:
            outcome = do()
            raise _OnlyTried
    except _OnlyTried:
        if outcome.tidy:
            outcome.tidy()
    return _said(outcome, lines, True)


def _said(outcome: Outcome, lines: list[TrailLine], dry_run: bool) -> dict[str, Any]:
    """The answer; numbers of what was only tried mean nothing."""
    fresh = dry_run and outcome.made
    return {
        "dry_run": dry_run, "id": None if fresh else outcome.id, "code": outcome.code, "version": outcome.version,
        "concerns": outcome.concerns, "counts": outcome.counts,
        "lines": [
            {"verb": line.verb, "subject_type": line.subject_type, "details": line.details,
             "subject_id": None if fresh else line.subject_id}
            for line in lines
        ],
    }  # fmt: skip


def _answer(said: dict[str, Any], status: int) -> JsonResponse:
    return JsonResponse(said, status=status, json_dumps_params={"ensure_ascii": False})


def _again(kept: Answer) -> JsonResponse:
    found = _answer(json.loads(crypto.show(kept.body)), kept.status)
    found["Idempotency-Replayed"] = "true"
    return found


def _key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > 100 or not (key.isascii() and key.isprintable()):
        raise Refusal("invalid", field="Idempotency-Key", what="最多 100 个可见的 ASCII 字符")
    return key


def _claim(token: Token, key: str, digest: str) -> Answer:
    """The row of the key: a new one, or that of an earlier call, for which it waits while that is at work."""
    Answer.objects.filter(token=token, at__lt=timezone.now() - timedelta(hours=work.KEPT_HOURS)).delete()
    if not Answer.objects.filter(token=token, at__gt=timezone.now() - timedelta(hours=1)).exists():
        transaction.on_commit(work.forget.enqueue)  # those of other tokens, which the wall hides here
    kept, made = Answer.objects.get_or_create(token=token, key=key, defaults={"request": digest})
    if not made and kept.request != digest:
        raise Refusal("key_reused")
    return kept


def _digest(request: HttpRequest) -> str:
    """What tells one call from another: method, address and content, files by what is in them."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if (request.content_type or "").startswith("multipart/"):
        digest.update(json.dumps(sorted(request.POST.lists())).encode())
        for name, file in sorted(request.FILES.items()):
            inner = hashlib.sha256()
            for chunk in file.chunks():
                inner.update(chunk)
            file.seek(0)
            digest.update(f"{name} {file.name} {inner.hexdigest()}\n".encode())
    else:
        digest.update(request.body)
    return digest.hexdigest()


@api.exception_handler(territory.Impossible)
@api.exception_handler(changing.Impossible)
@api.exception_handler(sealing.Impossible)
def _impossible(request: HttpRequest, why: Exception) -> JsonResponse:
    return answer(request, Refusal("refused", what=str(why), field=getattr(why, "field", "") or None))


@api.exception_handler(TooLate)
def _late(request: HttpRequest, why: TooLate) -> JsonResponse:
    return answer(request, Refusal("too_late", what=str(why)))


@api.exception_handler(IntegrityError)
def _collides(request: HttpRequest, why: IntegrityError) -> JsonResponse:
    return answer(request, Refusal("collides"))
