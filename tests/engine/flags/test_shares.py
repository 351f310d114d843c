"""Flags that compare a collector with the others: speed, bursts, totals, new people, the register's order and spelling."""

from datetime import datetime

import numpy as np
import pytest
from visitrows import look, visits

from dishu.engine.flags.model import Case

PEERS = [f"P{n:02d}" for n in range(12)]


def field(peers: int = 12, each: int = 20, **more) -> list[dict]:
    return [
        {"collector": name, "took": 365 + 630 * n / (each - 1), **more} for name in PEERS[:peers] for n in range(each)
    ]


def mine(times: int, **more) -> list[dict]:
    return [{"collector": "甲", **more} for _ in range(times)]


@pytest.mark.parametrize(
    ("took", "listed"),
    [(100, True), (260, True), (270, False), (660, False)],  # the median of all is 663, two fifths of it 265
)
def test_too_fast_is_a_share_below_two_fifths_of_the_median(took, listed):
    seen = look("too_fast", visits(field() + mine(20, took=took)))["甲"]
    assert (seen.p_value < 1e-6) == listed


def test_where_all_take_alike_tukeys_fence_is_closer():
    even = [row | {"took": 660 + row["took"] / 30} for row in field()]
    assert look("too_fast", visits(even + mine(20, took=500)))["甲"].p_value < 1e-6


def test_a_few_quick_visits_are_anybodys():
    assert look("too_fast", visits(field() + mine(18) + mine(2, took=100)))["甲"].p_value > 0.05


def test_bulk_entry_is_compared_with_bulk_entry_and_kinds_with_their_kind():
    bulk = [row | {"entry_mode": "bulk", "took": 60 + row["took"] / 10} for row in field(each=10)]
    for sort in ({"entry_mode": "bulk"}, {"collector_kind": "网格员", "entry_mode": "bulk"}):
        own = [row | sort for row in bulk]
        assert look("too_fast", visits(field() + own + mine(20, took=110, **sort)))["甲"].p_value > 0.05


def test_fewer_than_thirty_records_of_a_kind_say_nothing():
    assert look("too_fast", visits([{"collector": "甲", "took": 1 + 99 * (n > 0)} for n in range(29)])) == {}


DUE = Case(deadline=datetime(2026, 10, 31, 18))
DAY = 24 * 60
LAST = 19 * DAY  # minutes from nine on the 12th to nine on the 31st


def worked(name: str, usual: int, last: int) -> list[dict]:
    days = [{"collector": name, "at": day * DAY + 30 * n} for day in range(10) for n in range(usual)]
    return days + [{"collector": name, "at": LAST + n} for n in range(last)]


@pytest.mark.parametrize(("last", "listed"), [(9, False), (12, False), (30, True)])
def test_a_burst_is_more_than_a_working_day_holds(last, listed):
    rows = [row for name in PEERS for row in worked(name, 8, 8)] + worked("甲", 8, last)
    assert (look("deadline_burst", visits(rows), DUE)["甲"].p_value < 1e-4) == listed


def test_where_all_hurry_nobody_stands_out():
    rows = [row for name in PEERS for row in worked(name, 8, 28)] + worked("甲", 8, 30)
    assert look("deadline_burst", visits(rows), DUE)["甲"].p_value > 0.2


def totals(values, **more) -> list[dict]:
    return [
        {"collector": f"P{who:02d}", "a_staff": 10 + value + n % 25, **more}
        for who, value in enumerate(values)
        for n in range(30)
    ]


@pytest.mark.parametrize(("far", "listed"), [(0, False), (8, False), (10_000, True)])
def test_totals_far_from_the_others(far, listed):
    seen = look("outlying", visits(totals([*range(11), far])))["P11"]
    assert (seen.met and seen.p_value < 0.001) == listed


def test_a_second_outlier_does_not_hide_the_first():
    seen = look("outlying", visits(totals([*range(11), 10_000, 12_000])))
    assert seen["P11"].met and seen["P12"].met


def test_nine_peers_are_too_few_for_totals():
    assert look("outlying", visits(totals(range(9)))) == {}


@pytest.mark.parametrize(
    ("people", "new", "p"),
    [(50, 0, 0.9**50), (50, 5, 0.616), (20, 0, 0.9**20)],
)
def test_zero_discoveries_is_the_exact_binomial_tail(people, new, p):
    rows = [{"collector": "甲", "a_new": int(n < new)} for n in range(people)]
    assert look("zero_discoveries", visits(rows), Case(coverage=0.9))["甲"].p_value == pytest.approx(p, rel=1e-3)


def test_people_met_count_not_visits_and_yes_is_one():
    rows = [{"collector": "甲", "a_new": "是" if n == 0 else "否", "a_found": 4} for n in range(20)]
    assert look("zero_discoveries", visits(rows), Case(coverage=0.9))["甲"].values == pytest.approx(
        {"n": 80, "k": 1, "expected": 8.0, "coverage": 0.9}
    )


def test_where_hardly_anybody_new_is_expected_none_is_no_sign():
    rows = [{"collector": "甲", "a_new": 0} for _ in range(50)]
    assert not look("zero_discoveries", visits(rows), Case(coverage=0.95))["甲"].met  # 2.5 expected
    assert look("zero_discoveries", visits(rows), Case(coverage=0.93))["甲"].met  # 3.5


def test_without_a_rate_the_others_tell_it():
    rows = [{"collector": name, "a_new": int(n % 10 == 0)} for name in PEERS for n in range(20)]
    seen = look("zero_discoveries", visits(rows + [{"collector": "甲", "a_new": 0}] * 40))["甲"]
    assert seen.values["coverage"] == pytest.approx(0.9)


def along(name: str, order) -> list[dict]:
    return [{"collector": name, "r_order": at} for at in order]


def test_who_visits_in_the_registers_order_stands_out_unless_all_do():
    random = np.random.default_rng(1)
    others = [row for name in PEERS for row in along(name, random.permutation(30))]
    assert look("register_order", visits(others + along("甲", range(30))))["甲"].p_value < 1e-9
    streets = [row for name in PEERS for row in along(name, range(30))]
    assert look("register_order", visits(streets + along("甲", range(30))))["甲"].p_value > 0.5


def test_steps_are_those_of_the_collectors_own_part_of_the_register():
    seen = look("register_order", visits(along("甲", range(0, 300, 10))))["甲"]
    assert (seen.values["k"], seen.values["n"]) == (29, 29)


def test_who_repeats_the_registers_errors_stands_out():
    def named(name, wrong):
        return [
            {"collector": name, "a_name": f"店{n}", "r_name": f"店{n}" if n >= wrong else "旧名"} for n in range(50)
        ]

    others = [row for name in PEERS for row in named(name, 10)]
    seen = look("register_echo", visits(others + named("甲", 0)))
    assert seen["甲"].p_value < 1e-4 < 0.4 < seen["P00"].p_value
    assert seen["甲"].values["k"] == 50
