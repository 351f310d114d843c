"""Suizhou 2007 at full size: dirty rosters in, the figures of the speech out, counted and never typed."""

from __future__ import annotations

import csv
import zipfile
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from dishu import worlds
from dishu.cli.demo import job_of
from dishu.engine import checking, comparing
from dishu.engine.baseline import OutTaken, already, outputs, run

CITY, ZENGDU, GUANGSHUI = "4213", "421302", "421381"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return worlds.make("suizhou-2007", tmp_path_factory.mktemp("suizhou") / "rosters")


@pytest.fixture(scope="module")
def job(place):
    return job_of(place, place.parent / "result")


@pytest.fixture(scope="module")
def done(job):
    said = []
    edition, found = run(job, said.append, outputs.write)
    return edition, found, said


@pytest.fixture(scope="module")
def figure(done):
    edition, _, _ = done
    sealed = {(r["indicator"], r["place"]): r for r in edition.sealed_figures().to_pylist()}
    return lambda code, place=CITY: sealed[code, place]


def parts(row):
    return tuple(row[name] for name in ("total", "held", "failed", "unknown"))


# What the speech says, and where it says it: 全市非公有制企业党建工作座谈会 2007 [T].
SPEECH = [
    ("从业人员64492人", "employees", 64_492, 64_492),
    ("资产总量58.72亿元", "assets", 5_872_000_000, 5_872_000_000),
    ("营业金额142.98亿元", "turnover", 14_298_000_000, 14_298_000_000),
    ("已经掌握的党员4056名", "members", 4_056, 4_056),
    ("党员占从业人员6.3%", "members_of_employees", 64_492, 4_056),
    ("在61家规模以上企业中建立，占年初计划的98.4%", "plan_progress", 62, 61),
    ("加上新增9户：61/71", "plan_progress_qualifying", 71, 61),
    ("新增加9户没有党组织的规模以上企业", "newcomers_formed", 9, 0),
    ("新建的近40%只有3名左右党员", "new_branches_at_risk", 61, 24),
]


@pytest.mark.parametrize(("said", "code", "total", "held"), SPEECH, ids=[row[0] for row in SPEECH])
def test_the_speech_comes_out_of_the_rosters(figure, said, code, total, held):
    row = figure(code)
    assert (row["total"], row["held"]) == (total, held)


def test_single_organizations_are_123_and_under_a_tenth(figure):
    row = figure("single_orgs_of_units")
    assert row["held"] == 123
    assert row["share"] < 0.10


@pytest.mark.parametrize(("code", "share"), [("members_of_employees", 0.063), ("plan_progress", 0.984)])
def test_shares_round_to_those_of_the_speech(figure, code, share):
    assert round(figure(code)["share"], 3) == share


def test_every_figure_of_every_place_is_the_true_one(done, place):
    edition, _, _ = done
    counted = {(r["indicator"], r["place"]): parts(r) for r in edition.sealed_figures().to_pylist()}
    with (place / "truth/figures.csv").open(encoding="utf-8") as stream:
        true = {(r["indicator"], r["place"]): tuple(int(r[n]) for n in ("total", "held", "failed", "unknown"))
                for r in csv.DictReader(stream) if int(r["total"])}  # fmt: skip
    assert len(true) > 1_000
    assert {key: counted.get(key) for key in true} == true


def test_the_borders_are_those_of_2007(figure):
    assert figure("units", ZENGDU)["name"] == "曾都区"
    assert figure("units", ZENGDU)["total"] + figure("units", GUANGSHUI)["total"] == figure("units")["total"]


def test_the_edition_is_sound_and_equal_to_itself(done):
    edition, _, _ = done
    assert checking.check(edition) == []
    assert comparing.compare(edition, edition).num_rows == 0


def test_an_edition_knows_the_rules_it_rests_on(done):
    edition, _, _ = done
    rules = {rule["rule"]: rule["value"] for rule in edition.manifest["rules"]}
    assert rules["designated_size_industry_wan"] == "500"
    assert rules["branch_min_full_members"] == "3"
    assert "six_100_deadline" not in rules  # came in 2011


def test_nothing_of_people_who_are_no_members_is_left_anywhere(done, job, place):
    with (place / "truth/strangers.csv").open(encoding="utf-8") as stream:
        strangers = list(csv.DictReader(stream))
    assert len(strangers) > 900
    written = "\n".join([*done[2], *(_text(path) for path in sorted(job.out.rglob("*")) if path.is_file())])
    marks = [s[name] for s in strangers for name in ("citizen_id", "phone") if s[name]]
    marks += [s["name"] for s in strangers if s["name_of_nobody_else"] == "1" and len(s["name"]) > 2]
    assert [mark for mark in marks if mark in written] == []


def test_no_name_and_no_number_of_a_member_is_in_the_edition(done, job, place):
    with (place / "truth/members.csv").open(encoding="utf-8") as stream:
        members = list(csv.DictReader(stream))
    written = "\n".join(_text(path) for path in sorted((job.out / "edition").rglob("*")) if path.is_file())
    assert [m["citizen_id"] for m in members if m["citizen_id"] in written] == []


def _text(path: Path) -> str:
    """All text of a file, unpacked where it is packed."""
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return str(pq.read_table(path).to_pydict())
    if path.suffix == ".arrow":
        import pyarrow as pa

        return str(pa.ipc.open_file(path).read_all().to_pydict())
    if path.suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(path) as packed:
            return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    return path.read_text("utf-8")


def test_no_row_is_lost(done):
    _, found, _ = done
    for source in found.gathered.sources().to_pylist():
        assert source["rows"] == source["good"] + source["refused"], source


def test_the_same_rosters_again_change_nothing(done, job):
    edition, _, _ = done
    before = {path: path.stat().st_mtime_ns for path in job.out.rglob("*")}
    assert already(job).manifest == edition.manifest
    assert {path: path.stat().st_mtime_ns for path in job.out.rglob("*")} == before


def test_the_same_rosters_elsewhere_give_the_same_edition(done, job, place, tmp_path):
    edition, _, _ = done
    again, _ = run(job_of(place, tmp_path / "again"), lambda _: None, lambda *_: None)
    assert again.manifest["contents"] == edition.manifest["contents"]


def test_a_folder_with_something_else_is_not_touched(job, place, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutTaken, match="不能覆盖"):
        already(job_of(place, tmp_path))
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_run_stopped_in_the_middle_leaves_nothing_half_done(job, place, tmp_path):
    def stop(*_):
        raise KeyboardInterrupt

    broken = job_of(place, tmp_path / "result")
    with pytest.raises(KeyboardInterrupt):
        run(broken, lambda _: None, stop)
    assert not broken.out.exists()
    run(broken, lambda _: None, lambda *_: None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["result"]


def test_refused_rows_come_back_with_reasons_and_without_other_peoples_data(done, job):
    book = openpyxl.load_workbook(job.out / "rejected.xlsx", read_only=True)
    rows = [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
    reasons = Counter(str(row[0]).split("：")[0][:1] for row in rows if row and row[0])
    assert reasons["第"] == done[1].gathered.refused_rows()
    book.close()


@pytest.mark.parametrize(
    "name", ["report.xlsx", "report.docx", "figures.csv", "rejected.xlsx", "rows/newcomers_formed.csv"]
)
def test_everything_promised_is_there(done, job, name):
    assert (job.out / name).stat().st_size > 0


def test_the_list_behind_a_number_has_as_many_rows(done, job, figure):
    with (job.out / "rows/single_formed.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == figure("single_formed")["failed"] + figure("single_formed")["unknown"]
    assert all(row["名称"] and row["来源"] for row in rows)
