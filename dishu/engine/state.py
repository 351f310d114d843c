"""What each unit, member and organization is at a day: one row each, everything an indicator may ask already there.

The same functions serve one day (`facts.at(day)`) and the whole history (a view of points), so a figure and its
trend cannot disagree.
"""

from __future__ import annotations

from functools import reduce

import ibis

from dishu.engine.facts import Column, Table, View, above_size

#: Systems whose organizations belong to the non-public sector; the others (territory, origin) hold members elsewhere.
SECTOR = ("enterprise", "association", "market")
#: Organization kinds that can be a unit's own, in rising order.
OWN = ("branch", "general_branch", "committee")

SUBJECTS = ("unit", "member", "org", "instructor")


def state_tables(view: View) -> dict[str, Table]:
    """The state of each kind of subject in one view."""
    members = member_state(view)
    return {
        "unit": unit_state(view, members),
        "member": members,
        "org": org_state(view, members),
        "instructor": instructor_state(view),
    }


def member_state(view: View) -> Table:
    """One row per member (and day): where counted, employed, affiliated; standing, identity, verification.

    Columns: member, [day], place, unit, kind, above_size, full, affiliation (`here`, `territory`, `origin`,
    `unlisted`, `contradicting`, `unknown`), org and superior (only where exactly one), shown, participates, verified.
    """
    keys = ["member", *view.keys]
    state = view.of("member").select(*keys, "place", "verified", full=view.of("member").standing == "full")
    parts = [_jobs(view, keys), _affiliation(view, keys), _identity(view, keys), _participation(view, keys)]
    state = reduce(lambda left, right: _left(left, right, keys), parts, state)
    state = _at_work(view, state)
    single = state.claims.fill_null(0) == 1
    return state.mutate(
        affiliation=where_held(state),
        org=single.ifelse(state.org, None),
        superior=single.ifelse(state.superior, None),
        participates=ibis.coalesce(state.participates, False),
    ).drop("claims", "system")


def _jobs(view: View, keys: list[str]) -> Table:
    jobs = view.of("employment")
    return jobs.group_by(keys).agg(unit=jobs.unit.min())


def _affiliation(view: View, keys: list[str]) -> Table:
    claims = view.lookup(view.of("affiliation"), "org", "org", ["system", "superior"])
    return claims.group_by(keys).agg(
        claims=claims.org.nunique(), org=claims.org.min(), system=claims.system.min(), superior=claims.superior.min()
    )


def _identity(view: View, keys: list[str]) -> Table:
    acts = view.of("identity")
    return acts.group_by(keys).agg(shown=acts.shown.max())


def _participation(view: View, keys: list[str]) -> Table:
    parts = view.of("participation")
    return parts.group_by(keys).agg(participates=parts.count() > 0)


def _at_work(view: View, state: Table) -> Table:
    """Place, kind and size of the unit where the member works; a member without one is counted at their own place."""
    state = state.rename(own_place="place")
    state = view.lookup(state, "unit", "unit", ["place", "kind", "industry", "turnover"])
    above = above_size(state, view.rule("designated_size_industry_wan", state))
    state = state.mutate(place=ibis.coalesce(state.place, state.own_place), above_size=above)
    return state.drop("own_place", "industry", "turnover")


def where_held(state: Table) -> Column:
    """Which kind of organization holds the membership, as far as is known."""
    return ibis.cases(
        (state.claims.isnull(), "unknown"),
        (state.claims > 1, "contradicting"),
        (state.system.isnull(), "unlisted"),
        (state.system.isin(SECTOR), "here"),
        else_=state.system,
    )


def org_state(view: View, members: Table) -> Table:
    """One row per organization (and day): kind, how many members and full members hold their affiliation there.

    Columns: org, [day], place, kind, sector, full, members, units, under_plan, of_enterprises, verified, and the flags
    `at_risk`, `below_minimum`, `joint`.
    """
    keys = ["org", *view.keys]
    base = view.of("org").select(*keys, "place", "kind", sector=view.of("org").system.isin(SECTOR))
    counts = members.group_by(keys).agg(members=members.count(), full=members.full.cast("int64").sum())
    covers = view.of("coverage")
    parts = [
        counts,
        covers.group_by(keys).agg(units=covers.unit.nunique()),
        view.of("formed_under_plan").select(*keys).distinct().mutate(under_plan=True),
        view.of("enterprise_cover").select(*keys).distinct().mutate(of_enterprises=True),
    ]
    state = reduce(lambda left, right: _left(left, right, keys), parts, base)
    state = state.mutate(
        **{name: state[name].fill_null(0) for name in ("members", "full", "units")},
        under_plan=state.under_plan.fill_null(False),
        of_enterprises=state.of_enterprises.fill_null(False),
    )
    return org_answers(view, state)


def org_answers(view: View, state: Table) -> Table:
    """The yes-or-no questions about an organization; `state`: kind, sector, members, full and, for the history, day."""
    least = view.rule("branch_min_full_members", state)
    branch = state.sector & state.kind.isin(("branch", "joint_branch"))
    return state.mutate(
        branch=branch,
        joint=state.kind == "joint_branch",
        at_risk=branch & state.full.between(least, least + view.rule("at_risk_margin", state)),
        below_minimum=branch & (state.full < least),
        verified=state.members > 0,
    )


def instructor_state(view: View) -> Table:
    """One row per instructor (and day), at the place of one of the units they serve; units counts those.

    `at_enterprises`: whether one of them is an enterprise.
    """
    keys = ["instructor", *view.keys]
    posts = view.lookup(view.of("instructor"), "unit", "unit", ["place", "kind"])
    posts = posts.filter(posts.place.notnull())  # a post at a closed unit is no post
    served = posts.group_by(keys).agg(
        place=posts.place.min(), units=posts.unit.nunique(), at_enterprises=(posts.kind == "enterprise").max()
    )
    return served.mutate(verified=True)


def unit_state(view: View, members: Table) -> Table:
    """One row per unit (and day): its size, who works in it, how it is covered, what was promised and done.

    Counts by affiliation (`qualified`) and by presence (`qualified_present`) stand side by side: the difference is
    the difficulty of which the speech of 2011 complains.
    """
    keys = ["unit", *view.keys]
    state = _left(own_answers(view.of("unit")), tie_answers(view, summed(ties(view, members, keys), keys)), keys)
    state = state.mutate(**{name: state[name].fill_null(value) for name, value in UNTIED.items()})
    return state.mutate(members_employed=members_employed(state))


def own_answers(units: Table) -> Table:
    """What a unit's own row answers, whoever works in it."""
    s = units.mutate(
        employees_50=units.employees.fill_null(0) >= 50,
        employees_100=units.employees.fill_null(0) >= 100,
        employees_known=units.employees.notnull(),
        condition_known=units.surveyed.fill_null("") == "known",
        **{name: units[name].fill_null(0) for name in ("employees", "assets", "turnover")},
    )
    return s.drop("verified_on", "channel", "industry")


def members_employed(state: Table) -> Column:
    """Members as far as they are among the employees stated; the others are on a list of their own."""
    return ibis.least(state.members, state.employees)


#: What is added up per unit from its ties, before anything is judged.
COUNTS = (
    "members", "full_present", "full", "members_here", "unclear", "own_rank", "joint", "attached", "functional",
    "instructors", "planned", "newcomer", "worked",
)  # fmt: skip
#: Those of them that add up.
ADDED = tuple(name for name in COUNTS if name != "own_rank")
#: What a unit without any tie is.
UNTIED = {
    **dict.fromkeys(COUNTS, 0), "own": "none", "all_clear": True,
    **dict.fromkeys(("with_members", "three_members", "qualified", "qualified_present", "several_members", "split", "covered", "instructed", "in_joint", "is_attached", "in_functional", "in_plan", "is_newcomer", "reached"), False),
}  # fmt: skip


def ties(view: View, members: Table, keys: list[str]) -> Table:
    """All ties of a unit as one table: each kind of tie fills its own columns (`COUNTS` and `superior`)."""
    return _of_members(members, keys).union(other_ties(view, keys))


def other_ties(view: View, keys: list[str]) -> Table:
    """Those that are not members: organizations, instructors, plans, work."""
    kinds = [_of_coverage(view, keys)]
    kinds += [
        _mark(view.of(name), keys, column)
        for name, column in (("instructor", "instructors"), ("plan", "planned"), ("newcomer", "newcomer"), ("work", "worked"))
    ]  # fmt: skip
    return ibis.union(*kinds)


def summed(rows: Table, keys: list[str]) -> Table:
    """One sum of the ties per unit; `first` and `last` are the lowest and highest superior."""
    return rows.group_by(keys).agg(
        **{name: rows[name].sum().cast("int64") for name in ADDED}, own_rank=rows.own_rank.max(),
        first=rows.superior.min(), last=rows.superior.max(),
    )  # fmt: skip


def tie_answers(view: View, s: Table) -> Table:
    """The yes-or-no questions about a unit's ties, answered once; `s`: the columns of `summed`."""
    least = view.rule("branch_min_full_members", s)
    return s.mutate(
        own=s.own_rank.cases((1, "branch"), (2, "general_branch"), (3, "committee"), else_="none"),
        with_members=s.members > 0,
        three_members=s.members >= least,
        qualified=s.full >= least,
        qualified_present=s.full_present >= least,
        all_clear=s.unclear == 0,
        several_members=s.members_here > 1,
        split=s["last"].fill_null(0) != s["first"].fill_null(0),
        covered=(s.own_rank > 0) | (s.joint > 0) | (s.attached > 0),
        instructed=s.instructors > 0,
        in_joint=s.joint > 0,
        is_attached=s.attached > 0,
        in_functional=s.functional > 0,
        in_plan=s.planned > 0,
        is_newcomer=s.newcomer > 0,
        reached=s.worked > 0,
    )


def _tie(table: Table, keys: list[str], **filled: Column) -> Table:
    """Rows with every count column; those not named are 0."""
    zero = ibis.literal(0, "int64")
    counts = {name: filled.get(name, zero).cast("int64") for name in COUNTS}
    superior = filled.get("superior", ibis.null("int64"))
    return table.select(*keys, **counts, superior=superior)


def _mark(table: Table, keys: list[str], column: str) -> Table:
    return _tie(table, keys, **{column: ibis.literal(1)})


def _of_members(members: Table, keys: list[str]) -> Table:
    here = members.affiliation == "here"
    return _tie(
        members.filter(members.unit.notnull()),
        keys,
        members=ibis.literal(1),
        full_present=members.full,
        full=members.full & here,
        members_here=here,
        unclear=members.affiliation.isin(("unknown", "contradicting", "unlisted")),
        superior=members.superior,
    )


def _of_coverage(view: View, keys: list[str]) -> Table:
    cover = view.lookup(view.of("coverage"), "org", "org", ["kind"])
    single = cover["mode"] == "single"
    rank = ibis.cases(*((single & (cover.kind == kind), i) for i, kind in enumerate(OWN[1:], 2)), else_=1)
    return _tie(
        cover,
        keys,
        own_rank=single.ifelse(rank, 0),
        joint=cover["mode"] == "joint",
        attached=cover["mode"] == "attached",
        functional=cover["mode"] == "functional",
    )


def _left(left: Table, right: Table, keys: list[str]) -> Table:
    joined = left.left_join(right, keys)
    return joined.drop(*(f"{key}_right" for key in keys))
