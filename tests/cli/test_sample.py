"""An audit from the terminal, from the plan to the stop, as an office runs it."""

from __future__ import annotations

import csv
import json

import pytest
from click.testing import CliRunner

from dishu.cli import main

TERMS = ("--tolerance", "0.05", "--risk", "0.05")


def typed(*args):
    done = CliRunner().invoke(main, ["sample", *map(str, args)])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def frame(tmp_path):
    path = tmp_path / "名单.csv"
    path.write_text("编号,名称\n" + "".join(f"R{n:03},第{n}户\n" for n in range(842)), "utf-8")
    return path


def results(path, cells, header="结果"):
    path.write_text("\n".join([header, *cells]) + "\n", "utf-8")
    return path


def test_plan():
    code, out, said = typed("plan", "--size", 842, *TERMS, "--json")
    fixed = [{"errors": 0, "n": 56}, {"errors": 1, "n": 88}, {"errors": 2, "n": 116}]
    assert (code, json.loads(out)) == (0, {"unacceptable": 43, "fixed": fixed, "sequential_first_stop": 65})
    assert said == ""


def test_plan_for_people():
    code, out, said = typed("plan", "--size", 842, "--tolerance", "5%", "--risk", "0.05")
    assert (code, "842 条中有 43 条差错就不能接受" in out) == (0, True)
    assert "随机抽 56 条，如全部属实，可有 95% 把握说差错率低于 5%。" in said
    assert "最早到第 65 条可以停；先有 1 条差错，最早到第 113 条。" in said


def test_plan_of_a_list_too_short_to_sample():
    assert "请全部核查" in typed("plan", "--size", 10, *TERMS)[2]


def test_without_a_seed_only_the_hash_to_publish(frame):
    code, out, said = typed("draw", frame)
    assert (code, len(out.strip())) == (0, 64)
    assert "请先公布这一摘要" in said


def test_draw_is_the_same_from_shuffled_rows_and_a_prefix_of_the_larger(frame, tmp_path):
    head, *rows = frame.read_text("utf-8").splitlines()
    shuffled = tmp_path / "shuffled.csv"
    shuffled.write_text("\n".join([head, *sorted(rows, key=lambda row: row[::-1])]), "utf-8")
    args = ("--seed", "20261122", "--json", "--number")
    drawn = json.loads(typed("draw", frame, *args, 60)[1])
    assert (
        drawn
        == json.loads(typed("draw", shuffled, *args, 60)[1])
        == json.loads(typed("draw", frame, *args, 61)[1])[:60]
    )


def test_from_draw_over_the_sheet_to_the_pass(frame, tmp_path):
    sheet = tmp_path / "抽查表.csv"
    code, _, said = typed("draw", frame, "--seed", "20261122", "--number", 65, "--out", sheet)
    assert (code, "任何人可复算" in said) == (0, True)
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with sheet.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(row | {"结果": "1"} for row in rows)
    code, out, said = typed("assess", "--size", 842, *TERMS, sheet, "--frame", frame, "--seed", "20261122")
    assert (code, out.splitlines()) == (
        0,
        [
            "达到停止线，抽查通过（误判风险 ≤ 5%）。这不等于没有差错。",
            "到目前为止，有 95% 把握说全部 842 条中差错不超过 42 条（5%）。",
        ],
    )
    code, _, said = typed("assess", "--size", 842, *TERMS, sheet, "--frame", frame, "--seed", "1")
    assert (code, "抽中的记录不能换" in said) == (2, True)


@pytest.mark.parametrize(
    ("cells", "bad", "decision", "sentence"),
    [
        (
            ["0"] + ["1"] * 69,
            1,
            "continue",
            "已核 70 条，差错 1 条，误判风险现为 37%，未达 5% 的停止线，继续抽查。\n下一轮核到第 120 条。",
        ),
        (["1"] * 65, 0, "pass", "达到停止线，抽查通过（误判风险 ≤ 5%）。这不等于没有差错。"),
        (["0"] + ["1"] * 112, 1, "pass", "这不等于没有差错，已发现的 1 条须更正。"),
        (["0"] * 43, 43, "fail", "差错过多，不能确认上报数，转入全面核查。这不等于认定弄虚作假。"),
        (["1"] * 10 + ["0.5"], 0.5, "continue", "差错 0.5 条"),
    ],
    ids=["running", "clean", "one error", "failed", "half"],
)
def test_assess(tmp_path, cells, bad, decision, sentence):
    file = results(tmp_path / "r.csv", cells)
    code, out, said = typed("assess", "--size", 842, *TERMS, file, "--json")
    answer = json.loads(out)
    assert (code, list(answer)) == (0, ["n", "bad", "attained_risk", "decision"])
    assert (answer["n"], answer["bad"], answer["decision"]) == (len(cells), bad, decision)
    assert sentence in said


def test_english_headers_and_order(tmp_path):
    file = tmp_path / "r.csv"
    file.write_text("id,result\na,1\nb,0\nc,refused\n", "utf-8")
    code, out, said = typed("assess", "--size", 842, *TERMS, file, "--json")
    assert (code, json.loads(out)["bad"]) == (0, 2)
    assert "refused：1 条，证实以前按差错计（第4行）" in said


def test_inspectors_are_drawn_by_the_same_seed_and_stay_out_of_their_own_place(tmp_path):
    frame, people = tmp_path / "f.csv", tmp_path / "p.csv"
    frame.write_text("编号,所在地,登记人\n" + "".join(f"R{n},{'甲乙'[n % 2]}镇,李\n" for n in range(40)), "utf-8")
    people.write_text("姓名,所在地,上限\n张,甲镇,20\n李,乙镇,\n王,,20\n", "utf-8")
    args = ("draw", frame, "--seed", "7", "--number", 30, "--inspectors", people)
    rows = json.loads(typed(*args, "--json")[1])
    assert len(rows) == 30
    assert {row["inspector"] for row in rows} == {"张", "王"}  # 李 registered them all
    assert all(int(row["id"][1:]) % 2 == 1 for row in rows if row["inspector"] == "张")
    typed(*args, "--out", tmp_path / "s.csv")
    with (tmp_path / "s.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [(row["编号"], row["核查人"]) for row in csv.DictReader(stream)] == [
            (r["id"], r["inspector"]) for r in rows
        ]


WRONG = [
    ("plan --size 0 --tolerance 0.05 --risk 0.05", "--size"),
    ("plan --size 842 --tolerance 5 --risk 0.05", "容许差错率是 5：应大于 0、小于 1，例如 0.05"),
    ("plan --size 842 --tolerance 0.05 --risk 五", "误判风险“五”不是数"),
    ("draw 名单.csv --seed 1", "没有写抽几条"),
    ("draw 名单.csv --seed 1 --number 900", "要抽 900 条，名单有 842 条"),
    ("draw 名单.csv --seed 1 --number 9 --frame-hash 00ff", "名单与公布的摘要不符"),
    ("draw 名单.csv --seed 1 --number 9 --column 代码", "没有“代码”这一列；现有：编号、名称"),
    ("draw --seed 1 --number 9", "写一个名单文件，或者用 --edition"),
    ("draw --edition 结果 --seed 1", "要同时写 --edition、--indicator 和 --place"),
    ("draw 名单.csv --seed 1 --number 9 --inspectors 人.csv", "第2行的上限“多”不是整数"),
    ("draw 重复.csv --seed 1 --number 1", "“a”重复（第2、3行）"),
    ("assess --size 842 --tolerance 0.05 --risk 0.05 分数.csv", "第3行“7”"),
    ("assess --size 1 --tolerance 0.05 --risk 0.05 长.csv", "结果有 2 条，多于总数 1 条"),
    ("assess --size 842 --tolerance 0.05 --risk 0.05 长.csv --seed 1", "要同时写 --frame 和 --seed"),
]


@pytest.mark.parametrize(("call", "said"), WRONG, ids=[call for call, _ in WRONG])
def test_what_cannot_be_done_is_said_in_chinese(frame, tmp_path, monkeypatch, call, said):
    (tmp_path / "重复.csv").write_text("编号\na\na\nb\n", "utf-8")
    (tmp_path / "人.csv").write_text("姓名,上限\n张,多\n", "utf-8")
    results(tmp_path / "分数.csv", ["1", "7"])
    results(tmp_path / "长.csv", ["1", "1"])
    monkeypatch.chdir(tmp_path)
    code, _, heard = typed(*call.split())
    assert code == 2
    assert said in heard


def test_results_without_a_heading_are_refused(tmp_path):
    code, _, said = typed("assess", "--size", 842, *TERMS, results(tmp_path / "r.csv", ["0", "1"], header="1"))
    assert (code, "第一行应是列名" in said) == (2, True)
