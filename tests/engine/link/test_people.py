"""Same person or not: one example per rule, all in one job as a county would have them."""

import pyarrow as pa
import pytest

from dishu.engine.link import people
from dishu.engine.link.columns import PAIRS, PERSON
from dishu.standards.ids import citizen_check

BODY_1, BODY_2 = "99010119700101001", "99010219800303112"


def number(body: str) -> str:
    return body + citizen_check(body)


ID_1, ID_2 = number(BODY_1), number(BODY_2)
ID_3, ID_4 = number("99010319650708219"), number("99010419750910331")
ID_5, ID_6 = number("99010519620514453"), number("99010619680630571")
ID_7, ID_8 = number("99010719590228613"), number("99010819601111737")
SLIP = ID_3[:16] + str((int(ID_3[16]) + 1) % 10) + ID_3[17]  # one digit wrong: the check digit tells

# what it shows | left row | right row | decision | words in the reasons
EXAMPLES = {
    "the same valid number, whatever else differs": (
        {"name": "王建国", "id_no": ID_1, "phone": "19400000011"},
        {"name": "王建国", "id_no": ID_1, "phone": "19400000099"},
        "match", "身份证号一致"),
    "15 digits and 18 are one number": (
        {"name": "李秀兰", "id_no": ID_2},
        {"name": "李 秀 兰", "id_no": ID_2[:6] + ID_2[8:17]},
        "match", "身份证号一致"),
    "one digit mistyped, check digit broken": (
        {"name": "赵立新", "id_no": ID_3},
        {"name": "赵立新", "id_no": SLIP},
        "match", "录错一两位"),
    "masked number that fits, same birth": (
        {"name": "孙晓东", "id_no": ID_4},
        {"name": "孙晓东", "id_no": ID_4[:6] + "********" + ID_4[14:], "birth": "1975年9月10日"},
        "match", "末四位相符"),
    "homophone, same phone and home": (
        {"name": "吴雪", "phone": "19400000021", "address": "曾都区阳光小区3栋2单元501室"},
        {"name": "吴学", "phone": "194 0000 0021", "address": "阳光小区3幢2-501"},
        "match", "姓名同音：吴雪/吴学"),
    "traditional characters and another surname form": (
        {"name": "蕭學軍", "phone": "19400000031", "birth": "1966-03-05"},
        {"name": "肖学军", "phone": "19400000031", "birth": "1966.3.5"},
        "match", "姓名一致"),
    "masked name, phone and birth fit": (
        {"name": "周**", "phone": "19400000041", "birth": "1971-12-01"},
        {"name": "周丽华", "phone": "19400000041", "birth": "1971-12-01"},
        "match", "姓名已打码"),
    "name and firm in two styles": (
        {"name": "郑海涛", "employer": "随州市鑫源建材有限责任公司"},
        {"name": "郑海涛", "employer": "鑫源建材（随州）有限公司城南门市部"},
        "match", "单位一致"),
    "only the name": (
        {"name": "冯卫东", "phone": "19400000051", "birth": "1963-01-01"},
        {"name": "冯卫东", "employer": "退休"},
        "review", "姓名一致"),
    "two checked numbers that differ are two people": (
        {"name": "陈伟", "id_no": ID_5, "phone": "19400000061", "employer": "恒瑞药业"},
        {"name": "陈伟", "id_no": ID_6, "phone": "19400000061", "employer": "恒瑞药业"},
        None, ""),
    "the telephone of a shop joins no strangers": (
        {"name": "钱进", "phone": "19400000071", "employer": "万家超市"},
        {"name": "沈玉梅", "phone": "19400000071", "employer": "万家超市"},
        None, ""),
    "husband and wife with one phone and one home": (
        {"name": "韩振华", "sex": "男", "phone": "19400000081", "address": "曾都区金色小区1栋1单元101室"},
        {"name": "杨桂芳", "sex": "女", "phone": "19400000081", "address": "曾都区金色小区1栋1单元101室"},
        None, ""),
    "brothers with one phone and one home": (
        {"name": "朱志强", "phone": "19400000091", "address": "曾都区双河村3组", "birth": "1970-01-02"},
        {"name": "朱志刚", "phone": "19400000091", "address": "曾都区双河村3组"},
        "review", "姓名相近"),
    "namesakes in one firm, born apart": (
        {"name": "许志明", "birth": "1960-05-06", "employer": "宏盛机械厂"},
        {"name": "许志明", "birth": "1985-11-20", "employer": "宏盛机械厂"},
        "review", "出生日期不同"),
    "placeholders join nobody": (
        {"name": "何平", "id_no": "000000000000000000", "phone": "13800000000", "employer": "无", "address": "无"},
        {"name": "吕芳", "id_no": "000000000000000000", "phone": "13800000000", "employer": "无", "address": "无"},
        None, ""),
}  # fmt: skip


def roster(prefix: str, rows: list[dict[str, str]]) -> pa.Table:
    full = [{"rec_id": f"{prefix}{n:03d}", "source": prefix} | row for n, row in enumerate(rows)]
    return pa.Table.from_pylist(full, schema=pa.schema([(name, pa.string()) for name in PERSON]))


LEFT = roster("L", [left for left, *_ in EXAMPLES.values()])
RIGHT = roster("M", [right for _, right, *_ in EXAMPLES.values()])


@pytest.fixture(scope="module")
def pairs() -> pa.Table:
    return people.link(LEFT, RIGHT)


@pytest.mark.parametrize("at", range(len(EXAMPLES)), ids=list(EXAMPLES))
def test_examples(pairs: pa.Table, at: int) -> None:
    *_, decision, words = list(EXAMPLES.values())[at]
    found = {(row["left_id"], row["right_id"]): row for row in pairs.to_pylist()}
    row = found.get((f"L{at:03d}", f"M{at:03d}"))
    assert (row and row["decision"]) == decision, row
    assert row is None or words in row["reasons"]


def test_nobody_is_matched_to_another_example(pairs: pa.Table) -> None:
    crossed = [row for row in pairs.to_pylist() if row["left_id"][1:] != row["right_id"][1:]]
    assert [row for row in crossed if row["decision"] == "match"] == []


def test_reasons_show_no_whole_number(pairs: pa.Table) -> None:
    told = "".join(pairs["reasons"].to_pylist())
    for cell in LEFT["id_no"].to_pylist() + LEFT["phone"].to_pylist():
        assert cell is None or cell not in told


def test_the_order_of_rows_does_not_matter(pairs: pa.Table) -> None:
    turned = people.link(LEFT.take(list(range(LEFT.num_rows))[::-1]), RIGHT.take(list(range(RIGHT.num_rows))[::-1]))
    assert turned.equals(pairs)


def test_left_and_right_may_change_places(pairs: pa.Table) -> None:
    turned = people.link(RIGHT, LEFT).rename_columns({"left_id": "right_id", "right_id": "left_id"})
    keys = ["left_id", "right_id", "weight", "decision"]
    assert turned.select(keys).sort_by([(key, "ascending") for key in keys]).equals(pairs.select(keys))


def test_one_thread_or_two_the_same_pairs(pairs: pa.Table) -> None:
    assert people.link(LEFT, RIGHT, threads=1).equals(pairs)


def test_two_owners_of_one_name_in_one_firm_go_to_a_person() -> None:
    firm = {"name": "许志明", "employer": "宏盛机械厂"}
    owners = roster("L", [firm | {"id_no": ID_7}, firm | {"id_no": ID_8}])
    found = people.link(owners, roster("M", [firm])).to_pylist()
    assert [row["decision"] for row in found] == ["review", "review"]
    assert all("另有相近人选" in row["reasons"] for row in found)


def test_double_rows_within_one_roster() -> None:
    rows = roster("M", [{"name": "王建国", "id_no": ID_1}, {"name": "王建国", "id_no": ID_1.lower()}, {"name": "李四"}])
    found = people.link(rows).to_pylist()
    assert [(row["left_id"], row["right_id"], row["decision"]) for row in found] == [("M000", "M001", "match")]


def test_an_empty_roster_gives_no_pairs() -> None:
    assert people.link(LEFT.slice(0, 0), RIGHT).equals(PAIRS.empty_table())
    assert people.link(LEFT.slice(0, 0)).schema == PAIRS


@pytest.mark.parametrize(
    "spoil",
    [
        lambda table: table.set_column(0, "rec_id", pa.array(["x"] * table.num_rows)),
        lambda table: table.set_column(0, "rec_id", pa.nulls(table.num_rows, pa.string())),
        lambda table: table.drop_columns(["phone"]),
    ],
)
def test_rows_need_one_id_each_and_all_columns(spoil) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="rec_id|缺少列"):
        people.link(spoil(LEFT), RIGHT)
