"""Compiled code is kept where one may write, under a name made from what it was compiled from."""

import shutil
from pathlib import Path

import pytest

from dishu.engine import compiling


@pytest.fixture
def sources(tmp_path, monkeypatch) -> Path:
    """A copy of the sources in a folder of its own, and a user's cache folder beside it."""
    here = tmp_path / "engine"
    for name in compiling._SOURCES:
        copy = here / f"{name}.py"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(compiling.__file__).parent / f"{name}.py", copy)
    monkeypatch.setattr(compiling, "_HERE", here)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    compiling._folder.cache_clear()
    yield here
    compiling._folder.cache_clear()


def test_beside_the_sources_and_older_code_goes(sources):
    first = compiling._folder()
    assert first.parent == sources / "__pycache__"
    (sources / "plan/costs.py").write_text("# another text\n", "utf-8")
    compiling._folder.cache_clear()
    second = compiling._folder()
    assert second != first
    assert [path.name for path in second.parent.glob("numba-*")] == [second.name]


def test_in_the_users_cache_where_the_sources_may_not_be_written(sources, tmp_path):
    (sources / "__pycache__").write_text("in the way", "utf-8")
    assert compiling._folder().parent == tmp_path / "cache" / "dishu"


def test_for_this_run_only_where_nothing_may_be_written(sources, tmp_path):
    (sources / "__pycache__").write_text("in the way", "utf-8")
    (tmp_path / "cache").write_text("in the way", "utf-8")
    folder = compiling._folder()
    assert folder.is_dir() and sources not in folder.parents
    shutil.rmtree(folder)


def test_every_file_with_compiled_parts_counts(sources):
    # Otherwise an edit of one of them would go on running what was compiled before it.
    folder = Path(compiling.__file__).parent
    files = {path.relative_to(folder).with_suffix("").as_posix(): path for path in folder.rglob("*.py")}
    used = {name for name, path in files.items() if "compiling import" in path.read_text("utf-8")}
    assert "flags/likeness" in used
    assert used <= set(compiling._SOURCES)
