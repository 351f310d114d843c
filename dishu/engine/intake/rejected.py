"""Refused rows given back: a workbook with the reason before each row, ready to be corrected and sent again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import xlsxwriter

from dishu.engine.intake.result import Roster

_REASON: Final = ("退回原因", "如何改正")
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_SHEET_ROWS: Final = 1_048_576
_CELL: Final = 32_767
_FORBIDDEN: Final = str.maketrans("[]:*?/\\'", "        ")


_UNIT_LAYOUTS: Final = ("registration", "individual", "market")
_PEOPLE: Final = ("owner", "owner_id", "owner_phone", "instructor")
_WITHHELD: Final = "个人信息栏不退回，重新报送前请按原表的行号补上"


def write_rejected(rosters: Iterable[Roster], path: Path, withhold: bool = False) -> int:
    """Write the refused rows of all rosters to a workbook and say how many there are.

    `withhold` empties the personal columns (and those that no field claims) of unit rosters: people there who are no
    members leave no trace in what is written.

    One sheet per sheet they came from, header and cells as written, all as text, with `退回原因` and `如何改正` in
    front. Those two columns are left out when the workbook is read again. Where nothing was refused the one sheet
    says so.
    """
    back = [roster for roster in rosters if roster.refused.num_rows]
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        formats = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
        names: set[str] = set()
        for roster in back:
            for start in range(0, roster.refused.num_rows, _SHEET_ROWS - 2):
                sheet = book.add_worksheet(_sheet_name(roster, names))
                part = roster.refused.slice(start, _SHEET_ROWS - 2)
                _write_sheet(sheet, roster, part, formats, _withheld(roster) if withhold else frozenset())
        if not back:
            book.add_worksheet("无退回").write_string(0, 0, "没有退回的行")
    return sum(roster.refused.num_rows for roster in back)


def _withheld(roster: Roster) -> frozenset[int]:
    """Places of the columns of a unit roster that may tell of people who are no members."""
    if roster.layout.name not in _UNIT_LAYOUTS:
        return frozenset()
    width = max(roster.refused.num_columns - 1, len(roster.fields))
    fields = [*roster.fields, *[None] * (width - len(roster.fields))]
    return frozenset(at for at, field in enumerate(fields) if field is None or field in _PEOPLE)


def _write_sheet(
    sheet: Any, roster: Roster, refused: pa.Table, formats: tuple[Any, Any], withheld: frozenset[int]
) -> None:
    text, bold = formats
    sheet.set_column(0, 1, 40)
    sheet.set_column(2, refused.num_columns, 16, text)
    sheet.freeze_panes(len(roster.header), 2)
    for at, header in enumerate(roster.header):
        _write_row(sheet, at, [*(_REASON if at == 0 else (None, None)), *header], bold)
    reasons = _reasons(roster)
    for at, (number, *cells) in enumerate(_tuples(refused), start=len(roster.header)):
        shown = [None if place in withheld else cell for place, cell in enumerate(cells)]
        why, mend = reasons[number]
        mend = f"{mend}；{_WITHHELD}" if any(cells[place] for place in withheld if place < len(cells)) else mend
        _write_row(sheet, at, [why, mend, *shown], text)


def _write_row(sheet: Any, at: int, cells: Iterable[str | None], style: Any) -> None:
    for place, cell in enumerate(cells):
        if cell:
            sheet.write_string(at, place, cell[:_CELL], style)


def _tuples(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    for batch in table.to_batches(max_chunksize=10_000):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _reasons(roster: Roster) -> dict[int, tuple[str, str]]:
    """For each refused row what is wrong and how to mend it, all reasons in one text each."""
    found = roster.problems.filter(pc.equal(roster.problems["severity"], "refused")).select(["row", "text", "mend"])
    texts: dict[int, dict[str, None]] = defaultdict(dict)
    mends: dict[int, dict[str, None]] = defaultdict(dict)
    for row, text, mend in _tuples(found):
        texts[row][text] = None
        mends[row][mend] = None
    return {row: (f"第{row}行：{'；'.join(texts[row])}", "；".join(mends[row])) for row in texts}


def _sheet_name(roster: Roster, taken: set[str]) -> str:
    """File and sheet in the 31 characters a sheet's name may have, never the same twice."""
    base = " ".join(f"{roster.path.stem} {roster.sheet}".translate(_FORBIDDEN).split())[:31] or "退回"
    name, number = base, 2
    while name.casefold() in taken:
        end = f" {number}"
        name, number = base[: 31 - len(end)] + end, number + 1
    taken.add(name.casefold())
    return name
