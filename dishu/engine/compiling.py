"""Plain Python made fast: compiled when first called, kept on disk, so that only the first run waits for the compiler.

Numba is loaded here and nowhere else, and only when something is compiled: other commands do not pay for it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

Function = Callable[..., Any]
#: Functions that allocate nothing need no counting of who holds which array; the counting took twenty times the work.
_UNCOUNTED = {"_nrt": False}
_PARTS: list[Function] = []
_HERE = Path(__file__).parent
#: What compiled code is made from; all of it, since Numba by itself looks only at the file of the outermost function.
_SOURCES = (
    "compiling", "flags/likeness", "plan/anneal", "plan/arrays", "plan/costs", "plan/draft", "plan/pricing",
)  # fmt: skip


def part(function: Function) -> Function:
    """A part of a compiled function: plain Python when called from Python, compiled with whoever calls it from there."""
    _PARTS.append(function)
    return function


@cache
def compiled(function: Function) -> Function:
    """`function` compiled without the interpreter's lock, kept on disk. It must not allocate arrays."""
    import numba
    from numba.extending import register_jitable

    while _PARTS:
        register_jitable(**_UNCOUNTED)(_PARTS.pop())
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = before or str(_folder())
    try:
        made: Function = numba.njit(function, cache=True, nogil=True, **_UNCOUNTED)
    finally:
        numba.config.CACHE_DIR = before
    return made


@cache
def _folder() -> Path:
    """A folder for the code made from these very sources; those of others are removed.

    Beside the sources, else in the user's cache folder, else one that ends with the process. NUMBA_CACHE_DIR goes before.
    """
    said = "".join((_HERE / f"{name}.py").read_text("utf-8") for name in _SOURCES)
    name = f"numba-{sha256(said.encode()).hexdigest()[:12]}"
    user = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    for base in (_HERE / "__pycache__", user / "dishu"):
        try:
            (base / name).mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=base / name):
                pass
        except OSError:
            continue
        for old in base.glob("numba-*"):
            if old.name != name:
                shutil.rmtree(old, ignore_errors=True)
        return base / name
    passing = tempfile.mkdtemp(prefix="dishu-")
    atexit.register(shutil.rmtree, passing, ignore_errors=True)
    return Path(passing)
