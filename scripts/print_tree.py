"""Prints the tree of ARCHITECTURE.md: every module with the first line of its docstring as caption."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- tree: printed by `make docs` -->\n", "<!-- end of tree -->"
WIDTH = 26


def caption(module: Path) -> str:
    """The first line of a module's docstring, without its full stop; empty where there is none."""
    text = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return text.partition("\n")[0].strip().rstrip(".")


def modules(folder: Path) -> Iterator[Path]:
    """The folder's own modules, by name, without `__init__.py`."""
    return (path for path in sorted(folder.glob("*.py")) if path.name != "__init__.py")


def packages(folder: Path) -> Iterator[Path]:
    """The packages within a folder, by name; migrations are Django's own writing."""
    return (path.parent for path in sorted(folder.glob("*/__init__.py")) if path.parent.name != "migrations")


def lines(folder: Path, depth: int = 0) -> Iterator[str]:
    """The folder with its caption, then what is in it, indented."""
    start = folder / "__init__.py"
    yield _line(f"{folder.name}/", caption(start) if start.exists() else "", depth)
    for package in packages(folder):
        yield from lines(package, depth + 1)
    for module in modules(folder):
        yield _line(module.name, caption(module), depth + 1)


def _line(name: str, text: str, depth: int) -> str:
    indent = "  " * depth
    return f"{indent}{name:<{WIDTH - len(indent)}} {text}".rstrip()


def parts() -> Iterator[Path]:
    """The parts in the order in which they lean on each other, what everything rests on first."""
    order = ("standards", "engine", "worlds", "site", "cli")
    return (ROOT / "dishu" / name for name in order if (ROOT / "dishu" / name / "__init__.py").exists())


def tree() -> str:
    """The trees of the parts, the scripts and the benchmarks, as they stand in a page."""
    blocks = ["\n".join(lines(part)) for part in (*parts(), ROOT / "scripts", ROOT / "benchmarks")]
    return "\n".join(f"```\n{block}\n```\n" for block in blocks)


def with_tree(page: str) -> str:
    """The page with the tree between its two marks made new."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{tree()}\n{END}{after}"
