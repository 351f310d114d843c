"""Pages of rosters: what was sent, how far it is, what it would do, row by row; committing it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from dishu.site.accounts.guard import may
from dishu.site.intake import actions as intake
from dishu.site.intake.models import OUTCOMES, Upload
from dishu.site.registry.models import Unit
from dishu.site.rosters import actions as roster
from dishu.site.rosters import work
from dishu.site.ui import numbers
from dishu.site.ui.numbers import LAST, number
from dishu.standards import forms

PAGE = 50
#: What a preview of any roster says, also where it is nothing; and the way a roster goes.
ALWAYS = ("new", "changed", "moved", "closed", "same", "refused")
STEPS = {
    "received": _("收到"), "reading": _("读取"), "matching": _("比对"), "previewed": _("确认"), "committing": _("入库"),
}  # fmt: skip


def mine(request: HttpRequest, pk: int) -> Upload:
    return get_object_or_404(request.scope.narrow(Upload.objects.select_related("place", "by")), pk=pk)


@may("intake.upload")
def uploads(request: HttpRequest) -> HttpResponse:
    """What was sent for my places, the latest first, and the form to send more."""
    found = request.scope.narrow(Upload.objects.select_related("place", "by"))
    page = list(found.filter(pk__lt=number(request.GET.get("after", "")) or LAST)[: PAGE + 1])
    return render(
        request, "rosters/uploads.html",
        {"uploads": page[:PAGE], "more": page[PAGE - 1].pk if len(page) > PAGE else None, "tops": request.scope.tops(),
         "layouts": [forms.layout(name) for name in forms.names()], "today": timezone.localdate(),
         "held": not page and request.scope.narrow(Unit.objects.all()).exists()},
    )  # fmt: skip


@may("intake.upload")
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Receive files; each goes its own way."""
    place = get_object_or_404(request.scope.places(), code=request.POST.get("place"))
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        day = timezone.localdate()
    layout = request.POST.get("layout", "")
    files = request.FILES.getlist("files")
    for file in files:
        upload = intake.receive(
            by=request.user, file=file, place=place, day=day, layout=layout if layout in forms.names() else ""
        )
        if upload.stage == "received":
            transaction.on_commit(lambda pk=upload.pk: work.prepare.enqueue(pk))
    if len(files) != 1:
        return redirect("uploads")
    # in the address, not as a message: the page is fetched once by the script that sends and once by the browser
    again = "" if upload.stage == "received" else "?again=1"
    return redirect(reverse("upload", args=[upload.pk]) + again)


@may("intake.upload")
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """One roster: how far it is, what it would do."""
    one = mine(request, pk)
    shown = [key for key in OUTCOMES if key in one.counts or key in ALWAYS] if one.counts else []
    chosen = request.GET.get("outcome", "")
    page = numbers.page(request.GET.get("page", ""))
    lines = _lines(one, chosen, page) if one.stage in ("previewed", "committed") else []
    piece = "rosters/_progress.html" if request.headers.get("HX-Request") else "rosters/upload.html"
    return render(
        request, piece,
        {"upload": one, "outcomes": [(key, OUTCOMES[key], one.counts.get(key, 0)) for key in shown], "chosen": chosen,
         "chosen_text": OUTCOMES.get(chosen, ""), "lines": lines[:PAGE], "more": len(lines) > PAGE, "page": page,
         "steps": _steps(one), "idle": _idle(one), "unsaid": "unsaid" in request.GET,
         "again": "again" in request.GET and one.stage in ("previewed", "committed"), "layout": forms.layout(one.layout).title if one.layout else ""},
    )  # fmt: skip


def _steps(one: Upload) -> list[tuple[str, bool]]:
    """The way a roster goes, and whether it is there."""
    stage = {"committed": "committing", "undone": "committing"}.get(one.stage, one.stage)
    return [(text, key == stage) for key, text in STEPS.items()]


def _idle(one: Upload) -> bool:
    """Whether it says nothing that is not registered already."""
    return one.stage == "previewed" and {key for key, number in one.counts.items() if number} == {"same"}


def _lines(one: Upload, outcome: str, page: int) -> list[dict[str, Any]]:
    """The rows behind a count, fifty at a time, and one more where there are more."""
    start = (page - 1) * PAGE
    if outcome == "refused":
        return intake.refused(one, start, PAGE + 1)
    rows = roster.lines(one, outcome, start, PAGE + 1)
    return [{**line, "outcome": OUTCOMES.get(line["outcome"], "")} for line in rows]


@may("intake.upload")
@require_POST
def commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write it into the register; the worker does it."""
    one = mine(request, pk)
    if one.stage == "previewed":
        intake.step(one, "committing", 0)
        transaction.on_commit(lambda: work.commit.enqueue(one.pk, request.user.pk))
    return redirect("upload", one.pk)


@may("intake.upload")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back out of the register, for a reason; the worker does it, or says why not."""
    one, reason = mine(request, pk), request.POST.get("reason", "").strip()[:200]
    if one.stage == "committed" and not reason:
        return redirect(f"{reverse('upload', args=[one.pk])}?unsaid")
    if one.stage == "committed":
        transaction.on_commit(lambda: work.undo.enqueue(one.pk, request.user.pk, reason))
    return redirect("upload", one.pk)


@may("intake.upload")
def rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows as a workbook, to be corrected and sent again."""
    file = mine(request, pk).folder / "rejected.xlsx"
    if not file.exists():
        raise Http404
    return FileResponse(file.open("rb"), as_attachment=True, filename=_("退回-{pk}.xlsx").format(pk=pk))
