"""Previewed people and organizations written: new ties begin, changed ones end and go on, nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Model

from dishu.engine.baseline.orgs import org_key
from dishu.site.intake.models import Upload
from dishu.site.membership import known, preview
from dishu.site.membership.models import (
    Affiliation,
    Coverage,
    Employment,
    Member,
    Organization,
    OrganizationState,
    Participation,
    Planned,
    Shown,
    Standing,
)
from dishu.site.registry.preview import RING
from dishu.site.territory.models import Place

#: Which model holds which table of facts, what a row is one of, and what it says.
TIES: dict[str, tuple[type[Model], tuple[str, ...], tuple[str, ...]]] = {
    "member": (Standing, (), ("place_id", "standing", "verified_on", "channel")),
    "employment": (Employment, ("unit_id",), ("role",)),
    "affiliation": (Affiliation, ("org_id",), ("source",)),
    "participation": (Participation, ("org_id",), ()),
    "identity": (Shown, (), ("shown",)),
}
BATCH = 2000


def commit_people(upload: Upload) -> None:
    """Write the members of a preview and their ties; in the caller's transaction."""
    people = [p for p in preview.read(upload) if not p.doubt]
    places = dict(Place.objects.values_list("code", "pk"))
    orgs = _organizations({key: name for p in people for key, name in p.orgs.items()})
    new = [p for p in people if p.member is None]
    made = Member.objects.bulk_create([_member(p, places) for p in new], batch_size=BATCH)
    for person, member in zip(new, made, strict=True):
        person.member = member.pk
    fresh = {member.pk for member in made}
    for name in TIES:
        rows = [_row(name, p, fact, places, orgs, upload) for p in people for fact in p.facts[name]]
        _ties(
            name, [r for r in rows if r["member_id"] in fresh], [r for r in rows if r["member_id"] not in fresh], upload
        )


def _member(person: preview.Person, places: dict[str, int]) -> Member:
    member = Member(
        name=person.name, sex=person.sex, birth=person.birth, place_id=places[person.place], initials="", grams=[]
    )
    member.identify(person.citizen_id, person.phone)
    member.found_by()
    return member


def _row(
    name: str,
    person: preview.Person,
    fact: dict[str, Any],
    places: dict[str, int],
    orgs: dict[int, int],
    upload: Upload,
) -> dict[str, Any]:
    row = {key: value for key, value in fact.items() if key not in ("member", "place", "org", "unit")}
    row |= {"member_id": person.member, "upload": upload, "row": person.row, "sheet": person.sheet}
    if "place" in fact:
        row["place_id"] = places[fact["place"]]
    if "org" in fact:
        row["org_id"] = orgs[fact["org"]]
    if "unit" in fact:
        row["unit_id"] = fact["unit"]
    if name == "affiliation":
        row["source"] = upload.name
    return row


def _organizations(names: dict[int, str]) -> dict[int, int]:
    """The register's keys of organizations, those met for the first time included."""
    have = {org_key(RING, name): pk for pk, name in Organization.objects.values_list("pk", "name")}
    missing = {key: name for key, name in names.items() if key not in have}
    made = Organization.objects.bulk_create(
        [Organization(name=name, plain=known.plain(name)) for name in missing.values()], batch_size=BATCH
    )
    return {**have, **{key: org.pk for key, org in zip(missing, made, strict=True)}}  # type: ignore[dict-item]


def _ties(name: str, fresh: list[dict[str, Any]], rows: list[dict[str, Any]], upload: Upload) -> None:
    """Rows of new members as they are; of known ones what differs from the open row ends it and begins another."""
    model, keys, says = TIES[name]
    begin = list(_once(fresh, keys))
    latest: dict[tuple[Any, ...], Any] = {}
    members = {row["member_id"] for row in rows}
    for tie in model._default_manager.filter(member_id__in=members).order_by("since"):
        latest[(tie.member_id, *(getattr(tie, k) for k in keys))] = tie
    for row in _last(rows, keys):
        tie = latest.get((row["member_id"], *(row[k] for k in keys)))
        if tie is None:
            begin.append(row)
        elif tie.until is not None:
            # one roster that knew of the end outweighs others that have not heard of it; coming back has a later day
            begin += [row] if row["since"] >= tie.until else []
        elif row["until"] is not None:
            _end(tie, row["until"])
        elif any(row[s] is not None and row[s] != getattr(tie, s) for s in says if s != "source"):
            day = _end(tie, upload.day)
            begin.append({**{s: getattr(tie, s) for s in says}, **_said(row), "since": day})
    model._default_manager.bulk_create([model(**row) for row in begin], batch_size=BATCH)


def _said(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None}


def _end(tie: Any, day: date) -> date:
    """End a row on the day, or on its second day where it began later. Returns the day."""
    tie.until = max(day, tie.since + timedelta(days=1))
    tie.save(update_fields=["until"])
    return tie.until


def _once(rows: Iterable[dict[str, Any]], keys: tuple[str, ...]) -> Iterable[dict[str, Any]]:
    """Each thing said once: a roster that says it twice says it once."""
    seen: set[tuple[Any, ...]] = set()
    for row in rows:
        one = (row["member_id"], *(row[k] for k in keys), row["since"])
        if one not in seen:
            seen.add(one)
            yield row


def _last(rows: Iterable[dict[str, Any]], keys: tuple[str, ...]) -> Iterable[dict[str, Any]]:
    """Of a known member only what a roster says of now: what was before is known already, or was never reported."""
    last: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        one = (row["member_id"], *(row[k] for k in keys))
        if one not in last or row["since"] >= last[one]["since"]:
            last[one] = row
    return last.values()


def commit_orgs(upload: Upload) -> None:
    """Write organizations, whom they cover, and the plan."""
    result = preview.read(upload)
    places = dict(Place.objects.values_list("code", "pk"))
    names = {key: name for key, (name, _, _) in result["names"].items()}
    orgs = _organizations(result["superiors"] | names)
    _states(result, orgs, places, upload)
    _covers(result, orgs, upload)
    plans = set(Planned.objects.values_list("plan", "unit_id"))
    Planned.objects.bulk_create(
        [
            Planned(plan=r["plan"], unit_id=r["unit"], deadline=r["deadline"], since=r["since"], until=r["until"], upload=upload)
            for r in result["facts"]["plan"] if (r["plan"], r["unit"]) not in plans
        ],
        batch_size=BATCH,
    )  # fmt: skip


def _states(result: Any, orgs: dict[int, int], places: dict[str, int], upload: Upload) -> None:
    open_ = {s.org_id: s for s in OrganizationState.objects.filter(until=None)}
    begin = []
    for r in result["facts"]["org"]:
        row = {
            "place_id": places[r["place"]],
            "kind": r["kind"],
            "system": r["system"],
            "superior_id": orgs.get(r["superior"]),
        }
        org, since = orgs[r["org"]], r["since"]
        state = open_.get(org)
        if state is not None:
            if r["until"] is not None:
                _end(state, r["until"])
                continue
            if all(getattr(state, key) == value for key, value in row.items() if value is not None):
                continue
            since = _end(state, upload.day)
        begin.append(
            OrganizationState(
                org_id=org, since=since, until=r["until"], upload=upload, row=result["names"][r["org"]][1], **row
            )
        )
        Organization.objects.filter(pk=org).update(place_id=row["place_id"])
    OrganizationState.objects.bulk_create(begin, batch_size=BATCH)


def _covers(result: Any, orgs: dict[int, int], upload: Upload) -> None:
    open_ = {(c.unit_id, c.org_id): c for c in Coverage.objects.filter(until=None)}
    begin = []
    for r in result["facts"]["coverage"]:
        unit, org, since = r["unit"], orgs[r["org"]], r["since"]
        cover = open_.get((unit, org))
        if cover is not None:
            if r["until"] is not None:
                _end(cover, r["until"])
                continue
            if cover.mode == r["mode"]:
                continue
            since = _end(cover, upload.day)
        begin.append(Coverage(unit_id=unit, org_id=org, mode=r["mode"], since=since, until=r["until"], upload=upload))
    Coverage.objects.bulk_create(begin, batch_size=BATCH)
