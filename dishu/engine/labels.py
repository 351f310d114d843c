"""Chinese names of what a state says, for lists of rows and for the reasons in a comparison."""

from __future__ import annotations

from typing import Any

COLUMNS: dict[str, str] = {
    "unit": "单位", "member": "党员", "org": "党组织", "instructor": "指导员", "place": "地区", "kind": "类别",
    "control": "控股类型", "above_size": "规模以上", "employees": "从业人员", "assets": "资产（元）",
    "turnover": "营业收入（元）", "employees_50": "从业人员50人以上", "employees_100": "从业人员100人以上",
    "employees_known": "已填从业人员", "legal_rep_member": "法定代表人是党员", "legal_rep_secretary": "兼任书记",
    "surveyed": "摸底", "verified": "已核实", "own": "自己的党组织", "in_joint": "由联合支部覆盖",
    "is_attached": "依托组建", "in_functional": "功能型覆盖", "covered": "已建党组织", "instructed": "有指导员",
    "in_plan": "列入计划", "is_newcomer": "计划后新增规上", "reached": "一年内有党的工作", "with_members": "有党员",
    "three_members": "党员3名以上", "qualified": "本单位正式党员达到3名", "qualified_present": "在岗正式党员达到3名",
    "condition_known": "底数已摸清", "all_clear": "党员组织关系均已掌握", "several_members": "两名以上党员在本系统",
    "split": "党员分属不同上级", "members": "党员数", "members_employed": "计入占比的党员数", "full": "正式党员",
    "full_present": "在岗正式党员数", "members_here": "组织关系在本系统的党员数", "unclear": "组织关系不清的党员数",
    "affiliation": "组织关系", "shown": "亮明身份", "participates": "已登记参加活动的党组织", "superior": "上级党组织",
    "sector": "属非公领域", "branch": "是支部", "joint": "是联合支部", "under_plan": "按计划新建",
    "of_enterprises": "覆盖企业", "at_enterprises": "联系企业",
    "at_risk": "正式党员只有3名左右", "below_minimum": "正式党员不足3名", "units": "覆盖单位数", "outcome": "判定",
}  # fmt: skip

VALUES: dict[str, str] = {
    "enterprise": "企业", "individual_business": "个体工商户", "market": "市场", "known": "已摸清", "unclear": "不清",
    "none": "无", "branch": "党支部", "general_branch": "党总支", "committee": "党委", "joint_branch": "联合党支部",
    "temporary_branch": "临时党支部", "functional_branch": "功能型党支部", "mobile_branch": "流动党员党支部",
    "here": "本系统党组织", "territory": "街道乡镇、村社区", "origin": "原籍", "unlisted": "名册中没有的党组织",
    "contradicting": "记载矛盾", "unknown": "未知", "held": "达到", "failed": "未达到", "private": "私有经济控制",
    "private_sole": "私营独资", "hmt_invested": "港澳台商投资", "foreign_invested": "外商投资",
    "hmt": "港澳台商经济控制", "hmt_sole": "港澳台商独资", "foreign": "外商经济控制", "foreign_sole": "外商独资",
}  # fmt: skip


def column(name: str) -> str:
    """The Chinese title of a column; names that have none stay as they are.

    >>> column("covered")
    '已建党组织'
    """
    return COLUMNS.get(name, name)


def value(content: Any) -> str:
    """A cell in Chinese.

    >>> value(True), value(None), value("joint_branch"), value(3)
    ('是', '未知', '联合党支部', '3')
    """
    if content is None:
        return "未知"
    if isinstance(content, bool):
        return "是" if content else "否"
    return VALUES.get(str(content), str(content))
