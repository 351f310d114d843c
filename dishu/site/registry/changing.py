"""Changing a record by hand: never over somebody else's change, never without a day and a reason, never losing a state."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from dishu.site.territory.models import on


class Impossible(ValueError):
    """The change contradicts what is known; nothing was done."""


class Stale(Impossible):
    """Somebody changed the record after it was opened; nothing was done. `now` is the record as it stands."""

    def __init__(self, now: models.Model) -> None:
        super().__init__(_("您打开以后，这条记录已被别人修改。请对照下面两栏，确认后再保存。"))
        self.now = now


def locked[M: models.Model](record: M, version: int) -> M:
    """The record as it stands, held until the transaction ends; `Stale` where it is not the version that was opened."""
    now = type(record)._default_manager.select_for_update(of=("self",)).get(pk=record.pk)
    if now.version != version:  # type: ignore[attr-defined]
        raise Stale(now)
    return now


def grounds(day: date, reason: str) -> None:
    """A change needs a day that has come, and a reason."""
    if day > timezone.localdate():
        raise Impossible(_("日期 {day} 还没有到，请填写今天或以前的日期。").format(day=day))
    if not reason.strip():
        raise Impossible(_("请写明理由或依据，例如“企业来函”“上门核实”。"))


def present(states: models.QuerySet[Any], day: date, what: str) -> Any:
    """The last state, which must hold on that day: what came later is not rewritten by an ordinary change."""
    state = states.filter(on(day), until__isnull=True).first()
    if state is None:
        raise Impossible(
            _("{what}在 {day} 没有有效的登记，或者此后已有变更。请核对日期，按先后顺序登记。").format(
                what=what, day=day
            )
        )
    return state


def turn(state: Any, day: date, **values: Any) -> tuple[Any, dict[str, list[str]]]:
    """End a state on a day and begin another that differs in `values`. Returns it with what differs, before and after."""
    differs = {name: value for name, value in values.items() if getattr(state, name) != value}
    before = {name: [_plain(getattr(state, name)), _plain(value)] for name, value in differs.items()}
    if not differs:
        return state, {}
    if state.since != day:
        type(state)._default_manager.filter(pk=state.pk).update(until=day)
        state.pk, state.since, state.until = None, day, None
        state._state.adding = True
    state.upload, state.row, state.sheet = None, None, ""
    for name, value in differs.items():
        setattr(state, name, value)
    state.save()
    return state, before


def end(tie: Any, day: date, what: str) -> None:
    """End a tie on a day after it began."""
    if tie.until is not None:
        raise Impossible(_("{what}已于 {until} 结束。").format(what=what, until=tie.until))
    if day <= tie.since:
        raise Impossible(_("{what}从 {since} 开始，结束日期应在其后。").format(what=what, since=tie.since))
    tie.until = day
    tie.save(update_fields=["until"])


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
