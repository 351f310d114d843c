"""Who is visited again: the conspicuous few and as many by lot, mixed; and how often either was right."""

from fractions import Fraction

import pytest
from visitrows import visits

from dishu.engine.flags import choose, hit_rates
from dishu.engine.flags.model import Report

RANKING = tuple((f"C{n:02d}", 1 - n / 41) for n in range(41))
TABLE = visits([{"collector": name} for name, _ in RANKING for _ in range(8)])
REPORT = Report((), RANKING, {})


def test_one_in_twenty_rounded_up_and_as_many_by_lot():
    chosen = choose(TABLE, REPORT, "20261122")
    assert [name for name, why in chosen.why.items() if why == "flagged"] == ["C00", "C01", "C02"]
    control = [name for name, why in chosen.why.items() if why == "control"]
    assert len(control) == 3 and not {"C00", "C01", "C02"} & set(control)


def test_the_list_for_those_who_go_is_mixed_and_tells_nothing():
    chosen = choose(TABLE, REPORT, "20261122")
    who = chosen.visits["collector"].to_pylist()
    assert chosen.visits.column_names == ["visit_id", "unit_id", "collector"]
    assert {name: who.count(name) for name in who} == dict.fromkeys(chosen.why, 5)
    assert who != sorted(who, key=list(chosen.why).index)


def test_the_seed_decides_and_the_order_of_rows_does_not():
    again = TABLE.take(list(range(TABLE.num_rows))[::-1])
    assert choose(again, REPORT, "20261122") == choose(TABLE, REPORT, "20261122")
    assert choose(TABLE, REPORT, "20261123").why != choose(TABLE, REPORT, "20261122").why


def test_two_collectors_leave_one_for_control_and_one_leaves_none():
    for people, expected in ((2, ["flagged", "control"]), (1, ["flagged"])):
        table = visits([{"collector": name} for name, _ in RANKING[:people]])
        chosen = choose(table, Report((), RANKING[:people], {}), "1", Fraction(1, 2))
        assert list(chosen.why.values()) == expected


def test_hit_rates_with_their_intervals():
    why = {f"a{n}": "flagged" for n in range(10)} | {f"b{n}": "control" for n in range(10)}
    wrong = {name: name in ("a0", "a1", "a2", "a3", "a4", "a5", "b0") for name in why}
    rates = hit_rates(why, wrong | {"somebody else": True})
    assert (rates["flagged_k"], rates["flagged_n"], rates["control_k"], rates["control_n"]) == (6, 10, 1, 10)
    assert rates["flagged_low"] == pytest.approx(0.262, abs=1e-3)
    assert rates["control_high"] == pytest.approx(0.445, abs=1e-3)


def test_nobody_reached_cannot_be_compared():
    with pytest.raises(LookupError, match="还没有回访到随机选的人"):
        hit_rates({"a": "flagged", "b": "control"}, {"a": True})
