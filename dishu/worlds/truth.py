"""What is true behind the rosters, as plain CSV: units, members, organizations, coverage, the rows, the figures."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from dishu.worlds import figures
from dishu.worlds.model import Member, Org, Unit, World
from dishu.worlds.rosters import Printer

UNIT = (
    "key", "kind", "name", "code", "control", "industry", "employees", "assets", "turnover", "opened_on", "closed_on",
    "owner_is_member", "owner_is_secretary", "surveyed", "surveyed_on", "channel", "instructor_since", "work_on",
    "stall", "role", "above_size",
)  # fmt: skip
MEMBER = (
    "key", "role", "standing", "joined_on", "full_on", "employed_since", "employed_until", "org_since", "shown",
    "shown_on", "channel", "verified_on",
)  # fmt: skip
ORG = ("key", "name", "kind", "system", "founded_on", "dissolved_on", "mode", "approval_no")


def write(out: Path, made: World, printer: Printer) -> None:
    """Writes truth/*.csv, truth/scale.txt and day.txt."""
    folder = out / "truth"
    folder.mkdir(parents=True, exist_ok=True)
    _table(folder / "units.csv", (*UNIT, "place", "market", "has_instructor"), map(_unit, made.units))
    _table(folder / "members.csv", (*MEMBER, *PERSON, "unit", "orgs", "participates_in"), map(_member, made.members))
    _table(folder / "organizations.csv", (*ORG, "superior", "place"), map(_org, made.orgs))
    covered = ((u.key, o.key, o.mode, o.founded_on, o.dissolved_on) for o in made.orgs for u in o.units)
    _table(folder / "coverage.csv", ("unit", "org", "mode", "since", "until"), covered)
    _table(folder / "strangers.csv", ("name", "citizen_id", "phone", "unit", "name_of_nobody_else"), _strangers(made))
    _table(folder / "figures.csv", figures.COLUMNS, figures.figures(made))
    columns = ("source_file", "sheet", "row", "kind", "key", "note")
    _table(folder / "roster_rows.csv", columns, printer.rows)
    (folder / "scale.txt").write_text(made.note + "\n", "utf-8")
    (out / "day.txt").write_text(f"{made.day}\n", "utf-8")


PERSON = ("name", "sex", "birth", "citizen_id", "phone", "address", "home")


def _unit(unit: Unit) -> Iterable[object]:
    yield from (getattr(unit, name) for name in UNIT)
    yield from (unit.place.code, unit.market.key if unit.market else None, unit.instructor is not None)


def _member(who: Member) -> Iterable[object]:
    person = who.person
    yield from (getattr(who, name) for name in MEMBER)
    yield from (
        person.name,
        person.sex,
        person.birth,
        person.citizen_id,
        person.phone,
        person.address,
        person.home.code,
    )
    yield who.unit.key
    yield ";".join(org.key for org in who.claims)
    yield who.participates_in.key if who.participates_in else None


def _org(org: Org) -> Iterable[object]:
    yield from (getattr(org, name) for name in ORG)
    yield from (org.superior.key if org.superior else None, org.place.code if org.place else None)


def _strangers(made: World) -> Iterable[tuple[object, ...]]:
    """Owners in the registries who are no members: nothing of them may show in any output."""
    members = {id(m.person) for m in made.members}
    names = {m.person.name for m in made.members}
    others = [u.name for u in made.units] + [o.name for o in made.orgs] + [p.name for p in made.towns.by_code.values()]
    names |= {text[i : i + width] for text in others for width in (2, 3, 4) for i in range(len(text) - width + 1)}
    for unit in made.units:
        owner = unit.owner
        if owner and id(owner) not in members:
            yield owner.name, owner.citizen_id, owner.phone, unit.key, owner.name not in names


def _table(path: Path, header: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows([_plain(cell) for cell in row] for row in rows)


def _plain(cell: object) -> object:
    return "" if cell is None else int(cell) if isinstance(cell, bool) else cell
