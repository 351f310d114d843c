"""Units, organizations, prices and locks as people write them: what can be planned goes on, each other row is named."""

import csv
import json
from dataclasses import replace
from datetime import date
from math import hypot

import pytest
from plainplan import solve
from smallworld import drawn

from dishu.engine.intake import FileRefused
from dishu.engine.plan import files, job, outputs, settings
from dishu.engine.plan.model import Limits, Locks, Prices
from dishu.worlds import planning

NOW = date(2026, 1, 1)
CLEAN = """
unit_id | x   | y  | place | market | industry | members
u1      | 0   | 0  | T1    |        | F52      | 1
u2      | 100 | 0  | T1    | 布市   | 批发和零售业 | 2
u3      | 200 | 50 | T1    | 布市   | 卖鱼     | 1
"""


def table(folder, text, name="UNITS.csv"):
    titles = [title.strip() for title in text.strip().splitlines()[0].split("|")]
    with (folder / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, titles)
        writer.writeheader()
        writer.writerows(drawn(text))
    return folder / name


def taken(folder, units, hosts=None):
    return files.read(table(folder, units), table(folder, hosts, "ORGS.csv") if hosts else None, NOW)


def test_units_of_the_contract(tmp_path):
    found = taken(tmp_path, CLEAN)
    assert [(u.unit_id, u.x, u.committee, u.market, u.industry, u.full, u.members) for u in found.units] == [
        ("u1", 0, "T1", None, "F", 1, 1),
        ("u2", 100, "T1", "布市", "F", 2, 2),
        ("u3", 200, "T1", "布市", "卖鱼", 1, 1),
    ]
    assert found.remarks == ()


def test_chinese_titles_and_all_the_columns_there_may_be(tmp_path):
    one = taken(tmp_path, """
    单位编号 | 名称 | 横坐标 | 纵坐标 | 地区 | 上级党委 | 行业 | 正式党员 | 党员 | 现属支部 | 书记所在单位
    甲 | 鑫源商贸 | 1,200.5米 | 0 | 东街 | 城关镇党委 | F | ２ | 3名 | 布市支部 | 是
    """)  # fmt: skip
    [unit] = one.units
    assert (unit.x, unit.committee, unit.full, unit.members, unit.branch, unit.secretary) == (
        1200.5,
        "城关镇党委",
        2,
        3,
        "布市支部",
        True,
    )
    assert one.names == {"甲": "鑫源商贸"}


@pytest.mark.parametrize(
    ("row", "what", "word"),
    [
        ("u9 | 0 | 0 | T1 | | F | 3", "aside", "应当单独建立党支部"),
        ("u9 | 0 | 0 | T1 | | F | 0", "aside", "没有党员"),
        ("u9 | 0 | 0 | T1 | | F | 两个", "refused", "写的是“两个”"),
        ("u9 | 0 | 0 | T1 | | F | -1", "refused", "-1"),
        ("u9 | 0 | 0 | T1 | | F | 1.5", "refused", "1.5"),
        ("u9 | 0 | 0 | T1 | | F | ", "refused", "正式党员数"),
        ("u1 | 0 | 0 | T1 | | F | 1", "refused", "第2行"),
        ("   | 0 | 0 | T1 | | F | 1", "refused", "没有编号"),
        ("u9 | 0 | 0 | | | F | 1", "refused", "没有写地区"),
        ("u9 | | | T9 | | F | 1", "refused", "没有坐标"),
        ("u9 | | | T1 | | F | 1", "warned", "可信度低"),
        ("u9 | 东边 | 0 | T1 | | F | 1", "warned", "“东边，0”不是数"),
    ],
)
def test_a_row_that_is_not_right_is_named_and_the_good_ones_go_on(tmp_path, row, what, word):
    found = taken(tmp_path, CLEAN + row)
    assert {"u1", "u2", "u3"} <= {u.unit_id for u in found.units}
    assert what in [r.what for r in found.remarks]
    assert any(word in r.text and r.row == 5 for r in found.remarks)


def test_missing_coordinates_come_from_the_market_then_the_place(tmp_path):
    found = taken(tmp_path, CLEAN + "u8 | | | T1 | 布市 | F | 1\nu9 | | | T1 | | F | 1")
    at = {u.unit_id: (u.x, u.y, u.located) for u in found.units}
    assert at["u8"] == (150, 25, False)
    assert at["u9"][:2] == (pytest.approx(100), pytest.approx(50 / 3))
    assert at["u1"][2]


def test_degrees_become_metres(tmp_path):
    found = taken(tmp_path, "unit_id|经度|纬度|place|members\na|113.3825|31.6901|T1|1\nb|113.3930|31.6901|T1|1")
    a, b = found.units
    assert hypot(a.x - b.x, a.y - b.y) == pytest.approx(994, abs=5)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("unit_id|place|members\na|T1|1", "x、y（米）或经度、纬度"),
        ("unit_id|x|y|members\na|0|0|1", "place（地区）"),
        ("unit_id|x|y|place|members\n", "一行也没有"),
        ("unit_id|x|y|place|members\na|113.3825|31.6901|T1|1", "像是经纬度"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(tmp_path, text, word):
    with pytest.raises((ValueError, FileRefused), match=word):
        taken(tmp_path, text)


ORGS = """
org_id | x | y | place | market | kind | members | units
v      | 9 | 9 | T1    |        | 村     | 30      | 1
s      | 9 | 9 | T1    |        | 商会   | 60      |
k      | 9 | 9 | T1    |        | 俱乐部 | 3       | 0
m      |   |   | T1    | 布市   | market | 8       | 0
"""


def test_hosts_have_the_room_that_is_left(tmp_path):
    found = taken(tmp_path, CLEAN, ORGS)
    assert [(h.org_id, h.kind, h.committee, h.room_members, h.room_units, h.x) for h in found.hosts] == [
        ("v", "village", "T1", 20, 3, 9),
        ("s", "association", None, 0, 10, 9),
        ("m", "market", "T1", 42, 10, 150),
    ]
    assert [(r.id, r.what) for r in found.remarks] == [("k", "refused"), ("m", "warned")]


def test_those_attached_today_may_come_again(tmp_path):
    units = "unit_id | x | y | place | members | host\nu1 | 0 | 0 | T1 | 1 | v\nu2 | 5 | 0 | T1 | 2 |"
    [v] = [h for h in taken(tmp_path, units, ORGS).hosts if h.org_id == "v"]
    assert (v.room_members, v.room_units) == (21, 4)


def test_one_secretary_a_branch(tmp_path):
    text = "unit_id|x|y|place|members|branch|secretary\na|0|0|T1|1|b1|是\nb|0|0|T1|1|b1|是\nc|0|0|T1|1||是\nd|0|0|T1|1|b1|或许"
    found = taken(tmp_path, text)
    assert [u.secretary for u in found.units] == [True, False, False, False]
    assert [(r.id, r.what) for r in found.remarks] == [("d", "warned"), ("b", "warned")]


def test_a_made_up_county_comes_back_as_it_was(tmp_path):
    units, hosts = planning.county(300, seed=2)
    found = files.read(*planning.write(units, hosts, tmp_path), NOW)
    assert (list(found.units), list(found.hosts), found.remarks) == (units, hosts, ())


# Prices, limits, locks.


def yaml(folder, text):
    (folder / "设置.yaml").write_text(text, "utf-8")
    return folder / "设置.yaml"


def test_the_preset_reads_as_itself(tmp_path):
    assert settings.read_prices(yaml(tmp_path, settings.preset()), Limits(), Prices()) == (Prices(), Limits())


def test_what_is_written_changes_the_rest_stays(tmp_path):
    text = "变动: 3\n挂靠: {村社区: {起步: 2}}\n上限: {一般单位数: 6}\nmax_km: 8"
    prices, limits = settings.read_prices(yaml(tmp_path, text), Limits(), Prices())
    assert (prices.moved, prices.max_km, prices.attach["village"].base, prices.attach["village"].per_km) == (3, 8, 2, 1)
    assert prices.new_branch == Prices().new_branch
    assert limits == Limits(usual_units=6)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("变动费: 1", "“变动费”不认识；可以写：变动"),
        ("变动: -1", "“变动”应是不小于0的数"),
        ("变动: 很多", "现在写的是 很多"),
        ("变动：1", "一行一条"),
        ("变动: [1", "第1行附近"),
        ("挂靠: 1", "各写一行"),
        ("挂靠: {学校: {起步: 1}}", "学校"),
        ("上限: {一般单位数: 9}", "大于最多单位数8"),
        ("上限: {最多党员数: 0}", "不小于1"),
        ("上限: {least_full: 2}", "不认识"),  # three full members are no setting
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(tmp_path, text, word):
    with pytest.raises(ValueError, match=word):
        settings.read_prices(yaml(tmp_path, text), Limits(), Prices())


UNITS_OF_LOCKS = {"a": "b1", "b": None, "c": None}


def test_locks(tmp_path):
    text = "在一起: [[b, c]]\n分开: [[a, b]]\n挂靠: {c: v}\n保持: [b1]"
    found = settings.read_locks(yaml(tmp_path, text), UNITS_OF_LOCKS, {"v"})
    assert found == Locks((frozenset("bc"),), (frozenset("ab"),), {"c": "v"}, frozenset({"b1"}))


@pytest.mark.parametrize(
    ("text", "word"),
    [("在一起: [[a, z]]", "单位z"), ("挂靠: {a: w}", "党组织w"), ("保持: [b9]", "b9"), ("分开: [a, b]", "应写成"),
     ("在一起: [[a, b]]\n分开: [[a, b]]", "又在一起又分开")],
)  # fmt: skip
def test_locks_that_cannot_hold_are_refused(tmp_path, text, word):
    with pytest.raises(ValueError, match=word):
        settings.read_locks(yaml(tmp_path, text), UNITS_OF_LOCKS, {"v"})


# From beginning to end, with a plain solver.


def task(folder, n=60, **more):
    units, hosts = planning.county(n, seed=1)
    return job.Task(files.read(*planning.write(units, hosts, folder), NOW), NOW, Prices(), Limits(), **more)


def test_a_plan_is_written_whole(tmp_path):
    one = task(tmp_path)
    made = job.make(one, solve)
    outputs.write(made, tmp_path / "out", 1.5)
    with (tmp_path / "out/groups.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["group_id", "unit_id", "kind", "lead_unit", "host_org", "reason"]
    assert sorted(row["unit_id"] for row in rows) == sorted(u.unit_id for u in one.taken.units)
    assert all(row["reason"] for row in rows)
    assert set(json.loads((tmp_path / "out/plan.json").read_text("utf-8"))) == {
        "objective", "lower_bound", "gap", "seconds", "violations"}  # fmt: skip
    assert job.already(one, tmp_path / "out")
    assert outputs.earlier(tmp_path / "out").groups == made.scheme.groups


def test_a_plan_the_checker_does_not_agree_with_is_not_published(tmp_path):
    def dishonest(*args, **more):
        return replace(solve(*args, **more), objective=1.0)

    with pytest.raises(job.PlanWrong, match="未发布"):
        job.make(task(tmp_path), dishonest)


def test_what_is_written_is_checked_again_as_it_stands_there(tmp_path):
    made = job.make(task(tmp_path), solve)
    assert made.violations == 0
    lost = replace(made, explained=replace(made.explained, units=made.explained.units[1:]))
    with pytest.raises(job.PlanWrong, match="没有着落"):
        outputs.write(lost, tmp_path / "out", 1.0)
    assert not (tmp_path / "out").exists()


def test_another_task_does_not_overwrite(tmp_path):
    outputs.write(job.make(task(tmp_path), solve), tmp_path / "out", 1.0)
    with pytest.raises(job.OutTaken):
        job.already(task(tmp_path, seed=2), tmp_path / "out")


def test_stopped_while_writing_nothing_is_there(tmp_path):
    broken = replace(job.make(task(tmp_path), solve), speech=None)
    with pytest.raises(AttributeError):
        outputs.write(broken, tmp_path / "out", 1.0)
    assert not (tmp_path / "out").exists()


def test_what_changes_is_told_against_the_plan_before_else_against_today(tmp_path):
    one = task(tmp_path)
    made = job.make(one, solve)
    assert len(outputs.changes(made).dissolved) == len({u.branch for u in one.taken.units if u.branch})
    first, *rest = made.scheme.groups
    before = replace(made.scheme, groups=(replace(first, group_id="old"), *rest))
    found = outputs.changes(job.make(replace(one, before=before), solve))
    assert [(move.unit_id, move.before) for move in found.moved] == [(unit, "old") for unit in sorted(first.units)]


def test_nothing_to_plan_is_said(tmp_path):
    empty = files.Taken((), ())
    with pytest.raises(ValueError, match="一个也没有"):
        job.make(job.Task(empty, NOW, Prices(), Limits()), solve)
