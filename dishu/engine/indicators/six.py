"""The six 100 % of the speech of 2011, word by word, and the variant of the Zhejiang opinion."""

from __future__ import annotations

import ibis

from dishu.engine.facts import Column, Table
from dishu.engine.indicators.definition import Indicator

SPEECH = "2011年全省非公党建工作推进会讲话“六个100%”"
OPINION = "浙江省2011年《关于加强个体工商户和商品交易市场党建工作的意见》"
GROUP = "六个100%"
DEADLINE = ("six_100_deadline",)
MINIMUM = ("branch_min_full_members",)


def _surveyed(s: Table) -> Column:
    return s.surveyed == "known"


def _held(s: Table) -> Column:
    clear = s.affiliation.isin(("here", "territory", "origin"))
    return ibis.cases((clear, True), (s.affiliation == "unknown", None), else_=False)


def _worked(s: Table) -> Column:
    reached = s.covered | s.in_functional | s.instructed | s.reached
    return ibis.cases((reached, True), (s.surveyed.isnull(), None), else_=False)


def every(s: Table) -> Column:
    """All that are open on the day."""
    return s.verified.notnull()


SIX = (
    Indicator(
        "base_known", "党组织和党员底数100%摸清", "unit", GROUP, SPEECH,
        "在册的企业、个体工商户和市场", "已逐户摸清有无党员、有几名党员", every, _surveyed, goal=1.0, rules=DEADLINE,
    ),
    Indicator(
        "identity_shown", "党员身份100%亮明", "member", GROUP, SPEECH,
        "在非公有制单位工作的党员", "本人已亮明身份（未表态的计入未知）", every, lambda s: s.shown, goal=1.0,
        rules=DEADLINE,
    ),
    Indicator(
        "affiliation_held", "党员组织关系100%掌握", "member", GROUP, SPEECH,
        "在非公有制单位工作的党员", "组织关系在哪一个党组织已掌握且唯一", every, _held, goal=1.0, rules=DEADLINE,
    ),
    Indicator(
        "single_formed", "具备单独组建条件的100%单建", "unit", GROUP, SPEECH,
        "组织关系在本单位的正式党员达到3名的单位", "已单独建立党组织",
        lambda s: s.qualified, lambda s: s.own != "none", goal=1.0, rules=DEADLINE + MINIMUM,
    ),
    Indicator(
        "joint_formed", "有党员但不具备单独组建条件的100%组建", "unit", GROUP, SPEECH,
        "有党员、但组织关系在本单位的正式党员不足3名的单位", "已由联合、依托或单独组建的党组织覆盖",
        lambda s: s.with_members & ~s.qualified, lambda s: s.covered, goal=1.0, rules=DEADLINE + MINIMUM,
    ),
    Indicator(
        "work_covered", "党的工作100%覆盖", "unit", GROUP, SPEECH,
        "在册的企业、个体工商户和市场", "有党组织、功能型党组织、指导员，或一年内有党的工作到达",
        every, _worked, goal=1.0, rules=(*DEADLINE, "work_valid_months"),
    ),
)  # fmt: skip

VARIANTS = (
    Indicator(
        "single_condition_known", "单独组建条件100%掌握（浙江意见第四项）", "unit", GROUP, OPINION,
        "有党员的单位", "底数已摸清且每名党员的组织关系均已掌握",
        lambda s: s.with_members, lambda s: s.condition_known & s.all_clear, goal=1.0, rules=MINIMUM,
    ),
    Indicator(
        "single_formed_present", "具备单独组建条件的100%单建（按在岗党员）", "unit", GROUP, SPEECH,
        "在岗正式党员达到3名的单位（不论组织关系在何处）", "已单独建立党组织",
        lambda s: s.qualified_present, lambda s: s.own != "none", goal=1.0, rules=MINIMUM,
    ),
)  # fmt: skip
