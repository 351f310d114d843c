"""Facts that follow from others: enterprises grown above size after the plan, branches it formed, who covers enterprises."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis

from dishu.engine.facts import INDUSTRIAL, Facts, Table
from dishu.standards import law


def complete(tables: Mapping[str, Table]) -> Facts:
    """The facts with their derived tables `newcomer`, `formed_under_plan` and `enterprise_cover` added."""
    return Facts(
        {
            **tables,
            "newcomer": newcomers(tables["unit"], tables["plan"]),
            "formed_under_plan": formed_under_plan(tables["coverage"], tables["plan"]),
            "enterprise_cover": enterprise_cover(tables["coverage"], tables["unit"]),
        }
    )


def newcomers(unit: Table, plan: Table) -> Table:
    """Above-size spells of units that began after their county's plan was frozen and are not in it.

    Columns: unit, since, until (the spell, ending at the latest when the next plan begins).
    """
    known = plans(unit, plan)
    spells = _spells(unit)
    spells = spells.join(known, [spells.county == known.county]).filter(
        lambda t: (t.since > t.frozen) & (t.next.isnull() | (t.since < t.next))
    )
    listed = plan.select("unit", frozen="since").distinct()
    spells = spells.anti_join(listed, ["unit", "frozen"])
    return spells.select("unit", "since", until=_earlier(spells.until, spells.next)).distinct()


def plans(unit: Table, plan: Table) -> Table:
    """The plans of each county, one after the other. Columns: county, frozen, next, and an example of a unit on it."""
    at = plan.select("unit", frozen="since").join(unit.select("unit", "place"), "unit")
    known = at.group_by("frozen", county=at.place.substr(0, 6)).agg(example=at.unit.min())
    follows = ibis.window(group_by="county", order_by="frozen")
    return known.mutate(next=known.frozen.lead().over(follows))


def _spells(unit: Table) -> Table:
    """Columns unit, county, since, until: without gap above designated size by the law of each time."""
    above = unit.filter((unit.kind == "enterprise") & unit.industry.substr(0, 1).isin(INDUSTRIAL))
    times = [_above(above, *step) for step in thresholds()]
    times = ibis.union(*times)
    order = ibis.window(group_by="unit", order_by="since")
    starts = times.mutate(begins=ibis.coalesce(times.since > times.until.lag().over(order), True))
    numbered = starts.mutate(
        spell=starts.begins.cast("int64").sum().over(
            ibis.window(group_by="unit", order_by="since", preceding=None, following=0)
        )
    )  # fmt: skip
    still = numbered.until.isnull().max()
    spells = numbered.group_by("unit", "spell").agg(
        since=numbered.since.min(), last=numbered.until.max(), still=still, county=numbered.county.min()
    )
    return spells.select("unit", "county", "since", until=spells.still.ifelse(None, spells["last"]))


def thresholds() -> list[tuple[int, date, date | None]]:
    """Turnover (万元) from which an enterprise is above size, since and until when; steps that changed nothing as one."""
    found: list[tuple[int, date, date | None]] = []
    for step in law.steps("designated_size_industry_wan"):
        since = found.pop()[1] if found and found[-1][0] == step.value and found[-1][2] == step.since else step.since
        found.append((step.value, since, step.until))
    return found


def _above(unit: Table, wan: int, began: date, ended: date | None) -> Table:
    over = unit.filter(unit.turnover >= wan * 10_000)
    since = ibis.greatest(over.since, ibis.date(began))
    until = _earlier(over.until, ibis.date(ended) if ended else None)
    table = over.select("unit", since=since, until=until, county=over.place.substr(0, 6))
    return table.filter(table.until.isnull() | (table.since < table.until))


def _earlier(a: Table, b: Table | None) -> Table:
    """The earlier of two ends, where empty means never."""
    if b is None:
        return a
    return ibis.cases((a.isnull(), b), (b.isnull() if hasattr(b, "isnull") else False, a), else_=ibis.least(a, b))


def formed_under_plan(coverage: Table, plan: Table) -> Table:
    """Organizations that came to cover a planned unit after the plan was frozen. Columns: org, since, until."""
    real = coverage.filter(coverage["mode"] != "functional").select("unit", "org", began="since", ended="until")
    listed = plan.select("unit", frozen="since")
    both = real.join(listed, "unit").filter(lambda t: t.began >= t.frozen)
    return both.select("org", since="began", until="ended").distinct()


def enterprise_cover(coverage: Table, unit: Table) -> Table:
    """When an organization covers a unit that is an enterprise. Columns: org, unit, since, until."""
    real = coverage.filter(coverage["mode"] != "functional").select("org", "unit", began="since", ended="until")
    firms = unit.filter(unit.kind == "enterprise").select("unit", "since", "until")
    both = real.join(firms, "unit")
    since, until = ibis.greatest(both.since, both.began), _earlier(both.until, both.ended)
    both = both.select("org", "unit", since=since, until=until)
    return both.filter(both.until.isnull() | (both.since < both.until)).distinct()
