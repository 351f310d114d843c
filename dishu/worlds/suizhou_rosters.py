"""The rosters of Suizhou 2007: what the offices sent in, from two registries to the July check of mobile members."""

from __future__ import annotations

from pathlib import Path

from dishu.worlds import mess
from dishu.worlds.dice import Dice
from dishu.worlds.dirt import Habits
from dishu.worlds.model import Member, Unit, World
from dishu.worlds.rosters import (
    Line,
    Page,
    Printer,
    org_line,
    plan_lines,
    unit_line,
    without,
)

PLACES = ("随州市", "曾都区", "广水市", "湖北")
OWNER = "法定代表人"
TWO_ROWS = {
    "owner": (OWNER, "姓名"),
    "owner_id": (OWNER, "身份证号"),
    "owner_phone": (OWNER, "电话"),
    "surveyed": ("摸底", "情况"),
    "surveyed_on": ("摸底", "日期"),
}
REGISTRY = TWO_ROWS | {"unit_code": "注册号", "control": "企业类型", "turnover": "营业额（万元）"}
ABOVE_COLUMNS = ("name", "unit_code", "industry", "county", "township", "employees", "turnover")


def write(out: Path, made: World, seed: int) -> Printer:
    """Writes all rosters; the printer knows which row is about whom."""
    printer = Printer(out, Dice(seed, 20))
    dice = Dice(seed, 21)
    first, second = made.towns.counties[:2]
    _registry(printer, dice, made, first.code, first.name)
    _second_registry(printer, dice, made, second.code, second.name)
    _above_size(printer, dice, made)
    _members(printer, dice, made)
    _organizations(printer, dice, made)
    return printer


def _unit_lines(dice: Dice, made: World, units: list[Unit]) -> list[Line]:
    lines = [unit_line(made.towns, u) for u in units]
    for line in dice.sample(lines, len(lines) // 20):
        line.values["owner_id"] = None
    return lines


def _registry(printer: Printer, dice: Dice, made: World, county: str, name: str) -> None:
    """A workbook with a two-row header, one sheet per half of the list, and a hidden draft."""
    lines = _unit_lines(dice, made, [u for u in made.units if u.place.code.startswith(county)])
    half = len(lines) // 2
    columns = without("registration", "status")
    above = [f"{name}非公有制企业登记名册", "填报单位：工商行政管理局　　填报日期：2007年7月31日　　单位：人、万元"]
    pages = []
    for part, some in (("东片", lines[:half]), ("西片", lines[half:])):
        rows = mess.mixed(dice, some, mess.refused_units(dice, some, 8))
        rows = mess.copies(dice, rows, 6) if part == "东片" else rows
        rows.append(mess.total(some))
        pages.append(Page("registration", part, columns, rows, above, dict(REGISTRY), Habits()))
    draft = [Line(dict(x.values), x.kind, x.key, "hidden") for x in lines[:40]]
    pages.append(Page("registration", "底稿", columns, draft, above, dict(REGISTRY), Habits(), hidden=True))
    printer.book(f"units/{name}企业登记名册.xlsx", *pages)


def _second_registry(printer: Printer, dice: Dice, made: World, county: str, name: str) -> None:
    """A plain text file in the old encoding."""
    lines = _unit_lines(dice, made, [u for u in made.units if u.place.code.startswith(county)])
    lines = mess.mixed(dice, lines, mess.refused_units(dice, lines, 6))
    page = Page("registration", "", without("registration", "control"), mess.copies(dice, lines, 4))
    page.titles = {
        "unit_code": "营业执照注册号",
        "employees": "从业人数",
        "opened_on": "成立时间",
        "industry": "所属行业",
    }
    page.habits = Habits(dates=("{0.year}-{0.month:02d}-{0.day:02d}", "{0.year}年{0.month}月{0.day}日"), formulas=0)
    printer.text(f"units/{name}企业登记名册.csv", page, "gb18030")


def _above_size(printer: Printer, dice: Dice, made: World) -> None:
    """The statistics bureau's list of those above designated size: the same enterprises, some without their code."""
    lines = [unit_line(made.towns, u, "again") for u in made.units if u.above_size]
    for line in lines:
        if dice.chance(0.3):
            line.values["unit_code"] = None
    above = ["规模以上非公有制工业企业名录（2007年）"]
    page = Page("registration", "规模以上", ABOVE_COLUMNS, dice.shuffled(lines), above)
    page.titles = {
        "name": "企业（单位）名称",
        "unit_code": "注册号",
        "turnover": "主营业务收入",
        "employees": "职工人数",
    }
    printer.book("units/规模以上工业企业名录.xlsx", page)


def _members(printer: Printer, dice: Dice, made: World) -> None:
    """Each member stands in the organization department's roster or in the July check, most in several rosters."""
    office = mess.Office(dice, made.towns, PLACES)
    mobile = [m for m in made.members if m.org is None or m.org.system == "origin"]
    mobile += dice.sample([m for m in made.members if m.org is not None and m.org.system == "territory"], 300)
    only = {m.key for m in dice.sample(mobile, 380)}
    _department(printer, office, made, [m for m in made.members if m.key not in only])
    _july_check(printer, office, [m for m in mobile if m.key in only], [m for m in mobile if m.key not in only])
    _reports(printer, office, made)
    lines = dice.shuffled(office.affiliations(made.members, 0.85, fifteen=0.1))
    above = ["党员组织关系名册", "2007年7月"]
    page = Page("affiliation", "组织关系", without("affiliation", "org_until"), lines, above)
    page.titles = {"org": "所在党支部", "superior": "上级党委"}
    printer.book("members/党员组织关系名册.xlsx", page)


def _department(printer: Printer, office: mess.Office, made: World, members: list[Member]) -> None:
    pages, dice = [], office.dice
    for county in made.towns.counties:
        lines = office.first([m for m in members if m.unit.place.code.startswith(county.code)], mess.MASTER, 0.75)
        lines = mess.copies(dice, mess.mixed(dice, lines, mess.refused_members(dice, lines, 6)), 9)
        above = [f"{county.name}非公有制企业党员花名册", "中共随州市委组织部　2007年7月"]
        titles: dict = {
            "org": ("组织关系", "所在党组织"),
            "org_since": ("组织关系", "转入日期"),
            "citizen_id": "身份证号码",
        }
        pages.append(Page("member", county.name, without("member"), lines, above, titles))
    printer.book("members/组织部党员花名册.xlsx", *pages)


def _july_check(printer: Printer, office: mess.Office, only: list[Member], known: list[Member]) -> None:
    """The check of mobile members; for those who stand only here it is complete."""
    lines = office.first(only, mess.MASTER, 0.4)
    lines = office.dice.shuffled(lines + office.again(known, mess.COPY, 0.4))
    page = Page("member", "流动党员", without("member", "full_on", "county", "township", "village"), lines)
    page.above = ["流动党员清查登记表（2007年7月）"]
    page.titles = {"name": "党员姓名", "citizen_id": "公民身份号码", "birth": "出生年月日", "phone": "联系电话",
                   "joined_on": "入党时间", "employer": "所在单位", "shown": "亮身份"}  # fmt: skip
    printer.book("members/流动党员清查登记表.xlsx", page)


def _reports(printer: Printer, office: mess.Office, made: World) -> None:
    """What enterprises with an organization report about their own people."""
    covered = {u.key for org in made.orgs for u in org.units}
    some = [m for m in made.at_work() if m.unit.key in covered and office.dice.chance(0.8)]
    lines = mess.copies(office.dice, office.again(some, mess.COPY, 0.9), 12)
    columns = ("employer", "employer_code", "name", "sex", "citizen_id", "birth", "phone", "standing", "role",
               "employed_since", "org", "participates_in", "shown", "shown_on")  # fmt: skip
    page = Page("member", "", columns, lines, habits=Habits(formulas=0))
    page.titles = {"employer": "单位名称", "employer_code": "单位注册号", "citizen_id": "身份证号码", "phone": "手机"}
    printer.text("members/企业上报党员名册.csv", page)


def _organizations(printer: Printer, dice: Dice, made: World) -> None:
    lines = [org_line(made.towns, org, lambda: dice.chance(0.2)) for org in made.orgs]
    page = Page("organization", "党组织", without("organization"), lines, ["随州市党组织名册"])
    printer.book("organizations/党组织名册.xlsx", page)
    plan = [line for p in made.plans for line in plan_lines(p)]
    printer.book("organizations/组建计划.xlsx", Page("plan", "计划", without("plan"), plan, ["2007年组建计划"]))
