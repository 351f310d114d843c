"""`dishu plan` as it is typed: files in, a plan out that keeps the rules; the same again is the same; wrong calls are answered."""

from __future__ import annotations

import csv
import json

import pytest
from click.testing import CliRunner

from dishu.cli import main
from dishu.worlds import planning

DAY = ("--day", "2026-10-31")


def typed(*args):
    done = CliRunner().invoke(main, [str(a) for a in args])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("county")
    return planning.write(*planning.county(150, seed=1), folder)


@pytest.fixture(scope="module")
def made(county, tmp_path_factory):
    out = tmp_path_factory.mktemp("plan") / "方案"
    said = typed("plan", county[0], "--orgs", county[1], "--out", out, "--seconds", 5, *DAY, "--json")
    return out, said


def rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_each_unit_stands_once_and_each_branch_keeps_the_rules(made, county):
    units = {row["unit_id"]: row for row in rows(county[0])}
    groups = {}
    for row in rows(made[0] / "groups.csv"):
        groups.setdefault((row["group_id"], row["kind"], row["lead_unit"], row["host_org"]), []).append(
            units.pop(row["unit_id"])
        )
    assert units == {}
    for (_, kind, lead, host), inside in groups.items():
        if kind == "joint":
            assert sum(int(u["members"]) for u in inside) >= 3
            assert len(inside) <= 8
            assert len({u["committee"] for u in inside}) == 1
            assert lead in {u["unit_id"] for u in inside}
        else:
            assert bool(host) == (kind == "attached")


def test_what_is_printed_and_what_is_written(made):
    out, (code, said, progress) = made
    assert code == 0
    [summary] = json.loads(said)
    assert summary["核对不符"] == 0
    assert "独立核对无不符" in progress
    written = json.loads((out / "plan.json").read_text("utf-8"))
    assert set(written) == {"objective", "lower_bound", "gap", "seconds", "violations"}
    assert written["violations"] == 0
    assert 0 <= written["gap"] <= 0.05
    assert written["lower_bound"] <= written["objective"] == summary["综合代价（公里）"]
    assert {path.name for path in out.iterdir()} == {
        "groups.csv", "plan.json", "reasons.csv", "exceptions.csv", "changes.csv", "rows.csv", "markets.csv", "run.json"}  # fmt: skip


def test_the_most_arguable_stand_first(made):
    regrets = [float(row["regret"]) for row in rows(made[0] / "reasons.csv")]
    assert regrets == sorted(regrets)


def test_the_same_again_elsewhere_is_the_same_plan(made, county, tmp_path):
    typed("plan", county[0], "--orgs", county[1], "--out", tmp_path / "b", "--seconds", 5, *DAY)
    assert (tmp_path / "b/groups.csv").read_bytes() == (made[0] / "groups.csv").read_bytes()


def test_the_same_again_in_place_says_so_and_another_is_refused(made, county):
    call = ("plan", county[0], "--orgs", county[1], "--out", made[0], *DAY)
    assert "结果没有变" in typed(*call, "--seconds", 5)[2]
    code, _, said = typed(*call, "--seconds", 5, "--seed", 9)
    assert (code, "换一个输出文件夹" in said) == (2, True)


def test_from_a_plan_before_with_a_lock_only_what_must_changes(made, county, tmp_path):
    joint = [row for row in rows(made[0] / "groups.csv") if row["kind"] == "joint"]
    one = joint[0]
    (tmp_path / "locks.yaml").write_text(f"分开: [[{one['unit_id']}, {one['lead_unit']}]]" if one["unit_id"] != one["lead_unit"]
                                         else f"分开: [[{one['unit_id']}, {joint[1]['unit_id']}]]", "utf-8")  # fmt: skip
    code, _, said = typed("plan", county[0], "--orgs", county[1], "--out", tmp_path / "b", "--before", made[0], "--locks",
                          tmp_path / "locks.yaml", *DAY)  # fmt: skip
    assert code == 0, said
    assert "与以前的方案比" in said
    assert len(rows(tmp_path / "b/changes.csv")) < 75


def test_a_bad_row_is_named_and_ends_with_1(county, tmp_path):
    units = tmp_path / "units.csv"
    units.write_text(
        county[0].read_text("utf-8") + "bad,0,0,990101001001,,F,两个,,,,,\nbig,0,0,990101001001,,F,4,4,,,,\n", "utf-8"
    )
    code, _, said = typed("plan", units, "--out", tmp_path / "out", "--seconds", 5, *DAY)
    assert code == 1
    assert "写的是“两个”" in said
    assert [(row["id"], row["what"]) for row in rows(tmp_path / "out/rows.csv")] == [
        ("bad", "refused"),
        ("big", "aside"),
    ]


@pytest.mark.parametrize(
    ("args", "word"),
    [
        ((), "没有写小单位的名册"),
        (("{units}", "--place", "42"), "--place 只和 --edition 同用"),
        (("{units}", "--edition", "x"), "两样选一样"),
        (("{orgs}",), "缺少列：unit_id"),
        (("{units}", "--before", "{here}"), "没有完整的方案"),
        (("--edition", "{here}"), "不是版次文件夹"),
    ],
)
def test_wrong_calls_are_answered(county, tmp_path, args, word):
    names = {"units": county[0], "orgs": county[1], "here": tmp_path}
    code, _, said = typed("plan", *(a.format(**names) for a in args), "--out", tmp_path / "out", *DAY)
    assert code == 2
    assert word in said


def test_the_usual_prices_are_printed_to_be_changed():
    code, out, _ = typed("plan", "--print-prices")
    assert code == 0
    assert "新建支部: 3.0" in out
