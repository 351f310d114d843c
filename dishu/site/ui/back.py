"""Where somebody goes back to when a form is done: the page they came from, if it is one of ours."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def back(request: HttpRequest, otherwise: str = "") -> str:
    """The page told in the form or the address; `otherwise` where none is, or one of somebody else."""
    told = request.POST.get("back") or request.GET.get("back") or ""
    ours = told.startswith("/") and url_has_allowed_host_and_scheme(told, {request.get_host()})
    return told if ours else otherwise
