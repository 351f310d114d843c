"""Made-up people as two kinds of dirty rosters, with the truth of who is who: to train and score the matching.

The business roster has a row for each owner or head of a business; the member rosters come from three sources of
different quality. Shares of dirt are those met in practice: 3 in 10 ID numbers missing, 1 in 9 masked, old phones,
employers that moved, relatives and namesakes. Area codes start with 99 and phones with 194, so nobody is real.
"""

from binascii import crc32
from dataclasses import dataclass
from random import Random

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dishu.engine.link.names import pinyin, words
from dishu.standards.ids import citizen_check
from dishu.worlds import name_pool
from dishu.worlds import people_dirt as dirt

COLUMNS = ("rec_id", "source", "name", "sex", "id_no", "birth", "phone", "employer", "address")
SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS])
PAIRS = pa.schema([("left_id", pa.string()), ("right_id", pa.string())])
SLICE = 40  # a hard slice keeps one sound of names in forty, and everybody who has it
_COUNTIES = ("曾都区", "广水市", "随县", "随州高新区", "大洪山区")
_BRANDS = (
    "鑫宏盛源达兴隆永昌恒瑞祥泰丰华天金玉龙凤德福顺安康正信诚和美佳乐万汇通利亿民众联创新科智云海江山川林"
    "森绿源春晖旭东升阳光"
)
_TRADES = words("""
    商贸 建材 餐饮 食品 机械 汽车零部件 农业科技 电子 服饰 物流 装饰工程 五金 家具 药业 茶业 香菇 超市
    酒店 专用汽车 广告 种植 养殖 粮油 化工 纺织
""")
_FORMS = ("有限公司", "有限公司", "有限公司", "有限责任公司", "厂", "店", "经营部", "商行", "股份有限公司")
_ESTATES = words("""
    阳光 碧桂 金色 东方 清河 白云 玫瑰 锦绣 书香 翠苑 星光 滨江 明珠 万家 和谐 丽景 御景 凤凰 紫荆 世纪
""")
_SOURCES = ("M1党组织名册", "M2协会名单", "M3市场名单")
# Share of: name wrong, name masked, ID missing, ID masked, ID mistyped, birth known, only its month, own phone,
# employer true, another, a phrase, address known.
_RATES = {
    "R企业登记": (0.008, 0.005, 0.28, 0.11, 0.012, 0.45, 0.05, 0.7, 0.97, 0.0, 0.0, 0.85),
    "R个体登记": (0.015, 0.01, 0.36, 0.13, 0.02, 0.3, 0.1, 0.72, 0.93, 0.0, 0.02, 0.8),
    _SOURCES[0]: (0.008, 0.003, 0.16, 0.1, 0.01, 0.95, 0.05, 0.74, 0.5, 0.13, 0.17, 0.75),
    _SOURCES[1]: (0.035, 0.02, 0.43, 0.14, 0.03, 0.65, 0.4, 0.66, 0.5, 0.15, 0.2, 0.55),
    _SOURCES[2]: (0.02, 0.015, 0.36, 0.11, 0.02, 0.3, 0.2, 0.8, 0.93, 0.02, 0.02, 0.35),
}


@dataclass(frozen=True)
class People:
    """Two dirty tables (columns `COLUMNS`, all text) and the truth: true pairs across, double rows within the right."""

    left: pa.Table
    right: pa.Table
    pairs: pa.Table
    doubles: pa.Table


@dataclass(frozen=True)
class Persons:
    """The true persons, one array per fact."""

    names: name_pool.Names
    female: npt.NDArray[np.bool_]
    born: npt.NDArray[np.int64]  # year * 10000 + month * 100 + day
    number: list[str]
    phone: list[str]
    home: list[tuple[str, str, str, str]]
    firm: npt.NDArray[np.int64]


def _sound_code(values: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    known: dict[str, int] = {}
    return np.array(
        [known.setdefault(v, crc32(pinyin(v).encode())) if v not in known else known[v] for v in values], dtype=np.int64
    )


def _draw(rng: np.random.Generator, count: int) -> tuple[name_pool.Names, npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    female = rng.random(count) < 0.33
    year = np.clip(rng.normal(1972, 11, count).astype(np.int64), 1938, 2001)
    born = year * 10000 + rng.integers(1, 13, count) * 100 + rng.integers(1, 29, count)
    return name_pool.draw(rng, female, year), female, born


def _slice(
    rng: np.random.Generator, count: int
) -> tuple[name_pool.Names, npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Of a population forty times as large the part that has one sound of names in forty: no namesake is missing."""
    names, female, born = _draw(rng, int(count * SLICE * 1.25))
    code = _sound_code(names.surname) * 31 + _sound_code(names.given)
    keep = np.flatnonzero(code % SLICE == 7)[:count]
    if len(keep) < count:
        raise ValueError(f"the slice has only {len(keep)} of {count} persons")
    return name_pool.Names(names.full[keep], names.surname[keep], names.given[keep]), female[keep], born[keep]


def _numbers(rng: np.random.Generator, female: npt.NDArray[np.bool_], born: npt.NDArray[np.int64]) -> list[str]:
    """Valid ID numbers in area 99, no two alike."""
    taken: set[str] = set()
    out = []
    areas = rng.integers(1, 13, len(born))
    for woman, day, area, order in zip(female, born, areas, rng.integers(0, 500, len(born)), strict=True):
        body = f"9901{area:02d}{day}{order * 2 + (0 if woman else 1):03d}"
        while body in taken:
            order = (order + 7) % 500
            body = f"9901{(area := area % 90 + 1):02d}{day}{order * 2 + (0 if woman else 1):03d}"
        taken.add(body)
        out.append(body + citizen_check(body))
    return out


def _homes(rng: Random, count: int, towns: int) -> list[tuple[str, str, str, str]]:
    """Addresses: a flat in an estate, a house in a road, a group in a village."""
    out = []
    for _ in range(count):
        county, town = rng.choice(_COUNTIES), f"{rng.choice(_BRANDS)}{rng.choice('河山店湾桥岗')}镇"
        kind, number = rng.random(), rng.randrange(towns)
        if kind < 0.5:
            estate = (
                f"{rng.choice(_ESTATES)}{_BRANDS[number % len(_BRANDS)]}{rng.choice(('苑', '花园', '小区', '家园'))}"
            )
            out.append(
                (
                    county,
                    town,
                    estate,
                    f"{rng.randrange(1, 31)}栋{rng.randrange(1, 4)}单元{rng.randrange(1, 19)}0{rng.randrange(1, 5)}室",
                )
            )
        elif kind < 0.75:
            out.append(
                (
                    county,
                    town,
                    f"{_BRANDS[number % len(_BRANDS)]}{rng.choice(_BRANDS)}{rng.choice(('路', '大道', '街'))}",
                    f"{rng.randrange(1, 400)}号",
                )
            )
        else:
            out.append(
                (county, town, f"{_BRANDS[number % len(_BRANDS)]}{rng.choice(_BRANDS)}村", f"{rng.randrange(1, 13)}组")
            )
    return out


def _firms(rng: Random, count: int) -> list[tuple[str, str]]:
    """Names of firms with the place they begin with."""
    out = []
    for _ in range(count):
        place = rng.choice(("随州市", "随州市", "湖北", "曾都区", "广水市", "随县", ""))
        brand = "".join(rng.choice(_BRANDS) for _ in range(2 if rng.random() < 0.75 else 3))
        out.append((place + brand + rng.choice(_TRADES) + rng.choice(_FORMS), place))
    return out


def _phones(rng: Random, count: int) -> list[str]:
    return [f"194{number:08d}" for number in rng.sample(range(100_000_000), count)]


def _persons(seed: int, count: int, firms: int, hard: bool) -> Persons:
    rng, dice = np.random.default_rng(seed), Random(seed)
    names, female, born = _slice(rng, count) if hard else _draw(rng, count)
    homes = _homes(dice, count, 60)
    return Persons(
        names, female, born, _numbers(rng, female, born), _phones(dice, count), homes, rng.integers(0, firms, count)
    )


class Writer:
    """Writes a person into a roster of a given source, with that source's dirt."""

    def __init__(self, persons: Persons, firms: list[tuple[str, str]], rng: Random) -> None:
        self.persons, self.firms, self.rng = persons, firms, rng
        self.agents = _phones(rng, max(3, len(firms) // 8))

    def row(
        self, rec_id: str, source: str, who: int, firm: int | None = None, home_share: float = 1.0
    ) -> tuple[str | None, ...]:
        """One row of cells in the order of `COLUMNS`; empty cells are None."""
        rng, people, rate = self.rng, self.persons, _RATES[source]
        day = int(people.born[who])
        cells = (
            rec_id,
            source,
            dirt.name_written(rng, people.names.surname[who], people.names.given[who], rate[0], rate[1]),
            ("女" if people.female[who] else "男") if rng.random() < 0.85 else "",
            self._number(people.number[who], rate),
            dirt.birth(rng, (day // 10000, day // 100 % 100, day % 100), rate[6]) if rng.random() < rate[5] else "",
            self._phone(who, firm, rate[7], member=firm is None),
            self._employer(int(people.firm[who]) if firm is None else firm, rate),
            self._address(who, home_share) if rng.random() < rate[11] else "",
        )
        return tuple(cell or None for cell in cells)

    def _number(self, number: str, rate: tuple[float, ...]) -> str:
        rng = self.rng
        if (throw := rng.random() - rate[2]) < 0:
            return rng.choice(("", "", "", "无", "000000000000000000"))
        if (throw := throw - rate[3]) < 0:
            return dirt.id_masked(rng, number)
        return dirt.id_written(rng, dirt.mistyped(rng, number) if throw < rate[4] else number)

    def _phone(self, who: int, firm: int | None, own: float, member: bool) -> str:
        rng, number = self.rng, self.persons.phone[who]
        if rng.random() < own:
            return dirt.phone_written(rng, number)
        kind = rng.random()
        if kind < 0.33:
            return f"194{rng.randrange(100_000_000):08d}" if member else self.agents[(firm or 0) % len(self.agents)]
        if kind < 0.45:
            return number[:3] + "****" + number[7:]
        return (
            dirt.mistyped(rng, number) if kind < 0.49 else rng.choice(("", "", "", "无", "0722-3312345", "13800000000"))
        )

    def _employer(self, firm: int, rate: tuple[float, ...]) -> str:
        rng = self.rng
        throw = rng.random()
        if throw < rate[8]:
            return dirt.employer_written(rng, *self.firms[firm])
        if throw < rate[8] + rate[9]:
            return dirt.employer_written(rng, *rng.choice(self.firms))
        return rng.choice(dirt.PHRASES) if throw < rate[8] + rate[9] + rate[10] else ""

    def _address(self, who: int, home_share: float) -> str:
        home = self.persons.home
        return dirt.address_written(
            self.rng, home[who] if self.rng.random() < home_share else home[(who * 7 + 3) % len(home)]
        )


def _relatives(persons: Persons, rng: Random, strangers: list[int], owners: range, share: float) -> None:
    """Make some people who are in no business roster relatives or namesakes of somebody who is."""
    for who in strangers:
        if rng.random() >= share:
            continue
        other, kind = rng.choice(owners), rng.random()
        names = persons.names
        if kind < 0.35:  # husband or wife: one home, often one phone
            persons.home[who] = persons.home[other]
            persons.phone[who] = persons.phone[other] if rng.random() < 0.5 else persons.phone[who]
        elif kind < 0.65:  # brother, sister, child: surname, often a shared character and the home
            shared = names.given[other][0] if rng.random() < 0.4 and len(names.given[who]) > 1 else names.given[who][0]
            names.surname[who], names.given[who] = names.surname[other], shared + names.given[who][1:]
            persons.home[who] = persons.home[other] if rng.random() < 0.5 else persons.home[who]
        else:  # namesake, sometimes in the same firm or village
            names.surname[who], names.given[who] = names.surname[other], names.given[other]
            persons.firm[who] = persons.firm[other] if rng.random() < 0.3 else persons.firm[who]
        names.full[who] = names.surname[who] + names.given[who]
        if rng.random() < 0.7:
            persons.firm[who] = persons.firm[other] if kind < 0.35 else persons.firm[who]


def people(
    owners: int = 20_000, members: int = 5_000, *, hard: bool = False, seed: int = 42, overlap: float = 0.6
) -> People:
    """A business roster of `owners` rows and member rosters of `members` rows, dirty, with the truth.

    `overlap` of the member persons are in the business roster; 2 % of the owners stand there twice, 5 % of the members
    are on two lists. `hard` draws a slice of a population forty times as large that keeps every namesake, with more
    relatives. The same arguments give the same rows.

    >>> world = people(60, 20, seed=1)
    >>> world.left.num_rows, world.right.num_rows, world.pairs.schema.names
    (60, 20, ['left_id', 'right_id'])
    """
    rng = Random(seed * 7919 + 1)
    left_persons, right_persons = owners - owners // 50, members - members // 20
    known = int(right_persons * overlap)
    firms = _firms(rng, max(5, owners * 3 // 4))
    persons = _persons(seed, left_persons + right_persons - known, len(firms), hard)
    strangers = list(range(left_persons, left_persons + right_persons - known))
    _relatives(persons, rng, strangers, range(left_persons), 0.15 if hard else 0.06)
    writer = Writer(persons, firms, rng)
    left_who = [*range(left_persons), *rng.sample(range(left_persons), owners - left_persons)]
    right_who = [*rng.sample(range(left_persons), known), *strangers]
    right_who += rng.sample(right_who, members - right_persons)
    left = [_owner_row(writer, f"L{n:07d}", who, n >= left_persons) for n, who in enumerate(left_who)]
    right = [
        writer.row(f"M{n:07d}", _SOURCES[0 if (u := rng.random()) < 0.4 else 1 if u < 0.75 else 2], who)
        for n, who in enumerate(right_who)
    ]
    return People(_table(rng, left), _table(rng, right), _pairs(left_who, right_who), _doubles(right_who))


def _owner_row(writer: Writer, rec_id: str, who: int, second: bool) -> tuple[str | None, ...]:
    rng = writer.rng
    firm = rng.randrange(len(writer.firms)) if second else int(writer.persons.firm[who])
    return writer.row(rec_id, "R企业登记" if rng.random() < 0.6 else "R个体登记", who, firm, home_share=0.6)


def _table(rng: Random, rows: list[tuple[str | None, ...]]) -> pa.Table:
    rng.shuffle(rows)
    return pa.table([pa.array(column, pa.string()) for column in zip(*rows, strict=True)], schema=SCHEMA)


def _pairs(left_who: list[int], right_who: list[int]) -> pa.Table:
    at: dict[int, list[int]] = {}
    for row, who in enumerate(left_who):
        at.setdefault(who, []).append(row)
    found = [(f"L{row:07d}", f"M{n:07d}") for n, who in enumerate(right_who) for row in at.get(who, ())]
    return pa.table([[a for a, _ in found], [b for _, b in found]], schema=PAIRS)


def _doubles(right_who: list[int]) -> pa.Table:
    first: dict[int, int] = {}
    found = [(f"M{first[who]:07d}", f"M{n:07d}") for n, who in enumerate(right_who) if first.setdefault(who, n) != n]
    return pa.table([[a for a, _ in found], [b for _, b in found]], schema=PAIRS)
