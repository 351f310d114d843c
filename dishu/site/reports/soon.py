"""Answers that may take long: waited for a moment, else the page says that it is being computed and asks again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from functools import wraps
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

#: Seconds a page waits before it says that it is computing.
PATIENCE = 1.5
#: Answers kept in this process; each may be tens of megabytes for a province.
KEPT = 24

_pool = ThreadPoolExecutor(2, "computing")
_asked: OrderedDict[Hashable, Future[Any]] = OrderedDict()
_lock = Lock()


class Computing(Exception):
    """The answer is on its way; ask again in a second."""


def soon[T](key: Hashable, make: Callable[[], T]) -> T:
    """What `make` gives, kept under the key. Raises `Computing` where it takes longer than a page may wait.

    `make` runs in a thread of its own and must not use the database.
    """
    with _lock:
        future = _asked.get(key)
        if future is None:
            future = _asked[key] = _pool.submit(make)
        _asked.move_to_end(key)
        while len(_asked) > KEPT:
            _asked.popitem(last=False)
    try:
        return future.result(PATIENCE)
    except NotYet:
        raise Computing from None
    except BaseException:
        with _lock:
            _asked.pop(key, None)
        raise


def patient(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that may have to wait: while it does, a page says so and looks again by itself."""

    @wraps(view)
    def waiting(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Computing:
            if request.headers.get("X-Computing"):
                return HttpResponse(status=204)
            piece = request.headers.get("HX-Request")
            page = "reports/_computing.html" if piece else "reports/computing.html"
            return render(request, page, {"address": request.get_full_path(), "piece": piece})
        if request.headers.get("X-Computing"):
            response = HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return response

    return waiting
