"""The reference pages say what the code says: nothing missing, nothing out of date."""

from difflib import unified_diff
from importlib.util import find_spec

import print_reference
import pytest
from print_tree import ROOT

from dishu.engine.facts import TABLES
from dishu.engine.indicators import ALL
from dishu.standards import forms, law, problems


def page(name: str) -> str:
    return (ROOT / f"docs/reference/{name}.md").read_text("utf-8")


def test_no_page_is_stale():
    printed = print_reference.pages()
    different = [
        line
        for path in print_reference.stale()
        for line in unified_diff(
            path.read_text("utf-8").splitlines(), printed[path].splitlines(), path.name, "the code"
        )
    ]
    assert different == [], "run `make docs`"


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        ("indicators", [f"| `{i.code}` | {i.name} |" for i in ALL]),
        ("rules", [f"### {name}\n" for name in law.names()]),
        ("problems", [f"| `{code}` |" for code in problems.catalogue()]),
        ("layouts", [f"`{layout.name}`\n" for layout in forms.layouts()]),
        ("facts", [f"## {name}\n" for name in TABLES]),
    ],
)
def test_every_entry_is_there(name, entries):
    text = page(name)
    assert [entry for entry in entries if entry not in text] == []


@pytest.mark.skipif(find_spec("dishu.cli") is None, reason="the command line is not there")
def test_every_command_is_there():
    from dishu.cli import main

    text = page("commands")
    assert [name for name in main.commands if f"## dishu {name}\n" not in text] == []


def test_every_rule_an_indicator_names_exists():
    assert {name for i in ALL for name in i.rules} - set(law.names()) == set()
