"""Every test of the site keeps its files in a folder of its own."""

import pytest


@pytest.fixture(autouse=True)
def own_home(home):
    return home
