"""Draw made-up names as common as real ones: 王伟 often, 欧阳雪莹 hardly ever.

Shares of the surnames follow the yearly report of the Ministry of Public Security (2020, the hundred commonest hold
about 85 % of all people); given names by sex and by the years people were born in, a quarter of them one character.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

SURNAMES = """
    王7.25 李7.19 张6.83 刘5.38 陈4.53 杨3.08 黄2.23 赵2.29 吴2.05 周1.98 徐1.66 孙1.54 马1.29 朱1.28
    胡1.31 郭1.18 何1.19 林1.16 罗1.06 高1.02 郑0.97 梁0.92 谢0.87 宋0.84 唐0.82 许0.77 邓0.76 韩0.75
    冯0.75 曹0.69 彭0.68 曾0.66 肖0.68 田0.60 董0.59 潘0.53 袁0.58 蔡0.56 蒋0.55 余0.55 于0.57 杜0.54
    叶0.52 程0.53 魏0.48 苏0.49 吕0.47 丁0.46 任0.45 卢0.45 姚0.43 沈0.42 钟0.42 姜0.41 崔0.40 谭0.40
    陆0.37 范0.36 汪0.36 廖0.36 石0.35 金0.33 韦0.31 贾0.31 夏0.30 付0.30 方0.29 邹0.29 熊0.28 白0.28
    孟0.27 秦0.26 邱0.26 侯0.24 江0.24 尹0.23 薛0.23 闫0.22 段0.22 雷0.21 龙0.20 黎0.20 史0.20 陶0.19
    贺0.19 毛0.19 郝0.18 顾0.18 龚0.18 邵0.17 万0.17 覃0.16 武0.16 钱0.16 戴0.15 严0.15 莫0.14 孔0.14
    向0.14 常0.14 汤0.13 傅0.12 萧0.03 丘0.03 阎0.05 代0.14 欧阳0.08 上官0.01 司马0.01 诸葛0.01
    夏侯0.005 尉迟0.003 章0.12 鲁0.12 葛0.12 倪0.10 翟0.10 单0.06 柳0.10 宁0.08 童0.08 关0.08 祝0.08
    左0.08 殷0.08 纪0.08 柯0.08 阮0.08 屈0.06 占0.05 聂0.09 焦0.08 查0.03 仇0.02 解0.04 闵0.03 甘0.08
    裴0.05 洪0.12 涂0.06 庞0.08 喻0.05 樊0.07 温0.08 卫0.05 管0.05 辛0.05 耿0.06 包0.06 费0.03 瞿0.03
    鲍0.04 牛0.07 游0.05 冉0.04 岳0.05 齐0.06 尤0.04 成0.04 路0.04 盛0.05 桂0.03 凌0.04 霍0.04 骆0.04
    申0.06 毕0.04 胥0.01 佘0.02 晏0.02 官0.01 井0.01 竺0.01 麦0.03 危0.01
"""
# Given names of two characters heard everywhere, commonest first: one tuple per sex and span of birth years.
WHOLE = {
    ("男", 0): """
        建国 国强 志明 建华 建军 国庆 永强 文明 德明 大明 国华 建平 新华 志强 建民 光明 卫国 红军 振华 世明
        金山 长江 保国 玉明
    """,
    ("男", 1): """
        志强 建军 建平 建华 永强 国庆 志刚 卫东 海军 志勇 爱民 红卫 卫国 小明 文军 新民 建新 国平 学军 立新
        海涛 晓东 文斌 春生
    """,
    ("男", 2): """
        志强 海涛 建波 晓东 志刚 小军 永刚 文涛 海波 俊杰 志伟 晓明 海龙 国栋 文杰 小龙 建明 志鹏 红涛 小波
        明辉 晓峰 振宇 大伟
    """,
    ("男", 3): """
        俊杰 志强 浩然 文杰 家豪 子豪 鹏飞 宇航 志伟 天宇 俊峰 文博 明轩 嘉伟 志豪 少华 子轩 泽宇 振宇 博文
        一鸣 浩宇 梓轩 俊辉
    """,
    ("女", 0): """
        秀英 桂英 秀兰 玉兰 桂兰 秀珍 凤英 玉珍 桂芳 淑珍 玉英 素珍 兰英 淑英 秀芳 桂珍 凤兰 金凤 玉梅 春梅
        秀梅 翠英 月英 菊香
    """,
    ("女", 1): """
        桂芳 春梅 秀梅 建华 丽华 玉梅 红梅 秀芳 桂兰 小红 爱华 淑芳 玉芳 小英 丽萍 春兰 素芳 秀丽 红英 爱萍
        冬梅 金花 凤霞 腊梅
    """,
    ("女", 2): """
        丽娟 海燕 小燕 红梅 丽萍 晓燕 春燕 丽丽 小丽 红霞 雪梅 艳红 海霞 玲玲 晓玲 春花 丽华 艳丽 婷婷 小芳
        金凤 晓红 彩霞 玉婷
    """,
    ("女", 3): """
        婷婷 雨婷 欣怡 梦婷 思雨 佳怡 静怡 雪莹 诗涵 晓雪 梦瑶 雅婷 子涵 佳琪 美玲 嘉欣 紫涵 雨欣 文静 梓涵
        思琪 丹丹 倩倩 莹莹
    """,
}
SINGLE = {
    "男": (
        "伟强军磊勇涛超刚杰平辉鹏波斌明飞健俊峰浩亮宇龙林鑫毅凯华东海阳松云彬民宏成博洋兵帅旭威坤雷"
        "坚震锋翔武康胜永青山江川文忠诚进祥春新建荣贵富才根清生国庆义仁良德利权顺安宁冬晖炜昊晨睿哲"
        "岩岗琦瑞铭钢锐楠桥柏森滨淼煜炎烽"
    ),
    "女": (
        "芳静丽敏艳娟霞燕玲红英梅萍丹莉婷洁颖慧玉兰莹雪琴琳倩云娜佳瑶蕾晶妍欣菊香珍秀凤荣花彩琼薇岚"
        "蓉媛怡璐冰瑞巧华平芬莲桂翠春月娥素青群清辉利洋杰苗爽囡茜菲萌露悦雯靖璇甜斐畅宁楠思念"
    ),
}
FIRST = {
    "男": (
        "建国志文德明海永大小金光世长新振卫红保春玉家立学晓俊天少宏宗正子仁义先庆兴成胜祖绍邦克维继"
        "良开启昌道运传述远朝元太安孝本守定方万伯仲其汉云凤培景锦"
    ),
    "女": (
        "秀桂玉凤淑素春红丽小爱金月翠冬晓海艳雪美雅雨梦诗思佳欣静文彩巧惠慧兰芳英秋香水云清宝元荣庆"
        "贵志建新国永明先世光家学正德传克维银莲细腊友大"
    ),
}
LAST = {
    "男": (
        "国强明华军平伟刚勇辉东波涛斌林生山民新杰峰龙洋海云成文武才贵福根清祥荣富忠发安兵春松德胜志"
        "学星宝顺喜庆元年良金全义礼智信堂泉江河田柱亮光旺财彬"
    ),
    "女": (
        "英兰珍芳梅华霞红萍燕玲娟丽敏花香琴云莲娥秀凤菊蓉琼芝容珠翠仙枝妹莉清平荣慧婷静芬姣雪涵怡娣"
        "姑春秋月林群青先玉连桃秧喜梓瑶琪琳"
    ),
}


@dataclass(frozen=True)
class Names:
    """Drawn names as arrays of text: full name, surname, given name."""

    full: npt.NDArray[np.object_]
    surname: npt.NDArray[np.object_]
    given: npt.NDArray[np.object_]


@lru_cache(maxsize=1)
def surnames() -> tuple[npt.NDArray[np.object_], npt.NDArray[np.float64]]:
    """Surnames and their shares, adding up to 1."""
    cells = SURNAMES.split()
    digits = [next(i for i, char in enumerate(cell) if char.isdigit()) for cell in cells]
    shares = np.array([float(cell[at:]) for cell, at in zip(cells, digits, strict=True)])
    return np.array([cell[:at] for cell, at in zip(cells, digits, strict=True)], dtype=object), shares / shares.sum()


def _falling(values: str | list[str], mass: float, power: float) -> dict[str, float]:
    weights = 1.0 / np.arange(2, len(values) + 2) ** power
    return dict(zip(values, mass * weights / weights.sum(), strict=True))


@lru_cache(maxsize=8)
def given_names(sex: str, span: int) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.float64]]:
    """Given names and their shares for one sex ("男", "女") and one span of birth years (0 to 3, oldest first)."""
    shares = _falling(SINGLE[sex], 0.25, 0.25)
    for name, share in _falling(WHOLE[sex, span].split(), 0.09, 0.3).items():
        shares[name] = shares.get(name, 0) + share
    first, last = _falling(FIRST[sex], 1, 0.3), _falling(LAST[sex], 1, 0.3)
    for one, p in first.items():
        for two, q in last.items():
            shares[one + two] = shares.get(one + two, 0) + 0.66 * p * q
    weights = np.array(list(shares.values()))
    return np.array(list(shares), dtype=object), weights / weights.sum()


def span_of(year: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The span of birth years a year lies in: before 1960, 1970, 1985, later."""
    return np.searchsorted(np.array([1960, 1970, 1985]), year, side="right")


def draw(rng: np.random.Generator, female: npt.NDArray[np.bool_], year: npt.NDArray[np.int64]) -> Names:
    """One name for each person, by sex and year of birth.

    >>> drawn = draw(np.random.default_rng(1), np.array([True, False]), np.array([1950, 1990]))
    >>> list(drawn.full) == [a + b for a, b in zip(drawn.surname, drawn.given)]
    True
    """
    values, shares = surnames()
    surname = values[rng.choice(len(values), size=len(female), p=shares)]
    given = np.empty(len(female), dtype=object)
    span = span_of(year)
    for sex in ("男", "女"):
        for number in range(4):
            here = np.flatnonzero((female == (sex == "女")) & (span == number))
            pool, weights = given_names(sex, number)
            given[here] = pool[rng.choice(len(pool), size=len(here), p=weights)]
    return Names(np.array([a + b for a, b in zip(surname, given, strict=True)], dtype=object), surname, given)
