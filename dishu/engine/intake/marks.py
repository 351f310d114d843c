"""What the text of a sheet does not show: formulas without a value, numbers that lost digits, error values.

The reader of workbooks gives a formula's stored value and turns numbers into text, so a spoilt 18-digit number looks
like a good one. The sheet's XML tells: it is unpacked in pieces, looked through and dropped.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from dishu.engine.intake.grid import Marks
from dishu.engine.intake.guard import Limits
from dishu.engine.intake.inflate import inflated
from dishu.engine.intake.result import FileRefused

_REF: Final = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_HAS_VALUE: Final = re.compile(rb"v(?:\s[^>]*)?>[^<]|<(?:\w+:)?is>")
_SPOILT: Final = re.compile(rb">\d{16,}</|[Ee]\+?(?:1[5-9]|[2-9]\d)</")
_TEXTUAL: Final = re.compile(rb'\bt="(?:s|str|inlineStr|e|b)"')


class _Patterns:
    """The patterns of one sheet: some programs write every tag with a prefix, as in `<x:c>`."""

    def __init__(self, prefix: bytes) -> None:
        p = re.escape(prefix)
        self.row_end = b"</" + prefix + b"row>"
        self.formula_tag = b"<" + prefix + b"f"
        self.row = re.compile(rb"<" + p + rb'row\b[^>]*?\br="(\d+)"')
        self.formula = re.compile(rb"<" + p + rb"c\b([^>]*)>(<" + p + rb"f\b.*?)</" + p + rb"c>", re.DOTALL)
        self.error = re.compile(rb"<" + p + rb'c\b([^>]*\bt="e"[^>]*)>')
        value = rb"<" + p + rb"v>(?:\d{16,}|[-\d.]+[Ee]\+?(?:1[5-9]|[2-9]\d))<"
        formula = rb"(?:<" + p + rb"f\b[^>]*?(?:/>|>[^<]*</" + p + rb"f>))?"
        self.number = re.compile(rb"<" + p + rb"c\b([^>]*)>" + formula + value)
        cell = rb"<" + p + rb"c\b"
        self.first = re.compile(
            rb"<" + p + rb"row\b[^>]*>\s*(?:" + cell + rb"[^>]*/>)*" + cell + rb'[^>]*?\br="([A-Z]+)\d'
        )
        # Cells right of column Z that hold something: only these can make a sheet monstrously wide.
        self.wide = re.compile(rb' r="([A-Z]{2,3})\d+"(?:[^>]*[^/>])?>')
        # Cheap looks that tell whether the dear ones are worth taking.
        self.maybe_wide = re.compile(rb' r="[A-Z]{2}')
        self.maybe_spoilt = re.compile(rb"<" + p + rb"v>-?(?:\d{16}|[\d.]+[Ee])")


class _Scan:
    """The state of one pass over a sheet."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[array[int], array[int]]] = {}
        self.left, self.right, self.last_row = 16_384, 26, 0

    def note(self, code: str, attributes: bytes) -> None:
        """Remember a cell by its attributes; a cell that does not say where it is cannot be remembered."""
        ref = _REF.search(attributes)
        if ref:
            rows, columns = self.found.setdefault(code, (array("q"), array("q")))
            rows.append(int(ref[2]))
            columns.append(column_number(ref[1]))

    def look(self, rows: bytes, patterns: _Patterns) -> None:
        """Look through some whole rows."""
        self.last_row = max([self.last_row, *map(int, patterns.row.findall(rows))])
        self.left = min([self.left, *map(column_number, set(patterns.first.findall(rows)))])
        if patterns.maybe_wide.search(rows):
            self.right = max([self.right, *(column_number(name) + 1 for name in set(patterns.wide.findall(rows)))])
        if patterns.formula_tag in rows:
            for attributes, body in patterns.formula.findall(rows):
                if not _HAS_VALUE.search(body):
                    self.note("formula_without_value", attributes)
        if b't="e"' in rows:
            for attributes in patterns.error.findall(rows):
                self.note("cell_error", attributes)
        if patterns.maybe_spoilt.search(rows):
            for attributes in patterns.number.findall(rows):
                if not _TEXTUAL.search(attributes):
                    self.note("number_lost_digits", attributes)


def column_number(letters: bytes) -> int:
    """The place of a column by its letters, from 0.

    >>> column_number(b"A"), column_number(b"AA"), column_number(b"XFD")
    (0, 26, 16383)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def scan(path: Path, entry: zipfile.ZipInfo, limits: Limits) -> Marks:
    """The marked cells of a sheet, rows from 1, columns from 0 at the first column in use (as the reader counts).

    Raises FileRefused `zip_bomb` where a few far-off cells would make a table of more than `limits.cells` cells.
    """
    state = _Scan()
    for rows, patterns in _whole_rows(inflated(path, entry)):
        state.look(rows, patterns)
        if state.last_row * (state.right - min(state.left, state.right)) > limits.cells:
            raise FileRefused("zip_bomb", path)
    return Marks(
        {
            code: (np.frombuffer(rows, np.int64), np.frombuffer(columns, np.int64) - state.left)
            for code, (rows, columns) in state.found.items()
        }
    )


def _whole_rows(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, _Patterns]]:
    """The pieces cut anew behind the last whole row of each."""
    rest, patterns = b"", None
    for piece in pieces:
        rest += piece
        if patterns is None:
            root = re.search(rb"<(\w+:)?worksheet\b", rest)
            patterns = _Patterns((root[1] or b"") if root else b"")
        cut = rest.rfind(patterns.row_end)
        if cut >= 0:
            cut += len(patterns.row_end)
            yield rest[:cut], patterns
            rest = rest[cut:]
    if patterns is not None:
        yield rest, patterns
