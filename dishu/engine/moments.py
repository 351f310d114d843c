"""A subject's state at every day on which something about it changed, where states do not simply add up.

A member's one valid affiliation, or an instructor's first unit, is not a sum: it is asked anew at each such day.
"""

from __future__ import annotations

from typing import Any

import ibis

from dishu.engine.backends import Connection
from dishu.engine.derived import thresholds
from dishu.engine.facts import INDUSTRIAL, Facts, Table, View
from dishu.engine.state import instructor_state, member_state
from dishu.standards import law


def members_throughout(facts: Facts, connection: Connection) -> Table:
    """Dated member states: the columns of `member_state`, since and until."""
    return _closed(connection, facts, "member", _member_days(facts), member_state)


def instructors_throughout(facts: Facts, connection: Connection) -> Table:
    """Dated instructor states: the columns of `instructor_state`, since and until."""
    return _closed(connection, facts, "instructor", _instructor_days(facts), instructor_state)


def _closed(connection: Connection, facts: Facts, subject: str, days: Table, state_of: Any) -> Table:
    """The state at each point, open until the subject's next point."""
    order = ibis.window(group_by=subject, order_by="day")
    points = days.distinct().filter(days.day.notnull())
    points = points.mutate(next=points.day.lead().over(order))
    points = connection.create_table(f"points_{subject}", points, temp=True, overwrite=True)
    view = View(facts.tables, None, points=points.drop("next"), subject=subject)
    state = state_of(view)
    ends = points.rename(_key=subject, _day="day", until="next")
    ended = state.join(ends, [state[subject] == ends._key, state.day == ends._day])
    ended = ended.drop("_key", "_day").rename(since="day")
    return connection.create_table(f"states_{subject}", ended, temp=True, overwrite=True)


def _ends(table: Table, key: str) -> Table:
    """Both ends of each row as points."""
    return ibis.union(table.select(key, day="since"), table.select(key, day="until"))


def _looked(table: Table, key: str) -> Table:
    """The days on which a verification begins and ends to count."""
    months = law.steps("verification_valid_months")[-1].value
    seen = table.filter(table.verified_on.notnull())
    ends = (seen.verified_on + ibis.interval(months=months)).cast("date")
    return ibis.union(seen.select(key, day="verified_on"), seen.select(key, day=ends))


def _sized(unit: Table) -> Table:
    smallest = min(step[0] for step in thresholds())
    return unit.filter(unit.industry.substr(0, 1).isin(INDUSTRIAL) & (unit.turnover >= smallest * 10_000))


def _unit_changes(unit: Table) -> Table:
    days = [since for _, since, _ in thresholds()[1:]]
    by_law = [_sized(unit).select("unit", day=ibis.date(day)).distinct() for day in days]
    return ibis.union(_ends(unit, "unit"), *by_law)


def _member_days(facts: Facts) -> Table:
    jobs, claims = facts.employment, facts.affiliation
    worked = facts.unit.semi_join(jobs, "unit")
    at_work = jobs.select("member", "unit").distinct().join(_unit_changes(worked), "unit").select("member", "day")
    org = claims.select("member", "org").distinct().join(_ends(facts.org, "org"), "org").select("member", "day")
    own = [
        _ends(facts.tables[name], "member")
        for name in ("member", "employment", "affiliation", "participation", "identity")
    ]
    return ibis.union(*own, _looked(facts.member, "member"), at_work, org)


def _instructor_days(facts: Facts) -> Table:
    posts = facts.instructor
    moved = posts.select("instructor", "unit").join(_ends(facts.unit, "unit"), "unit").select("instructor", "day")
    return ibis.union(_ends(posts, "instructor"), moved)
