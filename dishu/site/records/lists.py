"""What a list is made of: what it asks, its columns, its pages after a key, its rows as they are shown and exported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from dishu.site.records.choose import place_asked
from dishu.site.records.models import Columns
from dishu.site.registry import finding
from dishu.site.ui.numbers import number

PAGE = 50
#: So many that a text finds are taken at a time: most often the first lot is a page.
LOTS = (2 * PAGE, 40 * PAGE)
CHUNK = 2000
Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column: `usual` ones are shown until others are chosen; `kind` is text, int or day."""

    key: str
    title: str
    usual: bool = True
    kind: str = "text"


@dataclass(frozen=True)
class Filter:
    """One question with its answers; without answers it is asked with a field that looks places up."""

    key: str
    title: str
    choices: dict[str, str]

    @property
    def silent(self) -> bool:
        """Whether no answer is an answer of its own."""
        return "" in self.choices


@dataclass(frozen=True)
class Listing:
    """A kind of list: `find` the rows asked for within the scope, and `rows(records, day)` to show some with few queries.

    `after(text, nodes, stands, most)`: the next keys that are found by the text; `find` then takes those to look among.
    `table`: has an index of places; where it is not asked for everywhere, rows come place after place.
    `loose`: some rows lie nowhere; they come last.
    """

    name: str
    title: str
    right: str
    record: str
    hint: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    find: Callable[..., QuerySet[Any]]
    rows: Callable[..., list[Row]]
    after: Callable[[str, tuple[int, ...], tuple[int, int], int], list[int]] | None = None
    table: str = ""
    loose: bool = False


class Asked:
    """A list as one request asks for it."""

    def __init__(self, listing: Listing, request: HttpRequest) -> None:
        self.listing, self.request = listing, request

    @cached_property
    def chosen(self) -> list[Column]:
        """The columns to show: those ticked, those the user chose before, or the usual ones."""
        columns = self.listing.columns
        ticked = set(self.request.GET.getlist("col")) or set(self._kept)
        return [c for c in columns if c.key in ticked] or [c for c in columns if c.usual]

    @cached_property
    def _kept(self) -> list[str]:
        kept = Columns.objects.filter(user=self.request.user, listing=self.listing.name)
        return next(iter(kept.values_list("chosen", flat=True)), [])

    def keep(self) -> None:
        """Remember the columns ticked now for the next time; the usual ones are not worth a row."""
        if not self.request.GET.getlist("col"):
            return
        chosen = [c.key for c in self.chosen]
        if chosen == (self._kept or [c.key for c in self.listing.columns if c.usual]):
            return
        Columns.objects.update_or_create(user=self.request.user, listing=self.listing.name, defaults={"chosen": chosen})

    @cached_property
    def _text(self) -> str:
        return "".join(self.request.GET.get("q", "").split())

    @cached_property
    def _by_place(self) -> bool:
        """Whether rows come place after place: where not everybody's are asked for, those of others are never walked."""
        listing = self.listing
        return bool(listing.table and self._nodes and (listing.after or not self._text))

    def stands(self, one: Any) -> str:
        """Where a row stands in the order of the list."""
        return f"{one.place_id or ''}.{one.pk}" if self._by_place else str(one.pk)

    @cached_property
    def _page(self) -> list[Any]:
        after, rows = self.request.GET.get("after", ""), []
        for most in LOTS if self._text and self.listing.after else ():
            keys = self._keys(after, most)
            rows = list(self._in_order(self.listing.find(self.request, keys))[: PAGE + 1])
            if len(rows) > PAGE or len(keys) < most:
                return rows
        return self.behind(after, PAGE + 1)

    def _keys(self, after: str, most: int) -> list[int]:
        return self.listing.after(self._text, self._nodes, _told(after), most)  # type: ignore[misc]

    def behind(self, after: str, most: int) -> list[Any]:
        """So many of what is asked for behind a row; from the start where no row is told."""
        rows: list[Any] = []
        for part in self._parts(*_told(after)):
            rows += part[: most - len(rows)]
        return rows

    def _parts(self, place: int, key: int) -> Iterator[QuerySet[Any]]:
        """What is asked for behind a row: of the places, then of none."""
        found, listing = self.listing.find(self.request), self.listing
        if not self._by_place:
            yield self._in_order(found.filter(pk__gt=key))
            return
        if place or not key or not listing.loose:
            here = found.filter(finding.within(listing.table, self._nodes))
            yield self._in_order(here.filter(finding.behind(listing.table, place, key)))
        if listing.loose:
            yield self._in_order(found.filter(place__isnull=True, pk__gt=0 if place else key))

    def _in_order(self, found: QuerySet[Any]) -> QuerySet[Any]:
        return found.order_by("place_id", "pk") if self._by_place else found.order_by("pk")

    @cached_property
    def _nodes(self) -> tuple[int, ...]:
        """Where the list keeps to: the place asked for, or the scope; nothing where that is everywhere."""
        if self.request.GET.get("place", "").strip():
            place = place_asked(self.request)
            return (place.pk,) if place and place.parent_id is not None else ()
        return () if self.request.scope.whole else self.request.scope.nodes

    @cached_property
    def rows(self) -> list[Row]:
        """One page of rows."""
        return self.listing.rows(self._page[:PAGE])

    @property
    def more(self) -> str:
        """The address of the next page, or nothing."""
        return self.address(after=self.stands(self._page[PAGE - 1])) if len(self._page) > PAGE else ""

    def all_rows(self) -> Iterator[Row]:
        """Every row, some at a time after a key: memory stays small."""
        last = ""
        while chunk := self.behind(last, CHUNK):
            yield from self.listing.rows(chunk)
            last = self.stands(chunk[-1])

    @cached_property
    def fields(self) -> list[tuple[Filter, str]]:
        """The filters with what was answered."""
        return [(one, self.request.GET.get(one.key, "")) for one in self.listing.filters]

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked besides the words searched for."""
        return any(value for _, value in self.fields)

    def address(self, **changes: str) -> str:
        """This page's address with some questions changed."""
        query: QueryDict = self.request.GET.copy()
        query.pop("after", None)
        for key, value in changes.items():
            query[key] = value
        return "?" + query.urlencode()

    @property
    def for_xlsx(self) -> str:
        """The address of the list as a workbook."""
        return self.address(**{"as": "xlsx"})

    @property
    def for_csv(self) -> str:
        """The address of the list as CSV."""
        return self.address(**{"as": "csv"})

    @property
    def question(self) -> dict[str, Any]:
        """What was asked, for the trail."""
        return {key: self.request.GET.getlist(key) for key in self.request.GET if key not in ("after", "col", "as")}


def _told(after: str) -> tuple[int, int]:
    """The place and the key of the row told in an address; no place where it lies nowhere, nothing where none is told."""
    place, _dot, text = after.rpartition(".")
    key = number(text) or 0
    return ((number(place) or 0) if key else 0, key)


def by_key(rows: Iterable[Any], key: str) -> dict[int, list[Any]]:
    """Rows by one of their keys."""
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, key), []).append(row)
    return found


def names(things: Iterable[Any]) -> str:
    """Names after each other."""
    return _("、").join(dict.fromkeys(str(thing) for thing in things))
