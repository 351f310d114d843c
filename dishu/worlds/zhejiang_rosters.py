"""The rosters of the Zhejiang prefecture: ten registries, the markets' stalls, the lists of five kinds of offices."""

from __future__ import annotations

from pathlib import Path

from dishu.worlds import mess
from dishu.worlds.dice import Dice
from dishu.worlds.dirt import Habits
from dishu.worlds.model import Member, World
from dishu.worlds.rosters import Line, Page, Printer, org_line, stall_line, unit_line, without

OWNER = "经营者"
TWO_ROWS = {"owner": (OWNER, "姓名"), "owner_id": (OWNER, "身份证号"), "owner_phone": (OWNER, "电话")}
CSV_DATES = ("{0:%Y-%m-%d}", "{0.year}.{0.month}.{0.day}", "{0.year}年{0.month}月{0.day}日")
MASTER_OF = {"association": "协会", "market": "市场", "territory": "村社", "origin": "流入", "enterprise": "企业"}


def write(out: Path, made: World, seed: int) -> Printer:
    """Writes all rosters; the printer knows which row is about whom."""
    printer, dice = Printer(out, Dice(seed, 20)), Dice(seed, 21)
    _shops(printer, dice, made)
    _firms(printer, dice, made)
    _stalls(printer, dice, made)
    _members(printer, dice, made)
    lines = [org_line(made.towns, org, lambda: dice.chance(0.3)) for org in made.orgs]
    page = Page("organization", "党组织", without("organization"), lines, ["党组织名册"])
    printer.book("organizations/党组织名册.xlsx", page)
    return printer


def _shops(printer: Printer, dice: Dice, made: World) -> None:
    """One file per county: workbooks with a two-row header, CSV in either encoding."""
    for i, county in enumerate(made.towns.counties):
        units = [u for u in made.units if u.kind == "individual_business" and u.place.code.startswith(county.code)]
        lines = [unit_line(made.towns, u) for u in units]
        lines = mess.copies(dice, mess.mixed(dice, lines, mess.refused_units(dice, lines, 12)), 15)
        page = Page(
            "individual", "个体工商户", without("individual", "assets"), lines, [f"{county.name}个体工商户名册"]
        )
        file = f"units/{county.name}个体工商户名册"
        if i % 3 == 0:
            page.titles = TWO_ROWS | {"unit_code": "注册号", "name": "字号名称"}
            page.lines.append(mess.total(lines))
            printer.book(f"{file}.xlsx", page)
            continue
        page.titles = {"unit_code": "营业执照号", "name": "店名", "owner": "负责人", "employees": "从业人数"}
        page.habits = Habits(dates=CSV_DATES, formulas=0)
        page.above = page.above if i % 3 == 1 else []
        printer.text(f"{file}.csv", page, "gb18030" if i % 3 == 1 else "utf-8-sig")


def _firms(printer: Printer, dice: Dice, made: World) -> None:
    lines = [unit_line(made.towns, u) for u in made.units if u.kind == "enterprise"]
    lines = mess.copies(dice, mess.mixed(dice, lines, mess.refused_units(dice, lines, 8)), 6)
    page = Page("registration", "企业", without("registration"), lines, ["企业登记名册", "2012年5月"])
    page.titles = {"unit_code": "工商注册号"}
    printer.book("units/企业登记名册.xlsx", page)


def _stalls(printer: Printer, dice: Dice, made: World) -> None:
    """One sheet per market; three stalls in ten are listed without the business's number, by name and owner."""
    pages = []
    for market in (u for u in made.units if u.kind == "market"):
        units = [u for u in made.units if u.market is market and u.closed_on is None]
        lines = [stall_line(made.towns, u, "again") for u in units]
        for line in lines:
            line.values["opened_on"] = None  # the day of entry is not the day of registration
            line.values["employees"] = None
            if dice.chance(0.3):
                line.values["unit_code"] = None
        columns = without("market", "closed_on", "surveyed", "surveyed_on", "channel")
        if lines:
            pages.append(Page("market", market.name[:30], columns, lines, [f"{market.name}摊位名册"]))
    printer.book("units/市场摊位名册.xlsx", *pages)


def _members(printer: Printer, dice: Dice, made: World) -> None:
    """Each office knows its own members well, and some of the others'."""
    known: dict[str, list[Member]] = {office: [] for office in MASTER_OF.values()}
    for who in made.members:
        assert who.org is not None
        known[MASTER_OF[who.org.system]].append(who)
    others = {
        "协会": [m for m in known["村社"] + known["流入"] if dice.chance(0.2)],
        "市场": [m for m in known["村社"] + known["流入"] if m.unit.market and dice.chance(0.4)],
        "村社": [m for m in known["协会"] if dice.chance(0.15)],
        "流入": [m for m in known["市场"] if dice.chance(0.05)],
        "企业": [],
    }
    office = mess.Office(dice, made.towns, tuple(county.name for county in made.towns.counties))
    first = {o: office.first(own, mess.MASTER, 0.7) for o, own in known.items()}
    pages = {o: _with_others(office, lines, others[o]) for o, lines in first.items()}
    _by_county(printer, made, "members/个私协会党员名册.xlsx", pages["协会"], "个体私营企业协会党员名册")
    _csv(printer, "members/市场党员名册.csv", pages["市场"], "gb18030")
    _by_county(printer, made, "members/村社区从业党员花名册.xlsx", pages["村社"], "村（社区）从业党员花名册")
    _csv(printer, "members/流入党员登记册.csv", pages["流入"], "utf-8-sig")
    columns = without("member", "participates_in", "employed_until")
    page = Page("member", "企业党员", columns, pages["企业"], ["企业党员花名册"])
    page.titles = {"org": ("组织关系", "所在党组织"), "org_since": ("组织关系", "转入日期")}
    printer.book("members/企业党员花名册.xlsx", page)
    lines = dice.shuffled(office.affiliations(made.members, 0.5, fifteen=0.04))
    page = Page("affiliation", "组织关系", without("affiliation", "org_until"), lines, ["组织关系名册"])
    printer.book("members/党员组织关系名册.xlsx", page)


def _with_others(office: mess.Office, own: list[Line], others: list[Member]) -> list[Line]:
    dice = office.dice
    extra = office.again(others, mess.COPY, 0.5)
    lines = mess.mixed(dice, own, extra + mess.refused_members(dice, own, min(9, len(own))))
    return mess.copies(dice, lines, len(lines) // 200)


def _by_county(printer: Printer, made: World, file: str, lines: list[Line], title: str) -> None:
    pages = []
    for county in made.towns.counties:
        some = [line for line in lines if line.values["county"] == county.name]
        if some:
            above = [f"{county.name}{title}", "2012年5月8日"]
            pages.append(Page("member", county.name, without("member", "employed_until"), some, above))
            pages[-1].titles = {"org": ("组织关系", "所在党组织"), "org_since": ("组织关系", "转入日期")}
    printer.book(file, *pages)


def _csv(printer: Printer, file: str, lines: list[Line], encoding: str) -> None:
    page = Page("member", "", without("member", "employed_until"), lines, habits=Habits(dates=CSV_DATES, formulas=0))
    page.titles = {"citizen_id": "身份证号码", "phone": "手机号", "employer": "经营户名称", "shown": "是否挂牌"}
    printer.text(file, page, encoding)
