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

PAGE = 50
#: So many that a text finds are taken at a time: most often the first lot is a page.
LOTS = (2 * PAGE, 40 * PAGE)
#: So many of each place of a scope, and in all, are looked at first: most often a page is among them; last of all, all.
NEAR = ((8, LOTS[0]), (32, LOTS[1]), (None, None))
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

    `after(text, key, most)`: the next keys that are found by the text; `find` then takes those to look among.
    `table`: has an index of places and keys, through which the next in a scope are found.
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
    after: Callable[[str, int, int], list[int]] | None = None
    table: str = ""


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
    def found(self) -> QuerySet[Any]:
        """All that is asked for, in the order of the key."""
        return self.listing.find(self.request).order_by("pk")

    @cached_property
    def _page(self) -> list[Any]:
        after = self.request.GET.get("after", "")
        rows: list[Any] = []
        for found in self._ways(int(after) if after.isdigit() else 0):
            if len(rows := list(found[: PAGE + 1])) > PAGE:
                break
        return rows

    def _ways(self, key: int) -> Iterator[QuerySet[Any]]:
        """What is asked for behind the key, looked for among ever more of the next rows; the last way finds all."""
        listing, request, text = self.listing, self.request, "".join(self.request.GET.get("q", "").split())
        for most in LOTS if text and listing.after else ():
            keys = listing.after(text, key, most)  # type: ignore[misc]
            yield listing.find(request, keys).order_by("pk")
            if len(keys) < most:
                return
        if text or not listing.table or not self._nodes:
            yield self.found.filter(pk__gt=key)
            return
        for each, most in NEAR:
            yield self.found.filter(finding.following(listing.table, self._nodes, key, each, most))

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
        return self.address(after=str(self._page[PAGE - 1].pk)) if len(self._page) > PAGE else ""

    def all_rows(self) -> Iterator[Row]:
        """Every row, some at a time after a key: memory stays small."""
        last = 0
        while chunk := list(self.found.filter(pk__gt=last)[:CHUNK]):
            yield from self.listing.rows(chunk)
            last = chunk[-1].pk

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


def by_key(rows: Iterable[Any], key: str) -> dict[int, list[Any]]:
    """Rows by one of their keys."""
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, key), []).append(row)
    return found


def names(things: Iterable[Any]) -> str:
    """Names after each other."""
    return _("、").join(dict.fromkeys(str(thing) for thing in things))
