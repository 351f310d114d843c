"""Nothing of one machine, and no clock where days are asked for."""

import ast
import re
import subprocess

import pytest
from print_tree import ROOT

# Written with brackets so that this file does not find itself.
MACHINE = re.compile(
    r"/[w]ork/|/[f]arm/|/[h]ome/\w|/[r]oot/|/[U]sers/\w|[p]ypi\.org|[p]ython[h]osted|registry\.[n]pm|[d]eb\.[d]ebian"
)
BINARY = (".gz", ".parquet", ".xlsx", ".xls", ".png", ".docx")
CLOCK = {"today", "now", "utcnow", "time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"}
CLOCK_HOLDERS = {"date", "datetime", "time", "dt"}


def tracked() -> list[str]:
    try:
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout: there are no tracked files to look through")
    return [name for name in listed.stdout.splitlines() if not name.endswith(BINARY) and (ROOT / name).is_file()]


def test_no_machine_path_and_no_registry_host_in_tracked_files():
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name in tracked()
        for number, line in enumerate((ROOT / name).read_text("utf-8", "replace").splitlines(), 1)
        if MACHINE.search(line)
    ]
    assert found == []


def asks_the_clock(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK):
        return False
    holder = node.func.value
    return (holder.id if isinstance(holder, ast.Name) else getattr(holder, "attr", "")) in CLOCK_HOLDERS


@pytest.mark.parametrize("part", ["standards", "engine"])
def test_no_clock(part):
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "dishu" / part).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if asks_the_clock(node)
    ]
    assert found == []
