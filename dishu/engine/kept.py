"""The history of an edition kept beside it: built once, used again as long as the edition and the program are the same.

It lies in `.edition.cube/` next to the folder `edition`, outside what is sealed. It holds counts only, no names.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from functools import cache
from pathlib import Path

from dishu import standards
from dishu.engine import backends
from dishu.engine.cube import Cube
from dishu.engine.cube_files import CubeOutdated
from dishu.engine.edition import Edition, sha256

#: What of the program the numbers of a history hang on.
PROGRAM = ((Path(__file__).parent, "*.py"), (Path(__file__).parent / "indicators", "*.py"),
           (Path(standards.__file__).parent, "**/*.py"), (Path(standards.__file__).parent, "law/*.yaml"))  # fmt: skip


def cube(edition: Edition, connection: backends.Connection | None = None) -> Cube:
    """The edition's whole history: read where it was kept, else built and kept for the next time.

    Kept under a hash of the facts as they lie there now and of the program, so an edition that was touched, other rules
    or another version never meet an old history. Where nothing can be written, it is built each time.
    """
    folder = place(edition)
    if (folder / "cube.json").is_file():
        with contextlib.suppress(CubeOutdated, OSError, ValueError, LookupError):
            return Cube.load(connection, folder)
    connection = connection or backends.duckdb()
    built = Cube.build(edition.facts(connection), connection)
    with contextlib.suppress(OSError):
        _keep(built, folder)
    return built


def place(edition: Edition) -> Path:
    """Where the history of this edition lies, or would lie."""
    digest = hashlib.sha256(program().encode())
    for entry in edition.manifest["files"]:
        digest.update(f"{entry['file']} {sha256(edition.path / entry['file'])}".encode())
    sealed = edition.path.resolve()
    return sealed.with_name(f".{sealed.name}.cube") / digest.hexdigest()[:32]


@cache
def program() -> str:
    """A hash of everything that says how a history is made."""
    digest = hashlib.sha256()
    for root, names in PROGRAM:
        for file in sorted(root.glob(names)):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _keep(built: Cube, folder: Path) -> None:
    """Whole or not at all, and instead of all older ones."""
    folder.parent.mkdir(exist_ok=True)
    draft = folder.parent / f".draft-{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    try:
        built.save(draft)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    for old in folder.parent.iterdir():
        if old != folder and not old.name.startswith(".draft-"):
            shutil.rmtree(old, ignore_errors=True)
