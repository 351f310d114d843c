"""What the rules say on a given day: thresholds, deadlines and rates, each with its dates and its source.

The values stand in the YAML files beside this module, one file per topic, one line per value. Ask with
`law.at(day)`; it notes every rule read, so that a figure can be kept with the rules it rests on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from dishu.standards.law.book import BadRule, Reading, Rule, read_book

__all__ = ["BadRule", "OutsideDates", "Reading", "Rule", "Rules", "UnknownRule", "at", "names", "rule", "steps"]


class UnknownRule(LookupError):
    """There is no rule of that name. `name` is what was asked, `near` the names like it."""

    def __init__(self, name: str, near: tuple[str, ...]) -> None:
        self.name, self.near = name, near
        hint = f"；相近的有：{'、'.join(near)}" if near else ""
        super().__init__(f"没有名为“{name}”的规则{hint}")


class OutsideDates(LookupError):
    """The rule says nothing about that day. `name`, `title`, `day`, and `spans`: the (since, until) it has."""

    def __init__(self, rule: Rule, day: date) -> None:
        self.name, self.title, self.day = rule.name, rule.title, day
        self.spans = _joined(rule.steps)
        spans = "；".join(_in_words(span) for span in self.spans)
        super().__init__(f"规则“{rule.title}”（{rule.name}）对{day}没有规定；有规定的时段：{spans}")


@dataclass(frozen=True)
class Rules:
    """The rules as they stood on one day, and which of them were read."""

    day: date
    _noted: dict[str, Reading] = field(default_factory=dict, compare=False, repr=False)

    def reading(self, name: str) -> Reading:
        """The rule's value on the day with its dates and source; noted. OutsideDates, UnknownRule.

        >>> at(date(2012, 1, 1)).reading("designated_size_industry_wan").source
        '国家统计局：规模以上工业，2011年起'
        """
        if name not in self._noted:
            self._noted[name] = _on(rule(name), self.day)
        return self._noted[name]

    def value(self, name: str) -> Any:
        """The rule's value on the day, in the unit its file names; noted. OutsideDates, UnknownRule.

        >>> at(date(2007, 7, 31)).value("branch_min_full_members")
        3
        """
        return self.reading(name).value

    def find(self, name: str) -> Any | None:
        """The value, or None where the law of the day says nothing; noted when it says something. UnknownRule.

        >>> at(date(2007, 7, 31)).find("joint_branch_max_units") is None
        True
        """
        try:
            return self.value(name)
        except OutsideDates:
            return None

    @property
    def read(self) -> tuple[Reading, ...]:
        """The readings so far, each rule once, in the order first read."""
        return tuple(self._noted.values())


def at(day: date) -> Rules:
    """The door: the rules as they stood on that day.

    >>> rules = at(date(2018, 10, 28))
    >>> rules.value("joint_branch_max_units")
    5
    >>> [(r.name, r.since, r.mark) for r in rules.read]
    [('joint_branch_max_units', datetime.date(2018, 10, 28), 'T')]
    """
    return Rules(day)


def names() -> tuple[str, ...]:
    """The names of all rules, in the order of the files.

    >>> "dues_wage" in names()
    True
    """
    return tuple(_book())


def rule(name: str) -> Rule:
    """One rule with its Chinese title, unit and all its values. UnknownRule.

    >>> rule("joint_branch_max_units").title
    '联合党支部覆盖单位一般不超过'
    """
    try:
        return _book()[name]
    except KeyError:
        raise UnknownRule(name, tuple(get_close_matches(name, _book()))) from None


def steps(name: str) -> tuple[Reading, ...]:
    """All values a rule has had, oldest first; times without a value are left out. UnknownRule.

    >>> [(step.since.year, step.value) for step in steps("designated_size_industry_wan")]
    [(1998, 500), (2007, 500), (2011, 2000)]
    """
    return rule(name).steps


@cache
def _book() -> Mapping[str, Rule]:
    return read_book(Path(__file__).parent)


def _on(rule: Rule, day: date) -> Reading:
    for step in rule.steps:
        if step.since <= day and (step.until is None or day < step.until):
            return step
    raise OutsideDates(rule, day)


def _joined(readings: tuple[Reading, ...]) -> tuple[tuple[date, date | None], ...]:
    """The spans without the borders at which only the value changed."""
    spans: list[tuple[date, date | None]] = []
    for step in readings:
        if spans and spans[-1][1] == step.since:
            spans[-1] = (spans[-1][0], step.until)
        else:
            spans.append((step.since, step.until))
    return tuple(spans)


def _in_words(span: tuple[date, date | None]) -> str:
    since, until = span
    return f"{since}起" if until is None else f"{since}至{until}（不含）"
