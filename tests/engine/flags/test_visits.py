"""Records of visits as they arrive: what is read, and which rows go back with which word."""

import pyarrow as pa
import pytest

from dishu.engine.flags.answers import role
from dishu.engine.flags.visits import read_time, typed

GOOD = {"visit_id": "V1", "collector": "甲", "started_at": "2026-10-12 09:00", "ended_at": "2026-10-12 09:10"}


def sheet(*rows: dict) -> pa.Table:
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
    return pa.table(columns | {"_row": pa.array(range(2, len(rows) + 2))})


@pytest.mark.parametrize(
    ("change", "code", "word"),
    [
        ({"started_at": "昨天上午"}, "time_unreadable", "开始时间“昨天上午”不是能认出的时间"),
        ({"started_at": "2026-10-12 25:00"}, "time_unreadable", "25:00"),
        ({"ended_at": "2026-10-12"}, "time_unreadable", "结束时间"),
        ({"ended_at": "2026-10-12 08:59"}, "date_order", "结束时间早于开始时间"),
        ({"collector": "  "}, "required_blank", "采集员为空"),
        ({"visit_id": None}, "required_blank", "走访编号为空"),
        ({"visit_id": "V0"}, "duplicate_visit", "走访编号与第2行相同"),
        ({"longitude": "181", "latitude": "31"}, "coordinate_range", "经度“181”"),
        ({"longitude": "113", "latitude": "-90.5"}, "coordinate_range", "纬度“-90.5”"),
        ({"longitude": "东经113度"}, "coordinate_range", "经度"),
    ],
)
def test_a_bad_row_is_named_and_the_good_ones_go_on(change, code, word):
    table, bad = typed(sheet(GOOD | {"visit_id": "V0"}, GOOD | change))
    assert table["visit_id"].to_pylist() == ["V0"]
    assert [(one.row, one.code) for one in bad] == [(3, code)]
    assert word in bad[0].text and bad[0].mend


@pytest.mark.parametrize(
    "text",
    ["2026-10-12 09:05", "2026/10/12 9:05:00", "2026年10月12日 9时5分", "2026-10-12T01:05:00Z", "2026-10-12T09:05:00+08:00",
     "2026-10-12 9:05", "2026.10.12 09:05", "46307.37847222"],
)  # fmt: skip
def test_times_as_people_and_programs_write_them(text):
    assert str(read_time(text)) == "2026-10-12 09:05:00"


def test_an_unnamed_time_or_place_is_no_error():
    table, bad = typed(sheet({"visit_id": "V1", "collector": "甲", "a_open": "是"}))
    assert bad == [] and table["started_at"].null_count == table["longitude"].null_count == 1


def test_chinese_titles_are_known():
    table, _ = typed(sheet({"走访编号": "V1", "采集员": "甲", "开始时间": "2026-10-12 09:00", "录入方式": "批量"}))
    assert table.select(["visit_id", "collector", "entry_mode"]).to_pylist() == [
        {"visit_id": "V1", "collector": "甲", "entry_mode": "批量"}
    ]


def test_a_sheet_without_collectors_or_rows_is_refused_with_a_word():
    with pytest.raises(LookupError, match="collector（采集员）"):
        typed(sheet({"visit_id": "V1"}))
    with pytest.raises(ValueError, match="没有一条可用的走访记录"):
        typed(sheet(GOOD).slice(0, 0))


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("a_open", ["是", "否", "拒答"], "choice"),
        ("a_rooms", ["1", "2", "3"], "choice"),  # a handful of numbers are codes
        ("a_staff", [str(n) for n in range(1, 40)], "number"),
        ("a_tel", ["19412345678", "19487654321"], "phone"),
        ("a_door", ["0f3a" * 8, "9b2c" * 8], "photo"),
        ("a_said", [f"这家店开了{n}年，老板不在" for n in range(20)], "text"),
        ("a_new", ["0", "1"], "new"),
        ("a_newcomers", ["0", "1"], "choice"),
    ],
)
def test_what_a_column_holds_is_seen_from_its_name_or_its_cells(name, cells, expected):
    assert role(name, cells) == expected
