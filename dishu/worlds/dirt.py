"""How rosters get dirty: what one office makes of a clean value when it types it into a cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from dishu.standards.forms import Field
from dishu.worlds.dice import Dice

FULL_WIDTH = str.maketrans("0123456789X.", "０１２３４５６７８９Ｘ．")
DATE_STYLES = ("excel", "{0:%Y-%m-%d}", "{0.year}/{0.month}/{0.day}", "{0.year}.{0.month}.{0.day}",
               "{0.year}年{0.month}月{0.day}日", "{0:%Y%m%d}")  # fmt: skip
TWINS = dict(  # one character for another of the same sound
    zip("伟军丽华英明建志红兰燕平国秀芳文勇海", "维君莉花瑛铭健治虹岚艳萍帼绣方雯永亥", strict=True)
)


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that is computed in the workbook, with the value last shown."""

    text: str
    value: float


Cell = str | int | float | date | Formula | None


@dataclass(frozen=True, slots=True)
class Habits:
    """How one office writes: the share of cells with each fault, and the date styles in use there."""

    dates: tuple[str, ...] = DATE_STYLES
    spaces: float = 0.02
    full_width: float = 0.02
    as_text: float = 0.1  # numbers stored as text
    as_number: float = 0.05  # codes and phones stored as numbers
    formulas: float = 0.03
    words: float = 0.2  # another word for the same choice


class Scribe:
    """Writes clean values into cells as one office would; nothing it does changes what the cell means."""

    def __init__(self, dice: Dice, habits: Habits) -> None:
        self._dice, self._habits = dice, habits
        self._style = dice.pick(habits.dates)

    def cell(self, field: Field, value: object) -> Cell:
        """The cell for a value (money in yuan, choices by their identifier); None stays empty."""
        if value is None or value == "":
            return None
        if isinstance(value, date):
            return self._date(value)
        if field.type == "wan":
            return self._wan(int(str(value)))
        if field.type == "int":
            return self._number(int(str(value)))
        if field.type == "bool":
            return "是" if value else "否"
        if field.choices:
            return self._choice(field, str(value))
        return self._text(field, str(value))

    def _date(self, value: date) -> Cell:
        chance = self._dice.chance(0.85)  # an office has one style, and now and then another
        style = self._style if chance else self._dice.pick(self._habits.dates)
        return value if style == "excel" else style.format(value)

    def _wan(self, yuan: int) -> Cell:
        wan, dice, habits = yuan / 10_000, self._dice, self._habits
        throw = dice.throw()
        if throw < habits.formulas and wan > 10:
            part = round(wan * 0.4)
            return Formula(f"=ROUND({part}+{wan - part:.2f},2)", wan)
        if throw < habits.formulas + habits.as_text:
            return f"{wan:,.2f}"
        return f"{wan:.2f}".translate(FULL_WIDTH) if dice.chance(habits.full_width) else wan

    def _number(self, value: int) -> Cell:
        throw = self._dice.throw()
        if throw < self._habits.full_width:
            return str(value).translate(FULL_WIDTH)
        return str(value) if throw < self._habits.full_width + self._habits.as_text else value

    def _choice(self, field: Field, value: str) -> Cell:
        words = field.choices[value][:3]
        return self._dice.pick(words) if self._dice.chance(self._habits.words) else words[0]

    def _text(self, field: Field, value: str) -> Cell:
        dice, habits = self._dice, self._habits
        if (
            field.type in ("unit_code", "phone")
            and value.isdigit()
            and len(value) <= 15
            and dice.chance(habits.as_number)
        ):
            return int(value)
        if field.type in ("unit_code", "phone", "citizen_id") and dice.chance(habits.full_width):
            value = value.translate(FULL_WIDTH)
        if dice.chance(habits.spaces):
            return spaced(dice, field, value)
        return value


def spaced(dice: Dice, field: Field, value: str) -> str:
    """A stray blank: before, behind, or (in a two-character name) between."""
    if field.type == "name" and len(value) == 2 and dice.chance(0.5):
        return f"{value[0]}　{value[1]}"
    return dice.pick((f" {value}", f"{value} ", f"{value}　"))


def mistyped_id(dice: Dice, number: str) -> str:
    """One digit of the sequence wrong, so that the check digit tells."""
    at = dice.between(14, 16)
    return number[:at] + str((int(number[at]) + dice.between(1, 9)) % 10) + number[at + 1 :]


def mistyped_code(dice: Dice, code: str) -> str:
    """One digit of a unit's code wrong: no 15- or 18-character check bears that.

    >>> mistyped_code(Dice(1), "421302000000014") != "421302000000014"
    True
    """
    at = dice.between(2, 5)
    return code[:at] + str((int(code[at]) + dice.between(1, 9)) % 10) + code[at + 1 :]


def masked_id(number: str) -> str:
    return number[:6] + "*" * 8 + number[14:]


def fifteen(number: str) -> str:
    """The number as it was before October 1999; those born since never had one.

    >>> fifteen("99000019800229001X"), fifteen("990000200002290015")
    ('990000800229001', '990000200002290015')
    """
    return number[:6] + number[8:17] if number[6:8] == "19" else number


def name_variant(dice: Dice, name: str) -> str:
    """The same name in traditional characters, or with one character of the same sound."""
    old = _traditional()(name)
    if old != name and dice.chance(0.4):
        return old
    for i in range(len(name) - 1, 0, -1):
        if name[i] in TWINS:
            return name[:i] + TWINS[name[i]] + name[i + 1 :]
    return old


@cache
def _traditional() -> Callable[[str], str]:
    from opencc import OpenCC

    return OpenCC("s2t").convert


FORMS = ("有限责任公司", "有限公司")


def employer_variant(dice: Dice, name: str, places: tuple[str, ...]) -> str:
    """The unit's name as people write it: without its form or place, with blanks, with brackets; the core stays.

    >>> employer_variant(Dice(1), "随州市宏达机械有限公司", ("随州市",)) in (
    ...     "随州市宏达机械有限公司", "随州市宏达机械公司", "随州市宏达机械", "宏达机械有限公司",
    ...     "随州市宏达机械 有限公司", "（随州市）宏达机械有限公司")
    True
    """
    throw = dice.throw()
    place = next((p for p in places if name.startswith(p)), "")
    form = next((f for f in FORMS if name.endswith(f)), "")
    core = name[len(place) : len(name) - len(form)]
    if throw < 0.15 and form:
        return f"{place}{core}公司"
    if throw < 0.25 and form:
        return place + core
    if throw < 0.42:
        return core + form
    if throw < 0.5 and form:
        return f"{place}{core} {form}"
    return f"（{place}）{core}{form}" if throw < 0.53 and place else name
