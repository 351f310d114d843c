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


def names() -> tuple[str, ...]:
    """The made-up places there are.

    >>> "suizhou-2007" in names()
    True
    """
    return tuple(WORLDS)


def make(name: str, out: Path, seed: int = 1) -> Path:
    """Writes a made-up place: units/, members/, organizations/ (rosters), truth/ (what is behind them), day.txt.

    The same name and seed give the same files. Raises KeyError naming the known worlds for any other name.
    """
    if name not in WORLDS:
        raise KeyError(f"没有名为 {name} 的演示数据；已有：{'、'.join(WORLDS)}")
    from dishu.worlds import truth

    world_module, roster_module = (import_module(f"dishu.worlds.{module}") for module in WORLDS[name])
    made = world_module.world(seed)
    printer = roster_module.write(out, made, seed)
    truth.write(out, made, printer)
    return out
