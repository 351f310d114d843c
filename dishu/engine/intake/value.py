"""What reading one cell yields."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Value(NamedTuple):
    """The typed value (None where it cannot be read) and the code of the one problem found, with a judge's reason."""

    value: str | int | bool | date | None
    code: str | None = None
    reason: str | None = None
