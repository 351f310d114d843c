"""The heap of doubtful pairs as one asks for it: filters, what comes next, how far it is."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest

from dishu.site.doubts.models import KINDS, STATES, WAITING, Pair, today
from dishu.site.records.choose import below
from dishu.site.ui.numbers import number

PAGE = 50
#: Places and rosters shown with their progress.
MOST = 12
#: The last decisions offered to be taken back.
LAST = 5


class Heap:
    """The pairs of the scope that a page was asked for; `query` carries the question from pair to pair."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, asked = request, request.GET
        self.kind = asked.get("kind", "") if asked.get("kind") in KINDS else ""
        self.state = asked.get("state", "open") if asked.get("state", "open") in (*STATES, "all") else "open"
        self.upload = asked.get("upload", "") if number(asked.get("upload", "")) else ""
        self.place = asked.get("place", "").strip()
        kept = {"kind": self.kind, "upload": self.upload, "place": self.place}
        self.query = urlencode({name: value for name, value in kept.items() if value})

    @property
    def everything(self) -> QuerySet[Pair]:
        """All pairs of the scope, whatever is asked."""
        return self.request.scope.narrow(Pair.objects.all())

    @property
    def asked(self) -> QuerySet[Pair]:
        """Pairs of the places, kind and roster asked for, in whatever state."""
        found = below(self.everything, self.request)
        found = found.filter(kind=self.kind) if self.kind else found
        return found.filter(upload=number(self.upload)) if self.upload else found

    def page(self) -> list[Pair]:
        """One page and one more, after the key asked for."""
        found = self.asked if self.state == "all" else self.asked.filter(state=self.state)
        found = found.filter(pk__gt=number(self.request.GET.get("after", "")) or 0)
        return list(found.select_related("place", "upload", "by").order_by("pk")[: PAGE + 1])

    def next(self, pk: int = 0) -> Pair | None:
        """The open pair after this one; at the end of the heap its beginning, then what was put aside."""
        waiting = self.asked.exclude(pk=pk).order_by("pk")
        fresh = waiting.filter(state="open")
        return fresh.filter(pk__gt=pk).first() or fresh.first() or waiting.filter(state="unsure", pk__gt=pk).first()

    def before(self, pk: int) -> Pair | None:
        """The waiting pair before this one."""
        return self.asked.filter(pk__lt=pk, state__in=WAITING).order_by("-pk").first()

    def after(self, pk: int) -> Pair | None:
        """The waiting pair after this one."""
        return self.asked.filter(pk__gt=pk, state__in=WAITING).order_by("pk").first()

    def counts(self) -> dict[str, int]:
        """How many wait, how many were put aside, how many were settled today and ever."""
        return self.asked.aggregate(**_COUNTS)

    def mine(self) -> list[Pair]:
        """What this user decided last."""
        decided = self.everything.filter(by=self.request.user, before__isnull=False)
        return list(decided.order_by("-decided_at")[:LAST])

    def by_place(self) -> list[dict[str, Any]]:
        """Progress by place."""
        return self._by(code=F("place__code"), name=F("place__name"))

    def by_upload(self) -> list[dict[str, Any]]:
        """Progress by roster."""
        return self._by(code=F("upload"), name=F("upload__name"))

    def _by(self, **names: F) -> list[dict[str, Any]]:
        rows = self.asked.order_by().values(**names).annotate(**_COUNTS).order_by("-open", "code")[:MOST]
        return [row | {"share": round(100 * row["settled"] / row["all"])} for row in rows]


_COUNTS = {
    "open": Count("pk", filter=Q(state="open")), "unsure": Count("pk", filter=Q(state="unsure")),
    "settled": Count("pk", filter=Q(state__in=("same", "different"))), "all": Count("pk"),
}  # fmt: skip


def done_today(found: QuerySet[Pair]) -> int:
    """How many of these were settled today."""
    return found.filter(state__in=("same", "different"), decided_at__gte=today()).count()
