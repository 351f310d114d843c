"""Suizhou on 31 July 2007 as the speech describes it: 64,492 employees, 4,056 members, 123 own organizations.

The speech gives the sums; who stands behind them is made up. Where the members' affiliation lies it does not say:
the split of Zhejiang in 2012 is the prior (most in villages, some at the origin, a few unknown or contradicting).
"""

from __future__ import annotations

from datetime import date, timedelta

from dishu.worlds import suizhou_heads, suizhou_members
from dishu.worlds.dice import Dice, Weighted, apportion
from dishu.worlds.folk import Folk, check
from dishu.worlds.model import Plan, Unit, World
from dishu.worlds.names import Signs, street
from dishu.worlds.numbers import Numbers
from dishu.worlds.orgtree import OrgTree
from dishu.worlds.towns import Towns, towns

DAY = date(2007, 7, 31)
SCOPE = "4213"
FROZEN, DEADLINE = date(2007, 1, 15), date(2007, 10, 14)  # "before the 17th Congress", which met on 15 October

# How many enterprises play which part. planned: of the plan of 62, one still without an organization; newcomer:
# above size, opened after the plan was frozen; organized: above size and below it, with an organization before.
PARTS = {"formed": 61, "unformed": 1, "newcomer": 9, "organized": 50, "organized_small": 12, "other": 1163}
CLOSED = 38  # struck off before the day: in the rosters, in no figure
LARGE = ("formed", "unformed", "newcomer", "organized")

EMPLOYEES = 64_492
ASSETS = 5_872_000_000
TURNOVER = 14_298_000_000
STEP = 100  # rosters give 万元 with two decimals
THRESHOLD = 5_000_000  # above designated size from 2007 to 2010
QUOTA = {"H": 1_990_000, "F": 19_000_000, "E": 30_000_000, "K": 30_000_000}  # hotels stay below their own quota

FACTORY = Weighted({"C36": 9, "C13": 8, "C34": 5, "C17": 5, "C30": 4, "C26": 3, "C33": 3, "C27": 2, "C35": 3, "C14": 2,
                    "C15": 1, "C18": 2, "C20": 1, "C22": 1, "C29": 2, "C31": 2, "C38": 1, "C39": 1})  # fmt: skip
ANY = Weighted({"C36": 3, "C13": 4, "C34": 3, "C17": 2, "C30": 4, "C33": 3, "C20": 2, "C23": 2, "C29": 2, "C31": 2,
                "E47": 3, "E50": 2, "F51": 14, "F52": 16, "G54": 4, "H61": 3, "H62": 5, "I65": 1, "K70": 3, "L72": 4,
                "O81": 3, "P83": 1})  # fmt: skip
CONTROL = Weighted({"private": 90, "private_sole": 7, "hmt": 1, "hmt_sole": 1, "foreign": 0.6, "foreign_sole": 0.4})
CHECKED = {"reported": 0.3, "phoned": 0.2, "visited": 0.35, "confirmed": 0.12}


def world(seed: int = 1) -> World:
    """All that is true in Suizhou on the day; the same for the same seed."""
    tree = towns(Dice(seed, 1), DAY, SCOPE)
    made = World("suizhou-2007", DAY, SCOPE, tree, note="比例 1:1。与任何真实的企业和个人无关。")
    numbers = Numbers(Dice(seed, 2))
    folk = Folk(Dice(seed, 3), numbers, tree)
    made.units = enterprises(Dice(seed, 4), tree, numbers, folk)
    heads = suizhou_heads.decide(Dice(seed, 5), made.units)
    money(Dice(seed, 6), made.units, heads)
    orgs = OrgTree(Dice(seed, 7), tree, "随州市")
    suizhou_members.settle(Dice(seed, 8), made, folk, orgs, heads)
    planned = [u for u in made.units if u.role in ("formed", "unformed")]
    made.plans = [Plan("2007年规模以上非公有制企业党组织组建计划", planned, FROZEN, DEADLINE)]
    made.orgs = orgs.orgs
    care(Dice(seed, 9), made, folk)
    return made


def enterprises(dice: Dice, tree: Towns, numbers: Numbers, folk: Folk) -> list[Unit]:
    """All enterprises with their parts, in mixed order; numbers of people and money come later."""
    parts = [part for part, number in PARTS.items() for _ in range(number)] + ["closed"] * CLOSED
    signs = Signs(dice)
    return [_enterprise(dice, tree, numbers, folk, signs, i, part) for i, part in enumerate(dice.shuffled(parts))]


def _enterprise(dice: Dice, tree: Towns, numbers: Numbers, folk: Folk, signs: Signs, i: int, part: str) -> Unit:
    county = dice.pick([tree.counties[0], tree.counties[0], *tree.counties])  # the seat has two thirds of them
    village = tree.village_in(dice, county)
    industry = (FACTORY if part in LARGE else ANY).pick(dice)
    name = signs.enterprise(dice.pick(["随州市", county.name, county.name, "湖北"]), industry)
    code = numbers.registration(county.code, "enterprise")
    unit = Unit(f"u{i + 1:05d}", "enterprise", name, code, village, "", industry, role=part, above_size=part in LARGE)
    unit.address = f"{county.name}{tree.township(village).name}{street(dice)}"
    unit.owner = folk.person(village, date(1940, 1, 1), date(1980, 12, 31), men=0.82)
    unit.control = CONTROL.pick(dice)
    unit.opened_on = dice.day(FROZEN + timedelta(days=5), date(2007, 5, 31)) if part == "newcomer" else _opened(dice)
    if part == "closed":
        unit.closed_on = dice.day(max(unit.opened_on + timedelta(days=200), date(2006, 3, 1)), date(2007, 7, 15))
    return unit


def _opened(dice: Dice) -> date:
    """Most since the late nineties, none after the plan was frozen."""
    first = date(1992, 1, 1) if dice.chance(0.3) else date(1999, 1, 1)
    return dice.day(first, date(2006, 6, 30))


def money(dice: Dice, units: list[Unit], heads: suizhou_heads.Heads) -> None:
    """Employees, assets and turnover that add up to the speech's sums over the enterprises that are open."""
    still = [u for u in units if u.role != "closed"]
    weight = dice.many.lognormal(0, 0.7, len(still)).tolist()
    share = [w * (5.0 if u.above_size else 1.0) for w, u in zip(weight, still, strict=True)]
    employees = apportion(share, EMPLOYEES, [max(6, 2 * heads.of[u.key].all) for u in still], [2500] * len(still))
    large = [w * (30.0 if u.above_size else 0.9) for w, u in zip(weight, still, strict=True)]
    low = [THRESHOLD // STEP + 1 if u.above_size else 300 for u in still]
    high = [10**10 if u.above_size else _below(u) // STEP for u in still]
    turnover = apportion(large, TURNOVER // STEP, low, high)
    owned_weight = dice.many.lognormal(0, 0.5, len(still)).tolist()
    own = [s * o for s, o in zip(turnover, owned_weight, strict=True)]
    assets = apportion(own, ASSETS // STEP, [200] * len(still), [10**10] * len(still))
    for unit, people, sold, owned in zip(still, employees, turnover, assets, strict=True):
        unit.employees, unit.turnover, unit.assets = people, sold * STEP, owned * STEP
    for unit in units:
        if unit.role == "closed":
            unit.employees, unit.turnover, unit.assets = dice.between(6, 40), dice.between(1, 400) * 10_000, 500_000


def _below(unit: Unit) -> int:
    return QUOTA.get(unit.industry[0], THRESHOLD - 10_000)


def care(dice: Dice, made: World, folk: Folk) -> None:
    """The July survey, instructors, and the last day Party work reached the unit."""
    with_members = {m.unit.key for m in made.at_work()}
    covered = {u.key for org in made.orgs for u in org.units}
    teachers = [folk.name("male", date(1960, 1, 1)) for _ in range(60)]
    for unit in made.units:
        if unit.closed_on:
            continue
        throw = dice.throw()
        known = unit.key in with_members or throw < 0.88
        unit.surveyed = "known" if known else "unclear" if throw < 0.95 else None
        if unit.surveyed:
            check(dice, unit, CHECKED, date(2007, 6, 1), DAY)
            unit.surveyed_on = unit.surveyed_on or dice.day(date(2007, 6, 1), DAY)
        instructed = 0.9 if unit.role in ("unformed", "newcomer") else 0.4 if unit.key in with_members else 0.06
        if unit.key not in covered and dice.chance(instructed):
            unit.instructor, unit.instructor_since = dice.pick(teachers), dice.day(date(2007, 2, 1), date(2007, 6, 30))
        if dice.chance(0.7 if unit.key in covered else 0.15):
            unit.work_on = dice.day(date(2007, 2, 1), date(2007, 7, 20))
