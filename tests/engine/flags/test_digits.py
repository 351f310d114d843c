"""Numbers people make up: heaped last digits, bunched values, first digits; each just under and just over its least number."""

import numpy as np
import pytest
from visitrows import look, visits

from dishu.engine.flags.digits import average_frequency, last_digits, myers, whipple
from dishu.engine.flags.model import Case


def numbered(name: str, values, column: str = "a_staff") -> list[dict]:
    return [{"collector": name, column: value} for value in values]


def test_indices_of_heaping():
    assert whipple(np.arange(100) % 10) == 1 and whipple(np.array([0, 5] * 50)) == 5
    assert myers(np.arange(100) % 10) == 0 and myers(np.zeros(100, int)) == pytest.approx(90)
    assert myers(np.array([0, 5] * 50)) == pytest.approx(80)


def test_the_last_digit_is_the_one_written():
    table = visits(numbered("甲", ["120", "1,235", "12.50", "17.0", "7", None, "-48"]))
    assert list(last_digits(table, "a_staff")) == [0, 5, 0, 7, -1, -1, 8]


EVEN = [10 + 7 * n % 97 for n in range(120)]
ROUND = [10 + 5 * n % 90 for n in range(120)]


@pytest.mark.parametrize(
    ("values", "others", "p"),
    [
        (ROUND[:99], EVEN, None),  # 99 numbers say nothing
        (ROUND[:100], EVEN, "small"),
        (ROUND, ROUND, "large"),  # everybody rounds
        (EVEN, ROUND, "large"),  # to round less than the others is no sign
        (ROUND, [], "small"),  # alone: against even digits
        (EVEN, [], "large"),
    ],
)
def test_last_digits_heap_more_than_the_others(values, others, p):
    seen = look("digit_heaping", visits(numbered("甲", values) + numbered("乙", others))).get("甲")
    assert p == (None if seen is None else "small" if seen.p_value < 1e-6 and seen.met else "large")


def test_numbers_set_by_a_rule_are_not_asked():
    rows = numbered("甲", ROUND, "a_dues") + numbered("乙", EVEN, "a_dues")
    assert look("digit_heaping", visits(rows), Case(by_rule=frozenset(["a_dues"]))) == {}


def test_average_frequency():
    assert list(average_frequency(np.array([[1, 1, 1, 2], [1, 2, 3, 4], [5, 5, 6, 6]]))) == [2.5, 1, 2]


def honest(n: int) -> np.ndarray:
    return np.random.default_rng(4).integers(100, 1000, n)


def bunched(n: int) -> np.ndarray:
    values = honest(n)
    values[: n // 3] = np.array([137, 264, 381, 459, 512])[np.arange(n // 3) % 5]
    return values


@pytest.mark.parametrize(
    ("values", "p"),
    [(bunched(199), None), (bunched(200), "small"), (honest(200), "large"), (honest(300) // 10 * 10, "large")],
)
def test_values_come_again_more_often_than_their_digits_explain(values, p):
    seen = look("number_bunching", visits(numbered("甲", values))).get("甲")
    assert p == (None if seen is None else "small" if seen.p_value < 1e-3 else "large")


@pytest.mark.parametrize(("n", "span", "asked"), [(499, 4, False), (500, 4, True), (500, 2.9, False)])
def test_benford_wants_five_hundred_numbers_over_three_powers_of_ten(n, span, asked):
    values = np.round(10 ** (np.arange(n) / (n - 1) * span), 3)
    seen = look("benford", visits(numbered("甲", values)))
    assert ("甲" in seen) == asked
    assert not asked or seen["甲"].p_value > 0.99


def test_benford_lists_honest_even_numbers_which_is_why_it_is_off():
    seen = look("benford", visits(numbered("甲", range(1, 2000))))
    assert seen["甲"].p_value < 1e-6
