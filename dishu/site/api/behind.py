"""Calls that read the rows behind a figure, and the lists of trouble."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema

from dishu.engine.baseline.lists import SHOWN
from dishu.engine.indicators import BY_CODE
from dishu.site.api.calls import call
from dishu.site.api.figures import Question, Situation, question
from dishu.site.api.lists import Page, Paging, Source, listed
from dishu.site.reports.rows import NAMES, behind, named
from dishu.site.reports.trouble import counted
from dishu.site.trail import lines as trail


class BehindRow(Schema):
    """One row that a number counts. `name` only where the token may see it; `known`: what its state says."""

    id: int
    subject: str
    name: str | None
    place: str
    outcome: str
    known: dict[str, Any]


class BehindQuery(Paging, Question):
    """What may be asked of rows."""


@call("GET", "/figures/{place}/{indicator}/{situation}", "figures.read", Page[BehindRow], csv=True)
def figure_rows(
    request: HttpRequest, place: str, indicator: str, situation: Situation, query: Query[BehindQuery]
) -> HttpResponse:
    """The rows behind one of the numbers of a figure."""
    ask, one = question(request, place, indicator), BY_CODE[indicator]
    table, subject = behind(ask, one, situation), one.subject
    may_name = request.scope.allows(NAMES[subject])

    def fetch(last: Any, limit: int) -> Sequence[Any]:
        found = table
        if last is not None:
            later = (table.place == last[0]) & (table[subject] > last[1])
            found = table.filter((table.place > last[0]) | later)
        return found.order_by("place", subject).limit(limit).to_pyarrow().to_pylist()

    def rows(some: Sequence[Any]) -> list[dict[str, Any]]:
        things = named(request, subject, [row[subject] for row in some]) if may_name else {}
        return [
            {"id": row[subject], "subject": subject, "name": str(things[row[subject]]) if row[subject] in things else None,
             "place": row["place"], "outcome": row["outcome"], "known": {name: row[name] for name in SHOWN[subject]}}
            for row in some
        ]  # fmt: skip

    def seen(some: Sequence[Any]) -> None:
        if subject == "member" and may_name:
            keys = [row[subject] for row in some]
            trail.looked(by=request.user, at=named(request, subject, keys).values())

    return listed(request, query, Source(
        "behind", fetch, lambda row: [row["place"], row[subject]], rows, BehindRow, kind=(str, int), personal=True,
        seen=seen,
    ))  # fmt: skip


class TroubleRow(Schema):
    """A list of trouble: how many rows, what to do; its rows are those of the figure's part."""

    indicator: str
    situation: str
    title: str
    step: str
    rows: int


class TroubleQuery(Paging, Question):
    """What may be asked of lists of trouble."""


@call("GET", "/trouble/{place}", "members.read", Page[TroubleRow], csv=True)
def trouble(request: HttpRequest, place: str, query: Query[TroubleQuery]) -> HttpResponse:
    """The lists of trouble of a place with how many rows each has; the rows: /figures/{place}/{indicator}/{situation}."""
    lists = [
        {"indicator": one.code, "situation": one.part, "title": one.title, "step": one.step, "rows": number}
        for one, number in counted(question(request, place))
    ]  # fmt: skip
    lists.sort(key=lambda row: (row["indicator"], row["situation"]))

    def key(row: dict[str, Any]) -> list[Any]:
        return [row["indicator"], row["situation"]]

    def fetch(last: Any, limit: int) -> Sequence[Any]:
        return [row for row in lists if last is None or key(row) > last][:limit]

    return listed(request, query, Source("trouble", fetch, key, list, TroubleRow, kind=(str, str)))
