"""What is shown of three and four lists holds the truth in at least 92.5 %, with dependence and without."""

import numpy as np
import pytest

from dishu.engine.estimate.cells import Cells
from dishu.engine.estimate.manylists import lists
from dishu.engine.estimate.models import models
from dishu.engine.estimate.profile import profile
from dishu.worlds import capture

SEED, POPULATIONS = 20261122, 150


def cells(row) -> Cells:
    return Cells(tuple("abcd"[: int(np.log2(len(row)))]), row, np.arange(len(row)) > 0)


@pytest.mark.parametrize("setting", capture.LISTS)
def test_the_range_that_is_shown(setting):
    world = capture.LISTS[setting]
    shown = [lists(cells(row)).shown for row in world.drawn(POPULATIONS, SEED)]
    held = [one.lower <= world.people <= one.upper for one in shown if one]
    assert len(held) > 0.98 * POPULATIONS
    assert np.mean(held) >= 0.925


@pytest.mark.parametrize(("setting", "model"), [("4 lists, independent", 0), ("4 lists, one pair, odds 4", 1)])
def test_the_profile_of_a_model_known_beforehand(setting, model):
    world = capture.LISTS[setting]
    found = [profile(cells(row), models(4)[model]) for row in world.drawn(POPULATIONS, SEED)]
    assert 0.91 <= np.mean([one.lower <= world.people <= one.upper for one in found]) <= 0.99
    assert np.mean([one.value for one in found]) == pytest.approx(world.people, rel=0.01)
