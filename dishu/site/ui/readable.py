"""What no record can hold is sent back at the door, and an address that only takes forms says so instead of nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain

from django.core.exceptions import BadRequest
from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import bad_request


def readable(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Django's middleware. A number or a day beyond what the database holds is the sender's to mend, too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if any("\x00" in text for text in _sent(request)):
            return bad_request(request, BadRequest("NUL"))
        response = get_response(request)
        if response.status_code == 405 and not response.content and request.method == "GET":
            response.content = render_to_string("405.html", request=request)
        return response

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DataError):
            return None
        if transaction.get_connection().in_atomic_block:
            transaction.set_rollback(True)
        return bad_request(request, error)

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def _sent(request: HttpRequest) -> Iterable[str]:
    """The address and every value of a form."""
    forms = [request.GET] if request.content_type == "application/json" else [request.GET, request.POST]
    return chain(
        [request.path], *(values for form in forms for values in ((name, *form.getlist(name)) for name in form))
    )
