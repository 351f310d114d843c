"""How many are missing, from rosters of which one is called an independent re-count: counted, estimated, written, read again."""

import json
from datetime import date

import pyarrow as pa
import pytest
import smallworld

from dishu.engine.baseline import missing

DAY = date(2026, 10, 31)
#: Members 1 to 100 are on the register; 51 to 120 were found by the re-count: 50 of 70 stand in both.
REGISTERED, FOUND = range(1, 101), range(51, 121)


@pytest.fixture(scope="module")
def view():
    rows = "\n".join(f"{m} | full" for m in range(1, 121))
    return smallworld.facts(member=f"member | standing\n{rows}").at(DAY)


def register(recount="独立复核.csv"):
    files = ["花名册.csv"] * len(REGISTERED) + [recount] * len(FOUND)
    return pa.table({"member": [*REGISTERED, *FOUND], "source_file": files})


def test_the_counts_and_what_follows_from_them(view):
    _, told = missing.find(view, register(), doubtful=3)
    rows = {row["item"]: (row["value"], row["lower"], row["upper"]) for row in told.table.to_pylist()}
    assert rows["在册（在册名单）"] == ("100 人", None, None)
    assert rows["复核找到（独立复核.csv）"] == ("70 人", None, None)
    assert rows["复核找到的人中已在册"] == ("50 人", None, None)
    assert rows["摸清率（95% 区间）"][0] == "71.4%"
    assert rows["估计应有（95% 区间）"][0] == "140 人"  # Chapman: 101 × 71 / 51 − 1 = 139.6
    assert all(rows["还差（95% 区间）"])
    assert "还有 3 对待确认" in told.sentences[-1]


def test_without_a_re_count_nothing_is_said(view):
    assert missing.find(view, register("另一份.csv"), doubtful=0) is None


def test_what_is_written_can_be_shown_again(view, tmp_path):
    answer, told = missing.find(view, register(), doubtful=0)
    missing.write(answer, told, tmp_path / missing.FILE)
    assert missing.sentences(tmp_path / missing.FILE) == list(told.sentences)
    assert json.loads((tmp_path / missing.FILE).read_text("utf-8"))["seen"] == 120
    assert missing.sentences(tmp_path / "none.json") == []
