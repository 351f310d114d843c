"""A roster of any kind previewed, committed and undone: the one door for screens, commands and the worker.

counts = preview(upload, gathered)  # nothing is written into the register
commit(upload, by=user)             # all of it or nothing
undo(upload, by=user)               # or TooLate, with the reason
"""

from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from dishu.engine.baseline.gather import Gathered
from dishu.site import bulk, crypto
from dishu.site.doubts import memory
from dishu.site.intake import actions as intake
from dishu.site.intake import kept
from dishu.site.intake.models import Upload
from dishu.site.membership import judging, write
from dishu.site.membership.judge import Judged
from dishu.site.registry import changed, doubtful, said
from dishu.site.registry import commit as units
from dishu.site.registry import preview as unit_preview
from dishu.site.registry.models import Unit
from dishu.site.rosters import outcomes
from dishu.site.territory.models import Place
from dishu.site.trail import lines as trail

FILE, LINES = "preview.bin", "lines.bin"
#: A roster that wrote more rows than this leaves the database with a wrong idea of these tables, which every figure joins.
MANY = 1_000
WRITTEN = (
    "registry_unit", "registry_unitstate", "membership_member", "membership_standing", "membership_employment",
    "membership_affiliation", "membership_participation", "membership_shown", "membership_coverage",
)  # fmt: skip


class TooLate(RuntimeError):
    """The roster cannot be undone any more; the message says why and what stands in the way."""


@dataclass
class Seen:
    """What a preview found, and the rosters and decisions it rests on."""

    basis: tuple[object, ...]
    judged: Judged | None


def preview(upload: Upload, gathered: Gathered) -> dict[str, int]:
    """See what a roster that was read would do. Leaves it beside the upload; returns subjects by outcome.

    In counts, "repeated" and "refused" are rows.
    """
    top = kept.circle(upload.place)
    basis = _basis(top)
    judged = None
    if kept.is_of_units(gathered):
        counts = Counter(unit_preview.preview(upload, gathered))
    else:
        kept.keep(upload, gathered)
        judged = judging.judged(top, [*kept.committed(top), upload])
        rows = outcomes.outcomes(upload, judged, write.last(top))
        counts = Counter(row["outcome"] for row in rows)
        counts["refused"] = gathered.refused_rows()
        _hide(upload, LINES, rows)
    _hide(upload, FILE, Seen(basis, judged))
    return dict(counts)


def _basis(top: Place) -> tuple[object, ...]:
    """What a preview rests on: while these rosters and decisions stay the same, it may be committed as it is."""
    return kept.basis(top), memory.stand(top)


def _hide(upload: Upload, name: str, what: Any) -> None:
    (upload.folder / name).write_bytes(crypto.hide_bytes(pickle.dumps(what)))


def _show(upload: Upload, name: str) -> Any:
    """What a preview left; ours alone: encrypted with the site's key, so nobody else could have written it."""
    return pickle.loads(crypto.show_bytes((upload.folder / name).read_bytes()))


def lines(upload: Upload, outcome: str, start: int, most: int) -> list[dict[str, Any]]:
    """What a preview found, a line per subject: outcome, name, changes, sheet and row. `outcome` "": all of them."""
    if (upload.folder / LINES).exists():
        found = [line for line in _show(upload, LINES) if outcome in ("", line["outcome"])]
        return found[start : start + most]
    if not (upload.folder / "preview.parquet").exists():
        return []
    table = pq.read_table(upload.folder / "preview.parquet")
    if outcome:
        table = table.filter(pc.equal(table["outcome"], outcome))
    return table.slice(start, most).to_pylist()  # type: ignore[no-any-return]


@transaction.atomic
def commit(upload: Upload, *, by: trail.Actor | None) -> int:
    """Write what the preview found. Returns how many rows of the register were touched.

    One at a time. Where another roster was committed or undone since the preview, the preview is made again first.
    """
    with kept.outside_walls():
        kept.alone()
        upload.refresh_from_db()
        if upload.stage == "committed":
            return 0
        top = kept.circle(upload.place)
        seen: Seen = _show(upload, FILE)
        if seen.basis != _basis(top):
            upload.counts = preview(upload, _read_again(upload))
            seen = _show(upload, FILE)
        written = _write(upload, top, seen.judged, by)
        upload.stage, upload.done, upload.committed_at = "committed", 100, timezone.now()
        upload.save(update_fields=["stage", "done", "committed_at", "counts"])
        details = {**upload.counts, "name": upload.name, "written": written}
        trail.write(by=by, verb="committed", subject=upload, place=upload.place, details=details)
    return written


def _read_again(upload: Upload) -> Gathered:
    return Gathered(list(intake.open_again(upload).rosters))


def _write(upload: Upload, top: Place, judged: Judged | None, by: trail.Actor | None) -> int:
    written = 0
    uploads = [*kept.committed(top), upload]
    if judged is None:
        written = units.commit(upload, by)
        if written and any(kept.has(u, *kept.OTHERS) for u in uploads):
            upload.stage = "committed"
            upload.save(update_fields=["stage"])  # so that its owners are among those held
            judged = judging.judged(top, uploads)  # who works where may be known better now
    if judged is not None:
        written += write.write(top, judged, write.last(top), frozenset(u.pk for u in uploads))
    if written > MANY:
        bulk.look_over(*WRITTEN)
    return written


@transaction.atomic
def undo(upload: Upload, *, by: trail.Actor | None, reason: str = "") -> int:
    """Take a whole roster back: the register is as if it had never come. Raises TooLate where later ones rest on it."""
    with kept.outside_walls():
        kept.alone()
        upload.refresh_from_db()
        if upload.stage != "committed":
            raise TooLate(_("“{upload}”没有入库，不需要撤回。").format(upload=upload.name))
        top = kept.circle(upload.place)
        upload.stage, upload.problem = "undone", ""  # what stood in the way before does so no more
        upload.save(update_fields=["stage", "problem"])
        written = _undo(upload, top)
        details = {"name": upload.name, "written": written}
        trail.write(by=by, verb="undone", subject=upload, place=upload.place, reason=reason, details=details)
    return written


def _undo(upload: Upload, top: Place) -> int:
    written = 0
    others = kept.committed(top)
    live = frozenset(u.pk for u in others)
    lonely = _lonely(upload, top)
    _refuse(upload, top, lonely)
    if (upload.folder / said.FILE).exists():
        written += _units_back(upload, top, live)
    before = write.last(top)
    if before.recs or any(before.ties.values()):
        judged = judging.judged(top, others) if others else Judged([], {"org": {}, "coverage": {}, "plan": {}}, {})
        written += write.write(top, judged, before, live)
    try:
        Unit.objects.filter(pk__in=lonely).delete()
        doubtful.forget(lonely)
    except ProtectedError as error:
        raise TooLate(
            _("“{upload}”新增的单位上已有人工登记的内容，不能整份撤回。请先处理这些单位的记录。").format(
                upload=upload.name
            )
        ) from error
    return written


def _lonely(upload: Upload, top: Place) -> list[int]:
    """Units that no other roster speaks of."""
    if not (upload.folder / said.FILE).exists():
        return []
    mine = set(pc.unique(said.read(upload)["subject"]).to_pylist())
    others = said.earlier(top, upload)
    return sorted(mine - (set(pc.unique(others["subject"]).to_pylist()) if others is not None else set()))


def _refuse(upload: Upload, top: Place, lonely: list[int]) -> None:
    """Refuse where a later roster rests on units that only this one knows."""
    gone, later = set(lonely), _later(upload, top)
    before = write.last(top)
    for name, where in (("employment", _("在职党员")), ("coverage", _("党组织覆盖")), ("plan", _("组建计划"))):
        for subject, line in before.ties[name].items():
            for tie in line:
                unit = tie.key[0] if name == "employment" else subject  # type: ignore[union-attr]
                if unit in gone and tie.source.upload in later:  # type: ignore[union-attr]
                    other = later[tie.source.upload]  # type: ignore[union-attr]
                    raise TooLate(
                        _("后来入库的“{other}”中的{where}用到了“{upload}”新增的单位。请先撤回“{other}”。").format(
                            other=other, where=where, upload=upload.name
                        )
                    )


def _later(upload: Upload, top: Place) -> dict[int | None, str]:
    return {
        u.pk: u.name
        for u in kept.committed(top)
        if u.committed_at and upload.committed_at and u.committed_at > upload.committed_at
    }


def _units_back(upload: Upload, top: Place, live: frozenset[int]) -> int:
    """The units as the other rosters say they are."""
    where = unit_preview.Map(top.code, upload.day)
    where.markets.update(unit_preview.markets(top))
    mine = said.read(upload)
    subjects = pc.unique(mine["subject"])
    others = said.earlier(top, upload)
    rest = mine.slice(0, 0) if others is None else others.filter(pc.is_in(others["subject"], subjects))
    after = dict(said.judged(rest, where)) if rest.num_rows else {}
    changes = changed.Changes()
    for subject, unit in said.judged(pa.concat_tables([rest, mine.cast(rest.schema)]), where):
        left = after.get(subject)
        changes.add(subject, unit, left, "changed" if left else "gone", live)
    return units.apply(upload, {name: changes.table(name) for name in changed.TABLES}, {})
