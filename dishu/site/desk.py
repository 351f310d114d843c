"""The work desk: what waits for me, at which places, in which role."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """The first page after logging in."""
    return render(request, "ui/desk.html", {"tops": request.scope.tops()})
