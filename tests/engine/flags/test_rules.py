"""Flags by a fixed rule, each just under and just over its line: too quick to read, too far apart, the same photo."""

import pytest
from visitrows import look, visits

HOME = (113.37, 31.72)
NORTH_KM = 1 / 111.195  # degrees of latitude to the kilometre


def two(km: float, minutes: float, **more) -> list[dict]:
    """Two visits of one collector: the second `km` north, beginning `minutes` (and one second) after the first ended."""
    first = {"collector": "甲", "at": 1 / 60, "took": 600, "place": HOME} | more
    return [first, first | {"at": 10 + minutes + 1 / 60, "place": (HOME[0], HOME[1] + km * NORTH_KM)}]


@pytest.mark.parametrize(
    ("km", "minutes", "listed"),
    [
        (20.0, 10, False),  # 119.4 km/h after the allowance of 100 m
        (20.2, 10, True),  # 120.6 km/h
        (0.09, 0, False),  # the fixes may be wrong by as much
        (0.5, 0, True),
        (300, 180, False),  # by train
    ],
)
def test_two_doors_too_far_apart(km, minutes, listed):
    assert ("甲" in look("impossible_travel", visits(two(km, minutes)))) == listed


@pytest.mark.parametrize("more", [{"entry_mode": "bulk"}, {"channel": "phoned"}, {"channel": "电话"}, {"place": None}])
def test_only_visits_on_the_spot_are_asked_how_far(more):
    rows = two(500, 1)
    assert look("impossible_travel", visits([rows[0], rows[1] | more])) == {}


def test_clocks_of_whole_minutes_are_given_a_minute():
    rows = [row | {"at": round(row["at"])} for row in two(1.5, 0)]
    assert look("impossible_travel", visits(rows)) == {}


def test_a_different_collector_may_be_anywhere():
    rows = two(500, 1)
    assert look("impossible_travel", visits([rows[0], rows[1] | {"collector": "乙"}])) == {}


def quick(seconds: float, times: int, **more) -> list[dict]:
    answers = {f"a_{n}": "是" for n in range(10)}
    return [{"collector": "甲", "took": seconds, **answers, **more} for _ in range(times)]


@pytest.mark.parametrize(
    ("rows", "listed"),
    [
        (quick(29, 3), True),
        (quick(30, 3), False),  # three seconds a question is just possible
        (quick(29, 2), False),  # twice may happen
        (quick(29, 3, a_9=None), False),  # nine answers in 29 seconds: more than three each
        (quick(5, 30, entry_mode="批量录入"), False),  # from paper
    ],
)
def test_quicker_than_anybody_reads(rows, listed):
    seen = look("below_floor", visits(rows))
    assert ("甲" in seen and seen["甲"].met) == listed


def cells(name: str, *texts: str, collectors: str = "") -> list[dict]:
    who = collectors or "甲" * len(texts)
    return [{"collector": one, name: text} for one, text in zip(who, texts, strict=True)]


SENTENCE = "店主外出务工，由弟弟代管"
PHOTOS = ["0f3a" * 8, "9b2c" * 8]


@pytest.mark.parametrize(
    ("code", "rows", "listed"),
    [
        ("copied_photo", cells("a_photo", PHOTOS[0], PHOTOS[0]), "甲"),
        ("copied_photo", cells("a_photo", PHOTOS[0], PHOTOS[1]), ""),
        ("copied_photo", [row | {"unit_id": "U1"} for row in cells("a_photo", PHOTOS[0], PHOTOS[0])], ""),  # same door
        ("copied_text", cells("a_text", SENTENCE, SENTENCE), "甲"),
        ("copied_text", cells("a_text", "无", "无"), ""),
        ("copied_text", cells("a_text", SENTENCE, SENTENCE, SENTENCE, collectors="甲乙丙"), ""),  # a phrase
        ("copied_phone", cells("a_phone", "19411112222", "19411112222"), ""),  # two shops of one owner
        ("copied_phone", cells("a_phone", *["19411112222"] * 3), "甲"),
    ],
)
def test_what_should_be_each_units_own(code, rows, listed):
    assert "".join(name for name, one in look(code, visits(rows)).items() if one.met) == listed
