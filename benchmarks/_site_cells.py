"""Every number opens its rows: random cells on the page, by the API and in the export, their numbers and their rows. T3."""

from __future__ import annotations

import csv
import io
import logging
import os
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

#: Rows that are fetched one by one; of more, the first and the last page and the number are compared.
MOST_ROWS = 3_000
FIRST_ROWS = 0.3
SITUATIONS = ("total", "held", "failed", "unknown")
#: Days that are asked: few, because each is worked out once.
DAYS = 5


@dataclass(frozen=True)
class Cell:
    """One number somebody may look at."""

    login: str
    day: date
    place: str
    level: str
    indicator: str
    situation: str
    part: str
    borders: str

    @property
    def query(self) -> dict[str, str]:
        """What all three ways are asked."""
        return {"day": str(self.day), "part": self.part, "borders": self.borders}


class Person:
    """Somebody with a browser and a token."""

    def __init__(self, login: str) -> None:
        from _site_server import client

        from dishu.site.accounts.models import User
        from dishu.site.accounts.scope import of
        from dishu.site.api import tokens

        self.login, user = login, User.objects.get(username=login)
        self.scope, self.browser = of(user), client(login)
        held = user.appointments.select_related("place").first()
        secret = tokens.make(by=user, name="cells", role=held.role, place=held.place, days=1, writes=False)
        self.token, self._headers = secret[0], {"authorization": f"Bearer {secret[1]}"}
        self.places = list(self.scope.places().values_list("code", "level"))

    def page(self, address: str, **query: Any) -> Any:
        """A page, waited for where it is being computed."""
        for _ in range(100):
            found = self.browser.get(address, query)
            if b"spinner-border" not in found.content:
                return found
            time.sleep(1)
        raise TimeoutError(address)

    def call(self, address: str, **query: Any) -> Any:
        """An answer of the API."""
        return self.browser.get(f"/api{address}", query, headers=self._headers)


def cells(many: int, tell: Callable[[str], None]) -> None:
    """So many cells; each difference is told."""
    from django.conf import settings

    from dishu.site.api import tokens
    from dishu.site.reports import soon

    soon.PATIENCE = 100
    logging.getLogger("django.request").setLevel(logging.ERROR)  # places that were not there yet are not found
    settings.API_PER_MINUTE = 10**9
    people = {login: Person(login) for login in _logins()}
    dice, seen, walls = random.Random(5), Counter[str](), []
    began = time.process_time()
    try:
        for cell in sorted(_drawn(dice, people, many), key=lambda one: one.day):
            for difference in _differences(people[cell.login], cell, seen, walls):
                seen["differences"] += 1
                tell(f"DIFFERENT {cell}: {difference}")
    finally:
        for person in people.values():
            tokens.revoke(by=person.token.owner, token=person.token)
    p95 = sorted(walls)[int(len(walls) * 0.95)] if walls else 0
    tell(f"{many} cells of {len(people)} people, {time.process_time() - began:.0f} CPU s, load {os.getloadavg()[0]:.1f}:"
         f" {seen['differences']} differences; {seen['rows']:,} rows opened; {seen['empty']} cells of nothing, {seen['not there']}"
         f" of places that were not there yet, {seen['large']} too large to fetch each row, {seen['export']} exported")  # fmt: skip
    if walls:
        tell(f"first 50 rows at a township: {len(walls)} samples, p50 {statistics.median(walls):.3f} s  p95 {p95:.3f} s"
             f"{'' if p95 <= FIRST_ROWS else '  ABOVE'}")  # fmt: skip


def _logins() -> list[str]:
    """One of each role that may read figures."""
    from dishu.site.accounts.models import User
    from dishu.site.accounts.scope import of

    found = {}
    for user in User.objects.filter(appointments__isnull=False, is_active=True).distinct().order_by("pk"):
        scope = of(user)
        if scope.allows("figures.read"):
            found.setdefault((scope.codes, scope.nodes), user.username)
    return list(found.values())


def _drawn(dice: random.Random, people: dict[str, Person], many: int) -> Iterator[Cell]:
    """Mostly of places that are there on the day, and of numbers that are not 0; all levels alike, or the villages hide the rest."""
    from django.utils import timezone

    from dishu.engine.indicators import ALL
    from dishu.site.reports import current
    from dishu.site.reports.asked import PARTS, Asked
    from dishu.site.territory.models import Place

    days = [timezone.localdate() - timedelta(days=n) for n in (0, *dice.sample(range(30, 6_500), DAYS - 1))]
    edition = current.current()
    there = {day: edition.tree(day).now for day in days}
    for _ in range(many):
        person, day = dice.choice(list(people.values())), dice.choice(days)
        mine = [(code, at) for code, at in person.places if code in there[day] or dice.random() < 0.02]
        level, part, borders = dice.choice(sorted({level for _, level in mine})), dice.choice(list(PARTS)), "then"
        place = dice.choice([code for code, at in mine if at == level])
        if part == "" and dice.random() < 0.3:
            borders = "now"
        asked = Asked(Place.objects.get(code=place), day, borders, part, edition)
        told = asked.of([place]).get(place, {}) if asked.there else {}
        one = dice.choice(list(told) if told and dice.random() < 0.9 else [each.code for each in ALL])
        some = [name for name in SITUATIONS if told.get(one, {}).get(name)]
        yield Cell(person.login, day, place, level, one, dice.choice(some if some and dice.random() < 0.9 else SITUATIONS),
                   part, borders)  # fmt: skip


def _differences(person: Person, cell: Cell, seen: Counter[str], walls: list[float]) -> Iterator[str]:
    """What page, API and export do not say alike."""
    address = f"/figures/{cell.place}/{cell.indicator}/{cell.situation}/"
    first = person.page(address, **cell.query)
    answer = person.call(f"/figures/{cell.place}", indicator=cell.indicator, **cell.query)
    if first.status_code == 404 or answer.status_code >= 400:
        seen["not there"] += 1
        if (first.status_code, answer.status_code) not in ((404, 404), (404, 409)):
            yield f"page {first.status_code}, API {answer.status_code} {answer.content[:200].decode()}"
        return
    figure = next((row[cell.situation] for row in answer.json()["rows"] if row["place"] == cell.place), 0)
    shown = _shown(first.content.decode(), cell.situation)
    if shown != figure:
        yield f"page says {shown}, API {figure}"
    if cell.level == "township":
        again = time.perf_counter()
        person.page(address, **cell.query)
        walls.append(time.perf_counter() - again)
    yield from _rows(person, cell, address, figure, seen)


def _rows(person: Person, cell: Cell, address: str, figure: int, seen: Counter[str]) -> Iterator[str]:
    """Whether the rows of all three ways are as many as the number says, or weigh as much."""
    from dishu.engine.indicators import BY_CODE

    one = BY_CODE[cell.indicator]
    listed = [row for row in _by_call(person, cell) if row] if not one.weight and figure <= MOST_ROWS else None
    number = figure if not one.weight else _weighed(person, cell, one, figure)
    if number is None:
        yield f"rows weigh otherwise than {figure}"
        return
    seen["empty"] += not number
    seen["rows"] += number
    pages = max(1, -(-number // 50))
    for page, expected in ((1, min(50, number)), (pages, number - 50 * (pages - 1)), (pages + 1, 0)):
        found = person.page(address, page=page, **cell.query).content.decode().count('<tr><th scope="row"')
        if found != expected:
            yield f"page {page} has {found} rows, not {expected}"
    if listed is None:
        seen["large"] += not one.weight
    elif len(listed) != number or len(set(listed)) != number:
        yield f"API lists {len(listed)} rows ({len(set(listed))} different) for {number}"
    if person.scope.allows("export") and number <= MOST_ROWS:
        seen["export"] += 1
        found = person.page(f"{address}export", **cell.query)
        rows = len(list(csv.reader(io.StringIO(found.content.decode("utf-8-sig"))))) - 1
        if found.status_code != 200 or rows != number:
            yield f"export {found.status_code} has {rows} rows, not {number}"


def _by_call(person: Person, cell: Cell) -> Iterator[int]:
    """The keys the API lists, page after page."""
    cursor: dict[str, str] = {}
    while True:
        found = person.call(
            f"/figures/{cell.place}/{cell.indicator}/{cell.situation}", fields="id", limit="200", **cell.query, **cursor
        ).json()
        yield from (row["id"] for row in found["rows"])
        if not found["next"]:
            return
        cursor = {"cursor": found["next"]}


def _weighed(person: Person, cell: Cell, one: Any, figure: int) -> int | None:
    """How many rows a weighted number has; None where they do not weigh what it says."""
    import pyarrow.compute as pc

    from dishu.site.reports import current
    from dishu.site.reports.asked import Asked
    from dishu.site.reports.rows import behind
    from dishu.site.territory.models import Place

    place = Place.objects.get(code=cell.place)
    found = behind(Asked(place, cell.day, cell.borders, cell.part, current.current()), one, cell.situation).to_pyarrow()
    weighs = found.num_rows if one.held_weight else int(pc.sum(found[one.weight]).as_py() or 0)
    if one.held_weight:  # a member counts in the held part of a unit's employees: no sum over rows of one part
        return found.num_rows
    return found.num_rows if weighs == figure else None


def _shown(page: str, situation: str) -> int:
    """The number on the page's tab of that situation."""
    found = re.search(rf'href="[^"]*/{situation}/[^"]*">[^<\d]*([\d,]*)\s*</a></li>', page)
    return int((found[1] if found else "").replace(",", "") or 0)
