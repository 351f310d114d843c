"""What people have decided stands, whatever it costs; what cannot stand is refused with the reason."""

import pytest
from tinyplan import LAW, NO_LOCKS, county

from dishu.engine.plan.check import check
from dishu.engine.plan.model import Host, Limits, Locks, Prices, Unit
from dishu.engine.plan.solve import plan
from dishu.worlds import planning

PRICES = Prices()
FAR_APART = [Unit(f"u{i}", x, 0, "T", "甲", "F", 1, 1) for i, x in enumerate([0, 100, 200, 3000, 3100, 3200, 3300])]
ROOMY = Host("h", 0, 0, "T", "甲", "village", room_members=10, room_units=3)


def made(units, hosts, locks, **more):
    scheme = plan(units, hosts, PRICES, LAW, locks, effort=500, **more)
    assert check(scheme, units, hosts, PRICES, LAW, locks) == []
    return scheme


def group_of(scheme, unit):
    return next(group for group in scheme.groups if unit in group.units)


def test_together_though_far_apart():
    together = Locks(together=(frozenset({"u0", "u6"}), frozenset({"u6", "u3"})))
    assert {"u0", "u3", "u6"} <= set(group_of(made(FAR_APART, [], together), "u0").units)


def test_apart_though_next_door():
    apart = Locks(apart=(frozenset({"u0", "u1"}),))
    assert group_of(made(FAR_APART, [], apart), "u0") != group_of(made(FAR_APART, [], apart), "u1")


def test_at_the_host_with_all_that_are_locked_to_it():
    locks = Locks(hosts={"u3": "h"}, together=(frozenset({"u3", "u4"}),))
    assert {"u3", "u4"} <= set(group_of(made(FAR_APART, [ROOMY], locks), "u3").units)


def test_a_branch_as_it_is():
    units = [
        Unit(u.unit_id, u.x, u.y, "T", "甲", "F", 1, 1, branch="b" if u.unit_id in ("u0", "u1", "u6") else None)
        for u in FAR_APART
    ]
    group = group_of(made(units, [], Locks(branches=frozenset({"b"}))), "u0")
    assert (set(group.units), group.group_id) == ({"u0", "u1", "u6"}, "b")


@pytest.mark.parametrize("seed", range(6))
def test_many_locks_at_once_in_a_county(seed):
    units, hosts = planning.county(200, seed)
    some = [unit for unit in units if unit.committee == units[0].committee and unit.branch is None][:6]
    branches = sorted({u.branch for u in units if u.branch and sum(v.branch == u.branch for v in units) in (4, 5)})
    locks = Locks(
        together=(frozenset({some[0].unit_id, some[1].unit_id}),), apart=(frozenset(u.unit_id for u in some[2:5]),),
        branches=frozenset(b for b in branches[:3] if not {u.unit_id for u in some} & {u.unit_id for u in units if u.branch == b}),
    )  # fmt: skip
    assert made(units, hosts, locks).bound_valid


UNDER_ANOTHER = Unit("v", 0, 0, "S", "甲", "F", 1, 1)
PAIR = [Unit("p", 0, 0, "T", "甲", "F", 1, 1, branch="b"), Unit("q", 0, 0, "T", "甲", "F", 1, 1, branch="b")]


@pytest.mark.parametrize(
    ("locks", "said"),
    [
        (Locks(together=(frozenset({"u0", "x"}),)), "单位不在名单中：x"),
        (Locks(hosts={"u0": "x"}), "挂靠组织不在名单中：x"),
        (Locks(branches=frozenset({"x"})), "锁定的支部 x 没有单位"),
        (Locks(branches=frozenset({"b"})), "支部 b 不能原样保留：人数"),
        (Locks(branches=frozenset({"b"}), hosts={"p": "h"}), "它的单位另有锁定"),
        (Locks(together=(frozenset({"u0", "v"}),)), "不属同一上级党组织：u0、v"),
        (Locks(together=(frozenset({"u0", "u1"}),), apart=(frozenset({"u1", "u0", "u2"}),)), "既锁定在一起又锁定分开"),
        (Locks(together=(frozenset([*(u.unit_id for u in FAR_APART), "p", "q"]),)), "锁定在一起的单位超过8个"),
        (Locks(hosts={"u0": "h", "u1": "h", "u2": "h", "u3": "h"}), "接纳不下"),
        (Locks(hosts={"v": "h"}), "单位 v 不能锁定挂靠到 h：不属同一上级党组织"),
        (Locks(hosts={"u0": "h", "u1": "h"}, apart=(frozenset({"u0", "u1"}),)), "与已锁定分开的单位碰到一起"),
        (Locks(hosts={"u0": "h", "u1": "k"}, together=(frozenset({"u0", "u1"}),)), "已锁定到别处"),
    ],
)  # fmt: skip
def test_locks_that_cannot_stand_are_refused(locks, said):
    hosts = [ROOMY, Host("k", 0, 0, "T", "甲", "village", 10, 3)]
    with pytest.raises(ValueError, match=said):
        plan([*FAR_APART, UNDER_ANOTHER, *PAIR], hosts, PRICES, Limits(), locks)


def test_no_locks_are_no_locks():
    units, hosts = county(2, 12, 2)
    assert made(units, hosts, NO_LOCKS) == made(units, hosts, Locks())
