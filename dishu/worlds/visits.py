"""Made-up survey drives: honest collectors as different as in life, and some who cut corners, to see who is noticed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from dishu.worlds.names import pool

DEADLINE = datetime(2026, 10, 31, 18)
_FIRST_DAY = datetime(2026, 10, 8)
_SHORTCUTS = ("copy", "register", "desk", "lazy", "late", "inventor")
#: Share of yes of the yes-and-no questions; options of the others, the first the most common.
_YES = (0.95, 0.9, 0.9, 0.9, 0.9, 0.85, 0.8, 0.7, 0.5, 0.4, 0.3, 0.15)
_OPTIONS = (3, 3, 4, 4, 5, 5, 6, 8)
_BLANK, _REFUSED = 0.03, 0.02


@dataclass(frozen=True)
class Plan:
    """What a drive is like: people, visits each, how much streets differ (standard deviation on the logit), the coverage
    of the register, and who takes which shortcut (`_SHORTCUTS`) how many times.

    `share`: of a copier's records that are copies; `altered`: of their answers drawn anew; `anyone`: copies others'
    records too; `balanced`: that many questions of two even answers instead of the usual ones.
    """

    collectors: int = 40
    visits: int = 50
    streets: float = 0.25
    coverage: float = 0.9
    shortcuts: Mapping[str, int] = field(default_factory=dict)
    share: float = 0.2
    altered: float = 0.1
    anyone: bool = False
    yes: tuple[float, ...] = _YES
    options: tuple[int, ...] = _OPTIONS


@dataclass(frozen=True)
class Drive:
    """`visits` as a sheet has it (text, `_row`), and what each collector did: "honest" or the shortcut."""

    visits: pa.Table
    truth: Mapping[str, str]


def drive(seed: int, plan: Plan | None = None) -> Drive:
    """A made-up drive; the same seed and plan give the same.

    >>> made = drive(1, Plan(collectors=4, visits=5, shortcuts={"copy": 1}))
    >>> made.visits.num_rows, sorted(made.truth.values())
    (20, ['copy', 'honest', 'honest', 'honest'])
    """
    plan = plan or Plan()
    random = np.random.default_rng([seed, 6])
    kinds = [kind for kind in _SHORTCUTS for _ in range(plan.shortcuts.get(kind, 0))]
    kinds += ["honest"] * (plan.collectors - len(kinds))
    kinds = [kinds[at] for at in random.permutation(len(kinds))]
    made = _Making(plan, random)
    for who, kind in enumerate(kinds):
        mine = made.of(who)
        if kind != "honest":
            getattr(made, f"_{kind}")(mine)
    names = [f"C{who + 1:03d}" for who in range(plan.collectors)]
    return Drive(made.table(names), dict(zip(names, kinds, strict=True)))


class _Making:
    """The columns of a drive while it is made: honest first, then bent."""

    def __init__(self, plan: Plan, random: np.random.Generator) -> None:
        self.plan, self.random = plan, random
        self.n = plan.collectors * plan.visits
        self.who = np.repeat(np.arange(plan.collectors), plan.visits)
        self._answers()
        self._numbers()
        self._own()
        self._days()
        self._ways()

    def of(self, who: int) -> Any:
        """The records of one collector."""
        return np.flatnonzero(self.who == who)

    # honest work

    def _answers(self) -> None:
        """Choices that hang together within a unit (large ones say yes more often) and within a street."""
        plan, random = self.plan, self.random
        questions = len(plan.yes) + len(plan.options)
        street = random.normal(0, plan.streets, (plan.collectors, questions))[self.who]
        unit = random.normal(0, 0.4, (self.n, 1))
        logit = np.log(np.array(plan.yes) / (1 - np.array(plan.yes)))
        yes = random.random((self.n, len(plan.yes))) < 1 / (1 + np.exp(-(logit + street[:, : len(plan.yes)] + unit)))
        picked = [np.where(yes, 0, 1)]
        for at, many in enumerate(plan.options, len(plan.yes)):
            weight = np.log(1 / np.arange(1, many + 1)) + street[:, [at]] * np.linspace(1, -1, many)
            picked.append((weight + random.gumbel(size=(self.n, many))).argmax(axis=1)[:, None])
        self.choices = np.concatenate(picked, axis=1)
        open_hand = random.gamma(2, 0.5, plan.collectors)[self.who][:, None]  # some press for answers, some do not
        chance = random.random(self.choices.shape)
        self.choices[chance < _BLANK * open_hand] = -1
        self.choices[chance > 1 - _REFUSED * open_hand] = 99

    def _numbers(self) -> None:
        """Employees and turnover, rounded as people tell them."""
        size = self.random.normal(2.6, 1.0, self.n)
        exact = np.maximum(1, np.exp(size)).astype(int)
        tens = (exact > 20) & (self.random.random(self.n) < 0.4)
        self.employees = np.where(tens, np.maximum(np.round(exact / 5) * 5, 5), exact).astype(int)
        turnover = np.exp(size + self.random.normal(2.5, 0.8, self.n))
        step = np.where(self.random.random(self.n) < 0.5, 10 ** np.floor(np.log10(np.maximum(turnover, 10))), 1)
        self.turnover = np.maximum(np.round(turnover / step) * step, 1).astype(int)
        self.found = 1 + self.random.poisson(1.2, self.n)
        self.new = self.random.binomial(self.found, 1 - self.plan.coverage)

    def _own(self) -> None:
        """What is each unit's own: name, telephone, photo, a remark; the register's spelling beside it."""
        brands, random = "".join(pool("brands")), self.random
        self.name = np.array(["".join(brands[i] for i in random.integers(len(brands), size=4)) for _ in range(self.n)])
        wrong = random.random(self.n) < 0.15
        self.registered = np.where(wrong, np.array([name[:-1] + "某" for name in self.name]), self.name)
        own_slip = random.random(self.n) < 0.05
        self.name = np.where(own_slip, np.array([name[0] + name[2:] for name in self.name]), self.name)
        self.phone = np.array([f"194{7 * number:08d}" for number in random.permutation(self.n)])
        second = random.random(self.n) < 0.02  # a second shop of the same owner
        self.phone[1:][second[1:]] = self.phone[:-1][second[1:]]
        self.photo = np.array([random.bytes(16).hex() for _ in range(self.n)])
        talk = random.random(self.n) < 0.3
        years, street = random.integers(1, 30, self.n), random.integers(1, 400, self.n)
        remarks = [f"开业{y}年，{name}，门牌{s}号" for y, s, name in zip(years, street, self.name, strict=True)]
        self.note = np.where(talk, np.array(remarks), "无")

    def _days(self) -> None:
        """Working days through the month, some people brisk, some slow; a lunch break; walking between doors."""
        random, plan = self.random, self.plan
        self.start, self.took = np.zeros(self.n), np.zeros(self.n)
        for who in range(plan.collectors):
            mine = self.of(who)
            pace, rate = np.exp(random.normal(0, 0.2)), random.uniform(6, 10)
            self.took[mine] = np.maximum(np.exp(random.normal(np.log(720), 0.4, len(mine))) * pace, 150)
            days = sorted(random.permutation(23)[: max(1, round(len(mine) / rate))])
            day = np.sort(random.integers(len(days), size=len(mine)))
            for one in np.unique(day):
                self._day(mine[day == one], days[one] * 86400 + random.normal(8.5, 0.3) * 3600)
        self.mode = np.full(self.n, "onsite", dtype=object)
        self.channel = np.full(self.n, "visited", dtype=object)
        paper = (random.random(plan.collectors) < 0.15)[self.who] & (random.random(self.n) < 0.5)
        self.mode[paper] = "bulk"  # visited on paper, typed in later: legal, and quick
        self.took[paper] = np.exp(random.normal(np.log(120), 0.3, int(paper.sum())))

    def _day(self, mine: Any, at: float) -> None:
        for one in mine:
            self.start[one] = at
            at += self.took[one] + self.random.uniform(180, 1200)
            if 12 * 3600 < at % 86400 < 13 * 3600:
                at += 4500

    def _ways(self) -> None:
        """Door to door in the collector's streets, a few hundred metres at a time, with the error of the fixes."""
        random, plan = self.random, self.plan
        home = random.normal(0, 0.02, (plan.collectors, 2))[self.who] + (113.37, 31.72)
        self.place = home + random.normal(0, 0.0015, (self.n, 2)) + random.normal(0, 0.0002, (self.n, 2))
        self.order = np.empty(self.n, dtype=int)
        for who in range(plan.collectors):  # the register runs roughly along the street
            mine = self.of(who)
            self.order[mine] = who * 1000 + np.argsort(
                np.argsort(np.arange(len(mine)) + random.normal(0, 3, len(mine)))
            )

    # shortcuts

    def _copy(self, mine: Any) -> None:
        """Some records filled from earlier ones, a few answers altered."""
        copies = np.sort(self.random.permutation(mine)[: round(len(mine) * self.plan.share)])
        drawn = self.choices.copy()
        for one in copies:
            source = mine if not self.plan.anyone else np.flatnonzero(self.start < self.start[one])
            source = source[self.start[source] < self.start[one]]
            if not len(source):
                continue
            model = self.random.choice(source)
            self.choices[one] = self.choices[model]
            changed = self.random.random(self.choices.shape[1]) < self.plan.altered
            self.choices[one, changed] = drawn[self.random.integers(self.n), changed]
            self.employees[one] = self.employees[model]

    def _register(self, mine: Any) -> None:
        """Records written off the register: nobody new, its order, its spelling."""
        self.new[mine] = 0
        self.order[mine] = self.order[mine].min() + np.arange(len(mine))
        self.name[mine] = self.registered[mine]

    def _desk(self, mine: Any) -> None:
        """Records made at a desk with coordinates taken from a map: quick, and all over the town."""
        self.mode[mine] = "onsite"
        self.took[mine] = self.random.uniform(90, 200, len(mine))
        self.start[mine] = self.start[mine[0]] + np.arange(len(mine)) * 230.0
        self.place[mine] = np.array((113.37, 31.72)) + self.random.normal(0, 0.1, (len(mine), 2))

    def _lazy(self, mine: Any) -> None:
        """The usual answer nearly always, round numbers, one photo for several doors, the same telephone again."""
        usual = self.random.random(self.choices[mine].shape) < 0.8
        self.choices[mine] = np.where(
            usual | (self.choices[mine] < 0) | (self.choices[mine] > 9), 0, self.choices[mine]
        )
        self.employees[mine] = np.maximum(5, self.employees[mine] // 5 * 5)
        for column in (self.photo, self.phone):
            again = self.random.permutation(mine)[: len(mine) // 5]
            column[again] = column[again[0]]

    def _late(self, mine: Any) -> None:
        """Most records in the last day."""
        last = mine[len(mine) // 3 :]
        at = (DEADLINE - _FIRST_DAY).total_seconds() - 10 * 3600
        self.start[last] = at + np.arange(len(last)) * 9 * 3600 / len(last)
        self.took[last] = np.minimum(self.took[last], 600)

    def _inventor(self, mine: Any) -> None:
        """Every answer thought out freshly and likely, at an unhurried pace: nothing of this can be noticed."""
        for question in range(self.choices.shape[1]):
            self.choices[mine, question] = self.random.choice(self.choices[:, question], len(mine))

    # the sheet

    def table(self, names: Sequence[str]) -> pa.Table:
        """The records as a sheet has them, in the order in which they came in."""
        order = np.argsort(self.start, kind="stable")
        columns = {name: column[order] for name, column in self._columns(np.array(names)).items()}
        text = {name: pa.array(list(column), pa.string()) for name, column in columns.items()}
        return pa.table({**text, "_row": pa.array(range(2, self.n + 2), pa.int64())})

    def _columns(self, names: Any) -> dict[str, Any]:
        moments = [[_FIRST_DAY + timedelta(seconds=int(s)) for s in at] for at in (self.start, self.start + self.took)]
        digits = [np.array([f"{x:.6f}" for x in self.place[:, axis]], dtype=object) for axis in (0, 1)]
        for axis in digits:
            axis[self.mode == "bulk"] = None
        own = {
            "visit_id": [f"V{at + 1:06d}" for at in range(self.n)],
            "collector": names[self.who],
            "unit_id": [f"U{at + 1:06d}" for at in range(self.n)],
            "started_at": [str(at) for at in moments[0]],
            "ended_at": [str(at) for at in moments[1]],
            "longitude": digits[0],
            "latitude": digits[1],
            "entry_mode": self.mode,
            "channel": self.channel,
            "r_order": self.order.astype(str),
            "r_name": self.registered,
        }
        written = {code: str(code + 1) for code in range(9)} | {-1: None, 99: "拒答"}
        asked = {
            f"a_q{at + 1:02d}": [written[code] for code in line] for at, line in enumerate(self.choices.T.tolist())
        }
        numbers = {name: getattr(self, name).astype(str) for name in ("employees", "turnover", "found", "new")}
        texts = {"name": self.name, "phone": self.phone, "photo": self.photo, "note": self.note}
        answers = {f"a_{name}": column for name, column in (numbers | texts).items()}
        return {name: np.array(column, dtype=object) for name, column in (own | asked | answers).items()}


def write(out: Path, seed: int) -> None:
    """Writes `visits.csv` of a drive with one collector of each shortcut, and `truth/collectors.csv`."""
    made = drive(seed, Plan(shortcuts=dict.fromkeys(_SHORTCUTS, 1)))
    (out / "truth").mkdir(parents=True, exist_ok=True)
    pa_csv.write_csv(made.visits.drop_columns(["_row"]), out / "visits.csv")
    truth = {"collector": list(made.truth), "did": list(made.truth.values())}
    pa_csv.write_csv(pa.table(truth), out / "truth" / "collectors.csv")
    (out / "day.txt").write_text(f"{DEADLINE:%Y-%m-%d}\n")
