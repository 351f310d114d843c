"""The rosters of the county: large registries, and five member rosters that overlap, lack and err."""

from __future__ import annotations

from pathlib import Path

from dishu.worlds import mess
from dishu.worlds.dice import Dice
from dishu.worlds.dirt import Habits
from dishu.worlds.model import Member, Unit, World
from dishu.worlds.rosters import Line, Page, Printer, org_line, stall_line, unit_line, without

PLACES = ("曾都区",)
CSV = Habits(dates=("{0:%Y-%m-%d}", "{0.year}/{0.month}/{0.day}", "{0.year}.{0.month}.{0.day}"), formulas=0)
# Faults meet in one row here, so that no single rule finds everybody.
HARD = mess.Blur(0.14, 0.08, 0.02, renamed=0.02, old_phone=0.1, no_phone=0.1)
SOFT = mess.Blur(0.05, 0.02, 0.01, renamed=0.01, old_phone=0.05, no_phone=0.05)
WITHOUT = ("employed_until",)


def write(out: Path, made: World, seed: int) -> Printer:
    """Writes all rosters; the printer knows which row is about whom."""
    printer, dice = Printer(out, Dice(seed, 20)), Dice(seed, 21)
    shops = [u for u in made.units if u.kind == "individual_business"]
    firms = [u for u in made.units if u.kind == "enterprise"]
    printer.book("units/企业登记名册.xlsx", _units(dice, made, "registration", firms, 60, Habits()))
    half = len(shops) // 2
    page = _units(dice, made, "individual", shops[:half], 90, CSV)
    printer.text("units/个体工商户名册（一）.csv", page, "gb18030")
    printer.book("units/个体工商户名册（二）.xlsx", _units(dice, made, "individual", shops[half:], 90, Habits()))
    _stalls(printer, dice, made)
    _members(printer, dice, made)
    lines = [org_line(made.towns, org, lambda: dice.chance(0.3)) for org in made.orgs]
    page = Page("organization", "党组织", without("organization"), lines, ["曾都区党组织名册"])
    printer.book("organizations/党组织名册.xlsx", page)
    return printer


def _units(dice: Dice, made: World, layout: str, units: list[Unit], faults: int, habits: Habits) -> Page:
    lines = [unit_line(made.towns, u) for u in units]
    lines = mess.copies(dice, mess.mixed(dice, lines, mess.refused_units(dice, lines, faults)), faults)
    page = Page(layout, "名册", without(layout, "owner_is_secretary"), lines, habits=habits)
    if layout == "individual":
        page.titles = {"name": "字号", "owner": "业主", "owner_id": "业主身份证号", "owner_phone": "联系电话"}
    return page


def _stalls(printer: Printer, dice: Dice, made: World) -> None:
    pages = []
    for market in (u for u in made.units if u.kind == "market"):
        units = [u for u in made.units if u.market is market and u.closed_on is None]
        lines = [stall_line(made.towns, u, "again") for u in units]
        for line in lines:
            line.values |= {"opened_on": None, "employees": None}
            if dice.chance(0.4):
                line.values |= {"unit_code": None, "owner_id": None}
        if lines:
            columns = without("market", "closed_on", "surveyed", "surveyed_on", "channel")
            pages.append(Page("market", market.name, columns, lines, [f"{market.name}摊位名册"]))
    printer.book("units/市场摊位名册.xlsx", *pages)


def _members(printer: Printer, dice: Dice, made: World) -> None:
    """Five offices; whom the others forgot stands at least in the organization department's roster."""
    known = {
        "association": [m for m in made.members if m.unit.kind == "individual_business" and dice.chance(0.42)],
        "market": [m for m in made.members if m.unit.market and dice.chance(0.85)],
        "village": [m for m in made.members if _of_village(m) and (len(m.claims) > 1 or dice.chance(0.6))],
        "own": [m for m in made.members if dice.chance(0.27)],
    }
    seen = {m.key for members in known.values() for m in members}
    first = [m for m in made.members if len(m.claims) > 1 or m.key not in seen or dice.chance(0.5)]
    lines = {office: _lines(dice, made, members, HARD) for office, members in known.items()}
    page = Page("member", "党员", without("member", *WITHOUT), _lines(dice, made, first, SOFT))
    for who, line in zip(first, page.lines, strict=True):
        if len(who.claims) > 1:  # the village says one thing, the department another
            line.values["org"] = who.claims[-1].name
    printer.book("members/组织部党员花名册.xlsx", page)
    page = Page(
        "member", "协会", without("member", *WITHOUT, "full_on"), lines["association"], ["个私协会会员党员名册"]
    )
    page.titles = {"org": ("组织关系", "所在党组织"), "org_since": ("组织关系", "转入日期"), "employer": "经营户名称"}
    printer.book("members/个私协会党员名册.xlsx", page)
    page = Page("member", "", without("member", *WITHOUT, "address", "village"), lines["market"], habits=CSV)
    printer.text("members/市场监管所党员摸底表.csv", page, "gb18030")
    page = Page("member", "", without("member", *WITHOUT, "shown", "shown_on"), lines["village"], habits=CSV)
    page.titles = {"name": "党员姓名", "phone": "联系电话", "employer": "就业单位", "address": "住址"}
    printer.text("members/村社区党员名册.csv", page)
    columns = ("name", "sex", "citizen_id", "phone", "standing", "employer", "role", "org", "participates_in", "shown")
    page = Page("member", "自助登记", columns, lines["own"], ["党员自助登记表（导出）"])
    page.titles = {"citizen_id": "身份证", "phone": "本人电话", "employer": "现工作单位", "org": "组织关系所在支部"}
    printer.book("members/党员自助登记.xlsx", page)


def _of_village(who: Member) -> bool:
    return bool(who.claims) and who.claims[0].system == "territory"


def _lines(dice: Dice, made: World, members: list[Member], blur: mess.Blur) -> list[Line]:
    lines = mess.Office(dice, made.towns, PLACES).again(members, blur, 0.35)
    for line in lines:
        mess.smudge(dice, line.values, 0.03 if blur is SOFT else 0.08)
    return lines
