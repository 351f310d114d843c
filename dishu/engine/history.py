"""Every state a subject was ever in: evaluated at the days on which something about it changed, and only there."""

from __future__ import annotations

from typing import Any

import ibis

from dishu.engine.backends import Connection
from dishu.engine.facts import INDUSTRIAL, Facts, Table, View
from dishu.engine.state import instructor_state, member_state, org_state, unit_state
from dishu.standards import law

#: Rules whose change by law changes a state without any fact changing.
STEPPED = ("branch_min_full_members", "at_risk_margin")
NEVER = None


def states(facts: Facts, connection: Connection) -> dict[str, Table]:
    """Dated states of all subjects: the columns of the state functions plus since and until (half-open).

    Tables are made on the connection, so that later steps read them instead of computing them again.
    """
    members = _closed(connection, facts, "member", _member_days(facts), lambda view: member_state(view))
    units = _closed(
        connection, facts, "unit", _unit_days(facts, members), lambda view: unit_state(view, _tied(view, members))
    )
    orgs = _closed(
        connection, facts, "org", _org_days(facts, members), lambda view: org_state(view, _tied(view, members))
    )
    posts = _closed(connection, facts, "instructor", _instructor_days(facts), lambda view: instructor_state(view))
    return {"unit": units, "member": members, "org": orgs, "instructor": posts}


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


def _tied(view: View, members: Table) -> Table:
    """Members' dated states as ties of the view's subject, at its points."""
    assert view.subject is not None
    known = members.filter(members[view.subject].notnull())
    return view.spread(known, view.subject).drop("since", "until")


def _ends(table: Table, key: str) -> Table:
    """Both ends of each row as points."""
    return ibis.union(table.select(key, day="since"), table.select(key, day="until"))


def _looked(table: Table, key: str) -> Table:
    """The days on which a verification begins and ends to count."""
    months = law.steps("verification_valid_months")[-1].value
    seen = table.filter(table.verified_on.notnull())
    ends = (seen.verified_on + ibis.interval(months=months)).cast("date")
    return ibis.union(seen.select(key, day="verified_on"), seen.select(key, day=ends))


def _by_law(table: Table, key: str, names: tuple[str, ...]) -> list[Table]:
    """Days on which a rule changed, for all subjects of a table."""
    days = {step.since for name in names for step in law.steps(name)[1:]}
    return [table.select(key, day=ibis.date(day)).distinct() for day in sorted(days)]


def _sized(unit: Table) -> Table:
    smallest = min(step.value for step in law.steps("designated_size_industry_wan"))
    return unit.filter(unit.industry.substr(0, 1).isin(INDUSTRIAL) & (unit.turnover >= smallest * 10_000))


def _unit_changes(unit: Table) -> Table:
    return ibis.union(_ends(unit, "unit"), *_by_law(_sized(unit), "unit", ("designated_size_industry_wan",)))


def _member_days(facts: Facts) -> Table:
    jobs, claims = facts.employment, facts.affiliation
    at_work = (
        jobs.select("member", "unit").distinct().join(_unit_changes(_worked(facts)), "unit").select("member", "day")
    )
    org = claims.select("member", "org").distinct().join(_ends(facts.org, "org"), "org").select("member", "day")
    own = [
        _ends(facts.tables[name], "member")
        for name in ("member", "employment", "affiliation", "participation", "identity")
    ]
    return ibis.union(*own, _looked(facts.member, "member"), at_work, org)


def _worked(facts: Facts) -> Table:
    return facts.unit.semi_join(facts.employment, "unit")


def _org_days(facts: Facts, members: Table) -> Table:
    known = members.filter(members.org.notnull())
    own = [_ends(facts.tables[name], "org") for name in ("org", "coverage", "formed_under_plan")]
    return ibis.union(*own, _ends(known, "org"), *_by_law(facts.org, "org", STEPPED))


def _unit_days(facts: Facts, members: Table) -> Table:
    working = members.filter(members.unit.notnull())
    work = View(facts.tables, None).tables["work"]
    months = law.steps("work_valid_months")[-1].value
    reached = work.mutate(until=(work.since + ibis.interval(months=months)).cast("date"))
    covering = facts.coverage.select("unit", "org").join(_ends(facts.org, "org"), "org").select("unit", "day")
    own = [_ends(facts.tables[name], "unit") for name in ("coverage", "instructor", "plan", "newcomer")]
    minimum = _by_law(working, "unit", ("branch_min_full_members",))
    return ibis.union(
        _unit_changes(facts.unit), _looked(facts.unit, "unit"), _ends(reached, "unit"), _ends(working, "unit"),
        covering, *own, *minimum,
    )  # fmt: skip


def _instructor_days(facts: Facts) -> Table:
    posts = facts.instructor
    moved = posts.select("instructor", "unit").join(_ends(facts.unit, "unit"), "unit").select("instructor", "day")
    return ibis.union(_ends(posts, "instructor"), moved)
