"""The work desk: what waits for me, at which places, in which role."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dishu.site.accounts.guard import everyone


@everyone
def desk(request: HttpRequest) -> HttpResponse:
    """The first page after logging in."""
    return render(request, "ui/desk.html", {"tops": request.scope.tops()})
