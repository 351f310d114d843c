"""The folder a run writes in until all is whole: one run at a time, and nothing half done under the result's name."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class OutBusy(RuntimeError):
    """Another run is writing to the same output folder."""

    def __init__(self, out: Path) -> None:
        super().__init__(f"另一次运行正在写 {out}，这一次没有开始；等它结束再运行，或用 --out 换一个文件夹")


class OutTaken(RuntimeError):
    """The output folder holds something else."""

    def __init__(self, out: Path) -> None:
        super().__init__(f"{out} 已有别的内容；封存的版次不能覆盖，请换一个输出文件夹，或先移走它")


@contextmanager
def drafted(out: Path) -> Iterator[Path]:
    """An empty folder beside `out`, of this run alone, which takes the name `out` when the block ends well.

    A block that fails leaves nothing; a killed one leaves a draft that the next run clears. Raises `OutBusy` while
    another run holds the draft, and `OutTaken` where `out` is not empty.
    """
    out = out.resolve()
    draft = out.with_name(f".{out.name}.draft")
    lock = _locked(draft, out)
    try:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise OutTaken(out)  # another run ended between the first look and the lock
        _clear(draft)
        yield draft
        if out.exists():
            out.rmdir()
        draft.rename(out)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    finally:
        os.close(lock)


def _locked(draft: Path, out: Path) -> int:
    """An open, locked descriptor of the draft folder; the system lets go of it when the run ends, however it ends.

    The folder itself is locked and not a file in it: so no lock is left behind when the folder takes its last name.
    """
    while True:
        draft.mkdir(parents=True, exist_ok=True)
        lock = os.open(draft, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is(draft, lock):
                return lock
        except BlockingIOError as busy:
            os.close(lock)
            raise OutBusy(out) from busy
        os.close(lock)  # the other run ended well just now: its draft has another name, make a new one


def _is(folder: Path, opened: int) -> bool:
    """Whether the folder of that name is still the one that was opened."""
    try:
        return os.path.samestat(os.fstat(opened), folder.stat())
    except FileNotFoundError:
        return False


def _clear(draft: Path) -> None:
    for left in draft.iterdir():
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left)
        else:
            left.unlink()
