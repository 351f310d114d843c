"""All flags on one drive: one family of tests, nobody accused, and nothing that could matter but must not."""

from dataclasses import replace
from pathlib import Path
from string import Formatter

import numpy as np
import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from visitrows import shuffled

from dishu.engine import wording
from dishu.engine.flags import ALL, Case, examine, typed
from dishu.engine.flags.visits import ordered
from dishu.worlds.visits import DEADLINE, Plan, drive

SHORTCUTS = ("copy", "register", "desk", "lazy", "late")
CASE = Case(deadline=DEADLINE)


@pytest.fixture(scope="module")
def made():
    return drive(5, Plan(shortcuts=dict.fromkeys(SHORTCUTS, 1)))


@pytest.fixture(scope="module")
def table(made):
    return typed(made.visits)[0]


@pytest.fixture(scope="module")
def report(table):
    return examine(table, CASE)


def test_each_shortcut_is_listed_by_the_flag_made_for_it(made, report):
    found = {(made.truth[one.subject], one.flag) for one in report.findings}
    assert {
        ("copy", "near_duplicates"), ("register", "zero_discoveries"), ("register", "register_order"),
        ("register", "register_echo"), ("desk", "too_fast"), ("desk", "impossible_travel"),
        ("lazy", "copied_photo"), ("lazy", "copied_phone"), ("late", "deadline_burst"),
    } <= found  # fmt: skip


def test_those_come_first_in_the_ranking(made, report):
    assert {made.truth[name] for name, _ in report.ranking[:5]} == set(SHORTCUTS)
    assert sorted(name for name, _ in report.ranking) == sorted(made.truth)


def test_every_reason_is_whole_and_accuses_nobody(report):
    for one in report.findings:
        assert "待核实" in one.evidence and "正当原因" in one.evidence and "建议" in one.evidence
        assert not set("{}") & set(one.evidence) and "nan" not in one.evidence


def test_no_sentence_of_flags_speaks_of_fraud_and_each_flag_has_one():
    sentences = yaml.safe_load(Path(wording.__file__).with_suffix(".yaml").read_text("utf-8"))
    said = {code: text for code, text in sentences.items() if code.startswith("flag_")}
    texts = "".join(said.values()) + "".join(flag.title + flag.looks_at + flag.caution for flag in ALL)
    assert [
        word for word in ("造假", "作假", "虚假", "舞弊", "弄虚", "伪造", "编造", "嫌疑", "违规") if word in texts
    ] == []
    assert {f"flag_{flag.code}" for flag in ALL} <= set(said)
    assert all(field for text in said.values() for _, field, _, _ in Formatter().parse(text) if field is not None)


def key(report, rename=lambda name: name):
    return {(one.flag, rename(one.subject), one.p_value, one.q_value) for one in report.findings}


def test_the_order_of_rows_does_not_matter(made, table, report):
    again, _ = typed(shuffled(made.visits))
    assert again == table
    assert examine(ordered(shuffled(table)), CASE) == report


def test_the_names_of_collectors_do_not_matter(table, report):
    other = {name: f"Z{999 - at}" for at, name in enumerate(sorted(set(table["collector"].to_pylist())))}
    renamed = pa.array([other[name] for name in table["collector"].to_pylist()])
    at = table.column_names.index("collector")
    assert key(examine(table.set_column(at, "collector", renamed), CASE)) == key(report, other.get)


def test_more_flags_do_not_make_more_lists_by_chance(table):
    """q-values are taken over all p-values together, so a flag alone has smaller ones."""
    alone = examine(table, replace(CASE, only=frozenset(["zero_discoveries"])))
    together = examine(table, CASE)
    (one,) = [f.q_value for f in alone.findings]
    assert one < next(f.q_value for f in together.findings if f.flag == "zero_discoveries")


def test_what_cannot_run_says_why(table):
    report = examine(table.drop_columns(["a_new", "r_order", "r_name"]), Case())
    assert report.not_run == {
        "deadline_burst": "没有给出截止时间", "zero_discoveries": "缺少栏目：a_new",
        "register_order": "缺少栏目：r_order", "register_echo": "缺少栏目：r_",
    }  # fmt: skip


def test_limits_can_be_set_and_unknown_flags_are_refused(table):
    strict = examine(table, Case(only=frozenset(["impossible_travel"]), limits={"impossible_travel": 1e6}))
    assert strict.findings == ()
    with pytest.raises(LookupError, match="没有疑点检查 guess"):
        examine(table, Case(limits={"guess": 1}))


def test_benford_is_off_unless_asked_for():
    assert [flag.code for flag in ALL if not flag.on] == ["benford"]


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_small_sheet_is_looked_at_without_falling(data):
    n = data.draw(st.integers(1, 12))
    cell = st.one_of(st.none(), st.sampled_from(["是", "否", "3", "120", "19412345678", "2026-10-12 09:00"]))
    names = ["started_at", "a_1", "a_2", "a_new", "a_phone", "r_order", "r_1", "entry_mode"]
    columns = {name: pa.array([data.draw(cell) for _ in range(n)], pa.string()) for name in names}
    columns["visit_id"] = pa.array([f"V{at}" for at in range(n)])
    columns["collector"] = pa.array([data.draw(st.sampled_from("甲乙丙")) for _ in range(n)])
    raw = pa.table(columns | {"_row": pa.array(np.arange(2, n + 2))})
    try:
        table, bad = typed(raw)
    except ValueError as refused:
        assert "没有一条可用" in str(refused)
        return
    assert table.num_rows + len({one.row for one in bad}) == n
    report = examine(table, replace(CASE, only=frozenset(flag.code for flag in ALL)))
    assert all(one.p_value is None or 0 <= one.p_value <= one.q_value <= 0.05 for one in report.findings)
