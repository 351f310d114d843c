"""Text files (.csv, .txt): encoding and separator found out, read in blocks."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from functools import cached_property
from itertools import islice, zip_longest
from pathlib import Path
from typing import Final, TextIO

import pyarrow as pa

from dishu.engine.intake.grid import BLOCK_ROWS, HEAD_ROWS, Block, Marks, Row, column_names
from dishu.engine.intake.result import FileRefused

SEPARATORS: Final = (",", "\t", ";", "|")
_PIECE: Final = 1024 * 1024
_MOST_BROKEN: Final = 0.01


class TextSheet:
    """A text file as one sheet without name (a `grid.Grid`), read with one separator."""

    name = ""
    floats = False
    delimited = True
    marks = Marks()

    def __init__(self, path: Path, encoding: str, separator: str) -> None:
        self._path, self._encoding, self._separator = path, encoding, separator

    @cached_property
    def head(self) -> list[Row]:
        """The first rows, all of one width."""
        rows = list(islice(self._records(), HEAD_ROWS))
        width = max(map(len, rows), default=0)
        return [[*row, *[None] * (width - len(row))] for row in rows]

    def blocks(self) -> Iterator[Block]:
        """All rows, from row 1; a block is as wide as its widest row."""
        records, first = self._records(), 1
        while rows := list(islice(records, BLOCK_ROWS)):
            yield Block(first, _columns(rows))
            first += len(rows)

    def _records(self) -> Iterator[Row]:
        """The rows. A quotation mark never closed would swallow what follows, so it refuses the file."""
        before = last = 0
        with self._opened() as file:
            reader = csv.reader(file, delimiter=self._separator)
            try:
                for row in reader:
                    before, last = last, reader.line_num
                    yield row  # type: ignore[misc]  # "" for an empty cell is as good as None
            except csv.Error as error:
                reason = f"第{reader.line_num}行附近引号不配对"
                raise FileRefused("file_unreadable", self._path, reason=reason) from error
        if self._ends_within_quotes(before):
            raise FileRefused("file_truncated", self._path)

    def _opened(self) -> TextIO:
        return self._path.open(encoding=self._encoding, errors="replace", newline="")

    def _ends_within_quotes(self, line: int) -> bool:
        """Whether the row that begins after `line` lines, the last one, ends within quotation marks."""
        with self._opened() as file:
            try:
                for _ in csv.reader(islice(file, line, None), delimiter=self._separator, strict=True):
                    pass
            except csv.Error as error:
                return "unexpected end" in str(error)
        return False


def _columns(rows: list[Row]) -> pa.Table:
    columns = [pa.array(column, pa.string()) for column in zip_longest(*rows)]
    if not columns:  # blank lines only
        columns = [pa.nulls(len(rows), pa.string())]
    return pa.table(columns, names=column_names(len(columns)))


def open_text(path: Path) -> list[TextSheet]:
    """The file read with each separator in turn: whoever knows headers picks the one that makes sense.

    Raises FileRefused: file_empty (only blanks), file_unreadable (no known encoding).
    """
    encoding = find_encoding(path)
    with path.open(encoding=encoding, errors="replace") as file:
        if not any(piece.strip() for piece in iter(lambda: file.read(_PIECE), "")):
            raise FileRefused("file_empty", path)
    return [TextSheet(path, encoding, separator) for separator in SEPARATORS]


def find_encoding(path: Path) -> str:
    """The encoding of a text file: by its mark, else UTF-8 if it is that throughout, else GB18030.

    A few broken characters are let through (their cells are refused later); more than 1 % refuse the file.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ("utf-8", "gb18030"):
        if _broken_share(path, encoding) <= _MOST_BROKEN:
            return encoding
    raise FileRefused("file_unreadable", path, reason="文字编码不是 UTF-8 或 GB18030")


def _broken_share(path: Path, encoding: str) -> float:
    """Broken characters among those that are not ASCII; none where all of the file can be read."""
    if _is_sound(path, encoding):
        return 0.0
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    broken = others = 0
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(_PIECE), b""):
            text = decoder.decode(piece)
            broken += text.count("\ufffd")
            others += len(text) - len(text.encode("ascii", "ignore"))
    return broken / others if others else 0.0


def _is_sound(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            for piece in iter(lambda: file.read(_PIECE), b""):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
