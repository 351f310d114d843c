"""What can be wrong with a file, a sheet or a row: one catalogue of codes, Chinese texts and ways to mend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import yaml

Severity = Literal["refused", "warned", "layout", "note", "file"]
#: How a problem names another row of its sheet.
ROW = "第{row}行"
_FILE = Path(__file__).with_name("problems.yaml")


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry: `text` and `mend` are templates, `severity` "layout" leaves the decision to the layout's column."""

    code: str
    severity: Severity
    text: str
    mend: str


@cache
def catalogue() -> Mapping[str, Problem]:
    """All problems by code.

    >>> catalogue()["duplicate_row"].severity
    'refused'
    """
    data = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType({code: Problem(code, **entry) for code, entry in data.items()})


def problem(code: str) -> Problem:
    """The entry called `code`; KeyError where the catalogue has none, so that no problem goes without words.

    >>> problem("file_empty").text
    '文件是空的'
    """
    return catalogue()[code]


def tell(code: str, **facts: object) -> tuple[str, str]:
    """Text and mend of `code` in Chinese, filled with `facts` (see the catalogue for what each text names).

    >>> tell("date_order", first="成立日期", then="注销日期")
    ('注销日期早于成立日期', '核对成立日期和注销日期')
    """
    entry = problem(code)
    return entry.text.format(**facts), entry.mend.format(**facts)
