"""Made-up numbers that pass every check and belong to nobody: citizen numbers, phones, credit codes, old numbers."""

from __future__ import annotations

from datetime import date

from dishu.standards import ids
from dishu.worlds.dice import Dice

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I O S V Z


class Numbers:
    """Hands out valid numbers, none twice.

    >>> numbers = Numbers(Dice(1))
    >>> numbers.citizen(date(1980, 2, 29), "male")[:2], numbers.phone()[:3], len(numbers.credit("91", "421303"))
    ('99', '194', 18)
    """

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._used: set[str] = set()
        self._serial: dict[str, int] = {}

    def citizen(self, birth: date, sex: str) -> str:
        """18 digits of the unassigned area 99…, the third digit of the sequence odd for men."""
        while True:
            sequence = self._dice.below(500) * 2 + (sex == "male")
            text = f"99{self._dice.below(10_000):04d}{birth:%Y%m%d}{sequence:03d}"
            if text not in self._used:
                self._used.add(text)
                return text + ids.citizen_check(text)

    def phone(self) -> str:
        """11 digits of the unassigned range 194, so that nobody is rung."""
        while (text := f"194{self._dice.below(10**8):08d}") in self._used:
            pass
        self._used.add(text)
        return text

    def registration(self, office: str, kind: str) -> str:
        """15 digits as before October 2015; sequences from 990001 on, which no office ever reached."""
        first = "6" if kind == "individual_business" else "0"
        serial = self._next(office + first)
        text = f"{office}{first}{9_900_000 + serial:07d}"
        return text + ids.registration_check(text)

    def credit(self, department: str, division: str) -> str:
        """18 characters with a body that begins XXX, so as to meet no real unit; both checks hold."""
        body = "XXX" + _base31(self._next("credit") * 48_271 % 31**5, 5)
        text = department + division + body + ids.org_check(body)
        return text + ids.credit_check(text)

    def _next(self, series: str) -> int:
        self._serial[series] = self._serial.get(series, 0) + 1
        return self._serial[series]


def _base31(number: int, width: int) -> str:
    text = ""
    for _ in range(width):
        number, digit = divmod(number, 31)
        text = ALPHABET[digit] + text
    return text
