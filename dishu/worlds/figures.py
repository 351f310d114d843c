"""The figures a perfect reading of the rosters must give, counted from the truth in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from dishu.worlds.model import Member, Org, Plan, Unit, World
from dishu.worlds.towns import Place

COLUMNS = ("indicator", "place", "name", "total", "held", "failed", "unknown", "share")
SECTOR = ("enterprise", "association", "market")
MINIMUM = 3  # full members, in force throughout
Outcome = bool | None  # held, failed; None: nobody has looked


@dataclass(slots=True)
class Count:
    """One cell of the table; held + failed + unknown = total."""

    held: int = 0
    failed: int = 0
    unknown: int = 0

    def add(self, outcome: Outcome, weight: int = 1) -> None:
        if outcome is None:
            self.unknown += weight
        elif outcome:
            self.held += weight
        else:
            self.failed += weight

    @property
    def total(self) -> int:
        return self.held + self.failed + self.unknown


@dataclass(slots=True)
class Known:
    """The truth arranged by unit and organization, on the world's day."""

    made: World
    staff: dict[str, list[Member]] = field(default_factory=lambda: defaultdict(list))
    modes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    full: Counter[str] = field(default_factory=Counter)
    formed: set[str] = field(default_factory=set)  # organizations that came under a plan
    planned: set[str] = field(default_factory=set)

    def here(self, who: Member) -> bool:
        return who.org is not None and who.org.system in SECTOR

    def covered(self, unit: Unit) -> bool:
        return bool(self.modes[unit.key] & {"single", "joint", "attached"})

    def qualified(self, unit: Unit) -> bool:
        return sum(m.standing == "full" and self.here(m) for m in self.staff[unit.key]) >= MINIMUM


def _known(made: World) -> Known:
    known = Known(made)
    for who in made.at_work():
        known.staff[who.unit.key].append(who)
        if who.org and who.standing == "full":
            known.full[who.org.key] += 1
    for plan in made.plans:
        known.planned |= {u.key for u in plan.units}
    for org in made.orgs:
        for unit in org.units:
            known.modes[unit.key].add(str(org.mode))
            if any(_under(plan, org, unit) for plan in made.plans):
                known.formed.add(org.key)
    return known


def _under(plan: Plan, org: Org, unit: Unit) -> bool:
    return org.mode != "functional" and org.founded_on >= plan.frozen_on and unit in plan.units


def figures(made: World) -> Iterator[tuple[object, ...]]:
    """One row per indicator and place (scope, counties, townships) where there is anything to count."""
    known = _known(made)
    names = {p.code: p.name for p in made.towns.by_code.values()}
    cells: dict[tuple[str, str], Count] = defaultdict(Count)
    widths = [width for width in (4, 6, 9) if width >= len(made.scope)]

    def put(indicator: str, place: Place | None, outcome: Outcome, weight: int = 1) -> None:
        if place:
            for width in widths:
                if len(place.code) >= width:
                    cells[indicator, place.code[:width]].add(outcome, weight)

    still = [u for u in made.units if u.closed_on is None or u.closed_on > made.day]
    for unit in still:
        for code, (among, holds) in UNIT.items():
            if among(known, unit):
                put(code, unit.place, holds(known, unit))
        for code in ("employees", "assets", "turnover"):
            put(code, unit.place, True, getattr(unit, code) or 0)
        put("members_of_employees", unit.place, True, len(known.staff[unit.key]))
        put("members_of_employees", unit.place, False, unit.employees - len(known.staff[unit.key]))
    for who in made.at_work():
        for code, test in MEMBER.items():
            put(code, who.unit.place, test(known, who))
    for org in made.orgs:
        if org.system in SECTOR and org.kind in ("branch", "joint_branch"):
            put("branches_at_risk", org.place, known.full[org.key] == MINIMUM)
            if org.key in known.formed:
                put("new_branches_at_risk", org.place, known.full[org.key] == MINIMUM)
    for (indicator, place), n in sorted(cells.items()):
        if n.total:
            share = f"{n.held / n.total:.4f}"
            yield indicator, place, names.get(place, made.name), n.total, n.held, n.failed, n.unknown, share


def _surveyed(known: Known, unit: Unit) -> Outcome:
    return None if unit.surveyed is None else unit.surveyed == "known"


def _worked(known: Known, unit: Unit) -> Outcome:
    reached = known.modes[unit.key] or unit.instructor or unit.work_on
    return True if reached else None if unit.surveyed is None else False


def _every(known: Known, unit: Unit) -> bool:
    return True


def _own(known: Known, unit: Unit) -> bool:
    return "single" in known.modes[unit.key]


Test = Callable[[Known, Unit], Outcome]
UNIT: dict[str, tuple[Callable[[Known, Unit], bool], Test]] = {
    "units": (_every, _every),
    "enterprises": (lambda k, u: u.kind == "enterprise", _every),
    "above_size_units": (lambda k, u: u.above_size, _every),
    "base_known": (_every, _surveyed),
    "work_covered": (_every, _worked),
    "org_coverage": (_every, Known.covered),
    "single_formed": (Known.qualified, _own),
    "joint_formed": (lambda k, u: bool(k.staff[u.key]) and not k.qualified(u), Known.covered),
    "single_orgs_of_units": (lambda k, u: u.kind == "enterprise", _own),
    "plan_progress": (lambda k, u: u.key in k.planned, Known.covered),
    "plan_progress_qualifying": (lambda k, u: u.key in k.planned or u.role == "newcomer", Known.covered),
    "newcomers_formed": (lambda k, u: u.role == "newcomer", Known.covered),
}
MEMBER: dict[str, Callable[[Known, Member], Outcome]] = {
    "members": lambda k, m: True,
    "full_members": lambda k, m: m.standing == "full",
    "identity_shown": lambda k, m: None if m.shown is None else m.shown == "yes",
    "affiliation_held": lambda k, m: None if not m.claims else len(m.claims) == 1,
    "affiliation_unknown": lambda k, m: not m.claims,
    "affiliation_contradicting": lambda k, m: len(m.claims) > 1,
}
