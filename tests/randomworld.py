"""Small random worlds with every awkward thing in them: ties of dates, moves, double claims, gaps, ends."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pyarrow as pa
from smallworld import PLACES, arrow

from dishu.engine.facts import TABLES, schema

DAYS = [date(2006, 1, 1) + timedelta(days=150 * i) for i in range(16)] + [date(2007, 1, 1), date(2011, 1, 1)]
LEAVES = ("421302001", "421302002", "421381001", "421302")


class Dice:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def maybe(self, value, chance: float = 0.5):
        return value if self.random.random() < chance else None

    def of(self, *values):
        return self.random.choice(values)

    def period(self) -> dict:
        since, until = sorted(self.random.sample(DAYS, 2))
        return {"since": since, "until": self.maybe(until, 0.4)}

    def spells(self, most: int = 3) -> list[dict]:
        """Periods of one subject that do not overlap, some touching, some with a gap."""
        cuts = sorted(self.random.sample(DAYS, 2 * self.random.randint(1, most)))
        spells = [{"since": a, "until": b} for a, b in zip(cuts[::2], cuts[1::2], strict=True)]
        if self.random.random() < 0.5 and len(spells) > 1:
            spells[0]["until"] = spells[1]["since"]
        spells[-1]["until"] = self.maybe(spells[-1]["until"], 0.3)
        return spells


def _units(d: Dice) -> list[dict]:
    return [
        {"unit": u, "place": d.of(*LEAVES), "kind": d.of("enterprise", "enterprise", "individual_business"),
         "industry": d.of("C13", "H62", None), "employees": d.of(None, 3, 60, 200),
         "turnover": d.of(None, 4_000_000, 6_000_000, 30_000_000), "surveyed": d.of(None, "known", "unclear"),
         "verified_on": d.of(None, *DAYS), "channel": d.of(None, "reported", "phoned", "visited"), **spell}
        for u in range(1, 8) for spell in d.spells()
    ]  # fmt: skip


def _members(d: Dice) -> list[dict]:
    return [
        {"member": m, "place": d.of(*LEAVES), "standing": d.of("full", "full", "probationary"),
         "verified_on": d.of(None, *DAYS), "channel": d.of(None, "phoned"), **spell}
        for m in range(1, 13) for spell in d.spells(2)
    ]  # fmt: skip


def _orgs(d: Dice) -> list[dict]:
    return [
        {"org": o, "place": d.of(*LEAVES), "kind": d.of("branch", "joint_branch", "committee", "general_branch"),
         "system": d.of("enterprise", "association", "territory", "origin"), "superior": d.of(None, 90, 91), **spell}
        for o in range(1, 6) for spell in d.spells(2)
    ]  # fmt: skip


def world(seed: int) -> dict[str, pa.Table]:
    d = Dice(seed)
    rows = {
        "unit": _units(d), "member": _members(d), "org": _orgs(d),
        "employment": [{"member": m, "unit": d.of(1, 1, 2, 3, 4), "role": "employee", **d.period()} for m in range(1, 12)],
        "affiliation": [{"member": d.of(*range(1, 13)), "org": d.of(1, 2, 3, 4, 5, 6), "source": "名册", **d.period()} for _ in range(14)],
        "participation": [{"member": d.of(*range(1, 13)), "org": 1, **d.period()} for _ in range(5)],
        "identity": [{"member": d.of(*range(1, 13)), "shown": d.of(True, False), **d.period()} for _ in range(8)],
        "coverage": [{"unit": d.of(*range(1, 8)), "org": d.of(1, 2, 3, 4), "mode": d.of("single", "joint", "attached", "functional"), **d.period()} for _ in range(8)],
        "instructor": [{"instructor": d.of(1, 2), "unit": d.of(*range(1, 8)), **d.period()} for _ in range(3)],
        "plan": [{"plan": "计划", "unit": u, "since": date(2007, 1, 1), "until": None} for u in d.random.sample(range(1, 8), 3)],
        "work": [{"unit": d.of(*range(1, 8)), "kind": "visit", "since": d.of(*DAYS)} for _ in range(4)],
    }  # fmt: skip
    made = {name: pa.Table.from_pylist(rows.get(name, []), schema=schema(name).to_pyarrow()) for name in TABLES}
    return made | {"place": arrow("place", PLACES)}
