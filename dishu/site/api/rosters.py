"""Calls that read rosters: how far each is, what it would do row by row, the refused rows."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Schema

from dishu.site.api.calls import call
from dishu.site.api.lists import Page, Paging, Source, listed, of_query
from dishu.site.intake.models import OUTCOMES, STAGES, Upload
from dishu.site.rosters import actions as roster


class UploadRow(Schema):
    """A roster. `counts`: what it would do, or did; `done`: percent of the present step."""

    id: int
    name: str
    sha256: str
    size: int
    layout: str
    day: date
    place: str
    by: str
    at: datetime
    stage: Literal[*STAGES]  # type: ignore[valid-type]
    done: int
    problem: str
    counts: dict[str, int]
    committed_at: datetime | None


class UploadQuery(Paging):
    """What may be asked of rosters."""

    stage: Literal[*STAGES] | None = None  # type: ignore[valid-type]
    layout: str | None = None
    day: date | None = None


def my_upload(request: HttpRequest, pk: int) -> Upload:
    """A roster of the scope."""
    return get_object_or_404(request.scope.narrow(Upload.objects.select_related("place", "by")), pk=pk)


@call("GET", "/uploads", "intake.upload", Page[UploadRow], csv=True)
def uploads(request: HttpRequest, query: Query[UploadQuery]) -> HttpResponse:
    """Rosters of the token's place, the latest first."""
    found = request.scope.narrow(Upload.objects.select_related("place", "by"))
    asked = {name: getattr(query, name) for name in ("stage", "layout", "day")}
    found = found.filter(**{name: value for name, value in asked.items() if value})
    return listed(request, query, of_query("uploads", found, UploadRow, rows, latest_first=True))


def rows(found: Sequence[Upload]) -> list[dict[str, Any]]:
    """Rosters as rows."""
    plain = ("name", "sha256", "size", "layout", "day", "at", "stage", "done", "problem", "counts", "committed_at")
    return [
        {"id": one.pk, "place": one.place.code, "by": one.by.username} | {name: getattr(one, name) for name in plain}
        for one in found
    ]  # fmt: skip


@call("GET", "/uploads/{int:upload}", "intake.upload", UploadRow)
def upload(request: HttpRequest, upload: int) -> Any:
    """One roster: how far it is, what it would do."""
    return rows([my_upload(request, upload)])[0]


class OutcomeRow(Schema):
    """What a roster would do to one subject, and where it says so. `changes`: field, old and new value."""

    at: int
    outcome: str
    name: str | None
    changes: list[str]
    sheet: str | None
    row: int | None


class OutcomeQuery(Paging):
    """What may be asked of outcomes."""

    outcome: Literal[*OUTCOMES] | None = None  # type: ignore[valid-type]


@call("GET", "/uploads/{int:upload}/outcomes", "intake.upload", Page[OutcomeRow], csv=True)
def outcomes(request: HttpRequest, upload: int, query: Query[OutcomeQuery]) -> HttpResponse:
    """What a roster would do, or did, one row per subject; the preview is a file, its rows are numbered."""
    one = my_upload(request, upload)

    def fetch(last: Any, limit: int) -> Sequence[Any]:
        if one.stage not in ("previewed", "committed"):
            return []
        start = last[0] if last else 0
        return list(enumerate(roster.lines(one, query.outcome or "", start, limit), start + 1))

    def as_rows(some: Sequence[Any]) -> list[dict[str, Any]]:
        return [
            {"at": at, "outcome": line["outcome"], "name": line["name"], "changes": list(line["changes"] or []),
             "sheet": line["sheet"], "row": line["row"]}
            for at, line in some
        ]  # fmt: skip

    return listed(request, query, Source(
        f"outcomes{upload}", fetch, lambda line: [line[0]], as_rows, OutcomeRow, personal=True, searched=True
    ))  # fmt: skip


@call("GET", "/uploads/{int:upload}/rejected", "intake.upload")
def rejected(request: HttpRequest, upload: int) -> HttpResponse:
    """The refused rows as a workbook, to be corrected and sent again."""
    file = my_upload(request, upload).folder / "rejected.xlsx"
    if not file.exists():
        raise Http404
    return FileResponse(file.open("rb"), as_attachment=True, filename=f"rejected-{upload}.xlsx")
