"""Why each unit is where it is: its own terms, its next best place and what that would cost, and what people must look at."""

import dataclasses

import pytest
from plainplan import solve

from dishu.engine.plan.check import price
from dishu.engine.plan.model import Group, Host, Limits, Locks, Prices, Scheme, Unit
from dishu.engine.plan.phrases import Speech
from dishu.engine.plan.reasons import explain
from dishu.worlds import planning

SOURCE = "支部工作条例 第五条"


def unit(name, x, full=1, **more):
    return Unit(name, **{"x": x, "y": 0.0, "committee": "T1", "place": "布市", "industry": "F", "full": full,
                         "members": full, "market": "布市", **more})  # fmt: skip


# b1 (led from b, the secretary's) takes in d and e; three more two kilometres off are new; v is a village, x is alone.
UNITS = [
    unit("a", 0, branch="b1"), unit("b", 100, branch="b1", secretary=True), unit("c", 200, branch="b1"),
    unit("d", 300), unit("e", 400, industry="C"),
    unit("p", 2000), unit("q", 2100), unit("r", 2400, place="东街", market=None),
    unit("v", 6000, host="village"), unit("x", 90000),
]  # fmt: skip
HOSTS = [Host("village", 6500, 0, "T1", "东街", "village", room_members=2, room_units=2)]
GROUPS = (
    Group("b1", "joint", tuple("abcde"), lead="b"),
    Group("n1", "joint", tuple("pqr"), lead="q"),
    Group("village", "attached", ("v",), host="village"),
    Group("open-x", "uncovered", ("x",)),
)
NAMES = {"b": "鑫源商贸", "b1": "布市联合党支部", "village": "河湾村党支部", "q": "远达机械"}


def explained(units=UNITS, hosts=HOSTS, limits=None, locks=None, groups=GROUPS):
    known, at = {u.unit_id: u for u in units}, {h.org_id: h for h in hosts}
    limits = limits or Limits()
    total = sum(price(g, known, at, Prices(), limits) for g in groups) / 1000
    return explain(Scheme(groups, total), units, hosts, Prices(), limits, locks)


def of(found, name):
    return next(reason for reason in found.units if reason.unit.unit_id == name)


def line(found, name):
    return Speech(found, Limits(), SOURCE, 5.0, NAMES).line(of(found, name))


@pytest.mark.parametrize(
    ("name", "terms", "why"),
    [
        ("a", {"way": 100}, "a hundred metres to b"),
        ("b", {"kept_branch": 1500}, "the lead unit pays the founding"),
        ("d", {"way": 200}, "had nothing to leave"),
        ("e", {"way": 300, "other_industry": 500}, "another trade than b"),
        ("r", {"way": 300, "other_place": 400}, "outside the market"),
        ("v", {"base": 1200, "way": 500}, "stays with its host"),
        ("x", {"uncovered": 20000}, "nowhere"),
    ],
)
def test_terms_of_a_unit(name, terms, why):
    assert {k: v for k, v in of(explained(), name).terms.items() if v} == terms, why


@pytest.mark.parametrize(
    ("name", "next_id", "cost", "saved", "regret", "why"),
    [
        ("d", "n1", 1500, 200, 1300, "1.8 km to q, who would no longer be just three; saves its 200 metres"),
        ("e", "n1", 1900, 800, 1100, "1.7 km and the other trade, less 0.3 as n1 is no longer just three"),
        ("a", "n1", 2400, 100, 2300, "would have to leave b1"),
        ("v", "n1", 4200, 1700, 2500, "3.9 km, leaving its host, less 0.3"),
        ("x", None, 20000, 20000, 0, "nothing near enough: no next best but nowhere"),
    ],
)  # fmt: skip
def test_next_best_and_regret(name, next_id, cost, saved, regret, why):
    one = of(explained(), name)
    assert (one.next_best.id, one.next_best.cost, one.saved, one.regret) == (next_id, cost, saved, regret), why
    assert not one.needed


def test_when_the_lead_leaves_another_takes_over():
    """Without b a new secretary must be found: c leads for 3.0; a 0.2, d 0.1, e 0.2 + 0.5 come to it."""
    one = of(explained(), "b")
    assert one.saved == (1500 + 100 + 100 + 200 + 800) - (3000 + 200 + 100 + 700)


def test_a_unit_a_branch_cannot_do_without():
    """n1 is three: without p it is none. Dissolved: p and q to b1 (usual five: 1.0 more), r to the village."""
    one = of(explained(), "p")
    join_p, join_q, to_village = 1900 + 1000, 2000 + 1000, 4100 + 1200
    join_r = 2300 + 400 + 1000
    assert one.needed
    assert one.regret == join_p + join_q + min(join_r, to_village) - price(
        GROUPS[1], {u.unit_id: u for u in UNITS}, {}, Prices(), Limits()
    )


def test_full_groups_and_full_hosts_are_no_alternative():
    full = explained(limits=Limits(most_units=5), hosts=[dataclasses.replace(HOSTS[0], room_units=1)])
    assert of(full, "p").next_best.kind == "uncovered"
    assert of(full, "r").next_best.kind == "uncovered"


def test_what_people_have_locked_is_not_compared():
    found = explained(locks=Locks(hosts={"v": "village"}, branches=frozenset({"b1"})))
    assert [of(found, name).regret for name in "vabc"] == [None] * 4
    assert of(found, "d").regret is not None
    assert line(found, "v").endswith("已由人定，不另比较。")


def test_exceptions_are_named_with_numbers():
    units = [dataclasses.replace(u, located=u.unit_id != "d") for u in UNITS] + [unit("f", 3000)]
    groups = (dataclasses.replace(GROUPS[0], units=tuple("abcdef")), *GROUPS[1:])
    found = explained(units=units, groups=groups).exceptions
    assert [(e.code, e.group_id, e.unit_id, e.number, e.limit) for e in found] == [
        ("uncovered", "open-x", "x", 1, 0),
        ("above_usual", "b1", None, 6, 5),
        ("fragile", "n1", None, 3, 3),
        ("far", "b1", "f", 2.9, 2.5),
        ("unlocated", "b1", "d", 0, 0),
    ]
    speech = Speech(explained(units=units, groups=groups), Limits(), SOURCE, 5.0)
    assert speech.exception(found[1]) == "覆盖6个单位，一般不超过5个；须说明理由并报上级党组织批准。"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("d", "拟以现有布市联合党支部为基础建联合党支部：覆盖5家、正式党员5名。各单位均不足3名正式党员，不具备单独组建条件"
              "（支部工作条例 第五条）；同在布市，4家同属批发和零售业；以鑫源商贸为牵头单位（现任书记所在），最远0.3公里；"
              "3家沿用现有布市联合党支部，2家新纳入。次优方案：并入远达机械牵头的联合党支部，综合代价+1.3（远1.6公里）。"),
        ("p", "拟建联合党支部：覆盖3家、正式党员3名。各单位均不足3名正式党员，不具备单独组建条件（支部工作条例 第五条）；"
              "2家同在布市，同属批发和零售业；以远达机械为牵头单位，最远0.3公里；均为新纳入。缺了它本支部不足3名正式党员；"
              "拆散本支部、各去次优处，综合代价+5.5。"),
        ("v", "拟挂靠河湾村党支部：正式党员1名，不足3名，不具备单独组建条件（支部工作条例 第五条）；相距0.5公里；沿用现有挂靠。"
              "次优方案：并入远达机械牵头的联合党支部，综合代价+2.5（远3.4公里、要离开现在的支部或挂靠）。"),
        ("x", "暂未排入任何一组，需人工研究：正式党员1名，不足3名。5公里内没有能并入的联合党支部，也没有可挂靠且有空余的党组织。"),
    ],
)  # fmt: skip
def test_the_reason_line(name, expected):
    assert line(explained(), name) == expected


def test_without_coordinates_no_way_is_told():
    units = [dataclasses.replace(u, located=False) for u in UNITS]
    said = line(explained(units=units), "d")
    assert "公里" not in said
    assert "坐标不全" in said


def test_the_next_best_is_the_cheapest_there_is():
    """Against trying every group and host for each unit of a small county, priced by the checker."""
    units, hosts = planning.county(120, seed=4)
    prices, limits = Prices(), Limits()
    scheme = solve(units, hosts, prices, limits, Locks())
    known, at = {u.unit_id: u for u in units}, {h.org_id: h for h in hosts}

    def cost(group):
        return price(group, known, at, prices, limits)

    for reason in explain(scheme, units, hosts, prices, limits).units:
        name, best = reason.unit.unit_id, 20_000
        for group in scheme.groups:
            if group.kind == "joint" and group != reason.group and len(group.units) < limits.most_units:
                lead = known[group.lead]
                if lead.committee == reason.unit.committee and near(reason.unit, lead) <= 5_000:
                    best = min(best, cost(dataclasses.replace(group, units=(*group.units, name))) - cost(group))
        for host in hosts:
            most = 10_000 if host.committee is None else 5_000
            if (
                host.committee in (None, reason.unit.committee)
                and near(reason.unit, host) <= most
                and host.room_members >= reason.unit.members
            ):
                best = min(best, cost(Group("h", "attached", (name,), host=host.org_id)))
        assert reason.next_best.cost == best, name


def near(one, other):
    return int(((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5 + 0.5)
