"""Small units and organizations from an edition's facts, for a plan without another roster.

Facts hold no coordinates. So no way is counted: all lies at one point, and another place of the same township costs as much
as `ELSEWHERE_KM` of way. Every unit is marked as not located. With coordinates, plan from a file instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa

from dishu.engine.baseline.lists import Register
from dishu.engine.edition import Edition
from dishu.engine.facts import View
from dishu.engine.figures import states_at
from dishu.engine.plan import limits
from dishu.engine.plan.classify import aside, classify
from dishu.engine.plan.files import Taken, committee_of, county_within, trade
from dishu.engine.plan.model import Host, HostKind, Prices, Unit
from dishu.engine.plan.sheets import Remark
from dishu.standards import law

#: What another village, street or market of the same township counts as, in kilometres.
ELSEWHERE_KM = 2.0
#: Who can take in units, by the system of an organization.
HOST_KINDS: dict[str, HostKind] = {
    "enterprise": "enterprise", "association": "association", "market": "market", "territory": "village",
}  # fmt: skip


def prices() -> Prices:
    """The usual prices for a plan without ways: another place costs `ELSEWHERE_KM`, also from a host.

    >>> prices().other_place, prices().attach["association"].other_place
    (2.0, 1.0)
    """
    usual = Prices()
    attach = {kind: replace(a, other_place=ELSEWHERE_KM * a.per_km) for kind, a in usual.attach.items()}
    return replace(usual, other_place=ELSEWHERE_KM, attach=attach)


def read(edition: Edition, place: str, day: date) -> Taken:
    """The small units of a place without an organization of their own on a day, and the branches there.

    Counted are full members who work there (after forming, their affiliation follows). Those in a joint branch or attached
    today are planned again and come with their branch or host. LookupError for a place the edition does not know.
    """
    tree = edition.tree(day)
    if place not in tree.now:
        raise LookupError(f"版次里没有地区“{place}”；请用 dishu figures 看有哪些地区代码")
    facts = edition.facts()
    states = states_at(facts, day)
    units = inside(states["unit"].filter(lambda s: (s.members > 0) & (s.own == "none")), tree, place)
    return taken(units, inside(states["org"], tree, place), facts.at(day), names(edition), day)


def taken(
    units: list[dict[str, Any]], orgs: list[dict[str, Any]], view: View, named: Mapping[str, str], day: date
) -> Taken:  # fmt: skip
    """These units and organizations (rows of their states, by key) as a plan wants them, sorted out by the law of the day."""
    bare = view.of("unit").select("unit", "industry").to_pyarrow().to_pylist()
    trades = {row["unit"]: trade(row["industry"] or "") for row in bare}
    covers = view.of("coverage").to_pyarrow().to_pylist()
    systems = {row["org"]: row["system"] for row in view.of("org").select("org", "system").to_pyarrow().to_pylist()}
    today = _today(covers, orgs)
    small = _one_secretary([bare_unit(row, today.get(row["unit"]), trades.get(row["unit"], "")) for row in units])
    trade_of = {row["org"]: trades.get(row["unit"], "") for row in covers if row["mode"] == "single"}
    guests = Counter(unit.host for unit in small)
    asked = ((row, systems[row["org"]], trade_of.get(row["org"]), guests[str(row["org"])]) for row in orgs)
    hosts = [host for each in asked if (host := _host(*each, day)) is not None]
    classes = classify(small, hosts, day)
    remarks = [
        Remark("版次", 0, unit.unit_id, "aside", f"不在本方案内（按在岗党员数）：{aside(unit, why)}")
        for unit, why in (*classes.own, *classes.none)
    ]
    own = tuple(unit for unit, _ in classes.own)
    return Taken(classes.planned, tuple(hosts), named, tuple(remarks), own, classes.markets)


def inside(table: Any, tree: Any, place: str) -> list[dict[str, Any]]:
    """The rows of a state (units, organizations, instructors) that lie in a place, by key."""
    found: pa.Table = table.to_pyarrow()
    rows = found.filter(pa.array(tree.lattice.within(place, found["place"].to_pylist()))).to_pylist()
    key = next(name for name in ("unit", "org", "instructor") if name in found.column_names)
    return sorted(rows, key=lambda row: row[key])


def _today(covers: list[dict[str, Any]], orgs: list[dict[str, Any]]) -> dict[int, tuple[str, int]]:
    """How each unit is covered today: "joint" or "attached" and by whom; of several the joint one, then the lowest key.

    Joint is who is in a joint branch. With the branch of a market, an association or a village, which stands without the
    unit, it is attached, whatever the roster calls it: that branch is a host, and no branch may be both.
    """
    kinds = {row["org"]: row["kind"] for row in orgs}
    found: dict[int, tuple[str, int]] = {}
    for row in sorted(covers, key=lambda r: (kinds.get(r["org"]) != "joint_branch", r["org"])):
        if row["mode"] in ("joint", "attached") and row["org"] in kinds:
            found.setdefault(row["unit"], ("joint" if kinds[row["org"]] == "joint_branch" else "attached", row["org"]))
    return found


def bare_unit(row: Mapping[str, Any], today: tuple[str, int] | None = None, industry: str = "") -> Unit:
    """A unit of an edition, with its branch or host of today."""
    mode, org = today or (None, None)
    market = row["place"] if "M" in row["place"] else None
    return Unit(
        str(row["unit"]), 0.0, 0.0, committee_of(row["place"]), row["place"], industry, int(row["full_present"]),
        int(row["members"]), market, str(org) if mode == "joint" else None, str(org) if mode == "attached" else None,
        bool(mode == "joint" and row["legal_rep_secretary"]), located=False,
        county=county_within(row["place"]),
    )  # fmt: skip


def _one_secretary(units: list[Unit]) -> list[Unit]:
    """Of several owners who are secretaries in one joint branch the first counts."""
    seen: set[str | None] = set()
    found = []
    for unit in units:
        found.append(replace(unit, secretary=unit.secretary and unit.branch not in seen))
        if unit.secretary:
            seen.add(unit.branch)
    return found


def _host(row: Mapping[str, Any], system: str, industry: str | None, guests: int, day: date) -> Host | None:
    """A branch of the sector or of a village as a host; the room that its `guests` of today take is theirs again, however
    many they are: what stands need not be broken up because it is more than a plan would form."""
    if row["kind"] != "branch" or system not in HOST_KINDS:
        return None
    kind = HOST_KINDS[system]
    room = max(0, limits.at(day).most_members - int(row["members"]))
    alone = 1 if kind == "enterprise" else 0  # the enterprise itself is one of the units of its branch
    units = max(limits.host_units(law.at(day))[kind], guests) - max(0, int(row["units"]) - guests - alone)
    market = row["place"] if kind == "market" else None
    committee = None if kind == "association" else committee_of(row["place"])
    return Host(
        str(row["org"]), 0.0, 0.0, committee, row["place"], kind, room, max(0, units), industry or None, market,
        county_within(row["place"]),
    )  # fmt: skip


def names(edition: Edition) -> dict[str, str]:
    """Names of places, and those of units and organizations from the register beside the edition, where there is one."""
    folder = edition.path.parent / "register"
    return named(edition, Register.read(folder) if folder.is_dir() else Register({}))


def named(edition: Edition, register: Register) -> dict[str, str]:
    """The same with the register at hand."""
    places = edition.places().select(["place", "name"]).to_pylist()
    return {row["place"]: row["name"] for row in places} | {
        str(row[kind]): row["name"]
        for kind in ("unit", "org") if kind in register.tables
        for row in register.tables[kind].select([kind, "name"]).to_pylist() if row["name"]
    }  # fmt: skip
