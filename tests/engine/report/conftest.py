"""A small city with two counties and a township as it might stand in a report."""

from dataclasses import replace
from datetime import date

import pyarrow as pa
import pytest

from dishu.engine.report.content import FIGURE_COLUMNS, Content, Definition, Formation, Missing, Rows

DAY = date(2011, 11, 30)
DEADLINE = date(2011, 12, 31)
SPEECH = "2011年全省非公党建工作推进会讲话“六个100%”"
PLACES = (
    ("4213", "随州市", "prefecture", None),
    ("421303", "曾都区", "county", "4213"),
    ("421381", "广水市", "county", "4213"),
    ("421303001", "西城街道", "township", "421303"),
)

ALL_UNITS, MEMBERS = "在册的企业、个体工商户和市场", "在非公有制单位工作的党员"

SIX = tuple(
    Definition(code, name, "六个100%", among, holds, SPEECH, 1.0, DEADLINE, ("完成期限：2011年底",), unit)
    for code, name, among, holds, unit in (
        ("base_known", "党组织和党员底数100%摸清", ALL_UNITS, "已逐户摸清有无党员、有几名党员", "户"),
        ("identity_shown", "党员身份100%亮明", MEMBERS, "本人已亮明身份（未表态的计入未知）", "名"),
        ("affiliation_held", "党员组织关系100%掌握", MEMBERS, "组织关系已掌握且唯一", "名"),
        ("single_formed", "具备单独组建条件的100%单建", "正式党员达到3名的单位", "已单独建立党组织", "户"),
        ("joint_formed", "有党员但不具备单独组建条件的100%组建", "正式党员不足3名的单位", "已由党组织覆盖", "户"),
        ("work_covered", "党的工作100%覆盖", ALL_UNITS, "有党组织、指导员或一年内有党的工作到达", "户"),
    )
)

A, B = "2007年讲话", "2011年讲话"
BUILT = "已建立党组织"
AT_RISK, PEOPLE, ASSETS = "党员只有3名左右的支部", "其中的党员", "资产总额（元）"
NEWCOMERS = "计划确定后新增的规模以上企业"
OTHERS = (
    Definition("members", "党员", "总量", MEMBERS, "全部计数", A, unit_of_count="名"),
    Definition("members_of_employees", "党员占从业人员", "占比", "从业人员", PEOPLE, A, unit_of_count="人"),
    Definition("assets", ASSETS, "总量", "单位", "按填报加总", "名册", unit_of_count="元", weight_label="资产总额"),
    Definition("plan_progress", "组建进度（计划口径）", "组建计划", "列入组建计划的单位", BUILT, A, 1.0),
    Definition("plan_progress_qualifying", "组建进度（当日应建口径）", "组建计划", "当日应建的单位", BUILT, A, 1.0),
    Definition("newcomers_formed", "新增规模以上企业组建", "组建计划", NEWCOMERS, BUILT, A, 1.0),
    Definition(
        "org_coverage_with_members", "有党员单位的组织覆盖率", "两个覆盖", "有党员的单位", "已由党组织覆盖", A, 1.0
    ),
    Definition("branches_at_risk", AT_RISK, "组建质量", "党支部", "刚够3名", A, unit_of_count="个", bad=True),
    Definition("verified", "单位信息经过核实", "底数核验", "在册单位", "经电话、上门或确认核实", B, 1.0),
)

TABLE27_COLUMNS = [
    "总数",
    "从业人员50人以上",
    "从业人员100人以上",
    "法定代表人是党员",
    "兼任党组织书记",
    "私有经济控制",
    "私营独资",
    "港澳台商投资",
    "外商投资",
    "港澳台商经济控制",
    "港澳台商独资",
    "外商经济控制",
    "外商独资",
    "控股情况未填",
]

# code -> (total, held, failed, unknown, verified) for 4213, 421303, 421381, 421303001
COUNTS = {
    "base_known": ((1300, 1271, 20, 9, 0.6123), (800, 790, 6, 4, 0.7), (500, 481, 14, 5, 0.5), (300, 300, 0, 0, 0.8)),
    "identity_shown": (
        (4056, 2853, 700, 503, 0.4),
        (2400, 1650, 450, 300, 0.4),
        (1656, 1203, 250, 203, 0.4),
        (900, 600, 200, 100, 0.4),
    ),
    "affiliation_held": (
        (4056, 4055, 0, 1, 0.9),
        (2400, 2400, 0, 0, 0.9),
        (1656, 1655, 0, 1, 0.9),
        (90, 90, 0, 0, 0.9),
    ),
    "single_formed": ((132, 123, 9, 0, 0.9), (80, 75, 5, 0, 0.9), (52, 48, 4, 0, 0.9), (20, 20, 0, 0, 1.0)),
    "joint_formed": ((380, 240, 140, 0, 0.6), (230, 160, 70, 0, 0.6), (150, 80, 70, 0, 0.6), (0, 0, 0, 0, None)),
    "work_covered": ((1300, 1300, 0, 0, 0.6), (800, 800, 0, 0, 0.6), (500, 500, 0, 0, 0.6), (300, 300, 0, 0, 0.6)),
    "members": ((4056, 4056, 0, 0, 0.5),),
    "members_of_employees": ((64492, 4056, 60436, 0, None),),
    "assets": ((5_872_000_000, 5_872_000_000, 0, 0, None),),
    "plan_progress": ((62, 61, 1, 0, 0.9),),
    "plan_progress_qualifying": ((71, 61, 10, 0, 0.9),),
    "newcomers_formed": ((9, 0, 9, 0, 0.9), (6, 0, 6, 0, 0.9)),
    "org_coverage_with_members": ((512, 363, 149, 0, 0.7), (310, 235, 75, 0, 0.7), (202, 128, 74, 0, 0.7)),
    "branches_at_risk": ((61, 24, 37, 0, 0.9),),
    "verified": ((1300, 796, 504, 0, 0.6123),),
}


def figures(counts=COUNTS):
    """The figures table of the design from counts per indicator and place."""
    rows = [
        (code, *_place(place), total, held, failed, unknown, round(held / total, 4) if total else None, verified)
        for code, by_place in counts.items()
        for place, (total, held, failed, unknown, verified) in zip(PLACES, by_place, strict=False)
    ]
    rows.sort(key=lambda row: [p[0] for p in PLACES].index(row[1]))
    types = [pa.string()] * 5 + [pa.int64()] * 4 + [pa.float64()] * 2
    columns = [pa.array([row[i] for row in rows], kind) for i, kind in enumerate(types)]
    return pa.table(dict(zip(FIGURE_COLUMNS, columns, strict=True)))


def _place(place):
    code, name, level, parent = place
    return code, name, level, parent


def table27():
    """A small table 27 with the columns of the form."""
    names = [
        "单位数",
        "党建工作指导员联系的",
        "已单独建立党委的",
        "已单独建立总支部的",
        "已单独建立支部的",
        "已建立联合党支部的",
    ]
    columns = {title: [1300 - 100 * n for n in range(6)] for title in TABLE27_COLUMNS}
    return pa.table({"row_no": list(range(1, 7)), "row_name": names, **columns})


def gap_rows(count=30):
    """Rows behind the gap of the base, masked."""
    return pa.table(
        {
            "情况": ["未达到"] * (count - 9) + ["情况不明"] * 9,
            "单位名称": [f"随州市曾都区第{n}副食品批发零售商行" for n in range(count - 1)] + ["=cmd|'/c calc'!A1"],
            "所在地": ["曾都区西城街道"] * count,
            "负责人": ["张*"] * count,
            "电话": ["138****1234"] * count,
            "从业人员": pa.array([n % 12 for n in range(count)], pa.int64()),
            "摸底日期": pa.array([DAY] * count, pa.date32()),
        }
    )


@pytest.fixture
def content():
    """A full report: every part has something to say."""
    months = [date(2011, 9, 30), date(2011, 10, 31), DAY]
    return Content(
        title="关于全市非公有制企业和个体工商户党建工作底数情况的报告",
        place_name="随州市",
        day=DAY,
        edition="3f9a2c7",
        figures=figures(),
        definitions=SIX + OTHERS,
        rows={"base_known": Rows(gap_rows(), 3000, "缺口-底数摸清.csv"), "identity_shown": Rows(gap_rows(12), 12)},
        table27=table27(),
        checks=("总数：第1行应等于第3、4、5、6、9、10、11行之和",),
        trend=pa.table(
            {
                "indicator": ["base_known"] * 3 + ["identity_shown"] * 3,
                "day": months * 2,
                "share": [0.71, 0.9, 0.9777, 0.4, 0.61, 0.7034],
            }
        ),
        problems=pa.table(
            {
                "file": ["曾都区党员.xlsx", "曾都区党员.xlsx", "企业名册.csv"],
                "code": ["citizen_id_check", "date_future", "name_missing"],
                "text": ["身份证号校验码不符", "日期晚于截止日", "缺少单位名称"],
                "refused": [12, 0, 3],
                "warned": [0, 7, 0],
            }
        ),
        sources=pa.table(
            {
                "file": ["曾都区党员.xlsx", "企业名册.csv"],
                "sheet": ["Sheet1", None],
                "layout": ["党员花名册", "企业登记名册"],
                "rows": [2412, 1303],
                "good": [2400, 1300],
                "refused": [12, 3],
            }
        ),
        notes=("广水市个体工商户名册为10月底数据。",),
    )


SMALL = {
    "base_known": ((900, 880, 12, 8, 0.5), (500, 495, 3, 2, 0.5), (400, 385, 9, 6, 0.5)),
    "identity_shown": ((700, 700, 0, 0, 0.25), (400, 400, 0, 0, 0.25), (300, 300, 0, 0, 0.25)),
    "single_formed": ((0, 0, 0, 0, None),),
}


@pytest.fixture
def small(content):
    """The same report where individual businesses and markets stand beside enterprises."""
    part = replace(content, place_name="随州市个体工商户和市场", figures=figures(SMALL))
    return replace(content, small=part)


COUNTED = ("未建单位", "单独组建", "联合支部", "联合覆盖", "依托组建", "待研究", "无正式党员", "需指导员")


@pytest.fixture
def proposed(content):
    """The same report with a re-count and with a plan for three units of which one is alone."""
    rows = [
        (PLACES[0], (3, 1, 0, 0, 1, 1, 0, 2)),
        (PLACES[1], (2, 1, 0, 0, 1, 0, 0, 2)),
        (PLACES[3], (2, 1, 0, 0, 1, 0, 0, 2)),
    ]
    by_place = [
        dict(zip(("place", "name", "level", "parent"), p, strict=True)) | dict(zip(COUNTED, n, strict=True))
        for p, n in rows
    ]
    units = pa.table({"办法": ["单独组建", "依托组建", "待研究"], "名称": ["甲厂", "=乙店", "丙店"], "在岗正式党员": [3, 1, 2],
                      "理由": ["正式党员3名"] * 3})  # fmt: skip
    plan = Formation(
        (("对象", "有党员而没有党组织覆盖的单位共3户。"), ("拟建", "依托现有党组织1个，接收1户。")),
        pa.Table.from_pylist(by_place), Rows(units, 5, "plan/units.csv"), "没有党组织的有党员单位3户",
    )  # fmt: skip
    table = pa.table({"item": ["还差（95% 区间）"], "value": ["82 人"], "lower": ["54 人"], "upper": ["135 人"]})
    return replace(content, formation=plan, missing=Missing(("还差约 82 人。",), table, "Chapman 估计"))


@pytest.fixture
def nothing():
    """A report before anything was counted."""
    empty = figures({})
    return Content("关于底数情况的报告", "随州市", DAY, "0000000", empty, SIX)
