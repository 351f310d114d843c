"""A county of small units for planning: markets, parks, towns and villages, hosts, and today's untidy joint branches.

Only places, members and who is with whom: no names. Shares and sizes are those of a county of 8,000 small units;
a smaller or larger one keeps their density. Codes are of the made-up area 99.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from dishu.engine.plan.files import county_within
from dishu.engine.plan.model import Host, Unit

FULL_SIZE = 8_000
SIDE_M = 40_000.0
COUNTY = "990101"
INDUSTRIES = "ABCDEFGHIJKLMNOPQR"
ROOM = 50  # members of a branch, as a rule
UNITS_OF = {"village": 4, "enterprise": 4, "association": 10}  # small units a host can look after
IN_BRANCH, ATTACHED, TWO_MEMBERS = 0.5, 0.1, 0.28


class Kind(NamedTuple):
    """A kind of site: how many in a full county, its share of the units, spread (m), share of its own industry."""

    sites: int
    units: float
    spread: tuple[float, float]
    own_industry: float


KINDS = {
    "market": Kind(30, 0.30, (80, 300), 0.7),
    "park": Kind(12, 0.20, (200, 600), 0.4),
    "town": Kind(20, 0.38, (600, 1_500), 0.0),
    "village": Kind(250, 0.12, (150, 400), 0.0),
}
HOSTS = {"village": 300, "enterprise": 800, "association": 30}


@dataclass(frozen=True)
class Site:
    """A market, park, town or village: its middle, how far its units lie, the township it belongs to."""

    kind: str
    x: float
    y: float
    spread: float
    township: str
    code: str
    industry: str
    weight: float

    @property
    def market(self) -> str | None:
        """Its code as a market; None for all others."""
        return f"{self.code}M1" if self.kind == "market" else None


def county(n: int = FULL_SIZE, seed: int = 1) -> tuple[list[Unit], list[Host]]:
    """`n` small units and the organizations that could take some in; the same for the same seed.

    72 % have one full member, 28 % two. Half of them are in joint branches as they have grown (neighbours, but not the
    best ones), a tenth attached to an organization. ValueError below 20 units.

    >>> units, hosts = county(100, seed=3)
    >>> len(units), {unit.full for unit in units} == {1, 2}, county(100, seed=3) == (units, hosts)
    (100, True, True)
    """
    if n < 20:
        raise ValueError(f"{n} 个单位太少，凑不成一个县；至少 20 个")
    throw = np.random.default_rng([seed, n])
    sites = _sites(throw, n)
    units = _units(throw, n, sites)
    hosts = _hosts(throw, n, sites)
    return _as_grown(throw, units, hosts), hosts


def _sites(throw: Any, n: int) -> list[Site]:
    """All sites; each in the township whose middle is nearest, numbered within it."""
    side, number = SIDE_M * (n / FULL_SIZE) ** 0.5, {k: _scaled(kind.sites, n) for k, kind in KINDS.items()}
    middles = throw.uniform(0, side, (number["town"], 2))
    nearest = cKDTree(middles)
    sites: list[Site] = []
    counted = [0] * number["town"]
    for kind, about in KINDS.items():
        where = middles if kind == "town" else throw.uniform(0, side, (number[kind], 2))
        for point, town in zip(where, nearest.query(where)[1], strict=True):
            counted[town] += 1
            township = f"{COUNTY}{town + 1:03d}"
            code = f"{township}{counted[town]:03d}"
            industry = INDUSTRIES[int(throw.integers(len(INDUSTRIES)))]
            weight = float(0.3 + throw.exponential(0.7))
            spread = float(throw.uniform(*about.spread))
            sites.append(Site(kind, float(point[0]), float(point[1]), spread, township, code, industry, weight))
    return sites


def _scaled(full: int, n: int) -> int:
    return max(1, round(full * n / FULL_SIZE))


def _units(throw: Any, n: int, sites: list[Site]) -> list[Unit]:
    at = _where(throw, n, sites, {name: kind.units for name, kind in KINDS.items()})
    full = np.where(throw.random(n) < TWO_MEMBERS, 2, 1)
    probationary = throw.random(n) < 0.1
    units = []
    for i, (site, x, y, industry) in enumerate(at):
        units.append(
            Unit(
                f"u{i + 1:06d}", x, y, site.township, site.code, industry, int(full[i]),
                int(full[i] + probationary[i]), site.market, county=county_within(site.code),
            )
        )  # fmt: skip
    return units


def _where(throw: Any, n: int, sites: list[Site], shares: dict[str, float]) -> list[tuple[Site, float, float, str]]:
    """Site, place in metres (to the decimetre) and industry of `n` units spread over the sites by the kinds' shares."""
    kinds = throw.choice(list(shares), n, p=list(shares.values()))
    scatter, loyal, any_industry = throw.normal(0, 1, (n, 2)), throw.random(n), throw.integers(0, len(INDUSTRIES), n)
    of_kind = {kind: [site for site in sites if site.kind == kind] for kind in KINDS}
    pull = {kind: np.cumsum([site.weight for site in of_kind[kind]]) for kind in KINDS}
    found = []
    for i, kind in enumerate(kinds.tolist()):
        upto = pull[kind]
        site = of_kind[kind][int(np.searchsorted(upto, throw.random() * upto[-1]))]
        x, y = (round(float(m + site.spread * s), 1) for m, s in zip((site.x, site.y), scatter[i], strict=True))
        own = loyal[i] < KINDS[kind].own_industry
        found.append((site, x, y, site.industry if own else INDUSTRIES[int(any_industry[i])]))
    return found


def _hosts(throw: Any, n: int, sites: list[Site]) -> list[Host]:
    """Branches of villages and communities, enterprises with their own branch, associations at work across the county."""
    shares = {name: kind.units for name, kind in KINDS.items()}
    middles = [site for site in sites if site.kind in ("village", "town")]
    spots = {
        "village": [middles[i % len(middles)] for i in range(_scaled(HOSTS["village"], n))],
        "enterprise": _where(throw, _scaled(HOSTS["enterprise"], n), sites, shares),
        "association": [s for s in sites if s.kind == "town"],
    }
    hosts = [_host(throw, "village", site, site.x, site.y, None) for site in spots["village"]]
    hosts += [_host(throw, "enterprise", site, x, y, industry) for site, x, y, industry in spots["enterprise"]]
    for i in range(_scaled(HOSTS["association"], n)):
        site = spots["association"][i % len(spots["association"])]
        hosts.append(_host(throw, "association", site, site.x, site.y, INDUSTRIES[i % len(INDUSTRIES)]))
    return [replace(host, org_id=f"h{i + 1:05d}") for i, host in enumerate(hosts)]


def _host(throw: Any, kind: Any, site: Site, x: float, y: float, industry: str | None) -> Host:
    members = {
        "village": throw.normal(35, 12), "enterprise": 3 + throw.exponential(10), "association": throw.normal(20, 8),
    }[kind]  # fmt: skip
    room = max(0, ROOM - max(3, round(float(members))))
    everywhere = kind == "association"
    return Host(
        "", round(x, 1), round(y, 1), None if everywhere else site.township, site.code, kind, room, UNITS_OF[kind],
        industry, None if everywhere else site.market, county_within(site.code),
    )  # fmt: skip


def _as_grown(throw: Any, units: list[Unit], hosts: list[Host]) -> list[Unit]:
    """Half of the units in joint branches of three to six neighbours, a tenth attached, the rest alone."""
    order = throw.permutation(len(units)).tolist()
    states: dict[int, dict[str, Any]] = {}
    near = _neighbours(units)
    branches = 0
    for first in order:
        if len(states) >= IN_BRANCH * len(units):
            break
        free = [i for i in near[first] if i not in states]
        size = int(throw.choice([3, 4, 5, 6], p=[0.2, 0.35, 0.3, 0.15]))
        if first in states or len(free) < size:
            continue
        branches += 1
        group = [first, *throw.choice(free[1:], size - 1, replace=False).tolist()]
        lead = group[int(throw.integers(size))]
        states |= {i: {"branch": f"b{branches:05d}", "secretary": i == lead} for i in group}
    states |= _attached(throw, units, hosts, [i for i in order if i not in states])
    return [replace(unit, **states.get(i, {})) for i, unit in enumerate(units)]


def _neighbours(units: Sequence[Unit], most: int = 14) -> list[list[int]]:
    """The nearest units of the same township, itself first."""
    found: list[list[int]] = [[] for _ in units]
    for rows in _by_committee(units).values():
        points = np.array([(units[i].x, units[i].y) for i in rows])
        _, near = cKDTree(points).query(points, min(most, len(rows)))
        for i, others in zip(rows, np.asarray(near).reshape(len(rows), -1).tolist(), strict=True):
            found[i] = [i, *(rows[o] for o in others if rows[o] != i)]
    return found


def _by_committee(things: Iterable[Unit | Host]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for i, thing in enumerate(things):
        if thing.committee is not None:
            rows.setdefault(thing.committee, []).append(i)
    return rows


def _attached(throw: Any, units: list[Unit], hosts: list[Host], free: list[int]) -> dict[int, dict[str, Any]]:
    """Units with one of the five hosts nearest to them in their township, as far as these have room."""
    room = {host.org_id: [host.room_members, host.room_units] for host in hosts}
    trees = {c: (rows, cKDTree([(hosts[h].x, hosts[h].y) for h in rows])) for c, rows in _by_committee(hosts).items()}
    states: dict[int, dict[str, Any]] = {}
    for i in free:
        if len(states) >= ATTACHED * len(units):
            break
        if units[i].committee not in trees:
            continue
        rows, tree = trees[units[i].committee]
        near = np.atleast_1d(tree.query((units[i].x, units[i].y), min(5, len(rows)))[1])
        host = hosts[rows[int(throw.choice(near))]].org_id
        if room[host][0] >= units[i].members and room[host][1] > 0:
            room[host][0] -= units[i].members
            room[host][1] -= 1
            states[i] = {"host": host}
    return states


UNIT_COLUMNS = ("unit_id", "x", "y", "place", "market", "industry", "members", "all_members", "branch", "host",
                "secretary", "committee")  # fmt: skip
HOST_COLUMNS = ("org_id", "x", "y", "place", "market", "kind", "members", "units", "industry")


def write(units: Sequence[Unit], hosts: Sequence[Host], out: Path) -> tuple[Path, Path]:
    """Write UNITS.csv and ORGS.csv as `dishu plan` reads them; the organizations' numbers count who is with them today."""
    with_today: dict[str, list[Unit]] = {}
    for unit in units:
        if unit.host:
            with_today.setdefault(unit.host, []).append(unit)
    out.mkdir(parents=True, exist_ok=True)
    _csv(out / "UNITS.csv", UNIT_COLUMNS, map(_unit_row, units))
    _csv(out / "ORGS.csv", HOST_COLUMNS, (_host_row(host, with_today.get(host.org_id, [])) for host in hosts))
    return out / "UNITS.csv", out / "ORGS.csv"


def _csv(path: Path, titles: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(titles)
        writer.writerows(rows)


def _unit_row(u: Unit) -> tuple[object, ...]:
    return (u.unit_id, u.x, u.y, u.place, u.market, u.industry, u.full, u.members, u.branch, u.host,
            int(u.secretary), u.committee)  # fmt: skip


def _host_row(host: Host, attached: list[Unit]) -> tuple[object, ...]:
    members = ROOM - host.room_members + sum(unit.members for unit in attached)
    units = UNITS_OF[host.kind] - host.room_units + len(attached)
    return (host.org_id, host.x, host.y, host.place, host.market, host.kind, members, units, host.industry)
