"""A column of text made a typed column: each different cell is read once, however often it stands there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dishu.engine.intake.readers import Reader, is_exact_float
from dishu.engine.intake.result import arrow_type
from dishu.engine.intake.text import NOTHING, PLAIN_NAME, PLAIN_TEXT, clean, is_garbled
from dishu.engine.intake.value import Value
from dishu.standards.forms import Field

Found = list[tuple[str, Value]]
_BLANK = Value(None)


@dataclass(frozen=True)
class Column:
    """A typed column: `values`, `written` (text of what could not be read), a `mark` per row to compare rows by,
    and for each row the place of its problem in `found` (0: none)."""

    values: pa.Array
    written: pa.Array
    marks: Any
    found: Found
    found_at: Any


def read_column(field: Field, cells: pa.Array, read: Reader, floats: bool = False) -> Column:
    """Type one column of a block.

    `cells` are the texts as written (null where empty), `read` the column's reader (see `readers.reader_for`).
    """
    words, places = _distinct(cells)
    values, found, index = _read_words(field, words, read)
    if floats:
        _distrust(words.to_pylist(), values, found, index)
    row_index = index[places]
    return Column(
        values=pa.array(values, arrow_type(field)).take(pa.array(places)),
        written=_written(field, found).take(pa.array(row_index)),
        marks=_marks(_told_apart(values, found, index))[places],
        found=found,
        found_at=row_index,
    )


def _read_words(field: Field, words: pa.Array, read: Reader) -> tuple[list[Any], Found, Any]:
    """The value of each different cell, the problems found, and for each cell the place of its problem."""
    values: list[Any] = []
    found: Found = [("", _BLANK)]
    index: Any = np.zeros(len(words), dtype=np.int64)
    for word, same in zip(words.to_pylist(), _plain(field, words), strict=True):
        if same:
            values.append(word)
            continue
        text = clean(word)
        value = _read(field, text, read)
        if value.code is not None:
            index[len(values)] = len(found)
            found.append((text, value))
        values.append(value.value)
    return values, found, index


def _distrust(words: list[str | None], values: list[Any], found: Found, index: Any) -> None:
    """Where one number of a column has lost digits, all long ones that may have are refused with it."""
    if all(value.code != "number_lost_digits" for _, value in found):
        return
    for place, word in enumerate(words):
        text = clean(word)
        if index[place] == 0 and _is_long_number(text) and is_exact_float(text):
            values[place], index[place] = None, len(found)
            found.append((text, Value(None, "number_lost_digits")))


def marks_of_text(cells: pa.Array) -> Any:
    """A number per row to compare rows by, for a column that no field claims."""
    words, places = _distinct(cells)
    return _marks([clean(word) for word in words.to_pylist()])[places]


def _distinct(cells: pa.Array) -> tuple[pa.Array, Any]:
    """The different cells, the empty one last, and for each row which of them it has."""
    encoded = cells.dictionary_encode()
    words = pa.concat_arrays([encoded.dictionary, pa.nulls(1, pa.string())])
    return words, encoded.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False)


def _plain(field: Field, words: pa.Array) -> list[bool]:
    """Which cells are their own value, found without looking at each: most names and addresses are in order."""
    if field.type not in ("text", "name", "unit_name", "place"):
        return [False] * len(words)
    pattern = PLAIN_NAME if field.type == "name" else PLAIN_TEXT
    said = pc.invert(pc.is_in(words, value_set=pa.array(NOTHING)))
    right = pc.and_(
        pc.match_substring_regex(words, pattern), pc.less_equal(pc.utf8_length(words), pa.scalar(field.longest))
    )
    plain: list[bool] = pc.and_(pc.fill_null(right, False), said).to_pylist()
    return plain


def _read(field: Field, text: str, read: Reader) -> Value:
    if not text.isascii() and is_garbled(text):
        return Value(None, "garbled_text")
    value = read(text) if text else _BLANK
    if value.value is not None or value.code is not None:
        return value
    if field.required:
        return Value(None, "required_blank")
    return Value(None, "blank") if field.blank == "warned" else value


def _is_long_number(text: str) -> bool:
    # A table program keeps 15 digits.
    return len(text) > 15 and text.isascii() and text.isdigit()


def _written(field: Field, found: Found) -> pa.Array:
    """For each problem the text that could not be read, where the column keeps it."""
    lost = [text if field.keep_written and text and value.value is None else None for text, value in found]
    return pa.array(lost, pa.string())


def _told_apart(values: list[Any], found: Found, index: Any) -> list[Any]:
    """What to compare cells by: the value, or the text where there is none."""
    compared = list(values)
    for place in np.flatnonzero(index).tolist():
        text, value = found[index[place]]
        compared[place] = text if value.value is None else value.value
    return compared


def _marks(values: list[Any]) -> Any:
    """Python's hash of each value; with 64 bits a million rows meet by chance once in 30 million files."""
    return np.fromiter(map(hash, values), dtype=np.int64, count=len(values)).view(np.uint64)
