"""Which rosters know which members of an edition: capture histories of the people behind its figures, place by place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from dishu.engine.estimate.cells import Cells
from dishu.engine.estimate.strata import Stratum
from dishu.engine.estimate.twolists import Counts
from dishu.engine.facts import View
from dishu.engine.territory import Tree
from dishu.engine.wording import say

#: Lists that are no roster but can be told from the facts, and the channels by which somebody was seen on the spot.
ON_THE_SPOT, TAKING_PART = "上门核实", "活动归属"
SEEN_BY = ("visited", "confirmed")
#: No more of the people seen may lie in no place, if places are to be told apart.
MOST_NOWHERE = 0.05
#: What the name of a roster says that was made without looking at the others.
RECOUNT = "独立复核"
#: Words in a roster's name that tell how it was made; by `nested` ones only registered members can be reached.
NESTED, SELF = ("党费", "缴费"), ("自助", "自行登记", "扫码")


@dataclass(frozen=True)
class Histories:
    """For each member of the edition's day the place and, per list, whether it knows the member."""

    names: tuple[str, ...]
    places: Sequence[str]
    known: Sequence[tuple[bool, ...]]

    @property
    def elsewhere(self) -> int:
        """Members whom none of the lists knows, but some other roster does."""
        return sum(not any(one) for one in self.known)

    def cells(self) -> Cells:
        """Members by capture history."""
        counted: dict[str, int] = {}
        for one in self.known:
            history = "".join("01"[yes] for yes in one)
            counted[history] = counted.get(history, 0) + 1
        counted.pop("0" * len(self.names), None)
        return Cells.of(self.names, counted)

    def by(self, tree: Tree, level: str) -> dict[str, Histories]:
        """The same for each place of a level, in the order of codes; who lies in none of them is under ''."""
        found: dict[str, list[int]] = {}
        for at, place in enumerate(self.places):
            on_path = [node for node in tree.path(place) if tree.now[node].level == level]
            found.setdefault(on_path[0] if on_path else "", []).append(at)
        return {
            place: Histories(self.names, [self.places[i] for i in rows], [self.known[i] for i in rows])
            for place, rows in sorted(found.items())
        }

    def counts(self) -> Counts:
        """The first list as the register, the second as the re-count."""
        one, two = (sum(row[i] for row in self.known) for i in (0, 1))
        return Counts(one, two, sum(row[0] and row[1] for row in self.known))

    def strata(self, tree: Tree, level: str) -> list[Stratum]:
        """Two lists, place by place, for `strata.pooled`; ValueError where too many lie in no place of that level.

        A roster without places gives its people one only where another roster knows them: then the people who are
        missing from that other one would be missing from every place, and each place would look complete.
        """
        made = self.by(tree, level).items()
        nowhere, seen = sum(part.counts().seen for place, part in made if not place), self.counts().seen
        if nowhere > MOST_NOWHERE * seen:
            raise ValueError(say("estimate_unplaced", unplaced=nowhere, seen=seen))
        return [
            Stratum((place,), part.counts(), (tree.now[place].parent or "") if place else "") for place, part in made
        ]


def sources(view: View, register: pa.Table | None = None) -> dict[str, set[int]]:
    """The members each roster knows, by the roster's name: from the register beside the edition (`member`,
    `source_file`), else from the claims of affiliation; and those seen on the spot or taking part somewhere."""
    if register is not None:
        pairs = zip(register["source_file"].to_pylist(), register["member"].to_pylist(), strict=True)
    else:
        claims = view.of("affiliation").select("source", "member").to_pyarrow()
        pairs = zip(claims["source"].to_pylist(), claims["member"].to_pylist(), strict=True)
    found: dict[str, set[int]] = {}
    for name, member in pairs:
        found.setdefault(name, set()).add(member)
    members = view.of("member")
    seen = members.filter(members.channel.isin(SEEN_BY)).select("member").to_pyarrow()["member"].to_pylist()
    taking = view.of("participation").select("member").to_pyarrow()["member"].to_pylist()
    return {**dict(sorted(found.items())), ON_THE_SPOT: set(seen), TAKING_PART: set(taking)}


def histories(view: View, there: Mapping[str, set[int]], asked: Sequence[str]) -> Histories:
    """Capture histories of the day's members on the lists asked for, each named by a part of its rosters' names.

    `a+b` takes two rosters as one list. LookupError where no roster is called so; ValueError where two lists share a
    roster, fewer than two are asked for, or one is drawn from the register itself (dues).
    """
    if len(asked) < 2:
        raise ValueError(f"至少要两份名单（--lists 甲 乙）；这个版次里有：{_listed(there)}")
    picked = [_rosters(there, name) for name in asked]
    rosters = [name for names in picked for name in names]
    if twice := {name for name in rosters if rosters.count(name) > 1}:
        raise ValueError(f"名册“{'、'.join(sorted(twice))}”同时算进两份名单，两份名单就不独立了；请写得更具体")
    lists: list[set[int]] = [set().union(*(there[name] for name in names)) for names in picked]
    return _of(view, tuple(asked), lists)


def _of(view: View, names: tuple[str, ...], lists: Sequence[set[int]]) -> Histories:
    table = view.of("member").select("member", "place").to_pyarrow()
    known = [tuple(member in one for one in lists) for member in table["member"].to_pylist()]
    return Histories(names, table["place"].to_pylist(), known)


def recounted(view: View, there: Mapping[str, set[int]]) -> Histories | None:
    """All other rosters as the register beside those whose name says that they are a re-count; None without either."""
    recounts = [name for name in there if RECOUNT in name]
    rest = [name for name in there if RECOUNT not in name and name not in (ON_THE_SPOT, TAKING_PART)]
    if not recounts or not rest:
        return None
    known = (set().union(*(there[name] for name in names)) for names in (rest, recounts))
    return _of(view, ("在册名单", "、".join(recounts)), list(known))


def _rosters(there: Mapping[str, set[int]], asked: str) -> list[str]:
    found = [name for part in asked.split("+") for name in there if part and part in name]
    if not found:
        raise LookupError(f"没有哪份名册的名称里有“{asked}”；这个版次里有：{_listed(there)}")
    if dues := [name for name in found if any(word in name for word in NESTED)]:
        raise ValueError(say("estimate_dues", roster="、".join(dues)))
    return found


def _listed(there: Mapping[str, set[int]]) -> str:
    return "、".join(f"{name}（{len(members):,} 人）" for name, members in there.items())


def remarks(found: Histories, there: Mapping[str, set[int]], doubtful: int = 0) -> list[str]:
    """What the rosters of an edition cannot promise: that they were made independently, and that all links were found.

    `doubtful`: pairs of rows nobody has decided on yet.
    """
    said: list[Any] = [say("estimate_rosters")]
    for name in found.names:
        if any(word in name for word in SELF):
            said.append(say("estimate_self", roster=name))
        if ON_THE_SPOT in name:
            said.append(say("estimate_visits"))
    if found.elsewhere:
        said.append(say("estimate_elsewhere", people=found.elsewhere))
    if doubtful:
        said.append(say("estimate_doubtful", pairs=doubtful))
    return said
