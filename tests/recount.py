"""The indicators once more in plain Python, row by row, with no table engine: what the engine must agree with."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from dishu.standards import law

SECTOR = ("enterprise", "association", "market")


def months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = [31, 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return date(year, month + 1, min(day.day, last[month]))


class World:
    """Facts (name -> list of dicts) seen on one day."""

    def __init__(self, facts: dict[str, list[dict]], day: date) -> None:
        self.facts, self.day = facts, day
        rules = law.at(day)
        self.least = rules.value("branch_min_full_members")
        self.margin = rules.value("at_risk_margin")
        self.size = rules.value("designated_size_industry_wan") * 10_000
        self.fresh = rules.value("verification_valid_months")
        self.work_months = rules.value("work_valid_months")
        self.orgs = {row["org"]: row for row in self.on("org")}
        self.covers = defaultdict(list)
        for row in self.on("coverage"):
            self.covers[row["unit"]].append(row)
        self.members = self._members()
        self.units = self._units()
        self.branches = self._orgs()

    def on(self, name: str) -> list[dict]:
        return [r for r in self.facts[name] if r["since"] <= self.day and (r["until"] is None or self.day < r["until"])]

    def _verified(self, row: dict) -> bool:
        if row["channel"] not in ("phoned", "visited", "confirmed") or row["verified_on"] is None:
            return False
        return row["verified_on"] <= self.day < months_later(row["verified_on"], self.fresh)

    def _above(self, row: dict) -> bool:
        industrial = (row["industry"] or " ")[0] in "BCD"
        return row["kind"] == "enterprise" and industrial and (row["turnover"] or 0) >= self.size

    def _members(self) -> list[dict]:
        units = {row["unit"]: row for row in self.on("unit")}
        found = []
        for row in self.on("member"):
            key = row["member"]
            jobs = [r["unit"] for r in self.on("employment") if r["member"] == key]
            claims = {r["org"] for r in self.on("affiliation") if r["member"] == key}
            shown = [r["shown"] for r in self.on("identity") if r["member"] == key]
            unit = units.get(min(jobs)) if jobs else None
            org = next(iter(claims)) if len(claims) == 1 else None
            found.append({
                "key": key, "place": unit["place"] if unit else row["place"], "unit": min(jobs) if jobs else None,
                "full": row["standing"] == "full", "verified": self._verified(row), "org": org,
                "affiliation": self._affiliation(claims), "shown": max(shown) if shown else None,
                "participates": any(r["member"] == key for r in self.on("participation")),
                "superior": self.orgs[org]["superior"] if org in self.orgs else None,
            })  # fmt: skip
        return found

    def _affiliation(self, claims: set) -> str:
        if not claims:
            return "unknown"
        if len(claims) > 1:
            return "contradicting"
        org = self.orgs.get(next(iter(claims)))
        if org is None:
            return "unlisted"
        return "here" if org["system"] in SECTOR else org["system"]

    def _units(self) -> list[dict]:
        planned = {r["unit"] for r in self.on("plan")}
        guided = {r["unit"] for r in self.on("instructor")}
        worked = {
            r["unit"] for r in self.facts["work"]
            if r["since"] <= self.day < months_later(r["since"], self.work_months)
        }  # fmt: skip
        found = []
        for row in self.on("unit"):
            mine = [m for m in self.members if m["unit"] == row["unit"]]
            here = [m for m in mine if m["affiliation"] == "here"]
            covers = self.covers[row["unit"]]
            superiors = {m["superior"] for m in mine if m["superior"] is not None}
            single = [c for c in covers if c["mode"] == "single"]
            found.append({
                "key": row["unit"], "place": row["place"], "kind": row["kind"], "verified": self._verified(row),
                "surveyed": row["surveyed"], "employees": row["employees"], "above_size": self._above(row),
                "members": len(mine), "full": sum(m["full"] for m in here),
                "full_present": sum(m["full"] for m in mine), "own": bool(single), "split": len(superiors) > 1,
                "several": len(here) > 1,
                "clear": not [m for m in mine if m["affiliation"] in ("unknown", "contradicting", "unlisted")],
                "covered": any(c["mode"] != "functional" for c in covers), "in_plan": row["unit"] in planned,
                "functional": any(c["mode"] == "functional" for c in covers),
                "guided": row["unit"] in guided, "worked": row["unit"] in worked,
            })  # fmt: skip
        return found

    def _orgs(self) -> list[dict]:
        found = []
        for key, row in self.orgs.items():
            full = sum(m["full"] for m in self.members if m["org"] == key)
            firms = {u["key"] for u in self.units if u["kind"] == "enterprise"}
            found.append({
                "key": key, "place": row["place"], "full": full, "sector": row["system"] in SECTOR, "kind": row["kind"],
                "firms": any(c["org"] == key and c["mode"] != "functional" for u in firms for c in self.covers[u]), "verified": any(m["org"] == key for m in self.members),
                "branch": row["system"] in SECTOR and row["kind"] in ("branch", "joint_branch"),
            })  # fmt: skip
        return found


def outcome(held: bool | None) -> str:
    return "unknown" if held is None else "held" if held else "failed"


def _work(u: dict) -> bool | None:
    reached = u["covered"] or u["functional"] or u["guided"] or u["worked"]
    return True if reached else None if u["surveyed"] is None else False


def _known(m: dict) -> bool | None:
    return None if m["affiliation"] == "unknown" else m["affiliation"] in ("here", "territory", "origin")


#: code -> which rows, who is among them, who passes (None = unknown).
TESTS = {
    "base_known": ("units", lambda w, u: True, lambda w, u: {None: None, "known": True}.get(u["surveyed"], False)),
    "identity_shown": ("members", lambda w, m: True, lambda w, m: m["shown"]),
    "affiliation_held": ("members", lambda w, m: True, lambda w, m: _known(m)),
    "single_formed": ("units", lambda w, u: u["full"] >= w.least, lambda w, u: u["own"]),
    "joint_formed": ("units", lambda w, u: u["members"] > 0 and u["full"] < w.least, lambda w, u: u["covered"]),
    "work_covered": ("units", lambda w, u: True, lambda w, u: _work(u)),
    "single_condition_known": (
        "units", lambda w, u: u["members"] > 0, lambda w, u: u["surveyed"] == "known" and u["clear"],
    ),
    "single_formed_present": ("units", lambda w, u: u["full_present"] >= w.least, lambda w, u: u["own"]),
    "org_coverage": ("units", lambda w, u: True, lambda w, u: u["covered"]),
    "plan_progress": ("units", lambda w, u: u["in_plan"], lambda w, u: u["covered"]),
    "plan_progress_all": ("units", lambda w, u: u["above_size"], lambda w, u: u["covered"]),
    "affiliation_split": ("units", lambda w, u: u["several"], lambda w, u: u["split"]),
    "affiliation_contradicting": (
        "members", lambda w, m: True, lambda w, m: m["affiliation"] == "contradicting",
    ),
    "branches_at_risk": (
        "branches", lambda w, o: o["branch"], lambda w, o: w.least <= o["full"] <= w.least + w.margin,
    ),
    "t27_08": ("branches", lambda w, o: o["kind"] == "joint_branch" and o["sector"] and o["firms"], lambda w, o: True),
    "branches_below_minimum": ("branches", lambda w, o: o["branch"], lambda w, o: o["full"] < w.least),
    "verified": ("units", lambda w, u: True, lambda w, u: u["verified"]),
    "t27_09": ("units", lambda w, u: u["kind"] == "enterprise", lambda w, u: not u["covered"] and u["full"] >= w.least),
    "t27_11": ("units", lambda w, u: u["kind"] == "enterprise", lambda w, u: not u["covered"] and u["members"] == 0),
}  # fmt: skip


def recount(facts: dict[str, list[dict]], day: date) -> dict[str, dict[int, str]]:
    """code -> {key: outcome} of all rows in the population."""
    world = World(facts, day)
    found = {}
    for code, (rows, among, holds) in TESTS.items():
        found[code] = {r["key"]: outcome(holds(world, r)) for r in getattr(world, rows) if among(world, r)}
    return found
