"""From what is true to the rows of a roster: which value of a unit, member or organization goes into which column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from dishu.standards import forms
from dishu.worlds.dice import Dice
from dishu.worlds.dirt import Habits, Scribe
from dishu.worlds.model import Member, Org, Plan, Unit
from dishu.worlds.towns import Place, Towns
from dishu.worlds.write import Sheet, Title, csv_file, workbook

Row = dict[str, object]


@dataclass(slots=True)
class Line:
    """One row of a roster before it is written: its values, whom it is about, and what is odd about it."""

    values: Row
    kind: str
    key: str
    note: str = ""


@dataclass(slots=True)
class Page:
    """One sheet of a roster before it is written. `titles`: other titles for some columns."""

    layout: str
    name: str
    columns: Sequence[str]
    lines: list[Line]
    above: list[str] = field(default_factory=list)
    titles: dict[str, Title] = field(default_factory=dict)
    habits: Habits = field(default_factory=Habits)
    hidden: bool = False
    numbered: bool = True  # a first column 序号, which no layout knows


@dataclass(slots=True)
class Printer:
    """Writes pages to files below `out` and remembers which row is about whom."""

    out: Path
    dice: Dice
    rows: list[tuple[str, str, int, str, str, str]] = field(default_factory=list)

    def book(self, name: str, *pages: Page) -> None:
        """A workbook; `name` is its path below `out`."""
        workbook(self.out / name, [self._sheet(name, page) for page in pages])

    def text(self, name: str, page: Page, encoding: str = "utf-8-sig") -> None:
        """A CSV file; the sheet's name stays empty in the truth."""
        csv_file(self.out / name, self._sheet(name, page, ""), encoding)

    def _sheet(self, file: str, page: Page, name: str | None = None) -> Sheet:
        layout = forms.layout(page.layout)
        scribe = Scribe(self.dice, page.habits)
        fields = [layout.field(column) for column in page.columns]
        header: list[Title] = [page.titles.get(f.name, f.title) for f in fields]
        rows = [[scribe.cell(f, line.values.get(f.name)) for f in fields] for line in page.lines]
        if page.numbered:
            header = ["序号", *header]
            rows = [[_ordinal(line, i), *row] for i, (line, row) in enumerate(zip(page.lines, rows, strict=True), 1)]
        sheet = Sheet(page.name, header, rows, page.above, page.hidden)
        for number, line in enumerate(page.lines, sheet.first_row):
            self.rows.append((file, page.name if name is None else name, number, line.kind, line.key, line.note))
        return sheet


def _ordinal(line: Line, number: int) -> str | int:
    return "合计" if line.note == "refused:total" else number


def place_row(tree: Towns, place: Place | None) -> Row:
    """Names of county, township and village, as far as the place goes down."""
    if place is None:
        return {}
    names = (tree.by_code[place.code[:width]].name for width in (6, 9, 12) if len(place.code) >= width)
    return dict(zip(("county", "township", "village"), names, strict=False))


def unit_line(tree: Towns, unit: Unit, note: str = "") -> Line:
    """A row of the registration roster or of the list of individual businesses."""
    owner = unit.owner
    row: Row = {name: getattr(unit, name) for name in UNIT_FIELDS} | place_row(tree, unit.place)
    row |= {"unit_code": unit.code, "status": "closed" if unit.closed_on else "open"}
    row["market"] = unit.market.name if unit.market else None
    if owner:
        row |= {"owner": owner.name, "owner_id": owner.citizen_id, "owner_phone": owner.phone}
    return Line(row, "unit", unit.key, note)


UNIT_FIELDS = (
    "name", "control", "industry", "address", "opened_on", "closed_on", "employees", "assets", "turnover",
    "owner_is_member", "owner_is_secretary", "surveyed", "surveyed_on", "channel", "instructor", "instructor_since",
    "work_on",
)  # fmt: skip


def stall_line(tree: Towns, unit: Unit, note: str = "") -> Line:
    """A row of a market's list of stalls."""
    market, line = unit.market, unit_line(tree, unit, note)
    assert market is not None
    line.values |= {"market": market.name, "stall": unit.stall} | place_row(tree, market.place)
    return line


def member_line(tree: Towns, who: Member, note: str = "") -> Line:
    """A row of a member roster, everything known and clean."""
    person, unit = who.person, who.unit
    row: Row = {name: getattr(who, name) for name in MEMBER_FIELDS}
    row |= {name: getattr(person, name) for name in ("name", "sex", "citizen_id", "birth", "phone", "address")}
    row |= {"employer": unit.name, "employer_code": unit.code} | place_row(tree, person.home)
    row["org"] = who.claims[0].name if who.claims else None
    row["participates_in"] = who.participates_in.name if who.participates_in else None
    row["shown"] = None if who.shown is None else who.shown == "yes"
    return Line(row, "member", who.key, note)


MEMBER_FIELDS = (
    "standing", "joined_on", "full_on", "role", "employed_since", "employed_until", "org_since", "shown_on", "channel",
    "verified_on",
)  # fmt: skip


def affiliation_line(who: Member, claim: Org, note: str = "") -> Line:
    """A row of an organization's list of affiliations."""
    person = who.person
    row: Row = {"name": person.name, "citizen_id": person.citizen_id, "phone": person.phone, "employer": who.unit.name}
    row |= {"org": claim.name, "org_since": who.org_since, "superior": claim.superior.name if claim.superior else None}
    row["participates_in"] = who.participates_in.name if who.participates_in else None
    return Line(row, "member", who.key, note)


def org_line(tree: Towns, org: Org, by_code: Callable[[], bool] = lambda: False) -> Line:
    """A row of the list of organizations; some offices name the units by code."""
    row: Row = {
        name: getattr(org, name) for name in ("kind", "system", "founded_on", "dissolved_on", "mode", "approval_no")
    }
    row |= {"org": org.name, "superior": org.superior.name if org.superior else None} | place_row(tree, org.place)
    row["units"] = "、".join(u.code if u.code and by_code() else u.name for u in org.units) or None
    return Line(row, "org", org.key)


def plan_lines(plan: Plan) -> Iterable[Line]:
    """The rows of a plan."""
    for unit in plan.units:
        row: Row = {"plan": plan.name, "name": unit.name, "unit_code": unit.code}
        yield Line(row | {"frozen_on": plan.frozen_on, "deadline": plan.deadline}, "plan", unit.key)


@cache
def all_columns(layout: str) -> tuple[str, ...]:
    """Every field of the layout, in its order."""
    return tuple(f.name for f in forms.layout(layout).fields)


def without(layout: str, *names: str) -> tuple[str, ...]:
    """The fields of the layout but for these."""
    return tuple(name for name in all_columns(layout) if name not in names)
