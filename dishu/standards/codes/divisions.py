"""Which place is meant: the register of places by day, and the search for a place by its names as people write them.

from dishu.standards.codes import divisions
divisions.find(("曾都", "东城办事处"), date(2007, 8, 1), "4213")
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from dishu.standards.codes.register import (
    LEVELS,
    Division,
    ancestors,
    at,
    children,
    get,
    name_path,
    successors,
    table,
)
from dishu.standards.codes.spelling import forms, tidy

__all__ = [
    "LEVELS",
    "Division",
    "Finder",
    "ancestors",
    "at",
    "children",
    "find",
    "get",
    "name_path",
    "successors",
    "table",
]

_PLACEHOLDERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_Cost = tuple[int, int]  # names spelled loosely, levels left out


def find(names: Sequence[str], day: date, scope: str = "") -> Division | None:
    """The place with these names, top first; levels may be left out. None if there is none or more than one.

    For many searches of one day keep a `Finder`.

    >>> find(("曾都", "东城办事处"), date(2007, 8, 1), "4213").code
    '421302002'
    >>> find(("随州市", "厉山"), date(2010, 1, 1), "4213").name
    '厉山镇'
    """
    return Finder(day, scope).find(names)


class Finder:
    """Searches places of one day and scope by name and remembers the answers.

    Spelling by the standard form wins over looser words, a place close below the one named before it wins over one
    further down, and a place wins over the places inside it. Whatever is then still ambiguous is None.

    >>> finder = Finder(date(2010, 1, 1), "4213")
    >>> finder.find(("随县", "厉山镇", "勤劳村")).code[:9]
    '421321101'
    """

    def __init__(self, day: date, scope: str = "") -> None:
        self._places = {place.code: place for place in at(day, scope)}
        self._exact: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._loose: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._answers: dict[tuple[str, ...], Division | None] = {}
        for place in self._places.values():
            standard, words = forms(tidy(place.name), place.level)
            self._exact[place.level, standard].append(place.code)
            for word in words:
                self._loose[place.level, word].append(place.code)

    def find(self, names: Sequence[str]) -> Division | None:
        """The place with these names, top first; see the function `find`."""
        key = tuple(names)
        if key not in self._answers:
            wanted = [name for name in map(tidy, key) if name]
            self._answers[key] = self._search(wanted)
        return self._answers[key]

    def _search(self, names: list[str]) -> Division | None:
        costs: dict[str, _Cost] = {"": (0, 0)}
        for name in names:
            costs = self._step(costs, name) or (costs if name in _PLACEHOLDERS else {})
        costs.pop("", None)
        best = min(costs.values(), default=None)
        winners = [code for code, cost in costs.items() if cost == best]
        top = [code for code in winners if all(other.startswith(code) for other in winners)]
        return self._places[top[0]] if top else None

    def _step(self, costs: dict[str, _Cost], name: str) -> dict[str, _Cost]:
        """Places with the name below the places found so far; a name of two places in one is taken apart."""
        found = self._below(costs, name)
        cut = len(name)
        while not found and (cut := cut - 1) > 1:
            head = self._below(costs, name[:cut]) if name[cut - 1] in "省市区县旗州盟镇乡道处" else {}
            found = self._step(head, name[cut:]) if head else {}
        return found

    def _below(self, costs: dict[str, _Cost], name: str) -> dict[str, _Cost]:
        result: dict[str, _Cost] = {}
        for code, loosely in self._candidates(name).items():
            for above, (loose, gaps) in costs.items():
                if code.startswith(above) and code != above:
                    cost = (loose + loosely, gaps + (self._depth(code, above) if above else 0))
                    result[code] = min(cost, result.get(code, cost))
        return result

    def _candidates(self, name: str) -> dict[str, int]:
        """Codes that may be meant by one name: 0 by its standard spelling, 1 by a looser word."""
        result: dict[str, int] = {}
        for level in LEVELS:
            standard, words = forms(name, level)
            for word in words:
                result.update(dict.fromkeys(self._loose.get((level, word), ()), 1))
            result.update(dict.fromkeys(self._exact.get((level, standard), ()), 0))
        return result

    def _depth(self, code: str, above: str) -> int:
        """Levels left out between a place and the one named above it."""
        levels = 0
        while (parent := self._places[code].parent) and parent != above:
            code, levels = parent, levels + 1
        return levels
