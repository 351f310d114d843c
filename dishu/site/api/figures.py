"""Calls that read figures: the same question to the current edition as the pages ask."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Schema

from dishu.engine.indicators import BY_CODE
from dishu.site.api.calls import call
from dishu.site.api.errors import Refusal
from dishu.site.api.lists import Page, Paging, Source, listed
from dishu.site.reports import history
from dishu.site.reports.asked import Asked, asked

Situation = Literal["total", "held", "failed", "unknown"]


class FigureRow(Schema):
    """One figure: total = held + failed + unknown. The shares are between 0 and 1, none where nothing is counted."""

    place: str
    place_name: str
    indicator: str
    indicator_name: str
    total: int
    held: int
    failed: int
    unknown: int
    share: float | None
    verified_share: float | None


class Question(Schema):
    """Which day, whose borders, which part of the units."""

    day: date | None = None
    borders: Literal["then", "now"] = "then"
    part: Literal["", "enterprise", "small", "above"] = Field("", description="Which units; all where empty")


class FigureQuery(Paging, Question):
    """What may be asked of figures."""

    indicator: str | None = None
    below: bool = Field(False, description="The places directly below too")


def question(request: HttpRequest, code: str, name: str | None = None) -> Asked:
    """The question as the pages ask it; a place outside is not found, one that was not there yet is told so."""
    if name is not None and name not in BY_CODE:
        raise Refusal("not_found", field="indicator")
    found = asked(request, code)
    if found.problem:
        raise Refusal("invalid", field="day", what=found.problem)
    if not found.there:
        raise Refusal("not_there", place=found.place.name, day=found.day)
    return found


@call("GET", "/figures/{place}", "figures.read", Page[FigureRow], csv=True)
def figures(request: HttpRequest, place: str, query: Query[FigureQuery]) -> HttpResponse:
    """Every indicator of a place on a day, and of the places below."""
    ask = question(request, place, query.indicator)
    codes = [place, *(child.place for child in ask.children if query.below)]
    table = ask.of(codes)
    keys = [
        [code, name] for code in sorted(table) for name in sorted(table[code])
        if query.indicator in (None, name)
    ]  # fmt: skip

    def fetch(last: Any, limit: int) -> Sequence[Any]:
        return [key for key in keys if last is None or key > last][:limit]

    def rows(some: Sequence[Any]) -> list[dict[str, Any]]:
        return [_row(ask, code, name, table[code][name]) for code, name in some]

    return listed(request, query, Source("figures", fetch, lambda key: key, rows, FigureRow, kind=(str, str)))


def _row(ask: Asked, code: str, name: str, figure: dict[str, Any]) -> dict[str, Any]:
    plain = {key: figure[key] for key in ("total", "held", "failed", "unknown", "share", "verified_share")}
    return {"place": code, "place_name": ask.tree.now[code].name, "indicator": name,
            "indicator_name": BY_CODE[name].name, **plain}  # fmt: skip


class Point(Schema):
    """An indicator on one day."""

    day: date
    total: int
    held: int
    failed: int
    unknown: int


class TrendLine(Schema):
    """An indicator over two years. `late`: the newest changes are not in it yet."""

    points: list[Point]
    late: bool


@call("GET", "/figures/{place}/{indicator}/trend", "figures.read", TrendLine)
def trend(request: HttpRequest, place: str, indicator: str, query: Query[Question]) -> Any:
    """An indicator of a place at the month ends of two years."""
    ask = question(request, place, indicator)
    day = min(ask.day, timezone.localdate())
    found = history.trend(ask.edition, ask.tree, place, indicator, day)
    return {"points": found.points, "late": found.late}
