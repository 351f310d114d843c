"""Who looks at which record: inspectors drawn by the same public seed, none for the own place or the own records (双随机)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dishu.engine.sample.draw import normal, ticket


@dataclass(frozen=True)
class Inspector:
    """An inspector: where they work, and how many records they can take at most (None: any number)."""

    id: str
    place: str | None = None
    most: int | None = None


@dataclass(frozen=True)
class Record:
    """A drawn record: where it lies, and who registered it."""

    id: str
    place: str | None = None
    registrar: str | None = None


def assign(seed: str, records: Sequence[Record], inspectors: Sequence[Inspector]) -> dict[str, str]:
    """One inspector for each record, in drawn order: {record id: inspector id}.

    Each record goes to the allowed inspector with the smallest ticket (seed, record, inspector) who has room; where room
    runs out, earlier records change hands, so that everything that can be placed is. ValueError naming the records nobody
    may take, and for inspectors without or with the same id.

    >>> assign("7", [Record("a", "甲镇"), Record("b", "乙镇")], [Inspector("张", "甲镇"), Inspector("李", "乙镇")])
    {'a': '李', 'b': '张'}
    """
    names = [one.id for one in inspectors]
    if len(set(names)) < len(names) or not all(names):
        raise ValueError("核查人名单里有空的或重复的编号：请补全、去重")
    wishes = {record.id: _wishes(normal(seed), record, inspectors) for record in records}
    room = {one.id: len(records) if one.most is None else one.most for one in inspectors}
    held: dict[str, list[str]] = {one: [] for one in names}
    left = [
        record
        for record in wishes
        if not (_simply(record, wishes, held, room) or _by_turns(record, wishes, held, room, set()))
    ]
    if left:
        raise ValueError(
            f"{len(left)} 条没有可派的核查人：{'、'.join(left[:10])}。请增加外地的、没有登记过这些记录的核查人，或放宽每人上限"
        )
    by_record = {record: one for one, own in held.items() for record in own}
    return {record: by_record[record] for record in wishes}


def _wishes(seed: str, record: Record, inspectors: Sequence[Inspector]) -> list[str]:
    """Who may take a record, by ticket."""
    allowed = [
        one.id for one in inspectors if one.id != record.registrar and (not one.place or one.place != record.place)
    ]
    return sorted(allowed, key=lambda one: ticket(seed, record.id, one))


def _simply(
    record: str, wishes: Mapping[str, list[str]], held: Mapping[str, list[str]], room: Mapping[str, int]
) -> bool:
    found = next((one for one in wishes[record] if len(held[one]) < room[one]), None)
    if found is not None:
        held[found].append(record)
    return found is not None


def _by_turns(
    record: str,
    wishes: Mapping[str, list[str]],
    held: Mapping[str, list[str]],
    room: Mapping[str, int],
    tried: set[str],
) -> bool:
    """Take a full inspector's place, if one of theirs can go elsewhere."""
    for one in wishes[record]:
        if one in tried:
            continue
        tried.add(one)
        for other in list(held[one]):
            if _simply(other, wishes, held, room) or _by_turns(other, wishes, held, room, tried):
                held[one].remove(other)
                held[one].append(record)
                return True
    return False
