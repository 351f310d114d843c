"""What a roster of people or organizations would do, one line per person, organization or unit it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from dishu.site.intake.fold import Tie
from dishu.site.intake.models import Upload
from dishu.site.membership import write
from dishu.site.membership.judge import TABLES, Judged, Person
from dishu.site.registry.models import Unit

WORDS = {
    "member": lazy("党员身份"), "employment": lazy("工作单位"), "affiliation": lazy("组织关系"), "participation": lazy("参加活动"), "identity": lazy("亮身份"),
    "org": lazy("党组织"), "coverage": lazy("覆盖单位"), "plan": lazy("组建计划"),
}  # fmt: skip
Lines = Iterator[dict[str, Any]]


def outcomes(upload: Upload, judged: Judged, before: write.Last) -> list[dict[str, Any]]:
    """New, changed, doubtful or the same. Of neighbours' people only those this roster itself speaks of."""
    return [*_people(upload, judged, before), *_organizations(upload, judged, before), *_units(judged, before)]


def _people(upload: Upload, judged: Judged, before: write.Last) -> Lines:
    mine = f"{upload.pk}:"
    planned = write.plan(judged, before)
    for person, pk in zip(judged.people, planned.who, strict=True):
        differs = [name for name in TABLES if pk is None or not _same(before.ties[name].get(pk), person.ties[name])]
        spoken = any(rec.startswith(mine) for rec in person.recs) or person.heard & {upload.pk}
        if spoken or (differs and person.place.startswith(upload.place.code)):
            yield _line(person, pk, differs)


def _line(person: Person, pk: int | None, differs: list[str]) -> dict[str, Any]:
    known = "changed" if differs else "same"
    outcome = ("doubtful" if person.doubt else "new") if pk is None else known
    source = person.ties["member"][-1].source
    changes = [WORDS[name] for name in differs] if pk is not None else []
    return {"outcome": outcome, "name": person.name, "changes": [*changes, person.doubt] if person.doubt else changes,
            "sheet": source.sheet, "row": source.row, "member": pk}  # fmt: skip


def _organizations(upload: Upload, judged: Judged, before: write.Last) -> Lines:
    old = before.ties["org"]
    for key, line in judged.others["org"].items():
        if (same := _same(old.get(key), line)) and upload.pk not in judged.heard.get(key, ()):
            continue
        outcome = "same" if same else "changed" if key in old else "new"
        yield {"outcome": outcome, "name": judged.orgs.get(key, ""), "changes": [] if same else [WORDS["org"]],
               "sheet": line[-1].source.sheet, "row": line[-1].source.row}  # fmt: skip


def _units(judged: Judged, before: write.Last) -> Lines:
    """Units that are covered, or planned, otherwise than before."""
    for table in ("coverage", "plan"):
        old, new = before.ties[table], judged.others[table]
        differing = [unit for unit in old.keys() | new.keys() if not _same(old.get(unit), new.get(unit, []))]
        names = dict(Unit.objects.filter(pk__in=differing).values_list("pk", "name"))
        for unit in sorted(differing):
            source = (new.get(unit) or old[unit])[-1].source
            yield {"outcome": "changed" if unit in old else "new", "name": names.get(unit, ""),
                   "changes": [WORDS[table]], "sheet": source.sheet, "row": source.row}  # fmt: skip


def _same(old: list[Tie] | None, new: list[Tie]) -> bool:
    return [tie.content for tie in old or []] == [tie.content for tie in new]
