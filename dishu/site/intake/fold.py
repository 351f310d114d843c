"""Rosters that come one after the other: what counts of the words of each, and how the known goes on from day to day.

Two steps, both free of the order in which the rosters came. `voices` says, for each day of the rosters, which rows speak
of a subject and in what order of trust. The engine judges each such day as it judges a joint job. `go_on` joins the
judgements of the days to one line of dated ties: nothing that was true before a day is changed by what came on it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

Row = dict[str, Any]
Bundle = tuple[str, ...]
PLACE: Bundle = ("place",)
#: The day of a row's roster, its layout's place in the order of trust, its file's name, its own place in the file.
TRUST = ("_day", "_layout", "source_file", "_rank")


class Source(NamedTuple):
    """The row of a roster that says it."""

    upload: int | None
    sheet: str
    row: int | None


class Tie(NamedTuple):
    """That something was so for a time. `key` tells ties of one subject apart; `says` is what may change of a tie."""

    key: tuple[Hashable, ...]
    since: date
    until: date | None
    says: tuple[Any, ...]
    source: Source

    @property
    def content(self) -> tuple[Any, ...]:
        """All but where it was read."""
        return self[:4]


def voices(rows: Iterable[Row], bundles: Sequence[Bundle]) -> list[tuple[date, list[Row]]]:
    """The rows that speak of one subject on each day on which something new was said, the most trusted first.

    A later day speaks before an earlier one; on one day the order is that of the engine's job: layout, file, row. What a
    file only repeats is not said anew. Columns of a bundle belong together: a new word on any of them replaces all of
    them in what the same file said before, or, where it is another file, in what rosters of its kind said before.
    """
    ordered = sorted(rows, key=lambda r: tuple(r[name] for name in TRUST))
    days = [(day, list(group)) for day, group in groupby(ordered, lambda r: r["_day"])]
    if len(days) == 1:
        return days
    current: list[Row] = []
    spoken: list[tuple[date, list[Row]]] = []
    memory: dict[tuple[Any, ...], set[Any]] = {}
    for day, group in days:
        if fresh := _news(current, [dict(row) for row in group], bundles, memory):
            current = fresh + current
            spoken.append((day, [dict(row) for row in current]))
    return spoken


def _news(
    current: list[Row], group: list[Row], bundles: Sequence[Bundle], memory: dict[tuple[Any, ...], set[Any]]
) -> list[Row]:
    """The rows of a day without what is no news; what they replace is taken out of `current`."""
    replaced: list[tuple[list[Row], Bundle]] = []
    for (layout, name), block in groupby(group, lambda r: (r["_layout"], r["source_file"])):
        mine = list(block)
        for bundle in bundles:
            said = _said(mine, bundle)
            if not said:
                continue
            own = memory.get((layout, name, bundle))
            before = [r for r in current if r["_layout"] == layout and (own is None or r["source_file"] == name)]
            known = own if own is not None else _said(before, bundle)
            if said <= known or (bundle == PLACE and all(_coarser(word, known) for word in said)):
                _blank(mine, bundle)
            else:
                replaced.append((before, bundle))
            memory[layout, name, bundle] = said
    for before, bundle in replaced:
        _blank(before, bundle)
    return [row for row in group if any(row.get(name) is not None for bundle in bundles for name in bundle)]


def _coarser(word: tuple[Any, ...], known: set[Any]) -> bool:
    """A coarser place than the known one is no move."""
    return any(place.startswith(word[0]) for (place,) in known)


def _said(rows: Iterable[Row], bundle: Bundle) -> set[Any]:
    words = (tuple(row.get(name) for name in bundle) for row in rows)
    return {word for word in words if any(value is not None for value in word)}


def _blank(rows: Iterable[Row], bundle: Bundle) -> None:
    for row in rows:
        row.update(dict.fromkeys(bundle))


def go_on(line: list[Tie], said: list[Tie], day: date) -> list[Tie]:
    """The line of one subject's ties after what was said on a day (`said`: all that is judged true then, also of before).

    A tie not judged true any more ends; one that says something else ends and goes on otherwise; one whose end became
    known ends there. What only moved back in time changes nothing.
    """
    if not line:
        return list(said)
    last = {tie.key: tie for tie in line}
    now = {tie.key: tie for tie in said}
    gone = {key: tie for key, tie in last.items() if key not in now and (tie.until is None or tie.until > day)}
    begun = [tie._replace(since=_entry(tie, gone, day)) for tie in said if tie.key not in last]
    begun = [tie for tie in begun if tie.until is None or tie.until > tie.since]
    ends = {
        key: _end(tie, min([t.since for t in begun if t.since > tie.since], default=day)) for key, tie in gone.items()
    }
    for key, tie in now.items():
        if key in last:
            ended, more = _changed(last[key], tie, day)
            if ended is not None:
                ends[key] = ended
            begun += more
    kept = [_ended(tie, ends) if tie is last[tie.key] else tie for tie in line]
    return kept + begun


def _entry(tie: Tie, gone: dict[Any, Tie], day: date) -> date:
    """When a new tie began: as said, but one that takes another's place not before that other's time is over."""
    if any(tie.since <= other.since for other in gone.values()):
        return max(day, *(other.since + timedelta(days=1) for other in gone.values()))
    return tie.since


def _end(tie: Tie, day: date) -> date:
    return max(day, tie.since + timedelta(days=1))


def _ended(tie: Tie, ends: dict[Any, date]) -> Tie:
    """`date.max` means that the end was taken back."""
    if tie.key not in ends:
        return tie
    return tie._replace(until=None if ends[tie.key] == date.max else ends[tie.key])


def _changed(last: Tie, now: Tie, day: date) -> tuple[date | None, list[Tie]]:
    """Where the last tie ends, and how it goes on."""
    if last.until is not None and last.until <= day:  # it had ended; coming back begins anew
        if now.until is None or now.until > day:
            return None, [now._replace(since=max(now.since if now.since > last.since else day, last.until))]
        return (_end(last, now.until), []) if now.until != last.until else (None, [])
    if now.says == last.says:
        if now.until == last.until:
            return None, []
        return (_end(last, now.until) if now.until else date.max), []
    turn = _end(last, now.since if now.since > last.since else day)
    return turn, ([now._replace(since=turn)] if now.until is None or now.until > turn else [])
