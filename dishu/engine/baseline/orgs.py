"""Party organizations, whom they stand under and which units they cover; and the formation plan."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dishu.engine import link
from dishu.engine.baseline.gather import Gathered
from dishu.engine.baseline.keys import Keyring, org_name
from dishu.engine.baseline.places import PARTS, Map
from dishu.engine.baseline.units import Units, market_key, table

SEPARATORS = re.compile(r"[、;；\n]+")
MODE_OF_KIND = {"joint_branch": "joint", "functional_branch": "functional"}
FUNCTIONAL = ("functional_branch",)


@dataclass(frozen=True)
class Orgs:
    """`facts`: org, coverage, plan; `register`: key, name and source of each organization; `lost`: units that a
    roster names and the registers do not know."""

    facts: dict[str, pa.Table]
    register: pa.Table
    lost: pa.Table


class Finder:
    """Finds the unit that a written name or code means."""

    def __init__(self, units: Units, where: Map, keyring: Keyring) -> None:
        self._units = units
        self._markets = {f"market {code}": (name, code) for (_, name), code in where.markets.items()}
        self._keyring = keyring
        self._asked: dict[tuple[str | None, str | None, str], str] = {}

    def ask(self, name: str | None, code: str | None, place: str) -> str:
        """Note a question; the answer comes from `answers`."""
        return self._asked.setdefault((name, code, place), f"q{len(self._asked):07d}")

    def answers(self) -> dict[str, int]:
        """The unit of each question that has exactly one."""
        rows = [{"rec_id": q, "name": n, "code": c, "place": p} for (n, c, p), q in self._asked.items()]
        schema = pa.schema([(n, pa.string()) for n in ("rec_id", "name", "code", "place")])
        found = link.units.find(pa.Table.from_pylist(rows, schema=schema), self._known(), also=self._also())
        sure = found.filter(pc.equal(found["decision"], "match"))
        register = self._units.register
        unit_of = dict(zip(register["cluster"].to_pylist(), register["unit"].to_pylist(), strict=True))
        unit_of |= {rec: market_key(self._keyring, name, code) for rec, (name, code) in self._markets.items()}
        return {q: unit_of[u] for q, u in zip(sure["left_id"].to_pylist(), sure["right_id"].to_pylist(), strict=True)}

    def _also(self) -> dict[str, str]:
        """Rows of the register that are another name of a unit, with its first row."""
        register, first = self._units.register, dict[int, str]()
        rows = zip(register["unit"].to_pylist(), register["cluster"].to_pylist(), strict=True)
        return {row: first[unit] for unit, row in rows if first.setdefault(unit, row) != row}

    def _known(self) -> pa.Table:
        """The register and the markets, as the matching wants them."""
        markets = [
            {"rec_id": rec, "name": name, "place": code.split("M")[0]} for rec, (name, code) in self._markets.items()
        ]
        register = known(self._units)
        return pa.concat_tables([register, pa.Table.from_pylist(markets, schema=register.schema)])


def known(units: Units) -> pa.Table:
    """The register as the matching wants it: rec_id (the cluster), name, unit_code, address, owner, phone, place."""
    r = units.register
    names = {"rec_id": "cluster", "source": "source_file", "name": "name", "unit_code": "unit_code", "address": "address",
             "owner": "owner", "owner_id": "owner_id", "phone": "owner_phone", "place": "place"}  # fmt: skip
    return pa.table({new: r[old] for new, old in names.items()})


def gather_orgs(gathered: Gathered, units: Units, where: Map, keyring: Keyring, day: date) -> Orgs:
    """Read the organization and plan rosters into facts."""
    listed = [{**row, "place": _place(row, where)} for row in gathered.table("organization").to_pylist()]
    named = named_units(listed, gathered.table("plan").to_pylist(), units, where, keyring)
    facts = {
        "org": table("org", [org_fact(row, keyring, day) for row in _once(listed)]),
        "coverage": table("coverage", [cover_fact(row, unit, keyring, day) for row, unit in named.covered]),
        "plan": table("plan", [plan_fact(row, unit) for row, unit in named.planned]),
    }
    return Orgs(facts, _register(listed, keyring), pa.Table.from_pylist(named.lost, schema=LOST))


@dataclass(frozen=True)
class Named:
    """The units that rows of organization and plan rosters name: pairs of a row and a unit; `lost` as in `Orgs`."""

    covered: list[tuple[dict[str, Any], int]]
    planned: list[tuple[dict[str, Any], int]]
    lost: list[dict[str, Any]]


def named_units(
    listed: list[dict[str, Any]], plans: list[dict[str, Any]], units: Units, where: Map, keyring: Keyring
) -> Named:
    """Find the units that rows of organization rosters (with their `place`) and of plans name."""
    finder = Finder(units, where, keyring)
    covers = [(row, text, finder.ask(*_name_or_code(text), row["place"])) for row in listed for text in _units(row)]
    planned = [(row, finder.ask(row["name"], row["unit_code"], where.scope)) for row in plans]
    found = finder.answers()
    unit_of = {question: unit for question, unit in found.items() if unit not in units.public}
    lost = [_lost(row, text) for row, text, q in covers if q not in found]
    lost += [_lost(row, row["name"] or row["unit_code"]) for row, q in planned if q not in found]
    return Named(
        [(row, unit_of[q]) for row, _, q in covers if q in unit_of],
        [(row, unit_of[q]) for row, q in planned if q in unit_of],
        lost,
    )


LOST = pa.schema([(n, pa.string()) for n in ("来源文件", "工作表", "行号", "写的单位")])


def _lost(row: dict[str, Any], text: str | None) -> dict[str, Any]:
    return {
        "来源文件": row["source_file"],
        "工作表": row["source_sheet"],
        "行号": str(row["source_row"]),
        "写的单位": text,
    }


def _once(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first row of each organization."""
    first: dict[str | None, dict[str, Any]] = {}
    for row in rows:
        first.setdefault(org_name(row["org"]), row)
    return [row for name, row in first.items() if name]


def _place(row: dict[str, Any], where: Map) -> str:
    return where.place(*(row.get(part) for part in PARTS))


def _units(row: dict[str, Any]) -> list[str]:
    return [text.strip() for text in SEPARATORS.split(row["units"] or "") if text.strip()]


def _name_or_code(text: str) -> tuple[str | None, str | None]:
    is_code = len(text) in (15, 18) and text.isascii()
    return (None, text) if is_code else (text, None)


@lru_cache(maxsize=65_536)  # the rows of members name the same few organizations again and again
def org_key(keyring: Keyring, name: str | None) -> int | None:
    """The key of an organization by its written name; empty where the name says nothing."""
    plain = org_name(name)
    return keyring.key("org", plain) if plain else None


def org_fact(row: dict[str, Any], keyring: Keyring, day: date) -> dict[str, Any]:
    """What a row of an organization roster (with its `place`) says of the organization."""
    since = row["founded_on"] or day
    return {
        "org": org_key(keyring, row["org"]), "place": row["place"], "kind": row["kind"],
        "system": row["system"] or "enterprise", "superior": org_key(keyring, row["superior"]), "since": since,
        "until": row["dissolved_on"],
    }  # fmt: skip


def cover_fact(row: dict[str, Any], unit: int, keyring: Keyring, day: date) -> dict[str, Any]:
    """The unit that a row of an organization roster says is covered, how and since when."""
    mode = MODE_OF_KIND.get(row["kind"]) or row["mode"] or "single"
    return {
        "unit": unit, "org": org_key(keyring, row["org"]), "mode": mode, "since": row["founded_on"] or day,
        "until": row["dissolved_on"],
    }  # fmt: skip


def plan_fact(row: dict[str, Any], unit: int) -> dict[str, Any]:
    """The unit in the plan of a row."""
    return {"plan": row["plan"], "unit": unit, "deadline": row["deadline"], "since": row["frozen_on"], "until": None}


def _register(rows: list[dict[str, Any]], keyring: Keyring) -> pa.Table:
    made = [
        {"org": org_key(keyring, row["org"]), "name": row["org"], "source_file": row["source_file"],
         "source_sheet": row["source_sheet"], "source_row": row["source_row"]}
        for row in _once(rows)
    ]  # fmt: skip
    names = [("org", pa.int64()), ("name", pa.string()), ("source_file", pa.string()), ("source_sheet", pa.string()),
             ("source_row", pa.int64())]  # fmt: skip
    return pa.Table.from_pylist(made, schema=pa.schema(names))
