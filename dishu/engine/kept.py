"""What is worked out of an edition once and kept beside it: its rows as whole numbers, and its whole history.

Both lie in `.edition.cube/` next to the folder `edition`, outside what is sealed, and are used as long as the edition and
the program are the same. They hold keys, codes and counts, no names.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from dishu import standards
from dishu.engine import backends, packed
from dishu.engine.cube import Cube
from dishu.engine.cube_files import CubeOutdated
from dishu.engine.edition import Edition, sha256
from dishu.engine.facts import Facts, Table

#: What of the program the numbers hang on.
PROGRAM = ((Path(__file__).parent, "*.py"), (Path(__file__).parent / "indicators", "*.py"),
           (Path(standards.__file__).parent, "**/*.py"), (Path(standards.__file__).parent, "law/*.yaml"))  # fmt: skip


def facts(edition: Edition, connection: backends.Connection | None = None) -> Facts:
    """The edition's facts, with their rows as whole numbers where these are kept (`rows`); any day is counted from them."""
    with contextlib.suppress(OSError, ValueError, LookupError):
        held = packed.load(place(edition) / "rows")
        return Facts(_Later(lambda: edition.facts(connection).tables), held)
    return edition.facts(connection)


class _Later(Mapping[str, Table]):
    """Tables that are opened when somebody asks for one; to count from kept rows needs none."""

    def __init__(self, opened: Callable[[], Mapping[str, Table]]) -> None:
        self._opened = cache(opened)

    def __getitem__(self, name: str) -> Table:
        return self._opened()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._opened())

    def __len__(self) -> int:
        return len(self._opened())


def rows(edition: Edition, connection: backends.Connection | None = None) -> Facts:
    """The same, and the rows are kept from now on. Where nothing can be written, they stay in memory."""
    found = facts(edition, connection)
    if found.packed is not None:
        return found
    held = packed.of(found)
    with contextlib.suppress(OSError):
        _keep(held.save, place(edition) / "rows")
    return replace(found, packed=lambda: held)


def cube(edition: Edition, connection: backends.Connection | None = None) -> Cube:
    """The edition's whole history: read where it was kept, else built and kept for the next time, and its rows too.

    Kept under a hash of the facts as they lie there now and of the program, so an edition that was touched, other rules
    or another version never meet an old history. Where nothing can be written, it is built each time.
    """
    folder = place(edition) / "cube"
    if (folder / "cube.json").is_file():
        with contextlib.suppress(CubeOutdated, OSError, ValueError, LookupError):
            return Cube.load(connection, folder)
    connection = connection or backends.duckdb()
    built = Cube.build(rows(edition, connection), connection)
    with contextlib.suppress(OSError):
        _keep(built.save, folder)
    return built


def place(edition: Edition) -> Path:
    """Where what is kept of this edition lies, or would lie."""
    digest = hashlib.sha256(program().encode())
    for entry in edition.manifest["files"]:
        digest.update(f"{entry['file']} {sha256(edition.path / entry['file'])}".encode())
    sealed = edition.path.resolve()
    return sealed.with_name(f".{sealed.name}.cube") / digest.hexdigest()[:32]


@cache
def program() -> str:
    """A hash of everything that says how numbers are made."""
    digest = hashlib.sha256()
    for root, names in PROGRAM:
        for file in sorted(root.glob(names)):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _keep(save: Callable[[Path], None], folder: Path) -> None:
    """Whole or not at all, and instead of all that was kept of another state."""
    mine = folder.parent
    mine.mkdir(parents=True, exist_ok=True)
    draft = mine.parent / f".draft-{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    try:
        save(draft)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    for old in mine.parent.iterdir():
        if old != mine and not old.name.startswith(".draft-"):
            shutil.rmtree(old, ignore_errors=True)
