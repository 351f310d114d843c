"""What is installed is what is here: a package made from this folder carries every file of dishu/."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILD = "import setuptools.build_meta as b; print(b.build_wheel('out'))"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> set[str]:
    """The names of the files in the package, built in a copy: nothing is left in the project."""
    copy = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT / "dishu", copy / "dishu", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "requirements.in", "README.md"):
        shutil.copy(ROOT / name, copy)
    path = os.pathsep.join(p for p in sys.path if p and Path(p) != ROOT)
    subprocess.run(
        [sys.executable, "-c", BUILD], cwd=copy, check=True, capture_output=True, env={**os.environ, "PYTHONPATH": path}
    )
    (made,) = (copy / "out").glob("*.whl")
    with zipfile.ZipFile(made) as archive:
        return {name for name in archive.namelist() if name.startswith("dishu/")}


def files() -> set[str]:
    """The files of the package as they lie here."""
    found = (file.relative_to(ROOT) for file in (ROOT / "dishu").rglob("*") if file.is_file())
    return {file.as_posix() for file in found if "__pycache__" not in file.parts and file.suffix != ".pyc"}


def test_nothing_is_missing_and_nothing_is_added(wheel):
    assert (files() - wheel, wheel - files()) == (set(), set())


@pytest.mark.parametrize(
    "name",
    ["site/ui/templates/ui/base.html", "site/ui/static/ui/dishu.css", "site/ui/static/vendor/echarts/echarts.min.js",
     "site/ui/static/vendor/icons.svg", "standards/forms/member.yaml", "standards/codes/villages.csv.gz"],
)  # fmt: skip
def test_what_pages_and_rosters_need_is_in_it(wheel, name):
    assert f"dishu/{name}" in wheel


def test_what_only_tests_need_is_not(wheel):
    assert not [name for name in wheel if "axe" in Path(name).name]
