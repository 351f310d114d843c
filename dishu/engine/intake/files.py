"""The way in: a file read or looked at, its sheets found, the layout proposed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dishu.engine.intake.grid import Grid
from dishu.engine.intake.guard import Limits, inspect
from dishu.engine.intake.header import Head, find
from dishu.engine.intake.repeats import Repeats
from dishu.engine.intake.result import FileRefused, Note, Proposal, ProposedColumn, Roster, RosterFile
from dishu.engine.intake.sheet import read_sheet
from dishu.engine.intake.textfile import open_text
from dishu.engine.intake.workbook import open_parquet, open_xls, open_xlsx
from dishu.standards import forms

Mapped = Mapping[str, str | None]
_SAMPLES = 3


def read(
    path: Path, layout: str | None = None, mapping: Mapped | None = None, limits: Limits | None = None
) -> RosterFile:
    """Take in a file: .xlsx, .xls, or text separated by commas, tabs or semicolons, told by content.

    `layout` names the layout (see `dishu.standards.forms`); without it each sheet is taken for what its header fits
    best. `mapping` says for titles of the file which field they are (None: leave out). One roster per visible sheet
    with a header. Raises FileRefused; see `dishu/standards/problems.yaml`, severity "file", for its codes.
    """
    notes: list[Note] = []
    rosters: list[Roster] = []
    refusals: list[FileRefused] = []
    proposals: list[Proposal] = []
    repeats: dict[str, Repeats] = {}
    for grid, head in sheets(path, layout, mapping, limits or Limits(), notes):
        if head is None:
            notes.append(Note.of("sheet_no_header", grid.name))
            continue
        proposals.append(_proposal(grid, head))
        if head.missing:
            refusal = _missing(path, grid, head)
            refusals.append(refusal)
            notes.append(Note(grid.name, refusal.code, refusal.text, refusal.mend))
        else:
            rosters.append(read_sheet(path, grid, head, repeats.setdefault(head.layout.name, Repeats())))
    if not rosters:
        raise _nothing(path, refusals, notes)
    said = (*notes, *(note for roster in rosters for note in roster.notes))
    return RosterFile(path, tuple(rosters), said, tuple(proposals))


def propose(
    path: Path, layout: str | None = None, mapping: Mapped | None = None, limits: Limits | None = None
) -> list[Proposal]:
    """What each visible sheet is taken for, to be confirmed or corrected before `read`. Raises as `read`."""
    found = sheets(path, layout, mapping, limits or Limits(), [])
    return [_proposal(grid, head) for grid, head in found if head is not None]


def sheets(
    path: Path, layout: str | None, mapping: Mapped | None, limits: Limits, notes: list[Note]
) -> Iterator[tuple[Grid, Head | None]]:
    """The visible sheets with the header found in each; `notes` gets a word on those left alone. Raises as `read`."""
    layouts = [forms.layout(layout)] if layout else list(forms.layouts())
    for ways in _grids(path, limits, notes):
        found = [(grid, find(grid.head, layouts, path.stem + grid.name, mapping)) for grid in ways]
        yield max(found, key=_fit)


def _fit(found: tuple[Grid, Head | None]) -> tuple[float, int]:
    """How well a way to cut a file into columns fits: by its header, else by the columns it makes."""
    grid, head = found
    return head.score if head else float("-inf"), max(map(len, grid.head), default=0)


def _grids(path: Path, limits: Limits, notes: list[Note]) -> Iterator[Sequence[Grid]]:
    """The sheets of a file; for a text file the ways to cut it into columns."""
    kind = inspect(path, limits)
    if kind == "text":
        yield open_text(path)
    elif kind == "parquet":
        yield [open_parquet(path)]
    else:
        sheets = open_xlsx(path, limits, notes) if kind == "xlsx" else open_xls(path, notes)
        yield from ([sheet] for sheet in sheets)


def _missing(path: Path, grid: Grid, head: Head) -> FileRefused:
    titles = "、".join(head.missing)
    return FileRefused("column_missing", path, sheet=grid.name or path.stem, layout=head.layout.title, titles=titles)


def _nothing(path: Path, refusals: list[FileRefused], notes: list[Note]) -> FileRefused:
    """Why a file gave no roster at all."""
    if refusals:
        return refusals[0]
    empty = notes and all(note.code == "sheet_empty" for note in notes)
    return FileRefused("file_empty" if empty else "file_no_header", path)


def _proposal(grid: Grid, head: Head) -> Proposal:
    below = grid.head[head.row - 1 + head.depth :]
    columns = []
    for place, (title, field) in enumerate(zip(head.titles, head.fields, strict=True)):
        samples = dict.fromkeys(cell for row in below if (cell := row[place]))
        columns.append(ProposedColumn(title, field.name if field else None, tuple(samples)[:_SAMPLES]))
    return Proposal(grid.name, head.layout.name, head.row, tuple(columns), head.missing)
