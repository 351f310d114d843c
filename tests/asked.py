"""A small world asked for all indicators at once: who is held, failed, unknown, and the numbers of the whole city."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis
import smallworld

from dishu.engine.figures import SUBJECTS, Counts, figures, states_at
from dishu.engine.indicators import ALL, BY_CODE
from dishu.engine.territory import Tree

PARTS = ("held", "failed", "unknown")


@dataclass(frozen=True)
class Answers:
    """`rows`: code -> part -> keys; `numbers`: code -> the city's figure."""

    rows: dict[str, dict[str, set[int]]]
    numbers: dict[str, dict]


def ask(day: date, **texts: str) -> Answers:
    """The answers of a world drawn as text tables."""
    connection = ibis.duckdb.connect()
    states = states_at(smallworld.facts(connection, **texts), day, connection)
    tree = Tree(smallworld.tables(**texts)["place"], day)
    numbers = figures(Counts.of(states), tree, by="prefecture").to_pylist()
    rows = {code: keys for subject in SUBJECTS for code, keys in _rows(states[subject], subject).items()}
    return Answers(rows, {row["indicator"]: row for row in numbers})


def _rows(state, subject: str) -> dict[str, dict[str, set[int]]]:
    asked = {i.code: i.outcome(state) for i in ALL if i.subject == subject}
    table = state.select(state[subject], **asked).to_pyarrow().to_pylist()
    return {code: {part: {r[subject] for r in table if r[code] == part} for part in PARTS} for code in asked}


def agrees(answers: Answers, line: dict[str, str]) -> None:
    """One line of an expected table: `indicator` and, per part, the keys of its rows; whoever is named nowhere is not counted.

    The numbers must say the same, unless the indicator adds up a weight.
    """
    code = line["indicator"]
    expected = {part: {int(key) for key in line.get(part, "").split()} for part in PARTS}
    assert answers.rows[code] == expected
    if BY_CODE[code].weight is None:
        figure = answers.numbers[code]
        assert {part: figure[part] for part in PARTS} == {part: len(keys) for part, keys in expected.items()}
        assert figure["total"] == sum(len(keys) for keys in expected.values())


def adds_up(answers: Answers, line: dict[str, str]) -> None:
    """One line of an expected table of numbers: `indicator`, total, held, failed, unknown."""
    expected = {name: int(number) for name, number in line.items() if name != "indicator"}
    figure = answers.numbers[line["indicator"]]
    assert {name: figure[name] for name in expected} == expected


def people(text: str) -> dict[str, str]:
    """The five tables about members from one drawing: member, standing, unit, org (claims), activity, shown."""
    rows = smallworld.drawn(text)
    split = {
        "member": [(r["member"], r.get("standing", "full")) for r in rows],
        "employment": [(r["member"], r["unit"]) for r in rows if "unit" in r],
        "affiliation": [(r["member"], org) for r in rows for org in r.get("org", "").split()],
        "participation": [(r["member"], r["activity"]) for r in rows if "activity" in r],
        "identity": [(r["member"], r["shown"]) for r in rows if "shown" in r],
    }
    heads = {
        "member": "member|standing", "employment": "member|unit", "affiliation": "member|org",
        "participation": "member|org", "identity": "member|shown",
    }  # fmt: skip
    return {name: "\n".join([heads[name], *("|".join(cells) for cells in body)]) for name, body in split.items()}
