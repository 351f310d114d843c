"""Is this a file we may open at all? Size, kind by content, password, truncation, zip bombs: asked before reading."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from dishu.engine.intake.inflate import inflated
from dishu.engine.intake.result import FileRefused

Kind = Literal["xlsx", "xls", "text", "parquet"]

_MB: Final = 1024 * 1024
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS: Final = (
    (b"%PDF", "PDF 文件"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"{\\rtf", "Word 文档"),
    (b"PAR1", "Parquet 文件"),
)
_LAST_SECTOR: Final = 0xFFFFFFFA
_FREE: Final = 0xFFFFFFFF
_MARKUP: Final = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<head", b"<style", b"<meta")


@dataclass(frozen=True)
class Limits:
    """How large a file may be: bytes on disk, bytes unpacked, how often larger unpacked, cells of a sheet."""

    excel_bytes: int = 100 * _MB
    text_bytes: int = 1024 * _MB
    unpacked_bytes: int = 2048 * _MB
    ratio: int = 400
    ratio_from: int = 64 * _MB
    cells: int = 60_000_000


def inspect(path: Path, limits: Limits) -> Kind:
    """The kind of a file by its content, never by its name.

    Raises FileRefused: file_empty, file_too_large, file_type, file_password, file_truncated, zip_bomb,
    file_unreadable.
    """
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("file_empty", path)
    with path.open("rb") as file:
        start = file.read(4096)
    kind = _kind(path, start)
    limit = limits.text_bytes if kind in ("text", "parquet") else limits.excel_bytes
    if size > limit:
        raise FileRefused("file_too_large", path, size=f"{size // _MB} MB", limit=f"{limit // _MB} MB")
    if kind == "xlsx":
        _check_zip(path, size, limits)
    elif kind == "xls":
        _check_ole(path)
    return kind


def _kind(path: Path, start: bytes) -> Kind:
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"PK"):
        return "xlsx"
    if start.startswith(_OLE):
        return "xls"
    found = next((name for magic, name in _OTHERS if start.startswith(magic)), None)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        found = "网页或 XML，常见于系统导出的假 .xls"
    elif not found and _is_binary(start):
        found = "二进制文件"
    if found:
        raise FileRefused("file_type", path, found=found)
    return "text"


def _is_binary(start: bytes) -> bool:
    """Zero bytes do not occur in text, unless it is UTF-16 and says so."""
    return b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff"))


def _check_zip(path: Path, size: int, limits: Limits) -> None:
    entries = list(_entries(path))
    unpacked = sum(entry.file_size for entry in entries)
    too_much = unpacked > limits.unpacked_bytes or sum(entry.compress_size for entry in entries) > size
    if too_much or (unpacked > limits.ratio_from and unpacked > limits.ratio * size):
        raise FileRefused("zip_bomb", path)
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused("file_password", path)
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names:
        raise FileRefused("file_type", path, found=_zip_kind(names))
    _check_honest(path, entries)


def _entries(path: Path) -> Iterator[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield from archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError) as error:
        raise FileRefused("file_truncated", path) from error


def _zip_kind(names: set[str]) -> str:
    if "word/document.xml" in names:
        return "Word 文档"
    return "二进制工作簿 .xlsb" if "xl/workbook.bin" in names else "压缩包，请先解压"


def _check_honest(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    """The small parts read by everyone: unpacked in pieces and counted, never kept. Sheets are counted when scanned."""
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")) and not entry.filename.startswith("xl/worksheets/"):
            for _ in inflated(path, entry):
                pass


def _check_ole(path: Path) -> None:
    """An old workbook or an encrypted new one: both are small file systems with a table of sectors."""
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise FileRefused("file_password", path)
    if len(data) < 512 or (_last_sector(data) + 1) * 512 >= len(data):
        raise FileRefused("file_truncated", path)
    if not any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        raise FileRefused("file_type", path, found="Word 或其他旧版文档")


def _last_sector(data: bytes) -> int:
    """The highest sector in use by the sector table; beyond the file where the table itself is cut off.

    Files with sectors of another size than 512 bytes do not occur among workbooks and are left to the reader.
    """
    if data[30:32] != b"\x09\x00":
        return 0
    last = 0
    for number, sector in enumerate(struct.unpack_from("<109I", data, 76)):
        if sector > _LAST_SECTOR:
            break
        table = data[(sector + 1) * 512 : (sector + 2) * 512]
        entries = struct.iter_unpack("<I", table[: len(table) // 4 * 4])
        used = [number * 128 + at for at, (entry,) in enumerate(entries) if entry != _FREE]
        last = max([last, sector, *used])
    return last
