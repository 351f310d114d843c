"""The facts of one county of R1 or R10: whole columns at once, from the county's own dice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from dishu.engine.facts import schema
from dishu.worlds.big_tree import BigTree

Array = Any
DAY = "datetime64[D]"
LAST = np.datetime64("2026-10-31")
NEVER = np.datetime64("NaT", "D")
SOURCES = ("企业党员花名册", "社区报到名册", "协会党员名册")
PLAN_FROZEN, PLAN_DEADLINE = np.datetime64("2024-01-15"), np.datetime64("2026-12-31")
# Industries of enterprises (letters with the class) and of individual businesses, with their shares.
FIRM_TRADES = {
    "C13": 4,
    "C18": 4,
    "C26": 3,
    "C34": 5,
    "D44": 1,
    "E48": 8,
    "F51": 30,
    "G54": 5,
    "H62": 8,
    "I65": 10,
    "L72": 12,
    "O80": 10,
}
SHOP_TRADES = {"F52": 60, "H62": 20, "O80": 14, "C13": 3, "G54": 3}
CONTROLS = {
    "private": 45,
    "private_sole": 40,
    "hmt_invested": 2,
    "foreign_invested": 2,
    "hmt": 2,
    "hmt_sole": 1,
    "foreign": 1,
    "foreign_sole": 1,
    None: 6,
}
CHANNELS = {"reported": 30, "phoned": 30, "visited": 30, "confirmed": 10}


#: Members, organizations, instructors and work are found in so many of the units; the others are only registered.
REACHED = 0.24


class County:
    """One county. `units`, `members`, `coverages`: its running numbers, unique in the whole edition."""

    def __init__(
        self, tree: BigTree, number: int, seed: int, span: tuple[date, date],
        units: range, members: range, coverages: range,
    ) -> None:  # fmt: skip
        self.dice = np.random.default_rng([seed, number])
        self.villages = tree.villages_of(number)
        self.abroad = tree.villages
        self.began, self.day = (np.datetime64(day) for day in span)
        self.units = np.arange(units.start, units.stop) + 1
        self.reached = np.sort(self.dice.choice(self.units, size=int(len(self.units) * REACHED), replace=False))
        self.members = np.arange(members.start, members.stop) + 1
        self.coverages = len(coverages)
        self.number = number

    def tables(self) -> dict[str, pa.Table]:
        """All tables but the places."""
        unit = self._units()
        org = self._orgs()
        cover = self._coverage(org)
        jobs = self._employment(cover)
        made = {"unit": unit, "org": org, "coverage": cover, "employment": jobs, **self._people(org, jobs)}
        made |= {"instructor": self._instructors(), "plan": self._plan(), "work": self._work()}
        return {name: _table(name, columns) for name, columns in made.items()}

    # --- units

    def _units(self) -> dict[str, Array]:
        """About 1.3 rows a unit: moved, grown or shrunk, surveyed at last; a sixth have closed."""
        many, dice = len(self.units), self.dice
        versions = 1 + (dice.random(many) < 0.26) + (dice.random(many) < 0.06)
        self.opened = np.where(dice.random(many) < 0.3, self.began, self._days(many, 7300))
        closes = dice.random(many) < 0.16
        self.closed = np.where(closes, self.opened + self._span(many, 200, 4000), NEVER)
        self.closed[~(self.closed < self.day)] = NEVER
        row, nth = _repeat(versions)
        since, until = self._versions(versions, row, nth)
        firm = dice.random(many) < 0.25
        kind = np.where(firm, 0, np.where(dice.random(many) < 0.002, 2, 1))
        columns = {"unit": self.units[row], "since": since, "until": until, "place": self._places(row, nth)}
        columns["kind"] = _words(kind[row], ("enterprise", "individual_business", "market"))
        columns |= self._business(firm[row], row)
        columns |= self._surveyed(since, until, nth, versions[row])
        keep = (since < until) | np.isnat(until)
        self.firms = self.units[firm]
        return {name: _take(column, keep) for name, column in columns.items()}

    def _versions(self, versions: Array, row: Array, nth: Array) -> tuple[Array, Array]:
        end = np.where(np.isnat(self.closed), self.day, self.closed)[row]
        life = (end - self.opened[row]).astype(int)
        cut = np.where(nth == 0, 0, nth / versions[row] + self.dice.uniform(-0.15, 0.15, len(row)))
        since = self.opened[row] + (life * cut).astype(int)
        until = np.append(since[1:], NEVER)
        last = nth == versions[row] - 1
        until[last] = self.closed[row][last]
        return since, until

    def _places(self, row: Array, nth: Array) -> Array:
        dice = self.dice
        homes = dice.integers(len(self.villages), size=len(self.units))[row]
        moved = (nth > 0) & (dice.random(len(row)) < 0.3)
        homes[moved] = dice.integers(len(self.villages), size=int(moved.sum()))
        places = self.villages[homes]
        far = moved & (dice.random(len(row)) < 0.15)
        places[far] = self.abroad[dice.integers(len(self.abroad), size=int(far.sum()))]
        return places

    def _business(self, firm: Array, row: Array) -> dict[str, Array]:
        dice, many = self.dice, len(row)
        people = np.where(firm, dice.lognormal(1.1, 1.1, many) + 1, 1 + dice.poisson(0.35, many)).astype("int64")
        turnover = (people * dice.lognormal(12.2, 0.8, many)).astype("int64") // 1000 * 1000
        trades = np.where(firm, self._of(FIRM_TRADES, many), len(FIRM_TRADES) + self._of(SHOP_TRADES, many))
        member = dice.random(many) < 0.06
        asked = dice.random(many) < 0.45
        return {
            "control": _words(np.where(firm, self._of(CONTROLS, many), len(CONTROLS) - 1), tuple(CONTROLS)),
            "industry": _words(np.where(dice.random(many) < 0.04, -1, trades), (*FIRM_TRADES, *SHOP_TRADES)),
            "employees": _maybe(people, dice.random(many) < 0.95),
            "assets": _maybe(turnover // 2, firm & (dice.random(many) < 0.8)),
            "turnover": _maybe(turnover, dice.random(many) < 0.85),
            "legal_rep_member": _maybe(member, asked | member),
            "legal_rep_secretary": _maybe(member & (dice.random(many) < 0.2), member),
        }

    def _surveyed(self, since: Array, until: Array, nth: Array, versions: Array) -> dict[str, Array]:
        """The later a row, the likelier somebody has asked; a third of the rows were looked at in person."""
        dice, many = self.dice, len(since)
        state = dice.choice(3, p=[0.5, 0.1, 0.4], size=many)
        looked = (state < 2) & (dice.random(many) < 0.7)
        end = np.where(np.isnat(until), self.day, until)
        on = since + ((end - since).astype(int) * dice.random(many)).astype(int)
        return {
            "surveyed": _words(np.where(state == 2, -1, state), ("known", "unclear")),
            "verified_on": np.where(looked, on, NEVER),
            "channel": _words(np.where(looked, self._of(CHANNELS, many), -1), tuple(CHANNELS)),
        }

    # --- organizations and what they cover

    def _orgs(self) -> dict[str, Array]:
        """Branches of enterprises, joint branches of the streets, and one of the territory in each village."""
        dice = self.dice
        own, joint, villages = len(self.units) // 80, len(self.units) // 100, len(self.villages)
        many = own + joint + villages + 1
        first = (self.number + 1) * 1_000_000
        group = np.repeat([0, 1, 2, 3], [own, joint, villages, 1])
        kinds = np.where(group == 0, dice.choice(3, p=[0.93, 0.05, 0.02], size=many), group + 2)
        system = np.where(group == 1, dice.choice(3, p=[0.4, 0.4, 0.2], size=many), np.array([0, 0, 3, 1])[group])
        since = np.where(group < 2, self._days(many, 6800), self.began)
        ended = (group < 2) & (dice.random(many) < 0.08)
        until = np.where(ended, since + self._span(many, 700, 4000), NEVER)
        self.own, self.joint, self.territory = (first + np.flatnonzero(group == g) for g in range(3))
        place = np.where(group == 2, np.arange(many) - own - joint, dice.integers(villages, size=many))
        return {
            "org": first + np.arange(many), "place": self.villages[place],
            "kind": _words(kinds, ("branch", "general_branch", "committee", "joint_branch", "branch", "committee")),
            "system": _words(system, ("enterprise", "association", "market", "territory")),
            "superior": _maybe(np.full(many, first + many - 1) - dice.integers(3, size=many), group < 2),
            "since": since, "until": until,
        }  # fmt: skip

    def _coverage(self, org: dict[str, Array]) -> dict[str, Array]:
        dice = self.dice
        single = dice.choice(self.reached, size=min(len(self.own), self.coverages // 4), replace=False)
        rest = self.coverages - len(single)
        mode = np.concatenate([np.zeros(len(single), int), dice.choice([1, 2, 3], p=[0.45, 0.25, 0.3], size=rest)])
        units = np.concatenate([single, dice.choice(self.reached, size=rest)])
        orgs = np.concatenate([self.own[: len(single)], dice.choice(self.joint, size=rest)])
        since = np.maximum(self.opened[units - self.units[0]], self._days(len(units), 7000))
        until = np.where(dice.random(len(units)) < 0.25, since + self._span(len(units), 100, 3000), NEVER)
        modes = ("single", "joint", "attached", "functional")
        return {"unit": units, "org": orgs, "mode": _words(mode, modes), "since": since, "until": until}

    def _instructors(self) -> dict[str, Array]:
        many = len(self.units) * 3 // 100
        since = self._days(many, 7000)
        until = np.where(self.dice.random(many) < 0.6, since + self._span(many, 200, 1500), NEVER)
        who = self.number * 1_000_000 + self.dice.integers(max(many // 3, 1), size=many)
        return {"instructor": who, "unit": self.dice.choice(self.reached, size=many), "since": since, "until": until}

    def _plan(self) -> dict[str, Array]:
        firms = np.intersect1d(self.firms, self.reached)
        units = self.dice.choice(firms, size=len(firms) // 3, replace=False)
        many = len(units)
        plan = np.full(many, f"第{self.number + 1}县组建计划")
        return {"plan": plan, "unit": units, "deadline": np.full(many, PLAN_DEADLINE),
                "since": np.full(many, PLAN_FROZEN), "until": np.full(many, NEVER)}  # fmt: skip

    def _work(self) -> dict[str, Array]:
        many = len(self.units) * 15 // 100
        kinds = _words(self.dice.integers(3, size=many), ("activity", "visit", "training"))
        return {"unit": self.dice.choice(self.reached, size=many), "kind": kinds, "since": self._days(many, 7300)}

    # --- members

    def _employment(self, cover: dict[str, Array]) -> dict[str, Array]:
        """Most work where there is an organization, many of them together; a fifth have changed once."""
        dice, many = self.dice, len(self.members)
        single, others = cover["unit"][: len(self.own)], cover["unit"][len(self.own) :]
        where = dice.random(many)
        units = np.where(where < 0.35, dice.choice(single, size=many), dice.choice(self.reached, size=many))
        units = np.where((where >= 0.35) & (where < 0.65), dice.choice(others, size=many), units)
        self.joined = self._days(many, 7000)
        row, nth = _repeat(1 + (dice.random(many) < 0.2))
        later = dice.choice(self.reached, size=len(row))
        since = self.joined[row] + np.where(nth > 0, self._span(len(row), 200, 2500), 0)
        until = np.where(dice.random(len(row)) < 0.1, since + self._span(len(row), 100, 3000), NEVER)
        before = np.flatnonzero(nth > 0) - 1
        until[before] = since[before + 1]
        self.unit_of = units
        return {"member": self.members[row], "unit": np.where(nth > 0, later, units[row]),
                "role": _words(dice.integers(2, size=len(row)), ("owner", "employee")),
                "since": since, "until": until}  # fmt: skip

    def _people(self, org: dict[str, Array], jobs: dict[str, Array]) -> dict[str, dict[str, Array]]:
        return {
            "member": self._member(), "affiliation": self._affiliation(),
            "participation": self._some(0.3, {"org": lambda n: self.dice.choice(self.joint, size=n)}),
            "identity": self._some(0.7, {"shown": lambda n: self.dice.random(n) < 0.85}),
        }  # fmt: skip

    def _member(self) -> dict[str, Array]:
        """A tenth became full members within the time."""
        dice, many = self.dice, len(self.members)
        grown = dice.random(many) < 0.12
        row, nth = _repeat(1 + grown)
        since = self.joined[row] + np.where(nth > 0, 365, 0)
        until = np.where(dice.random(len(row)) < 0.04, since + self._span(len(row), 400, 3000), NEVER)
        until[np.flatnonzero(nth > 0) - 1] = since[nth > 0]
        probationary = (grown[row] & (nth == 0)) | (dice.random(len(row)) < 0.02)
        looked = dice.random(len(row)) < 0.5
        on = np.where(looked, since + self._span(len(row), 0, 3000), NEVER)
        channel = _words(np.where(looked, self._of(CHANNELS, len(row)), -1), tuple(CHANNELS))
        village = self.villages[dice.integers(len(self.villages), size=many)]
        return {"member": self.members[row], "place": village[row], "verified_on": on, "channel": channel,
                "standing": _words(probationary.astype(int), ("full", "probationary")),
                "since": since, "until": until}  # fmt: skip

    def _affiliation(self) -> dict[str, Array]:
        """Half in the sector, the others in a village or nowhere known; some claimed by two at once, some moved."""
        dice, many = self.dice, len(self.members)
        claims = dice.choice([0, 1, 2, 3], p=[0.07, 0.8, 0.1, 0.03], size=many)  # none, one, moved, contradicting
        row, nth = _repeat(np.array([0, 1, 2, 2])[claims])
        place = dice.random(many)
        # The members of one unit mostly share its branch, so that some branches have three and more.
        own = self.own[self.unit_of % len(self.own)]
        orgs = np.where(place < 0.4, own, np.where(place < 0.6, dice.choice(self.joint, size=many),
                        dice.choice(self.territory, size=many)))[row]  # fmt: skip
        orgs = np.where(nth > 0, dice.choice(self.territory, size=len(row)), orgs)
        moved = claims[row] == 2
        since = self.joined[row] + np.where(moved & (nth > 0), self._span(many, 100, 3000)[row], 0)
        until = np.where(dice.random(len(row)) < 0.06, since + self._span(len(row), 500, 3000), NEVER)
        before = np.flatnonzero(moved & (nth > 0)) - 1
        until[before] = since[before + 1]
        sources = _words(nth + dice.integers(2, size=len(row)), SOURCES)
        return {"member": self.members[row], "org": orgs, "source": sources, "since": since, "until": until}

    def _some(self, part: float, more: dict[str, Any]) -> dict[str, Array]:
        """One dated row for a part of the members."""
        chosen = np.flatnonzero(self.dice.random(len(self.members)) < part)
        many = len(chosen)
        since = self.joined[chosen] + self._span(many, 0, 2000)
        until = np.where(self.dice.random(many) < 0.1, since + self._span(many, 100, 2000), NEVER)
        made = {name: make(many) for name, make in more.items()}
        return {"member": self.members[chosen], **made, "since": since, "until": until}

    # --- dice

    def _days(self, many: int, length: int) -> Array:
        return self.began + self.dice.integers(length, size=many)

    def _span(self, many: int, least: int, most: int) -> Array:
        return self.dice.integers(least + 1, most, size=many)

    def _of(self, weights: dict[Any, int], many: int) -> Array:
        shares = np.array(list(weights.values())) / sum(weights.values())
        return np.searchsorted(shares.cumsum(), self.dice.random(many)).clip(max=len(shares) - 1)


def _repeat(times: Array) -> tuple[Array, Array]:
    """For each thing as many rows as told: which thing, and which of its rows."""
    row = np.repeat(np.arange(len(times)), times)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)


def _words(codes: Array, words: Sequence[str | None]) -> pa.Array:
    """Texts by their number; negative: empty."""
    numbers = pa.array(np.asarray(codes, "int32"), mask=np.asarray(codes) < 0)
    return pa.DictionaryArray.from_arrays(numbers, pa.array(words, pa.string())).cast(pa.string())


def _maybe(values: Array, known: Array) -> pa.Array:
    return pa.array(values, mask=~known)


def _take(column: Any, keep: Array) -> Any:
    return column.filter(pa.array(keep)) if isinstance(column, pa.Array) else column[keep]


def _table(name: str, columns: dict[str, Array]) -> pa.Table:
    """As the schema wants it, sorted by its first column."""
    wanted = schema(name).to_pyarrow()
    arrays = {f.name: pa.array(columns[f.name]).cast(f.type) for f in wanted}
    for column in {"until", "verified_on"} & set(columns):  # nobody writes down today what will be tomorrow
        day = np.asarray(columns[column], dtype=DAY)
        arrays[column] = pa.array(np.where(day > LAST, NEVER, day)).cast(pa.date32())
    key = "place" if "place" in arrays else wanted.names[0]
    begun = pa.array(np.asarray(columns["since"]) <= LAST)
    return pa.table(arrays, schema=wanted).filter(begun).sort_by([(key, "ascending")])
