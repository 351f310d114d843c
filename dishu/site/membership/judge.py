"""All rosters of a place judged together: who is a member, what ties each has, and what that says of organizations.

The engine's own matching and judging, over the rows of every roster that is in the register, so that the register says
what one joint job on the same files says, in whatever order they came.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow.compute as pc

from dishu.engine.baseline.gather import PEOPLE_LAYOUTS
from dishu.engine.baseline.keys import org_name
from dishu.engine.baseline.orgs import Finder, cover_fact, named_units, org_fact, org_key, plan_fact
from dishu.engine.baseline.people import Persons, employers_of, owned_by, person_facts, same_people
from dishu.engine.baseline.units import Units
from dishu.engine.link.people import HELD
from dishu.site.doubts.memory import Told, mark
from dishu.site.intake import kept
from dishu.site.intake.fold import Row, Source, Tie, go_on, voices
from dishu.site.intake.models import Upload
from dishu.site.membership import known
from dishu.site.registry.preview import RING
from dishu.site.territory.models import Place
from dishu.standards import ids

PERSON = (
    ("standing", "full_on"), ("joined_on",), ("employer", "employer_code", "employed_since", "employed_until", "role"),
    ("org", "org_since", "org_until"), ("participates_in",), ("shown", "shown_on"), ("verified_on", "channel"), ("place",),
)  # fmt: skip
#: By table of facts: what tells ties of one member apart, what they say, and the column in which a row says it.
TABLES: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "member": ((), ("place", "standing", "verified_on", "channel"), "standing"),
    "employment": (("unit",), ("role",), "employer"),
    "affiliation": (("org",), ("source",), "org"),
    "participation": (("org",), (), "participates_in"),
    "identity": ((), ("shown",), "shown"),
}
Ties = dict[str, dict[int, list[Tie]]]


@dataclass
class Person:
    """One person as the rosters say they are. `recs`: the rows that speak of them."""

    name: str
    sex: str
    birth: Any
    citizen_id: str | None
    phone: str | None
    recs: list[str]
    ties: dict[str, list[Tie]]
    doubt: str = ""
    #: The rosters that say anything of the person, also what was said before.
    heard: frozenset[int] = frozenset()

    @property
    def place(self) -> str:
        """Where the person is a member, by the last standing."""
        return str(self.ties["member"][-1].says[0])


@dataclass(frozen=True)
class Doubt:
    """Two who may be one, each by a row that speaks of them. `upload`: the later of the rosters that say so."""

    left: str
    right: str
    upload: int | None
    reasons: str
    probability: float
    model: str = HELD.stem


@dataclass
class Judged:
    """`people`: who is or was a member; `others`: ties of organizations (org) and units (coverage, plan); `employers`:
    the unit each row names, `public` ones not counted."""

    people: list[Person]
    others: Ties
    orgs: dict[int, str]
    heard: dict[int, frozenset[int]] = field(default_factory=dict)
    owned: dict[str, list[int]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    employers: dict[str, int] = field(default_factory=dict)
    public: frozenset[int] = frozenset()


def judge(
    top: Place,
    uploads: list[Upload],
    day: date,
    owned: dict[str, list[int]],
    members: set[int],
    told: Told | None = None,
) -> Judged:
    """Judge these rosters. `owned`: what was found before of owners whose data is thrown away by now; `members`: those
    of whom rosters speak already, so that only the others are matched as what was entered by hand; `told`: what people
    decided of doubtful pairs."""
    rows = _rows(uploads, PEOPLE_LAYOUTS)
    orgs = _rows(uploads, kept.ORG_LAYOUTS)
    where = known.map_of(top, day)
    units, to = known.units(top), known.translator(where)
    spoken = _spoken(rows) + known.by_hand(top, members)
    marks = {row["rec_id"]: mark_of(row) for row in spoken}
    same, apart = (told or Told()).of(marks.items())
    found = same_people(spoken, same, apart)
    named, homeless = employers_of(_spoken(rows), Finder(units, where, RING))
    employers = {rec: to.unit(key) for rec, key in named.items()}
    owned = _owned(owned, owned_by(units.rows, found.records), units)
    people = _people(found, employers, owned, units.public)
    doubts = _doubts(found, people, apart)
    others, lost = _others(orgs, units, where, to)
    names = _names(row.get(column) for row in rows + orgs for column in ("org", "participates_in", "superior"))
    heard: dict[int, frozenset[int]] = defaultdict(frozenset)
    for row in orgs:
        heard[org_key(RING, row.get("org")) or 0] |= row["_heard"]
    counts = {"homeless": homeless.num_rows, "lost": lost}
    public = units.public & set(employers.values())
    return Judged(people, others, names, dict(heard), owned, counts, doubts, marks, employers, public)


def again(
    recs: set[str],
    uploads: list[Upload],
    employers: dict[str, int],
    owned: dict[str, list[int]],
    public: frozenset[int],
) -> Person | None:
    """The person these rows of rosters speak of together, by what was judged last of each; None where no member is left."""
    rows = [row for row in _spoken(_rows(uploads, PEOPLE_LAYOUTS)) if row["rec_id"] in recs]
    ties = _ties(rows, employers, owned, public) if rows else {"member": []}
    return _person(rows, ties) if ties["member"] else None


def mark_of(row: Row) -> str:
    """By this a row is known again, in whatever roster it comes."""
    number, phone = row["citizen_id"] or row.get("citizen_id_written"), row["phone"] or row.get("phone_written")
    return mark(row["name"], number, row.get("birth"), phone, row["employer"])


def _rows(uploads: list[Upload], layouts: tuple[str, ...]) -> list[Row]:
    """The rows of all rosters, by day, layout and file, marked with what `voices` needs; mere repetitions are left out."""
    before: dict[tuple[str, str, int], dict[Any, list[Row]]] = {}
    found: list[Row] = []
    for upload in uploads:
        for rank, layout in enumerate(layouts):
            table = kept.get(upload, layout)
            if table is None:
                continue
            columns = table.drop_columns(["rec_id", "rank", "source_file"]).to_pydict()
            contents = zip(
                *(columns[name] for name in columns if name not in ("source_sheet", "source_row")), strict=True
            )
            now: dict[Any, list[Row]] = defaultdict(list)
            last = before.get((layout, upload.name, upload.place_id), {})
            for n, (content, values) in enumerate(zip(contents, zip(*columns.values(), strict=True), strict=True)):
                said = last.get(content, [])[len(now[content]) :]
                if said:
                    said[0]["_heard"].add(upload.pk)
                    now[content].append(said[0])
                    continue
                marks = {"rec_id": f"{upload.pk}:{layout}:{n}", "source_file": upload.name, "_upload": upload.pk,
                         "_day": upload.day, "_layout": rank, "_rank": n, "_heard": {upload.pk}}  # fmt: skip
                now[content].append(dict(zip(columns, values, strict=True)) | marks)
                found.append(now[content][-1])
            before[layout, upload.name, upload.place_id] = now
    return found


def _spoken(rows: list[Row]) -> list[Row]:
    """In the order of the engine's job: layout, file, row."""
    return sorted(rows, key=lambda r: (r["_layout"], r["source_file"], r["_day"], r["_rank"]))


def _owned(before: dict[str, list[int]], now: dict[str, list[int]], units: Units) -> dict[str, list[int]]:
    """Owners are found while their data is held; what was found then stays."""
    held = set(pc.unique(units.rows["unit"]).to_pylist())
    there = set(units.register["unit"].to_pylist())
    all_ = {rec: list(found) for rec, found in now.items()}
    for rec, found in before.items():
        all_[rec] = [*all_.get(rec, []), *(u for u in found if u in there and u not in held)]
    return {rec: found for rec, found in all_.items() if found}


def _people(
    found: Persons, employers: dict[str, int], owned: dict[str, list[int]], public: frozenset[int]
) -> list[Person]:
    people = []
    for group in found.groups.values():
        rows = [row for row in group if "_day" in row]
        ties = _ties(rows, employers, owned, public) if rows else {"member": []}
        if ties["member"]:
            people.append(_person(group, ties))
    return people


def _doubts(found: Persons, people: list[Person], apart: list[tuple[str, str]]) -> list[Doubt]:
    """Which two may be one, each pair once, with what speaks most for it; not those whom somebody told apart.

    Each is one of the people, or a member whom only a hand entered.
    """
    by_rec = {rec: person for person in people for rec in person.recs}
    who = {rec: person.recs[0] for rec, person in by_rec.items()}
    settled = {frozenset((who.get(left, left), who.get(right, right))) for left, right in apart}
    best: dict[frozenset[str], Doubt] = {}
    for pair in found.pairs.filter(pc.equal(found.pairs["decision"], "review")).sort_by("weight").to_pylist():
        left, right = (rec if rec.startswith("known:") else who.get(rec) for rec in (pair["left_id"], pair["right_id"]))
        left, right = who.get(left, left), who.get(right, right)
        if left is None or right is None or left == right or frozenset((left, right)) in settled:
            continue
        came = [int(rec.split(":")[0]) for rec in (pair["left_id"], pair["right_id"]) if rec[0].isdecimal()]
        doubt = Doubt(left, right, max(came, default=None), pair["reasons"], pair["probability"])
        best[frozenset((left, right))] = doubt
    for doubt in best.values():
        for rec in (doubt.left, doubt.right):
            if rec in by_rec:
                by_rec[rec].doubt = doubt.reasons
    return list(best.values())


def _ties(
    rows: list[Row],
    employers: dict[str, int],
    owned: dict[str, list[int]],
    public: frozenset[int],
) -> dict[str, list[Tie]]:
    """The ties of one person through all days of the rosters."""
    line: dict[str, list[Tie]] = {name: [] for name in TABLES}
    for day, spoken in voices(rows, PERSON):
        spoken = [{**row, "place": row["place"] or ""} for row in spoken]
        working = {
            r["rec_id"]: employers[r["rec_id"]]
            for r in spoken if r["rec_id"] in employers and (r["employer"] or r.get("employer_code"))
        }  # fmt: skip
        facts = person_facts(spoken, working, owned, RING, day)
        if any(job["unit"] in public for job in facts["employment"]) or not facts["member"]:
            facts = {name: [] for name in TABLES}
        for name in TABLES:
            line[name] = go_on(line[name], [_tie(name, fact, spoken) for fact in facts[name]], day)
    return line


def _tie(name: str, fact: Row, rows: list[Row]) -> Tie:
    keys, says, column = TABLES[name]
    saying = [row for row in rows if row.get(column) is not None]
    if column in ("org", "participates_in"):
        saying = [row for row in saying if org_key(RING, row[column]) == fact["org"]]
    row = (saying or rows)[0]
    source = Source(row["_upload"], row["source_sheet"] or "", row["source_row"])
    return Tie(tuple(fact[k] for k in keys), fact["since"], fact["until"], tuple(fact[s] for s in says), source)


def _person(group: list[Row], ties: dict[str, list[Tie]]) -> Person:
    rows = [row for row in group if "_day" in row]
    numbers = [r["citizen_id"] for r in group if r["citizen_id"] and ids.citizen_id(r["citizen_id"]).ok]
    return Person(
        name=rows[0]["name"], sex=_first(rows, "sex") or "", birth=_first(rows, "birth"),
        citizen_id=min(numbers, default=None), phone=_first(rows, "phone"), recs=[r["rec_id"] for r in group], ties=ties,
        heard=frozenset(pk for r in rows for pk in r["_heard"]),
    )  # fmt: skip


def _first(rows: list[Row], name: str) -> Any:
    return next((row[name] for row in rows if row.get(name) is not None), None)


def _names(written: Any) -> dict[int, str]:
    """The organizations that rows name, by the engine's key; of several spellings the first in the alphabet."""
    found = {
        key: name
        for name in sorted({w for w in written if w}, reverse=True)
        if (key := org_key(RING, name)) is not None
    }
    return dict(sorted(found.items()))


ORG = (("place",), ("kind", "mode"), ("system",), ("superior",), ("founded_on", "dissolved_on"), ("units",))
PLAN = (("frozen_on", "deadline"),)


def _others(rows: list[Row], units: Units, where: Any, to: known.Translator) -> tuple[Ties, int]:
    """The ties of organizations, of covered units and of planned ones."""
    listed, plans = ([r for r in _spoken(rows) if r["_layout"] == n] for n in range(2))
    named = named_units(listed, plans, units, where, RING)
    covered: dict[str, list[int]] = defaultdict(list)
    for row, unit in named.covered:
        covered[row["rec_id"]].append(to.unit(unit))
    return {**_orgs(listed, covered), "plan": _planned([(r, to.unit(u)) for r, u in named.planned])}, len(named.lost)


def _orgs(listed: list[Row], covered: dict[str, list[int]]) -> Ties:
    """Each organization through all days of the rosters, and the units it covers."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in listed:
        if name := org_name(row["org"]):
            groups[name].append(row)
    states: dict[int, list[Tie]] = {}
    covers: dict[int, list[Tie]] = defaultdict(list)
    for rows in groups.values():
        line: list[Tie] = []
        mine: list[Tie] = []
        for day, spoken in voices(rows, ORG):
            fact = org_fact(_filled(spoken)[0], RING, day)
            source = Source(spoken[0]["_upload"], spoken[0]["source_sheet"] or "", spoken[0]["source_row"])
            says = tuple(fact[name] for name in ("place", "kind", "system", "superior"))
            line = go_on(line, [Tie((), fact["since"], fact["until"], says, source)], day)
            mine = go_on(mine, _covers(_filled(spoken), covered, day), day)
        states[fact["org"]] = line
        for tie in mine:
            covers[int(tie.key[0])].append(tie._replace(key=(fact["org"],)))  # type: ignore[call-overload]
    return {"org": states, "coverage": dict(covers)}


def _filled(spoken: list[Row]) -> list[Row]:
    """Where rosters of several days speak: each row, and what was said before of that which it does not say."""
    if len({row["_day"] for row in spoken}) == 1:
        return spoken
    names = [name for bundle in ORG if bundle != ("units",) for name in bundle]
    return [{**row, **{n: row[n] if row[n] is not None else _first(spoken, n) for n in names}} for row in spoken]


def _covers(spoken: list[Row], covered: dict[str, list[int]], day: date) -> list[Tie]:
    found: dict[int, Tie] = {}
    for row in spoken:
        if not row["units"]:
            continue
        for unit in covered.get(row["rec_id"], []):
            fact = cover_fact(row, unit, RING, day)
            source = Source(row["_upload"], row["source_sheet"] or "", row["source_row"])
            found.setdefault(unit, Tie((unit,), fact["since"], fact["until"], (fact["mode"],), source))
    return list(found.values())


def _planned(pairs: list[tuple[Row, int]]) -> dict[int, list[Tie]]:
    groups: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row, unit in pairs:
        groups[row["plan"], unit].append(row)
    ties: dict[int, list[Tie]] = defaultdict(list)
    for (plan, unit), rows in groups.items():
        line: list[Tie] = []
        for day, spoken in voices(rows, PLAN):
            fact = plan_fact(spoken[0], unit)
            source = Source(spoken[0]["_upload"], spoken[0]["source_sheet"] or "", spoken[0]["source_row"])
            line = go_on(line, [Tie((plan,), fact["since"] or day, fact["until"], (fact["deadline"],), source)], day)
        ties[unit] += line
    return dict(ties)
