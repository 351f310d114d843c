"""One part of a workbook unpacked in small pieces: a part that holds more than the directory says is a bomb."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from dishu.engine.intake.result import FileRefused

_PIECE: Final = 1024 * 1024
_LOCAL_HEADER: Final = 30


def inflated(path: Path, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of a zip entry in pieces of at most 1 MB.

    Raises FileRefused `zip_bomb` as soon as there is more than the directory declares (the standard library stops
    there without a word, other readers go on), `file_truncated` where there is less.
    """
    total = 0
    with path.open("rb") as file:
        for piece in _pieces(path, file, entry):
            total += len(piece)
            if total > entry.file_size:
                raise FileRefused("zip_bomb", path)
            yield piece
    if total < entry.file_size:
        raise FileRefused("file_truncated", path)


def _pieces(path: Path, file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(entry.header_offset)
    header = file.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
        raise FileRefused("file_truncated", path)
    file.seek(sum(struct.unpack("<HH", header[26:30])), 1)
    packed = _packed(file, entry.compress_size)
    if entry.compress_type == zipfile.ZIP_STORED:
        yield from packed
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        yield from _unpacked(path, packed)
    else:
        raise FileRefused("file_unreadable", path, reason="压缩方式不认识")


def _packed(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0 and (piece := file.read(min(size, _PIECE))):
        size -= len(piece)
        yield piece


def _unpacked(path: Path, packed: Iterator[bytes]) -> Iterator[bytes]:
    engine = zlib.decompressobj(-15)
    try:
        for piece in packed:
            while piece:
                yield engine.decompress(piece, _PIECE)
                piece = engine.unconsumed_tail
        yield engine.flush()
    except zlib.error as error:
        raise FileRefused("file_truncated", path) from error
