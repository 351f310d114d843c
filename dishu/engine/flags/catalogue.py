"""Every flag there is, declared once: what it looks at, from which threshold and number on, and what to be careful about.

The defaults are those of the literature named in each function and of docs/explanation/does-it-look-made-up.md; they
are no law and can be set for a drive.
"""

from __future__ import annotations

from typing import Final

from dishu.engine.flags import copied, deadline, digits, likeness, peers, register, speed, travel
from dishu.engine.flags.model import Flag

ALL: Final = (
    Flag(
        "near_duplicates", "答案雷同", "每条记录与其他记录相同答案的最高比例（少见的答案分量重），逐人平均，与随机分组相比",
        5, "至少的题数；比例本身不设线", 10, "同一市场、同一行业的单位本来就像", likeness.near_duplicates,
    ),
    Flag(
        "too_regular", "答案过于整齐", "答案是不是总落在最常见的选项上，没有漏答、没有拒答，与随机分组相比",
        5, "至少的题数", 10, "情况单纯的片区答案本来就整齐", likeness.too_regular,
    ),
    Flag(
        "too_fast", "走访用时偏短", "用时不到同类记录中位数四成的记录所占的份额，与其他采集员相比",
        0.4, "占同类记录中位数的份额", 30, "先填纸表、后批量录入是允许的，按录入方式分开比较", speed.too_fast,
        ("started_at", "ended_at"),
    ),
    Flag(
        "below_floor", "用时短于读题", "每道已答的题平均不到几秒",
        3.0, "每题秒数", 3, "事先填好、现场只核对的题会很快", speed.below_floor, ("started_at", "ended_at"),
    ),
    Flag(
        "impossible_travel", "两处相距太远", "同一采集员相邻两次现场走访之间换算的时速",
        120.0, "公里/小时，定位误差放宽100米", 1, "几个人合用一台平板会这样", travel.impossible,
        ("started_at", "longitude", "latitude"),
    ),
    Flag(
        "copied_text", "文字相同", "不同单位的文字说明一字不差",
        2, "不同单位数", 2, "规定的用语不算；三名以上采集员都用的句子已除外", copied.texts,
    ),
    Flag(
        "copied_photo", "照片相同", "不同单位用了同一张照片", 2, "不同单位数", 2, "同一栋楼可能只拍了一次门头", copied.photos,
    ),
    Flag(
        "copied_phone", "电话相同", "几个单位留了同一个电话",
        3, "不同单位数", 3, "同一个老板、合用的办公电话、市场管理办公室代接", copied.phones,
    ),
    Flag(
        "digit_heaping", "末位数集中", "数字末位偏向0和5的程度，与其他采集员相比",
        1.5, "惠普尔指数（1为不偏，5为全是0和5）", 100, "党费等按规定计算的数字不适用", digits.heaping,
    ),
    Flag(
        "number_bunching", "数字重复偏多", "同一数值重复出现的次数，与打乱末几位后相比",
        20, "至少的不同数值", 200, "有规定档次的数字不适用", digits.bunching,
    ),
    Flag(
        "benford", "首位数分布", "首位数与本福特定律相比",
        3.0, "至少跨几个数量级", 500, "会漏掉真问题，也会点到老实的窄范围数据，所以默认不用", digits.benford, on=False,
    ),
    Flag(
        "deadline_burst", "截止前突击", "截止前24小时内的记录数，与平日和其他人同时段相比",
        24.0, "截止前的小时数", 10, "户数少的单位本来就会集中办理", deadline.burst, ("started_at",), ("deadline",),
    ),
    Flag(
        "outlying", "总量离群", "户数、漏答、各项数字的平均水平离其他采集员有多远",
        3.5, "修正z值", 10, "片区不同，总量会不同", peers.outlying,
    ),
    Flag(
        "zero_discoveries", "没有新发现", "按摸清率应当遇到的未登记人数与实际新发现的人数",
        3.0, "至少应有的新发现人数", 20, "登记做得好的片区新发现本来就少", register.zero_discoveries, ("a_new",),
    ),
    Flag(
        "register_order", "走访顺序同名册", "下一户恰好是名册里的下一户的份额，与其他采集员相比",
        0.1, "不足为奇的份额", 20, "名册按街道排时，沿街走访顺序自然相同", register.register_order,
        ("started_at", "r_order"),
    ),
    Flag(
        "register_echo", "与名册一字不差", "连名册里的错字也照样重复的记录所占的份额，与其他采集员相比",
        0.5, "不足为奇的份额", 20, "名册准确的片区自然相同", register.register_echo, ("r_",),
    ),
)  # fmt: skip
BY_CODE: Final = {flag.code: flag for flag in ALL}


def get(code: str) -> Flag:
    """The flag of that code; LookupError naming those there are.

    >>> get("benford").on
    False
    """
    if code not in BY_CODE:
        raise LookupError(f"没有疑点检查 {code}；现有：{'、'.join(BY_CODE)}")
    return BY_CODE[code]
