"""Calls that read sealed editions: their figures as sealed, their check, two compared row by row; and the trail."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Schema

from dishu.engine.indicators import BY_CODE
from dishu.site.accounts import history
from dishu.site.api.calls import call
from dishu.site.api.errors import Refusal
from dishu.site.api.lists import Page, Paging, Source, listed, of_query
from dishu.site.reports import sealing
from dishu.site.reports.asked import by_place
from dishu.site.reports.editions import seen, told_apart
from dishu.site.reports.models import Sealed
from dishu.site.reports.soon import soon
from dishu.site.territory.models import Place
from dishu.site.trail.models import TrailLine


class EditionRow(Schema):
    """A sealed edition. `contents` and `manifest`: SHA-256 of what was sealed."""

    id: int
    place: str
    day: date
    moment: datetime
    contents: str
    manifest: str
    line: int
    note: str
    by: str


def my_edition(request: HttpRequest, pk: int) -> Sealed:
    """A sealed edition of the scope."""
    one: Sealed = get_object_or_404(seen(request), pk=pk)
    return one


@call("GET", "/editions", "figures.read", Page[EditionRow], csv=True)
def editions(request: HttpRequest, query: Query[Paging]) -> HttpResponse:
    """Sealed editions of the token's place, the latest first."""
    return listed(request, query, of_query("editions", seen(request), EditionRow, rows, latest_first=True))


def rows(found: Sequence[Sealed]) -> list[dict[str, Any]]:
    """Editions as rows."""
    plain = ("day", "moment", "contents", "manifest", "line", "note")
    return [
        {"id": one.pk, "place": one.place.code, "by": one.by.username} | {name: getattr(one, name) for name in plain}
        for one in found
    ]  # fmt: skip


@call("GET", "/editions/{int:edition}", "figures.read", EditionRow)
def edition(request: HttpRequest, edition: int) -> Any:
    """One sealed edition."""
    return rows([my_edition(request, edition)])[0]


class Found(Schema):
    """What is wrong with a sealed edition."""

    code: str
    text: str


class Checked(Schema):
    """Whether a sealed edition is what was sealed, its figures computed again."""

    sound: bool
    findings: list[Found]


@call("GET", "/editions/{int:edition}/check", "figures.read", Checked)
def check(request: HttpRequest, edition: int) -> Any:
    """Everything of a sealed edition proved: hashes, keys, rules, and the figures computed again."""
    one = my_edition(request, edition)
    minute = timezone.now().strftime("%Y%m%d%H%M")
    findings = soon(("check", one.manifest, minute), lambda: sealing.examine(one))
    return {"sound": not findings, "findings": [{"code": f.code, "text": f.text} for f in findings]}


class SealedFigure(Schema):
    """A figure as it was sealed."""

    place: str
    indicator: str
    total: int
    held: int
    failed: int
    unknown: int


class SealedQuery(Paging):
    """What may be asked of sealed figures."""

    place: str | None = Field(None, description="A place of the edition; the edition's own where empty")


@call("GET", "/editions/{int:edition}/figures", "figures.read", Page[SealedFigure], csv=True, tag="editions")
def sealed_figures(request: HttpRequest, edition: int, query: Query[SealedQuery]) -> HttpResponse:
    """The figures of a place as they were sealed."""
    one = my_edition(request, edition)
    code = query.place or one.place.code
    table = by_place(_opened(one).sealed_figures(), [code]).get(code, {})
    plain = ("total", "held", "failed", "unknown")
    figures = [{"place": code, "indicator": name} | {n: table[name][n] for n in plain} for name in sorted(table)]

    def fetch(last: Any, limit: int) -> Sequence[Any]:
        return [row for row in figures if last is None or row["indicator"] > last[0]][:limit]

    return listed(request, query, Source(
        f"sealed{edition}", fetch, lambda row: [row["indicator"]], list, SealedFigure, kind=(str,)
    ))  # fmt: skip


def _opened(one: Sealed) -> Any:
    try:
        return sealing.opened(one)
    except sealing.Changed as why:
        raise Refusal("edition_changed", what=str(why)) from why


class ChangeRow(Schema):
    """A row that entered, left or changed between two editions, and why. `before`, `after`: held, failed, unknown."""

    at: int
    indicator: str
    subject: str
    id: int
    place: str
    change: str
    before: str | None
    after: str | None
    reason: str | None


class ChangeQuery(Paging):
    """What may be asked of changes."""

    indicator: str | None = None


@call("GET", "/editions/{int:edition}/against/{int:other}", "figures.read", Page[ChangeRow], csv=True, tag="editions")
def against(request: HttpRequest, edition: int, other: int, query: Query[ChangeQuery]) -> HttpResponse:
    """Which rows entered, left or changed between two editions of a place, and why; the earlier one is `before`."""
    if query.indicator is not None and query.indicator not in BY_CODE:
        raise Refusal("not_found", field="indicator")
    one = my_edition(request, edition)
    two: Sealed = get_object_or_404(seen(request).filter(place=one.place), pk=other)
    before, after = sorted((one, two), key=lambda e: (e.day, e.pk))
    _opened(before), _opened(after)
    table = soon(("compared", before.manifest, after.manifest), lambda: told_apart(before, after))

    def fetch(last: Any, limit: int) -> Sequence[Any]:
        found = []
        for at in range(last[0] if last else 0, table.num_rows):  # sealed: its rows keep their numbers
            if query.indicator in (None, table["indicator"][at].as_py()):
                found.append((at + 1, table.slice(at, 1).to_pylist()[0]))
            if len(found) == limit:
                break
        return found

    def as_rows(some: Sequence[Any]) -> list[dict[str, Any]]:
        return [{"at": at, "id": row.pop("key"), **row} for at, row in some]

    return listed(request, query, Source(
        f"against{before.pk},{after.pk}", fetch, lambda row: [row[0]], as_rows, ChangeRow, kind=(int,)
    ))  # fmt: skip


class LineRow(Schema):
    """A line of the trail. Members are numbers here: whoever reads the trail sees none."""

    id: int
    at: datetime
    by: str | None
    verb: str
    subject_type: str
    subject_id: int | None
    place: str | None
    reason: str
    details: dict[str, Any]
    digest: str = Field(description="SHA-256 of this line and of the digest before it")


class LineQuery(Paging):
    """What may be asked of the trail; as on the page."""

    who: str = Field("", max_length=80)
    verb: str = Field("", max_length=20)
    thing: str = Field("", max_length=40)
    number: str = Field("", max_length=18, pattern=r"^[0-9]*$")
    place: str = Field("", max_length=24)
    since: date | None = None
    until: date | None = None


@call("GET", "/trail", "trail.read", Page[LineRow], csv=True)
def lines(request: HttpRequest, query: Query[LineQuery]) -> HttpResponse:
    """The trail of the token's place, the latest first."""
    asked = {name: str(getattr(query, name) or "") for name in history.ASKED}
    found, problems = history.found(request, asked)
    if problems:
        raise Refusal("refused", what=problems[0])
    source = of_query("trail", found.select_related("by"), LineRow, _lines, latest_first=True)
    return listed(request, query, source)


def _lines(found: Sequence[TrailLine]) -> list[dict[str, Any]]:
    codes = dict(Place.objects.filter(pk__in={line.place_id for line in found}).values_list("pk", "code"))
    plain = ("at", "verb", "subject_type", "subject_id", "reason", "details")
    return [
        {"id": line.pk, "by": line.by.username if line.by else None, "place": codes.get(line.place_id or 0),
         "digest": bytes(line.digest or b"").hex()} | {name: getattr(line, name) for name in plain}
        for line in found
    ]  # fmt: skip
