"""Who is planned and who is not, by the law of the day; the limits of a plan with the rules they rest on."""

from datetime import date

import pytest

from dishu.engine.plan import limits
from dishu.engine.plan.classify import as_host, classify
from dishu.engine.plan.model import Host, Limits, Unit
from dishu.standards import law

NOW, BEFORE = date(2026, 1, 1), date(2012, 1, 1)


def unit(name, full, members=None, market=None):
    return Unit(name, 0, 0, "T1", "东街", "F", full, full if members is None else members, market)


@pytest.mark.parametrize(
    ("full", "members", "where"),
    [(0, 0, "none"), (0, 2, "none"), (1, 1, "planned"), (2, 5, "planned"), (3, 3, "own"), (12, 120, "own")],
)
def test_where_a_unit_goes(full, members, where):
    found = classify([unit("u", full, members)], [], NOW)
    assert {name for name in ("planned", "own", "none") if getattr(found, name)} == {where}


def test_more_full_members_than_members_are_refused():
    with pytest.raises(ValueError, match="正式党员2名、党员1名"):
        classify([unit("u", 2, 1)], [], NOW)


def market(name, number, full=1):
    return [unit(f"{name}{i}", full, market=name) for i in range(number)]


def test_markets_that_qualify_come_with_the_most_members_first():
    """Six units are more than one joint branch covers as a rule; five are one joint branch."""
    found = classify([*market("布市", 6), *market("菜市", 5), *market("灯市", 6, full=2)], [], NOW)
    assert [(m.market, m.full, len(m.units)) for m in found.markets] == [("灯市", 12, 6), ("布市", 6, 6)]
    assert len(found.planned) == 17


def test_a_market_with_its_organization_needs_no_new_one():
    host = Host("m", 0, 0, "T1", "东街", "market", 20, 10, market="布市")
    assert classify(market("布市", 6), [host], NOW).markets == ()


def test_limits_by_date():
    assert limits.at(NOW) == Limits(least_full=3, usual_units=5, most_units=8, most_members=50)
    assert limits.at(BEFORE) == Limits(least_full=3, usual_units=8, most_units=8, most_members=50)


def test_before_2018_no_rule_on_units_is_read():
    assert "joint_branch_max_units" in {r.name for r in limits.readings(NOW)}
    assert "joint_branch_max_units" not in {r.name for r in limits.readings(BEFORE)}
    assert all(r.source for r in limits.readings(BEFORE))


def test_a_day_no_rule_speaks_of_is_refused():
    with pytest.raises(law.OutsideDates):
        limits.at(date(1995, 1, 1))


def test_a_full_branch_has_no_room():
    assert as_host(unit("u", 40, 60), NOW).room_members == 0
