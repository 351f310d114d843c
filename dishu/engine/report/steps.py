"""What to do next, chosen from where the gaps are largest; one rule per indicator, in plain words."""

from __future__ import annotations

from .content import Content, Definition, Figure, count_of
from .words import count, day, listed

# What closes the gap of an indicator: (heading, for the failed, for the unknown). {n} is the count with its unit.
REMEDIES: dict[str, tuple[str, str, str]] = {
    "base_known": (
        "摸清剩余底数",
        "对尚未摸清的{n}，以登记注册名单为依据，逐户上门走访，查漏补缺",
        "对情况不明的{n}，先电话询问，问不清的上门走访，结果逐条登记",
    ),
    "identity_shown": (
        "做好亮身份工作",
        "对尚未亮明身份的{n}，由所在党组织逐人谈心，了解顾虑，由本人决定，不以代填代报充数",
        "对未表态的{n}，逐人问明本人意愿并登记日期",
    ),
    "affiliation_held": (
        "理顺组织关系",
        "对组织关系没有着落或者相互矛盾的{n}，与原籍、社区和用人单位的党组织逐人核对，能转接的及时转接",
        "对组织关系不明的{n}，请本人提供所在党组织，再向该党组织核实",
    ),
    "single_formed": (
        "抓紧单独组建",
        "对具备条件而未单独组建的{n}，由上级党组织逐户派人指导，尽快完成组建",
        "对是否具备条件尚不清楚的{n}，先核准正式党员人数和组织关系",
    ),
    "joint_formed": (
        "推进联合组建和依托组建",
        "对有党员但不具备单独组建条件、尚未覆盖的{n}，按照地域相邻、行业相近、规模适当、便于管理的原则就近组建",
        "对覆盖情况不明的{n}，逐户核对所在联合党支部的批复和名单",
    ),
    "work_covered": (
        "扩大党的工作覆盖",
        "对党的工作尚未覆盖的{n}，派出党建工作指导员，先把活动开展起来，创造组建条件",
        "对工作开展情况不明的{n}，核对指导员派驻和活动记录",
    ),
    "plan_progress": (
        "完成组建计划",
        "对计划内尚未组建的{n}，逐户查明原因，明确责任人和完成日期",
        "对计划内情况不明的{n}，逐户核实是否仍在经营、是否已经组建",
    ),
    "newcomers_formed": (
        "跟上新增单位",
        "对新增而未建立党组织的{n}，条件具备的即时组建，条件暂不具备的积极创造条件，做到增加一个、组建一个",
        "对新增而情况不明的{n}，列入下一轮走访",
    ),
    "affiliation_clear": (
        "理清组织关系与活动归属",
        "对组织关系不唯一或者没有登记参加哪个党组织活动的{n}，以接转凭证为准逐人核对，补登参加活动的党组织",
        "对没有组织关系记载的{n}，补齐所在党组织和转入日期",
    ),
}
MOST = 6


def next_steps(content: Content) -> list[tuple[str, str]]:
    """(heading, text) of the steps: the largest relative gaps first, then branches at risk and the data themselves."""
    open_gaps = [(d, f) for d, f in content.counted(content.definitions) if d.code in REMEDIES and d.goal and f.gap]
    open_gaps.sort(key=lambda pair: -pair[1].gap / max(pair[1].total, 1))
    steps = [_close_gap(content, d, f) for d, f in open_gaps[:MOST]]
    extra = (_at_risk(content), _refused(content), _verify(content))
    steps += [step for step in extra if step]
    return steps or [
        ("保持动态管理", "各项指标按已有记录没有缺口。新设、变更、注销和党员流动情况按月更新，并安排抽查核实。")
    ]


def _close_gap(content: Content, definition: Definition, figure: Figure) -> tuple[str, str]:
    heading, failed, unknown = REMEDIES[definition.code]
    unit = definition.unit_of_count
    parts = [failed.format(n=count(figure.failed, unit))] if figure.failed else []
    parts += [unknown.format(n=count(figure.unknown, unit))] if figure.unknown else []
    return heading, "；".join(parts) + "。" + _where(content, definition) + _when(content, definition)


def _where(content: Content, definition: Definition) -> str:
    """The places that hold at least half of the gap together, when they are fewer than all."""
    gaps = sorted(
        ((f.gap, p.name) for p in content.children if (f := content.at(definition.code, p)) and f.gap), reverse=True
    )
    half, names, reached = sum(g for g, _ in gaps) / 2, list[str](), 0
    for gap, name in gaps:
        if reached >= half:
            break
        names.append(name)
        reached += gap
    few = 0 < len(names) < len(content.children) and len(names) <= 5
    return f"重点在{listed(names)}。" if few else ""


def _when(content: Content, definition: Definition) -> str:
    if definition.deadline is None:
        return ""
    when = day(definition.deadline)
    if definition.deadline >= content.day:
        return f"于{when}前完成。"
    return f"原定{when}的期限已过，由责任单位说明原因，重新确定期限。"


def _at_risk(content: Content) -> tuple[str, str] | None:
    definition, figure = content.definition("branches_at_risk"), content.at("branches_at_risk")
    if definition is None or figure is None or not figure.held:
        return None
    n = count(figure.held, definition.unit_of_count)
    return (
        "巩固薄弱支部",
        f"对{definition.name}（{n}），提前做好党员接续、发展和联合组建的准备，防止党员流出后停止活动。",
    )


def _refused(content: Content) -> tuple[str, str] | None:
    refused = count_of(content.sources, "refused")
    if not refused:
        return None
    return "补正退回记录", f"对退回的{refused}行记录，由报送单位按注明的原因改正后重新报送。"


def _verify(content: Content) -> tuple[str, str] | None:
    base, checked = content.at("base_known"), content.at("verified")
    if base is None or (checked.complete if checked else base.verified_share == 1.0):
        return None
    return "加强核实", "对尚未核实的上报数据安排电话询问和上门抽查，核实日期和方式逐条登记，不以上报代替核实。"
