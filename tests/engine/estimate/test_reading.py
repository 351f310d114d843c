"""A table of capture histories as people write it: what is understood, what is remarked on, what is refused by row."""

import pyarrow as pa
import pytest

from dishu.engine.estimate.reading import read


def table(text: str) -> pa.Table:
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    columns = {name: [row[at] or None for row in rows] for at, name in enumerate(head)}
    return pa.table({**columns, "_row": list(range(2, len(rows) + 2))})


GOOD = """
a | b | count
1 | 0 | 30
0 | 1 | 20
1 | 1 | 12
"""


def test_order_of_rows_and_columns_does_not_matter():
    turned = table("count|b|a\n12|1|1\n30|0|1\n20|1|0")
    assert read(table(GOOD))[0].counts.tolist() == [0, 20, 30, 12]
    assert read(turned, ["a", "b"])[0].counts.tolist() == [0, 20, 30, 12]


@pytest.mark.parametrize("mark", ["人数", "数量", "COUNT", " count"])
def test_the_count_has_several_names(mark):
    assert read(table(GOOD.replace("count", mark)))[0].seen == 62


def test_numbers_as_workbooks_write_them():
    assert read(table("a|b|count\n是|否|1,200\n０|１|20.0\n1.0|1|12"))[0].counts.tolist() == [0, 20, 1200, 12]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("0 | 0 | 7", "第 5 行）不采用"),
        ("1 | 1 | 3", "人数已相加：11"),
    ],
)
def test_odd_rows_are_remarked_on(row, said):
    cells, remarks = read(table(GOOD + row))
    assert [said in remark for remark in remarks] == [True]
    assert cells.counts[0] == 0
    assert cells.seen == 62 + (3 if "相加" in said else 0)


def test_a_row_of_nobody_changes_nothing_and_a_history_left_out_is_nobody():
    assert (
        read(table("a|b|count\n1|0|30\n1|1|0"))[0].counts.tolist()
        == read(table("a|b|count\n1|0|30"))[0].counts.tolist()
    )


def test_a_history_that_cannot_be_leaves_the_model():
    cells, _ = read(table(GOOD.replace("20", "不可能")))
    assert cells.possible.tolist() == [False, False, True, True]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("1 | 0 | -3", "第 5 行人数是“-3”"),
        ("1 | 0 | 2.5", "第 5 行人数是“2.5”"),
        ("1 | 0 | 几个", "第 5 行人数是“几个”"),
        ("1 | 0 | ", "第 5 行人数是“”"),
        ("1 | 0 | nan", "第 5 行人数是“nan”"),
        ("2 | 0 | 3", "第 5 行“a”是“2”"),
        (" | 0 | 3", "第 5 行“a”是“”"),
    ],
)
def test_bad_rows_are_refused_by_number(row, said):
    with pytest.raises(ValueError, match="少一行估计就变了") as refused:
        read(table(GOOD + row))
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a|b\n1|0", "没有“count”"),
        ("a|count\n1|3", "至少要两份名单"),
        ("a|b|count\n1|0|0", "加起来是 0"),
        ("a|b|count\n1|0|不可能\n1|0|3", "组合 10 一行写了不可能"),
    ],
)
def test_tables_that_are_none_are_refused(text, said):
    with pytest.raises((ValueError, LookupError), match=said):
        read(table(text))


def test_a_list_that_is_not_there():
    with pytest.raises(LookupError, match="没有“d”这一列；现有：a、b、count"):
        read(table(GOOD), ["a", "d"])
