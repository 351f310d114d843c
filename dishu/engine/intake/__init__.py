"""Rosters as they arrive, dirty as they are, made typed rows with every problem named.

    taken = read(Path("企业登记名册.xlsx"))          # RosterFile: rosters, notes; or FileRefused
    rows = rows_of(taken.rosters, forms.layout("registration"))
    write_rejected(taken.rosters, Path("rejected.xlsx"))

No row is lost: rows read = rows that go on + rows refused + blank rows.
"""

from dishu.engine.intake.files import propose, read
from dishu.engine.intake.guard import Limits
from dishu.engine.intake.raw import raw
from dishu.engine.intake.rejected import write_rejected
from dishu.engine.intake.result import (
    FileRefused,
    Note,
    Proposal,
    ProposedColumn,
    Roster,
    RosterFile,
    problems_of,
    rows_of,
    table_schema,
)

__all__ = [
    "FileRefused",
    "Limits",
    "Note",
    "Proposal",
    "ProposedColumn",
    "Roster",
    "RosterFile",
    "problems_of",
    "propose",
    "raw",
    "read",
    "rows_of",
    "table_schema",
    "write_rejected",
]
