"""How fast are figures: of any day afresh, of any day from the cube, a trend; against a bare scan, Polars, pandas and PostgreSQL.

Run `python benchmarks/figures.py [--scale 1|10] [--edition FOLDER]`. The edition (R1 or R10) is made when the folder
does not exist. Each part runs in a process of its own, so that one's peak memory is not another's; CPU seconds are told
too, since a machine may be shared.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

DAY = date(2026, 10, 31)
BEGAN = date(2006, 11, 1)
AGAIN = 3


def measured(work: Callable[[], Any], clock: Callable[[], float] = time.process_time) -> tuple[float, float, Any]:
    """Wall and CPU seconds of one call, and what it gave."""
    wall, cpu = time.perf_counter(), clock()
    result = work()
    return time.perf_counter() - wall, clock() - cpu, result


def best(work: Callable[[], Any], clock: Callable[[], float] = time.process_time) -> dict[str, float]:
    """The quickest of some calls."""
    runs = [measured(work, clock)[:2] for _ in range(AGAIN)]
    return {"wall": min(wall for wall, _ in runs), "cpu": min(cpu for _, cpu in runs)}


def spread(works: list[Callable[[], Any]]) -> dict[str, float]:
    """Many calls: the middle one and the one that 95 of 100 do not exceed."""
    runs = [measured(work)[:2] for work in works]
    wall = sorted(wall for wall, _ in runs)
    cpu = statistics.median(cpu for _, cpu in runs)
    return {"n": len(wall), "wall": statistics.median(wall), "p95": wall[int(len(wall) * 0.95)], "cpu": cpu}


def opened(folder: Path) -> tuple[Any, Any, Any]:
    """Edition, DuckDB connection, facts."""
    from dishu.engine import backends, edition

    one = edition.open(folder)
    connection = backends.duckdb(memory="6GB", threads=os.cpu_count())
    return one, connection, one.facts(connection)


def fresh(folder: Path) -> dict[str, Any]:
    """All indicators of all places on a day, from the rows kept beside the edition (mapped anew each time).

    And from the facts as they are sealed, as it goes where nobody kept the rows.
    """
    from dishu.engine import kept
    from dishu.engine.figures import Counts, figures, plain, states_at

    one, connection, sealed = opened(folder)
    tree = one.tree()
    packing = measured(lambda: kept.rows(one, connection))
    told = {"rows kept": {"wall": packing[0], "cpu": packing[1], "MB": size_of(kept.place(one) / "rows")}}
    for name, facts in (("", kept.facts(one, connection)), (", from sealed facts", sealed)):
        first = measured(lambda facts=facts: Counts.of(states_at(facts, DAY)))  # puts the question together
        counts = first[2]
        counting = best(lambda facts=facts: Counts.of(states_at(facts, DAY)))
        adding = best(lambda counts=counts: figures(counts, tree))
        fewer = best(lambda counts=counts: figures(counts, tree, EIGHT))
        assert plain(figures(counts, tree)).equals(one.sealed_figures())
        both, eight = ({key: counting[key] + more[key] for key in counting} for more in (adding, fewer))
        told |= {
            f"first count{name}": {"wall": first[0], "cpu": first[1]},
            f"count{name}": counting,
            f"add up{name}": adding,
            f"fresh recompute{name}": both,
            f"fresh, the 8 of polars{name}": eight,
        }
    return told


def size_of(folder: Path) -> float:
    """Of all its files, in MB."""
    return sum(file.stat().st_size for file in folder.iterdir()) / 1e6


#: What the other programs do; ours counts what all indicators need all the same, only adding up is less.
EIGHT = (
    "base_known", "single_formed", "joint_formed", "work_covered", "org_coverage", "identity_shown", "affiliation_held",
    "affiliation_clear",
)  # fmt: skip
COLUMNS = {
    "unit": "unit place kind industry employees assets turnover surveyed verified_on channel since until",
    "member": "member place standing verified_on channel since until", "employment": "member unit since until",
    "affiliation": "member org since until", "participation": "member org since until",
    "identity": "member shown since until", "org": "org place kind system superior since until",
    "coverage": "unit org mode since until", "instructor": "instructor unit since until",
    "plan": "unit since until", "work": "unit since",
}  # fmt: skip


def scan(folder: Path) -> dict[str, Any]:
    """The same columns read by DuckDB and nothing done with them."""
    import duckdb

    connection = duckdb.connect()
    queries = [
        f"SELECT {', '.join(f'max({column})' for column in columns.split())} FROM '{folder}/facts/{name}/*.parquet'"
        for name, columns in COLUMNS.items()
    ]
    return {"bare scan": best(lambda: [connection.execute(query).fetchall() for query in queries])}


def alone(folder: Path) -> dict[str, Any]:
    """One recompute from rows that lie there already (`fresh` makes them), so that its memory is told apart."""
    from dishu.engine import edition, kept
    from dishu.engine.figures import Counts, figures, states_at

    one = edition.open(folder)
    facts, tree = kept.facts(one), one.tree()
    told = best(lambda: figures(Counts.of(states_at(facts, DAY)), tree))
    return {"recompute alone": told | {"peak MB": peak()}}


def polars(folder: Path) -> dict[str, Any]:
    """Eight indicators by Polars, and that they are equal."""
    import _polars_figures

    told = best(lambda: _polars_figures.figures(folder, DAY)) | {"peak MB": peak()}
    return {"polars, 8 indicators": told | sealed_beside(folder, _polars_figures.figures(folder, DAY).to_dicts())}


def pandas(folder: Path) -> dict[str, Any]:
    """The same by pandas."""
    import _pandas_figures

    told = best(lambda: _pandas_figures.figures(folder, DAY)) | {"peak MB": peak()}
    rows = _pandas_figures.figures(folder, DAY).reset_index(names="place").to_dict("records")
    return {"pandas, 8 indicators": told | sealed_beside(folder, rows)}


def postgres(folder: Path) -> dict[str, Any]:
    """The same by a PostgreSQL of its own, loaded before; the CPU is the server's, the peak told after is not."""
    import _postgres_figures

    with _postgres_figures.server() as (connection, spent):
        _postgres_figures.load(connection, folder)
        told = best(lambda: _postgres_figures.figures(connection, DAY), spent)
        return {"postgres, 8 indicators": told | sealed_beside(folder, _postgres_figures.figures(connection, DAY))}


def sealed_beside(folder: Path, rows: list[dict[str, Any]]) -> dict[str, int]:
    """How many of the edition's sealed figures the rows of a program do not equal."""
    from dishu.engine import edition

    return {"differences": differences(edition.open(folder).sealed_figures().to_pylist(), rows)}


def differences(ours: list[dict[str, Any]], rows: list[dict[str, Any]]) -> int:
    """Of the eight, at all places; a place a program does not name has nobody."""
    found = {row["place"]: row for row in rows}
    return sum(
        row[part] != found.get(row["place"], {}).get(f"{row['indicator']}_{part}", 0)
        for row in ours if row["indicator"] in EIGHT
        for part in ("total", "held", "failed", "unknown")
    )  # fmt: skip


def cube(folder: Path) -> dict[str, Any]:
    """Rows, from them the cube; save and load it; days and trends from it."""
    from dishu.engine import packed
    from dishu.engine.cube import Cube
    from dishu.engine.figures import Counts, figures, states_at

    one, connection, facts = opened(folder)
    wall, cpu, rows = measured(lambda: packed.of(facts))
    told: dict[str, Any] = {"rows made": {"wall": wall, "cpu": cpu, "peak MB": peak()}}
    wall, cpu, built = measured(lambda: Cube.build(replace(facts, packed=lambda: rows), connection))
    told["cube build, from rows"] = {"wall": wall, "cpu": cpu, "peak MB": peak()}
    told["cube build, rows and all"] = {
        key: told["rows made"][key] + told["cube build, from rows"][key] for key in ("wall", "cpu")
    }
    told["changes"] = {
        subject: sum(part.store.changes(h).num_rows for h in range(part.halves))
        for subject, part in built.parts.items()
    }
    tree = one.tree()
    told |= {f"{name}, built": times for name, times in asked(built, tree).items()}
    for day in random.Random(2).sample(range((DAY - BEGAN).days), 2):
        on = BEGAN + timedelta(days=day)
        assert figures(built.counts(on), tree.at(on)).equals(figures(Counts.of(states_at(facts, on)), tree.at(on))), on
    with tempfile.TemporaryDirectory() as space:
        wall, cpu, _ = measured(lambda: built.save(Path(space) / "cube"))
        told["cube save"] = {"wall": wall, "cpu": cpu, "MB": size_of(Path(space) / "cube")}
        wall, cpu, loaded = measured(lambda: Cube.load(connection, Path(space) / "cube"))
        told["cube load"] = {"wall": wall, "cpu": cpu}
        told |= {f"{name}, saved": times for name, times in asked(loaded, tree).items()}
    return told


def asked(one: Any, tree: Any) -> dict[str, Any]:
    """Days at random, and 240 month-ends of a place of each level."""
    dice = random.Random(1)
    days = [BEGAN + timedelta(days=dice.randrange((DAY - BEGAN).days)) for _ in range(SAMPLES)]
    told = {"as of a day": spread([lambda day=day: one.figures(day, tree.at(day)) for day in days])}
    ends = [date(2006 + m // 12, m % 12 + 1, 1) - timedelta(days=1) for m in range(11, 251)]
    for level in ("province", "prefecture", "county", "township", "village"):
        places = dice.choices(
            [
                code
                for code, name in zip(tree.lattice.codes, tree.lattice.levels.to_pylist(), strict=True)
                if name == level
            ],
            k=70,
        )
        codes = ("base_known", "work_covered", "affiliation_held")
        works = [lambda p=p, c=c: one.trend(c, ends, tree.under(p, one.leaves)) for p in places for c in codes]
        told[f"trend of a {level}"] = spread(works)
    return told


SAMPLES = 200
PARTS = {
    "scan": scan, "polars": polars, "pandas": pandas, "postgres": postgres, "fresh": fresh, "alone": alone, "cube": cube,
}  # fmt: skip


def peak() -> float:
    """Most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def main() -> None:
    """Each part in a process of its own, then the ratios."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--scale", type=int, default=1, choices=(1, 10))
    words.add_argument("--edition", type=Path)
    words.add_argument("--part", choices=PARTS)
    words.add_argument("--only", nargs="*", default=list(PARTS))
    asked_for = words.parse_args()
    folder = asked_for.edition or Path(tempfile.gettempdir()) / f"dishu-r{asked_for.scale}"
    if asked_for.part:
        print(json.dumps(PARTS[asked_for.part](folder) | {f"peak of {asked_for.part}": {"MB": peak()}}))
        return
    if not folder.exists():
        from dishu.worlds import big

        big.write(folder, asked_for.scale)
    rows = {}
    for entry in json.loads((folder / "manifest.json").read_text("utf-8"))["files"]:
        rows[entry["table"]] = rows.get(entry["table"], 0) + entry["rows"]
    print(f"rows {rows}; cores {os.cpu_count()}; load {os.getloadavg()[0]:.1f}")
    told: dict[str, Any] = {}
    for part in asked_for.only:
        words_of = [sys.executable, __file__, "--part", part, "--edition", str(folder)]
        told |= json.loads(subprocess.run(words_of, check=True, stdout=subprocess.PIPE, text=True).stdout)
    show(told)


def show(told: dict[str, Any]) -> None:
    """One line for each measure; ratios of CPU seconds."""
    for name, numbers in told.items():
        print(
            f"{name:32s}"
            + "  ".join(
                f"{key} {value:,.3f}" if isinstance(value, float) else f"{key} {value:,}"
                for key, value in numbers.items()
            )
        )
    eight, kept, sealed = "fresh, the 8 of polars", "fresh recompute", "fresh recompute, from sealed facts"
    others = [f"{name}, 8 indicators" for name in ("polars", "pandas", "postgres")]
    against = [
        (kept, "bare scan"), *((ours, other) for other in others for ours in (kept, eight, sealed)),
        *(("recompute alone", other) for other in others),
        *((day, whole) for day in ("as of a day, built", "as of a day, saved") for whole in (kept, sealed)),
    ]  # fmt: skip
    for one, other in against:
        if one in told and other in told:
            both = [key for key in ("cpu", "wall", "peak MB") if key in told[one] and key in told[other]]
            print(f"{one} / {other}: {', '.join(f'{told[one][key] / told[other][key]:.2f} {key}' for key in both)}")


if __name__ == "__main__":
    main()
