"""Pages of rosters: what was sent, how far it is, what it would do, row by row; committing it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from dishu.site.accounts.guard import may
from dishu.site.intake import actions
from dishu.site.intake.models import OUTCOMES, Upload
from dishu.site.rosters import actions as roster
from dishu.site.rosters import work
from dishu.standards import forms

PAGE = 50


def _mine(request: HttpRequest, pk: int) -> Upload:
    return get_object_or_404(request.scope.narrow(Upload.objects.select_related("place", "by")), pk=pk)


@may("intake.upload")
def uploads(request: HttpRequest) -> HttpResponse:
    """What was sent for my places, the latest first, and the form to send more."""
    found = request.scope.narrow(Upload.objects.select_related("place", "by"))
    after = request.GET.get("after", "")
    if after.isdigit():
        found = found.filter(pk__lt=int(after))
    page = list(found[: PAGE + 1])
    return render(
        request, "rosters/uploads.html",
        {"uploads": page[:PAGE], "more": page[PAGE - 1].pk if len(page) > PAGE else None, "tops": request.scope.tops(),
         "layouts": [forms.layout(name) for name in forms.names()], "today": timezone.localdate()},
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
        upload = actions.receive(
            by=request.user, file=file, place=place, day=day, layout=layout if layout in forms.names() else ""
        )
        if upload.stage == "received":
            transaction.on_commit(lambda pk=upload.pk: work.prepare.enqueue(pk))
    return redirect("upload", upload.pk) if len(files) == 1 else redirect("uploads")


@may("intake.upload")
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """One roster: how far it is, what it would do."""
    one = _mine(request, pk)
    outcomes = [(key, OUTCOMES[key], one.counts.get(key, 0)) for key in OUTCOMES if one.counts.get(key)]
    chosen = request.GET.get("outcome", "")
    lines = _lines(one, chosen, request.GET.get("page", "")) if one.stage in ("previewed", "committed") else []
    page = "rosters/_progress.html" if request.headers.get("HX-Request") else "rosters/upload.html"
    return render(request, page, {"upload": one, "outcomes": outcomes, "chosen": chosen, "lines": lines})


def _lines(one: Upload, outcome: str, page: str) -> list[dict[str, object]]:
    """The rows behind a count, fifty at a time."""
    start = (int(page) - 1) * PAGE if page.isdigit() and page != "0" else 0
    rows = roster.lines(one, outcome, start, PAGE)
    return [{**line, "outcome": OUTCOMES.get(line["outcome"], "")} for line in rows]


@may("intake.upload")
@require_POST
def commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write it into the register; the worker does it."""
    one = _mine(request, pk)
    if one.stage == "previewed":
        actions.step(one, "committing", 0)
        transaction.on_commit(lambda: work.commit.enqueue(one.pk, request.user.pk))
    return redirect("upload", one.pk)


@may("intake.upload")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back out of the register; the worker does it, or says why not."""
    one = _mine(request, pk)
    if one.stage == "committed":
        transaction.on_commit(lambda: work.undo.enqueue(one.pk, request.user.pk))
    return redirect("upload", one.pk)


@may("intake.upload")
def rejected(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows as a workbook, to be corrected and sent again."""
    file = _mine(request, pk).folder / "rejected.xlsx"
    if not file.exists():
        raise Http404
    return FileResponse(file.open("rb"), as_attachment=True, filename=f"退回-{pk}.xlsx")
