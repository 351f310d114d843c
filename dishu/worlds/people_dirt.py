"""Write true values the way rosters have them: masked, mistyped, shortened, in another style, or not at all.

Each function takes a `random.Random` and one true value and gives the text of one cell ("" for an empty cell).
"""

from collections.abc import Callable
from functools import lru_cache
from random import Random

from dishu.engine.link.names import pinyin, words
from dishu.worlds import name_pool

PHRASES = words("""
    无 退休 个体 个体户 务农 自由职业 待业 灵活就业 外出务工 私营企业 在家 不详 / 个体经营
""")
SURNAME_TWINS = {
    "肖": "萧",
    "萧": "肖",
    "闫": "阎",
    "阎": "闫",
    "付": "傅",
    "傅": "付",
    "丘": "邱",
    "邱": "丘",
    "戴": "代",
    "代": "戴",
}
_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
_FORMS = ("有限责任公司", "股份有限公司", "有限公司", "经营部", "商行", "厂", "店")


def pick(rng: Random, *choices: tuple[float, Callable[[], str]]) -> str:
    """The outcome of one throw: each choice with its probability, "" for what is left."""
    throw = rng.random()
    for share, make in choices:
        throw -= share
        if throw < 0:
            return make()
    return ""


def mistyped(rng: Random, digits: str) -> str:
    """One slip of the fingers: a wrong digit, two swapped, one lost, one doubled."""
    at = rng.randrange(6, len(digits) - 2)
    before, one, two, after = digits[:at], digits[at], digits[at + 1], digits[at + 2 :]
    kind = rng.random()
    if kind < 0.55:
        return before + str((int(one) + rng.randrange(1, 10)) % 10) + two + after
    if kind < 0.8 and one != two:
        return before + two + one + after
    return before + two + after if kind < 0.9 else before + one + one + two + after


def id_masked(rng: Random, number: str) -> str:
    """An ID number with stars: mostly the middle, sometimes the end."""
    kind = rng.random()
    if kind < 0.6:
        return number[:6] + "********" + number[14:]
    if kind < 0.75:
        return number[:4] + "**********" + number[14:]
    if kind < 0.9:
        return number[:3] + "***********" + number[14:]
    return number[:14] + "****"


def id_written(rng: Random, number: str) -> str:
    """A whole ID number in one of its written styles (15 digits, full width, blanks, small x)."""
    kind = rng.random()
    if kind < 0.05 and int(number[6:10]) < 1980:
        return number[:6] + number[8:17]
    if kind < 0.07:
        return number.translate(_FULL_WIDTH)
    if kind < 0.1:
        return f"{number[:6]} {number[6:14]} {number[14:]}"
    return number.lower() if kind < 0.2 else ("'" + number if kind < 0.22 else number)


def birth(rng: Random, day: tuple[int, int, int], month_only: float) -> str:
    """A date of birth in one of eight styles, or only its month; one in a hundred is wrong."""
    year, month, date = day
    if rng.random() < 0.012:
        month, date = (date, month) if date <= 12 else (month, min(28, date + 1))
    if rng.random() < month_only:
        return rng.choice((f"{year}.{month:02d}", f"{year}年{month}月", f"{year}-{month:02d}", f"{year}{month:02d}"))
    style = rng.choice(
        (
            "{0}-{1:02d}-{2:02d}",
            "{0}.{1}.{2}",
            "{0}/{1}/{2}",
            "{0}{1:02d}{2:02d}",
            "{0}年{1}月{2}日",
            "{0}.{1:02d}.{2:02d}",
        )
    )
    return style.format(year, month, date)


def phone_written(rng: Random, number: str) -> str:
    """A mobile number in one of its written styles."""
    kind = rng.random()
    if kind < 0.06:
        return f"{number[:3]} {number[3:7]} {number[7:]}"
    if kind < 0.09:
        return f"{number[:3]}-{number[3:7]}-{number[7:]}"
    if kind < 0.1:
        return "+86" + number
    return number.translate(_FULL_WIDTH) if kind < 0.11 else number


@lru_cache(maxsize=1)
def _homophones() -> dict[str, str]:
    """All characters of the name pool by their sound."""
    by_sound: dict[str, str] = {}
    pools = [
        *name_pool.SINGLE.values(),
        *name_pool.FIRST.values(),
        *name_pool.LAST.values(),
        "娴瑛惟炜珺彬冰炳芷智芝红虹宏洪",
    ]
    for char in dict.fromkeys("".join(pools)):
        by_sound[pinyin(char)] = by_sound.get(pinyin(char), "") + char
    return by_sound


@lru_cache(maxsize=1)
def _to_traditional() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("s2t").convert
    return convert


def name_wrong(rng: Random, surname: str, given: str) -> str:
    """A name with one real fault: a character of the same sound, another surname form, one character lost or wrong."""
    kind, at = rng.random(), rng.randrange(len(given))
    if kind < 0.5:
        sound = _homophones().get(pinyin(given[at]), given[at])
        return surname + given[:at] + rng.choice(sound) + given[at + 1 :]
    if kind < 0.6 and surname in SURNAME_TWINS:
        return SURNAME_TWINS[surname] + given
    if kind < 0.75:
        return _to_traditional()(surname + given)
    if kind < 0.85 and len(given) == 2:
        return surname + given[1 - at]
    return surname + given[:at] + rng.choice(name_pool.LAST["男"] + name_pool.LAST["女"]) + given[at + 1 :]


def name_written(rng: Random, surname: str, given: str, wrong: float, masked: float) -> str:
    """A name as a roster has it; `wrong` and `masked` are shares."""
    kind = rng.random()
    if kind < wrong:
        return name_wrong(rng, surname, given)
    if kind < wrong + masked:
        return surname + rng.choice(
            ("*" * len(given), "*" * len(given), "某", "*" + given[1:] if len(given) > 1 else "*")
        )
    style = rng.random()
    if style < 0.04 and len(given) == 1:
        return f"{surname}　{given}"
    if style < 0.06:
        return f" {surname}{given} "
    return f"{surname}{given}（{rng.choice('男女党')}）" if style < 0.065 else surname + given


def employer_written(rng: Random, name: str, place: str) -> str:
    """A firm's name as people write it: without the place, without 有限公司, in brackets, with a branch behind it."""
    kind = rng.random()
    if kind < 0.42:
        return name
    bare = name.removeprefix(place)
    form = next((f for f in _FORMS if bare.endswith(f)), "")
    stem = bare.removesuffix(form)
    if kind < 0.6:
        return bare
    if kind < 0.72:
        return stem
    if kind < 0.78:
        return place + stem + "公司"
    if kind < 0.84:
        return f"{stem}（{place[:2]}）{form}"
    if kind < 0.9:
        return name + rng.choice(("门市部", "分公司", "一分店", "城南店", "第二门市部"))
    if kind < 0.95:
        return stem[:2]
    return bare.replace("有限公司", "有限责任公司") if "有限公司" in bare else f"湖北省{name}"


def address_written(rng: Random, parts: tuple[str, str, str, str]) -> str:
    """An address (county, township, estate or village or road, door) with more or fewer of its parts."""
    county, township, estate, door = parts
    kind = rng.random()
    head = (
        "" if kind < 0.3 else (county if kind < 0.6 else ("湖北省随州市" + county if kind < 0.8 else county + township))
    )
    if kind > 0.96:
        return county + township
    if rng.random() < 0.12:
        door = ""
    if "栋" in door and rng.random() < 0.35:
        door = (
            door.replace("栋", rng.choice(("幢", "号楼", "-")))
            .replace("单元", "-" if rng.random() < 0.5 else "单元")
            .replace("室", "")
        )
    return head + estate + door
