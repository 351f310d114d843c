"""Sealing: the facts of a place on a day written once, without names, and proved unchanged whenever they are opened."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from dishu.engine import backends
from dishu.engine import edition as editions
from dishu.engine.checking import Finding, check
from dishu.engine.edition import Edition
from dishu.engine.facts import TABLES, schema
from dishu.site.reports import current
from dishu.site.reports.models import Sealed
from dishu.site.territory.models import Place
from dishu.site.trail import lines as trail

#: A plan belongs to a county: below it, an edition would not know all that its own figures rest on.
LEVELS = ("province", "prefecture", "county")


class Impossible(ValueError):
    """Cannot be sealed; nothing was done."""


def _absent(place: Place, day: date) -> str:
    """That the place was not there on the day, and when it was."""
    if place.closed_on and place.closed_on <= day:
        return _("{day} 已经没有{place}：{closed} 撤销。请换一个更早的日期。").format(
            day=day, place=place.name, closed=place.closed_on
        )
    first = place.states.order_by("since").values_list("since", flat=True).first()
    return _("{day} 还没有{place}：这个区域自 {since} 起才有。请换一个更晚的日期。").format(
        day=day, place=place.name, since=first
    )


@trail.action()
def seal(*, by: trail.Actor, place: Place, day: date, note: str = "") -> Sealed:
    """Seal what is known now of a place as it stood on a day; where that is what was sealed before, the edition of then."""
    if place.level not in LEVELS:
        raise Impossible(_("只有县以上区域可以封存。"))
    moment = timezone.localtime()
    if day > moment.date():
        raise Impossible(_("不能封存将来的日期。"))
    now = current.current()
    if place.code not in now.tree(day).now:
        raise Impossible(_absent(place, day))
    folder = Path(settings.HOME) / "editions" / "sealed"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{place.code}-{day:%Y%m%d}-{moment:%Y%m%d%H%M%S%f}"
    source = {"place": place.code, "line": now.line}
    made = editions.write(
        editions.by_county(facts(now, place, day)), folder / name, day=day, moment=moment.isoformat(), source=source
    )
    contents = made.manifest["contents"]
    if before := Sealed.objects.filter(place=place, day=day, contents=contents).first():
        shutil.rmtree(made.path)
        return before
    _lock(made.path)
    sealed = Sealed.objects.create(
        place=place, day=day, moment=moment, contents=contents, name=name, line=now.line, note=note,
        manifest=editions.sha256(made.path / "manifest.json"), by=by,
    )  # fmt: skip
    details = {"day": str(day), "contents": sealed.contents, "manifest": sealed.manifest}
    trail.write(by=by, verb="sealed", subject=sealed, place=place, details=details)
    return sealed


def _lock(folder: Path) -> None:
    """Nobody writes there by mistake any more."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(0o555 if path.is_dir() else 0o444)
    folder.chmod(0o555)


def facts(now: current.Current, place: Place, day: date) -> dict[str, pa.Table]:
    """All that the figures of a place and of those below it rest on, and nothing more.

    Members who belong here and work elsewhere come with their workplace, organizations with all their members.
    """
    tables = now.facts(backend := backends.duckdb()).tables
    for name in TABLES:
        backend.create_view(name, tables[name])
    link = backend.con
    link.register("inside", pa.table({"place": pa.array(_inside(now, place, day), pa.string())}))
    for name, query in _CLOSURE:
        link.execute(f"CREATE TEMP TABLE {name} AS {query}")
    return {
        name: link.execute(f"SELECT * FROM {name} WHERE {_KEPT[name]}").to_arrow_table().cast(schema(name).to_pyarrow())
        for name in TABLES
    }


def _inside(now: current.Current, place: Place, day: date) -> list[str]:
    """Codes of the places that lie, or lay on that day, below the place."""
    tree = now.tree(day)
    known = list(tree.known)
    mine = set(Place.objects.under(place).values_list("code", flat=True))
    return sorted(mine | set(tree.under(place.code, known)))


#: Step by step: units and organizations here, members of either, where these work, what covers what.
_CLOSURE = (
    ("units_here", "SELECT DISTINCT unit FROM unit SEMI JOIN inside USING (place)"),
    ("orgs_here", "SELECT DISTINCT org FROM org SEMI JOIN inside USING (place)"),
    ("members_kept", "SELECT member FROM member SEMI JOIN inside USING (place) UNION SELECT member FROM employment SEMI JOIN"
     " units_here USING (unit) UNION SELECT member FROM affiliation SEMI JOIN orgs_here USING (org)"),
    ("units_kept", "SELECT unit FROM units_here UNION SELECT unit FROM employment SEMI JOIN members_kept USING (member)"
     " UNION SELECT unit FROM coverage SEMI JOIN orgs_here USING (org)"),
    ("orgs_kept", "SELECT org FROM orgs_here UNION SELECT org FROM affiliation SEMI JOIN members_kept USING (member) UNION"
     " SELECT org FROM participation SEMI JOIN members_kept USING (member)"
     " UNION SELECT org FROM coverage SEMI JOIN units_kept USING (unit)"),
)  # fmt: skip
_OF_UNIT, _OF_MEMBER = "unit IN (FROM units_kept)", "member IN (FROM members_kept)"
_KEPT = {
    "place": "true", "unit": _OF_UNIT, "member": _OF_MEMBER, "org": "org IN (FROM orgs_kept)", "employment": _OF_MEMBER,
    "affiliation": _OF_MEMBER, "participation": _OF_MEMBER, "identity": _OF_MEMBER, "coverage": _OF_UNIT,
    "instructor": _OF_UNIT, "plan": _OF_UNIT, "work": _OF_UNIT,
}  # fmt: skip


def opened(sealed: Sealed) -> Edition:
    """The edition, proved to be the one that was sealed. Raises `Changed` where it is not."""
    findings = list(_same(sealed))
    if findings:
        raise Changed(findings)
    return editions.open(sealed.folder)


class Changed(RuntimeError):
    """The files are not those that were sealed."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(_("；").join(finding.text for finding in findings[:3]))
        self.findings = findings


def _same(sealed: Sealed) -> Iterator[Finding]:
    """The manifest is the sealed one, and the files are the manifest's: their hashes, asked of the bytes."""
    manifest = sealed.folder / "manifest.json"
    if not manifest.is_file():
        yield Finding("file_missing", _("manifest.json：文件缺失"))
        return
    if editions.sha256(manifest) != sealed.manifest:
        yield Finding("file_changed", _("manifest.json：内容与封存时不同"))
        return
    content = json.loads(manifest.read_text("utf-8"))
    listed = "".join(entry["sha256"] for entry in content["files"]) + content["figures_sha256"]
    if hashlib.sha256(listed.encode()).hexdigest() != sealed.contents:
        yield Finding("file_changed", _("清单与封存时登记的摘要不同"))
    for entry in [*content["files"], {"file": "figures.parquet", "sha256": content["figures_sha256"]}]:
        file = sealed.folder / entry["file"]
        if not file.is_file():
            yield Finding("file_missing", _("{file}：文件缺失").format(file=entry["file"]))
        elif editions.sha256(file) != entry["sha256"]:
            yield Finding("file_changed", _("{file}：内容与封存时不同").format(file=entry["file"]))


def examine(sealed: Sealed) -> list[Finding]:
    """All that is wrong with a sealed edition, its figures computed again; empty where it is sound."""
    broken = list(_same(sealed))
    return broken or check(editions.open(sealed.folder))
