"""The held model of who is the same person: trained once without labels, kept as a file, asked for weights.

This is the only module that knows Splink.
"""

import json
import logging
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from dishu.engine.link import comparisons as what

HELD = Path(__file__).with_name("people-1.json")
FLOOR = -4.0  # pairs below this weight are let go
# A small job is weighed as if it were this large: in three rows every name looks rare and every pair likely.
STANDARD_SIZE = 20_000
_HOT_PAIRS = 4_000  # a key that would pair more rows than this joins strangers
_LEAST_M = 1e-3
_MASK_LOG = logging.CRITICAL + 1  # Splink's messages may quote data

type Model = dict[str, Any]


class Sides(NamedTuple):
    """Names of the tables compared; `right` is None when one table is searched for double rows."""

    left: str
    right: str | None


def load(path: Path = HELD) -> Model:
    """The held model with its name, version, training seed, score and Splink settings.

    >>> load()["name"], load()["version"]
    ('people', 1)
    """
    model: Model = json.loads(path.read_text(encoding="utf-8"))
    return model


def ready(con: duckdb.DuckDBPyConnection, left: pa.Table, right: pa.Table | None) -> Sides:
    """Put cleaned tables into the database with their keys, and the frequency of each value."""
    tables = [("a", left)] if right is None else [("a", left), ("b", right)]
    for name, table in tables:
        con.register("cleaned", table)
        con.execute(
            f"CREATE TABLE {name}_0 AS "
            "SELECT *, date_diff('day', DATE '1970-01-01', make_date(born_y, born_m, born_d)) AS born FROM cleaned"
        )
        con.unregister("cleaned")
    _count_values(con, [f"{name}_0" for name, _ in tables])
    for name, _ in tables:
        con.execute(
            f"CREATE TABLE {name} AS SELECT t.*, CASE WHEN n.hot THEN NULL ELSE t.name END AS name_key, "
            f"CASE WHEN p.hot THEN NULL ELSE t.phone END AS phone_key "
            f"FROM {name}_0 t LEFT JOIN count_name n ON t.name = n.name "
            "LEFT JOIN count_phone p ON t.phone = p.phone ORDER BY uid"
        )
        con.execute(f"DROP TABLE {name}_0")
    return Sides("a", None if right is None else "b")


def _count_values(con: duckdb.DuckDBPyConnection, tables: list[str]) -> None:
    """Tables `tf_X` of value shares and `count_X` with values too common to pair by."""
    for column, usual in what.TERM_FREQUENCIES.items():
        rows = " UNION ALL ".join(f"SELECT {column}, {n} AS side FROM {table}" for n, table in enumerate(tables))
        pairs = (
            "count(*) * count(*) / 2" if len(tables) == 1 else "count(*) FILTER (side = 0) * count(*) FILTER (side = 1)"
        )
        con.execute(
            f"CREATE TABLE count_{column} AS SELECT {column}, count(*) AS n, {pairs} > {_HOT_PAIRS} AS hot "
            f"FROM ({rows}) WHERE {column} IS NOT NULL GROUP BY {column}"
        )
        con.execute(
            f"CREATE TABLE tf_{column} AS SELECT {column}, (n + {usual * STANDARD_SIZE}) / "
            f"((SELECT sum(n) FROM count_{column}) + {STANDARD_SIZE}) AS tf_{column} FROM count_{column}"
        )


def _linker(con: duckdb.DuckDBPyConnection, sides: Sides, settings: dict[str, Any]) -> Any:
    from splink import DuckDBAPI, Linker  # slow to import, and most commands match nobody

    logging.getLogger("splink").setLevel(_MASK_LOG)
    api = DuckDBAPI(connection=con)
    kind = "dedupe_only" if sides.right is None else "link_only"
    frames = [api.register(name, dataset_display_name=name) for name in sides if name]
    linker = Linker(
        frames if sides.right else frames[0], settings | {"link_type": kind}, log_level=None, validate_settings=False
    )
    for column in what.TERM_FREQUENCIES:
        linker.table_management.register_term_frequency_lookup(api.register(f"tf_{column}"), column)
    return linker


def _size(con: duckdb.DuckDBPyConnection, table: str) -> int:
    found = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found[0]) if found else 0


def prior(con: duckdb.DuckDBPyConnection, sides: Sides, usual: float) -> float:
    """How likely two rows taken blindly are the same person: from certain pairs, the `usual` share in small jobs.

    The share is that of the smaller table's rows which are in the larger one, so it does not matter which is left.
    """
    by_size = sorted((_size(con, name), name) for name in sides if name)
    (rows, small), (most, large) = by_size[0], by_size[-1]
    order = "" if sides.right else " AND l.uid < r.uid"
    hits = " UNION ".join(f"SELECT r.uid FROM {large} l JOIN {small} r ON {rule}{order}" for rule in what.CERTAIN)
    share = (_size(con, f"({hits})") / 0.8 + usual * 100) / (rows + 100)
    scale = 1 if sides.right else 2  # each pair of one table stands once, not twice
    return min(0.95, share) * scale / max(most, STANDARD_SIZE)


def score(con: duckdb.DuckDBPyConnection, sides: Sides, model: Model) -> str:
    """Name of a table (uid_l, uid_r, weight) of the pairs at or above `FLOOR`."""
    usual = 0.3 if sides.right else 0.05
    settings = model["settings"] | {"probability_two_random_records_match": prior(con, sides, usual)}
    scored = _linker(con, sides, settings).inference.predict(threshold_match_weight=FLOOR, warning_mode="never")
    con.execute(
        "CREATE TABLE scored AS SELECT least(uid_l, uid_r) AS uid_l, greatest(uid_l, uid_r) AS uid_r, "
        f"round(match_weight, 3) AS weight FROM {scored.physical_name}"
    )
    return "scored"


def train(con: duckdb.DuckDBPyConnection, sides: Sides, *, seed: int, max_pairs: float = 2e7) -> dict[str, Any]:
    """Learn the weights from unlabelled tables; gives Splink settings. Same tables and seed, same settings."""
    settings = {
        "link_type": "link_only",
        "unique_id_column_name": "uid",
        "comparisons": what.comparisons(),
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": rule, "sql_dialect": "duckdb"} for rule in what.BLOCKING
        ],
        "probability_two_random_records_match": prior(con, sides, 0.3),
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        "linker_uid": "people",
    }
    linker = _linker(con, sides, settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=max_pairs, seed=seed, min_count_per_level=None)
    for rule in what.TRAINING:
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, fix_probability_two_random_records_match=False
        )
    saved: dict[str, Any] = linker.misc.save_model_to_json()
    return _with_floor(saved)


def _with_floor(settings: dict[str, Any]) -> dict[str, Any]:
    """No level impossible for a true pair: what training never met (a mistyped sex) real rosters will have."""
    for comparison in settings["comparisons"]:
        levels = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]
        shares = [max(level.get("m_probability") or 0.0, _LEAST_M) for level in levels]
        for level, share in zip(levels, shares, strict=True):
            level["m_probability"] = round(share / sum(shares), 8)
    return settings
