"""The whole from its parts: the hardest way to lay the bad records, and the risk kept whatever way is true."""

from itertools import combinations, product

import numpy as np
import pytest

from dishu.engine.sample import Audit, stopping, strata
from dishu.engine.sample.strata import Stratum, overall


def test_the_hardest_way_is_the_smallest_product_over_all_ways():
    parts = [Stratum(8, [1, 1, 0, 1]), Stratum(6, [1, 1]), Stratum(5, [])]
    by_bad = [strata._by_bad(part, 5) for part in parts]
    ways = [
        ks
        for ks in product(range(6), repeat=3)
        if sum(ks) == 5 and all(k < len(e) for k, e in zip(ks, by_bad, strict=True))
    ]
    least = min(sum(e[k] for k, e in zip(ks, by_bad, strict=True)) for ks in ways)
    assert strata._hardest(by_bad, 5) == pytest.approx(least)


def test_a_part_never_looked_at_holds_all_the_doubt():
    """60 good records of one part say nothing of the other."""
    assert overall([Stratum(500, [1] * 300), Stratum(500, [])], "0.05", "0.05").attained_risk == 1.0


def test_as_many_bad_ones_as_are_unacceptable_fail_wherever_they_lie():
    parts = [Stratum(50, [0, 0, 0]), Stratum(50, [0, 0])]
    assert overall(parts, "0.05", "0.05").decision == "fail"


def test_everything_seen_is_certain():
    parts = [Stratum(3, [1, 1, 1]), Stratum(4, [1, 1, 0, 1])]
    found = overall(parts, "2/7", "0.05")
    assert (found.bad, found.attained_risk, found.decision) == (1, 0.0, "pass")


def ever_passes(first, second, tolerance, risk):
    """Looked at after every record, the parts in turn."""
    for n in range(1, len(first) + len(second) + 1):
        parts = [Stratum(len(first), first[: (n + 1) // 2]), Stratum(len(second), second[: n // 2])]
        if overall(parts, tolerance, risk).attained_risk <= float(risk):
            return True
    return False


@pytest.mark.parametrize("split", [(0, 3), (1, 2), (2, 1), (3, 0)])
def test_the_risk_is_kept_whatever_way_is_true(split):
    """Five and five records, three bad ones too many: all orders of each way counted."""
    orders = []
    for bad in split:
        each = []
        for at in combinations(range(5), bad):
            scores = np.ones(5)
            scores[list(at)] = 0
            each.append(scores.tolist())
        orders.append(each)
    passes = [ever_passes(one, other, "0.3", "0.3") for one, other in product(*orders)]
    assert 0 < np.mean(passes) <= 0.3


def test_one_draw_over_the_whole_needs_fewer():
    half = next(n for n in range(1, 501) if overall([Stratum(500, [1] * n)] * 2, "0.05", "0.05").decision == "pass")
    assert 2 * half > stopping.first_stop(Audit.of(1000, "0.05", "0.05"))
