"""Coverage, shares and the plan: which units have an organization, of how many, by which denominator."""

from __future__ import annotations

from dishu.engine.indicators.definition import Indicator
from dishu.engine.indicators.six import every

A = "2007年全市非公有制企业党建工作座谈会讲话"
BOTH = "两个覆盖（组织覆盖、工作覆盖）"
MINIMUM = ("branch_min_full_members",)
SIZE = ("designated_size_industry_wan",)

COVERAGE = (
    Indicator(
        "org_coverage", "组织覆盖率（全部口径）", "unit", "两个覆盖", BOTH,
        "在册的企业、个体工商户和市场", "已由单独、联合或依托组建的党组织覆盖", every, lambda s: s.covered,
    ),
    Indicator(
        "org_coverage_due", "组织覆盖率（应建口径）", "unit", "两个覆盖", "党内统计年报表27“应建”口径",
        "已建党组织的单位，加上应建未建的单位", "已由党组织覆盖",
        lambda s: s.covered | s.qualified, lambda s: s.covered, goal=1.0, rules=MINIMUM,
    ),
    Indicator(
        "org_coverage_with_members", "有党员单位的组织覆盖率", "unit", "两个覆盖", BOTH,
        "有党员的单位", "已由党组织覆盖", lambda s: s.with_members, lambda s: s.covered, goal=1.0,
    ),
    Indicator(
        "single_orgs_of_units", "单独建立党组织的企业占企业总数", "unit", "占比", A,
        "在册企业", "已单独建立党组织", lambda s: s.kind == "enterprise", lambda s: s.own != "none",
    ),
    Indicator(
        "members_of_employees", "党员占从业人员", "unit", "占比", A,
        "从业人员（按单位填报）", "其中的党员（超过从业人员数的部分另列清单）",
        lambda s: s.employees_known, weight="employees", held_weight="members_employed",
    ),
)  # fmt: skip

PLAN = (
    Indicator(
        "plan_progress", "组建进度（计划口径）", "unit", "组建计划", A,
        "列入组建计划的单位（计划确定后不变）", "已建立党组织",
        lambda s: s.in_plan, lambda s: s.covered, goal=1.0,
    ),
    Indicator(
        "plan_progress_qualifying", "组建进度（当日应建口径）", "unit", "组建计划", A,
        "列入计划的单位，加上计划确定后新增的规模以上企业", "已建立党组织",
        lambda s: s.in_plan | s.is_newcomer, lambda s: s.covered, goal=1.0, rules=SIZE,
    ),
    Indicator(
        "plan_progress_all", "组建进度（全部规模以上口径）", "unit", "组建计划", A,
        "当日全部规模以上企业", "已建立党组织", lambda s: s.above_size, lambda s: s.covered, goal=1.0, rules=SIZE,
    ),
    Indicator(
        "newcomers_formed", "新增规模以上企业组建", "unit", "组建计划", A,
        "计划确定后新增的规模以上企业", "已建立党组织",
        lambda s: s.is_newcomer, lambda s: s.covered, goal=1.0, rules=SIZE,
    ),
)  # fmt: skip

SUMS = tuple(
    Indicator(
        code, name, "unit", "总量", "登记名册", "在册单位", "按填报加总，未填报的不估计", every, weight=code
    )
    for code, name in (
        ("employees", "从业人员"),
        ("assets", "资产总额（元）"),
        ("turnover", "营业收入（元）"),
    )
) + (
    Indicator("units", "在册单位", "unit", "总量", "登记名册", "在册单位", "全部计数", every),
    Indicator(
        "enterprises", "在册企业", "unit", "总量", "登记名册", "在册企业", "全部计数", lambda s: s.kind == "enterprise"
    ),
    Indicator(
        "above_size_units", "规模以上企业", "unit", "总量", "统计上规模以上工业标准（分年度）",
        "规模以上企业", "全部计数", lambda s: s.above_size, rules=SIZE,
    ),
)  # fmt: skip
