"""A judgement written into the register: only what differs from the last one, so that hands and rosters do not fight."""

from __future__ import annotations

import pickle
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
from django.db import connection
from django.db.models import ProtectedError

from dishu.site import bulk, crypto
from dishu.site.accounts.models import User
from dishu.site.doubts import memory
from dishu.site.intake import ties
from dishu.site.intake.fold import Tie
from dishu.site.membership import known
from dishu.site.membership.judge import TABLES, Judged, Person, Ties
from dishu.site.membership.models import Judgement, Member, Organization, OrganizationState
from dishu.site.registry.models import Unit
from dishu.site.territory.models import Place

BATCH = 2000
_KEY, _TEXT, _DATE = pa.int64(), pa.string(), pa.date32()
KINDS = {
    "member": ties.Kind("membership_standing", "member_id", {},
                        {"place_id": _KEY, "standing": _TEXT, "verified_on": _DATE, "channel": _TEXT}),
    "employment": ties.Kind("membership_employment", "member_id", {"unit_id": _KEY}, {"role": _TEXT}),
    "affiliation": ties.Kind("membership_affiliation", "member_id", {"org_id": _KEY}, {"source": _TEXT}, "NOT t.held"),
    "participation": ties.Kind("membership_participation", "member_id", {"org_id": _KEY}, {}),
    "identity": ties.Kind("membership_shown", "member_id", {}, {"shown": pa.bool_()}),
    "org": ties.Kind("membership_organizationstate", "org_id", {},
                     {"place_id": _KEY, "kind": _TEXT, "system": _TEXT, "superior_id": _KEY}),
    "coverage": ties.Kind("membership_coverage", "unit_id", {"org_id": _KEY}, {"mode": _TEXT}),
    "plan": ties.Kind("membership_planned", "unit_id", {"plan": _TEXT}, {"deadline": _DATE}),
}  # fmt: skip


@dataclass
class Last:
    """The last judgement: the member of each row of a roster, all ties, and owners that were found."""

    recs: dict[str, int] = field(default_factory=dict)
    ties: dict[str, Ties | dict[int, list[Tie]]] = field(default_factory=dict)
    owned: dict[str, list[int]] = field(default_factory=dict)
    #: The unit each row names, and which of these are public: as `Judged` has them.
    employers: dict[str, int] = field(default_factory=dict)
    public: frozenset[int] = frozenset()


def last(top: Place) -> Last:
    """What was judged last of the rosters below a place."""
    found = Last(ties={name: {} for name in KINDS})
    for one in Judgement.objects.filter(place__reached__node=top):
        part: Last = pickle.loads(crypto.show_bytes(one.content))  # ours alone: encrypted with the site's key
        found.recs |= part.recs
        found.owned |= part.owned
        found.employers |= getattr(part, "employers", {})  # kept since the matching desk is there
        found.public |= part.public
        for name in KINDS:
            found.ties[name] |= part.ties[name]  # type: ignore[operator]
    return found


@dataclass
class Plan:
    """What a judgement means for the register: the member each person is (None: new), and members that are one now."""

    who: list[int | None]
    merged: dict[int, int]


def plan(judged: Judged, before: Last) -> Plan:
    """Who of the people is which member: by the rows that spoke of them before, by what was entered by hand, by number."""
    candidates = [_candidates(person, before) for person in judged.people]
    by_trace = _by_trace(p for p, mine in zip(judged.people, candidates, strict=True) if not mine)
    claimed: dict[int, list[int]] = defaultdict(list)
    for n, (person, mine) in enumerate(zip(judged.people, candidates, strict=True)):
        if person.citizen_id and not mine and (pk := by_trace.get(crypto.trace(person.citizen_id))):
            mine[pk] += 1
        for pk in mine:
            claimed[pk].append(n)
    # where one member turns out to be two people, the one more rows spoke of stays
    keeper = {pk: max(ns, key=lambda n: (candidates[n][pk], -n)) for pk, ns in claimed.items()}
    who, merged = [], {}
    for n, mine in enumerate(candidates):
        own = sorted(pk for pk in mine if keeper[pk] == n)
        who.append(own[0] if own else None)
        merged |= dict.fromkeys(own[1:], own[0]) if own else {}
    return Plan(who, merged)


def _candidates(person: Person, before: Last) -> Counter[int]:
    pks = [int(rec[6:]) if rec.startswith("known:") else before.recs.get(rec) for rec in person.recs]
    return Counter(pk for pk in pks if pk is not None)


def _by_trace(people: Iterable[Person]) -> dict[str, int]:
    traces = [crypto.trace(p.citizen_id) for p in people if p.citizen_id]
    return dict(Member.objects.filter(citizen_trace__in=traces).values_list("citizen_trace", "pk"))


def people_ties(judged: Judged, who: list[int]) -> dict[str, dict[int, list[Tie]]]:
    """All ties of a judgement by table and subject."""
    found = {name: {pk: p.ties[name] for p, pk in zip(judged.people, who, strict=True)} for name in TABLES}
    return {**found, **judged.others}


def write(top: Place, judged: Judged, before: Last, live: frozenset[int]) -> int:
    """Write the difference between two judgements; in the caller's transaction. Returns how many rows were touched."""
    places = dict(Place.objects.values_list("code", "pk"))
    orgs, new_orgs = _organizations(judged.orgs)
    planned = plan(judged, before)
    # a number is one member's only: it goes over to the one who stays
    Member.objects.filter(pk__in=planned.merged).update(citizen_trace=None)
    who, made, better = _members(judged.people, planned.who, places)
    after = people_ties(judged, who)
    known_ids = _Keys(places, orgs)
    changed = new_orgs + made + better
    own, touched = _deciding_themselves(), {"member_id": set[int](), "unit_id": set[int](), "org_id": set[int]()}
    for name, kind in KINDS.items():
        gone, come = _difference(before.ties[name], after[name], live)  # type: ignore[arg-type]
        if name == "identity":
            gone, come = ([pair for pair in pairs if pair[0] not in own] for pairs in (gone, come))
        wrote = ties.write(kind, known_ids.table(name, kind, gone), known_ids.table(name, kind, come))
        touched[kind.subject] |= {subject for subject, _ in gone + come} if wrote else set()
        changed += wrote
    _later(Member, touched["member_id"])
    _later(Unit, touched["unit_id"])
    _seat(after["org"], before.ties["org"], orgs)  # type: ignore[arg-type]
    _merge(planned.merged)
    recs = {rec: pk for p, pk in zip(judged.people, who, strict=True) for rec in p.recs}
    if changed or planned.merged or (judged.employers, judged.public) != (before.employers, before.public):
        said = {rec: pk for rec, pk in recs.items() if not rec.startswith("known:")}
        remember(top, Last(said, after, judged.owned, judged.employers, judged.public))  # type: ignore[arg-type]
    _forget(set(before.recs.values()) - set(who) - set(planned.merged))
    _doubtful(top, judged, recs)
    return changed


def _deciding_themselves() -> set[int]:
    """Members with a log-in of their own: whether they show their identity no roster says any more."""
    held = User.objects.filter(is_active=True, member__isnull=False)
    return set(held.values_list("member_id", flat=True))


def _later(model: type[Member] | type[Unit], pks: set[int]) -> None:
    """Records of which something else is said now have a later version: whoever has one open is told."""
    ordered = sorted(pks)
    for start in range(0, len(ordered), BATCH):
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {model._meta.db_table} SET version = version + 1 WHERE id = ANY (%s)",
                [ordered[start : start + BATCH]],
            )


def one(ties_before: dict[str, dict[int, list[Tie]]], people: dict[int, Person], live: frozenset[int]) -> None:
    """Write the difference for a few members only. `ties_before`: all that was said of those who become these."""
    places = dict(Place.objects.values_list("code", "pk"))
    known_ids = _Keys(places, known.organizations())
    own = _deciding_themselves() & people.keys()
    for name in TABLES:
        if name == "identity" and own:
            continue
        after = {pk: person.ties[name] for pk, person in people.items()}
        gone, come = _difference(ties_before[name], after, live)
        ties.write(KINDS[name], known_ids.table(name, KINDS[name], gone), known_ids.table(name, KINDS[name], come))
    _completed(people, places)


def _doubtful(top: Place, judged: Judged, recs: dict[str, int]) -> None:
    """The pairs that wait for a person become those this judgement found."""
    marks: dict[int, set[str]] = defaultdict(set)
    for rec, pk in recs.items():
        marks[pk].add(judged.marks[rec])

    def key(rec: str) -> int:
        pk = recs[rec] if rec in recs else int(rec[6:])
        marks[pk].add(judged.marks[rec])
        return pk

    pairs = [(key(doubt.left), key(doubt.right), doubt) for doubt in judged.doubts]
    lies = dict(
        Member.objects.filter(pk__in={pk for a, b, _ in pairs for pk in (a, b)}).values_list("pk", "place__code")
    )
    memory.keep_up(top, "member", [
        memory.Found(a, b, (lies[a], lies[b]), doubt.upload, doubt.reasons, doubt.probability, doubt.model,
                     (frozenset(marks[a]), frozenset(marks[b])))
        for a, b, doubt in pairs if a != b
    ])  # fmt: skip


def _difference(
    before: dict[int, list[Tie]], after: dict[int, list[Tie]], live: frozenset[int]
) -> tuple[list[tuple[int, Tie]], list[tuple[int, Tie]]]:
    gone, come = [], []
    for subject in before.keys() | after.keys():
        went, came = ties.changes(before.get(subject, []), after.get(subject, []), live)
        gone += [(subject, t) for t in went]
        come += [(subject, t) for t in came]
    return gone, come


@dataclass
class _Keys:
    """From the judgement's codes and keys to those of the database."""

    places: dict[str, int]
    orgs: dict[int, int]

    def table(self, name: str, kind: ties.Kind, rows: list[tuple[int, Tie]]) -> pa.Table:
        return kind.rows([self._row(name, subject, tie) for subject, tie in rows])

    def _row(self, name: str, subject: int, tie: Tie) -> tuple[int, Tie]:
        if name in ("affiliation", "participation", "coverage"):
            tie = tie._replace(key=(self.orgs[tie.key[0]],))  # type: ignore[index]
        elif name == "member":
            tie = tie._replace(says=(self.places[tie.says[0]], *tie.says[1:]))
        elif name == "org":
            place, kind, system, superior = tie.says
            tie = tie._replace(says=(self.places[place], kind, system, self.orgs.get(superior)))
            subject = self.orgs[subject]
        return subject, tie


def _organizations(names: dict[int, str]) -> tuple[dict[int, int], int]:
    """The register's keys of organizations, those met for the first time included; and how many these are."""
    have = known.organizations()
    missing = {key: name for key, name in names.items() if key not in have}
    made = Organization.objects.bulk_create(
        [Organization(name=name, plain=known.plain(name)) for name in missing.values()], batch_size=BATCH
    )
    return {**have, **{key: org.pk for key, org in zip(missing, made, strict=True)}}, len(made)


def _seat(after: dict[int, list[Tie]], before: dict[int, list[Tie]], orgs: dict[int, int]) -> None:
    """Where organizations lie now."""
    changed = [orgs[key] for key, line in after.items() if line != before.get(key)]
    for start in range(0, len(changed), BATCH):
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {Organization._meta.db_table} o SET place_id = s.place_id FROM (SELECT DISTINCT ON (org_id) * FROM"
                f" {OrganizationState._meta.db_table} WHERE org_id = ANY (%s) ORDER BY org_id, since DESC) s"
                " WHERE s.org_id = o.id AND o.place_id IS DISTINCT FROM s.place_id",
                [changed[start : start + BATCH]],
            )


def _members(people: list[Person], who: list[int | None], places: dict[str, int]) -> tuple[list[int], int, int]:
    """The members of all people: new ones made, numbers that known ones lacked completed."""
    new = [(p, Member(name=p.name, sex=p.sex, birth=p.birth, place_id=places[p.place], initials="", grams=[]))
           for p, pk in zip(people, who, strict=True) if pk is None]  # fmt: skip
    for person, member in new:
        member.identify(person.citizen_id, person.phone)
        member.found_by()
    made = iter(Member.objects.bulk_create([member for _, member in new], batch_size=BATCH))
    better = _completed({pk: p for p, pk in zip(people, who, strict=True) if pk is not None}, places)
    return [pk if pk is not None else next(made).pk for pk in who], len(new), better


def _completed(people: dict[int, Person], places: dict[str, int]) -> int:
    """What known members lacked. What is written stays: only where they lie follows the rosters."""
    lacking = Member.objects.filter(pk__in=people).only(*_SHAPE)
    rows = []
    for member in lacking:
        person, before = people[member.pk], _shape(member)
        member.identify(None if member.citizen_id else person.citizen_id, None if member.phone else person.phone)
        member.sex, member.birth = member.sex or person.sex, member.birth or person.birth
        if not any(tie.until is None for tie in person.ties["employment"]):  # whoever works lies there: migration 0005
            member.place_id = places[person.place]
        if _shape(member) != before:
            rows.append(_flat(member))
    _update(rows)
    return len(rows)


_BINARY = "decode(b.{}, 'hex')"
_TEXTS = "coalesce(b.{}, '')"  # an empty text is nothing on the way
#: What may be completed, and how it is written.
_SHAPE = {
    "citizen_id": _BINARY, "citizen_trace": "b.{}", "phone": _BINARY, "phone_trace": _TEXTS, "phone_end": _TEXTS,
    "sex": _TEXTS, "birth": "b.{}", "place_id": "b.{}",
}  # fmt: skip


def _flat(member: Member) -> dict[str, Any]:
    row = {name: getattr(member, name) for name in ("pk", *_SHAPE)}
    return row | {name: bytes(row[name]).hex() for name in ("citizen_id", "phone") if row[name]}


def _update(rows: list[dict[str, Any]]) -> None:
    """All at once."""
    if not rows:
        return
    kinds = {"pk": pa.int64(), "place_id": pa.int64(), "birth": pa.date32()}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in ("pk", *_SHAPE)])
    bulk.stage(pa.Table.from_pylist(rows, schema=schema), "better")
    sets = [f"{name} = {_SHAPE[name].format(name)}" for name in _SHAPE]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Member._meta.db_table} m SET {', '.join(sets)}, version = version + 1 FROM better b WHERE b.pk = m.id"
        )
        cursor.execute("DROP TABLE better")


def _shape(member: Member) -> tuple[Any, ...]:
    return member.citizen_trace, member.phone_trace, member.sex, member.birth, member.place_id


def _merge(merged: dict[int, int]) -> None:
    """Members that turned out to be one: all that hangs on the other goes over to the first."""
    for other, first in merged.items():
        for relation in Member._meta.related_objects:
            relation.related_model._base_manager.filter(**{relation.field.name: other}).update(
                **{relation.field.name: first}
            )
        Member.objects.filter(pk=other).delete()


def _forget(members: set[int]) -> None:
    """Members of whom no roster speaks any more go, unless a hand wrote something of them."""
    for pk in members:
        if not any(
            relation.related_model._base_manager.filter(**{relation.field.name: pk}).exists()
            for relation in Member._meta.related_objects
        ):
            try:
                Member.objects.filter(pk=pk).delete()
            except ProtectedError:
                continue


def remember(top: Place, content: Last) -> None:
    """Keep what was judged: the next judgement is compared with it."""
    there = Judgement.objects.filter(place__reached__node=top)
    there.exclude(place=top).delete()
    Judgement.objects.update_or_create(place=top, defaults={"content": crypto.hide_bytes(pickle.dumps(content))})
