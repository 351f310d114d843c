"""Where the sums are done: DuckDB on one machine, Spark on many; the definitions do not know which."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import ibis

Connection = Any


class BackendMissing(RuntimeError):
    """The backend cannot run here; the message says what is missing."""


def duckdb(memory: str | None = None, threads: int | None = None, spill: Path | None = None) -> Connection:
    """A DuckDB connection in memory; `memory` like `2GB`, `spill` a folder for what does not fit."""
    connection = ibis.duckdb.connect()
    for setting, value in (("memory_limit", memory), ("threads", threads), ("temp_directory", spill)):
        if value is not None:
            connection.raw_sql(f"SET {setting} = '{value}'")
    connection.raw_sql("SET enable_progress_bar = false")
    connection.raw_sql(
        "SET parquet_metadata_cache = true"
    )  # a file's table of contents is read once while it stays as it is
    return connection


def spark() -> Connection:
    """A local Spark session behind Ibis; raises `BackendMissing` where PySpark or Java is not installed."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as missing:
        raise BackendMissing("没有安装 PySpark：请先运行 make spark") from missing
    os.environ["PYSPARK_PYTHON"] = sys.executable  # workers must run the same Python
    builder = SparkSession.builder.master("local[2]").appName("dishu")
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.memory": "4g",
        "spark.log.level": "ERROR",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    return ibis.pyspark.connect(builder.getOrCreate())


def connect(name: str = "duckdb") -> Connection:
    """A connection by name: `duckdb` or `spark`."""
    if name not in ("duckdb", "spark"):
        raise BackendMissing(f"没有后端 {name}；可用：duckdb、spark")
    return duckdb() if name == "duckdb" else spark()
