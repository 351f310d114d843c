"""Does it look made up? Flags that say where to look again, each with its evidence; no flag is ever a verdict."""

from __future__ import annotations

from dishu.engine.flags.catalogue import ALL, get
from dishu.engine.flags.judge import examine
from dishu.engine.flags.model import Case, Finding, Flag, Report
from dishu.engine.flags.revisits import choose, hit_rates
from dishu.engine.flags.visits import BadRow, typed

__all__ = ["ALL", "BadRow", "Case", "Finding", "Flag", "Report", "choose", "examine", "get", "hit_rates", "typed"]
