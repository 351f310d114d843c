"""The checker of plans: a sound plan passes, and each kind of fault planted into it is found by its name."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.engine.plan.check import check
from dishu.engine.plan.model import Group, Host, Limits, Locks, Prices, Scheme, Unit
from dishu.engine.wording import say


def unit(name, x, full=1, **more):
    return Unit(name, **{"x": x, "y": 0.0, "committee": "T1", "place": "东街", "industry": "F", "full": full,
                         "members": full, **more})  # fmt: skip


# a, b, c: a joint branch that exists (b1, led from b); d new in it; e with the village; f too far from everybody.
UNITS = [
    unit("a", 0, branch="b1"),
    unit("b", 300, branch="b1", secretary=True),
    unit("c", 800, branch="b1", industry="C"),
    unit("d", 1300, market="布市"),
    unit("e", 5000),
    unit("f", 40000),
]
HOSTS = [
    Host("village", 6000, 0, "T1", "东街", "village", room_members=5, room_units=4, county="990101"),
    Host("traders", 0, 0, None, "东街", "association", room_members=2, room_units=1, industry="F"),
    Host("elsewhere", 5000, 0, "T2", "东街", "village", room_members=5, room_units=4),
]
JOINT = Group("b1", "joint", ("a", "b", "c", "d"), lead="b")
ATTACHED = Group("village", "attached", ("e",), host="village")
ALONE = Group("f", "uncovered", ("f",))
# b1: kept 1.5; a 0.3; c 0.5 + 0.5 other industry; d 1.0 + 0.4 other place. village: 1.2 + 1.0. f: 20.
COST = 1.5 + 0.3 + 1.0 + 1.4 + 2.2 + 20
SOUND = Scheme((JOINT, ATTACHED, ALONE), COST, lower_bound=20.0, bound_valid=True)


def codes(scheme, units=UNITS, hosts=HOSTS, prices=None, limits=None, locks=None):
    found = check(scheme, units, hosts, prices or Prices(), limits or Limits(), locks or Locks())
    assert all(v.text and "{" not in v.text for v in found)
    return {v.code for v in found}


def with_groups(*groups):
    return replace(SOUND, groups=groups)


def changed(**who):
    """The units with some of their words changed."""
    return [replace(u, **who.get(u.unit_id, {})) for u in UNITS]


def test_a_sound_plan_has_no_fault():
    assert codes(SOUND) == set()


@pytest.mark.parametrize(
    ("code", "scheme"),
    [
        ("unit_missing", with_groups(JOINT, ATTACHED)),
        ("unit_twice", with_groups(JOINT, ATTACHED, ALONE, Group("x", "uncovered", ("e",)))),
        ("unit_unknown", with_groups(JOINT, ATTACHED, ALONE, Group("x", "uncovered", ("stranger",)))),
        ("group_shape", with_groups(replace(JOINT, lead="e"), ATTACHED, ALONE)),
        ("group_shape", with_groups(replace(JOINT, host="village"), ATTACHED, ALONE)),
        ("group_shape", with_groups(JOINT, replace(ATTACHED, host=None), ALONE)),
        ("group_shape", with_groups(JOINT, Group("x", "uncovered", ("e", "f")))),
        ("group_shape", with_groups(JOINT, ATTACHED, ALONE, Group("y", "joint", ()))),
        ("group_twice", with_groups(JOINT, replace(ATTACHED, group_id="b1"), ALONE)),
        ("group_twice", with_groups(JOINT, ATTACHED, Group("x", "attached", ("f",), host="village"))),
        ("host_unknown", with_groups(JOINT, replace(ATTACHED, host="nobody"), ALONE)),
        ("too_few_full", with_groups(JOINT, Group("n1", "joint", ("e",), lead="e"), ALONE)),
        ("too_far", with_groups(replace(JOINT, units=("a", "b", "c", "d", "f")), ATTACHED)),
        ("too_far", with_groups(JOINT, replace(ATTACHED, units=("e", "f")))),
        ("too_far", with_groups(JOINT, ATTACHED, Group("traders", "attached", ("f",), host="traders"))),
        ("other_committee", with_groups(JOINT, replace(ATTACHED, host="elsewhere"), ALONE)),
        ("price", replace(SOUND, objective=COST - 0.001)),
        ("price", replace(SOUND, objective=float("nan"))),
        ("bound", replace(SOUND, lower_bound=COST + 0.01)),
        ("bound", replace(SOUND, lower_bound=float("nan"))),
    ],
)  # fmt: skip
def test_a_planted_fault_is_named(code, scheme):
    assert code in codes(scheme)


@pytest.mark.parametrize(
    ("code", "units"),
    [
        ("other_committee", changed(d={"committee": "T2"})),
        ("other_county", changed(e={"county": "990102"})),
        ("too_many_members", changed(d={"members": 48})),
        ("host_members", changed(e={"members": 6})),
        ("too_far", changed(d={"x": 5300.6})),
        ("price", changed(d={"x": 1301})),  # a metre farther
        ("price", changed(d={"branch": "b2"})),  # would have to leave b2
        ("price", changed(b={"secretary": False})),
        ("price", changed(b={"host": "village"})),  # the lead unit leaves a host
        ("price", changed(e={"branch": "b1"})),
    ],
)
def test_a_fact_the_plan_overlooked_is_named(code, units):
    assert code in codes(SOUND, units)


def test_a_unit_at_the_very_limit_is_near_enough():
    assert "too_far" not in codes(SOUND, changed(d={"x": 5300.4}))


def test_host_units():
    assert codes(SOUND, hosts=[replace(HOSTS[0], room_units=0), *HOSTS[1:]]) == {"host_units"}


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(most_units=3), "too_many_units"),
        (Limits(least_full=5), "too_few_full"),
        (Limits(usual_units=3), "price"),  # one above the usual number is dearer
        (Limits(least_full=4), "price"),  # exactly the least number is dearer
    ],
)
def test_limits_of_another_day(limits, code):
    assert codes(SOUND, limits=limits) == {code}


@pytest.mark.parametrize(
    ("locks", "expected"),
    [
        (Locks(together=(frozenset("ab"),), apart=(frozenset("ae"),), hosts={"e": "village"}), set()),
        (Locks(together=(frozenset("ae"),)), {"lock_together"}),
        (Locks(together=(frozenset({"a", "stranger"}),)), {"lock_together"}),
        (Locks(apart=(frozenset("aef"),)), set()),
        (Locks(apart=(frozenset("adf"),)), {"lock_apart"}),
        (Locks(hosts={"a": "village"}), {"lock_host"}),
        (Locks(branches=frozenset({"b1"})), {"lock_branch"}),  # d has joined it
    ],
)
def test_locks(locks, expected):
    assert codes(SOUND, locks=locks) == expected


def test_a_locked_branch_that_stays_as_it_is():
    scheme = Scheme((replace(JOINT, units=("a", "b", "c")), ATTACHED, ALONE, Group("d", "uncovered", ("d",))),
                    COST - 1.4 + 20 + 0.3)  # fmt: skip
    assert codes(scheme, locks=Locks(branches=frozenset({"b1"}))) == set()


def test_every_fault_has_its_sentence():
    with pytest.raises(KeyError):
        say("plan_wrong_unheard_of")


@settings(max_examples=50, deadline=None)
@given(st.permutations(UNITS), st.permutations(SOUND.groups), st.permutations(JOINT.units))
def test_the_order_of_units_and_groups_does_not_matter(units, groups, inside):
    groups = tuple(replace(g, units=tuple(inside)) if g.kind == "joint" else g for g in groups)
    assert codes(replace(SOUND, groups=groups), units) == set()


@settings(max_examples=50, deadline=None)
@given(st.floats(-30, 30).filter(lambda by: abs(by) > 1e-4))
def test_any_other_price_is_refused(by):
    assert codes(replace(SOUND, objective=COST + by)) == {"price"}
