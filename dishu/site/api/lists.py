"""Every list: chosen fields, pages after a key, CSV of the same rows; nothing is counted."""

import base64
import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Schema

from dishu.site.api.calls import no_right
from dishu.site.api.errors import Refusal
from dishu.site.records.lists import Asked, Listing
from dishu.site.territory.models import Place
from dishu.site.trail import lines as trail

#: Rows of one page of JSON, and of CSV, which is an export.
MOST, MOST_CSV = 200, 10_000
_RUN = ("=", "+", "-", "@", "\t", "\r")
Row = dict[str, Any]


class Paging(Schema):
    """What every list is asked."""

    fields: str | None = Field(None, description="Fields wanted, with commas between; all where empty")
    limit: int = Field(50, ge=1, le=MOST_CSV, description=f"Rows of a page: at most {MOST}, as CSV {MOST_CSV}")
    cursor: str | None = Field(None, max_length=400, description="`next` of the page before")
    format: Literal["json", "csv"] | None = Field(None, description="Instead of the header Accept: text/csv")


class Page[T](Schema):
    """One page of a list."""

    rows: list[T]
    next: str | None


@dataclass(frozen=True)
class Source:
    """Where a list's rows come from: some after a key, the key of one, and how they are written.

    `personal`: to take it away as CSV one must be allowed to export, and it stands in the trail.
    `searched`: the list shows people, so that a search stands in the trail too.
    """

    name: str
    fetch: Callable[[Any, int], Sequence[Any]]
    key: Callable[[Any], Any]
    rows: Callable[[Sequence[Any]], list[Row]]
    row: type[Schema]
    kind: tuple[type, ...] = (int,)
    personal: bool = False
    searched: bool = False
    #: Called with what a page of JSON showed, where each person shown is to be written down.
    seen: Callable[[Sequence[Any]], None] | None = None


def of_query(
    name: str, found: QuerySet[Any], row: type[Schema], rows: Callable[[Sequence[Any]], list[Row]], *, key: str = "pk",
    latest_first: bool = False, **more: Any,
) -> Source:  # fmt: skip
    """The rows of a query in the order of a key."""
    found = found.order_by(f"-{key}" if latest_first else key)
    after = f"{key}__{'lt' if latest_first else 'gt'}"

    def value(thing: Any) -> Any:
        for part in key.split("__"):
            thing = getattr(thing, part)
        return thing

    def fetch(last: Any, limit: int) -> Sequence[Any]:
        return list((found if last is None else found.filter(**{after: last[0]}))[:limit])

    return Source(name, fetch, lambda thing: [value(thing)], rows, row, kind=(int if key == "pk" else str,), **more)


def of_list(
    listing: Listing, request: HttpRequest, row: type[Schema], rows: Callable[[Sequence[Any]], list[Row]], **more: Any
) -> Source:
    """The rows of a page's list, in the order of the page."""
    asked = Asked(listing, request)

    def fetch(last: Any, limit: int) -> Sequence[Any]:
        return asked.behind(last[0] if last else "", limit)

    return Source(
        listing.name, fetch, lambda thing: [asked.stands(thing)], rows, row, kind=(str,), personal=True, **more
    )


def listed(request: HttpRequest, asked: Paging, source: Source) -> HttpResponse:
    """A page of the list as it was asked for."""
    as_csv = asked.format == "csv" or (asked.format is None and "text/csv" in request.headers.get("Accept", ""))
    if as_csv and source.personal and not request.scope.allows("export"):  # type: ignore[attr-defined]
        raise no_right("export")
    fields = chosen(asked.fields, source.row)
    limit = min(asked.limit, MOST_CSV if as_csv else MOST)
    found = source.fetch(_after(asked.cursor, source), limit + 1)
    rows = [{name: row[name] for name in fields} for row in source.rows(found[:limit])]
    more = _cursor(source.name, source.key(found[limit - 1])) if len(found) > limit else None
    _told(request, source, len(rows), as_csv)
    if not as_csv:
        if source.seen:
            source.seen(found[:limit])
        return JsonResponse({"rows": rows, "next": more}, json_dumps_params={"ensure_ascii": False})
    return _as_csv(request, fields, rows, more)


def chosen(asked: str | None, row: type[Schema]) -> list[str]:
    """The fields asked for, in that order."""
    known = list(row.model_fields)
    names = [name.strip() for name in (asked or "").split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise Refusal("unknown_field", field="fields", what=name[:80], known=", ".join(known))
    return list(dict.fromkeys(names)) or known


def _cursor(name: str, key: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps([name, *key]).encode()).decode().rstrip("=")


def _after(cursor: str | None, source: Source) -> Any:
    """The key a cursor stands for; None for the first page."""
    if not cursor:
        return None
    try:
        name, *key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, RecursionError):
        raise Refusal("bad_cursor", field="cursor") from None
    if name != source.name or tuple(map(type, key)) != source.kind or not all(map(_fits, key)):
        raise Refusal("bad_cursor", field="cursor")
    return key


def _fits(part: int | str) -> bool:
    """Whether the database can compare with it."""
    if isinstance(part, int):
        return abs(part) < 2**62
    return part.isprintable()


def _told(request: HttpRequest, source: Source, shown: int, as_csv: bool) -> None:
    """Who took a list of people away, or searched in one, stands in the trail."""
    exported = as_csv and source.personal
    if not exported and not (source.searched and shown):
        return
    asked = {name: request.GET.getlist(name) for name in request.GET if name not in ("cursor", "fields", "format")}
    nodes = request.scope.nodes  # type: ignore[attr-defined]
    trail.write(
        by=request.user, verb="exported" if exported else "searched", subject=None,  # type: ignore[arg-type]
        place=Place(pk=nodes[0]), details={"list": source.name, "asked": asked, "rows": shown},
    )  # fmt: skip


def _as_csv(request: HttpRequest, fields: list[str], rows: list[Row], more: str | None) -> HttpResponse:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(fields)
    writer.writerows([_cell(row[name]) for name in fields] for row in rows)
    found = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    found["Cache-Control"] = "no-store"
    if more:
        query = request.GET.copy()
        query["cursor"] = more
        found["Link"] = f'<{request.path}?{query.urlencode()}>; rel="next"'
    return found


def _cell(value: Any) -> str:
    """A value as JSON writes it, text without its quotes; what a spreadsheet would run stays text."""
    if value is None:
        return ""
    text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    if not text.startswith('"'):
        return text
    said = str(json.loads(text))
    return f"'{said}" if said.startswith(_RUN) else said
