"""`dishu flags` as an officer types it: findings, named bad rows, the list for re-visits and what came of it."""

from __future__ import annotations

import csv
import io
import json

import pyarrow.csv as pa_csv
import pytest
from click.testing import CliRunner

from dishu.cli import main
from dishu.worlds.visits import Plan, drive

PLAN = Plan(collectors=20, visits=30, shortcuts={"desk": 1, "lazy": 1})


def run(*args):
    done = CliRunner().invoke(main, ["flags", *map(str, args)])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture(scope="module")
def made():
    return drive(3, PLAN)


@pytest.fixture(scope="module")
def file(made, tmp_path_factory):
    path = tmp_path_factory.mktemp("visits") / "走访.csv"
    pa_csv.write_csv(made.visits.drop_columns(["_row"]), path)
    return path


def dirty(file, tmp_path, **cells):
    """The same file with some cells of its first row changed."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows[0] |= cells
    path = tmp_path / "走访.csv"
    with path.open("w", encoding="gb18030", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_findings_as_json(file, made):
    code, out, _ = run(file, "--json")
    found = json.loads(out)
    assert code == 0
    assert all(set(one) == {"flag", "subject", "evidence", "p_value", "q_value"} for one in found)
    assert {made.truth[one["subject"]] for one in found} == {"desk", "lazy"}
    assert {"impossible_travel", "too_fast", "copied_photo"} <= {one["flag"] for one in found}


def test_as_csv_and_as_a_table(file):
    assert next(csv.reader(io.StringIO(run(file, "--csv")[1]))) == ["flag", "subject", "evidence", "p_value", "q_value"]
    _, out, said = run(file)
    assert "两处相距太远" in out and "待核实" in out and "造假" not in out
    assert "没有查“截止前突击”：没有给出截止时间" in said


def test_the_same_again_is_the_same(file):
    assert run(file, "--json")[1] == run(file, "--json")[1]


def test_bad_rows_are_named_and_the_others_go_on(file, tmp_path):
    code, out, said = run(dirty(file, tmp_path, ended_at="2020-01-01 00:00", longitude="999"), "--json")
    assert code == 1 and json.loads(out)
    assert "第 2 行没有用：经度“999”不是经纬度，或超出范围" in said and "用了 599 条记录，1 行有误" in said


def test_only_some_flags_with_other_limits(file):
    assert json.loads(run(file, "--flag", "impossible_travel", "--set", "impossible_travel=99999", "--json")[1]) == []
    assert {one["flag"] for one in json.loads(run(file, "--flag", "too_fast", "copied_phone", "--json")[1])} == {
        "too_fast", "copied_phone",
    }  # fmt: skip


def test_nothing_conspicuous_is_said_with_what_it_does_not_mean(file):
    out = run(file, "--flag", "benford")[1]
    assert "不等于都属实" in out and "抽查" in out


def test_revisits_and_what_came_of_them(file, made, tmp_path):
    folder = tmp_path / "回访"
    assert run(file, "--revisits", folder, "--seed", "20261122")[0] == 0
    with (folder / "入选原因（不给回访人）.csv").open(encoding="utf-8") as stream:
        why = {row["采集员"]: row["入选"] for row in csv.DictReader(stream)}
    assert sorted(why.values()) == ["对照", "疑点"]
    with (folder / "回访名单.csv").open(encoding="utf-8") as stream:
        assert {row["采集员"] for row in csv.DictReader(stream)} == set(why)
    results = tmp_path / "结果.csv"
    lines = [f"{who},{'否' if made.truth[who] == 'honest' else '是'}" for who in why]
    results.write_text("\n".join(["采集员,有无需更正", *lines]), encoding="utf-8")
    code, out, _ = run(file, "--revisits", folder, "--results", results)
    assert code == 0 and "按疑点选的 1 人中 1 人有需更正的记录" in out and "随机选的 1 人中 0 人" in out


def test_kinds_of_collectors_from_a_file(file, made, tmp_path):
    kinds = tmp_path / "类别.csv"
    desk = [who for who, did in made.truth.items() if did == "desk"]
    lines = [f"{who},{'录入员' if who in desk else '网格员'}" for who in made.truth]
    kinds.write_text("\n".join(["采集员,采集员类别", *lines]), encoding="utf-8")
    found = json.loads(run(file, "--kinds", kinds, "--flag", "too_fast", "--json")[1])
    assert found == []  # beside their own kind they are not quick


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--deadline", "月底"], "截止时间“月底”认不出来"),
        (["--set", "guess=1"], "没有疑点检查 guess"),
        (["--set", "too_fast=-1"], "不能为负数"),
        (["--set", "too_fast.most=3"], "写法不对"),
        (["--coverage", "1.2"], "1.2"),
        (["--flag", "guess"], "guess"),
    ],
)
def test_wrong_calls_end_with_two_and_a_word(file, options, word):
    code, _, said = run(file, *options)
    assert code == 2 and word in said


def test_a_file_that_is_none(file, tmp_path):
    other = tmp_path / "别的.csv"
    other.write_text("名称,数量\n甲,1\n", encoding="utf-8")
    code, _, said = run(other)
    assert code == 2 and "缺少必需的栏目：visit_id（走访编号）、collector（采集员）" in said
