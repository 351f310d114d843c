"""The words of a plausibility check: a flag as it is declared, what it is asked with, what it saw, what is then said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

import pyarrow as pa


@dataclass(frozen=True)
class Case:
    """What the whole drive is asked with.

    `seed` of the shuffles; `q`: share of listed collectors that may be listed by chance; `deadline`: when records were
    due; `coverage`: share (0..1) of people met who were already registered, from a blind re-count; `by_rule`: answer
    columns whose numbers are set by a rule (dues), where round numbers mean nothing; `only`: codes of the flags to
    run, empty for all that are on; `limits`, `least`: other values than the declared ones, by code.
    """

    seed: int = 1
    q: float = 0.05
    deadline: datetime | None = None
    coverage: float | None = None
    by_rule: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    limits: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    least: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Asked:
    """What one flag is asked with: its limit and least number, how many shuffles, and the case."""

    limit: float
    least: int
    draws: int
    case: Case = Case()


@dataclass(frozen=True)
class Look:
    """One collector under one flag, listed or not.

    `p_value`: how often chance alone shows as much, None where a fixed rule decides; `strength`: larger is farther
    from ordinary; `met`: whether the flag's own limit is passed; `values` fill its sentence; `visits` are examples.
    """

    collector: str
    p_value: float | None
    strength: float
    values: Mapping[str, object]
    visits: tuple[str, ...] = ()
    met: bool = True


@dataclass(frozen=True)
class Flag:
    """One way in which records may look unlike those of the field, declared once.

    `limit`, `least`: default threshold and least number, explained by `limit_text`; `columns`: what the table must
    hold; `needs`: what the case must name; `on`: runs unless asked otherwise.
    """

    code: str
    title: str
    looks_at: str
    limit: float
    limit_text: str
    least: int
    caution: str
    look: Callable[[pa.Table, Asked], list[Look]]
    columns: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    on: bool = True


@dataclass(frozen=True)
class Finding:
    """A collector whose records should be looked at again, with the reason in Chinese. It is no verdict."""

    flag: str
    subject: str
    evidence: str
    p_value: float | None
    q_value: float | None
    visits: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """All findings; all collectors, the one to visit first in front, with mean rank (0 least like the others, 1 most);
    and which flags did not run, with the reason in Chinese."""

    findings: tuple[Finding, ...]
    ranking: tuple[tuple[str, float], ...]
    not_run: Mapping[str, str]
