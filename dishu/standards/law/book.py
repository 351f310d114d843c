"""The law files read and checked: a rule without a source, or with dates that overlap, never gets in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

import yaml

Mark = Literal["T", "S", "C", "K"]  # text read, secondary, computed, general knowledge (not verified)
_RULE_KEYS: Final = {"title", "unit", "hard", "values"}
_VALUE_KEYS: Final = {"from", "value", "source", "mark"}


class BadRule(ValueError):
    """A law file that cannot be trusted. The message names the file or rule and what is wrong."""


@dataclass(frozen=True)
class Reading:
    """A rule's value from `since` until `until` (exclusive; None = still), and the source it stands in.

    `hard`: no exception can be approved. `mark`: T text read, S secondary, C computed, K not verified.
    """

    name: str
    value: Any
    since: date
    until: date | None
    source: str
    hard: bool
    mark: Mark


@dataclass(frozen=True)
class Rule:
    """One rule: its Chinese title, the unit of its values, and the values by date, oldest first."""

    name: str
    title: str
    unit: str
    hard: bool
    steps: tuple[Reading, ...]


def read_book(folder: Path) -> Mapping[str, Rule]:
    """All rules of the YAML files in a folder, by name. BadRule.

    >>> read_book(Path(__file__).parent)["joint_branch_max_units"].steps[0].value
    5
    """
    book: dict[str, Rule] = {}
    for file in sorted(folder.glob("*.yaml")):
        for name, body in read_file(file).items():
            if name in book:
                raise BadRule(f"{file.name}：规则 {name} 在别的文件里已有")
            book[name] = read_rule(name, body)
    return MappingProxyType(book)


def read_file(file: Path) -> dict[str, Any]:
    """One file's rules as they are written. BadRule when it is no list of named rules or names one twice."""
    body = yaml.load(file.read_text("utf-8"), _Loader)
    if not isinstance(body, dict):
        raise BadRule(f"{file.name}：应是一条条规则")
    return body


class _Loader(yaml.SafeLoader):
    """YAML that refuses a key written twice; the library would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {str(key) for key in keys if keys.count(key) > 1}
        if twice:
            raise BadRule(
                f"{node.start_mark.name}第{node.start_mark.line + 1}行起：{'、'.join(sorted(twice))} 写了两次"
            )
        return super().construct_mapping(node, deep)


def read_rule(name: str, body: Any) -> Rule:
    """One rule, checked. BadRule names the rule and what is wrong."""
    if not isinstance(body, dict) or set(body) != _RULE_KEYS:
        raise BadRule(f"规则 {name}：须有且只有 title、unit、hard、values")
    if not body["title"] or not body["unit"] or not isinstance(body["hard"], bool) or not body["values"]:
        raise BadRule(f"规则 {name}：title、unit 不能为空，hard 须为 true 或 false，values 至少一条")
    steps = tuple(_steps(name, body["hard"], body["values"]))
    return Rule(name, body["title"], body["unit"], body["hard"], steps)


def _steps(name: str, hard: bool, rows: list[dict[str, Any]]) -> Iterator[Reading]:
    """The values with their ends: an end not written is the next beginning; `null` only ends what was before."""
    for row in rows:
        _check(name, row)
    for row, later in zip(rows, [*rows[1:], None], strict=True):
        until = _end(name, row, later)
        if row["value"] is not None:
            yield Reading(name, _frozen(row["value"]), row["from"], until, row["source"], hard, row["mark"])


def _check(name: str, row: Any) -> None:
    if not isinstance(row, dict) or not _VALUE_KEYS <= set(row) <= _VALUE_KEYS | {"to"}:
        raise BadRule(f"规则 {name}：每个值须有 from、value、source、mark，可有 to")
    if type(row["from"]) is not date or type(row.get("to", date.max)) is not date:
        raise BadRule(f"规则 {name}：from 和 to 须为日期")
    if not isinstance(row["source"], str) or not row["source"].strip():
        raise BadRule(f"规则 {name}，{row['from']}起：没有写出处")
    if row["mark"] not in get_args(Mark):
        raise BadRule(f"规则 {name}，{row['from']}起：mark 须为 T、S、C、K 之一")


def _end(name: str, row: dict[str, Any], later: dict[str, Any] | None) -> date | None:
    until: date | None = row.get("to", later and later["from"])
    if until is not None and until <= row["from"]:
        raise BadRule(f"规则 {name}，{row['from']}起：日期须依次递增")
    if until is not None and later is not None and later["from"] < until:
        raise BadRule(f"规则 {name}，{row['from']}起：与{later['from']}起的值时段重叠")
    return until


def _frozen(value: Any) -> Any:
    """The value so that no reader can change it for the others."""
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(part) for key, part in value.items()})
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value
