"""What the auditors wrote, as scores; and the sheet they wrote it on, in the order of the draw."""

import pyarrow as pa
import pytest

from dishu.engine.sample import draw, results, sheet


@pytest.mark.parametrize(
    ("cells", "scores"),
    [
        (["1", "0", "0.5"], [1, 0, 0.5]),
        (["１", " 0 ", "1.0"], [1, 0, 1]),
        (["属实", "是", "good", "TRUE", "√"], [1, 1, 1, 1, 1]),
        (["不属实", "否", "bad", "false", "×"], [0, 0, 0, 0, 0]),
        (["查无此人", "拒绝", "未接通", "1"], [0, 0, 0, 1]),  # bad until proven good
    ],
)
def test_scores(cells, scores):
    assert results.read(cells).scores == scores


def test_words_taken_as_bad_are_named_with_their_rows():
    read = results.read(["1", "拒绝", "查无此人", "拒绝", "0"], [2, 3, 4, 5, 6])
    assert read.notes == ["拒绝：2 条，证实以前按差错计（第3、5行）", "查无此人：1 条，证实以前按差错计（第4行）"]


def test_plain_good_and_bad_need_no_note():
    assert results.read(["1", "0", "否"]).notes == []


def test_scores_count_up_to_the_first_record_nobody_has_looked_at():
    read = results.read(["1", "", "0", "1"])
    assert (read.scores, read.notes) == ([1], ["第2行还没有结果，其后 2 条等它查完才计入"])


def test_what_is_not_yet_filled_in_at_the_end_needs_no_note():
    assert results.read(["1", "1", "", None]) == results.Results([1, 1], [])


@pytest.mark.parametrize("cell", ["2", "-1", "100", "nan", "inf"])
def test_numbers_that_are_no_score_are_refused_by_row(cell):
    with pytest.raises(ValueError, match=f"第7行“{cell}”"):
        results.read(["1", cell], [6, 7])


def read_back(**columns):
    rows = len(next(iter(columns.values())))
    return pa.table(
        {name: pa.array(cells, pa.string()) for name, cells in columns.items()} | {"_row": range(2, rows + 2)}
    )


def test_a_sheet_sorted_otherwise_is_put_back_in_order():
    table = sheet.in_order(read_back(顺序=["2", "10", *"13456789"], 结果=["b", "j", *"acdefghi"]))
    assert "".join(table["结果"].to_pylist()) == "abcdefghij"


@pytest.mark.parametrize("numbers", [["1", "3"], ["1", "1"], ["1", ""], ["1", "二"]])
def test_a_record_left_out_of_the_sheet_is_noticed(numbers):
    with pytest.raises(ValueError, match="缺：2。抽中的记录一条也不能删"):
        sheet.in_order(read_back(顺序=numbers, 结果=["1", "1"]))


def test_an_empty_row_in_a_sheet_of_results_alone_is_a_record_not_looked_at():
    table = pa.table({"结果": ["1", "0"], "_row": [2, 4]})
    assert sheet.in_order(table)["结果"].to_pylist() == ["1", None, "0"]


FRAME = [f"R{n}" for n in range(50)]


def test_a_sheet_that_holds_the_draw_is_accepted_and_one_swapped_record_is_not():
    drawn = draw.draw(FRAME, "7", 10)
    sheet.check_drawn(read_back(编号=drawn), FRAME, "7", 50)
    easier = next(one for one in FRAME if one not in drawn)
    with pytest.raises(ValueError, match=f"第5行的编号是“{easier}”，按种子抽出的这一条应是“{drawn[3]}”"):
        sheet.check_drawn(read_back(编号=[*drawn[:3], easier, *drawn[4:]]), FRAME, "7", 50)


def test_a_sheet_longer_than_the_frame_or_of_another_size_is_refused():
    with pytest.raises(ValueError, match="应是“”"):
        sheet.check_drawn(read_back(编号=[*draw.draw(FRAME, "7", 50), "R1"]), FRAME, "7", 50)
    with pytest.raises(ValueError, match="总数是 60 条，名单有 50 条"):
        sheet.check_drawn(read_back(编号=FRAME), FRAME, "7", 60)


@pytest.mark.parametrize(
    ("columns", "asked", "found"),
    [
        (["名称", "编号"], None, "编号"),
        (["x"], None, "x"),
        (["a", "b"], "b", "b"),
        (["名称", "unit_id"], None, "unit_id"),
    ],
)
def test_the_column_meant(columns, asked, found):
    table = pa.table({name: ["1"] for name in columns} | {"_row": [2]})
    assert sheet.column(table, asked, sheet.IDS) == found


@pytest.mark.parametrize(("asked", "said"), [("c", "没有“c”这一列；现有：a、b"), (None, "看不出哪一列是编号")])
def test_a_column_nobody_can_guess_is_asked_for(asked, said):
    with pytest.raises(LookupError, match=said):
        sheet.column(pa.table({"a": ["1"], "b": ["1"], "_row": [2]}), asked, sheet.IDS)


@pytest.mark.parametrize("first", ["1", "0", "0.5", "421303"])
def test_a_list_without_a_heading_does_not_lose_its_first_record(first):
    with pytest.raises(LookupError, match=f"第一行应是列名，现在是“{first}”"):
        sheet.column(pa.table({first: ["1"], "_row": [2]}), None, sheet.RESULTS)
