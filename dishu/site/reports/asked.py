"""What a page of figures is asked for: which place, which day, whose borders, which part of the units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dishu.engine import figures as engine
from dishu.engine.indicators.six import SIX
from dishu.engine.territory import Place as Node
from dishu.engine.territory import Tree
from dishu.site.reports import current
from dishu.site.reports.current import Current
from dishu.site.reports.soon import soon
from dishu.site.territory.models import Place

PARTS = {
    "": lazy("全部单位"),
    "enterprise": lazy("企业"),
    "small": lazy("个体工商户和市场"),
    "above": lazy("规模以上企业"),
}
SLICES = {
    "": engine.EVERYTHING,
    "enterprise": engine.Slice(("enterprise",)),
    "small": engine.SMALL_SECTOR,
    "above": engine.Slice(("enterprise",), True),
}
BORDERS = {"then": lazy("按当时区划"), "now": lazy("按现在区划")}
#: The first day of which there are rules and places.
EARLIEST = date(1990, 1, 1)
Figure = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """One question to the current edition."""

    place: Place
    day: date
    borders: str
    part: str
    edition: Current
    today: date = field(default_factory=timezone.localdate)
    #: What of the question could not be understood.
    problem: str = ""

    @cached_property
    def tree(self) -> Tree:
        """The places with the borders asked for."""
        return self.edition.tree(self.day if self.borders == "then" else self.today)

    @property
    def there(self) -> bool:
        """Whether the place exists with these borders."""
        return self.place.code in self.tree.now

    @cached_property
    def table(self) -> pa.Table:
        """All figures of all places."""
        return figures(self, self.part)

    def of(self, codes: Sequence[str]) -> dict[str, dict[str, Figure]]:
        """The figures of some places: place -> indicator -> figure."""
        return by_place(self.table, codes)

    @cached_property
    def children(self) -> list[Node]:
        """The places directly below, by code."""
        lattice = self.tree.lattice
        mine = lattice.number.get(self.place.code)
        if mine is None:
            return []
        return [self.tree.now[lattice.codes[n]] for n in np.flatnonzero(lattice.parent == mine).tolist()]

    @cached_property
    def small(self) -> dict[str, Figure]:
        """The six of individual businesses and markets here, to stand beside those of all units."""
        table = figures(self, "small", tuple(i.code for i in SIX))
        return by_place(table, [self.place.code]).get(self.place.code, {})


def by_place(table: pa.Table, codes: Sequence[str]) -> dict[str, dict[str, Figure]]:
    """Rows of some places as dicts, by place and indicator."""
    found: dict[str, dict[str, Figure]] = {}
    for row in table.filter(pc.is_in(table["place"], pa.array(codes, pa.string()))).to_pylist():
        row["gap"] = row["failed"] + row["unknown"]
        found.setdefault(row["place"], {})[row["indicator"]] = row
    return found


def figures(asked: Asked, part: str, codes: tuple[str, ...] = ()) -> pa.Table:
    """The figures of all places, kept as long as pages ask for them."""
    key = (asked.edition, asked.day, asked.tree.day, part, codes)
    counts, tree = asked.edition.counts(asked.day), asked.tree

    def make() -> pa.Table:
        table = engine.figures(counts, tree, codes, part=SLICES[part])
        slim = table.drop_columns(["name", "level"])
        for at, name in ((0, "indicator"), (1, "place")):
            slim = slim.set_column(at, name, slim[name].dictionary_encode())
        return slim

    return soon(("figures", *key), make)


def asked(request: HttpRequest, code: str) -> Asked:
    """Read the question from the address; a place outside the scope is not found."""
    place = request.scope.places().filter(code=code).first()
    if place is None:
        raise Http404
    day, problem = _day(request.GET.get("day"))
    part = request.GET.get("part", "")
    return Asked(
        place, day, "now" if request.GET.get("borders") == "now" else "then", part if part in PARTS else "",
        current.current(), problem=problem,
    )  # fmt: skip


def _day(text: str | None) -> tuple[date, str]:
    """The day asked for, or today with a word why."""
    today = timezone.localdate()
    if not text:
        return today, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today, _("“{text}”不是日期，改为显示今天。请按“2011-12-31”的样子填写。").format(text=text[:20])
    if not EARLIEST <= day <= today.replace(year=today.year + 5):
        return today, _("{day} 没有可用的规则和区划，改为显示今天。请选 {EARLIEST} 以后的日期。").format(
            day=day, EARLIEST=EARLIEST
        )
    return day, ""
