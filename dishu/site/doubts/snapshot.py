"""All rows that hang on a few records, taken down and put back exactly: how a joining is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from dishu.site.intake.models import Sourced

Rows = dict[str, list[dict[str, Any]]]


class Bound(ValueError):
    """Something hangs on a record that cannot be moved to another one."""


def relations(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """The tables whose rows hang on records of this one, with their column."""
    for field in model._meta.get_fields(include_hidden=True):
        if field.auto_created and not field.concrete and (field.one_to_many or field.one_to_one):
            yield field.related_model, field.field.attname


def taken(model: type[models.Model], keys: list[int]) -> Rows:
    """The records and all rows that hang on them, by table."""
    found: Rows = {model._meta.label: _rows(model._base_manager.filter(pk__in=keys))}
    for related, column in relations(model):
        rows = related._base_manager.filter(**{f"{column}__in": keys})
        found[f"{related._meta.label}.{column}"] = _rows(rows, *(() if _fact(related) else ("id", column)))
    return found


def _fact(related: type[models.Model]) -> bool:
    """Whether rows of this table are facts about the record: of others (log-ins) only whose they are is our business."""
    return issubclass(related, Sourced) or related._meta.app_label == "registry"


def _rows(query: models.QuerySet[Any], *names: str) -> list[dict[str, Any]]:
    rows = query.order_by("pk").values(*names)
    return [{name: bytes(v) if isinstance(v, memoryview) else v for name, v in row.items()} for row in rows]


def content(rows: Rows) -> Any:
    """What the rows say, whatever their keys are: a roster that came and was withdrawn changed nothing."""
    return [
        (table, sorted(repr([(n, v) for n, v in row.items() if n not in ("id", "version")]) for row in found))
        for table, found in rows.items()
    ]


def digest(*parts: Any) -> str:
    """Says whether anything of it changed."""
    return sha256(repr(parts).encode()).hexdigest()


def move(model: type[models.Model], other: int, first: int) -> int:
    """All that hangs on `other` goes over to `first`. Returns how many rows gave way to those `first` has for that time."""
    given_way = 0
    for related, column in relations(model):
        for pk in list(related._base_manager.filter(**{column: other}).values_list("pk", flat=True)):
            row = related._base_manager.filter(pk=pk)
            try:
                with transaction.atomic():
                    row.update(**{column: first})
            except IntegrityError as error:
                if not _fact(related):
                    raise Bound(
                        _("两条记录各有“{verbose_name}”，不能并在一起。请先处理其中一条。").format(
                            verbose_name=related._meta.verbose_name
                        )
                    ) from error
                row.delete()
                given_way += 1
    return given_way


def put_back(model: type[models.Model], keys: list[int], rows: Rows) -> None:
    """The records and what hangs on them become as they were taken down; what did not change is not touched."""
    now = taken(model, keys)
    for related, column in relations(model):
        name = f"{related._meta.label}.{column}"
        before = {row["id"]: row for row in rows.get(name, [])}
        if not _fact(related):
            for pk, row in before.items():
                related._base_manager.filter(pk=pk).update(**{column: row[column]})
            rows[name] = []
            continue
        changed = [row["id"] for row in now[name] if before.get(row["id"]) != row]
        same = {row["id"] for row in now[name]} - set(changed)
        related._base_manager.filter(pk__in=changed).delete()
        rows[name] = [row for row in rows.get(name, []) if row["id"] not in same]
    there = {row["id"] for row in now[model._meta.label]}
    for row in rows[model._meta.label]:
        if row["id"] in there:
            model._base_manager.filter(pk=row["id"]).update(**{n: v for n, v in row.items() if n != "id"})
    model._base_manager.bulk_create([model(**row) for row in rows[model._meta.label] if row["id"] not in there])
    for related, column in relations(model):
        related._base_manager.bulk_create([related(**row) for row in rows[f"{related._meta.label}.{column}"]])
