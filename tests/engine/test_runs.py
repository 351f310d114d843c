"""Running sums over dated pieces: ties of a day count once, doubles count once, what does not change is no change."""

from __future__ import annotations

import numpy as np
import pytest

from dishu.engine import runs
from dishu.engine.runs import NEVER


def column(*numbers):
    return np.array(numbers, dtype=np.int64)


def opened(key, since, until, **amounts):
    return runs.opened_and_closed(
        column(*key), column(*since), column(*until), {k: column(*v) for k, v in amounts.items()}
    )


def listed(events, name):
    return list(zip(events.key.tolist(), events.day.tolist(), events.amounts[name].tolist(), strict=True))


def test_two_pieces_that_touch_on_a_day_are_one_change_of_that_day():
    events = opened([7, 7], [10, 20], [20, NEVER], n=[3, 5])
    assert listed(runs.running(events), "n") == [(7, 10, 3), (7, 20, 5)]


def test_subjects_do_not_run_into_each_other():
    events = opened([2, 1, 2], [5, 5, 8], [NEVER, NEVER, NEVER], n=[1, 10, 100])
    assert listed(runs.running(events), "n") == [(1, 5, 10), (2, 5, 1), (2, 8, 101)]


def test_keys_too_large_to_share_a_word_with_the_day_still_sort():
    events = opened([2**60, 5], [1, 2], [NEVER, NEVER], n=[1, 1])
    assert listed(runs.running(events), "n") == [(5, 2, 1), (2**60, 1, 1)]


@pytest.mark.parametrize(
    ("inner", "since", "until", "expected"),
    [
        ([1, 1], [0, 5], [10, 15], [(9, 0, 1), (9, 15, 0)]),  # the same one twice, overlapping
        ([1, 2], [0, 5], [10, 15], [(9, 0, 1), (9, 5, 2), (9, 10, 1), (9, 15, 0)]),
        ([1, 1], [0, 10], [10, NEVER], [(9, 0, 1)]),  # one after the other
    ],
)
def test_how_many_different_ones_hold(inner, since, until, expected):
    events = runs.ever("n", column(9, 9), column(*inner), column(*since), column(*until))
    held = listed(runs.running(events), "n")
    kept = [row for n, row in enumerate(held) if n == 0 or held[n - 1][2] != row[2]]
    assert kept == expected


def test_a_state_that_goes_on_unchanged_is_no_change():
    found = runs.changes(
        column(1, 1, 1), column(0, 5, 9), column(5, 9, NEVER),
        {"leaf": column(4, 4, 4), "profile": column(2, 2, 3), "members": column(1, 1, 1)},
    )  # fmt: skip
    rows = sorted(zip(*(found.columns[name].tolist() for name in ("day", "n", "profile")), strict=True))
    assert rows == [(0, 1, 2), (9, -1, 2), (9, 1, 3)]


def test_three_numbers_share_a_word():
    assert [c.tolist() for c in runs.unpack(runs.pack(column(1, 2), column(3, 4), column(5, 6)), 3)] == [
        [1, 2],
        [3, 4],
        [5, 6],
    ]
