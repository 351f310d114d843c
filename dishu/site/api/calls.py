"""Registering calls: each behind the same guard as the pages, with its answers and refusals in the OpenAPI document."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.decorators import decorate_view
from ninja.errors import HttpError, ValidationError
from ninja.renderers import JSONRenderer
from ninja.security import HttpBearer

from dishu.site.accounts.guard import everyone, may
from dishu.site.accounts.roles import MAY
from dishu.site.api.errors import Refusal, answer, unforeseen
from dishu.site.reports.soon import Computing

Run = Callable[..., HttpResponse]


class Problem(Schema):
    """Why a call was refused. `details`: both values of a conflict, further problems, a reference."""

    code: str
    message_zh: str
    message_en: str
    field: str | None = None
    row: int | None = None
    what_to_do: str
    details: Any = None


class Bearer(HttpBearer):
    """The door has looked at the token already; this tells the document that one is wanted."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The token the door found."""
        return getattr(request, "token", None)


class Plain(JSONRenderer):
    """Chinese as it is written."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    renderer=Plain(),
    title="底数 API", version="1", docs_url=None, openapi_url=None, urls_namespace="api", auth=Bearer(),
    description="The reads and actions of the pages, for machines. Refused calls are answered in one shape, see Problem.",
)  # fmt: skip
#: What any call may be refused with.
REFUSALS: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503), Problem)
#: The header of every write.
KEY = {
    "in": "header", "name": "Idempotency-Key", "required": False, "schema": {"type": "string", "maxLength": 100},
    "description": "The same call with the same key is done once and answered the same for 48 hours",
}  # fmt: skip
#: Every call: method, path, right ("" where a token is enough).
CALLS: list[tuple[str, str, str]] = []


def call(
    method: str, path: str, right: str, answers: Any = None, *, status: int = 200, csv: bool = False, tag: str = "", dry: bool = False,
) -> Callable[[Run], Run]:  # fmt: skip
    """Register a view under a path for those who may do `right`. `dry`: a dry run is answered with 200 instead."""

    def register(view: Run) -> Run:
        decorate_view(_guarding(right))(view)
        extra = {"responses": {status: {"content": {"text/csv": {"schema": {"type": "string"}}}}}} if csv else None
        if method == "POST" and answers is not None and "dry_run" in answers.model_fields:
            extra = {"parameters": [KEY]}
        first, _, rest = (view.__doc__ or "").partition("\n")
        api.api_operation(
            [method], path, response={status: answers, **({200: answers} if dry else {}), **REFUSALS}, operation_id=view.__name__, summary=first,
            description=rest.strip() or None, tags=[tag or path.strip("/").split("/")[0]], openapi_extra=extra,
            url_name=view.__name__,
        )(view)  # fmt: skip
        CALLS.append((method, path, right))
        return view

    return register


def _guarding(right: str) -> Callable[[Run], Run]:
    """The guard of the pages, before anything of the call is read; then its parameters are known ones."""

    def guard(run: Run) -> Run:
        guarded = (may(right) if right else everyone)(_known(run))

        @wraps(run)
        def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            try:
                return guarded(request, **kwargs)
            except PermissionDenied:
                return answer(request, no_right(right))
            except Refusal as why:
                return answer(request, why)

        return checked

    return guard


def no_right(right: str) -> Refusal:
    """The refusal of whoever lacks a right."""
    return Refusal("no_right", what=MAY[right], right=right)


def _known(run: Run) -> Run:
    """Refuse parameters that the call does not have, and text that no database takes."""
    operation = run.__self__  # type: ignore[attr-defined]

    @wraps(run)
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        names = {
            name for model in operation.models if model.__ninja_param_source__ == "query"
            for name in model.__ninja_flatten_map__
        }  # fmt: skip
        for name, value in request.GET.items():
            if name not in names:
                raise Refusal("unknown_parameter", field=name[:80])
            clean(name, value)
        for name, value in kwargs.items():
            clean(name, value)
        return run(request, **kwargs)

    return checked


def clean(field: str, value: Any) -> None:
    """Refuse text with characters that no database keeps."""
    if isinstance(value, str) and ("\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value)):
        raise Refusal("invalid", field=field, what="含有不能保存的字符")


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, why: Refusal) -> JsonResponse:
    return answer(request, why)


@api.exception_handler(Http404)
def _lost(request: HttpRequest, why: Http404) -> JsonResponse:
    return answer(request, Refusal("not_found"))


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, why: PermissionDenied) -> JsonResponse:
    return answer(request, Refusal("no_right", what=str(why), right="?"))


@api.exception_handler(Computing)
def _computing(request: HttpRequest, why: Computing) -> JsonResponse:
    return answer(request, Refusal("computing", wait=2))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, why: ValidationError) -> JsonResponse:
    found = [(".".join(str(part) for part in error["loc"][1:]), error["msg"]) for error in why.errors]
    return answer(request, invalid(found))


def invalid(found: list[tuple[str, str]]) -> Refusal:
    """What is wrong with which fields: the first as the refusal, all of them in its details."""
    first, what = found[0]
    details = [{"field": field, "what": said} for field, said in found]
    return Refusal("invalid", field=_plain(first), what=what, details=details)


def _plain(field: str) -> str:
    """The field's own name: the parameter of the function around it says nothing to who called."""
    return field.removeprefix("query.").removeprefix("body.") or "body"


@api.exception_handler(HttpError)
def _http(request: HttpRequest, why: HttpError) -> JsonResponse:
    if isinstance(why.__context__, RequestDataTooBig):
        return answer(request, Refusal("too_large", limit="2.5 MB"))
    return answer(request, Refusal("token_missing" if why.status_code == 401 else "invalid_json"))


@api.exception_handler(DataError)
def _beyond(request: HttpRequest, why: DataError) -> JsonResponse:
    transaction.set_rollback(True)  # behind the wall there always is one
    return answer(request, Refusal("invalid_json"))


@api.exception_handler(Exception)
def _unforeseen(request: HttpRequest, why: Exception) -> JsonResponse:
    return unforeseen(request, why)
