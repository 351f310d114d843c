"""Small enough to read: files of at most 400 lines, functions of at most 60."""

import ast
from pathlib import Path

import pytest
from print_tree import ROOT

FILE_LINES = 400
FUNCTION_LINES = 60
MODULES = [
    path
    for part in ("dishu", "scripts", "tests", "benchmarks")
    for path in sorted((ROOT / part).rglob("*.py"))
    if "migrations" not in path.parts  # written by Django, read by nobody
]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.end_lineno - node.lineno + 1


def test_no_file_is_too_long():
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {path: lines for path, lines in lengths.items() if lines > FILE_LINES} == {}


@pytest.mark.parametrize("part", ["dishu", "scripts", "tests", "benchmarks"])
def test_no_function_is_too_long(part):
    found = {
        f"{name(path)}:{function}": lines
        for path in MODULES
        if name(path).startswith(f"{part}/")
        for function, lines in functions(path)
        if lines > FUNCTION_LINES
    }
    assert found == {}
