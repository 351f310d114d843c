"""Who is visited again: the most conspicuous few and as many drawn by lot, mixed; and afterwards how often either was right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import pyarrow as pa

from dishu.engine.exact import clopper_pearson
from dishu.engine.flags.model import Report
from dishu.engine.sample.draw import draw

SHARE = Fraction(5, 100)
EACH = 5


@dataclass(frozen=True)
class Revisits:
    """`visits`: visit_id, unit_id, collector in drawn order, nothing telling why; `why`: "flagged" or "control" by
    collector, to be kept from those who go."""

    visits: pa.Table
    why: Mapping[str, str]


def choose(visits: pa.Table, report: Report, seed: str, share: Fraction = SHARE, each: int = EACH) -> Revisits:
    """The first `share` of the ranking (rounded up) and as many of the others by lot, `each` visits of each of them.

    `seed` is public and named after the records are closed. Who goes must not know which collectors were conspicuous:
    the hit rate of both halves is what the flags are judged by.
    """
    people = [name for name, _ in report.ranking]
    flagged = people[: -(-len(people) * share.numerator // share.denominator)]
    rest = people[len(flagged) :]
    control = draw(rest, seed, min(len(flagged), len(rest))) if rest else []
    why = dict.fromkeys(flagged, "flagged") | dict.fromkeys(control, "control")
    rows = visits.select(["visit_id", "unit_id", "collector"]).to_pylist()
    by_who: dict[str, dict[str, dict[str, str]]] = {name: {} for name in why}
    for row in rows:
        if row["collector"] in why:
            by_who[row["collector"]][row["visit_id"]] = row
    taken = {
        one: row
        for mine in by_who.values()
        for one, row in mine.items()
        if one in draw(mine, seed, min(each, len(mine)))
    }
    schema = pa.schema([(name, pa.string()) for name in ("visit_id", "unit_id", "collector")])
    return Revisits(pa.Table.from_pylist([taken[one] for one in draw(taken, seed, len(taken))], schema=schema), why)


def hit_rates(why: Mapping[str, str], wrong: Mapping[str, bool]) -> dict[str, float]:
    """How many of the flagged, and of the drawn, had records to correct; exact 95 % intervals. To be published.

    `wrong`: by collector, whether the visits again found records to correct; who was not reached is left out of both.
    LookupError where nobody of one half was reached. Values of the sentence `flag_hits`.

    >>> hit_rates({"a": "flagged", "b": "control"}, {"a": True, "b": False})["flagged_k"]
    1
    """
    values: dict[str, float] = {}
    for half in ("flagged", "control"):
        reached = [wrong[name] for name, role in why.items() if role == half and name in wrong]
        if not reached:
            raise LookupError("还没有回访到" + ("按疑点选的人" if half == "flagged" else "随机选的人") + "，暂不能比较")
        low, high = clopper_pearson(sum(reached), len(reached))
        values |= {f"{half}_n": len(reached), f"{half}_k": sum(reached), f"{half}_low": low, f"{half}_high": high}
    return values
