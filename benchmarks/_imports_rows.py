"""Small rosters as dirty as such files are: rows of the made-up Suizhou ones, drawn and spoiled once more."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

from dishu.engine.intake.textfile import find_encoding

#: What may stand in a cell instead of what should.
ODD = ("", " ", "不详", "=1+1", "0", "-5", "2099-01-01", "１２３", "x" * 300, "\u200b", "是", "2007年2月30日")


class Drawn:
    """Rosters of units and of members, another one each time; the same ones for the same seed."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.dice = random.Random(seed)
        self.units = _read(next((folder / "units").glob("*.csv")))
        self.members = _read(next((folder / "members").glob("*.csv")))

    def file(self, number: int, many: int, spoiled: float = 0.4) -> tuple[str, bytes]:
        """A name and what is in it: every second one has people."""
        kind, rows = ("党员名册", self.members) if number % 2 else ("企业登记名册", self.units)
        some = [dict(row) for row in self.dice.choices(rows, k=many)]
        for row in some:
            while self.dice.random() < spoiled:
                row[self.dice.choice(list(row))] = self._odd(rows)
        names = [name for name in rows[0] if self.dice.random() > spoiled / 8]
        text = io.StringIO()
        writer = csv.DictWriter(text, names, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(some)
        coding = self.dice.choice(("utf-8", "utf-8-sig", "gb18030"))
        return f"{kind}{number}.csv", text.getvalue().encode(coding)

    def _odd(self, rows: list[dict[str, str]]) -> str:
        return self.dice.choice([*ODD, self.dice.choice(list(self.dice.choice(rows).values()))])


def _read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(find_encoding(path)))))
