"""The same definitions on Spark give the same figures. Runs where Java and PySpark are; says so where not."""

from __future__ import annotations

import importlib.util
import shutil
from datetime import date

import pytest
import randomworld

from dishu.engine import backends
from dishu.engine import edition as editions
from dishu.engine.figures import Counts, figures, states_at

DAY = date(2008, 1, 21)
MISSING = [
    name
    for name, there in (("Java", shutil.which("java")), ("PySpark", importlib.util.find_spec("pyspark")))
    if not there
]

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(bool(MISSING), reason=f"SPARK NOT TESTED: {' and '.join(MISSING)} not found (make spark)"),
    pytest.mark.enable_socket,  # driver and workers talk over loopback
    # what PySpark and its bridge do with newer Pythons and pandas is not ours to mend
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(scope="module")
def spark():
    connection = backends.connect("spark")
    yield connection
    connection._session.stop()


@pytest.mark.parametrize("seed", [0, 1])
def test_figures_on_spark_equal_those_on_duckdb(spark, seed, tmp_path):
    parts = editions.by_county(randomworld.world(seed))
    edition = editions.write(parts, tmp_path / "edition", day=DAY, moment="2026-01-01T00:00:00")
    counts = Counts.of(states_at(edition.facts(spark), DAY))
    assert figures(counts, edition.tree()).to_pylist() == edition.sealed_figures().to_pylist()
