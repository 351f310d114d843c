"""Members and organizations: whose affiliation is unknown, split or contradicting, which branches are at risk."""

from __future__ import annotations

import ibis

from dishu.engine.facts import Column, Table
from dishu.engine.indicators.definition import Indicator
from dishu.engine.indicators.six import every

A = "2007年全市非公有制企业党建工作座谈会讲话"
B = "2011年全省非公党建工作推进会讲话"
CHECK = "底数核验"
RISK = ("branch_min_full_members", "at_risk_margin")


def _clear(s: Table) -> Column:
    elsewhere = s.affiliation.isin(("territory", "origin"))
    clear = (s.affiliation == "here") | (elsewhere & s.participates)
    return ibis.cases((s.affiliation == "unknown", None), else_=clear)


PEOPLE = (
    Indicator("members", "党员", "member", "总量", A, "在非公有制单位工作的党员", "全部计数", every),
    Indicator(
        "full_members", "正式党员", "member", "总量", A, "在非公有制单位工作的党员", "为正式党员", every, lambda s: s.full
    ),
    Indicator(
        "affiliation_clear", "组织关系与活动归属清楚", "member", "组织关系", B,
        "在非公有制单位工作的党员", "组织关系唯一；不在本系统的，参加活动的党组织也已登记", every, _clear, goal=1.0,
    ),
    Indicator(
        "affiliation_here", "组织关系在本系统党组织", "member", "组织关系", B,
        "组织关系已掌握的党员", "组织关系在企业、协会或市场党组织",
        lambda s: s.affiliation.isin(("here", "territory", "origin")), lambda s: s.affiliation == "here",
    ),
    Indicator(
        "affiliation_unknown", "组织关系不明", "member", "组织关系", B,
        "在非公有制单位工作的党员", "没有任何名册记载其组织关系", every, lambda s: s.affiliation == "unknown", bad=True,
    ),
    Indicator(
        "affiliation_contradicting", "组织关系互相矛盾", "member", "组织关系", B,
        "在非公有制单位工作的党员", "不同名册记载在不同党组织", every, lambda s: s.affiliation == "contradicting", bad=True,
    ),
    Indicator(
        "affiliation_split", "同一单位党员分属不同上级", "unit", "组织关系", B,
        "有两名以上党员组织关系在本系统的单位", "党员分属不同的上级党组织",
        lambda s: s.several_members, lambda s: s.split, bad=True,
    ),
)  # fmt: skip

ORGS = (
    Indicator(
        "orgs", "党组织", "org", "总量", A, "非公有制领域的党组织", "全部计数", lambda s: s.sector
    ),
    Indicator(
        "joint_branches", "联合党支部数", "org", "总量", "党内统计年报表27第8行",
        "非公有制领域的党组织", "为联合党支部", lambda s: s.sector, lambda s: s.joint,
    ),
    Indicator(
        "branches_at_risk", "党员只有3名左右的支部", "org", "组建质量", A,
        "非公有制领域的党支部和联合党支部", "正式党员刚够3名（一走就散）",
        lambda s: s.branch, lambda s: s.at_risk, bad=True, rules=RISK,
    ),
    Indicator(
        "new_branches_at_risk", "新建支部中党员只有3名左右的", "org", "组建质量", A,
        "按计划新建的党支部", "正式党员刚够3名", lambda s: s.branch & s.under_plan, lambda s: s.at_risk, bad=True,
        rules=RISK,
    ),
    Indicator(
        "branches_below_minimum", "正式党员已不足3名的支部", "org", "组建质量", A,
        "非公有制领域的党支部和联合党支部", "正式党员不足3名",
        lambda s: s.branch, lambda s: s.below_minimum, bad=True, rules=("branch_min_full_members",),
    ),
    Indicator(
        "instructors", "党建指导员", "instructor", "总量", "党内统计年报表27第12行", "在派驻期内的指导员", "全部计数", every
    ),
)  # fmt: skip

CHECKS = (
    Indicator(
        "verified", "单位信息经过核实", "unit", CHECK, B, "在册单位", "一年内经电话、上门或确认核实",
        every, lambda s: s.verified, goal=1.0, rules=("verification_valid_months",),
    ),
    Indicator(
        "members_verified", "党员信息经过核实", "member", CHECK, B, "在非公有制单位工作的党员",
        "一年内经电话、上门或确认核实", every, lambda s: s.verified, goal=1.0, rules=("verification_valid_months",),
    ),
)  # fmt: skip
