"""Every indicator has a worked example, and every rule is read by a test that knows its value."""

import re

from print_tree import ROOT

from dishu.engine.indicators import ALL
from dishu.standards import law


def words(folder: str) -> set[str]:
    texts = [path.read_text("utf-8") for path in sorted((ROOT / folder).rglob("test_*.py"))]
    return set(re.findall(r"\w+", "\n".join(texts)))


def test_every_indicator_has_a_worked_example():
    assert [i.code for i in ALL if i.code not in words("tests/engine/indicators")] == []


def test_every_rule_has_a_test_that_names_it():
    known = words("tests/standards")
    assert [name for name in law.names() if name not in known] == []
