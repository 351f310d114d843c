"""What the fact tables and their columns mean, in words for the reference page."""

from __future__ import annotations

ABOUT = """每张表的一行是一件事实，自 `since` 起（含）到 `until` 止（不含），`until` 空着表示至今。
表里只有编号，没有姓名、单位名称、证件号码和电话。编号由名册内容经密钥算出，离开密钥不能倒推。
"""

CAPTIONS = {
    "place": "地区：省、市、县、乡镇、村和市场，以及它们何时存在、撤并到哪里。",
    "unit": "单位：企业、个体工商户、市场；经营规模、摸底和核实情况。信息变了就另起一行。",
    "member": "党员：正式或预备，何时何法核实。",
    "employment": "从业：哪名党员在哪个单位，是业主还是从业人员。",
    "affiliation": "组织关系：某份名册说某党员的组织关系在某党组织。同一天两个不同的说法就是矛盾。",
    "participation": "活动归属：党员参加哪个党组织的活动，可以和组织关系不在一处。",
    "identity": "亮身份：本人亮明或不愿亮明；没有这一行表示未表态。",
    "org": "党组织：类别、隶属系统、上级。",
    "coverage": "覆盖：哪个党组织以什么方式覆盖哪个单位。",
    "instructor": "党建指导员派驻在哪个单位。",
    "plan": "组建计划：自确定之日起不再变动的单位名单和期限。",
    "work": "党的工作到达单位的一次活动、走访或培训；按规则在一段时间内有效。",
}

COLUMNS = {
    "place": "地区代码（不补零；市场为所在地代码加 M 和两位数）",
    "name": "地区名称",
    "level": "级别：province、prefecture、county、township、village、market",
    "kind": "类别（见代码表 kinds）",
    "parent": "上级地区",
    "successor": "撤并后归入的地区",
    "since": "开始日期（含）",
    "until": "结束日期（不含），空为至今",
    "unit": "单位编号",
    "control": "控股类型",
    "industry": "行业门类和大类，如 C13",
    "employees": "从业人员（人）",
    "assets": "资产总额（元）",
    "turnover": "年营业收入（元）",
    "legal_rep_member": "法定代表人是党员",
    "legal_rep_secretary": "法定代表人兼任党组织书记",
    "surveyed": "摸底：known 已摸清、unclear 不清，空为未摸底",
    "verified_on": "最近一次核实的日期",
    "channel": "核实方式：reported 上报、phoned 电话、visited 上门、confirmed 确认",
    "member": "党员编号",
    "standing": "full 正式、probationary 预备",
    "role": "owner 业主、employee 从业人员",
    "org": "党组织编号",
    "source": "哪份名册这样说",
    "shown": "是否亮明",
    "system": "隶属系统：enterprise 企业、association 协会、market 市场、territory 属地、origin 原籍",
    "superior": "上级党组织编号",
    "mode": "方式：single 单独、joint 联合、attached 依托、functional 功能型",
    "instructor": "指导员编号",
    "plan": "计划名称",
    "deadline": "完成期限",
}
