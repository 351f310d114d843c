"""What a page of figures is asked for: which place, which day, whose borders, which part of the units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.http import Http404, HttpRequest
from django.utils import timezone

from dishu.engine import figures as engine
from dishu.engine.territory import Tree
from dishu.site.reports import current
from dishu.site.reports.current import Current
from dishu.site.territory.models import Place

PARTS = {"": "全部单位", "enterprise": "企业", "small": "个体工商户和市场", "above": "规模以上企业"}
SLICES = {
    "": engine.EVERYTHING,
    "enterprise": engine.Slice(("enterprise",)),
    "small": engine.SMALL_SECTOR,
    "above": engine.Slice(("enterprise",), True),
}


@dataclass(frozen=True)
class Asked:
    """One question to the current edition."""

    place: Place
    day: date
    borders: str
    part: str
    edition: Current

    @cached_property
    def tree(self) -> Tree:
        """The places with the borders asked for."""
        return self.edition.tree(self.day if self.borders == "then" else timezone.localdate())

    @cached_property
    def table(self) -> pa.Table:
        """All figures of all places."""
        return _figures(self.edition, self.day, self.borders, self.part, self.tree)

    def of(self, code: str) -> dict[str, dict[str, Any]]:
        """The figures of one place by indicator."""
        rows = self.table.filter(pc.equal(self.table["place"], code)).to_pylist()
        return {row["indicator"]: row for row in rows}

    def below(self, indicator: str) -> list[dict[str, Any]]:
        """One indicator's figures of the places directly below, the largest gap first."""
        children = [code for code in self.tree.now if self.tree.now[code].parent == self.place.code]
        table = self.table.filter(
            pc.and_(
                pc.equal(self.table["indicator"], indicator),
                pc.is_in(self.table["place"], pa.array(children, pa.string())),
            )
        )
        return sorted(table.to_pylist(), key=lambda r: (-(r["failed"] + r["unknown"]), r["place"]))


@lru_cache(maxsize=64)
def _figures(edition: Current, day: date, borders: str, part: str, tree: Tree) -> pa.Table:
    return engine.figures(edition.counts(day), tree, part=SLICES[part])


def asked(request: HttpRequest, code: str) -> Asked:
    """Read the question from the address; a place outside the scope is not found."""
    place = request.scope.places().filter(code=code).first()
    if place is None:
        raise Http404
    return Asked(place, _day(request.GET.get("day")), "now" if request.GET.get("borders") == "now" else "then",
                 request.GET.get("part") if request.GET.get("part") in PARTS else "", current.current())  # fmt: skip


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError:
        return timezone.localdate()
