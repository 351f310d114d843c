"""Each module says in its first line what it is for, and ARCHITECTURE.md shows exactly those lines."""

import ast

import pytest
from print_tree import ROOT, caption, with_tree

MODULES = [
    path
    for part in ("dishu", "scripts", "benchmarks")
    for path in sorted((ROOT / part).rglob("*.py"))
    if "migrations" not in path.parts  # written by Django, read by nobody
]


@pytest.mark.parametrize(
    "part", ["dishu/standards", "dishu/engine", "dishu/worlds", "dishu/site", "dishu/cli", "scripts", "benchmarks"]
)
def test_each_module_has_a_caption(part):
    mine = [path for path in MODULES if path.is_relative_to(ROOT / part)]
    assert mine, f"{part} holds no module"
    assert [str(path.relative_to(ROOT)) for path in mine if not caption(path)] == []


def test_a_caption_is_whole_in_its_first_line():
    firsts = {
        path: (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ".").partition("\n")[0] for path in MODULES
    }
    broken = {str(path.relative_to(ROOT)): line for path, line in firsts.items() if line[-1] not in ".?!。"}
    assert broken == {}


def test_no_two_modules_say_the_same():
    captions = [caption(path) for path in MODULES]
    assert sorted({text for text in captions if captions.count(text) > 1}) == []


def test_the_tree_in_the_architecture_page_is_the_tree_there_is():
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert page == with_tree(page), "run `make docs`"
