"""Layouts of the rosters people send in: which columns, what they are called, what may stand in them.

Each layout is one YAML file beside this module; columns that several layouts share stand once, in `_fields.yaml`.
Titles and synonyms follow the column names of forms in use (see docs/reference); they are data, not law.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

import yaml

from dishu.standards.codes import kinds

Severity = Literal["refused", "warned"]
Type = Literal[
    "text", "name", "unit_name", "citizen_id", "phone", "unit_code", "date", "int", "wan", "bool", "choice", "place"
]
# What an unreadable value does where the layout says nothing: numbers, dates and codes carry counts, so the row waits.
_INVALID: Mapping[str, Severity] = {"date": "refused", "int": "refused", "wan": "refused", "unit_code": "refused"}
#: How many characters a cell of text may have where the column does not say so by `max`: more is no name of anything.
_LONGEST, _LONGEST_NAME = 200, 60
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Field:
    """One column of a layout. `choices` maps the value to how people write it; `none` there means "not said"."""

    name: str
    title: str
    type: Type
    also: tuple[str, ...] = ()
    required: bool = False
    blank: Literal["ok", "warned"] = "ok"
    invalid: Severity = "warned"
    keep_written: bool = False
    min: int | None = None
    max: int | None = None
    choices: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    true_words: tuple[str, ...] = ()
    false_words: tuple[str, ...] = ()
    none_words: tuple[str, ...] = ()

    @property
    def titles(self) -> tuple[str, ...]:
        """The official title first, then the synonyms."""
        return (self.title, *self.also)

    @property
    def longest(self) -> int:
        """How many characters a cell of text may have.

        >>> layout("member").field("name").longest, layout("registration").field("address").longest
        (60, 300)
        """
        return self.max or (_LONGEST_NAME if self.type == "name" else _LONGEST)


@dataclass(frozen=True)
class Check:
    """One rule between columns; `kind` names it, `use` says which columns play which part."""

    kind: str
    code: str
    severity: Severity
    use: Mapping[str, Any]


@dataclass(frozen=True)
class Layout:
    """One kind of roster."""

    name: str
    title: str
    about: str
    words: tuple[str, ...]
    fields: tuple[Field, ...]
    checks: tuple[Check, ...]

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns without which a sheet is not read."""
        return tuple(field.name for field in self.fields if field.required)

    def field(self, name: str) -> Field:
        """The column called `name`; KeyError where there is none.

        >>> layout("member").field("citizen_id").title
        '身份证号'
        """
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.title}没有名为 {name} 的栏目")


@cache
def names() -> tuple[str, ...]:
    """Names of all layouts, in alphabetical order.

    >>> names()
    ('affiliation', 'individual', 'market', 'member', 'organization', 'plan', 'registration')
    """
    return tuple(sorted(path.stem for path in _HERE.glob("*.yaml") if not path.stem.startswith("_")))


@cache
def layout(name: str) -> Layout:
    """The layout called `name`; KeyError naming the known ones where there is none.

    >>> layout("registration").title
    '企业登记名册'
    >>> layout("registration").required
    ('name',)
    """
    if name not in names():
        raise KeyError(f"没有名为 {name} 的名册格式；已有：{'、'.join(names())}")
    data = _load(f"{name}.yaml")
    return Layout(
        name=name,
        title=data["title"],
        about=data["about"],
        words=tuple(data.get("words", ())),
        fields=tuple(_field(key, entry) for key, entry in data["fields"].items()),
        checks=tuple(_check(entry) for entry in data.get("checks", ())),
    )


def layouts() -> tuple[Layout, ...]:
    """All layouts.

    >>> len(layouts())
    7
    """
    return tuple(layout(name) for name in names())


@cache
def _load(file: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((_HERE / file).read_text(encoding="utf-8"))
    return data


def _field(name: str, entry: dict[str, Any]) -> Field:
    """A column: what is common to all layouts, changed by what this layout says."""
    own = dict(entry)
    data = {**_load("_fields.yaml").get(own.pop("from", name), {}), **own}
    if data["type"] not in get_args(Type):
        raise ValueError(f"栏目 {name} 的类型 {data['type']} 不认识")
    data.setdefault("invalid", _INVALID.get(data["type"], "warned"))
    data["choices"] = _choices(data.pop("list", None), data.get("choices", {}))
    for key in ("also", "true_words", "false_words", "none_words"):
        data[key] = tuple(data.get(key, ()))
    return Field(name=name, **data)


def _choices(kind: str | None, more: dict[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    """The codes of a list with their spellings, the code itself last, and what this layout understands besides."""
    known = {code: (*kinds.spellings(kind, code), code) for code in kinds.KINDS[kind]} if kind else {}
    codes = dict.fromkeys([*known, *more])
    return MappingProxyType({code: tuple(dict.fromkeys((*known.get(code, ()), *more.get(code, ())))) for code in codes})


def _check(entry: dict[str, Any]) -> Check:
    use = {key: value for key, value in entry.items() if key not in ("check", "code", "severity")}
    return Check(entry["check"], entry["code"], entry["severity"], MappingProxyType(use))
