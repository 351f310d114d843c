"""Who has members and no organization, what each of them qualifies for, and a plan for the small ones that leaves all else as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa

from dishu.engine.facts import View
from dishu.engine.figures import States
from dishu.engine.plan import from_edition, job, limits
from dishu.engine.plan.files import Taken, committee_of
from dishu.engine.plan.model import Scheme, Unit
from dishu.engine.territory import Tree
from dishu.standards import law
from dishu.standards.qualify import Qualification, qualify

#: A plan beside a report takes seconds, not minutes: at most so many units, and so many chance moves for each.
MOST_UNITS, MOST_MOVES, SECONDS = 8_000, 1_000, 10.0


@dataclass(frozen=True)
class Own:
    """A unit that should form its own organization, by the full members at work. `ready`: their affiliation is there, too."""

    unit: Unit
    found: Qualification
    ready: bool


@dataclass(frozen=True)
class Without:
    """Units of a place with members and no organization on a day, each in one of four parts, and who else is alone.

    `own`: enough full members at work; `small`: one or two, all of them in `plan` but those `cut`, whose townships did
    not fit into it; `none`: no full member. `alone`: by township, units without a member whom no organization and no
    instructor reaches; `room`: by township, units its instructors could still take.
    """

    place: str
    own: tuple[Own, ...]
    none: tuple[Unit, ...]
    plan: job.Plan | None
    cut: tuple[Unit, ...]
    grown: int
    alone: Mapping[str, int]
    room: Mapping[str, int]

    @property
    def small(self) -> tuple[Unit, ...]:
        """The units too small for an organization of their own."""
        return (*(self.plan.task.taken.units if self.plan else ()), *self.cut)

    @property
    def total(self) -> int:
        """All units with members and no organization."""
        return len(self.own) + len(self.none) + len(self.small)

    def instructors(self, each: int) -> dict[str, int]:
        """How many more instructors each township needs, when one looks after `each` units: none where there is room.

        >>> Without("1", (), (), None, (), 0, {"a": 21, "b": 3}, {"b": 5}).instructors(20)
        {'a': 2, 'b': 0}
        """
        return {town: max(0, -(-(n - self.room.get(town, 0)) // each)) for town, n in self.alone.items()}


def find(
    states: States, view: View, tree: Tree, place: str, day: date, names: Mapping[str, str],
    solve: Callable[..., Scheme] | None = None, most: int = MOST_UNITS,
) -> Without:  # fmt: skip
    """All that `Without` says of a place. `names`: of places, units and organizations by id. `most`: units planned at most.

    `solve` is `solve.plan` unless another is given; loaded only where there is something to plan, since it brings a compiler.
    Same facts, same answer: effort is counted in moves, not in seconds. `job.PlanWrong` where the independent checker
    disagrees; `law.OutsideDates` before the law knows joint branches.
    """
    state = states["unit"]
    bare = from_edition.inside(state.filter((state.members > 0) & (state.own == "none") & ~state.covered), tree, place)
    taken = from_edition.taken(bare, from_edition.inside(states["org"], tree, place), view, names, day)
    ready = {str(row["unit"]) for row in bare if row["qualified"]}
    small, cut = _fitting(taken.units, most)
    own = tuple(Own(unit, qualify(unit.full, unit.members, day), unit.unit_id in ready) for unit in taken.own)
    return Without(
        place, own, _without_full(bare, taken), _plan(replace(taken, units=small), day, solve), cut,
        len(from_edition.inside(state.filter(state.qualified & (state.own == "none") & state.covered), tree, place)), _alone(states, tree, place), _room(states, tree, place, day),
    )  # fmt: skip


def _fitting(units: Sequence[Unit], most: int) -> tuple[tuple[Unit, ...], tuple[Unit, ...]]:
    """Whole townships, the largest first, as long as they fit; and the units of the others."""
    sizes, left, chosen = Counter(unit.committee for unit in units), most, set()
    for town, size in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0])):
        if size <= left:
            chosen.add(town)
            left -= size
    return tuple(u for u in units if u.committee in chosen), tuple(u for u in units if u.committee not in chosen)


def _plan(taken: Taken, day: date, solve: Callable[..., Scheme] | None) -> job.Plan | None:
    if not taken.units:
        return None
    from dishu.engine.plan import solve as solver  # here: it brings a compiler

    effort = min(MOST_MOVES, solver.effort_for(SECONDS, len(taken.units)))
    return job.make(
        job.Task(taken, day, from_edition.prices(), limits.at(day), effort=effort), solve or solver.plan
    )  # fmt: skip


def _without_full(bare: Sequence[Mapping[str, Any]], taken: Taken) -> tuple[Unit, ...]:
    known = {unit.unit_id for unit in (*taken.units, *taken.own)}
    return tuple(from_edition.bare_unit(row) for row in bare if str(row["unit"]) not in known)


def _alone(states: States, tree: Tree, place: str) -> dict[str, int]:
    """Units without a member (where the law asks for an instructor) that have neither organization nor instructor."""
    s = states["unit"]
    alone = s.filter((s.members == 0) & ~s.covered & ~s.in_functional & ~s.instructed)
    counts = alone.group_by("place").agg(units=alone.count()).to_pyarrow()
    inside = tree.lattice.within(place, counts["place"].to_pylist())
    found = Counter[str]()
    for row in counts.filter(pa.array(inside, pa.bool_())).to_pylist():
        found[committee_of(row["place"])] += row["units"]
    return dict(sorted(found.items()))


def _room(states: States, tree: Tree, place: str, day: date) -> dict[str, int]:
    each, found = law.at(day).value("instructor_planned_max_units"), Counter[str]()
    for row in from_edition.inside(states["instructor"], tree, place):
        found[committee_of(row["place"])] += max(0, each - int(row["units"]))
    return dict(sorted(found.items()))
