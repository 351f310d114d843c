"""Small units and organizations from tables as people keep them: what can be planned goes on, the rest is named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import isfinite
from pathlib import Path
from statistics import fmean

from dishu.engine.plan import limits
from dishu.engine.plan.classify import MarketBranch, aside, classify
from dishu.engine.plan.model import Host, Unit
from dishu.engine.plan.sheets import Remark, Sheet, Unfit, each, frame, open_sheet, spot_of, whole
from dishu.standards import law
from dishu.standards.codes import industry, kinds

#: Identifier of each column, and the titles people give it.
UNIT_WORDS = {
    "unit_id": "单位编号 编号 单位代码 统一社会信用代码 id",
    "name": "名称 单位名称 企业名称 字号名称",
    "x": "横坐标 东坐标", "y": "纵坐标 北坐标",
    "longitude": "经度 lon lng", "latitude": "纬度 lat",
    "place": "地区 所在地 所在地区 村社区 村（社区） 街道 楼宇",
    "market": "市场 所在市场 园区 市场园区",
    "industry": "行业 行业代码 行业门类 所属行业",
    "members": "正式党员 正式党员数 full full_members",
    "all_members": "党员 党员数 党员总数 全部党员",
    "committee": "上级党委 上级党组织 所属党委",
    "branch": "现属支部 现有支部 现有联合党支部 所在党支部",
    "host": "现挂靠 现挂靠党组织 现依托 依托党组织 挂靠党组织",
    "secretary": "书记所在单位 书记所在 书记单位",
}  # fmt: skip
HOST_WORDS = {
    "org_id": "党组织编号 组织编号 编号 id",
    "name": "党组织名称 名称",
    "x": "横坐标 东坐标", "y": "纵坐标 北坐标",
    "longitude": "经度 lon lng", "latitude": "纬度 lat",
    "place": "地区 所在地 所在地区 村社区 村（社区） 街道",
    "market": "市场 所在市场 园区",
    "kind": "种类 类别 党组织种类",
    "members": "党员 党员数 党员总数",
    "units": "已联系单位 已挂靠单位 已挂靠单位数 联系小单位数",
    "industry": "行业 行业代码 所属行业",
    "committee": "上级党委 上级党组织 所属党委",
}  # fmt: skip
YES = {"是", "1", "有", "√", "✓", "true", "yes", "y", "书记"}
NO = {"", "否", "0", "无", "×", "false", "no", "n"}


@dataclass(frozen=True)
class Taken:
    """What can be planned, the names of units and organizations by id, and what was said of rows.

    `own`: units that should form a branch of their own; `markets`: markets that qualify as a whole.
    """

    units: tuple[Unit, ...]
    hosts: tuple[Host, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    own: tuple[Unit, ...] = ()
    markets: tuple[MarketBranch, ...] = ()


def read(units: Path, hosts: Path | None, day: date) -> Taken:
    """Units and, where given, organizations of two files, sorted out by the law of the day.

    Raises ValueError where a file lacks a column or has no row at all, `intake.FileRefused` where it cannot be read.
    """
    sheet = open_sheet(units, UNIT_WORDS, ("unit_id", "place", "members"))
    equator = frame(sheet)
    found = _tidy(sheet, _located(sheet, each(sheet, "unit_id", lambda cells: _unit(sheet, cells, equator))))
    if hosts is None:
        return _sorted(sheet, found, (), sheet.names, sheet.remarks, day)
    other = open_sheet(hosts, HOST_WORDS, ("org_id", "place", "kind", "members"))
    if (frame(other) is None) != (equator is None):
        raise ValueError(f"{hosts.name} 和 {units.name} 要用同一种坐标：都用 x、y（米），或都用经度、纬度")
    today: dict[str, list[Unit]] = {}
    for unit, _ in found.values():
        today.setdefault(unit.host or "", []).append(unit)
    asked = each(other, "org_id", lambda cells: _host(other, cells, equator, today.get(cells["org_id"], []), day))
    taken = _settled(other, asked, found)
    return _sorted(sheet, found, taken, sheet.names | other.names, [*sheet.remarks, *other.remarks], day)


def _unit(sheet: Sheet, cells: dict[str, str], equator: float | None) -> Unit:
    full = whole(cells, "members", "正式党员数")
    members = whole(cells, "all_members", "党员数", empty=full)
    if members < full:
        raise Unfit(f"党员{members}名少于正式党员{full}名；请核对")
    place, committee = cells["place"], cells.get("committee", "")
    if not place and not committee:
        raise Unfit("没有写地区，不知道归哪个上级党委；请补上")
    spot = spot_of(sheet, cells, "unit_id", equator)
    unit = Unit(
        cells["unit_id"], spot.x or 0.0, spot.y or 0.0, committee or committee_of(place), place or committee,
        trade(cells.get("industry", "")), full, members, cells.get("market") or None, cells.get("branch") or None,
        cells.get("host") or None, _yes(sheet, cells), spot.x is not None, county_within(place or committee),
    )  # fmt: skip
    if unit.branch and unit.host:
        sheet.say(cells, "unit_id", "warned", f"既在{unit.branch}又挂靠{unit.host}；按在支部算")
        return replace(unit, host=None)
    return unit


def _yes(sheet: Sheet, cells: dict[str, str]) -> bool:
    text = cells.get("secretary", "").lower()
    if text not in YES | NO:
        sheet.say(cells, "unit_id", "warned", f"书记所在单位写的是“{text}”，看不懂，按“否”算；请写是或否")
    return text in YES and bool(cells.get("branch"))


def committee_of(place: str) -> str:
    """The superior committee where none is written: of a village or market by its code the township, else the place itself.

    >>> [committee_of(place) for place in ("421302001005", "421302001005M1", "421302001M01", "东城街道")]
    ['421302001', '421302001', '421302001', '东城街道']
    """
    return place[:9] if re.fullmatch(r"\d{9}(\d{3})?(M\w*)?", place) else place


def county_within(place: str) -> str | None:
    """The county of a place written as a code of six digits or more, else None.

    >>> [county_within(place) for place in ("421302001M01", "421302", "4213", "东城街道")]
    ['421302', '421302', None, None]
    """
    return place[:6] if re.fullmatch(r"\d{6}(\d{3}){0,2}(M\w*)?", place) else None


def trade(text: str) -> str:
    """The industry as its letter (门类); what is none stays as written.

    >>> trade("F52"), trade("批发和零售业"), trade("卖鱼")
    ('F', 'F', '卖鱼')
    """
    found = industry.industry(text) if text else None
    return found.letter if found else text


Found = dict[str, tuple[Unit, dict[str, str]]]


def _located(sheet: Sheet, found: Found) -> dict[str, tuple[Unit, dict[str, str]]]:
    """Units without coordinates are put in the middle of their market, place or committee, and say so."""
    middles = _middles([unit for unit, _ in found.values()])
    placed: Found = {}
    for name, (unit, cells) in found.items():
        if unit.located:
            placed[name] = unit, cells
        elif middle := next((middles[at] for at in _wheres(unit) if at in middles), None):
            sheet.say(cells, "unit_id", "warned", "没有坐标，按同一地方其他单位的中心估计；可信度低，请补坐标")
            placed[name] = replace(unit, x=middle[0], y=middle[1]), cells
        else:
            sheet.say(cells, "unit_id", "refused", "没有坐标，同一上级党委也没有别的单位可以借用；请补坐标")
    return placed


def _wheres(thing: Unit | Host) -> list[tuple[str, str]]:
    asked = (("market", thing.market), ("place", thing.place), ("committee", thing.committee))
    return [(kind, name) for kind, name in asked if name]


def _middles(units: Sequence[Unit]) -> dict[tuple[str, str], tuple[float, float]]:
    inside: dict[tuple[str, str], list[Unit]] = {}
    for unit in units:
        for at in _wheres(unit) if unit.located else ():
            inside.setdefault(at, []).append(unit)
    return {at: (fmean(u.x for u in some), fmean(u.y for u in some)) for at, some in inside.items()}


def _tidy(sheet: Sheet, found: Found) -> Found:
    """One secretary's unit to a branch: of several the first counts."""
    leads: dict[str, str] = {}
    for name, (unit, cells) in found.items():
        if unit.secretary and unit.branch and leads.setdefault(unit.branch, name) != name:
            sheet.say(cells, "unit_id", "warned", f"{unit.branch}的书记所在单位已有{leads[unit.branch]}，这里按“否”算")
            found[name] = replace(unit, secretary=False), cells
    return found


def _host(sheet: Sheet, cells: dict[str, str], equator: float | None, today: list[Unit], day: date) -> Host:
    """Its room: up to the most members of a branch and the most units of its kind; those attached today may come again."""
    kind = kinds.parse("host_kind", cells["kind"]) or cells["kind"]
    caps = limits.host_units(law.at(day))
    if kind not in caps:
        known = "、".join(kinds.label("host_kind", one) for one in caps)
        raise Unfit(f"党组织种类“{cells['kind']}”不认识；可写：{known}（{'、'.join(caps)}）")
    members = whole(cells, "members", "党员数") - sum(unit.members for unit in today)
    others = max(0, whole(cells, "units", "已联系单位数", empty=0) - len(today))
    spot = spot_of(sheet, cells, "org_id", equator)
    room = max(0, limits.at(day).most_members - max(0, members))
    place = cells["place"]
    committee = None if kind == "association" else cells.get("committee") or committee_of(place)
    return Host(
        cells["org_id"], float("nan") if spot.x is None else spot.x, float("nan") if spot.y is None else spot.y,
        committee, place, kind, room, max(0, caps[kind] - others), trade(cells.get("industry", "")) or None,
        cells.get("market") or None, county_within(place),
    )  # fmt: skip


def _settled(sheet: Sheet, found: dict[str, tuple[Host, dict[str, str]]], units: Found) -> tuple[Host, ...]:
    """Hosts without coordinates are put among the units of their market, place or committee."""
    middles = _middles([unit for unit, _ in units.values()])
    settled = []
    for host, cells in found.values():
        middle = next((middles[at] for at in _wheres(host) if at in middles), None)
        if isfinite(host.x):
            settled.append(host)
        elif middle:
            sheet.say(cells, "org_id", "warned", "没有坐标，按同一地方单位的中心估计；请补坐标")
            settled.append(replace(host, x=middle[0], y=middle[1]))
        else:
            sheet.say(cells, "org_id", "refused", "没有坐标，附近也没有单位可以借用；请补坐标")
    return tuple(settled)


def _sorted(
    sheet: Sheet, found: Found, hosts: Sequence[Host], names: Mapping[str, str], remarks: list[Remark], day: date
) -> Taken:  # fmt: skip
    """The planned units; the others with the word why."""
    classes = classify((unit for unit, _ in found.values()), hosts, day)
    for unit, why in (*classes.own, *classes.none):
        row = int(found[unit.unit_id][1]["_row"])
        remarks.append(Remark(sheet.path.name, row, unit.unit_id, "aside", f"不在本方案内：{aside(unit, why)}"))
    remarks.sort(key=lambda remark: remark.file != sheet.path.name)
    own = tuple(unit for unit, _ in classes.own)
    return Taken(classes.planned, tuple(hosts), names, tuple(remarks), own, classes.markets)
