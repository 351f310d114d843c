"""Same unit or not, and which unit a written employer means: one example per rule."""

import pyarrow as pa
import pytest

from dishu.engine.link import units
from dishu.engine.link.columns import UNIT
from dishu.standards.ids import credit_check, org_check, registration_check


def credit(department: str, division: str, serial: str) -> str:
    body = department + division + serial + org_check(serial)
    return body + credit_check(body)


CODE_1, CODE_2 = credit("91", "421303", "XXX00001"), credit("91", "421303", "XXX00002")
CODE_3, CODE_4 = credit("92", "421303", "XXX00003"), credit("92", "421303", "XXX00004")
REG = "42130360000001" + registration_check("42130360000001")

# what it shows | left | right | decision | words in the reasons
EXAMPLES = {
    "one code, another name": (
        {"name": "随州市鑫源商贸有限公司", "unit_code": CODE_1},
        {"name": "随州市鑫源实业有限公司", "unit_code": CODE_1.lower()},
        "match", "统一社会信用代码一致"),
    "one registration number": (
        {"name": "老张面馆", "unit_code": REG}, {"name": "张记面馆", "unit_code": REG}, "match", "注册号一致"),
    "the organization code within": (
        {"name": "恒瑞药业有限公司", "unit_code": CODE_2},
        {"name": "随州恒瑞药业公司", "unit_code": CODE_2[8:17]},
        "match", "组织机构代码一致"),
    "one name in one county": (
        {"name": "湖北省随州市宏盛机械有限责任公司"}, {"name": "宏盛机械有限公司"}, "match", "名称一致"),
    "one name, codes of two ages do not contradict": (
        {"name": "隆昌建材店", "unit_code": CODE_3, "owner": "王伟"},
        {"name": "曾都区隆昌建材店", "unit_code": "42130360000021" + registration_check("42130360000021")},
        "match", "名称一致"),
    "name without form, one owner": (
        {"name": "德顺餐饮店", "owner": "李秀兰"}, {"name": "德顺餐饮", "owner": "李秀蘭"}, "match", "经营者姓名一致"),
    "name without form, one telephone": (
        {"name": "广源物流有限公司", "phone": "19400000011"}, {"name": "广源物流", "phone": "194-0000-0011"},
        "match", "电话一致（尾号0011）"),
    "one brand at one address": (
        {"name": "天虹服饰店", "address": "解放路35号"}, {"name": "天虹", "address": "曾都区解放路35号"},
        "review", "地址一致"),
    "two codes are two units": (
        {"name": "好邻居超市", "unit_code": CODE_3}, {"name": "好邻居超市", "unit_code": CODE_4}, None, ""),
    "one name in two counties": (
        {"name": "东方酒店", "place": "421303"}, {"name": "东方酒店", "place": "421381"}, None, ""),
    "one name, two owners": (
        {"name": "阿强理发店", "owner": "张强"}, {"name": "阿强理发店", "owner": "刘志强"}, "review", "经营者不同"),
    "nothing in common": ({"name": "金凤凰珠宝行"}, {"name": "银孔雀珠宝行"}, None, ""),
}  # fmt: skip


def register(prefix: str, rows: list[dict[str, str]]) -> pa.Table:
    full = [{"rec_id": f"{prefix}{n:03d}", "source": prefix, "place": "421303"} | row for n, row in enumerate(rows)]
    return pa.Table.from_pylist(full, schema=pa.schema([(name, pa.string()) for name in UNIT]))


LEFT = register("U", [left for left, *_ in EXAMPLES.values()])
RIGHT = register("V", [right for _, right, *_ in EXAMPLES.values()])


@pytest.fixture(scope="module")
def pairs() -> pa.Table:
    return units.link(LEFT, RIGHT)


@pytest.mark.parametrize("at", range(len(EXAMPLES)), ids=list(EXAMPLES))
def test_examples(pairs: pa.Table, at: int) -> None:
    *_, decision, words = list(EXAMPLES.values())[at]
    found = {(row["left_id"], row["right_id"]): row for row in pairs.to_pylist()}
    row = found.get((f"U{at:03d}", f"V{at:03d}"))
    assert (row and row["decision"]) == decision, row
    assert row is None or words in row["reasons"]


def test_the_order_of_rows_does_not_matter(pairs: pa.Table) -> None:
    assert units.link(LEFT.take(list(range(LEFT.num_rows))[::-1]), RIGHT).equals(pairs)


def test_two_shops_of_one_name_go_to_a_person() -> None:
    shops = register("U", [{"name": "便民副食店", "owner": "王伟"}, {"name": "便民副食店", "owner": "李强"}])
    found = units.link(shops, register("V", [{"name": "便民副食店"}])).to_pylist()
    assert [row["decision"] for row in found] == ["review", "review"]


def test_a_stall_without_a_name_is_the_owners_business_there() -> None:
    owner = {"owner": "王伟", "phone": "19400000012", "place": "421303001M01"}
    found = units.link(register("U", [owner | {"name": "王伟百货"}]), register("V", [owner])).to_pylist()
    assert [row["decision"] for row in found] == ["match"]


#: Two registration numbers that hold their check.
CODES = (REG, "421302000000014")


def test_double_rows_within_one_register() -> None:
    rows = register("U", [{"name": "老张面馆", "unit_code": REG}, {"name": "老张面馆"}, {"name": "李记面馆"}])
    found = units.link(rows).to_pylist()
    assert [(row["left_id"], row["right_id"], row["decision"]) for row in found] == [("U000", "U001", "match")]


@pytest.mark.parametrize("codes", [CODES, (*CODES, None), (CODE_1, CODE_3)])
def test_the_sure_doubles_are_those_of_the_whole_search(codes: tuple[str | None, ...]) -> None:
    names = ["鑫源商贸有限公司", "鑫源商贸", "早点铺"]
    rows = [(f"{n}", names[n % 3], codes[n * n % len(codes)], f"19412345{n % 4:03d}") for n in range(12)]
    table = pa.table(
        dict(zip(("rec_id", "name", "unit_code", "owner_phone"), zip(*rows, strict=True), strict=True))
    ).append_column("place", pa.array(["421302"] * len(rows)))
    whole = units.link(table)
    wanted = [(p["left_id"], p["right_id"]) for p in whole.to_pylist() if p["decision"] == "match"]
    found = units.doubles(table).to_pylist()
    assert [(p["left_id"], p["right_id"]) for p in found if p["decision"] == "match"] == wanted and wanted


def test_an_empty_register_gives_no_pairs() -> None:
    assert units.link(LEFT.slice(0, 0), RIGHT).num_rows == units.find(QUESTIONS, LEFT.slice(0, 0)).num_rows == 0


KNOWN = register(
    "U",
    [
        {"name": "随州市鑫源建材有限公司", "unit_code": CODE_1},
        {"name": "随州市鑫源服饰有限公司"},
        {"name": "湖北大别山农业科技有限公司"},
        {"name": "曾都区好邻居超市", "place": "421303001"},
        {"name": "曾都区好邻居超市", "place": "421303002"},
        {"name": "广水市东方酒店", "place": "421381"},
        {"name": "万家超市"},
    ],
)
# what is written | its place | the unit meant, or None | decision
WRITTEN = [
    ("鑫源建材", "421303", "U000", "match"),
    ("鑫源建材（随州）有限责任公司", "421303001", "U000", "match"),
    ("鑫源建材有限公司城南门市部", "421303", "U000", "match"),
    ("随州市曾都区鑫源建材公司", "4213", "U000", "match"),
    ("鑫源", "421303", "U000", "review"),  # two firms begin so
    ("大别山农业", "421303", "U002", "match"),
    ("好邻居超市", "421303001", "U003", "match"),
    ("好邻居超市", "421303", "U003", "review"),
    ("东方酒店", "421303", "U005", "review"),  # the only one of that name lies in another county
    ("万家", "421303", "U006", "review"),
    ("个体户", "421303", None, None),
    ("退休", "421303", None, None),
]
QUESTIONS = pa.table(
    {
        "rec_id": [f"m{n:02d}" for n in range(len(WRITTEN))],
        "name": [name for name, *_ in WRITTEN],
        "code": pa.nulls(len(WRITTEN), pa.string()),
        "place": [place for _, place, *_ in WRITTEN],
    }
)


@pytest.fixture(scope="module")
def answers() -> pa.Table:
    return units.find(QUESTIONS, KNOWN)


@pytest.mark.parametrize("at", range(len(WRITTEN)), ids=[f"{name} {place}" for name, place, *_ in WRITTEN])
def test_written_employers(answers: pa.Table, at: int) -> None:
    _, _, unit, decision = WRITTEN[at]
    found = [row for row in answers.to_pylist() if row["left_id"] == f"m{at:02d}"]
    assert {row["decision"] for row in found} == ({decision} - {None})
    assert unit is None or unit in {row["right_id"] for row in found}


def test_at_most_one_match_for_each_name(answers: pa.Table) -> None:
    sure = [row["left_id"] for row in answers.to_pylist() if row["decision"] == "match"]
    assert len(sure) == len(set(sure))


def test_a_written_code_goes_before_the_name() -> None:
    asked = pa.table({"rec_id": ["m"], "name": ["万家超市"], "code": [CODE_1], "place": ["421303"]})
    assert [(row["right_id"], row["decision"]) for row in units.find(asked, KNOWN).to_pylist()] == [("U000", "match")]


def test_two_names_of_one_unit_do_not_stand_in_each_others_way() -> None:
    known = register("U", [{"name": "随州市鑫源商贸有限公司"}, {"name": "随州市鑫源商贸有限责任公司"}])
    said = pa.table({"rec_id": ["m1"], "name": ["鑫源商贸"], "code": [None], "place": ["421303"]})
    assert set(units.find(said, known)["decision"].to_pylist()) == {"review"}
    assert units.find(said, known, also={"U001": "U000"})["decision"].to_pylist() == ["match"]
