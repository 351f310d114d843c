"""The draw: the same for everyone, whatever the order of the rows, and no row twice or without an id."""

import hashlib
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dishu.engine.sample import draw

IDS = [f"R{n:03}" for n in range(200)]


def test_the_first_tickets_are_those_of_sha256_by_hand():
    """`printf 20261122,A001 | sha256sum`"""
    assert draw.ticket("20261122", "A001") == "824af5bd6621104f350bd1ef445cf1309d9b584ec08ffcceedc704260dccda38"
    by_hand = sorted(IDS, key=lambda one: hashlib.sha256(f"20261122,{one}".encode()).hexdigest())
    assert draw.draw(IDS, "20261122", 200) == by_hand


def test_the_same_in_another_process():
    code = "from dishu.engine.sample import draw; print(draw.draw([f'R{n:03}' for n in range(200)], '20261122', 7))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(draw.draw(IDS, "20261122", 7))


@settings(max_examples=40, deadline=None)
@given(st.permutations(IDS[:60]), st.integers(1, 59), st.text("0123456789", min_size=1))
def test_order_plays_no_part_and_a_larger_draw_begins_with_the_smaller(ids, n, seed):
    assert draw.draw(ids, seed, n) == draw.draw(IDS[:60], seed, n) == draw.draw(ids, seed, n + 1)[:n]
    assert draw.frame_hash(ids) == draw.frame_hash(IDS[:60])


def test_full_width_and_blanks_make_no_difference():
    assert draw.draw(["Ａ００１", " A002 ", "A003"], " ２０２６ ", 3) == draw.draw(["A001", "A002", "A003"], "2026", 3)


def test_each_record_is_drawn_about_as_often():
    times = dict.fromkeys(IDS[:20], 0)
    for seed in range(2000):
        for one in draw.draw(IDS[:20], str(seed), 5):
            times[one] += 1
    assert sum((n - 500) ** 2 / 500 for n in times.values()) < 43.8  # chi-square, 19 degrees, 1 in 1,000


@pytest.mark.parametrize(
    ("ids", "rows", "said"),
    [
        (["甲", "乙", "甲"], None, "“甲”重复（第1、3行）"),
        (["甲", "甲 "], [2, 5], "“甲”重复（第2、5行）"),
        (["甲", "", None], [2, 3, 4], "空编号（第3、4行）"),
        (["A1", "Ａ１"], None, "“A1”重复"),
        ([], None, "抽样框是空的"),
    ],
)
def test_a_frame_with_empty_or_double_ids_is_refused_by_row(ids, rows, said):
    with pytest.raises(ValueError) as caught:
        draw.frame(ids, rows)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("seed", "number", "said"), [("", 1, "没有种子"), ("1", 0, "应在 1 与 200"), ("1", 201, "名单有 200 条")]
)
def test_a_draw_that_cannot_be(seed, number, said):
    with pytest.raises(ValueError, match=said):
        draw.draw(IDS, seed, number)


def test_a_frame_with_one_record_more_has_another_hash():
    assert draw.frame_hash(IDS) != draw.frame_hash([*IDS, "R200"])
