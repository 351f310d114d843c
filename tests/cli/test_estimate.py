"""`dishu estimate` as it is typed: the exact names for machines, ranges and doubts for people, refusals in one line."""

import csv
import io
import json
from datetime import date

import pyarrow as pa
import pytest
import smallworld
from click.testing import CliRunner

from dishu.cli import main
from dishu.engine import edition as editions
from dishu.engine.baseline.lists import Register

TWO = {"seen", "petersen", "total", "total_se", "lower", "upper", "missing", "missing_lower", "missing_upper",
       "coverage", "coverage_lower", "coverage_upper", "method", "warnings"}  # fmt: skip
MANY = {"seen", "models", "averaged", "envelope", "lower_bound", "shown", "warnings"}
CELLS = "老,新,访,count\n1,1,1,18\n1,1,0,40\n1,0,1,35\n0,1,1,30\n1,0,0,90\n0,1,0,70\n0,0,1,60\n"


def run(*args):
    done = CliRunner().invoke(main, ["estimate", *map(str, args)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def two(register, recount, both, *more):
    return run("two", "--register", register, "--recount", recount, "--both", both, *more)


@pytest.fixture
def cells(tmp_path):
    def write(text=CELLS):
        file = tmp_path / "组合.csv"
        file.write_text(text, "utf-8")
        return file

    return write


def test_two_lists_for_machines():
    code, out, _ = two(842, 180, 164, "--json")
    one = json.loads(out)
    assert (code, set(one)) == (0, TWO)
    assert [round(one[name]) for name in ("seen", "total", "lower", "upper", "missing")] == [858, 924, 896, 977, 82]


def test_two_lists_for_people_with_lists_counts_day_and_what_is_assumed():
    """All an estimate's screen must show: the estimate, its range, both counts, the lists, the day, the assumptions."""
    _, out, _ = two(842, 180, 164, "--day", "2026-10-31", "--names", "组织部", "走访")
    for words in ("组织部", "走访", "842 人", "180 人", "164 人", "2026-10-31", "91.1%", "86.0%—94.8%", "896—977 人",
                  "54—135 人", "前提", "下限性质", "比值比"):  # fmt: skip
        assert words in out, words


@pytest.mark.parametrize("form", ["--json", "--csv", "--day=2026-10-31"])
def test_where_nobody_was_missed_no_screen_and_no_export_claims_the_whole(form):
    _, out, _ = two(842, 60, 60, form)
    assert "100" not in out.replace("不能说 100%", "")
    assert "842—842" not in out
    if form == "--json":
        assert json.loads(out)["coverage_upper"] is None
        assert json.loads(out)["coverage_lower"] == pytest.approx(0.05 ** (1 / 60))


def test_too_few_people_are_said_and_no_total_is_shown():
    code, out, _ = two(10, 15, 5)
    assert (code, "暂不估计" in out, "28" in out) == (0, True, False)
    one = json.loads(two(10, 15, 5, "--json")[1])
    assert (one["petersen"], round(one["lower"]), round(one["upper"])) == (30, 22, 65)
    assert any("暂不估计" in warning for warning in one["warnings"])


def test_an_audit_missed_links_and_a_known_frame_are_taken_into_account():
    plain = json.loads(two(842, 180, 164, "--json")[1])
    mended = json.loads(two(842, 180, 164, "--audited", 100, 95, "--missed-links", 0.02, "--frame", 400, "--json")[1])
    assert mended["total"] < plain["total"]
    assert mended["coverage"] == pytest.approx(plain["coverage"] / 0.98)
    assert "属实率" in mended["method"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((10, 5, 7), "重合 7 人多于"),
        ((-1, 5, 7), "超出范围"),
        (("很多", 5, 7), "不是"),
        ((10, 5, 2.5), "不是"),
        ((10, 0, 0), "至少 1 人"),
        ((10, 5, 3, "--frame", 4), "大于名单总数"),
        ((10, 5, 3, "--audited", 5, 9), "人数不合"),
        ((10, 5, 3, "--audited", 0, 0), "人数不合"),
    ],
)
def test_counts_that_cannot_be_end_in_one_line(args, said):
    code, out, err = two(*args)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_several_lists_for_machines(cells):
    code, out, _ = run("lists", cells(), "--json")
    one = json.loads(out)
    assert (code, set(one), one["seen"]) == (0, MANY, 343)
    assert {tuple(model) for model in one["models"]} == {("formula", "total", "se", "deviance", "df", "aic")}
    assert {"老 + 新 + 访", "老 + 新 + 访 + 老:新"} <= {model["formula"] for model in one["models"]}
    assert one["shown"]["lower"] <= one["averaged"]["lower"] < one["averaged"]["total"] < one["shown"]["upper"]


def test_several_lists_for_people_show_the_range_and_no_model_alone(cells):
    _, out, _ = run("lists", cells(), "--day", "2026-10-31")
    for words in ("343 人", "2026-10-31", "估计应有约", "不要只报一个数", "下限性质", "前提", "老、新、访"):
        assert words in out, words
    assert "AIC" not in out


def test_several_lists_as_one_line_of_csv(cells):
    rows = list(csv.DictReader(io.StringIO(run("lists", cells(), "--csv")[1])))
    assert len(rows) == 1
    assert float(rows[0]["shown_lower"]) < float(rows[0]["averaged_total"])


def test_where_no_estimate_exists_nothing_is_shown_but_the_bound(cells):
    code, out, _ = run("lists", cells("a,b,c,count\n1,0,0,30\n0,1,0,20\n0,0,1,25\n0,0,0,9\n"), "--json")
    one = json.loads(out)
    assert (code, one["shown"], one["averaged"], one["envelope"], one["models"]) == (0, None, None, None, [])
    assert one["lower_bound"] > 75
    assert any("不采用" in warning for warning in one["warnings"])
    assert "估计应有" not in run("lists", cells("a,b,c,count\n1,0,0,30\n0,1,0,20\n0,0,1,25\n"))[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b,c,count\n1,0,0,-3\n0,1,1,4\n", "第 2 行人数是“-3”"),
        ("a,b,c,count\n1,0,7,3\n0,1,1,4\n", "第 2 行“c”是“7”"),
        ("a,b,c\n1,0,0\n0,1,1\n", "没有“count”"),
        ("", "组合.csv"),
    ],
)
def test_bad_tables_end_in_one_line(cells, text, said):
    code, out, err = run("lists", cells(text))
    assert (code, out) == (2, "")
    assert said in err


def test_nothing_asked_says_what_may_be():
    code, _, err = run()
    assert code == 2
    assert "--edition" in err


MEMBERS = "member | place\n" + "\n".join(f"{n} | 42130200{1 + n % 2}" for n in range(200))


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    """200 members in two townships; of three rosters each knows some, by the number's remainders."""
    out = tmp_path_factory.mktemp("result")
    tables = smallworld.tables(member=MEMBERS)
    editions.write(editions.by_county(tables), out / "edition", day=date(2007, 7, 31), moment="2007-08-01T00:00:00")
    knows = {"组织部.xlsx": lambda n: n % 3, "协会.csv": lambda n: n % 5 < 3, "走访.csv": lambda n: n % 7 < 3}
    rows = [{"member": n, "name": "甘*", "source_file": file, "source_sheet": "", "source_row": n}
            for file, known in knows.items() for n in range(200) if known(n)]  # fmt: skip
    Register({"member": pa.Table.from_pylist(rows)}).write(out / "register")
    return out


def test_two_rosters_of_an_edition(edition):
    one = json.loads(run("--edition", edition, "--lists", "组织部", "走访", "--json")[1])
    on = [
        sum(f(n) for n in range(200))
        for f in (lambda n: n % 3 > 0, lambda n: n % 7 < 3, lambda n: n % 3 > 0 and n % 7 < 3)
    ]
    assert set(one) == TWO
    assert one["petersen"] == pytest.approx(on[0] * on[1] / on[2])
    assert any("是否独立" in warning for warning in one["warnings"])


def test_two_rosters_by_township_add_up(edition):
    rows = json.loads(run("--edition", edition, "--lists", "组织部,走访", "--by", "township", "--json")[1])["places"]
    assert [row["name"] for row in rows] == ["东城", "西城", "合计"]
    assert rows[2]["total"] == pytest.approx(rows[0]["total"] + rows[1]["total"])
    code, out, _ = run("--edition", edition, "--lists", "组织部", "走访", "--by", "township")
    assert (code, "东城" in out, "2007-07-31" in out, "下限性质" in out) == (0, True, True, True)


def test_three_rosters_of_an_edition(edition):
    one = json.loads(run("--edition", edition, "--lists", "组织部", "协会", "走访", "--json")[1])
    assert set(one) == MANY
    assert one["seen"] == sum(bool(n % 3) or n % 5 < 3 or n % 7 < 3 for n in range(200))
    assert one["shown"]["lower"] < 200 < one["shown"]["upper"]


@pytest.mark.parametrize(
    ("args", "said"),
    [(("--lists", "组织部"), "至少要两份名单"), (("--lists", "组织部", "税务"), "没有哪份名册"),
     (("--lists", "组织部", "协会", "走访", "--by", "township"), "只用两份名单")],
)  # fmt: skip
def test_lists_an_edition_does_not_have_end_in_one_line(edition, args, said):
    code, out, err = run("--edition", edition, *args)
    assert (code, out, said in err) == (2, "", True)


PLACES = "地区,上级,在册,复核,重合\n东城,甲县,90,40,30\n西城,甲县,30,10,4\n应山,乙县,200,60,52\n"


def test_a_table_of_places(cells):
    rows = json.loads(run("places", cells(PLACES), "--json")[1])["places"]
    assert [row["name"] for row in rows] == ["东城、西城", "应山", "合计"]
    assert rows[2]["total"] == pytest.approx(rows[0]["total"] + rows[1]["total"])
    _, out, _ = run("places", cells(PLACES), "--day", "2026-10-31")
    for words in ("2026-10-31", "在册名单、独立复核", "合并估计", "下限性质", "前提"):
        assert words in out, words


def test_a_place_alone_with_too_few_people_shows_no_total(cells):
    _, out, _ = run("places", cells("地区,在册,复核,重合\n西城,30,10,4\n"))
    assert "暂不估计" in out
    assert "约" not in out.split("前提")[0].replace("大约", "")


def test_areas_drawn_by_lot(cells):
    table = cells("片区,复核,重合\n一,20,18\n二,30,28\n三,25,21\n四,40,37\n")
    one = json.loads(run("areas", table, "--register", 900, "--frame", 40, "--json")[1])
    assert [round(one[name]) for name in ("total", "lower", "upper", "missing")] == [995, 947, 1092, 95]
    assert "推算应有约 995 人（95% 区间 947—1,092 人）" in run("areas", table, "--register", 900, "--frame", 40)[1]


def test_areas_in_which_nobody_was_missed_give_a_bound(cells):
    table = cells("复核,重合\n20,20\n40,40\n")
    _, out, _ = run("areas", table, "--register", 900, "--frame", 40)
    assert "最多可能到 946 人" in out
    assert "应有约" not in out


@pytest.mark.parametrize(
    ("command", "text", "said"),
    [
        (["places"], "地区,在册,复核\n东城,90,40\n", "没有“重合”这一列"),
        (["places"], "地区,在册,复核,重合\n东城,90,-4,0\n", "第 2 行“复核”是“-4”"),
        (["places"], "地区,在册,复核,重合\n东城,90,40,41\n", "第 2 行重合 41 人多于"),
        (["areas", "--register", 9, "--frame", 9], "复核,重合,抽中机会\n4,3,7\n", "抽中机会是“7”"),
        (["areas", "--register", 9, "--frame", 9], "复核,重合\n4,3\n", "至少要抽两个片区"),
    ],
)
def test_bad_tables_of_counts_end_in_one_line(cells, command, text, said):
    code, out, err = run(*command, cells(text))
    assert (code, out) == (2, "")
    assert said in err
