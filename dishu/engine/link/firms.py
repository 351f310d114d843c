"""Take a unit's name apart: place, brand, trade, form, branch; so that 鑫源商贸 finds 随州市鑫源商贸有限公司."""

import re
import unicodedata
from typing import NamedTuple

from dishu.engine.link.names import simplified, words

_BRACKETS = re.compile(r"[()\[\]【】〔〕<>《》{}「」]")
_NOISE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad'`‘’\"“”,，、;；:：。.·•_\-—*#&+/\\|!?？！]+")
_PROVINCES = words("""
    北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东
    海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 中国
""")
# Written places end in their kind; these words only look like it.
_NOT_A_PLACE = words("""
    超市 都市 城市 夜市 门市 集市 菜市 小区 社区 景区 园区 片区 水乡 故乡 家乡 老乡 同乡 古镇 小镇 重镇
""")
_PLACE = re.compile(
    rf"(?:{'|'.join(_PROVINCES)})(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)?"
    r"|[\u4e00-\u9fff]{2,4}?(?:自治[州县]|地区|[市区县州镇乡]|街道)|[\u4e00-\u9fff]县"
)
_FORM = re.compile(
    r"(?:集团)?(?:股份)?有限(?:责任)?公司|股份公司|总公司|公司|集团|有限合伙|普通合伙|合伙企业|个人独资企业"
    r"|农民专业合作社|专业合作社|合作社|个体工商户"
    r"|工作室|服务部|经营部|门市部|营业部|商行|商店|商铺|总店|厂|店"
)
_LEGAL = re.compile(r"(?:集团)?(?:股份)?有限(?:责任)?公司|股份公司|总公司|公司|经营部|商行|合作社|厂")
_NUMBERED = r"第[一二三四五六七八九十\d]{1,2}"
_BRANCH = re.compile(
    rf"(?:{_NUMBERED}|[一二三四五六七八九十]|城[东南西北]|[东南西北]门)?"
    r"(?:分公司|分店|分厂|分部|分号|营业部|门市部|办事处|项目部|加盟店|连锁店|专卖店|旗舰店)$"
    rf"|(?:城[东南西北]|[东南西北]门|{_NUMBERED})店$"
)
_TRADES = re.compile(
    "|".join(
        words("""
        大药房 房地产 新能源 零部件 专用 五金 人力 仪器 传媒 便利 保安 保洁 信息 修理 光电 养殖 农业
        农机 农资 制品 制药 制衣 制造 副食 劳务 包装 化工 医疗 医药 印刷 印染 咨询 商务 商贸 园林 培训
        塑料 塑胶 实业 家具 家居 家政 家电 宾馆 小吃 工程 工艺 干洗 广告 建工 建材 建筑 建设 快递 手机
        投资 担保 摄影 教育 文具 文化 旅游 旅行 日化 早点 服装 服饰 木业 机械 机电 材料 果业 模具 水产
        水果 汽修 汽车 汽配 火锅 烟酒 烧烤 物业 物流 玩具 环保 玻璃 珠宝 理发 生物 电力 电器 电子 电气
        畜牧 百货 皮具 眼镜 石材 种植 科技 管理 箱包 米业 粮油 纺织 维修 网吧 网络 置业 美发 美容 能源
        花卉 茶业 药业 药房 蔬菜 装修 装潢 装饰 设备 诊所 贸易 超市 轮胎 软件 轴承 运输 通讯 配件 酒业
        酒店 酒楼 金属 针织 钟表 铸造 阀门 陶瓷 面业 面馆 食品 食府 餐饮 饭庄 饭店 香菇 茶 钢 铝 鞋
        """)
    )
)
# What people write who have no unit, or do not say which.
_NO_UNIT = re.compile(
    r"(?:已?(?:离|内)?退休?(?:人员|在家)?|个体(?:户|经营|工商户|业主)?|无(?:业|单位|固定职业)?|务农|农民|农业|自由职业者?"
    r"|自由|待业|失业|下岗|灵活就业(?:人员)?|(?:外出)?(?:务工|打工)(?:人员)?|(?:私营|民营|非公)?企业|私企|民企|在家|不详"
    r"|不明|未知|暂无|空|自谋职业|自主创业|创业|学生|家务|居民|村民|经商|做生意|流动党员|NULL|NONE|NAN|NA|0)?"
)


class UnitName(NamedTuple):
    """One unit name taken apart; `full` is brand, trade and form without place and branch, `core` also without form."""

    full: str | None
    core: str | None
    brand: str | None
    place: str | None
    branch: str | None


NO_UNIT = UnitName(None, None, None, None, None)


def unit_name(text: str | None) -> str | None:
    """A unit's written name in one style: half-width, simplified, no blanks, brackets or points.

    None for 无, 退休, 个体户 and the like.

    >>> unit_name("隨州市　鑫源商貿（湖北）有限責任公司"), unit_name("个体户")
    ('随州市鑫源商贸湖北有限公司', None)
    """
    name = simplified(unicodedata.normalize("NFKC", text or "")).upper()
    name = _NOISE.sub("", _BRACKETS.sub("", name)).replace("有限责任公司", "有限公司")
    return None if not name or _NO_UNIT.fullmatch(name) else name


def _leading_place(name: str) -> int:
    """How many characters at the start name a place."""
    end = 0
    while found := _PLACE.match(name, end):
        if found.group().endswith(_NOT_A_PLACE) or len(name) - found.end() < 2:
            break
        if _FORM.fullmatch(name, found.end()):
            break
        end = found.end()
    return end


def _bracketed_place(text: str) -> tuple[str, str | None]:
    """A place in brackets within the name, as 鑫源（随州）商贸有限公司, taken out."""
    found = re.search(r"[(〔\[【]([\u4e00-\u9fff]{2,6}?)(?:[省市县区])?[)〕\]】](?=.*(?:公司|厂|店|部|行|社))", text)
    if not found or found.start() < 2 or "合伙" in found.group(1) or "集团" in found.group(1):
        return text, None
    return text[: found.start()] + text[found.end() :], found.group(1)


def _without_branch(name: str) -> tuple[str, str | None]:
    legal = _LEGAL.search(name, 2)
    if legal and 0 < len(name) - legal.end() <= 10:
        return name[: legal.end()], name[legal.end() :]
    found = _BRANCH.search(name)
    if found and found.start() >= 2:
        return name[: found.start()], found.group()
    return name, None


def _without_form(name: str) -> str:
    forms = [found for found in _FORM.finditer(name) if found.end() == len(name) and found.start() >= 2]
    return name[: forms[0].start()] if forms else name


def parse(text: str | None) -> UnitName:
    """Take a unit's written name apart.

    >>> parse("湖北省随州市鑫源建材有限责任公司城南门市部")
    UnitName(full='鑫源建材有限公司', core='鑫源建材', brand='鑫源', place='湖北省随州市', branch='城南门市部')
    >>> parse("鑫源建材（随州）有限公司").core, parse("鑫源").core, parse("退休").core
    ('鑫源建材', '鑫源', None)
    """
    bare, inside = _bracketed_place(unicodedata.normalize("NFKC", text or ""))
    name = unit_name(bare)
    if name is None:
        return NO_UNIT
    at = _leading_place(name)
    full, branch = _without_branch(name[at:])
    core = _without_form(full)
    trade = _TRADES.search(core, 2)
    return UnitName(full, core, core[: trade.start()] if trade else core[:4], inside or name[:at] or None, branch)
