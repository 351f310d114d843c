"""How people write the names of places: with or without 区, 街道办事处, 居委会, with blanks or full-width letters."""

import re
import unicodedata

# spelling at the end of a name -> what it is; longest first. Names without any of these are taken as they are.
_FORMS: dict[str, tuple[tuple[str, str], ...]] = {
    "province": (("特别行政区", "特别行政区"), ("自治区", "自治区"), ("省", "省"), ("市", "市")),
    "prefecture": (("自治州", "自治州"), ("地区", "地区"), ("市", "市"), ("盟", "盟"), ("州", "自治州")),
    "county": (
        ("自治县", "自治县"),
        ("自治旗", "自治旗"),
        ("林区", "林区"),
        ("特区", "特区"),
        ("区", "区"),
        ("县", "县"),
        ("市", "市"),
        ("旗", "旗"),
    ),
    "township": (
        ("街道办事处", "街道"),
        ("地区办事处", "地区"),
        ("街道办", "街道"),
        ("办事处", "街道"),
        ("民族乡", "民族乡"),
        ("街道", "街道"),
        ("地区", "地区"),
        ("苏木", "苏木"),
        ("镇", "镇"),
        ("乡", "乡"),
    ),
    "village": (
        ("社区居民委员会", "社区"),
        ("村民委员会", "村"),
        ("居民委员会", "社区"),
        ("社区居委会", "社区"),
        ("村委会", "村"),
        ("居委会", "社区"),
        ("社区", "社区"),
        ("村", "村"),
    ),
}
_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|"
    "达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|"
    "赫哲|门巴|珞巴|基诺"
)
# 恩施土家族苗族 -> 恩施; without 族 only the three regions are written so (广西壮族, 宁夏回族, 新疆维吾尔).
_PEOPLES_AT_END = re.compile(f"(?<=.)(?:(?:{_PEOPLES})族|各族)+$|(?<=新疆)维吾尔$")
_AUTONOMOUS = ("自治区", "自治州", "自治县", "自治旗", "乡", "民族乡")


def tidy(text: str) -> str:
    """Half-width and without blanks or brackets around 社区.

    >>> tidy("　文峰塔 居委会（社区）")
    '文峰塔居委会'
    """
    return re.sub(r"\s|\(社区\)$", "", unicodedata.normalize("NFKC", text))


def forms(name: str, level: str) -> tuple[str, frozenset[str]]:
    """The standard spelling of a tidy name at a level, and the looser words it may go by.

    >>> forms("东城办事处", "township")[0], sorted(forms("厉山镇", "township")[1])
    ('东城街道', ['厉山', '厉山镇'])
    >>> forms("新村村委会", "village")[0], forms("文峰居委会", "village")[0]
    ('新村', '文峰社区')
    >>> sorted(forms("恩施土家族苗族自治州", "prefecture")[1])
    ['恩施', '恩施土家族苗族', '恩施土家族苗族自治州']
    """
    core, kind = _cut(name, level)
    loose = {name, core}
    if level == "village" and kind and not name.endswith(kind):
        core = core.removesuffix(kind) or core  # 新村村委会 is 新村, not 新村村
        loose.add(core)
    if kind in _AUTONOMOUS:
        loose.add(_PEOPLES_AT_END.sub("", core))
    return core + kind, frozenset(loose)


def _cut(name: str, level: str) -> tuple[str, str]:
    for spelling, kind in _FORMS[level]:
        if name.endswith(spelling) and len(name) > len(spelling):
            return name.removesuffix(spelling), kind
    return name, ""
