"""The pinned packages still do together what the engine asks of them; see docs/decisions/0001-pins.md."""

import re

import duckdb
import ibis
import pyarrow as pa
import pytest
import sqlglot
from print_tree import ROOT

ROWS = pa.table({"unit": [1, 2, 3], "kind": ["a", "b", None]})


@pytest.fixture
def connection():
    return ibis.duckdb.connect()


def test_the_versions_are_those_that_were_tried():
    assert duckdb.__version__ == "1.5.5"
    assert tuple(map(int, sqlglot.__version__.split(".")[:2])) < (30, 18)


def test_a_table_is_made_from_arrow_and_made_again(connection):
    connection.create_table("t", ROWS)
    again = connection.create_table("t", ROWS.slice(1), temp=True, overwrite=True)
    assert again.count().to_pyarrow().as_py() == 2


def test_a_cached_table_can_be_dropped(connection):
    cached = connection.create_table("t", ROWS).filter(ibis._.unit > 1).cache()
    assert cached.count().to_pyarrow().as_py() == 2
    cached.release()
    assert connection.list_tables() == ["t"]


def test_a_named_table_can_be_dropped(connection):
    connection.create_table("t", ROWS)
    connection.drop_table("t")
    assert connection.list_tables() == []


def test_tables_in_memory_and_unions(connection):
    table = connection.create_table("t", ROWS)
    both = ibis.union(table, ibis.memtable(ROWS, schema=table.schema()))
    assert connection.to_pyarrow(both.count()).as_py() == 6


def test_types_and_missing_values_survive(connection):
    assert connection.create_table("t", ROWS).order_by("unit").to_pyarrow() == ROWS


def test_splink_starts():
    from splink import DuckDBAPI

    assert DuckDBAPI()


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-spark"])
def test_what_is_pinned_is_pinned_by_hash_and_names_no_address(name):
    text = (ROOT / f"{name}.txt").read_text("utf-8")
    pins = re.findall(r"^\S+==.*(?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+", text, re.M)
    assert len(pins) == len(re.findall(r"^[a-z]", text, re.M | re.I))
    assert "://" not in text
    assert "index-url" not in text


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-spark"])
def test_each_package_asked_for_has_its_reason_and_its_pin(name):
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / f"{name}.txt").read_text("utf-8").lower(), re.M))
    for line in (ROOT / f"{name}.in").read_text("utf-8").splitlines():
        if line[:1].isalpha():
            assert "#" in line, f"no reason: {line}"
            assert re.match(r"[\w.-]+", line).group().lower() in pinned
