"""An indicator is a population and a test; figure, breakdown, trend and rows all come from this one declaration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dishu.engine.facts import Column, Table

Question = Callable[[Table], Column]
PARTS = ("total", "held", "failed", "unknown")


def everybody(s: Table) -> Column:
    """The test that all pass: for plain counts and sums."""
    return s.verified.notnull()


@dataclass(frozen=True)
class Indicator:
    """Among whom, and who passes.

    `among` and `holds` are asked of a state table (or of its profiles); `holds` may be empty: nobody has looked.
    `weight` adds up a column instead of counting; `held_weight` another one for those who pass (their difference
    is then the failed part). `goal` is the share wanted, `None` where there is none; `bad` marks lists of trouble.
    """

    code: str
    name: str
    subject: str
    group: str
    source: str
    among_text: str
    holds_text: str
    among: Question
    holds: Question = everybody
    weight: str | None = None
    held_weight: str | None = None
    goal: float | None = None
    bad: bool = False
    rules: tuple[str, ...] = ()

    def outcome(self, s: Table) -> Column:
        """`held`, `failed`, `unknown`, or empty where the row is not in the population."""
        holds = self.holds(s)
        return (
            self.among(s)
            .fill_null(False)
            .ifelse(holds.isnull().ifelse("unknown", holds.fill_null(False).ifelse("held", "failed")), None)
        )
