"""What happens to whole rows: copies, people written differently, rows that must be sent back, a total at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from dishu.worlds import dirt
from dishu.worlds.dice import Dice
from dishu.worlds.model import Member
from dishu.worlds.rosters import Line, Row, affiliation_line, member_line
from dishu.worlds.towns import Towns


@dataclass(frozen=True, slots=True)
class Blur:
    """Shares of a roster's persons written with each fault; the rest is as it is.

    The first four leave name, birth date and phone to tell the person, the last three a valid number: one of the two
    always holds, so a careful matcher finds everybody.
    """

    no_id: float = 0.03
    masked: float = 0.03
    mistyped: float = 0.02
    fifteen: float = 0.0
    renamed: float = 0.0
    old_phone: float = 0.0
    no_phone: float = 0.0


PHRASES = ("个体", "务工", "自由职业", "经商", "无")  # what stands where an employer should
MASTER = Blur(0.03, 0.0, 0.0, fifteen=0.15)
COPY = Blur(0.06, 0.05, 0.03, fifteen=0.12, renamed=0.05, old_phone=0.08, no_phone=0.08)


def person(dice: Dice, row: Row, blur: Blur) -> None:
    """Writes one member's row with at most one of the faults."""
    throw, number = dice.throw(), str(row["citizen_id"])
    for fault in ("no_id", "masked", "mistyped", "fifteen", "renamed", "old_phone", "no_phone"):
        throw -= getattr(blur, fault)
        if throw < 0:
            break
    else:
        return
    if fault == "no_id":
        row["citizen_id"] = None
    elif fault == "masked":
        row["citizen_id"] = dirt.masked_id(number)
    elif fault == "mistyped":
        row["citizen_id"] = dirt.mistyped_id(dice, number)
    elif fault == "fifteen":
        row["citizen_id"] = dirt.fifteen(number)
    elif fault == "renamed":
        row["name"] = dirt.name_variant(dice, str(row["name"]))
    else:
        row["phone"] = f"194{dice.below(10**8):08d}" if fault == "old_phone" else None


def smudge(dice: Dice, row: Row, share: float) -> None:
    """Further faults, each by itself: what is missing or said vaguely; several may meet in one row."""
    for column in ("birth", "phone", "address", "sex"):
        if dice.chance(share):
            row[column] = None
    if dice.chance(share / 2):
        row["name"] = dirt.name_variant(dice, str(row["name"]))
    if dice.chance(share):
        row |= {"employer": dice.pick(PHRASES), "employer_code": None}


def employer(dice: Dice, row: Row, places: tuple[str, ...], coded: float) -> None:
    """The employer by code, or by a name from which place or form may be missing."""
    name = str(row["employer"])
    row["employer"] = dirt.employer_variant(dice, name, places)
    if not dice.chance(coded):
        row["employer_code"] = None


@dataclass(slots=True)
class Office:
    """Writes people's rows for the offices of one world. Whom the first roster leaves without a number (`unnumbered`)
    is told by name, birth date and phone in all others."""

    dice: Dice
    tree: Towns
    places: tuple[str, ...]  # what an employer's name may begin with
    unnumbered: set[str] = field(default_factory=set)

    def first(self, members: Sequence[Member], blur: Blur, coded: float) -> list[Line]:
        """The roster that knows these members best; `coded`: the share that carries the employer's code."""
        lines = self._lines(members, blur, coded)
        self.unnumbered |= {line.key for line in lines if line.values["citizen_id"] is None}
        return lines

    def again(self, members: Sequence[Member], blur: Blur, coded: float) -> list[Line]:
        """Another roster on members that a first one has."""
        return self._lines(members, blur, coded)

    def affiliations(self, members: Sequence[Member], share: float, fifteen: float) -> list[Line]:
        """Rows of the organizations' own lists, with a valid number each; here every second claim comes to light."""
        lines = []
        for who in members:
            for claim in who.claims[1:] or (who.claims if self.dice.chance(share) else []):
                line = affiliation_line(who, claim)
                self._blur(line, Blur(0, 0, 0, fifteen=fifteen, no_phone=0.1))
                employer(self.dice, line.values, self.places, 0)
                lines.append(line)
        return lines

    def _lines(self, members: Sequence[Member], blur: Blur, coded: float) -> list[Line]:
        lines = [member_line(self.tree, who) for who in members]
        for line in lines:
            self._blur(line, blur)
            employer(self.dice, line.values, self.places, coded)
        return lines

    def _blur(self, line: Line, blur: Blur) -> None:
        if line.key in self.unnumbered:
            blur = replace(blur, renamed=0, old_phone=0, no_phone=0)
        person(self.dice, line.values, blur)


def copies(dice: Dice, lines: list[Line], number: int) -> list[Line]:
    """The lines with so many of them once more, somewhere further down."""
    extra = [Line(dict(line.values), line.kind, line.key, line.note or "copy") for line in dice.sample(lines, number)]
    return mixed(dice, lines, extra)


def mixed(dice: Dice, lines: list[Line], extra: list[Line]) -> list[Line]:
    """Extra lines strewn among the others; the order of the others stays."""
    places = sorted(dice.below(len(lines) + 1) for _ in extra)
    found: list[Line] = []
    before = 0
    for place, line in zip(places, extra, strict=True):
        found += [*lines[before:place], line]
        before = place
    return found + lines[before:]


def refused_units(dice: Dice, lines: list[Line], number: int) -> list[Line]:
    """So many rows that must be sent back. Their units stand correctly elsewhere in the same roster, or are nobody."""
    found = []
    for i, line in enumerate(dice.sample([line for line in lines if line.values.get("unit_code")], number)):
        fault = ("code", "closed_before_opened", "name", "date")[i % 4]
        row = dict(line.values)
        if fault == "code":
            row["unit_code"] = dirt.mistyped_code(dice, str(row["unit_code"]))
        elif fault == "closed_before_opened":
            opened = row["opened_on"]
            assert isinstance(opened, date)
            row |= {"closed_on": opened - timedelta(days=dice.between(30, 900)), "status": "closed"}
        elif fault == "name":
            row |= {"name": None, "unit_code": None}
        else:
            row["opened_on"] = dice.pick(("2003年13月", "2001-2-30", "199年8月"))
        found.append(Line(row, line.kind, line.key, f"refused:{fault}"))
    return found


def refused_members(dice: Dice, lines: list[Line], number: int) -> list[Line]:
    """So many member rows that must be sent back; the persons stand correctly in the same roster."""
    found = []
    for i, line in enumerate(dice.sample([line for line in lines if line.values.get("joined_on")], number)):
        fault = ("name", "standing", "joined_before_birth")[i % 3]
        row = dict(line.values)
        if fault == "joined_before_birth":
            row |= {"joined_on": date(1921, 7, 23), "birth": row.get("birth") or date(1950, 1, 1)}
        else:
            row[fault] = None
        found.append(Line(row, line.kind, line.key, f"refused:{fault}"))
    return found


def total(lines: list[Line]) -> Line:
    """A last row with sums, as every clerk adds; it names no unit."""
    row: Row = {}
    for column in ("employees", "assets", "turnover"):
        row[column] = sum(int(str(line.values.get(column) or 0)) for line in lines)
    return Line(row, "unit", "", "refused:total")
