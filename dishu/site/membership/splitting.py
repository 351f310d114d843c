"""What was joined is two again, also when rosters and hands have written since: both as all rosters say they are.

What a hand wrote after the joining stays with the first; what hung on the other before goes back to it.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from dishu.site.doubts import snapshot
from dishu.site.membership import joining, joining_units, judging, write
from dishu.site.membership.models import Member
from dishu.site.registry import joining as units
from dishu.site.registry.changing import Impossible
from dishu.site.registry.models import Joined, Unit
from dishu.site.territory.models import Place

#: What is one record's only, and lies with the first as long as both are one.
_MEMBER = ("citizen_id", "citizen_trace", "phone", "phone_trace", "phone_end", "sex", "birth")
_UNIT = ("code", "address", "opened_on")


def members(top: Place, first: int, other: int, parts: joining.Parts) -> None:
    """Two members again; the decision that they are two stands already. Raises `Impossible`."""
    before = write.last(top)
    recs = {rec for rec, pk in parts.recs.items() if pk == other and rec in before.recs}
    left = {rec for rec, pk in before.recs.items() if pk == first} - recs
    if parts.recs and not (recs and left):
        raise Impossible(_("单独说到其中一条的名册已经撤回，分不出两条记录。请先把那份名册重新入库。"))
    _back(Member, first, other, parts.rows, _MEMBER)
    before.recs.update(dict.fromkeys(recs, other))
    judging.again(top, before)
    _still_two(Member, first, other)
    _hands_back(Member, first, other, parts.rows)


def of_units(top: Place, first: int, other: int, parts: joining_units.Parts) -> None:
    """Two units again; the decision that they are two stands already. Raises `Impossible`."""
    joined = units.words(top, [first, other])
    _back(Unit, first, other, parts.rows, _UNIT)
    Joined.objects.filter(was=other).update(apart=True)
    moved = [row["id"] for row in parts.rows["registry.Joined.unit_id"] if row["unit_id"] == other]
    Joined.objects.filter(pk__in=moved, unit=first).update(unit=other)
    units.anew(top, joined, units.words(top, [first, other]))
    _hands_back(Unit, first, other, parts.rows)
    if not Unit.objects.get(pk=other).states.exists():
        raise Impossible(_("单独说到其中一条的名册已经撤回，分不出两条记录。请先把那份名册重新入库。"))
    judging.again(top, write.last(top))
    _still_two(Unit, first, other)


def _back(model: type[models.Model], first: int, other: int, rows: snapshot.Rows, names: tuple[str, ...]) -> None:
    """The other is there again, as it was; what the first had only from it is taken back."""
    were = {row["id"]: row for row in rows[model._meta.label]}
    now = model._default_manager.filter(pk=first).values(*names).first()
    if now is None:
        raise Impossible(_("这条记录后来又并入了别的记录。请先拆开那一对。"))
    taken = {n: were[first][n] for n in names if _plain(now[n]) == were[other][n] != were[first][n]}
    model._default_manager.filter(pk=first).update(**taken, version=models.F("version") + 1)
    model._base_manager.bulk_create([model(**were[other])])


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _hands_back(model: type[models.Model], first: int, other: int, rows: snapshot.Rows) -> None:
    """What hung on the other before by a hand, and still lies with the first, is the other's."""
    for related, column in snapshot.relations(model):
        mine = [row["id"] for row in rows[f"{related._meta.label}.{column}"] if row[column] == other]
        found = related._base_manager.filter(pk__in=mine, **{column: first})
        for pk in found.values_list("pk", flat=True):
            try:
                with transaction.atomic():
                    related._base_manager.filter(pk=pk).update(**{column: other})
            except IntegrityError:  # a roster says the same of the other already
                related._base_manager.filter(pk=pk).delete()


def _still_two(model: type[models.Model], first: int, other: int) -> None:
    if model._default_manager.filter(pk__in=(first, other)).count() < 2:
        raise Impossible(_("按现有名册，两条记录仍是同一个（例如证件号码或代码相同）。请先更正名册。"))
