"""What rosters said of two units that are one, judged together and written; what hands wrote stays."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from dishu.engine.baseline.places import Map
from dishu.site.intake import kept
from dishu.site.intake.models import Upload
from dishu.site.registry import changed, commit, preview, said
from dishu.site.registry.models import Joined, Unit
from dishu.site.territory.models import Place

#: What is written anew; posts and Party work are moved as they stand.
_JUDGED = ("preview", "states_gone", "states_come")


def one(top: Place, first: Unit, other: Unit) -> None:
    """The rosters' words of both are `first`'s; `other` has none left and gives its code away."""
    Unit.objects.filter(pk=other.pk).update(code=None)
    rows = words(top, [first.pk, other.pk])
    known_by = {"code": other.code, "name": other.name, "address": other.address, "place": other.place}
    Joined.objects.update_or_create(
        was=other.pk, defaults={"unit": first, "apart": False, **known_by}
    )  # from now on `first` keeps its code, whatever the rosters say
    if rows is not None:
        both = rows.set_column(0, "subject", pa.array([first.pk] * rows.num_rows, pa.int64()))
        anew(top, rows, both)
    _complete(first.pk, other)


def words(top: Place, units: list[int]) -> pa.Table | None:
    """What the rosters say of these units."""
    said_before = said.earlier(top)
    if said_before is None:
        return None
    rows = said_before.filter(pc.is_in(said_before["subject"], pa.array(units, pa.int64())))
    return rows if rows.num_rows else None


def anew(top: Place, before: pa.Table | None, after: pa.Table | None) -> None:
    """Write the difference between two ways to read the same rows."""
    if before is None or after is None:
        return
    upload = Upload.objects.get(pk=pc.max(before["upload"]).as_py())
    where = Map(top.code, upload.day)
    where.markets.update(preview.markets(top))
    live = frozenset(u.pk for u in kept.committed(top))
    was, now = dict(said.judged(before, where)), dict(said.judged(after, where))
    changes = changed.Changes()
    for subject in sorted(was.keys() | now.keys()):
        changes.add(subject, was.get(subject), now.get(subject), "changed" if subject in now else "gone", live)
    tables = {name: changes.table(name) for name in changed.TABLES}
    commit.apply(upload, {n: t if n in _JUDGED else t.slice(0, 0) for n, t in tables.items()}, {})


def _complete(first: int, other: Unit) -> None:
    """What is known only of the other."""
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=first)
    for name in ("code", "address", "opened_on"):
        setattr(unit, name, getattr(unit, name) or getattr(other, name))
    unit.version += 1
    unit.save()
