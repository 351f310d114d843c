"""The short lists forms and tables choose from: one place for their codes, Chinese labels and other spellings.

    label("unit_kind", "enterprise")    ->  "企业"
    parse("org_kind", "党总支部")         ->  "general_branch"

Kinds of control follow the columns of the annual Party statistics on non-public enterprises (非公有经济控制).
"""

import unicodedata
from functools import cache

# list -> code -> labels: the first is shown, the others are understood too
_SPELLINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "level": {
        "province": ("省（自治区、直辖市）", "省", "省级"),
        "prefecture": ("市（地、州、盟）", "地市", "地级"),
        "county": ("县（市、区）", "区县", "县级"),
        "township": ("乡镇（街道）", "乡镇", "街道", "乡级"),
        "village": ("村（社区）", "村", "社区", "村级"),
        "market": ("市场",),
    },
    "unit_kind": {
        "enterprise": ("企业", "非公企业", "非公有制企业", "私营企业", "民营企业"),
        "individual_business": ("个体工商户", "个体户", "个体"),
        "market": ("市场", "专业市场", "商品交易市场"),
    },
    "control": {
        "private": ("私有经济控制", "私有控股", "私人控股", "私营", "私营企业", "民营"),
        "private_sole": ("私营独资", "私营独资企业", "个人独资"),
        "hmt_invested": ("港澳台商投资", "有港澳台商投资"),
        "foreign_invested": ("外商投资", "有外商投资"),
        "hmt": ("港澳台商经济控制", "港澳台商控股", "港澳台控股", "港澳台商"),
        "hmt_sole": ("港澳台商独资", "港澳台独资"),
        "foreign": ("外商经济控制", "外商控股", "外资控股", "外商"),
        "foreign_sole": ("外商独资", "外资独资", "外资企业"),
        # not non-public: recognised so that such enterprises can be left out
        "state": ("国有控股", "国有", "国有企业", "国有独资", "国有经济控制", "全民所有制"),
        "collective": ("集体控股", "集体", "集体企业", "集体所有制", "集体经济控制"),
    },
    "org_kind": {
        "committee": ("党委", "基层党委", "党的基层委员会", "党委会"),
        "general_branch": ("党总支", "党总支部", "总支部", "总支", "党总支部委员会"),
        "branch": ("党支部", "支部", "单独党支部", "独立党支部", "党支部委员会"),
        "joint_branch": ("联合党支部", "联合支部"),
        "temporary_branch": ("临时党支部", "临时支部"),
        "functional_branch": ("功能型党支部", "功能型支部", "功能党支部"),
        "mobile_branch": ("流动党员党支部", "流动党支部", "流动党员支部"),
    },
    "org_system": {
        "enterprise": ("企业", "企业党组织"),
        "association": ("协会", "个私协会", "民个协会", "个体私营协会"),
        "market": ("市场", "市场党组织", "专业市场"),
        "territory": ("属地", "乡镇街道", "村社区", "社区", "村"),
        "origin": ("原籍", "原单位", "户籍地", "流出地"),
    },
    # who could take in a small unit (依托、挂靠)
    "host_kind": {
        "village": ("村、社区", "村", "社区", "村党组织", "社区党组织", "村党支部", "社区党支部", "行政村", "居委会"),
        "enterprise": ("企业", "企业党组织", "企业党支部", "非公企业"),
        "association": ("协会", "商会", "行业协会", "行业商会", "个私协会", "协会党组织", "协会党支部"),
        "market": ("市场", "专业市场", "市场党组织", "市场党支部", "商务楼宇", "园区"),
    },
    "coverage_mode": {
        "single": ("单独组建", "单建", "单独"),
        "joint": ("联合组建", "联建", "联合"),
        "attached": ("依托组建", "挂靠组建", "挂靠", "依托"),
        "functional": ("功能覆盖", "功能型覆盖", "功能型"),
    },
    "standing": {
        "full": ("正式党员", "正式", "中共党员", "党员"),
        "probationary": ("预备党员", "预备", "中共预备党员"),
    },
    "role": {
        "owner": ("业主", "经营者", "出资人", "法定代表人", "老板"),
        "employee": ("从业人员", "员工", "职工", "雇员"),
    },
    "channel": {
        "reported": ("上报", "填报", "报送"),
        "phoned": ("电话", "电话核实", "致电"),
        "visited": ("上门", "走访", "上门核实", "实地"),
        "confirmed": ("确认", "本人确认", "签字确认"),
    },
    "surveyed": {
        "known": ("已摸清", "摸清", "清楚"),
        "unclear": ("不清", "情况不清", "不清楚", "摸不清"),
    },
    "sex": {
        "male": ("男", "男性", "1"),
        "female": ("女", "女性", "2"),
    },
    "work_kind": {
        "activity": ("活动", "组织活动", "党组织活动"),
        "visit": ("走访", "联系", "走访联系"),
        "training": ("培训", "党员培训"),
    },
}

KINDS: dict[str, dict[str, str]] = {
    name: {code: labels[0] for code, labels in codes.items()} for name, codes in _SPELLINGS.items()
}


def label(kind: str, code: str) -> str:
    """The Chinese label of a code; KeyError for a list or code that is not there.

    >>> label("unit_kind", "enterprise"), label("channel", "visited")
    ('企业', '上门')
    """
    return KINDS[kind][code]


def parse(kind: str, text: str) -> str | None:
    """The code meant by a label, one of its other spellings or the code itself; None if it is none of them.

    Blanks and full-width letters do not matter. KeyError for a list that is not there.

    >>> parse("org_kind", "党总支部"), parse("standing", "预备 党员"), parse("org_kind", "党小组")
    ('general_branch', 'probationary', None)
    """
    return _by_spelling(kind).get(_tidy(text))


def spellings(kind: str, code: str) -> tuple[str, ...]:
    """All spellings understood for a code, the shown label first.

    >>> spellings("coverage_mode", "joint")
    ('联合组建', '联建', '联合')
    """
    return _SPELLINGS[kind][code]


@cache
def _by_spelling(kind: str) -> dict[str, str]:
    codes = _SPELLINGS[kind]
    return {_tidy(text): code for code, labels in codes.items() for text in (code, *labels)}


def _tidy(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()
