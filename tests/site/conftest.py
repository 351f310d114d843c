"""Every test of the site keeps its files in a folder of its own, and waits for an answer as long as it takes."""

import pytest

from dishu.site.reports import soon


@pytest.fixture(autouse=True)
def own_home(home):
    return home


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """Each test's edition is its own; on a busy machine an answer may take longer than a page waits."""
    monkeypatch.setattr(soon, "PATIENCE", 60)
    soon._asked.clear()
