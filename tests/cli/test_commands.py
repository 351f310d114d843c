"""The commands as a county officer types them, on a place so small that every number can be counted on the fingers."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner
from smallworld import drawn

from dishu.cli import main

# Numbers of the made-up area 99, telephones 194, codes whose bodies belong to nobody.
UNITS = """
统一社会信用代码   | 企业名称           | 企业类型 | 行业代码 | 县（市、区） | 乡镇（街道） | 法定代表人 | 成立日期   | 从业人员 | 摸底情况 | 摸底日期   | 核实方式
91421303XXXXXXX19D | 随州市鑫源商贸有限公司 | 私营 | F52  | 曾都区 | 东城街道 | 甘甲 | 2015-03-01 | 12 | 已摸清 | 2026-09-01 | 上门
91421303XXXXXXX27C | 随州市远达机械有限公司 | 私营 | C34  | 曾都区 | 东城街道 | 甘乙 | 2016/5/2   | 80 | 不清   | 2026-09-02 | 电话
                   | 曾都区玉泉饭店         |      | H62  | 曾都区 | 西城街道 | 甘丙 | 2020.1.1   | 5  |        |            |
91421303XXXXXXX310 | 随州市错码有限公司     |      | F51  | 曾都区 | 西城街道 | 甘丁 | 2020-01-01 | 5  |        |            |
91421303XXXXXXX420 | 随州市国营粮油公司     | 国有控股 | F51 | 曾都区 | 西城街道 | 甘戊 | 1990-01-01 | 50 |   |            |
"""
MEMBERS = """
姓名   | 身份证号           | 党员类别 | 入党日期   | 工作单位               | 组织关系所在党组织   | 是否亮身份 | 亮身份日期
伍一   | 990000198002290019 | 正式党员 | 2001-07-01 | 随州市鑫源商贸有限公司 | 鑫源商贸党支部       | 是         | 2026-07-01
伍二   | 990000198103150020 | 正式党员 | 2002-07-01 | 鑫源商贸有限公司       | 鑫源商贸党支部       | 否         | 2026-07-01
伍三   | 990000198204160017 | 正式党员 | 2003-07-01 | 随州市鑫源商贸有限公司 | 鑫源商贸党支部       |            |
伍四   | 990000198305170011 | 预备党员 | 2026-05-01 | 玉泉饭店               |                      |            |
"""
ORGS = """
党组织名称     | 类别   | 隶属 | 县（市、区） | 乡镇（街道） | 成立日期   | 组建方式 | 覆盖单位
鑫源商贸党支部 | 党支部 | 企业 | 曾都区       | 东城街道     | 2018-01-01 | 单独组建 | 随州市鑫源商贸有限公司
"""


def roster(path, text, fixed=lambda rows: rows):
    rows = fixed(drawn(text))
    titles = [title.strip() for title in text.strip().splitlines()[0].split("|")]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, titles)
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def valid(rows):
    """The codes of the table with their check digits put right, except the one that must be wrong."""
    from dishu.standards import ids

    for row in rows:
        code = row.get("统一社会信用代码")
        if code and "错码" not in row["企业名称"]:
            row["统一社会信用代码"] = code[:17] + ids.credit_check(code[:17])
        if number := row.get("身份证号"):
            row["身份证号"] = number[:17] + ids.citizen_check(number[:17])
    return rows


@pytest.fixture(scope="module")
def typed(tmp_path_factory):
    """Runs a command; gives exit code, stdout and stderr."""
    key = tmp_path_factory.mktemp("key") / "key"

    def run(*args):
        done = CliRunner(env={"DISHU_KEY_FILE": str(key)}).invoke(main, [str(a) for a in args])
        return done.exit_code, done.stdout, done.stderr

    return run


def _letter(here):
    (here / "公文.yaml").write_text("发文字号: 曾组文〔2026〕3号\n抄送: 市委组织部\n", "utf-8")
    return here / "公文.yaml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, typed):
    here = tmp_path_factory.mktemp("county")
    files = [
        roster(here / "登记.csv", UNITS, valid),
        roster(here / "党员.csv", MEMBERS, valid),
        roster(here / "组织.csv", ORGS),
    ]
    code, out, said = typed("baseline", "--units", files[0], "--members", files[1], "--organizations", files[2],
                            "--day", "2026-10-31", "--out", here / "结果", "--letter", _letter(here))  # fmt: skip
    (here / "said.txt").write_text(f"{code}\n{out}\n{said}", "utf-8")
    return here


def test_baseline_prints_the_six_and_ends_with_1_because_a_row_came_back(folder):
    said = (folder / "said.txt").read_text("utf-8")
    assert said.startswith("1\n")
    assert "党组织和党员底数摸清" in said
    assert "退回 1 行" in said
    assert "没有党组织的有党员单位1户：" in said
    assert said.index("没有正式党员1户") < said.index("结果在")


def test_baseline_again_says_that_nothing_changed(folder, typed):
    code, out, said = typed("baseline", "--units", folder / "登记.csv", "--members", folder / "党员.csv", "--organizations",
                            folder / "组织.csv", "--day", "2026-10-31", "--out", folder / "结果",
                            "--letter", folder / "公文.yaml")  # fmt: skip
    assert (code, "结果没有变" in said, "退回 1 行" in said) == (1, True, True)
    assert "没有党组织的有党员单位1户：" in out


def test_the_letter_stands_on_the_word_report(folder):
    from docx import Document

    document = Document(folder / "结果/report.docx")
    assert "曾组文〔2026〕3号" in [p.text for p in document.paragraphs]
    assert document.tables[-1].cell(0, 0).text == "抄送：市委组织部。"


def test_the_page_shows_the_letter_that_can_be_read(typed):
    from dishu.engine.report.letter import EXAMPLE

    page = [line.strip() for line in typed("baseline", "--help")[1].splitlines()]
    assert [line for line in EXAMPLE.splitlines() if line not in page] == []


def test_a_letter_with_an_unknown_key_is_refused_before_anything_is_read(folder, typed, tmp_path):
    (tmp_path / "公文.yaml").write_text("收文机关: 市委", "utf-8")
    code, _, said = typed("baseline", "--units", folder / "登记.csv", "--day", "2026-10-31", "--out", tmp_path / "x",
                          "--letter", tmp_path / "公文.yaml")  # fmt: skip
    assert (code, (tmp_path / "x").exists()) == (2, False)
    assert "没有“收文机关”这一项" in said


def figure(typed, folder, code, *more):
    _, out, _ = typed("figures", folder / "结果", "--by", "county", "--indicator", code, "--json", *more)
    return {name: json.loads(out)[0][name] for name in ("total", "held", "failed", "unknown")}


# Three units are left: one known, one unclear, one nobody looked at. Three full members make the branch.
@pytest.mark.parametrize(
    ("code", "total", "held", "failed", "unknown"),
    [
        ("base_known", 3, 1, 1, 1),
        ("identity_shown", 4, 1, 1, 2),
        ("affiliation_held", 4, 3, 0, 1),
        ("single_formed", 1, 1, 0, 0),
        ("joint_formed", 1, 0, 1, 0),
        ("work_covered", 3, 1, 1, 1),
    ],
)
def test_figures(folder, typed, code, total, held, failed, unknown):
    assert figure(typed, folder, code) == dict(total=total, held=held, failed=failed, unknown=unknown)


def test_a_state_controlled_enterprise_is_no_part_of_the_non_public_sector(folder, typed):
    assert figure(typed, folder, "units") == dict(total=3, held=3, failed=0, unknown=0)
    assert "随州市国营粮油公司" in (folder / "结果/review/国有集体控股不计入.csv").read_text("utf-8")


def test_several_indicators_after_one_option_whatever_stands_first(folder, typed):
    codes = ["base_known", "units"]
    for args in (
        ("figures", folder / "结果", "--indicator", *codes),
        ("figures", "--indicator", *codes, folder / "结果"),
    ):
        _, out, _ = typed(*args, "--by", "county", "--json")
        assert [row["indicator"] for row in json.loads(out)] == codes


def test_rosters_may_be_parquet(folder, typed, tmp_path):
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pq

    pq.write_table(pa_csv.read_csv(folder / "登记.csv"), tmp_path / "登记.parquet")
    typed("baseline", "--units", tmp_path / "登记.parquet", "--day", "2026-10-31", "--out", tmp_path / "再")
    _, out, _ = typed("figures", tmp_path / "再", "--by", "county", "--indicator", "units", "base_known", "--json")
    assert [row["total"] for row in json.loads(out)] == [3, 3]


def test_figures_of_an_earlier_day(folder, typed):
    assert figure(typed, folder, "base_known", "--day", "2026-08-31") == dict(total=3, held=0, failed=0, unknown=3)


def test_rows_behind_a_number_name_the_unit_and_its_row_in_the_file(folder, typed):
    _, out, _ = typed(
        "rows", folder / "结果", "--indicator", "base_known", "--place", "421303", "--part", "failed", "--csv"
    )
    (row,) = csv.DictReader(io.StringIO(out))
    assert (row["名称"], row["情况"]) == ("随州市远达机械有限公司", "未达到")
    assert "登记.csv" in row["来源"] and "第3行" in row["来源"]


def test_rows_of_members_are_masked(folder, typed):
    _, out, _ = typed(
        "rows", folder / "结果", "--indicator", "identity_shown", "--place", "421303", "--part", "failed", "--csv"
    )
    (row,) = csv.DictReader(io.StringIO(out))
    assert row["姓名"] == "伍*"


def test_trend_by_month(folder, typed):
    _, out, _ = typed(
        "trend", folder / "结果", "--indicator", "base_known", "--place", "421303", "--months", "3", "--json"
    )
    assert [point["held"] for point in json.loads(out)] == [0, 0, 1, 1]


def test_table27_adds_up(folder, typed):
    code, out, said = typed("table27", folder / "结果", "--place", "421303", "--json")
    lines = {line["row_no"]: line["总数"] for line in json.loads(out)}
    assert (code, said) == (0, "")
    assert (lines[1], lines[5], lines[10], lines[11]) == (3, 1, 1, 1)


def test_check_finds_an_edition_sound_and_a_touched_one_not(folder, typed, tmp_path):
    import shutil

    assert typed("check", folder / "结果")[0] == 0
    shutil.copytree(folder / "结果/edition", tmp_path / "edition")
    file = next((tmp_path / "edition/facts/unit").glob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    code, out, _ = typed("check", tmp_path / "edition", "--csv")
    assert (code, "file_changed" in out) == (1, True)


def test_compare_says_who_changed_and_why(folder, typed, tmp_path):
    later = UNITS.replace("不清   | 2026-09-02", "已摸清 | 2026-10-30")
    units = roster(tmp_path / "登记.csv", later, valid)
    typed("baseline", "--units", units, "--members", folder / "党员.csv", "--organizations", folder / "组织.csv",
          "--day", "2026-11-30", "--out", tmp_path / "后")  # fmt: skip
    _, out, _ = typed("compare", folder / "结果", tmp_path / "后", "--indicator", "base_known", "--json")
    (row,) = json.loads(out)
    assert (row["change"], row["before"], row["after"]) == ("changed", "failed", "held")
    assert "摸底：不清→已摸清" in row["reason"]


def test_corrected_rows_can_be_sent_again(folder, typed, tmp_path):
    import openpyxl

    from dishu.standards import ids

    book = openpyxl.load_workbook(folder / "结果/rejected.xlsx")
    sheet = book.worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    cell = sheet.cell(2, titles.index("统一社会信用代码") + 1)
    cell.value = cell.value[:17] + ids.credit_check(cell.value[:17])
    book.save(tmp_path / "改好.xlsx")
    typed(
        "baseline",
        "--units",
        folder / "登记.csv",
        tmp_path / "改好.xlsx",
        "--day",
        "2026-10-31",
        "--out",
        tmp_path / "再",
    )
    _, out, _ = typed("figures", tmp_path / "再", "--by", "county", "--indicator", "units", "--json")
    assert json.loads(out)[0]["total"] == 4


def test_match_lists_pairs_and_leaves_out_all_others(folder, typed, tmp_path):
    left = tmp_path / "left.csv"
    left.write_text("姓名,身份证号\n伍一,990000198002290019\n路人,990000197001010018\n", "utf-8")
    right = tmp_path / "right.csv"
    right.write_text("姓名,身份证号\n伍 一,990000198002290019\n", "utf-8")
    code, _, _ = typed("match", left, right, "--kind", "person", "--out", tmp_path / "pairs.csv")
    pairs = list(csv.DictReader(io.StringIO((tmp_path / "pairs.csv").read_text("utf-8"))))
    assert code == 0
    assert [(p["left_id"], p["right_id"]) for p in pairs] == [("L1", "R1")]
    assert "路人" not in (tmp_path / "pairs.csv").read_text("utf-8")


def test_ids_judges_a_column(folder, typed):
    code, out, said = typed("ids", folder / "登记.csv", "--column", "统一社会信用代码", "--csv")
    assert code == 1
    assert "credit_code_check" in out
    assert "5 行，2 行不合规" in said


def test_the_rows_behind_a_figure_can_be_audited(folder, typed):
    args = ("sample", "draw", "--edition", folder / "结果", "--indicator", "members", "--place", "421303", "--json")
    code, out, said = typed(*args, "--part", "total")
    size = json.loads(out)["size"]
    assert (code, size > 0, "请先公布这一摘要" in said) == (0, True, True)
    code, out, _ = typed(*args, "--part", "total", "--seed", "7", "--number", size)
    assert (code, len(set(json.loads(out)))) == (0, size)


# what was typed, what is answered
WRONG = [
    (("figures", "不在", "--json"), "manifest.json"),
    (("rows", "{}", "--indicator", "nonsense", "--place", "421303"), "没有指标 nonsense"),
    (("rows", "{}", "--indicator", "base_known", "--place", "999999"), "没有代码为 999999 的地区"),
    (("figures", "{}", "--day", "1990-01-01"), "没有规定"),
    (("baseline", "--units", "{}/edition/manifest.json", "--day", "2026-10-31", "--out", "{}/x"), "没有可以统计的单位"),
]


@pytest.mark.parametrize(("args", "answer"), WRONG, ids=[" ".join(a[:1]) + "-" + b for a, b in WRONG])
def test_a_wrong_call_ends_with_2_and_one_line_that_says_why(folder, typed, args, answer):
    code, _, said = typed(*(arg.replace("{}", str(folder / "结果")) for arg in args))
    assert code == 2
    assert answer in said
    assert "Traceback" not in said


def test_files_that_cannot_be_read_or_written_are_said_in_one_line(folder, typed, tmp_path):
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04 cut off")
    (tmp_path / "文件").write_text("not a folder")
    units = folder / "登记.csv"
    for args, answer in [
        (("ids", tmp_path / "坏.xlsx", "--column", "身份证号"), "坏.xlsx"),
        (("match", tmp_path / "坏.xlsx", units, "--out", tmp_path / "p.csv"), "坏.xlsx"),
        (("baseline", "--units", units, "--day", "2026-10-31", "--out", tmp_path / "文件"), "不能覆盖"),
    ]:
        code, _, said = typed(*args)
        assert (code, answer in said, "Traceback" in said) == (2, True, False), said
