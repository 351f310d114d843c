"""Annual table 27: non-public enterprises and their organizations, line by line, with the checks of the form.

Unit of count is the enterprise (legal person), never the organization; only lines 8 and 12 count something else.
"""

from __future__ import annotations

from dataclasses import replace

from dishu.engine.facts import Column, Table
from dishu.engine.indicators.definition import Indicator, Question, everybody

SOURCE = "党内统计年报《非公有经济控制的企业法人单位建立党的基层组织情况》"
MINIMUM = ("branch_min_full_members",)


def enterprise(s: Table) -> Column:
    """Enterprises that are legal persons; individual businesses and markets are not in this table."""
    return s.kind == "enterprise"


def _line(number: int, name: str, among_text: str, holds_text: str, among: Question, **more: object) -> Indicator:
    base = Indicator(f"t27_{number:02d}", name, "unit", "附表27", SOURCE, among_text, holds_text, among)
    return replace(base, **more)  # type: ignore[arg-type]


def _enterprises(number: int, name: str, holds_text: str, holds: Question, **more: object) -> Indicator:
    return _line(number, name, "在册非公有制企业", holds_text, enterprise, holds=holds, **more)


def _in_joint(s: Table) -> Column:
    return (s.own == "none") & (s.in_joint | s.is_attached)


def _without(s: Table) -> Column:
    return ~s.covered


LINES: tuple[Indicator, ...] = (
    _enterprises(1, "单位数", "全部计数", everybody),
    _enterprises(2, "党建工作指导员联系的", "有在派驻期内的指导员", lambda s: s.instructed),
    _enterprises(3, "已单独建立党委的", "有自己的党委", lambda s: s.own == "committee"),
    _enterprises(4, "已单独建立总支部的", "有自己的党总支", lambda s: s.own == "general_branch"),
    _enterprises(5, "已单独建立支部的", "有自己的党支部", lambda s: s.own == "branch"),
    _enterprises(6, "已建立联合党支部的", "没有自己的党组织，由联合或依托的党支部覆盖", _in_joint),
    _enterprises(7, "其中具有3名以上党员的", "由联合党支部覆盖，党员3名以上", lambda s: _in_joint(s) & s.three_members),
    _line(8, "联合党支部数", "覆盖企业的联合党支部", "全部计数", lambda s: s.joint & s.sector & s.of_enterprises, subject="org"),
    _enterprises(9, "应建尚未建立党组织的", "未建，正式党员达到3名", lambda s: _without(s) & s.qualified, rules=MINIMUM),
    _enterprises(
        10, "仅有个别党员的", "未建，有党员但达不到3名正式党员", lambda s: _without(s) & s.with_members & ~s.qualified
    ),
    _enterprises(11, "没有党员的", "未建，没有党员", lambda s: _without(s) & ~s.with_members),
    _line(12, "党建工作指导员", "在派驻期内、联系企业的指导员", "全部计数", lambda s: s.at_enterprises, subject="instructor"),
    _line(13, "在岗职工", "在册非公有制企业的在岗职工", "全部计数", enterprise, weight="employees"),
    _line(14, "在岗职工中党员", "在册非公有制企业的党员", "全部计数", enterprise, weight="members"),
    _line(15, "已建党组织企业的在岗职工", "在册非公有制企业的在岗职工", "所在企业已建党组织", enterprise,
          holds=lambda s: s.covered, weight="employees"),
    _line(16, "已建党组织企业的党员", "在册非公有制企业的党员", "所在企业已建党组织", enterprise,
          holds=lambda s: s.covered, weight="members"),
    _line(17, "未建、已派指导员企业的在岗职工", "在册非公有制企业的在岗职工", "所在企业未建党组织、已派指导员", enterprise,
          holds=lambda s: _without(s) & s.instructed, weight="employees"),
    _line(18, "未建、已派指导员企业的党员", "在册非公有制企业的党员", "所在企业未建党组织、已派指导员", enterprise,
          holds=lambda s: _without(s) & s.instructed, weight="members"),
)  # fmt: skip

#: The columns of the form: which enterprises a column counts. Lines 8 and 12 stand only in the first.
COLUMNS: dict[str, tuple[str, Question]] = {
    "total": ("总数", everybody),
    "employees_50": ("从业人员50人以上", lambda s: s.employees_50),
    "employees_100": ("从业人员100人以上", lambda s: s.employees_100),
    "legal_rep_member": ("法定代表人是党员", lambda s: s.legal_rep_member),
    "legal_rep_secretary": ("兼任党组织书记", lambda s: s.legal_rep_member & s.legal_rep_secretary),
    "private": ("私有经济控制", lambda s: s.control.isin(("private", "private_sole", "hmt_invested", "foreign_invested"))),
    "private_sole": ("私营独资", lambda s: s.control == "private_sole"),
    "hmt_invested": ("港澳台商投资", lambda s: s.control == "hmt_invested"),
    "foreign_invested": ("外商投资", lambda s: s.control == "foreign_invested"),
    "hmt": ("港澳台商经济控制", lambda s: s.control.isin(("hmt", "hmt_sole"))),
    "hmt_sole": ("港澳台商独资", lambda s: s.control == "hmt_sole"),
    "foreign": ("外商经济控制", lambda s: s.control.isin(("foreign", "foreign_sole"))),
    "foreign_sole": ("外商独资", lambda s: s.control == "foreign_sole"),
    "control_unknown": ("控股情况未填", lambda s: s.control.isnull()),
}  # fmt: skip

Grid = dict[str, list[int]]  # column -> the 18 values, index 0 is line 1


def failed_checks(grid: Grid) -> list[str]:
    """What does not add up, in Chinese; empty where all checks of the form hold.

    >>> failed_checks({"total": [5, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 9, 3, 2, 2, 0, 0]})
    []
    >>> failed_checks({"total": [9, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 9, 3, 2, 2, 0, 0]})
    ['总数：第1行应等于第3、4、5、6、9、10、11行之和']
    """
    found = [f"{COLUMNS[name][0]}：{text}" for name, column in grid.items() for text in _within(column)]
    return found + _across(grid)


def _within(c: list[int]) -> list[str]:
    row = [0, *c]
    rules = (
        (row[1] == sum(row[i] for i in (3, 4, 5, 6, 9, 10, 11)), "第1行应等于第3、4、5、6、9、10、11行之和"),
        (row[7] <= row[6], "第7行不应大于第6行"),
        (row[8] <= row[6], "第8行不应大于第6行"),
        (row[14] <= row[13], "第14行不应大于第13行"),
        (row[16] <= row[15], "第16行不应大于第15行"),
        (row[18] <= row[17], "第18行不应大于第17行"),
    )
    return [text for holds, text in rules if not holds]


def _across(grid: Grid) -> list[str]:
    found = []
    parts = ("private", "hmt", "foreign", "control_unknown")
    if all(name in grid for name in parts):
        for i in set(range(18)) - {7, 11}:
            if sum(grid[name][i] for name in parts) != grid["total"][i]:
                found.append(f"第{i + 1}行：各控股类型之和应等于总数")
    for smaller, larger in (("employees_100", "employees_50"), ("employees_50", "total")):
        if smaller in grid and any(a > b for a, b in zip(grid[smaller][:6], grid[larger][:6], strict=True)):
            found.append(f"“{COLUMNS[smaller][0]}”不应大于“{COLUMNS[larger][0]}”")
    return found
