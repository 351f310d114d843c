"""Made-up places with a known truth: for the demo, the tests and the benchmarks."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

#: Name of a world, the module that knows what is true there, the module that writes its rosters.
WORLDS = {
    "suizhou-2007": ("suizhou", "suizhou_rosters"),
    "zhejiang-2012": ("zhejiang", "zhejiang_rosters"),
    "county": ("county", "county_rosters"),
}
#: Made-up files of one job alone: the module that writes them.
JOBS = {"visits": "visits"}
#: Worlds too large for rosters, written straight as an edition: how many million units.
SCALES = {"r1": 1, "r10": 10}
#: The county of small units to plan for: two tables, no rosters.
PLANNING = "planning"


def known() -> tuple[str, ...]:
    """The made-up places there are.

    >>> "suizhou-2007" in known()
    True
    """
    return (*WORLDS, *JOBS, *SCALES, PLANNING)


def make(name: str, out: Path, seed: int = 1) -> Path:
    """Writes a made-up place: units/, members/, organizations/ (rosters), truth/ (what is behind them), day.txt.

    The same name and seed give the same files. `r1` and `r10` become an edition instead, `visits` a
    survey drive, `planning` the UNITS.csv and ORGS.csv of a formation plan. Raises KeyError naming the known worlds for any other name.
    """
    if name not in known():
        raise KeyError(f"没有名为 {name} 的演示数据；已有：{'、'.join(known())}")
    from dishu.worlds import big, planning, truth

    if name == PLANNING:
        planning.write(*planning.county(seed=seed), out)
        return out
    if name in SCALES:
        if out.is_dir():
            out.rmdir()  # an empty folder somebody has made for it
        return big.write(out, SCALES[name], seed).path

    if name in JOBS:
        import_module(f"dishu.worlds.{JOBS[name]}").write(out, seed)
        return out
    world_module, roster_module = (import_module(f"dishu.worlds.{module}") for module in WORLDS[name])
    made = world_module.world(seed)
    printer = roster_module.write(out, made, seed)
    truth.write(out, made, printer)
    return out
