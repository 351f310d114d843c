"""What the engine does not load: commands begin sooner and need less memory without it."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.once
ASKED = """
import sys
from dishu.engine import kept
import pyarrow as pa
print("pandas" in sys.modules, "numba" in sys.modules, "scipy.stats" in sys.modules)
print(type(pa.table({"n": [1, None]}).to_pandas()).__name__)
import pandas
print(pa.array(pandas.Series([1.0, None])).null_count)
"""


def test_pandas_is_loaded_only_where_somebody_asks_for_a_data_frame():
    said = subprocess.run([sys.executable, "-c", ASKED], check=True, capture_output=True, text=True).stdout
    assert said.split("\n") == ["False False False", "DataFrame", "1", ""]
